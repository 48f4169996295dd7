//! `POST /v1/phone/code`: sends a code to the number of the personal data.

use axum::extract::State;
use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::{PhoneCheck, Step};
use prakerja_domain::scheme::{PhoneRules, Scheme};
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::registration::{PhoneCodeSent, PhoneStatus};
use uuid::Uuid;

use super::{Code, ends_with, lock, mac, newest, of_number, of_person, resend_at, rule};
use crate::accounts::code;
use crate::clock::{ms, wait};
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::notifier::{Sms, texts};
use crate::registration::case::Case;
use crate::registration::tries::{self, Try};
use crate::registration::{blind, missing_party};
use crate::request::{IdempotencyKey, Reply};
use crate::signed_in::SignedIn;
use crate::state::Central;
use crate::sync::{Change, Records};

pub(crate) async fn send(
    State(central): State<Central>,
    who: SignedIn,
    IdempotencyKey(key): IdempotencyKey,
) -> ApiResult<Reply<PhoneCodeSent>> {
    let mut change = Change::begin(&central).await?;
    let records = &mut change.records(who.person);
    let mut case = Case::load(records, who.person).await?;
    let scheme = case.scheme(&central);
    let rules = &scheme.phone;
    let phone = records.profile(who.person).await?.remove(&ProfileField::Phone);
    let known = newest(records.tx, who.person).await?;
    if let (Some(known), Some(phone)) = (&known, &phone)
        && known.sent_by == Id(key)
    {
        // A repeat of the request whose answer was lost.
        let lock = lock(records, who.person, phone).await?;
        return Ok(Reply::ok(sent(&central, rules, phone, known, lock)));
    }
    case.allows(Step::SendPhoneCode, &scheme)?;
    if !central.notifier.reaches_phones(&scheme.version) {
        return Err(missing_party("no message service is configured").into());
    }
    let Some(phone) = phone else { return Err(no_phone()) };
    let now = central.clock.now_ms();
    if let Some(known) = &known
        && now < resend_at(known, rules)
    {
        return Err(ApiError::rate_limited(wait(resend_at(known, rules), now)));
    }
    let phone_index = blind::phone(&central, &phone);
    let counts: (&[&[u8]], &[&[u8]]) = (&of_person(&who.person), &of_number(&phone_index));
    let (left, lock) = match tries::take_both(records.tx, &central, counts, rule(rules)).await? {
        Try::Granted { left, locked_until } => (left, locked_until),
        Try::Locked { until } => {
            let problem = Problem::new(ProblemCode::CodeLocked, 429, "too many codes were asked for");
            return Err(problem.with_retry_after_ms(wait(until, now)).into());
        }
    };
    let drawn = code::draw();
    let fresh = Code {
        sent_by: Id(key),
        code_mac: mac(&central, who.person, &drawn).to_vec(),
        sent_at: now,
        expires_at: now.saturating_add(ms(rules.code_ttl_s)),
        resends_left: i64::from(left),
        wrong_codes: 0,
        wrong_mac: None,
        confirmed_by: None,
    };
    write(records, who.person, &fresh).await?;
    message(records, who.person, (&phone, &drawn), &scheme, fresh.expires_at).await?;
    let status = PhoneStatus { ends_with: ends_with(&phone), verified_at: None };
    if (case.record.facts.phone, &case.record.phone) != (Some(PhoneCheck::CodeSent), &Some(status.clone())) {
        (case.record.facts.phone, case.record.phone) = (Some(PhoneCheck::CodeSent), Some(status));
        case.save(records).await?;
    }
    change.commit().await?;
    Ok(Reply::ok(sent(&central, rules, &phone, &fresh, lock)))
}

fn no_phone() -> ApiError {
    let missing = FieldError::new(ProfileField::Phone.as_str(), FieldErrorCode::Required);
    Problem::new(ProblemCode::ProfileIncomplete, 422, "there is no phone number").with_fields(vec![missing]).into()
}

async fn write(records: &mut Records<'_>, person: Uuid, code: &Code) -> ApiResult<()> {
    sqlx::query(
        "insert into phone_code (person_id, sent_by, code_mac, sent_at, expires_at, resends_left)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (person_id) do update
         set sent_by = excluded.sent_by, code_mac = excluded.code_mac, sent_at = excluded.sent_at,
             expires_at = excluded.expires_at, resends_left = excluded.resends_left,
             wrong_codes = 0, wrong_mac = null, confirmed_by = null",
    )
    .bind(Id(person))
    .bind(code.sent_by)
    .bind(&code.code_mac)
    .bind(code.sent_at)
    .bind(code.expires_at)
    .bind(code.resends_left)
    .execute(&mut *records.tx)
    .await?;
    Ok(())
}

async fn message(
    records: &mut Records<'_>,
    person: Uuid,
    (phone, code): (&str, &str),
    scheme: &Scheme,
    expires_at: i64,
) -> ApiResult<()> {
    let language: String = sqlx::query_scalar("select language from person where id = $1")
        .bind(Id(person))
        .fetch_one(&mut *records.tx)
        .await?;
    let text = texts::phone_code(texts::read_language(&language), code, scheme.phone.code_ttl_s.div_ceil(60));
    let (to, code) = (phone.to_owned(), Some(code.to_owned()));
    let sms = Sms { scheme: scheme.version.clone(), to, text, code };
    records.central.notifier.queue_sms(records.tx, records.central, &sms, expires_at).await
}

/// The answer, with what is left of its times at this moment. `lock`: until when no other code is sent, after the last one.
fn sent(central: &Central, rules: &PhoneRules, phone: &str, code: &Code, lock: Option<i64>) -> PhoneCodeSent {
    let now = central.clock.now_ms();
    PhoneCodeSent {
        ends_with: ends_with(phone),
        expires_in_s: wait(code.expires_at, now).div_ceil(1_000),
        resends_left: u32::try_from(code.resends_left).unwrap_or(0),
        resend_after_s: wait(lock.unwrap_or(0).max(resend_at(code, rules)), now).div_ceil(1_000),
        tries: rules.max_wrong,
    }
}
