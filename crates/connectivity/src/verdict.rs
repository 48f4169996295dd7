//! What a check comes to, and what that means for sign-up. Pure: figures and facts in, a verdict out.

use std::time::Duration;

use prakerja_protocol::probe::{Bounds, Thresholds};
use serde::Serialize;

use crate::statistics::Figures;

const DAY_MS: i64 = 86_400_000;

/// With fewer answers, one slow one among them is most of the jitter: it would weigh more than one that never came.
const ANSWERS_FOR_JITTER: u32 = 20;

/// What a check comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Go.
    Stable,
    /// Go; it takes a little longer.
    Usable,
    /// Better save and finish later.
    Poor,
    /// No internet.
    Offline,
    /// The name of central is not found.
    NameNotFound,
    /// The internet works, central does not answer there.
    ServerUnreachable,
    /// The network wants a login.
    Portal,
    /// The secure connection is blocked or inspected by an unknown authority.
    TlsBlocked,
    /// This computer's date is wrong.
    ClockWrong,
    /// Central answers that it is busy.
    ServerBusy,
    /// Central answers with an error.
    ServerDown,
    /// This app is too old.
    TooOld,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Stable,
        Self::Usable,
        Self::Poor,
        Self::Offline,
        Self::NameNotFound,
        Self::ServerUnreachable,
        Self::Portal,
        Self::TlsBlocked,
        Self::ClockWrong,
        Self::ServerBusy,
        Self::ServerDown,
        Self::TooOld,
    ];
}

/// Whether sign-up is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignUp {
    /// Go.
    Open,
    /// "Save and finish later" is the main way, "try anyway" the second.
    Discouraged,
    /// It cannot work; the person has to change something first.
    Stopped,
}

impl SignUp {
    /// `open`, `discouraged` or `stopped`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Discouraged => "discouraged",
            Self::Stopped => "stopped",
        }
    }
}

/// What a verdict means for sign-up. A bad link or a busy central never locks anybody out: idempotency makes sign-up
/// safe, not this check (`sync.md` §5.3).
pub fn sign_up_policy(verdict: Verdict) -> SignUp {
    match verdict {
        Verdict::Stable | Verdict::Usable => SignUp::Open,
        Verdict::Poor
        | Verdict::NameNotFound
        | Verdict::ServerUnreachable
        | Verdict::ServerBusy
        | Verdict::ServerDown => SignUp::Discouraged,
        Verdict::Offline | Verdict::Portal | Verdict::TlsBlocked | Verdict::ClockWrong | Verdict::TooOld => {
            SignUp::Stopped
        }
    }
}

/// When to look again without being asked; `None` where only the person (or an update) can change anything, or
/// nothing needs to change. A portal is looked for every ten seconds while its page is open (`sync.md` §4.2, 20), a
/// blocked secure connection every five minutes (§3.7).
pub fn again_after(verdict: Verdict) -> Option<Duration> {
    let seconds = match verdict {
        Verdict::Stable | Verdict::Usable | Verdict::TooOld => return None,
        Verdict::Portal | Verdict::Offline => 10,
        Verdict::Poor | Verdict::NameNotFound | Verdict::ServerUnreachable | Verdict::ClockWrong => 30,
        Verdict::ServerBusy | Verdict::ServerDown => 60,
        Verdict::TlsBlocked => 300,
    };
    Some(Duration::from_secs(seconds))
}

/// Judges figures: the worst measure decides between stable, usable and poor.
///
/// One failed try alone proves little when there were few tries (a rush has three): it never makes worse than usable.
pub fn judge(figures: &Figures, thresholds: &Thresholds) -> Verdict {
    if figures.upload_failed || figures.failed == figures.tries {
        Verdict::Poor
    } else if within(figures, &thresholds.stable, 0) {
        Verdict::Stable
    } else if within(figures, &thresholds.usable, 1) {
        Verdict::Usable
    } else {
        Verdict::Poor
    }
}

fn within(figures: &Figures, bounds: &Bounds, forgiven: u32) -> bool {
    (figures.failed <= forgiven || figures.failed_share() <= bounds.failed_share)
        && figures.median_ms <= bounds.median_ms
        && figures.p95_ms <= bounds.p95_ms
        && (figures.tries - figures.failed < ANSWERS_FOR_JITTER || figures.jitter_ms <= bounds.jitter_ms)
        && figures.photo_s.is_none_or(|seconds| seconds <= bounds.send_s)
}

/// Keeps the live verdict calm: it changes only when two windows in a row agree on another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hysteresis {
    current: Verdict,
    candidate: Option<Verdict>,
}

impl Hysteresis {
    /// Begins with the check's verdict.
    pub fn new(current: Verdict) -> Self {
        Self { current, candidate: None }
    }

    /// Takes the verdict of one more window and returns the one to show.
    pub fn observe(&mut self, window: Verdict) -> Verdict {
        if window == self.current {
            self.candidate = None;
        } else if self.candidate == Some(window) {
            *self = Self::new(window);
        } else {
            self.candidate = Some(window);
        }
        self.current
    }

    /// Sets what was found out for certain.
    pub fn set(&mut self, verdict: Verdict) {
        *self = Self::new(verdict);
    }

    /// The verdict to show.
    pub fn current(&self) -> Verdict {
        self.current
    }
}

/// What is known about time when a certificate does not fit this computer's date. All Unix milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct TimeFacts {
    /// This computer's clock.
    pub(crate) now: i64,
    /// A moment that has passed for certain: the build of the app, or the last genuine time of central.
    pub(crate) known_after: Option<i64>,
    /// `Date` of a plain HTTP answer: a hint, since anybody on the way can write it; it only selects words.
    pub(crate) hint: Option<i64>,
    /// Beginning of the certificate.
    pub(crate) not_before: Option<i64>,
}

/// A certificate does not fit the date: is the date wrong, or the certificate?
pub(crate) fn date_or_certificate(facts: TimeFacts) -> Verdict {
    let wrong = if facts.known_after.is_some_and(|known| facts.now < known - DAY_MS) {
        true
    } else if let Some(hint) = facts.hint {
        clock_is_off(facts.now - hint)
    } else {
        // Nobody puts a certificate into service before its time; an old one is forgotten easily.
        facts.not_before.is_some_and(|begin| facts.now < begin - DAY_MS)
    };
    if wrong { Verdict::ClockWrong } else { Verdict::TlsBlocked }
}

/// True for a difference between this computer's clock and another of more than a day. Less is shown, never acted on:
/// nothing in the protocol trusts this computer's clock.
pub(crate) fn clock_is_off(skew_ms: i64) -> bool {
    skew_ms.abs() > DAY_MS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Sample;

    fn figures(failed: u32, tries: u32, median: f64, p95: f64, jitter: f64, photo: Option<f64>) -> Figures {
        Figures { tries, failed, median_ms: median, p95_ms: p95, jitter_ms: jitter, photo_s: photo, ..Figures::of(&[]) }
    }

    #[test]
    fn the_table_of_verdicts() {
        use Verdict::{Poor, Stable, Usable};
        // The bounds of sync.md §5.3, each at its bound and just above.
        type Row = (u32, u32, f64, f64, f64, Option<f64>, Verdict);
        let rows: &[Row] = &[
            (0, 30, 180.0, 640.0, 40.0, Some(12.0), Stable),
            (0, 30, 180.0, 640.0, 40.0, None, Stable),
            (1, 30, 400.0, 1_000.0, 100.0, Some(60.0), Stable),
            (2, 30, 180.0, 640.0, 40.0, Some(12.0), Usable),
            (0, 30, 400.1, 640.0, 40.0, Some(12.0), Usable),
            (0, 30, 180.0, 1_000.1, 40.0, Some(12.0), Usable),
            (0, 30, 180.0, 640.0, 100.1, Some(12.0), Usable),
            (0, 30, 180.0, 640.0, 40.0, Some(60.1), Usable),
            (4, 30, 1_400.0, 3_000.0, 400.0, Some(300.0), Usable),
            (5, 30, 180.0, 640.0, 40.0, Some(12.0), Poor),
            (0, 30, 1_400.1, 1_500.0, 40.0, Some(12.0), Poor),
            (0, 30, 180.0, 3_000.1, 40.0, Some(12.0), Poor),
            (0, 30, 180.0, 640.0, 400.1, Some(12.0), Poor),
            (0, 30, 180.0, 640.0, 40.0, Some(300.1), Poor),
            (9, 30, 20.0, 30.0, 5.0, Some(1.0), Poor),
            (1, 3, 20.0, 30.0, 5.0, None, Usable),
            (2, 3, 20.0, 30.0, 5.0, None, Poor),
            (3, 10, 20.0, 30.0, 5.0, None, Poor),
            // Jitter counts from twenty answers on; before, one slow answer must not weigh more than a lost one.
            (0, 20, 180.0, 640.0, 400.1, None, Poor),
            (0, 19, 180.0, 640.0, 400.1, None, Stable),
            (1, 20, 180.0, 640.0, 400.1, None, Usable),
            (0, 3, 20.0, 900.0, 440.0, None, Stable),
            (0, 3, 20.0, 2_900.0, 1_440.0, None, Usable),
            (1, 1, 0.0, 0.0, 0.0, None, Poor),
            (0, 0, 0.0, 0.0, 0.0, None, Poor),
        ];
        for (failed, tries, median, p95, jitter, photo, expected) in rows {
            let figures = figures(*failed, *tries, *median, *p95, *jitter, *photo);
            assert_eq!(judge(&figures, &Thresholds::default()), *expected, "{figures:?}");
        }
    }

    #[test]
    fn an_upload_that_breaks_is_poor_whatever_the_round_trips() {
        let mut figures = Figures::of(&[Sample::took(20.0); 30]);
        assert_eq!(judge(&figures, &Thresholds::default()), Verdict::Stable);
        figures.upload_failed = true;
        assert_eq!(judge(&figures, &Thresholds::default()), Verdict::Poor);
    }

    #[test]
    fn sign_up_stops_only_where_it_cannot_work() {
        let stopped: Vec<_> = Verdict::ALL.into_iter().filter(|v| sign_up_policy(*v) == SignUp::Stopped).collect();
        assert_eq!(
            stopped,
            [Verdict::Offline, Verdict::Portal, Verdict::TlsBlocked, Verdict::ClockWrong, Verdict::TooOld]
        );
        let open: Vec<_> = Verdict::ALL.into_iter().filter(|v| sign_up_policy(*v) == SignUp::Open).collect();
        assert_eq!(open, [Verdict::Stable, Verdict::Usable]);
    }

    #[test]
    fn looks_again_unless_it_is_good_or_needs_an_update() {
        for verdict in Verdict::ALL {
            let never = matches!(verdict, Verdict::Stable | Verdict::Usable | Verdict::TooOld);
            assert_eq!(again_after(verdict).is_none(), never, "{verdict:?}");
        }
    }

    #[test]
    fn the_live_verdict_changes_after_two_windows_that_agree() {
        use Verdict::{Poor, Stable, Usable};
        let rows: &[(&[Verdict], &[Verdict])] = &[
            (&[Stable, Poor, Stable, Poor, Stable], &[Stable, Stable, Stable, Stable, Stable]),
            (&[Poor, Poor, Poor], &[Stable, Poor, Poor]),
            (&[Poor, Usable, Poor, Usable], &[Stable, Stable, Stable, Stable]),
            (&[Usable, Usable, Stable, Stable], &[Stable, Usable, Usable, Stable]),
        ];
        for (windows, shown) in rows {
            let mut hysteresis = Hysteresis::new(Stable);
            let seen: Vec<_> = windows.iter().map(|window| hysteresis.observe(*window)).collect();
            assert_eq!(seen, *shown, "{windows:?}");
        }
        let mut hysteresis = Hysteresis::new(Stable);
        hysteresis.observe(Poor);
        hysteresis.set(Verdict::Portal);
        assert_eq!((hysteresis.observe(Poor), hysteresis.current()), (Verdict::Portal, Verdict::Portal));
    }

    #[test]
    fn the_date_or_the_certificate() {
        use Verdict::{ClockWrong, TlsBlocked};
        let now = 1_800_000_000_000;
        let facts = |known_after, hint, not_before| TimeFacts { now, known_after, hint, not_before };
        let rows = [
            (facts(None, None, None), TlsBlocked),
            (facts(Some(now + 2 * DAY_MS), None, None), ClockWrong),
            (facts(Some(now + DAY_MS / 2), None, None), TlsBlocked),
            (facts(Some(now - 900 * DAY_MS), None, None), TlsBlocked),
            (facts(None, Some(now + 2 * DAY_MS), None), ClockWrong),
            (facts(None, Some(now - 2 * DAY_MS), None), ClockWrong),
            // The hint agrees with the clock: the certificate is at fault.
            (facts(None, Some(now + 1_000), Some(now + 90 * DAY_MS)), TlsBlocked),
            (facts(None, None, Some(now + 90 * DAY_MS)), ClockWrong),
            (facts(None, None, Some(now - 90 * DAY_MS)), TlsBlocked),
            // What is known for certain beats a hint.
            (facts(Some(now + 2 * DAY_MS), Some(now), None), ClockWrong),
        ];
        for (facts, verdict) in rows {
            assert_eq!(date_or_certificate(facts), verdict, "{facts:?}");
        }
    }
}
