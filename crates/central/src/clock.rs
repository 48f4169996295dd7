//! Central's clock. One place asks the operating system, so that tests can move time without waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Where time comes from.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The operating system.
    #[default]
    System,
    /// A clock that a test moves.
    Fake(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still at `now_ms` until [`Clock::advance_ms`].
    pub fn fake(now_ms: i64) -> Self {
        Self::Fake(Arc::new(AtomicI64::new(now_ms)))
    }

    /// Unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
            }
            Self::Fake(now) => now.load(Ordering::SeqCst),
        }
    }

    /// Moves a fake clock; the operating system's does not move.
    pub fn advance_ms(&self, by: i64) {
        if let Self::Fake(now) = self {
            now.fetch_add(by, Ordering::SeqCst);
        }
    }
}
