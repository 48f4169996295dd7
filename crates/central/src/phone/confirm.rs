//! `POST /v1/phone/confirm`: the right code verifies the number.

use axum::extract::State;
use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::{PhoneCheck, Step};
use prakerja_protocol::application::NoticeKind;
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::registration::ConfirmPhone;
use serde::Serialize;
use sqlx::SqliteConnection;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{Code, lock, mac, newest, resend_at};
use crate::accounts::{NEWS_MS, code};
use crate::clock::wait;
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::notifier::{Mail, texts};
use crate::registration::case::Case;
use crate::registration::notice;
use crate::request::{IdempotencyKey, Json, Reply};
use crate::signed_in::SignedIn;
use crate::state::Central;
use crate::sync::Change;

/// `{}`: the feed says the rest.
#[derive(Debug, Serialize)]
pub(crate) struct Confirmed {}

pub(crate) async fn confirm(
    State(central): State<Central>,
    who: SignedIn,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<ConfirmPhone>,
) -> ApiResult<Reply<Confirmed>> {
    let typed = mac(&central, who.person, &code::read(&body.code)?);
    let mut change = Change::begin(&central).await?;
    let records = &mut change.records(who.person);
    let mut case = Case::load(records, who.person).await?;
    let scheme = case.scheme(&central);
    let sent = newest(records.tx, who.person).await?;
    let right = sent.as_ref().is_some_and(|sent| bool::from(typed.as_slice().ct_eq(&sent.code_mac)));
    if right && sent.as_ref().is_some_and(|sent| sent.confirmed_by == Some(Id(key))) {
        // A repeat of the request whose answer was lost.
        return Ok(Reply::ok(Confirmed {}));
    }
    case.allows(Step::ConfirmPhoneCode, &scheme)?;
    let now = central.clock.now_ms();
    let sent = sent.filter(|sent| sent.expires_at > now).ok_or_else(over)?;
    let left = i64::from(scheme.phone.max_wrong) - sent.wrong_codes;
    if left <= 0 {
        let problem = Problem::new(ProblemCode::CodeLocked, 429, "too many wrong codes; ask for another");
        // Another code helps, and after the last one nothing before the lock ends.
        let phone = records.profile(who.person).await?.remove(&ProfileField::Phone).unwrap_or_default();
        let lock = lock(records, who.person, &phone).await?.unwrap_or(0);
        let wait = wait(lock.max(resend_at(&sent, &scheme.phone)), now);
        return Err(problem.with_retry_after_ms(wait).with_detail("attempts_left", 0).into());
    }
    if !right {
        let left = left - count_wrong(records.tx, who.person, &sent, &typed).await?;
        change.commit().await?;
        let problem = Problem::new(ProblemCode::WrongCode, 422, "the code is wrong");
        return Err(problem.with_detail("attempts_left", left).into());
    }
    sqlx::query("update phone_code set confirmed_by = $1 where person_id = $2")
        .bind(Id(key))
        .bind(Id(who.person))
        .execute(&mut *records.tx)
        .await?;
    case.record.facts.phone = Some(PhoneCheck::Verified);
    if let Some(phone) = &mut case.record.phone {
        phone.verified_at = Some(records.at);
    }
    case.save(records).await?;
    notice::tell(records, who.person, NoticeKind::PhoneVerified, &[], None).await?;
    tell_by_mail(&mut change, &central, who.person).await?;
    change.commit().await?;
    Ok(Reply::ok(Confirmed {}))
}

/// The phone can set another password later: whoever did not enter it must hear of it where no computer of the house shows it.
async fn tell_by_mail(change: &mut Change, central: &Central, person: Uuid) -> ApiResult<()> {
    let (to, language): (String, String) = sqlx::query_as("select email, language from person where id = $1")
        .bind(Id(person))
        .fetch_one(&mut **change.tx())
        .await?;
    let (subject, text) =
        texts::phone_verified(texts::read_language(&language), central.config.accounts.reset_phone_age_days());
    let until = change.at().saturating_add(NEWS_MS);
    central.notifier.queue(change.tx(), central, &Mail { to, subject, text, code: None }, until).await
}

fn over() -> ApiError {
    ApiError::new(ProblemCode::CodeExpired, 410, "the code is over; ask for another")
}

/// Counts a guess, but not the same guess twice in a row: that is a repeated request. Returns what it counted for.
async fn count_wrong(tx: &mut SqliteConnection, person: Uuid, sent: &Code, typed: &[u8]) -> ApiResult<i64> {
    let counts = i64::from(sent.wrong_mac.as_deref() != Some(typed));
    sqlx::query("update phone_code set wrong_codes = wrong_codes + $1, wrong_mac = $2 where person_id = $3")
        .bind(counts)
        .bind(typed)
        .bind(Id(person))
        .execute(tx)
        .await?;
    Ok(counts)
}
