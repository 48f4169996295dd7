//! Appeals that wait, and their answers.

use prakerja_domain::registration::RegistrationState;
use prakerja_protocol::application::NoticeKind;
use serde::Serialize;
use uuid::Uuid;

use super::{OfficeError, cases};
use crate::db::Id;
use crate::registration::case::Case;
use crate::registration::{appeal, notice};
use crate::state::Central;
use crate::sync::Change;

/// An appeal that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Its id.
    pub id: Uuid,
    /// Number of the case.
    pub case_number: String,
    /// When it came, Unix milliseconds.
    pub received_at: i64,
    /// What the person wrote.
    pub text: String,
}

/// Longest answer, in characters.
const LONGEST: usize = 2_000;

/// Appeals that wait, the oldest first; at most 500.
///
/// # Errors
/// Any error of the database.
pub async fn list(central: &Central) -> Result<Vec<Waiting>, OfficeError> {
    let rows: Vec<(Id, Id, String, i64, Vec<u8>)> = sqlx::query_as(
        "select appeal.person_id, appeal.id, registration.case_number, appeal.received_at, appeal.content
         from appeal join registration on registration.person_id = appeal.person_id
         where appeal.answered_at is null order by appeal.received_at limit 500",
    )
    .fetch_all(central.db.read())
    .await?;
    let sealer = central.sealer()?;
    rows.into_iter()
        .map(|(person, id, case_number, received_at, sealed)| {
            let record = appeal::open(sealer, (person.0, id.0), &sealed)?;
            Ok(Waiting { id: id.0, case_number, received_at, text: record.text })
        })
        .collect()
}

/// Answers an appeal. Granting lifts the block, or opens the step again that ended the registration.
///
/// # Errors
/// `appeal-unknown`, `text`.
pub async fn answer(central: &Central, id: Uuid, granted: bool, text: &str) -> Result<(), OfficeError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(OfficeError::refused("text", "an answer has 1 to 2,000 characters"));
    }
    let unknown = || OfficeError::refused("appeal-unknown", "no appeal with this id waits");
    let mut change = Change::begin(central).await?;
    let row: Option<(Id,)> = sqlx::query_as("select person_id from appeal where id = $1 and answered_at is null")
        .bind(Id(id))
        .fetch_optional(&mut **change.tx())
        .await?;
    let person = row.ok_or_else(unknown)?.0.0;
    let mut records = change.records(person);
    if !appeal::answer(&mut records, (person, id), granted, text).await? {
        return Err(unknown());
    }
    if granted {
        let mut case = Case::load(&mut records, person).await?;
        let was_blocked = case.record.facts.blocked;
        reopen(&mut case);
        case.save(&mut records).await?;
        if was_blocked {
            notice::tell(&mut records, person, NoticeKind::Unblocked, &[], None).await?;
        }
    }
    change.commit().await?;
    Ok(())
}

fn reopen(case: &mut Case) {
    if case.record.facts.blocked {
        return cases::lift(case);
    }
    match case.record.facts.state() {
        RegistrationState::Ineligible => {
            case.record.facts.declarations = None;
            case.record.declarations = None;
        }
        // The registry is asked again; it alone decides.
        RegistrationState::NikAlreadyRecipient => case.record.facts.identity = None,
        _ => {}
    }
}
