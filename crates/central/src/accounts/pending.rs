//! What waits for its code, a sign-up or another password: kept before anything is sent, and the same for every repeat.

use axum::http::StatusCode;
use opaque_ke::ServerRegistration;
use prakerja_domain::email::Email;
use prakerja_protocol::account::{CodeChannel, CodeSent, Language};
use prakerja_protocol::password::{StretchParams, Suite};
use prakerja_protocol::problem::ProblemCode;
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::{FromRow, SqliteConnection};
use uuid::Uuid;

use super::allowance::{self, Left};
use super::guard::Network;
use super::{code, confirm, guesses, message, opaque, stretch};
use crate::clock::{ms, wait};
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::notifier::texts;
use crate::request::Reply;
use crate::state::Central;
use crate::sync::Change;

/// What the right code does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Makes an account; the code goes by mail.
    Account,
    /// Sets another password.
    Password(CodeChannel),
}

impl Purpose {
    /// Purpose and way of the code as the database keeps them.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Account => ("account", "mail"),
            Self::Password(CodeChannel::Mail) => ("password", "mail"),
            Self::Password(CodeChannel::Sms) => ("password", "sms"),
        }
    }

    /// And back.
    pub(super) fn read(purpose: &str, channel: &str) -> Self {
        match (purpose, channel) {
            ("password", "sms") => Self::Password(CodeChannel::Sms),
            ("password", _) => Self::Password(CodeChannel::Mail),
            _ => Self::Account,
        }
    }
}

/// What somebody asks for.
pub(super) struct Wanted<'a> {
    pub(super) id: Uuid,
    pub(super) purpose: Purpose,
    pub(super) email: &'a Email,
    /// OPAQUE registration upload, base64.
    pub(super) upload: &'a str,
    pub(super) stretch: StretchParams,
    pub(super) language: Language,
    /// JSON.
    pub(super) consents: String,
    /// Of all that was asked for: the same id or key with other content is refused.
    pub(super) fingerprint: Vec<u8>,
}

/// Digest of what was asked for.
pub(super) fn fingerprint(content: &impl Serialize) -> ApiResult<Vec<u8>> {
    Ok(Sha256::digest(serde_json::to_vec(content).map_err(ApiError::internal)?).to_vec())
}

#[derive(FromRow)]
struct Known {
    id: Id,
    fingerprint: Vec<u8>,
    email: String,
    code_sent_at: i64,
    code_expires_at: i64,
}

/// Keeps it and sends a code.
pub(super) async fn begin(
    central: &Central,
    key: Uuid,
    network: &Network,
    wanted: &Wanted<'_>,
) -> ApiResult<Reply<CodeSent>> {
    let file = ServerRegistration::<Suite>::finish(opaque::registration_upload(wanted.upload)?).serialize();
    let mut change = Change::begin(central).await?;
    let known = sqlx::query_as::<_, Known>(
        "select id, fingerprint, email, code_sent_at, code_expires_at from sign_up where id = $1 or idempotency_key = $2",
    )
    .bind(Id(wanted.id))
    .bind(Id(key))
    .fetch_optional(&mut **change.tx())
    .await?;
    if let Some(known) = known {
        if known.id.0 != wanted.id || known.fingerprint != wanted.fingerprint {
            return Err(ApiError::new(ProblemCode::IdempotencyKeyReused, 422, "the same key came with other content"));
        }
        let left = allowance::read(change.tx(), central, &known.email, network).await?;
        return Ok(sent(central, wanted.id, known.code_sent_at, known.code_expires_at, left));
    }
    // The upload was stretched with what was offered at its first step, which may be days ago and of another
    // configuration. With any other parameters no sign-in would ever derive the same key.
    if !stretch::was_offered(change.tx(), wanted.stretch).await? {
        return Err(ApiError::new(ProblemCode::Malformed, 400, "the stretching parameters were never offered"));
    }
    let email = wanted.email.as_str();
    let left = grant(&mut change, central, wanted.purpose, email, network).await?;
    let now = change.at();
    let expires_at = now + ms(central.config.accounts.code_ttl_s);
    let to = message::To { id: wanted.id, purpose: wanted.purpose, email, language: wanted.language };
    let (in_vain, mac) = message::send(&mut change, central, &to, expires_at).await?;
    let (purpose, channel) = wanted.purpose.words();
    sqlx::query(
        "insert into sign_up (id, purpose, channel, idempotency_key, fingerprint, email, language, password_file,
                              stretch_memory_kib, stretch_passes, stretch_lanes, consents, created_at, in_vain, code_mac,
                              code_sent_at, code_expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $13, $16)",
    )
    .bind(Id(wanted.id))
    .bind(purpose)
    .bind(channel)
    .bind(Id(key))
    .bind(&wanted.fingerprint)
    .bind(email)
    .bind(texts::language(wanted.language))
    .bind(file.to_vec())
    .bind(i64::from(wanted.stretch.memory_kib))
    .bind(i64::from(wanted.stretch.passes))
    .bind(i64::from(wanted.stretch.lanes))
    .bind(&wanted.consents)
    .bind(now)
    .bind(i64::from(in_vain))
    .bind(mac.to_vec())
    .bind(expires_at)
    .execute(&mut **change.tx())
    .await?;
    change.commit().await?;
    Ok(sent(central, wanted.id, now, expires_at, left))
}

/// What holds before any code is sent: of another password none soon after the last one, whatever the id, and none while too
/// many were typed wrong.
pub(super) async fn grant(
    change: &mut Change,
    central: &Central,
    purpose: Purpose,
    email: &str,
    network: &Network,
) -> ApiResult<Left> {
    let now = change.at();
    if purpose != Purpose::Account {
        if let Some(until) = guesses::locked_until(change.tx(), central, email, network).await? {
            return Err(confirm::locked(until, now));
        }
        let newest: Option<i64> =
            sqlx::query_scalar("select max(code_sent_at) from sign_up where email = $1 and purpose = 'password'")
                .bind(email)
                .fetch_one(&mut **change.tx())
                .await?;
        let not_before = newest.map_or(0, |sent_at| sent_at + ms(central.config.accounts.resend_after_s));
        if now < not_before {
            return Err(ApiError::rate_limited(wait(not_before, now)));
        }
    }
    allowance::take(change.tx(), central, email, network).await
}

/// Makes the codes of an address void, and what is kept to answer repeats. The rows stay until their time: whoever began one
/// would see by its end that the address has an account whose owner did something.
pub(crate) async fn void(tx: &mut SqliteConnection, email: &str, except: Option<Uuid>) -> Result<(), sqlx::Error> {
    sqlx::query("update sign_up set code_mac = $1, in_vain = 1 where email = $2 and id is distinct from $3")
        .bind(code::mac_of_none().to_vec())
        .bind(email)
        .bind(except.map(Id))
        .execute(tx)
        .await?;
    Ok(())
}

/// The same for codes that wait on a phone which is not the person's any more.
pub(crate) async fn void_on_phone(tx: &mut SqliteConnection, person: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update sign_up set code_mac = $1, in_vain = 1
         where channel = 'sms' and confirmed_at is null and email = (select email from person where id = $2)",
    )
    .bind(code::mac_of_none().to_vec())
    .bind(Id(person))
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) fn sent(central: &Central, id: Uuid, sent_at: i64, expires_at: i64, left: Left) -> Reply<CodeSent> {
    let now = central.clock.now_ms();
    let resend_at = sent_at + ms(central.config.accounts.resend_after_s);
    let body = CodeSent {
        sign_up: id,
        expires_in_s: wait(expires_at, now).div_ceil(1000),
        resends_left: left.resends,
        resend_after_s: wait(left.locked_until.unwrap_or(0).max(resend_at), now).div_ceil(1000),
    };
    Reply(StatusCode::ACCEPTED, body)
}
