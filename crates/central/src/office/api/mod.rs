//! `/v1/admin/…`: the office's actions over HTTP, for operators with a token. Who may do what is `super::role`'s table;
//! every request of an operator that can be read is in the audit log, refused ones too. (One whose path or body is none of
//! these is answered before: nobody knows what it asks.) `docs/operator.md` has the list.

mod cases;
mod photos;
mod staff;
mod waves;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, post};
use prakerja_protocol::problem::{Problem, ProblemCode};
use serde::Serialize;

use super::operators::Operator;
use super::whitelist::MOST_BYTES;
use super::{Action, OfficeError};
use crate::error::ApiError;
use crate::state::Central;

/// Where a whitelist is posted: its body may be longer than others.
pub(crate) const WHITELIST: &str = "/v1/admin/whitelist";

/// Routes below `/v1/admin`.
pub(crate) fn router() -> Router<Central> {
    Router::new()
        .route("/v1/admin/cases/{number}", get(cases::show))
        .route("/v1/admin/cases/{number}/block", post(cases::block))
        .route("/v1/admin/cases/{number}/unblock", post(cases::unblock))
        .route("/v1/admin/cases/{number}/email", post(cases::email))
        .route("/v1/admin/cases/{number}/face", post(cases::face))
        .route("/v1/admin/cases/{number}/reopen", post(cases::reopen))
        .route("/v1/admin/cases/{number}/membership", post(cases::membership))
        .route("/v1/admin/photos", get(photos::list))
        .route("/v1/admin/photos/{document}", get(photos::picture))
        .route("/v1/admin/photos/{document}/accept", post(photos::accept))
        .route("/v1/admin/photos/{document}/refuse", post(photos::refuse))
        .route("/v1/admin/appeals", get(cases::appeals))
        .route("/v1/admin/appeals/{id}/answer", post(cases::answer))
        .route("/v1/admin/waves", get(waves::list).post(waves::create))
        .route("/v1/admin/waves/{number}", post(waves::set))
        .route("/v1/admin/waves/{number}/open", post(waves::open))
        .route("/v1/admin/waves/{number}/close", post(waves::close))
        .route("/v1/admin/waves/{number}/selection", get(waves::progress))
        .route("/v1/admin/waves/{number}/selection/commit", post(waves::commit))
        .route("/v1/admin/waves/{number}/selection/publish", post(waves::publish))
        .route("/v1/admin/waves/{number}/selection/void", post(waves::void))
        .route(WHITELIST, post(waves::whitelist).layer(DefaultBodyLimit::max(MOST_BYTES)))
        .route("/v1/admin/whitelist/remove", post(waves::unlist))
        .route("/v1/admin/operators", get(staff::list).post(staff::add))
        .route("/v1/admin/operators/{name}", delete(staff::revoke))
        .route("/v1/admin/audit", get(staff::audit))
        .route("/v1/admin/audit/verify", get(staff::verify))
}

/// Several things.
#[derive(Debug, Serialize)]
struct Items<T> {
    items: Vec<T>,
}

/// Nothing to say but that it was done.
#[derive(Debug, Serialize)]
struct Done {
    done: bool,
}

const DONE: Done = Done { done: true };

fn action(operator: &Operator, what: &'static str, subject: impl Into<String>) -> Action {
    Action { who: operator.name.clone(), what, subject: subject.into() }
}

impl From<OfficeError> for ApiError {
    fn from(error: OfficeError) -> Self {
        let refused = |text: String, code: &str| {
            let (problem, status) = match code {
                "case-unknown" | "wave-unknown" | "source-unknown" | "not-found" | "unknown" => {
                    (ProblemCode::NotFound, 404)
                }
                _ => (ProblemCode::StepRefused, 409),
            };
            Problem::new(problem, status, text).with_detail("reason", code).into()
        };
        match error {
            OfficeError::Refused { code, text } => refused(text, code),
            OfficeError::Selection(error) if error.is_refusal() => refused(error.to_string(), error.code()),
            OfficeError::Selection(error) => Self::internal(error),
            OfficeError::Rows(rows) => {
                Problem::new(ProblemCode::Validation, 422, "rows are wrong, nothing was written")
                    .with_detail("rows", rows)
                    .into()
            }
            OfficeError::Internal(text) => Self::internal(text),
        }
    }
}
