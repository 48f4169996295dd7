//! Refresh, list and end of sessions.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use prakerja_protocol::account::{Refresh, Session, SessionInfo, SessionList};
use prakerja_protocol::problem::ProblemCode;
use sqlx::{FromRow, Sqlite, Transaction};
use uuid::Uuid;

use super::DAY_MS;
use super::{session, tokens};
use crate::clock::ms;
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::request::{Arrival, Json, Reply};
use crate::signed_in::SignedIn;
use crate::state::Central;

/// How long after a restore tokens of the forgotten time are accepted.
const AHEAD_DAYS: i64 = 30;

fn revoked() -> ApiError {
    ApiError::new(ProblemCode::SessionRevoked, 401, "the session has ended")
}

/// `POST /v1/sessions/refresh`.
///
/// The newest token gives the next pair. The one before gives that same pair again to the same device: its answer was lost
/// (fault 24). That holds for ten minutes, and as long as the pair's access token was never used: who was cut off in that
/// moment may be back after days. Anything older was copied by somebody, and nobody can tell by whom: the session ends.
///
/// A genuine token that is newer than the session's row can only be of the time that a restored backup forgot. For a month
/// after the restore it goes on, so that the computers can bring back what was lost without anybody typing a password.
pub(crate) async fn refresh(
    State(central): State<Central>,
    arrival: Arrival,
    Json(body): Json<Refresh>,
) -> ApiResult<Reply<Session>> {
    let (id, presented) = tokens::read_refresh(&central.secrets.tokens, &body.refresh_token).ok_or_else(revoked)?;
    let mut tx = central.db.begin().await?;
    let mut row = session::find(&mut tx, id).await?.ok_or_else(revoked)?;
    let now = central.clock.now_ms();
    if row.locked_at.is_some() {
        return Err(ApiError::account_locked());
    }
    let accounts = &central.config.accounts;
    let idle = now - row.refreshed_at > ms(accounts.session_idle_s);
    let too_new = presented > row.generation && !restored_lately(&mut tx, now).await?;
    if row.ended_at.is_some() || idle || too_new {
        return Err(revoked());
    }
    if presented >= row.generation {
        row.generation = presented;
        let answer = session::rotate(&mut tx, &central, row).await?;
        tx.commit().await?;
        return Ok(Reply::ok(answer));
    }
    let lost = row.answer_arrived == 0 || now - row.refreshed_at <= ms(accounts.refresh_grace_s);
    if presented == row.generation - 1 && lost && arrival.device == Some(row.device_id.0) {
        return Ok(Reply::ok(session::answer(&central, &row)));
    }
    tracing::warn!(session = %row.id.0, presented, newest = row.generation, "an old refresh token came again");
    session::end(&mut tx, row.id.0, now, "reuse").await?;
    tx.commit().await?;
    Err(revoked())
}

async fn restored_lately(tx: &mut Transaction<'_, Sqlite>, now: i64) -> ApiResult<bool> {
    Ok(now - crate::sync::epoch::began_at(tx).await? <= AHEAD_DAYS * DAY_MS)
}

#[derive(FromRow)]
struct Listed {
    id: Id,
    device_name: String,
    created_at: i64,
    refreshed_at: i64,
}

/// `GET /v1/sessions`: the caller's open sessions, newest first.
pub(crate) async fn list(State(central): State<Central>, caller: SignedIn) -> ApiResult<Reply<SessionList>> {
    let oldest = central.clock.now_ms() - ms(central.config.accounts.session_idle_s);
    let rows = sqlx::query_as::<_, Listed>(
        "select id, device_name, created_at, refreshed_at from session
         where person_id = $1 and ended_at is null and refreshed_at >= $2
         order by created_at desc, id desc",
    )
    .bind(Id(caller.person))
    .bind(oldest)
    .fetch_all(central.db.read())
    .await?;
    let info = |row: Listed| SessionInfo {
        session: row.id.0,
        device_name: row.device_name,
        created_at: row.created_at,
        used_at: row.refreshed_at,
        current: row.id.0 == caller.session,
    };
    Ok(Reply::ok(SessionList { sessions: rows.into_iter().map(info).collect() }))
}

/// `DELETE /v1/sessions/{session}`: ends one of the caller's sessions; `current` is the one that asks. Repeatable.
pub(crate) async fn end(
    State(central): State<Central>,
    caller: SignedIn,
    Path(session): Path<String>,
) -> ApiResult<StatusCode> {
    let session = match session.as_str() {
        "current" => caller.session,
        id => Uuid::parse_str(id).map_err(|_| ApiError::not_found())?,
    };
    let mut tx = central.db.begin().await?;
    let owner: Option<Id> = sqlx::query_scalar("select person_id from session where id = $1")
        .bind(Id(session))
        .fetch_optional(&mut *tx)
        .await?;
    if owner != Some(Id(caller.person)) {
        return Err(ApiError::not_found());
    }
    session::end(&mut tx, session, central.clock.now_ms(), "signed_out").await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
