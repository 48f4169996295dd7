//! What this computer knows of central's time. It never blocks anything: a computer whose date is wrong by years still
//! works; the difference is measured, told, and sent along as evidence (`sync.md` §3.10).

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use prakerja_protocol::sync::ClockEvidence;

/// An anchor is renewed when it is older than this, even by a slower answer.
const ANCHOR_LIFE: Duration = Duration::from_secs(24 * 3600);
/// Wall clock and steady clock may drift apart by so much before an anchor is given up: the computer slept, or somebody
/// set the clock.
const TOLERANCE_MS: i64 = 120_000;

/// Central's time, from genuine answers only. Shared by everything that makes commands.
#[derive(Debug, Default)]
pub struct ServerClock {
    anchor: Mutex<Option<Anchor>>,
    unsaved: AtomicBool,
}

#[derive(Debug, Clone, Copy)]
struct Anchor {
    server_ms: i64,
    wall_ms: i64,
    at: Instant,
    round_trip: Duration,
}

impl Anchor {
    fn elapsed_ms(&self, now: Instant) -> i64 {
        i64::try_from(now.saturating_duration_since(self.at).as_millis()).unwrap_or(i64::MAX)
    }

    fn holds(&self, now: Instant, wall_ms: i64) -> bool {
        let by_wall = wall_ms.saturating_sub(self.wall_ms);
        (by_wall - self.elapsed_ms(now)).abs() <= TOLERANCE_MS
    }
}

impl ServerClock {
    /// Takes the server time of a genuine answer that took `round_trip`. The quickest one of a day is kept.
    pub fn observe(&self, server_ms: i64, round_trip: Duration) {
        self.observe_at(server_ms, round_trip, Instant::now(), wall_ms());
    }

    fn observe_at(&self, server_ms: i64, round_trip: Duration, now: Instant, wall_ms: i64) {
        let half = i64::try_from(round_trip.as_millis() / 2).unwrap_or(0);
        let new = Anchor { server_ms: server_ms.saturating_add(half), wall_ms, at: now, round_trip };
        let mut anchor = self.lock();
        let keep = anchor.is_some_and(|old| {
            old.holds(now, wall_ms)
                && now.saturating_duration_since(old.at) < ANCHOR_LIFE
                && old.round_trip <= round_trip
        });
        if !keep {
            *anchor = Some(new);
            self.unsaved.store(true, Ordering::Relaxed);
        }
    }

    /// Evidence for a command that is made now.
    pub fn evidence(&self) -> ClockEvidence {
        self.evidence_at(Instant::now(), wall_ms())
    }

    fn evidence_at(&self, now: Instant, wall_ms: i64) -> ClockEvidence {
        let anchor = self.lock().filter(|anchor| anchor.holds(now, wall_ms));
        ClockEvidence {
            queued_wall_ms: wall_ms,
            anchor_server_ms: anchor.map(|anchor| anchor.server_ms),
            since_anchor_ms: anchor.map(|anchor| anchor.elapsed_ms(now)),
            anchor_rtt_ms: anchor.map(|anchor| i64::try_from(anchor.round_trip.as_millis()).unwrap_or(i64::MAX)),
        }
    }

    /// Central's time now, Unix milliseconds; `None` before the first genuine answer of this run.
    pub fn server_now_ms(&self) -> Option<i64> {
        let now = Instant::now();
        self.lock()
            .filter(|anchor| anchor.holds(now, wall_ms()))
            .map(|anchor| anchor.server_ms + anchor.elapsed_ms(now))
    }

    /// How far this computer's clock is ahead of central's, in milliseconds (negative: behind).
    pub fn skew_ms(&self) -> Option<i64> {
        self.lock().map(|anchor| anchor.wall_ms.saturating_sub(anchor.server_ms))
    }

    /// The anchor, once after each change, for the store.
    pub(crate) fn take_unsaved(&self) -> Option<prakerja_store::Anchor> {
        if !self.unsaved.swap(false, Ordering::Relaxed) {
            return None;
        }
        self.lock().map(|anchor| prakerja_store::Anchor {
            server_ms: anchor.server_ms,
            device_ms: anchor.wall_ms,
            rtt_ms: i64::try_from(anchor.round_trip.as_millis()).unwrap_or(i64::MAX),
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Anchor>> {
        // A panic while holding a plain value leaves nothing half done.
        self.anchor.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// This computer's clock, Unix milliseconds; 0 for dates before 1970.
pub(crate) fn wall_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quickest_answer_is_the_anchor() {
        let clock = ServerClock::default();
        let start = Instant::now();
        clock.observe_at(1_000_000, Duration::from_millis(100), start, 5_000);
        clock.observe_at(1_010_000, Duration::from_millis(900), start + Duration::from_secs(10), 15_000);
        let evidence = clock.evidence_at(start + Duration::from_secs(20), 25_000);
        assert_eq!(evidence.anchor_server_ms, Some(1_000_050), "half the round trip is added");
        assert_eq!((evidence.since_anchor_ms, evidence.anchor_rtt_ms), (Some(20_000), Some(100)));
        assert_eq!(clock.skew_ms(), Some(5_000 - 1_000_050));
    }

    #[test]
    fn an_anchor_is_given_up_when_the_wall_clock_jumped_or_the_computer_slept() {
        let clock = ServerClock::default();
        let start = Instant::now();
        clock.observe_at(1_000_000, Duration::ZERO, start, 5_000);
        let evidence = clock.evidence_at(start + Duration::from_secs(1), 5_000 + 3_600_000);
        assert_eq!((evidence.anchor_server_ms, evidence.since_anchor_ms), (None, None));
        assert_eq!(evidence.queued_wall_ms, 3_605_000, "the wall clock is still sent, as what it is");
        clock.observe_at(9_000_000, Duration::from_secs(5), start + Duration::from_secs(2), 3_700_000);
        assert_eq!(clock.evidence_at(start + Duration::from_secs(2), 3_700_000).since_anchor_ms, Some(0));
    }
}
