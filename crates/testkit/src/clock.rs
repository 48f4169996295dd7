//! A wall clock that a test sets, for code that takes its clock as a function.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A wall clock under the test's control. Clones share the time.
#[derive(Debug, Clone)]
pub struct FakeClock(Arc<AtomicI64>);

impl FakeClock {
    /// A clock that stands at a Unix time in milliseconds.
    pub fn at(now_ms: i64) -> Self {
        Self(Arc::new(AtomicI64::new(now_ms)))
    }

    /// A clock that stands at this computer's present time.
    pub fn at_real_time() -> Self {
        Self::at(real_now_ms())
    }

    /// What it shows, Unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Sets it, also backwards.
    pub fn set(&self, now_ms: i64) {
        self.0.store(now_ms, Ordering::SeqCst);
    }

    /// Moves it forward.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::SeqCst);
    }

    /// The clock as a function, as the crates of this project take it.
    pub fn reader(&self) -> Arc<dyn Fn() -> i64 + Send + Sync> {
        let clock = self.clone();
        Arc::new(move || clock.now_ms())
    }
}

/// This computer's wall clock, Unix milliseconds.
pub fn real_now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_and_readers_share_the_time() {
        let clock = FakeClock::at(1_000);
        let reader = clock.reader();
        clock.clone().advance(Duration::from_millis(500));
        assert_eq!(reader(), 1_500);
        clock.set(-5);
        assert_eq!((reader(), clock.now_ms()), (-5, -5));
    }

    #[test]
    fn real_time_is_after_this_was_written() {
        assert!(FakeClock::at_real_time().now_ms() > 1_700_000_000_000);
    }
}
