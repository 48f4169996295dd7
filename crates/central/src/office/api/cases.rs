//! Cases and appeals over HTTP.

use axum::extract::State;
use jiff::Timestamp;
use prakerja_protocol::registration::BlockReason;
use serde::Deserialize;
use uuid::Uuid;

use super::{DONE, Done, Items, action};
use crate::error::ApiResult;
use crate::office::address::{self, AddressReason};
use crate::office::appeals::{self, Waiting};
use crate::office::cases::{self, UnblockReason, View, subject, subject_with, word};
use crate::office::memberships;
use crate::office::operators::Operator;
use crate::office::role::Right;
use crate::office::{looked, noted};
use crate::registration::reopen::Part;
use crate::request::{Json, Path, Reply};
use crate::state::Central;
use crate::waves::MembershipChange;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Block {
    reason: BlockReason,
    #[serde(default)]
    note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unblock {
    reason: UnblockReason,
    #[serde(default)]
    note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAddress {
    email: String,
    reason: AddressReason,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Membership {
    change: MembershipChange,
    #[serde(default)]
    bought_at: Option<Timestamp>,
    #[serde(default)]
    note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Face {
    verified: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reopen {
    part: Part,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    granted: bool,
    text: String,
}

pub(super) async fn show(
    State(central): State<Central>,
    operator: Operator,
    Path(number): Path<String>,
) -> ApiResult<Reply<View>> {
    let action = action(&operator, "case.show", subject(&number));
    operator.may(&central, Right::Look, &action).await?;
    let view = looked(&central, action, cases::show(&central, &number)).await?;
    Ok(Reply::ok(if operator.role.has(Right::Cases) { view } else { view.without_words() }))
}

pub(super) async fn block(
    State(central): State<Central>,
    operator: Operator,
    Path(number): Path<String>,
    Json(body): Json<Block>,
) -> ApiResult<Reply<Done>> {
    let action = action(&operator, "case.block", subject_with(&number, word(body.reason)));
    operator.may(&central, Right::Cases, &action).await?;
    noted(&central, action, cases::block(&central, &number, body.reason, body.note)).await?;
    Ok(Reply::ok(DONE))
}

pub(super) async fn unblock(
    State(central): State<Central>,
    operator: Operator,
    Path(number): Path<String>,
    Json(body): Json<Unblock>,
) -> ApiResult<Reply<Done>> {
    let action = action(&operator, "case.unblock", subject_with(&number, body.reason.word()));
    operator.may(&central, Right::Cases, &action).await?;
    noted(&central, action, cases::unblock(&central, &number, body.note)).await?;
    Ok(Reply::ok(DONE))
}

pub(super) async fn email(
    State(central): State<Central>,
    operator: Operator,
    Path(number): Path<String>,
    Json(body): Json<NewAddress>,
) -> ApiResult<Reply<Done>> {
    let action = action(&operator, "case.email", subject_with(&number, body.reason.word()));
    operator.may(&central, Right::Cases, &action).await?;
    noted(&central, action, address::change(&central, &number, &body.email)).await?;
    Ok(Reply::ok(DONE))
}

pub(super) async fn face(
    State(central): State<Central>,
    operator: Operator,
    Path(number): Path<String>,
    Json(body): Json<Face>,
) -> ApiResult<Reply<Done>> {
    let what = if body.verified { "face.accept" } else { "face.refuse" };
    let action = action(&operator, what, subject(&number));
    operator.may(&central, Right::Cases, &action).await?;
    noted(&central, action, cases::decide_face(&central, &number, body.verified)).await?;
    Ok(Reply::ok(DONE))
}

pub(super) async fn reopen(
    State(central): State<Central>,
    operator: Operator,
    Path(number): Path<String>,
    Json(body): Json<Reopen>,
) -> ApiResult<Reply<Done>> {
    let action = action(&operator, "case.reopen", subject_with(&number, body.part.word()));
    operator.may(&central, Right::Cases, &action).await?;
    noted(&central, action, cases::reopen(&central, &number, body.part, &body.reason)).await?;
    Ok(Reply::ok(DONE))
}

pub(super) async fn membership(
    State(central): State<Central>,
    operator: Operator,
    Path(number): Path<String>,
    Json(body): Json<Membership>,
) -> ApiResult<Reply<Done>> {
    let subject = memberships::subject_with(&number, body.bought_at);
    let action = action(&operator, memberships::what(body.change), subject);
    operator.may(&central, Right::Cases, &action).await?;
    noted(&central, action, memberships::change(&central, &number, (body.change, body.bought_at), body.note)).await?;
    Ok(Reply::ok(DONE))
}

pub(super) async fn appeals(State(central): State<Central>, operator: Operator) -> ApiResult<Reply<Items<Waiting>>> {
    let action = action(&operator, "appeal.list", "");
    operator.may(&central, Right::Cases, &action).await?;
    Ok(Reply::ok(Items { items: looked(&central, action, appeals::list(&central)).await? }))
}

pub(super) async fn answer(
    State(central): State<Central>,
    operator: Operator,
    Path(id): Path<Uuid>,
    Json(body): Json<Answer>,
) -> ApiResult<Reply<Done>> {
    let what = if body.granted { "appeal.grant" } else { "appeal.refuse" };
    let action = action(&operator, what, format!("appeal {id}"));
    operator.may(&central, Right::Cases, &action).await?;
    noted(&central, action, appeals::answer(&central, id, body.granted, &body.text)).await?;
    Ok(Reply::ok(DONE))
}
