//! Who is asking. A handler that takes a [`SignedIn`] has an authenticated caller; there is no other way to get one.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use prakerja_protocol::problem::ProblemCode;
use sqlx::Row;
use uuid::Uuid;

use crate::accounts::{note_arrival, token_hash};
use crate::db::Id;
use crate::error::ApiError;
use crate::state::Central;

/// The authenticated caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedIn {
    /// The person.
    pub person: Uuid,
    /// The session.
    pub session: Uuid,
    /// The device on which the session was opened.
    pub device: Uuid,
}

/// `401 token-expired`: refresh and send again.
fn expired() -> ApiError {
    ApiError::new(ProblemCode::TokenExpired, 401, "the access token is missing, unknown or over")
}

impl FromRequestParts<Central> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, central: &Central) -> Result<Self, ApiError> {
        // Asked before a large body was read.
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(*known);
        }
        let token = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(expired)?;
        let hash = token_hash(token);
        let row = sqlx::query(
            "select session.id, session.person_id, session.device_id, session.access_expires_at, session.answer_arrived,
                    session.ended_at, person.locked_at
             from session join person on person.id = session.person_id
             where session.access_hash = $1",
        )
        .bind(&hash)
        .fetch_optional(central.db.read())
        .await?
        .ok_or_else(expired)?;
        if row.try_get::<Option<i64>, _>("locked_at")?.is_some() {
            return Err(ApiError::account_locked());
        }
        if row.try_get::<Option<i64>, _>("ended_at")?.is_some() {
            return Err(ApiError::new(ProblemCode::SessionRevoked, 401, "the session has ended"));
        }
        if row.try_get::<i64, _>("access_expires_at")? <= central.clock.now_ms() {
            return Err(expired());
        }
        let person = row.try_get::<Id, _>("person_id")?.0;
        central.rates.account(person)?;
        let session = row.try_get::<Id, _>("id")?.0;
        if row.try_get::<i64, _>("answer_arrived")? == 0 {
            note_arrival(central, session, &hash).await;
        }
        Ok(Self { person, session, device: row.try_get::<Id, _>("device_id")?.0 })
    }
}
