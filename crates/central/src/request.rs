//! What every handler may want to know of a request, and the marks of its answer.

use std::future::Future;

use axum::extract::{self, FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use prakerja_protocol::problem::{Marked, ProblemCode};
use prakerja_protocol::{API_MARK, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::error::ApiError;

/// A request as it entered the process. Extractor; also known to [`Reply`] and [`ApiError`] without being passed along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// The client's request id, or a new one when it sent none.
    pub request_id: Uuid,
    /// When it entered, by central's clock, Unix milliseconds. Decides first-come questions.
    pub received_at: i64,
    /// The device that says it is asking.
    pub device: Option<Uuid>,
}

tokio::task_local! {
    static ARRIVAL: Arrival;
}

impl Arrival {
    /// Reads the headers.
    pub(crate) fn of(headers: &HeaderMap, received_at: i64) -> Self {
        let id = |name| headers.get(name)?.to_str().ok().and_then(|text| Uuid::parse_str(text).ok());
        Self {
            request_id: id(header::REQUEST_ID).unwrap_or_else(Uuid::new_v4),
            received_at,
            device: id(header::DEVICE),
        }
    }

    /// Runs the rest of the request so that [`Arrival::current`] knows it.
    pub(crate) fn scope<F: Future>(self, rest: F) -> impl Future<Output = F::Output> {
        ARRIVAL.scope(self, rest)
    }

    /// The request that this task works on; none outside of one.
    pub(crate) fn current() -> Option<Self> {
        ARRIVAL.try_with(|arrival| *arrival).ok()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Arrival {
    type Rejection = ApiError;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Self::current().ok_or_else(|| ApiError::defect("a request without arrival"))
    }
}

/// A JSON answer with the marks of a genuine one.
#[derive(Debug)]
pub struct Reply<T>(pub StatusCode, pub T);

impl<T> Reply<T> {
    /// 200.
    pub fn ok(body: T) -> Self {
        Self(StatusCode::OK, body)
    }
}

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        let request_id = Arrival::current().map_or_else(Uuid::nil, |arrival| arrival.request_id);
        match serde_json::to_vec(&Marked { api: API_MARK.to_owned(), request_id, body: self.1 }) {
            Ok(json) => (self.0, [(CONTENT_TYPE, HeaderValue::from_static("application/json"))], json).into_response(),
            Err(error) => ApiError::internal(error).into_response(),
        }
    }
}

/// A JSON body. Unlike axum's own, its refusals are problems of this protocol and repeat nothing of what was sent.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let json = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|text| {
            text.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
        });
        if !json {
            return Err(ApiError::new(ProblemCode::Malformed, 415, "the body must be application/json"));
        }
        let bytes = axum::body::Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                ApiError::too_large()
            } else {
                ApiError::new(ProblemCode::Malformed, 400, "the body could not be read")
            }
        })?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            let place = format!("the body is no valid message (line {}, column {})", error.line(), error.column());
            ApiError::new(ProblemCode::Malformed, 400, place)
        })
    }
}

/// The parts of a path. Unlike axum's own, a path with other parts is a problem of this protocol.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let read = extract::Path::from_request_parts(parts, state).await;
        read.map(|extract::Path(parts)| Self(parts)).map_err(|_| ApiError::not_found())
    }
}

/// A query, likewise.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let read = extract::Query::from_request_parts(parts, state).await;
        read.map(|extract::Query(query)| Self(query))
            .map_err(|_| ApiError::new(ProblemCode::Malformed, 400, "the query is not valid"))
    }
}

/// `Idempotency-Key: "<uuid>"`, which single-resource POSTs need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdempotencyKey(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let text = parts.headers.get(header::IDEMPOTENCY_KEY).and_then(|value| value.to_str().ok());
        text.and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"'))
            .and_then(|text| Uuid::parse_str(text).ok())
            .map(Self)
            .ok_or_else(|| {
                ApiError::new(ProblemCode::IdempotencyKeyMissing, 400, "Idempotency-Key must be a UUID in quotes")
            })
    }
}
