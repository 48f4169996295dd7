//! Sign-up until the code is on its way.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use opaque_ke::ServerRegistration;
use prakerja_domain::email::Email;
use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_protocol::account::{CodeSent, Consent, Language, SignUp, SignUpStart, SignUpStarted};
use prakerja_protocol::password::Suite;
use prakerja_protocol::problem::ProblemCode;
use sha2::{Digest, Sha256};
use sqlx::{FromRow, Sqlite, Transaction};
use uuid::Uuid;

use super::allowance::{self, Allowance, Left};
use super::{code, guard, opaque, stretch};
use crate::clock::{ms, wait};
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::middleware::ClientAddress;
use crate::notifier::{Mail, texts};
use crate::request::{IdempotencyKey, Json, Reply};
use crate::state::Central;

/// `POST /v1/accounts/start`: evaluates the blinded password. Keeps nothing but the count.
pub(crate) async fn start(
    State(central): State<Central>,
    network: Option<Extension<ClientAddress>>,
    Json(body): Json<SignUpStart>,
) -> ApiResult<Reply<SignUpStarted>> {
    let email = address(&body.email)?;
    let request = opaque::registration_request(&body.request)?;
    let mut tx = central.db.begin().await?;
    let allowed = guard::take(&mut tx, &central, email.as_str(), network).await?;
    tx.commit().await?;
    // Not given back when the code was right: by then the window may be another, and a stranger could see it.
    allowed?;
    let started = ServerRegistration::<Suite>::start(&central.secrets.opaque, request, email.as_str().as_bytes())
        .map_err(ApiError::internal)?;
    let response = opaque::encode(started.message.serialize());
    Ok(Reply::ok(SignUpStarted { response, stretch: central.config.stretch }))
}

/// `POST /v1/accounts`: keeps the sign-up and sends a code.
pub(crate) async fn sign_up(
    State(central): State<Central>,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<SignUp>,
) -> ApiResult<Reply<CodeSent>> {
    let email = address(&body.email)?;
    let consents = consents(&body.consents)?;
    let file = ServerRegistration::<Suite>::finish(opaque::registration_upload(&body.upload)?).serialize();
    let fingerprint = fingerprint(&email, &body)?;
    let mut tx = central.db.begin().await?;
    let known = sqlx::query_as::<_, Known>(
        "select id, fingerprint, email, code_sent_at, code_expires_at from sign_up where id = $1 or idempotency_key = $2",
    )
    .bind(Id(body.sign_up))
    .bind(Id(key))
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(known) = known {
        if known.id.0 != body.sign_up || known.fingerprint != fingerprint {
            return Err(ApiError::new(ProblemCode::IdempotencyKeyReused, 422, "the same key came with other content"));
        }
        let left = allowance::read(&mut tx, &central, &known.email).await?;
        return Ok(sent(&central, body.sign_up, known.code_sent_at, known.code_expires_at, left));
    }
    // The upload was stretched with what was offered at its first step, which may be days ago and of another
    // configuration. With any other parameters no sign-in would ever derive the same key.
    if !stretch::was_offered(&mut tx, body.stretch).await? {
        return Err(ApiError::new(ProblemCode::Malformed, 400, "the stretching parameters were never offered"));
    }
    let left = match allowance::take(&mut tx, &central, email.as_str()).await? {
        Allowance::Granted(left) => left,
        Allowance::Locked { wait_ms } => {
            tx.commit().await?;
            return Err(Allowance::refusal(wait_ms));
        }
    };
    let now = central.clock.now_ms();
    let expires_at = now + ms(central.config.accounts.code_ttl_s);
    let (in_vain, mac) = send(&mut tx, &central, body.sign_up, email.as_str(), body.language, expires_at).await?;
    sqlx::query(
        "insert into sign_up (id, idempotency_key, fingerprint, email, language, password_file, stretch_memory_kib,
                              stretch_passes, stretch_lanes, consents, created_at, in_vain, code_mac, code_sent_at,
                              code_expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $11, $14)",
    )
    .bind(Id(body.sign_up))
    .bind(Id(key))
    .bind(&fingerprint)
    .bind(email.as_str())
    .bind(texts::language(body.language))
    .bind(file.to_vec())
    .bind(i64::from(body.stretch.memory_kib))
    .bind(i64::from(body.stretch.passes))
    .bind(i64::from(body.stretch.lanes))
    .bind(consents)
    .bind(now)
    .bind(i64::from(in_vain))
    .bind(mac.to_vec())
    .bind(expires_at)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    central.notifier.wake();
    Ok(sent(&central, body.sign_up, now, expires_at, left))
}

#[derive(FromRow)]
struct Known {
    id: Id,
    fingerprint: Vec<u8>,
    email: String,
    code_sent_at: i64,
    code_expires_at: i64,
}

#[derive(FromRow)]
struct Pending {
    email: String,
    language: String,
    code_sent_at: i64,
}

/// `POST /v1/accounts/{sign_up}/resend`: another code; the one before is over.
pub(crate) async fn resend(State(central): State<Central>, Path(sign_up): Path<Uuid>) -> ApiResult<Reply<CodeSent>> {
    let mut tx = central.db.begin().await?;
    let pending = sqlx::query_as::<_, Pending>(
        "select email, language, code_sent_at from sign_up where id = $1 and confirmed_at is null",
    )
    .bind(Id(sign_up))
    .fetch_optional(&mut *tx)
    .await?
    .ok_or_else(ApiError::not_found)?;
    let now = central.clock.now_ms();
    let not_before = pending.code_sent_at + ms(central.config.accounts.resend_after_s);
    if now < not_before {
        return Err(ApiError::rate_limited(wait(not_before, now)));
    }
    let left = match allowance::take(&mut tx, &central, &pending.email).await? {
        Allowance::Granted(left) => left,
        Allowance::Locked { wait_ms } => {
            tx.commit().await?;
            return Err(Allowance::refusal(wait_ms));
        }
    };
    let expires_at = now + ms(central.config.accounts.code_ttl_s);
    let language = texts::read_language(&pending.language);
    let (in_vain, mac) = send(&mut tx, &central, sign_up, &pending.email, language, expires_at).await?;
    sqlx::query(
        "update sign_up set code_mac = $1, code_sent_at = $2, code_expires_at = $3, wrong_codes = 0, wrong_mac = null,
                            in_vain = $4
         where id = $5",
    )
    .bind(mac.to_vec())
    .bind(now)
    .bind(expires_at)
    .bind(i64::from(in_vain))
    .bind(Id(sign_up))
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    central.notifier.wake();
    Ok(sent(&central, sign_up, now, expires_at, left))
}

/// Queues the mail: a code, or for an address with account the hint to sign in. Both cases do the same work. Returns
/// whether the sign-up is in vain, and the MAC of the code that works.
async fn send(
    tx: &mut Transaction<'_, Sqlite>,
    central: &Central,
    sign_up: Uuid,
    email: &str,
    language: Language,
    expires_at: i64,
) -> ApiResult<(bool, [u8; 32])> {
    let in_vain: bool = sqlx::query_scalar::<_, i64>("select count(*) from person where email = $1")
        .bind(email)
        .fetch_one(&mut **tx)
        .await?
        > 0;
    let code = code::draw();
    let mac = code::mac(&central.secrets.codes, sign_up, &code);
    let none = code::mac_of_none();
    let minutes = central.config.accounts.code_ttl_s / 60;
    let mail = if in_vain { texts::has_account(language) } else { texts::code(language, &code, minutes) };
    let mail = Mail { to: email.to_owned(), subject: mail.0, text: mail.1, code: (!in_vain).then_some(code) };
    central.notifier.queue(tx, central, &mail, expires_at).await?;
    Ok((in_vain, if in_vain { none } else { mac }))
}

fn sent(central: &Central, sign_up: Uuid, sent_at: i64, expires_at: i64, left: Left) -> Reply<CodeSent> {
    let now = central.clock.now_ms();
    let resend_at = sent_at + ms(central.config.accounts.resend_after_s);
    let body = CodeSent {
        sign_up,
        expires_in_s: wait(expires_at, now).div_ceil(1000),
        resends_left: left.resends,
        resend_after_s: wait(left.locked_until.unwrap_or(0).max(resend_at), now).div_ceil(1000),
    };
    Reply(StatusCode::ACCEPTED, body)
}

/// Reads an address as the app does.
pub(super) fn address(typed: &str) -> ApiResult<Email> {
    Email::parse(typed).map_err(|error| ApiError::validation(vec![error]))
}

/// Both texts must be accepted; as JSON for the row.
fn consents(given: &[Consent]) -> ApiResult<String> {
    let missing: Vec<FieldError> = [("terms", "accept_terms"), ("privacy", "accept_privacy")]
        .into_iter()
        .filter(|(id, _)| !given.iter().any(|consent| consent.id == *id && !consent.version.trim().is_empty()))
        .map(|(_, field)| FieldError::new(field, FieldErrorCode::NotAccepted))
        .collect();
    let known: Vec<&Consent> =
        given.iter().filter(|consent| matches!(consent.id.as_str(), "terms" | "privacy")).collect();
    if known.iter().any(|consent| consent.version.chars().count() > 40) || known.len() > 2 {
        return Err(ApiError::new(ProblemCode::Malformed, 400, "the consents are not valid"));
    }
    if missing.is_empty() {
        serde_json::to_string(&known).map_err(ApiError::internal)
    } else {
        Err(ApiError::validation(missing))
    }
}

fn fingerprint(email: &Email, body: &SignUp) -> ApiResult<Vec<u8>> {
    let content = serde_json::to_vec(&(email.as_str(), &body.upload, body.stretch, body.language, &body.consents));
    Ok(Sha256::digest(content.map_err(ApiError::internal)?).to_vec())
}
