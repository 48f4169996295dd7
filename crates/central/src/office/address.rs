//! Another e-mail address for an account whose owner reads neither the old mailbox nor the verified phone, and whom the
//! office has identified.
//!
//! A password is bound to the address (OPAQUE has it as the name of the account), so the old one opens nothing any more. That
//! is wanted, since nobody knows who knows it: the owner sets another one by the new mailbox. It is forgotten, too, or it would
//! open the account again with the old address; and the phone has to be verified anew, since whoever holds the lost one could
//! set a password by it.

use prakerja_domain::email::Email;
use prakerja_protocol::account::Language;
use serde::Deserialize;
use uuid::Uuid;

use super::{OfficeError, cases};
use crate::accounts::{NEWS_MS, end_all, pending};
use crate::db::Id;
use crate::notifier::{Mail, texts};
use crate::phone;
use crate::registration::case::Case;
use crate::state::Central;
use crate::sync::Change;

/// Why an account gets another address. A word and no sentence: the audit log must not have an address in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum AddressReason {
    /// The owner has lost mailbox and phone.
    Lost,
    /// Somebody else reads the mailbox.
    TakenOver,
    /// Something else, which stands in the case's papers.
    Other,
}

impl AddressReason {
    /// The word in the audit log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::TakenOver => "taken_over",
            Self::Other => "other",
        }
    }
}

/// Enters another address. What was opened or begun under the old one is over, and both mailboxes are told.
///
/// # Errors
/// `email` for what is no address, `case-unknown`, `unchanged` for the address that the account has, `email-taken` for that
/// of another account.
pub async fn change(central: &Central, number: &str, typed: &str) -> Result<(), OfficeError> {
    let new = Email::parse(typed).map_err(|_| OfficeError::refused("email", "this is no e-mail address"))?;
    let person = cases::by_number(central, number).await?;
    let mut change = Change::begin(central).await?;
    let holder: Option<Id> = sqlx::query_scalar("select id from person where email = $1")
        .bind(new.as_str())
        .fetch_optional(&mut **change.tx())
        .await?;
    match holder {
        Some(Id(holder)) if holder == person => {
            return Err(OfficeError::refused("unchanged", "the account has this address already"));
        }
        Some(_) => return Err(OfficeError::refused("email-taken", "another account has this address")),
        None => {}
    }
    let known: Option<(String, String)> = sqlx::query_as("select email, language from person where id = $1")
        .bind(Id(person))
        .fetch_optional(&mut **change.tx())
        .await?;
    let (old, language) =
        known.ok_or_else(|| OfficeError::refused("case-unknown", "there is no such case any more"))?;
    forget_phone(&mut change, person).await?;
    sqlx::query("update person set email = $1, password_file = $2 where id = $3")
        .bind(new.as_str())
        .bind(Vec::new())
        .bind(Id(person))
        .execute(&mut **change.tx())
        .await?;
    // Codes that wait at the old mailbox, and what a sign-up kept to answer repeats.
    pending::void(change.tx(), &old, None).await?;
    let at = change.at();
    end_all(change.tx(), person, at, "address_changed").await?;
    tell(&mut change, central, (old.as_str(), new.as_str()), texts::read_language(&language)).await?;
    Ok(change.commit().await?)
}

/// Nothing else of the case changes: what was decided with the phone stays decided.
async fn forget_phone(change: &mut Change, person: Uuid) -> Result<(), OfficeError> {
    let records = &mut change.records(person);
    let mut case = Case::load(records, person).await?;
    if case.record.facts.phone.is_some() {
        phone::forget(records, person).await?;
        (case.record.facts.phone, case.record.phone) = (None, None);
        case.save(records).await?;
    }
    Ok(())
}

/// Neither mail names the other address: somebody else may read the mailbox.
async fn tell(
    change: &mut Change,
    central: &Central,
    (old, new): (&str, &str),
    language: Language,
) -> Result<(), OfficeError> {
    let expires_at = change.at().saturating_add(NEWS_MS);
    for (to, (subject, text)) in [(old, texts::address_left(language)), (new, texts::address_entered(language))] {
        let mail = Mail { to: to.to_owned(), subject, text, code: None };
        central.notifier.queue(change.tx(), central, &mail, expires_at).await?;
    }
    Ok(())
}
