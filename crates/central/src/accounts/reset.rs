//! `POST /v1/passwords`: another password for an account whose old one is forgotten.
//!
//! Whoever reads the mailbox, or the phone that was verified, sets it, as whoever reads the mailbox could have signed up. So
//! the owner is told by mail whichever way the code went, and no session that was open before goes on.

use axum::extract::State;
use prakerja_protocol::account::{CodeSent, PasswordReset};
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::confirm::{Pending, over};
use super::guard::Network;
use super::pending::{self, Purpose, Wanted, fingerprint};
use super::sign_up::address;
use super::{NEWS_MS, session};
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::notifier::{Mail, texts};
use crate::request::{IdempotencyKey, Json, Reply};
use crate::state::Central;

pub(crate) async fn reset(
    State(central): State<Central>,
    network: Network,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<PasswordReset>,
) -> ApiResult<Reply<CodeSent>> {
    let email = address(&body.email)?;
    let content = ("password", email.as_str(), &body.upload, body.stretch, body.language, body.by);
    let wanted = Wanted {
        id: body.reset,
        purpose: Purpose::Password(body.by),
        email: &email,
        upload: &body.upload,
        stretch: body.stretch,
        language: body.language,
        consents: "[]".to_owned(),
        fingerprint: fingerprint(&content)?,
    };
    pending::begin(&central, key, &network, &wanted).await
}

/// The code was right: the new password is in force, and what the old one opened is over.
///
/// # Errors
/// `account-locked`: the operator's lock is not opened by a mailbox. `code-expired` when the address has no account any more.
pub(super) async fn set(
    tx: &mut SqliteConnection,
    central: &Central,
    reset: Uuid,
    pending: &Pending,
) -> ApiResult<Uuid> {
    let row: Option<(Id, Option<i64>)> = sqlx::query_as("select id, locked_at from person where email = $1")
        .bind(&pending.email)
        .fetch_optional(&mut *tx)
        .await?;
    let (person, locked_at) = row.ok_or_else(over)?;
    if locked_at.is_some() {
        return Err(ApiError::account_locked());
    }
    sqlx::query(
        "update person set password_file = $1, stretch_memory_kib = $2, stretch_passes = $3, stretch_lanes = $4
         where id = $5",
    )
    .bind(&pending.password_file)
    .bind(pending.stretch_memory_kib)
    .bind(pending.stretch_passes)
    .bind(pending.stretch_lanes)
    .bind(person)
    .execute(&mut *tx)
    .await?;
    let now = central.clock.now_ms();
    session::end_all(tx, person.0, now, "password_reset").await?;
    // Codes that would set yet another one.
    pending::void(tx, &pending.email, Some(reset)).await?;
    crate::sync::epoch::count(tx).await?;
    let (subject, text) = texts::password_changed(texts::read_language(&pending.language));
    let mail = Mail { to: pending.email.clone(), subject, text, code: None };
    central.notifier.queue(tx, central, &mail, now.saturating_add(NEWS_MS)).await?;
    Ok(person.0)
}
