//! One log line per request: what kind, how it ended, how long, and what the client says of its queue. No query, no ids of
//! persons, no address: the path is the route's pattern.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use prakerja_protocol::header;
use tracing::Level;

use crate::request::Arrival;

/// Logs the request when it has an answer.
pub(super) async fn trace(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let outbox = request.headers().get(header::OUTBOX).and_then(|value| value.to_str().ok()).and_then(outbox);
    let response = next.run(request).await;
    let request_id = Arrival::current().map(|arrival| tracing::field::display(arrival.request_id));
    let status = response.status().as_u16();
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let route = route.as_deref().unwrap_or("-");
    let (waiting, oldest_s) = outbox.unzip();
    if status >= 500 {
        tracing::event!(Level::WARN, %method, route, status, ms, waiting, oldest_s, request_id, "request");
    } else {
        tracing::event!(Level::INFO, %method, route, status, ms, waiting, oldest_s, request_id, "request");
    }
    response
}

/// `n=<waiting>;oldest=<seconds>`; numbers only, so that nobody writes anything else into the log.
fn outbox(text: &str) -> Option<(u64, u64)> {
    let (waiting, oldest) = text.split_once(';')?;
    Some((waiting.strip_prefix("n=")?.parse().ok()?, oldest.strip_prefix("oldest=")?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::outbox;

    #[test]
    fn only_numbers_get_into_the_log() {
        let cases = [
            ("n=3;oldest=86400", Some((3, 86_400))),
            ("n=0;oldest=0", Some((0, 0))),
            ("n=3", None),
            ("n=-1;oldest=0", None),
            ("n=sari@contoh.id;oldest=0", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(outbox(text), expected, "{text}");
        }
    }
}
