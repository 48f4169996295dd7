//! The longest time of a request. A transaction that is cut off rolls back, and the client sends the same bytes again.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prakerja_protocol::limits::LONG_POLL_SECONDS;

use super::admission::Class;
use super::body::PHONE_PAGE;
use crate::error::ApiError;
use crate::state::Central;

/// A phone sends a photo of several megabytes in one request: with 256 kbit/s that takes four minutes.
const PHOTO_SECONDS: u64 = 240;

/// Answers 503 when the request takes too long.
pub(super) async fn limit(State(central): State<Central>, request: Request, next: Next) -> Response {
    let waiting = match Class::of(&request) {
        Some(Class::WaitingPull) => LONG_POLL_SECONDS,
        _ if request.uri().path().starts_with(PHONE_PAGE) => PHOTO_SECONDS,
        _ => 0,
    };
    let longest = Duration::from_secs(central.config.limits.request_timeout_s + waiting);
    match tokio::time::timeout(longest, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::busy(5_000).into_response(),
    }
}
