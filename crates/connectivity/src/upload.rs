//! How fast can a photo be sent: a small upload, then a larger one whose last half is timed.
//!
//! The small one is small enough to end in time on a line of 16 kbit/s. What it shows is a lower bound; a slower line
//! that does not get it through in time is no broken one, and the time shows how fast it is at most. What a program
//! hands over sits in the system's buffers for a while, so the clock stops only when central says that it has
//! everything.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::stream;
use prakerja_protocol::limits::SINK_BYTES;
use rand::RngCore;
use reqwest::Body;
use tokio::time::{Instant, timeout};

use crate::api::Api;
use crate::target::Limits;

const FIRST_BYTES: usize = 16 * 1024;
const PIECE_BYTES: usize = 8 * 1024;

/// What the upload came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Upload {
    /// At least so many bit/s.
    Speed(f64),
    /// At most so many bit/s: it did not end in time.
    AtMost(f64),
    /// The network broke it.
    Broken,
    /// Central, or something on the way, does not take it: nothing is known.
    Refused,
}

/// Measures.
pub(crate) async fn measure(api: &Api, limits: &Limits) -> Upload {
    let deadline = Instant::now() + limits.upload;
    let mut first = send(api, FIRST_BYTES, limits.upload, deadline).await;
    if first == Upload::Broken {
        first = send(api, FIRST_BYTES, limits.upload, deadline).await;
    }
    let Upload::Speed(first) = first else { return first };
    // What a slow line took for the small one leaves no time for the large one.
    if deadline.saturating_duration_since(Instant::now()) < limits.upload_sending {
        return Upload::Speed(first);
    }
    match send(api, SINK_BYTES, limits.upload_sending, deadline).await {
        Upload::Speed(second) => Upload::Speed(first.max(second)),
        _ => Upload::Speed(first),
    }
}

/// Moments at which so many bytes had been handed over.
type Marks = Arc<Mutex<Vec<(Instant, usize)>>>;

async fn send(api: &Api, bytes: usize, sending: Duration, deadline: Instant) -> Upload {
    // Random bytes: a line that compresses would flatter itself.
    let mut piece = vec![0; PIECE_BYTES];
    rand::thread_rng().fill_bytes(&mut piece);
    let marks = Marks::default();
    let begun = Instant::now();
    let body = stream::unfold((0, marks.clone()), move |(sent, marks)| {
        let piece = piece.clone();
        async move {
            if sent >= bytes || begun.elapsed() >= sending {
                return None;
            }
            let sent = sent + piece.len();
            marks.lock().unwrap_or_else(PoisonError::into_inner).push((Instant::now(), sent));
            Some((Ok::<_, std::io::Error>(piece), (sent, marks)))
        }
    });
    let left = deadline.saturating_duration_since(begun);
    match timeout(left, api.sink().body(Body::wrap_stream(body)).send()).await {
        Ok(Ok(response)) if response.status().is_success() => {
            let marks = marks.lock().unwrap_or_else(PoisonError::into_inner);
            Upload::Speed(speed(begun, &marks, Instant::now()))
        }
        Ok(Ok(_)) => Upload::Refused,
        Ok(Err(_)) => Upload::Broken,
        Err(_) => Upload::AtMost(bytes as f64 * 8.0 / left.as_secs_f64().max(1e-6)),
    }
}

/// Two lower bounds of the speed, the better one: all bytes over all the time, and the last half over its time (which
/// leaves out the slow start).
fn speed(begun: Instant, marks: &[(Instant, usize)], done: Instant) -> f64 {
    let Some((_, total)) = marks.last() else { return 0.0 };
    let rate =
        |bytes: usize, from: Instant| bytes as f64 * 8.0 / done.saturating_duration_since(from).as_secs_f64().max(1e-6);
    let half = marks.iter().find(|(_, sent)| *sent >= total / 2);
    let whole = rate(*total, begun);
    half.map_or(whole, |(at, sent)| whole.max(rate(total - sent, *at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_half_counts_when_the_start_was_slow() {
        let begun = Instant::now();
        let at = |ms: u64, sent: usize| (begun + Duration::from_millis(ms), sent);
        // 100 kB in 2 s, the last half of it in half a second.
        let marks = [at(0, 10_000), at(1_500, 50_000), at(1_800, 100_000)];
        let done = begun + Duration::from_secs(2);
        assert!((speed(begun, &marks, done) - 800_000.0).abs() < 1.0);
        // Everything went into a buffer at once: only the whole tells something.
        let marks = [at(0, 50_000), at(0, 100_000)];
        assert!((speed(begun, &marks, done) - 400_000.0).abs() < 1.0);
        assert_eq!(speed(begun, &[], done), 0.0);
    }
}
