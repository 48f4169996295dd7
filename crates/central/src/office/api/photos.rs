//! Photos over HTTP.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use prakerja_domain::registration::DocumentRefusal;
use serde::Deserialize;
use uuid::Uuid;

use super::{DONE, Done, Items, action};
use crate::error::ApiResult;
use crate::office::operators::Operator;
use crate::office::photos::{self, Waiting};
use crate::office::role::Right;
use crate::office::{looked, noted};
use crate::request::{Json, Path, Reply};
use crate::state::Central;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Refuse {
    reason: DocumentRefusal,
    #[serde(default)]
    note: Option<String>,
}

pub(super) async fn list(State(central): State<Central>, operator: Operator) -> ApiResult<Reply<Items<Waiting>>> {
    let action = action(&operator, "photo.list", "");
    operator.may(&central, Right::Cases, &action).await?;
    Ok(Reply::ok(Items { items: looked(&central, action, photos::list(&central)).await? }))
}

pub(super) async fn picture(
    State(central): State<Central>,
    operator: Operator,
    Path(document): Path<Uuid>,
) -> ApiResult<Response> {
    let action = action(&operator, "photo.show", photos::subject(document));
    operator.may(&central, Right::Cases, &action).await?;
    let jpeg = looked(&central, action, photos::picture(&central, document)).await?;
    Ok(([(CONTENT_TYPE, "image/jpeg"), (CACHE_CONTROL, "no-store")], jpeg).into_response())
}

pub(super) async fn accept(
    State(central): State<Central>,
    operator: Operator,
    Path(document): Path<Uuid>,
) -> ApiResult<Reply<Done>> {
    let action = action(&operator, "photo.accept", photos::subject(document));
    operator.may(&central, Right::Cases, &action).await?;
    noted(&central, action, photos::accept(&central, document)).await?;
    Ok(Reply::ok(DONE))
}

pub(super) async fn refuse(
    State(central): State<Central>,
    operator: Operator,
    Path(document): Path<Uuid>,
    Json(body): Json<Refuse>,
) -> ApiResult<Reply<Done>> {
    let action = action(&operator, "photo.refuse", photos::subject_with(document, body.reason));
    operator.may(&central, Right::Cases, &action).await?;
    noted(&central, action, photos::refuse(&central, document, body.reason, body.note)).await?;
    Ok(Reply::ok(DONE))
}
