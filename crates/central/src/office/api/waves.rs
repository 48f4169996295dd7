//! Waves, whitelists and selections over HTTP. A draw and a list go on when their request ends early:
//! they are tasks of their own.

use axum::body::Bytes;
use axum::extract::State;
use prakerja_protocol::application::{SelectionFiles, VoidedSelection};
use prakerja_selection::Beacon;
use serde::{Deserialize, Serialize};

use super::{DONE, Done, Items, action};
use crate::catalogue::WaveRow;
use crate::error::{ApiError, ApiResult};
use crate::office::operators::Operator;
use crate::office::role::Right;
use crate::office::waves::{self, Changes, Listed};
use crate::office::{Action, OfficeError, looked, noted, whitelist as lists};
use crate::request::{Json, Path, Reply};
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
    /// The same once more.
    beacon_again: String,
    #[serde(default)]
    decree: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Void {
    reason: String,
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
    let action = action(&operator, "wave.create", waves::subject_of_new(&row));
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
    let action = action(&operator, "whitelist.import", lists::subject_of_file(&body));
    operator.may(&central, Right::Waves, &action).await?;
    let work = tokio::spawn(async move {
        let list = lists::List::read(&central, &body).await?;
        let action = Action { subject: list.subject(), ..action };
        let work = async { Ok(Rows { rows: lists::import(&central, list).await? }) };
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
    let action = action(&operator, "whitelist.remove", lists::subject_of(&body.source));
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
    let beacon = Beacon { description: body.beacon, due_at_ms: body.due_at };
    let action = action(&operator, "selection.commit", waves::subject_of_commit(number, &beacon));
    operator.may(&central, Right::Waves, &action).await?;
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
    let subject = waves::subject_of_publish(number, &body.beacon_value, body.decree.as_deref());
    let action = action(&operator, "selection.publish", subject);
    operator.may(&central, Right::Waves, &action).await?;
    let work = tokio::spawn(async move {
        let work = async {
            let value = selection::typed_twice(&body.beacon_value, &body.beacon_again)?;
            Ok(selection::publish(&central, number, &value, body.decree.as_deref(), Due::Waited).await?)
        };
        noted(&central, action, work).await
    });
    answer(work).await
}

pub(super) async fn void(
    State(central): State<Central>,
    operator: Operator,
    Path(number): Path<u32>,
    Json(body): Json<Void>,
) -> ApiResult<Reply<VoidedSelection>> {
    let action = action(&operator, "selection.void", waves::subject_of_void(number, &body.reason));
    operator.may(&central, Right::Waves, &action).await?;
    let work = tokio::spawn(async move {
        let work = async { Ok(selection::void(&central, number, &body.reason).await?) };
        noted(&central, action, work).await
    });
    answer(work).await
}

/// Whoever asked may have gone meanwhile; the work goes on.
async fn answer<T>(work: tokio::task::JoinHandle<Result<T, OfficeError>>) -> ApiResult<Reply<T>> {
    Ok(Reply::ok(work.await.map_err(ApiError::internal)??))
}
