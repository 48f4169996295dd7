//! The marks by which a client knows an answer as ours, on every answer: also on errors, refusals and unknown paths.

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, DATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use prakerja_protocol::problem::{MEDIA_TYPE, ProblemCode};
use prakerja_protocol::{API_MARK, header};

use super::body::PHONE_PAGE;
use crate::documents;
use crate::error::ApiError;
use crate::request::Arrival;
use crate::state::Central;
use crate::sync::TurnedAway;

/// What may have a deadline.
const PUSH: &str = "/v1/sync/push";

/// Outermost layer: notes the arrival, runs the rest, marks the answer.
pub(super) async fn mark(State(central): State<Central>, request: Request, next: Next) -> Response {
    let arrival = Arrival::of(request.headers(), central.clock.now_ms());
    let path = request.uri().path();
    let (is_push, phone) = (path == PUSH, path.starts_with(PHONE_PAGE));
    let digests = request.headers().get(header::COMMAND_DIGESTS).filter(|_| is_push).cloned();
    let mut response = arrival
        .scope(async {
            let response = next.run(request).await;
            let refusal = is_refusal(&response) && response.extensions().get::<Page>().is_none();
            if refusal && phone {
                documents::page_of(&central, &response)
            } else if refusal && !is_problem(&response) {
                dress(&response)
            } else {
                response
            }
        })
        .await;
    let seen = digests.filter(|_| is_turned_away(&response)).and_then(|digests| {
        // Whoever turned it away, before or after its body was read: one place attests it.
        central.sync.get()?.attest(digests.to_str().ok()?, &arrival)
    });
    let now = central.clock.now_ms();
    let headers = response.headers_mut();
    headers.insert(header::API, HeaderValue::from_static(API_MARK));
    headers.insert(header::SERVER_TIME, HeaderValue::from(now));
    if let Ok(id) = HeaderValue::try_from(arrival.request_id.to_string()) {
        headers.insert(header::REQUEST_ID, id);
    }
    if let Some(seen) = seen {
        headers.insert(header::SEEN, seen);
    }
    if let Some(date) = http_date(now) {
        headers.insert(DATE, date);
    }
    // A route that may be cached (the catalogue) says so itself.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Central had no room for the request, or for a part of it: the client comes again.
fn is_turned_away(response: &Response) -> bool {
    matches!(response.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
        || response.extensions().get::<TurnedAway>().is_some()
}

/// A page for people: its refusals are words, not problems.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page;

fn is_refusal(response: &Response) -> bool {
    response.status().is_client_error() || response.status().is_server_error()
}

fn is_problem(response: &Response) -> bool {
    response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == MEDIA_TYPE)
}

/// A refusal that the framework made (a path that does not parse, an encoding that nobody knows) has no problem body.
fn dress(naked: &Response) -> Response {
    let status = naked.status();
    let code = match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => ProblemCode::NotFound,
        StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::TooLarge,
        _ if status.is_client_error() => ProblemCode::Malformed,
        _ => ProblemCode::Internal,
    };
    let title = status.canonical_reason().unwrap_or("refused");
    let mut response = ApiError::new(code, status.as_u16(), title).into_response();
    carry_over(naked.headers(), response.headers_mut());
    response
}

fn carry_over(from: &HeaderMap, to: &mut HeaderMap) {
    if let Some(allow) = from.get(axum::http::header::ALLOW) {
        to.insert(axum::http::header::ALLOW, allow.clone());
    }
}

/// `Date` by central's clock, so that it never differs from `X-Server-Time`.
fn http_date(now_ms: i64) -> Option<HeaderValue> {
    let time = Timestamp::from_millisecond(now_ms).ok()?;
    HeaderValue::try_from(jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&time).ok()?).ok()
}
