//! The code to the phone: `POST /v1/phone/code` and `POST /v1/phone/confirm` (`protocol::registration`).
//!
//! As with e-mail codes, only a MAC of a code is kept, guesses are counted per code, messages per phone and per person,
//! and every request may be repeated after a lost answer. The number is that of the personal data: when it changes, what
//! was verified is forgotten.

pub(crate) mod confirm;
pub(crate) mod send;

use std::sync::Arc;

use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::PhoneCheck;
use prakerja_domain::scheme::{PhoneRules, Scheme};
use sqlx::{FromRow, SqliteConnection};
use uuid::Uuid;

use crate::accounts::pending;
use crate::clock::ms;
use crate::db::Id;
use crate::registration::blind;
use crate::registration::case::Case;
use crate::registration::tries::{self, Rule, Try};
use crate::state::Central;
use crate::sync::{Records, SyncError};

/// The newest code of a person.
#[derive(FromRow)]
struct Code {
    sent_by: Id,
    code_mac: Vec<u8>,
    sent_at: i64,
    expires_at: i64,
    resends_left: i64,
    wrong_codes: i64,
    wrong_mac: Option<Vec<u8>>,
    confirmed_by: Option<Id>,
}

async fn newest(tx: &mut SqliteConnection, person: Uuid) -> Result<Option<Code>, sqlx::Error> {
    sqlx::query_as("select * from phone_code where person_id = $1").bind(Id(person)).fetch_optional(tx).await
}

/// The person has another number: no code of the old one works, for another password neither.
pub(crate) async fn forget(records: &mut Records<'_>, person: Uuid) -> Result<(), SyncError> {
    sqlx::query("delete from phone_code where person_id = $1").bind(Id(person)).execute(&mut *records.tx).await?;
    pending::void_on_phone(records.tx, person).await?;
    Ok(())
}

/// The number that a person verified, behind the scheme whose service reaches it. Nobody knows whose a number is that was
/// changed since and not verified.
pub(crate) async fn verified(records: &mut Records<'_>, person: Uuid) -> Result<Option<(String, String)>, SyncError> {
    let number = of_case(records, person).await?;
    Ok(number.map(|Verified { scheme, number, .. }| (scheme.version.clone(), number)))
}

/// A number that was verified.
struct Verified {
    scheme: Arc<Scheme>,
    number: String,
    /// When, Unix milliseconds.
    at: i64,
}

async fn of_case(records: &mut Records<'_>, person: Uuid) -> Result<Option<Verified>, SyncError> {
    let case = Case::load(records, person).await?;
    let status = case.record.phone.as_ref().filter(|_| case.record.facts.phone == Some(PhoneCheck::Verified));
    let Some(at) = status.and_then(|status| status.verified_at) else { return Ok(None) };
    let number = records.profile(person).await?.remove(&ProfileField::Phone);
    Ok(number.map(|number| Verified { scheme: case.scheme(records.central), number, at }))
}

/// As [`verified`], for a code for another password: takes one of the messages that the number may get. None also when it
/// has had them, no service reaches it, or it was verified a moment ago: whoever sits down at a computer that is signed in
/// can verify a phone of his own there, and the owner must have had the time to read the mail about it.
///
/// What one network may ask for is bound by the address ([`crate::accounts`]); the number is counted over all networks and
/// accounts. Apart from the codes that verify it: whoever asks for those in another account reads their count, and would
/// see whose number it is, or could use it up.
pub(crate) async fn for_password(
    records: &mut Records<'_>,
    person: Uuid,
) -> Result<Option<(String, String)>, SyncError> {
    let central = records.central;
    let accounts = &central.config.accounts;
    let Some(Verified { scheme, number, at }) = of_case(records, person).await? else { return Ok(None) };
    if records.at < at.saturating_add(ms(accounts.reset_phone_age_s))
        || !central.notifier.reaches_phones(&scheme.version)
    {
        return Ok(None);
    }
    let phone_index = blind::phone(central, &number);
    let what: [&[u8]; 2] = [b"password codes", &phone_index];
    let rule = Rule { most: accounts.email_otp_max_everywhere, window_ms: ms(accounts.email_otp_lock_s) };
    let taken = tries::take(records.tx, central, &what, rule).await?;
    Ok(matches!(taken, Try::Granted { .. }).then(|| (scheme.version.clone(), number)))
}

/// How many messages in a window. The first one is no resend.
fn rule(rules: &PhoneRules) -> Rule {
    Rule { most: rules.max_resend.saturating_add(1), window_ms: ms(rules.lock_s) }
}

/// What the database keeps of a code.
fn mac(central: &Central, person: Uuid, code: &str) -> [u8; 32] {
    central.secrets.codes.mac(&[b"phone code", person.as_bytes(), code.as_bytes()])
}

/// Last four digits of a number.
fn ends_with(phone: &str) -> String {
    let digits = phone.chars().count();
    phone.chars().skip(digits.saturating_sub(4)).collect()
}

/// When another code may be asked for.
fn resend_at(code: &Code, rules: &PhoneRules) -> i64 {
    code.sent_at.saturating_add(ms(rules.resend_after_s))
}

/// What the codes of a person are counted by.
fn of_person(person: &Uuid) -> [&[u8]; 2] {
    [b"phone codes of", person.as_bytes()]
}

/// What the codes to a number are counted by, over all accounts.
fn of_number(phone_index: &[u8]) -> [&[u8]; 2] {
    [b"phone codes", phone_index]
}

/// Until when no code is sent to a person's number, if the allowance is used up.
async fn lock(records: &mut Records<'_>, person: Uuid, phone: &str) -> Result<Option<i64>, sqlx::Error> {
    let own = tries::locked_until(records.tx, records.central, &of_person(&person)).await?;
    let phone_index = blind::phone(records.central, phone);
    Ok(own.max(tries::locked_until(records.tx, records.central, &of_number(&phone_index)).await?))
}
