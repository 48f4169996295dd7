//! `GET /v1/sync/pull`, `/snapshot` and `/commands/{id}`: what a person's devices read.

use std::time::Duration;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use prakerja_protocol::limits;
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::sync::{CommandResult, Page, SnapshotPage};
use serde::Deserialize;
use tokio::time::Instant;
use uuid::Uuid;

use super::feed::Head;
use super::token::{Cursor, SnapshotPlace};
use super::{Connection, Engine, epoch, feed, log};
use crate::error::{ApiError, ApiResult};
use crate::request::Reply;
use crate::signed_in::SignedIn;
use crate::state::Central;

#[derive(Debug, Deserialize)]
pub(super) struct PullQuery {
    cursor: Option<String>,
    limit: Option<usize>,
    /// Seconds to wait for news.
    wait: Option<u64>,
}

pub(super) async fn pull(
    State(central): State<Central>,
    who: SignedIn,
    query: Result<Query<PullQuery>, QueryRejection>,
) -> ApiResult<Reply<Page>> {
    let Query(query) = query.map_err(|_| malformed_query())?;
    let engine = engine(&central)?;
    let wait = query.wait.unwrap_or(0).min(limits::LONG_POLL_SECONDS);
    let until = Instant::now() + Duration::from_secs(wait);
    // Listening begins before reading: what is committed in between wakes.
    let mut waiter = (wait > 0).then(|| engine.wakes.listen(who.person));
    loop {
        let page = read_page(&central, engine, who.person, &query).await?;
        let Some(waiter) = waiter.as_mut() else { return Ok(Reply::ok(page)) };
        if !page.changes.is_empty() {
            return Ok(Reply::ok(page));
        }
        tokio::select! {
            () = waiter.woken() => {}
            () = tokio::time::sleep_until(until) => return Ok(Reply::ok(page)),
            () = central.stopping.cancelled() => return Ok(Reply::ok(page)),
        }
    }
}

async fn read_page(central: &Central, engine: &Engine, person: Uuid, query: &PullQuery) -> ApiResult<Page> {
    let limit = query.limit.unwrap_or(limits::PULL_ROWS).clamp(1, limits::PULL_ROWS);
    // One transaction: head, rows and hash belong together.
    let mut tx = central.db.read().begin().await?;
    let head = feed::find_head(&mut tx, person).await?.ok_or_else(closed)?;
    let (after, by) = match query.cursor.as_deref() {
        None => (0, None),
        Some(token) => {
            let cursor = engine.tokens.read::<Cursor>(token).map_err(|_| expired())?;
            if cursor.person != person {
                return Err(expired());
            }
            if cursor.epoch != central.epoch {
                return Err(restored(&mut tx, central.epoch, head).await?.into());
            }
            let here = feed::command_at(&mut tx, person, cursor.seq).await?;
            if cursor.seq > head.seq || (here.is_some() && cursor.by.is_some() && here != cursor.by) {
                tracing::error!(
                    seq = cursor.seq,
                    head = head.seq,
                    "a cursor is of another time: the database was put back from a backup and nobody accepted it"
                );
                // Where the times parted nobody knows: everything with a receipt comes again.
                let from_the_start = Head { restored: Some(0), ..head };
                return Err(restored(&mut tx, central.epoch, from_the_start).await?.into());
            }
            (cursor.seq, cursor.by)
        }
    };
    if after < head.floor {
        return Err(expired());
    }
    let keys = (&engine.keys.sealer, &engine.tokens, central.epoch);
    Ok(feed::page(&mut tx, keys, person, (after, by, head.seq), limit).await?)
}

#[derive(Debug, Deserialize)]
pub(super) struct SnapshotQuery {
    page: Option<String>,
    limit: Option<usize>,
}

pub(super) async fn snapshot(
    State(central): State<Central>,
    who: SignedIn,
    query: Result<Query<SnapshotQuery>, QueryRejection>,
) -> ApiResult<Reply<SnapshotPage>> {
    let Query(query) = query.map_err(|_| malformed_query())?;
    let engine = engine(&central)?;
    let limit = query.limit.unwrap_or(limits::PULL_ROWS).clamp(1, limits::PULL_ROWS);
    let mut tx = central.db.read().begin().await?;
    let head = feed::find_head(&mut tx, who.person).await?.ok_or_else(closed)?;
    let place = match query.page.as_deref() {
        None => (head.seq, None),
        Some(token) => {
            let place = engine.tokens.read::<SnapshotPlace>(token).map_err(|_| expired())?;
            // A page of another epoch or of a forgotten time: the client begins the snapshot again.
            if place.person != who.person || place.epoch != central.epoch || place.as_of_seq < head.floor {
                return Err(expired());
            }
            (place.as_of_seq, Some((place.kind, place.id)))
        }
    };
    let keys = (&engine.keys.sealer, &engine.tokens, central.epoch);
    Ok(Reply::ok(feed::snapshot(&mut tx, keys, who.person, place, limit).await?))
}

pub(super) async fn command(
    State(central): State<Central>,
    who: SignedIn,
    id: Result<Path<Uuid>, PathRejection>,
) -> ApiResult<Reply<CommandResult>> {
    let Path(id) = id.map_err(|_| ApiError::not_found())?;
    let engine = engine(&central)?;
    let mut connection = central.db.read().acquire().await?;
    let result = log::result_of(&mut connection, &engine.keys, who.person, id).await?;
    result.map(Reply::ok).ok_or_else(ApiError::not_found)
}

fn engine(central: &Central) -> ApiResult<&Engine> {
    central.sync.get().ok_or_else(|| ApiError::defect("no sync engine"))
}

/// 410: the client knows another time than this database does. It sends again what this one may have lost.
pub(super) async fn restored(tx: &mut Connection, epoch: Uuid, head: Head) -> ApiResult<Problem> {
    let began_at = epoch::began_at(tx).await?;
    Ok(Problem::new(ProblemCode::EpochChanged, 410, "central was restored")
        .with_detail("epoch", epoch.to_string())
        // Without a note of where the restore left this person, everything.
        .with_detail("restored_to_seq", head.restored.unwrap_or(0))
        .with_detail("restored_at", began_at))
}

/// 401: the account was closed while this request waited. Its sessions are gone with it.
fn closed() -> ApiError {
    ApiError::new(ProblemCode::SessionRevoked, 401, "the account was closed")
}

/// 410: take a snapshot.
fn expired() -> ApiError {
    Problem::new(ProblemCode::CursorExpired, 410, "the cursor is no longer known").into()
}

fn malformed_query() -> ApiError {
    ApiError::new(ProblemCode::Malformed, 400, "the query is not valid")
}
