//! `POST /v1/accounts/{sign_up}/resend`: another code; the one before is over.

use axum::extract::{Path, State};
use prakerja_protocol::account::CodeSent;
use sqlx::FromRow;
use uuid::Uuid;

use super::guard::Network;
use super::message;
use super::pending::{Purpose, grant, sent};
use crate::clock::{ms, wait};
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::notifier::texts;
use crate::request::Reply;
use crate::state::Central;
use crate::sync::Change;

#[derive(FromRow)]
struct Waiting {
    purpose: String,
    channel: String,
    email: String,
    language: String,
    code_sent_at: i64,
}

pub(crate) async fn resend(
    State(central): State<Central>,
    network: Network,
    Path(id): Path<Uuid>,
) -> ApiResult<Reply<CodeSent>> {
    let mut change = Change::begin(&central).await?;
    let waiting = sqlx::query_as::<_, Waiting>(
        "select purpose, channel, email, language, code_sent_at from sign_up where id = $1 and confirmed_at is null",
    )
    .bind(Id(id))
    .fetch_optional(&mut **change.tx())
    .await?
    .ok_or_else(ApiError::not_found)?;
    let now = change.at();
    let not_before = waiting.code_sent_at + ms(central.config.accounts.resend_after_s);
    if now < not_before {
        return Err(ApiError::rate_limited(wait(not_before, now)));
    }
    let purpose = Purpose::read(&waiting.purpose, &waiting.channel);
    let left = grant(&mut change, &central, purpose, &waiting.email, &network).await?;
    let expires_at = now + ms(central.config.accounts.code_ttl_s);
    let language = texts::read_language(&waiting.language);
    let to = message::To { id, purpose, email: &waiting.email, language };
    let (in_vain, mac) = message::send(&mut change, &central, &to, expires_at).await?;
    sqlx::query(
        "update sign_up set code_mac = $1, code_sent_at = $2, code_expires_at = $3, wrong_codes = 0, wrong_mac = null,
                            in_vain = $4
         where id = $5",
    )
    .bind(mac.to_vec())
    .bind(now)
    .bind(expires_at)
    .bind(i64::from(in_vain))
    .bind(Id(id))
    .execute(&mut **change.tx())
    .await?;
    change.commit().await?;
    Ok(sent(&central, id, now, expires_at, left))
}
