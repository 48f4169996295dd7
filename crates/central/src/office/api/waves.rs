//! Waves, whitelists and selections over HTTP. A draw and a list go on when their request ends early:
//! they are tasks of their own.

use axum::body::Bytes;
use axum::extract::{Path, State};
use prakerja_protocol::application::SelectionFiles;
use prakerja_selection::Beacon;
use serde::{Deserialize, Serialize};

use super::{DONE, Done, Items, action};
use crate::catalogue::WaveRow;
use crate::error::{ApiError, ApiResult};
use crate::office::operators::Operator;
use crate::office::role::Right;
use crate::office::waves::{self, Changes, Listed};
use crate::office::{OfficeError, looked, noted, whitelist as lists};
use crate::request::{Json, Reply};
use crate::state::Central;
use crate::waves::selection::{self, Due, Outcome, Progress};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Commit {
    beacon: String,
    /// When the value becomes known, Unix milliseconds.
    due_at: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Publish {
    beacon_value: String,
    #[serde(default)]
    decree: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Rows {
    rows: usize,
}

pub(super) async fn list(State(central): State<Central>, operator: Operator) -> ApiResult<Reply<Items<Listed>>> {
    let action = action(&operator, "wave.list", "");
    operator.may(&central, Right::Look, &action).await?;
    Ok(Reply::ok(Items { items: looked(&central, action, waves::list(&central)).await? }))
}

pub(super) async fn create(
    State(central): State<Central>,
    operator: Operator,
    Json(row): Json<WaveRow>,
) -> ApiResult<Reply<Done>> {
    let action = action(&operator, "wave.create", format!("wave {}", row.number));
    operator.may(&central, Right::Waves, &action).await?;
    noted(&central, action, waves::create(&central, row)).await?;
    Ok(Reply::ok(DONE))
}

pub(super) async fn set(
    State(central): State<Central>,
    operator: Operator,
    Path(number): Path<u32>,
    Json(changes): Json<Changes>,
) -> ApiResult<Reply<Done>> {
    let action = action(&operator, "wave.set", waves::subject_with(number, &changes));
    operator.may(&central, Right::Waves, &action).await?;
    noted(&central, action, waves::set(&central, number, changes)).await?;
    Ok(Reply::ok(DONE))
}

pub(super) async fn open(
    State(central): State<Central>,
    operator: Operator,
    Path(number): Path<u32>,
) -> ApiResult<Reply<Done>> {
    let action = action(&operator, "wave.open", format!("wave {number}"));
    operator.may(&central, Right::Waves, &action).await?;
    noted(&central, action, waves::open(&central, number)).await?;
    Ok(Reply::ok(DONE))
}

pub(super) async fn close(
    State(central): State<Central>,
    operator: Operator,
    Path(number): Path<u32>,
) -> ApiResult<Reply<Done>> {
    let action = action(&operator, "wave.close", format!("wave {number}"));
    operator.may(&central, Right::Waves, &action).await?;
    noted(&central, action, waves::close(&central, number)).await?;
    Ok(Reply::ok(DONE))
}

pub(super) async fn whitelist(
    State(central): State<Central>,
    operator: Operator,
    body: Bytes,
) -> ApiResult<Reply<Rows>> {
    let action = action(&operator, "whitelist.import", "");
    operator.may(&central, Right::Waves, &action).await?;
    let work = tokio::spawn(async move {
        let work = async { Ok(Rows { rows: lists::import(&central, &body).await? }) };
        noted(&central, action, work).await
    });
    answer(work).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    source: String,
}

pub(super) async fn unlist(
    State(central): State<Central>,
    operator: Operator,
    Json(body): Json<Source>,
) -> ApiResult<Reply<Rows>> {
    let action = action(&operator, "whitelist.remove", lists::subject(&body.source));
    operator.may(&central, Right::Waves, &action).await?;
    let work = tokio::spawn(async move {
        let work = async { Ok(Rows { rows: lists::remove(&central, &body.source).await? }) };
        noted(&central, action, work).await
    });
    answer(work).await
}

pub(super) async fn progress(
    State(central): State<Central>,
    operator: Operator,
    Path(number): Path<u32>,
) -> ApiResult<Reply<Progress>> {
    let action = action(&operator, "selection.status", format!("wave {number}"));
    operator.may(&central, Right::Look, &action).await?;
    let progress = async { Ok(selection::progress(&central, number).await?) };
    Ok(Reply::ok(looked(&central, action, progress).await?))
}

pub(super) async fn commit(
    State(central): State<Central>,
    operator: Operator,
    Path(number): Path<u32>,
    Json(body): Json<Commit>,
) -> ApiResult<Reply<SelectionFiles>> {
    let action = action(&operator, "selection.commit", format!("wave {number}"));
    operator.may(&central, Right::Waves, &action).await?;
    let beacon = Beacon { description: body.beacon, due_at_ms: body.due_at };
    let work = tokio::spawn(async move {
        let work = async { Ok(selection::commit(&central, number, beacon).await?) };
        noted(&central, action, work).await
    });
    answer(work).await
}

pub(super) async fn publish(
    State(central): State<Central>,
    operator: Operator,
    Path(number): Path<u32>,
    Json(body): Json<Publish>,
) -> ApiResult<Reply<Outcome>> {
    let action = action(&operator, "selection.publish", format!("wave {number}"));
    operator.may(&central, Right::Waves, &action).await?;
    let work = tokio::spawn(async move {
        let (value, decree) = (body.beacon_value.as_str(), body.decree.as_deref());
        let work = async { Ok(selection::publish(&central, number, value, decree, Due::Waited).await?) };
        noted(&central, action, work).await
    });
    answer(work).await
}

/// Whoever asked may have gone meanwhile; the work goes on.
async fn answer<T>(work: tokio::task::JoinHandle<Result<T, OfficeError>>) -> ApiResult<Reply<T>> {
    Ok(Reply::ok(work.await.map_err(ApiError::internal)??))
}
