//! Central's clock. One place asks the operating system, so that tests can move time without waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::Notify;

/// Seconds of a configuration in the milliseconds of the database.
pub(crate) fn ms(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX / 1_000).saturating_mul(1_000)
}

/// Milliseconds to wait, never negative.
pub(crate) fn wait(until: i64, now: i64) -> u64 {
    u64::try_from(until.saturating_sub(now)).unwrap_or(0)
}

/// Where time comes from.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The operating system.
    #[default]
    System,
    /// A clock that a test moves.
    Fake(Arc<Moved>),
}

/// The time of a clock that a test moves.
#[derive(Debug)]
pub struct Moved {
    now: AtomicI64,
    moved: Arc<Notify>,
}

impl Clock {
    /// A clock that stands still at `now_ms` until [`Clock::advance_ms`].
    pub fn fake(now_ms: i64) -> Self {
        Self::Fake(Arc::new(Moved { now: AtomicI64::new(now_ms), moved: Arc::default() }))
    }

    /// Unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
            }
            Self::Fake(clock) => clock.now.load(Ordering::SeqCst),
        }
    }

    /// Moves a fake clock; the operating system's does not move.
    pub fn advance_ms(&self, by: i64) {
        if let Self::Fake(clock) = self {
            clock.now.fetch_add(by, Ordering::SeqCst);
            clock.moved.notify_waiters();
        }
    }

    /// Until a test moves this clock, from the call on; for tasks that sleep until a time. The operating system's clock
    /// never ends it.
    pub(crate) fn moved(&self) -> impl Future<Output = ()> {
        let moved = match self {
            Self::System => None,
            // What moves between this call and the first poll counts.
            Self::Fake(clock) => Some(Arc::clone(&clock.moved).notified_owned()),
        };
        async move {
            match moved {
                Some(moved) => moved.await,
                None => std::future::pending().await,
            }
        }
    }
}
