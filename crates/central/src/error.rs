//! The one way in which a request fails: a problem of the protocol, or a defect that is logged and shown as one.
//!
//! Status, body and log line are decided here and once. Texts carry no personal data.

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use prakerja_domain::field::FieldError;
use prakerja_protocol::API_MARK;
use prakerja_protocol::problem::{MEDIA_TYPE, Problem, ProblemCode};

use crate::request::Arrival;

/// Why a request was not carried out.
#[derive(Debug)]
pub enum ApiError {
    /// The client can know why.
    Problem(Box<Problem>),
    /// It cannot: 500, and the cause in the log.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// Result of a handler.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// A problem; `title` is for logs and support, without personal data.
    pub fn new(code: ProblemCode, status: u16, title: impl Into<String>) -> Self {
        Self::Problem(Box::new(Problem::new(code, status, title)))
    }

    /// A failure that the client did not cause.
    pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(error.into())
    }

    /// Something that cannot happen did.
    pub fn defect(what: &'static str) -> Self {
        Self::Internal(what.into())
    }

    /// 404.
    pub fn not_found() -> Self {
        Self::new(ProblemCode::NotFound, 404, "there is no such thing")
    }

    /// 413.
    pub fn too_large() -> Self {
        Self::new(ProblemCode::TooLarge, 413, "the body is too large")
    }

    /// 422 with the wrong fields.
    pub fn validation(fields: Vec<FieldError>) -> Self {
        Problem::new(ProblemCode::Validation, 422, "fields are not valid").with_fields(fields).into()
    }

    /// 403: the operator locked the account.
    pub fn account_locked() -> Self {
        Self::new(ProblemCode::AccountLocked, 403, "the account is locked")
    }

    /// 503: try again after `wait_ms`.
    pub fn busy(wait_ms: u64) -> Self {
        Problem::new(ProblemCode::Busy, 503, "central is busy").with_retry_after_ms(wait_ms).into()
    }

    /// 429: try again after `wait_ms`.
    pub fn rate_limited(wait_ms: u64) -> Self {
        Problem::new(ProblemCode::RateLimited, 429, "too many requests").with_retry_after_ms(wait_ms).into()
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            // Nothing was done: the client may send the same bytes again.
            sqlx::Error::PoolTimedOut => Self::busy(2_000),
            other if crate::db::is_busy(&other) => Self::busy(2_000),
            other => Self::internal(other),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let arrival = Arrival::current();
        let request_id = arrival.map(|arrival| arrival.request_id);
        let mut problem = match self {
            Self::Problem(problem) => {
                let code = serde_json::to_value(problem.code).unwrap_or_default();
                tracing::debug!(code = code.as_str(), status = problem.status, "request refused");
                *problem
            }
            Self::Internal(error) => {
                tracing::error!(request_id = request_id.map(tracing::field::display), cause = %chain(&*error), "request failed");
                Problem::new(ProblemCode::Internal, 500, "central has a defect; it is logged")
            }
        };
        problem.api = Some(API_MARK.to_owned());
        problem.request_id = request_id;
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // A struct of texts and numbers cannot fail to serialise.
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, [(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE))], body).into_response();
        if let Some(wait) = problem.retry_after_ms {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.div_ceil(1000)));
        }
        response
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
