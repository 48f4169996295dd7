//! How fast the writer is, for honest waits: whoever is turned away is told when the backlog will be gone.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Moving mean of the time that one command takes.
#[derive(Debug)]
pub(super) struct Pace {
    /// Microseconds of one command.
    mean: AtomicU64,
}

impl Default for Pace {
    fn default() -> Self {
        // Before the first group: a slow disk.
        Self { mean: AtomicU64::new(3_000) }
    }
}

impl Pace {
    /// Learns from a group.
    pub(super) fn note(&self, commands: usize, took: Duration) {
        let each = u64::try_from(took.as_micros()).unwrap_or(u64::MAX) / u64::try_from(commands.max(1)).unwrap_or(1);
        let old = self.mean.load(Ordering::Relaxed);
        // Only the writer writes; a torn read is impossible and a stale one harmless.
        self.mean.store((old * 7 + each.min(1_000_000)) / 8, Ordering::Relaxed);
    }

    /// Milliseconds until `waiting` commands are done, at least one second.
    pub(super) fn wait_ms(&self, waiting: usize) -> u64 {
        let micros = self.mean.load(Ordering::Relaxed).saturating_mul(u64::try_from(waiting).unwrap_or(u64::MAX));
        (micros / 1_000).clamp(1_000, 300_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_follows_backlog_and_speed() {
        let pace = Pace::default();
        assert_eq!(pace.wait_ms(0), 1_000);
        assert_eq!(pace.wait_ms(2_000), 6_000);
        for _ in 0..100 {
            pace.note(50, Duration::from_millis(500));
        }
        let slow = pace.wait_ms(2_000);
        assert!((19_000..=20_000).contains(&slow), "{slow}");
        assert_eq!(pace.wait_ms(usize::MAX), 300_000);
    }
}
