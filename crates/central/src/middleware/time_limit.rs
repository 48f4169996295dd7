//! The longest time of a request. A transaction that is cut off rolls back, and the client sends the same bytes again.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prakerja_protocol::limits::LONG_POLL_SECONDS;

use super::admission::Class;
use crate::error::ApiError;
use crate::state::Central;

/// Answers 503 when the request takes too long.
pub(super) async fn limit(State(central): State<Central>, request: Request, next: Next) -> Response {
    let waiting = if Class::of(&request) == Some(Class::WaitingPull) { LONG_POLL_SECONDS } else { 0 };
    let longest = Duration::from_secs(central.config.limits.request_timeout_s + waiting);
    match tokio::time::timeout(longest, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::busy(5_000).into_response(),
    }
}
