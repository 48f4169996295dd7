//! What this computer knows of central's time. It never blocks anything: a computer whose date is wrong by years still
//! works; the difference is measured, told, and sent along as evidence (`sync.md` §3.10).
//!
//! An answer is an anchor: central's time beside a reading of the clock that nobody can set. It holds until the computer is
//! started anew, so the app may have been closed meanwhile: who heard central in the morning can still show in the evening,
//! without a network, when a command was made.

mod device;

use std::sync::{Arc, Mutex, PoisonError};

use prakerja_protocol::sync::ClockEvidence;
use prakerja_store::{Anchor, Store, StoreError};

pub use self::device::{Clock, Steady, SystemClock};
pub(crate) use self::device::{later_ms, wall_ms};

/// An anchor is renewed when it is older than this, even by a slower answer.
const ANCHOR_LIFE_MS: i64 = 24 * 3_600_000;
/// Two clocks may drift apart by so much before an anchor is given up: somebody set the date, or central's clock was. An
/// answer that took longer says nothing about the time.
const TOLERANCE_MS: i64 = 120_000;

/// Central's time, from genuine answers only. Shared by everything that makes commands.
pub struct ServerClock {
    device: Arc<dyn Clock>,
    heard: Mutex<Heard>,
}

#[derive(Debug, Default)]
struct Heard {
    anchor: Option<Anchor>,
    unsaved: bool,
}

/// One moment on both clocks of this computer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    wall_ms: i64,
    steady: Steady,
}

impl Moment {
    fn since(self, anchor: &Anchor) -> i64 {
        self.steady.ms.saturating_sub(anchor.steady_ms)
    }

    /// Of this boot, not from the future, and not contradicted by the wall clock.
    fn trusts(self, anchor: &Anchor) -> bool {
        let (since, by_wall) = (self.since(anchor), self.wall_ms.saturating_sub(anchor.device_ms));
        anchor.boot == self.steady.boot && since >= 0 && by_wall.abs_diff(since) <= TOLERANCE_MS.unsigned_abs()
    }
}

impl Default for ServerClock {
    fn default() -> Self {
        Self::new(Arc::new(SystemClock))
    }
}

impl std::fmt::Debug for ServerClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerClock").field("heard", &*self.lock()).finish_non_exhaustive()
    }
}

impl ServerClock {
    /// A clock that has heard nothing yet.
    pub fn new(device: Arc<dyn Clock>) -> Self {
        Self { device, heard: Mutex::default() }
    }

    /// A clock that goes on from what an earlier run of the app heard, when the computer was not started anew since and
    /// nobody set its date.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn resumed(store: &Store, device: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let clock = Self::new(device);
        let now = clock.moment();
        clock.lock().anchor = store.anchor().await?.filter(|anchor| now.trusts(anchor));
        Ok(clock)
    }

    /// Takes the server time of a genuine answer whose request left at `sent` and whose head was here at `came`: central
    /// stamps the head, and the body may follow much later. The quickest one of a day is kept, unless a later one contradicts
    /// it.
    pub(crate) fn observe(&self, server_ms: i64, sent: Moment, came: Moment) {
        let rtt_ms = came.steady.ms.saturating_sub(sent.steady.ms);
        // Beyond this the computer slept in between.
        if rtt_ms > TOLERANCE_MS {
            return;
        }
        let server_ms = server_ms.saturating_add(rtt_ms / 2);
        let now = self.moment();
        let mut heard = self.lock();
        let keep = heard.anchor.is_some_and(|old| {
            let expected = old.server_ms.saturating_add(came.since(&old));
            now.trusts(&old)
                && now.since(&old) < ANCHOR_LIFE_MS
                && old.rtt_ms <= rtt_ms
                && (server_ms.abs_diff(expected) <= TOLERANCE_MS.unsigned_abs())
        });
        if !keep {
            let (boot, steady_ms) = (came.steady.boot, came.steady.ms);
            heard.anchor = Some(Anchor { server_ms, device_ms: came.wall_ms, rtt_ms, boot, steady_ms });
            heard.unsaved = true;
        }
    }

    /// Evidence for a command that is made now.
    pub fn evidence(&self) -> ClockEvidence {
        let now = self.moment();
        let anchor = self.lock().anchor.filter(|anchor| now.trusts(anchor));
        ClockEvidence {
            queued_wall_ms: now.wall_ms,
            anchor_server_ms: anchor.map(|anchor| anchor.server_ms),
            since_anchor_ms: anchor.map(|anchor| now.since(&anchor)),
            anchor_rtt_ms: anchor.map(|anchor| anchor.rtt_ms),
        }
    }

    /// Central's time now, Unix milliseconds; `None` before the first genuine answer since the computer was started.
    pub fn server_now_ms(&self) -> Option<i64> {
        let now = self.moment();
        let anchor = self.lock().anchor.filter(|anchor| now.trusts(anchor))?;
        Some(anchor.server_ms.saturating_add(now.since(&anchor)))
    }

    /// How far this computer's clock is ahead of central's, in milliseconds (negative: behind).
    pub fn skew_ms(&self) -> Option<i64> {
        self.lock().anchor.map(|anchor| anchor.device_ms.saturating_sub(anchor.server_ms))
    }

    /// Keeps the anchor for later runs, when it is a new one. One that could not be stored is tried again.
    pub(crate) async fn save(&self, store: &Store) -> Result<(), StoreError> {
        let anchor = {
            let mut heard = self.lock();
            let Some(anchor) = heard.anchor.filter(|_| heard.unsaved) else { return Ok(()) };
            heard.unsaved = false;
            anchor
        };
        let saved = store.save_anchor(&anchor).await;
        if saved.is_err() {
            self.lock().unsaved = true;
        }
        saved
    }

    /// The present moment.
    pub(crate) fn moment(&self) -> Moment {
        Moment { wall_ms: self.device.now_ms(), steady: self.device.steady() }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Heard> {
        // A panic while holding a plain value leaves nothing half done.
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const HOUR: i64 = 3_600_000;

    /// A computer whose clocks are set by hand.
    struct Hand(Mutex<Moment>);

    impl Clock for Hand {
        fn now_ms(&self) -> i64 {
            self.0.lock().unwrap().wall_ms
        }

        fn steady(&self) -> Steady {
            self.0.lock().unwrap().steady
        }
    }

    impl Hand {
        fn new() -> Arc<Self> {
            let steady = Steady { boot: Uuid::from_u128(1), ms: 70_000 };
            Arc::new(Self(Mutex::new(Moment { wall_ms: 5_000, steady })))
        }

        fn now(&self) -> Moment {
            *self.0.lock().unwrap()
        }

        /// Time goes on, by both clocks.
        fn passes(&self, ms: i64) {
            let mut now = self.0.lock().unwrap();
            now.wall_ms += ms;
            now.steady.ms += ms;
        }

        /// An answer comes now that took so long.
        fn hears(&self, clock: &ServerClock, server_ms: i64, round_trip_ms: i64) {
            let (mut sent, came) = (self.now(), self.now());
            sent.wall_ms -= round_trip_ms;
            sent.steady.ms -= round_trip_ms;
            clock.observe(server_ms, sent, came);
        }
    }

    #[test]
    fn the_quickest_answer_is_the_anchor() {
        let hand = Hand::new();
        let clock = ServerClock::new(Arc::clone(&hand) as _);
        hand.hears(&clock, 1_000_000, 100);
        hand.passes(10_000);
        hand.hears(&clock, 1_010_000, 900);
        hand.passes(10_000);
        let evidence = clock.evidence();
        assert_eq!(evidence.anchor_server_ms, Some(1_000_050), "half the round trip is added");
        assert_eq!((evidence.since_anchor_ms, evidence.anchor_rtt_ms), (Some(20_000), Some(100)));
        assert_eq!(clock.skew_ms(), Some(5_000 - 1_000_050));
        hand.passes(25 * HOUR);
        hand.hears(&clock, 1_020_000 + 25 * HOUR, 900);
        assert_eq!(clock.evidence().since_anchor_ms, Some(0), "a day later a slower one is better");
    }

    #[test]
    fn an_answer_is_anchored_when_its_head_was_here_and_not_when_the_rest_was() {
        let hand = Hand::new();
        let clock = ServerClock::new(Arc::clone(&hand) as _);
        let sent = hand.now();
        hand.passes(200);
        let came = hand.now();
        hand.passes(90_000);
        clock.observe(1_000_000, sent, came);
        assert_eq!(clock.server_now_ms(), Some(1_000_100 + 90_000));
        // One that came earlier and was read later does not push it aside.
        let before =
            Moment { wall_ms: sent.wall_ms - 1_000, steady: Steady { ms: sent.steady.ms - 1_000, ..sent.steady } };
        clock.observe(999_400, before, sent);
        assert_eq!(clock.evidence().anchor_rtt_ms, Some(200));
    }

    #[test]
    fn an_answer_over_which_the_computer_slept_says_nothing() {
        let hand = Hand::new();
        let clock = ServerClock::new(Arc::clone(&hand) as _);
        hand.hears(&clock, 1_000_000, TOLERANCE_MS + 1);
        assert_eq!(clock.server_now_ms(), None);
        hand.hears(&clock, 1_000_000, TOLERANCE_MS);
        assert_eq!(clock.server_now_ms(), Some(1_000_000 + TOLERANCE_MS / 2));
    }

    #[test]
    fn an_answer_that_contradicts_the_anchor_takes_its_place() {
        let hand = Hand::new();
        let clock = ServerClock::new(Arc::clone(&hand) as _);
        hand.hears(&clock, 1_000_000, 0);
        hand.passes(1_000);
        // Central's clock was put right.
        hand.hears(&clock, 1_000_000 + HOUR, 900);
        assert_eq!(clock.server_now_ms(), Some(1_000_450 + HOUR));
    }

    #[test]
    fn an_anchor_is_given_up_when_the_date_was_set_and_not_when_the_computer_slept() {
        let hand = Hand::new();
        let clock = ServerClock::new(Arc::clone(&hand) as _);
        hand.hears(&clock, 1_000_000, 0);
        hand.passes(8 * HOUR);
        assert_eq!(clock.evidence().since_anchor_ms, Some(8 * HOUR), "asleep or awake, the time is counted");
        hand.0.lock().unwrap().wall_ms += HOUR;
        let evidence = clock.evidence();
        assert_eq!((evidence.anchor_server_ms, evidence.since_anchor_ms, clock.server_now_ms()), (None, None, None));
        assert_eq!(evidence.queued_wall_ms, 5_000 + 9 * HOUR, "the wall clock is still sent, as what it is");
        hand.hears(&clock, 9_000_000, 5_000);
        assert_eq!(clock.evidence().since_anchor_ms, Some(0));
    }

    #[tokio::test]
    async fn a_later_run_goes_on_from_the_anchor_while_the_computer_was_not_started_anew() {
        let folder = tempfile::tempdir().unwrap();
        let key = prakerja_store::DatabaseKey::from_bytes(&[7; 32]).unwrap();
        let info = prakerja_store::KeyInfo::new(&key, prakerja_store::Protection::Keyring).unwrap();
        let store = Store::create(&folder.path().join("applicant.db"), &key, &info).await.unwrap();
        let first = Hand::new();
        let clock = ServerClock::new(Arc::clone(&first) as _);
        first.hears(&clock, 1_000_000, 80);
        clock.save(&store).await.unwrap();

        let morning = first.now();
        let at = |wall: i64, boot: u128, ms: i64| {
            let steady = Steady { boot: Uuid::from_u128(boot), ms: morning.steady.ms + ms };
            Arc::new(Hand(Mutex::new(Moment { wall_ms: morning.wall_ms + wall, steady })))
        };
        let cases = [
            ("the same boot", at(9 * HOUR, 1, 9 * HOUR), Some(9 * HOUR)),
            ("a clock that is a little off", at(9 * HOUR + 60_000, 1, 9 * HOUR), Some(9 * HOUR)),
            ("another boot", at(9 * HOUR, 2, 9 * HOUR), None),
            ("the date was set", at(3 * HOUR, 1, 9 * HOUR), None),
            ("a boot that only looks the same", at(9 * HOUR, 1, HOUR), None),
            ("a clock that went back", at(-60_000, 1, -60_000), None),
        ];
        for (name, hand, since) in cases {
            let clock = ServerClock::resumed(&store, hand).await.unwrap();
            let evidence = clock.evidence();
            assert_eq!(evidence.since_anchor_ms, since, "{name}");
            assert_eq!(evidence.anchor_server_ms, since.map(|_| 1_000_040), "{name}");
            assert_eq!(clock.server_now_ms(), since.map(|since| 1_000_040 + since), "{name}");
        }
        store.use_origin("https://other.contoh.example").await.unwrap();
        let other = ServerClock::resumed(&store, at(HOUR, 1, HOUR)).await.unwrap();
        assert_eq!(other.server_now_ms(), None, "what another central told is no evidence for this one");
        store.close().await;
    }
}
