//! Operators and the audit log over HTTP, for admins.

use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::{DONE, Done, Items, action};
use crate::error::ApiResult;
use crate::office::audit::{self as log, Entry};
use crate::office::operators::{self, Listed, Operator};
use crate::office::role::{Right, Role};
use crate::office::{looked, noted};
use crate::request::{Json, Path, Query, Reply};
use crate::state::Central;

/// Rows of the log in one answer.
const ROWS: u32 = 500;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOperator {
    name: String,
    role: Role,
}

#[derive(Debug, Serialize)]
pub(super) struct NewToken {
    token: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct After {
    #[serde(default)]
    after: i64,
}

#[derive(Debug, Serialize)]
pub(super) struct Verdict {
    /// Rows that are as they were written.
    rows: Option<i64>,
    /// What is wrong.
    broken: Option<String>,
}

pub(super) async fn list(State(central): State<Central>, operator: Operator) -> ApiResult<Reply<Items<Listed>>> {
    let action = action(&operator, "operator.list", "");
    operator.may(&central, Right::Office, &action).await?;
    Ok(Reply::ok(Items { items: looked(&central, action, operators::list(&central)).await? }))
}

pub(super) async fn add(
    State(central): State<Central>,
    operator: Operator,
    Json(body): Json<NewOperator>,
) -> ApiResult<Reply<NewToken>> {
    let action = action(&operator, "operator.add", operators::subject_of_new(&body.name, body.role));
    operator.may(&central, Right::Office, &action).await?;
    let token = noted(&central, action, operators::add(&central, &body.name, body.role)).await?;
    Ok(Reply::ok(NewToken { token }))
}

pub(super) async fn revoke(
    State(central): State<Central>,
    operator: Operator,
    Path(name): Path<String>,
) -> ApiResult<Reply<Done>> {
    let action = action(&operator, "operator.revoke", operators::subject(&name));
    operator.may(&central, Right::Office, &action).await?;
    noted(&central, action, operators::revoke(&central, &name)).await?;
    Ok(Reply::ok(DONE))
}

pub(super) async fn audit(
    State(central): State<Central>,
    operator: Operator,
    Query(query): Query<After>,
) -> ApiResult<Reply<Items<Entry>>> {
    let action = action(&operator, "audit.show", "");
    operator.may(&central, Right::Office, &action).await?;
    Ok(Reply::ok(Items { items: looked(&central, action, log::list(&central, query.after, ROWS)).await? }))
}

pub(super) async fn verify(State(central): State<Central>, operator: Operator) -> ApiResult<Reply<Verdict>> {
    let action = action(&operator, "audit.verify", "");
    operator.may(&central, Right::Office, &action).await?;
    let verdict = match looked(&central, action, log::verify(&central)).await? {
        Ok(rows) => Verdict { rows: Some(rows), broken: None },
        Err(broken) => Verdict { rows: None, broken: Some(broken.to_string()) },
    };
    Ok(Reply::ok(verdict))
}
