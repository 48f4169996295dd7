//! Waves: from announcement to published results (state machine 3.3), and which requests to join count.
//!
//! Selection is at random after the wave has closed, so who comes first has no advantage, and who wrote offline loses
//! nothing when the request arrives in time (domain.md, first of the six facts).

use serde::{Deserialize, Serialize};

/// Where a wave stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum WaveState {
    /// Not open yet.
    Announced,
    /// People may join.
    Open,
    /// Nobody may join any more; the draw has not begun.
    Closed,
    /// The commitment is published; the draw is under way. A draw that is voided leads back to [`Self::Closed`].
    Selecting,
    /// The results are public.
    ResultsPublished,
}

/// What the operator did after a wave closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Drawing {
    /// Nothing yet.
    #[default]
    NotBegun,
    /// The commitment is published.
    Committed,
    /// The results are published.
    Published,
}

impl WaveState {
    /// The state at a time (Unix milliseconds by central's clock).
    pub fn at(now: i64, opens_at: i64, closes_at: i64, drawing: Drawing) -> Self {
        match drawing {
            Drawing::Published => Self::ResultsPublished,
            Drawing::Committed => Self::Selecting,
            Drawing::NotBegun if now < opens_at => Self::Announced,
            Drawing::NotBegun if now <= closes_at => Self::Open,
            Drawing::NotBegun => Self::Closed,
        }
    }
}

/// A wave's rule for requests that arrive after it has closed (`sync.md` §3.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LateRule {
    /// A request that was made in time by the device's evidence counts when it arrives so long after closing; 0 for never.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub grace_ms: i64,
}

/// When a request was made, by a time that central told and a clock that does not jump (evidence E1 of `sync.md` §3.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchored {
    /// Central's time that the device had seen, Unix milliseconds.
    pub server_ms: i64,
    /// Milliseconds from then to the request, by a clock that does not jump, without a start of the computer between.
    pub since_ms: i64,
    /// Round trip of the answer that told it, milliseconds.
    pub rtt_ms: i64,
}

/// What speaks for a request that was received after a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Evidence {
    /// Central itself had no room for it then, Unix milliseconds.
    pub turned_away_at: Option<i64>,
    /// When it was made, by the device's clock.
    pub made: Option<Anchored>,
}

/// Drift of a quartz clock: milliseconds in a million.
const DRIFT_PPM: i64 = 100;

impl Anchored {
    /// The latest time at which the request can have been made: half the round trip and the drift are in doubt, that of a
    /// million milliseconds which only began as of a whole one.
    pub fn latest_ms(self) -> i64 {
        let since = self.since_ms.max(0);
        let drift = (since / 1_000_000 + 1) * DRIFT_PPM;
        let doubt = drift.saturating_add(self.rtt_ms.max(0) / 2);
        self.server_ms.saturating_add(since).saturating_add(doubt)
    }
}

/// How a request to join was counted. The person sees which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Counted {
    /// It arrived before the wave closed; also when central had no room for it then and took it inside the grace.
    InTime,
    /// It arrived later, inside the grace, and was made before by the device's evidence.
    ByEvidence,
}

/// Why a request to join does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NotCounted {
    /// The wave is not open yet.
    NotOpen,
    /// It arrived after the wave had closed, without evidence that counts.
    Late,
}

/// Whether a request counts that arrived at `received_at`, and as of when it counts as received: then, or when central
/// turned it away.
///
/// # Errors
/// [`NotCounted`].
pub fn counts(
    received_at: i64,
    (opens_at, closes_at): (i64, i64),
    rule: LateRule,
    evidence: Evidence,
) -> Result<(Counted, i64), NotCounted> {
    if received_at < opens_at {
        return Err(NotCounted::NotOpen);
    }
    if received_at <= closes_at {
        return Ok((Counted::InTime, received_at));
    }
    if received_at > closes_at.saturating_add(rule.grace_ms) {
        return Err(NotCounted::Late);
    }
    if let Some(at) = evidence.turned_away_at.filter(|at| (opens_at..=closes_at).contains(at)) {
        return Ok((Counted::InTime, at));
    }
    // An anchor from the future of its own request is no evidence.
    match evidence.made.filter(|made| made.since_ms >= 0) {
        Some(anchored) if anchored.latest_ms() <= closes_at => Ok((Counted::ByEvidence, received_at)),
        _ => Err(NotCounted::Late),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn a_wave_goes_from_announced_to_published() {
        let cases = [
            (0, Drawing::NotBegun, WaveState::Announced),
            (10, Drawing::NotBegun, WaveState::Open),
            (20, Drawing::NotBegun, WaveState::Open),
            (21, Drawing::NotBegun, WaveState::Closed),
            (21, Drawing::Committed, WaveState::Selecting),
            (21, Drawing::Published, WaveState::ResultsPublished),
        ];
        for (now, drawing, expected) in cases {
            assert_eq!(WaveState::at(now, 10, 20, drawing), expected, "{now} {drawing:?}");
        }
    }

    #[test]
    fn a_request_counts_in_time_or_by_the_waves_rule() {
        let (opens, closes) = (100 * HOUR, 200 * HOUR);
        let grace = LateRule { grace_ms: 48 * HOUR };
        let made = |at: i64| Some(Anchored { server_ms: at - HOUR, since_ms: HOUR, rtt_ms: 0 });
        let slow = |at: i64, rtt_ms| Some(Anchored { server_ms: at - HOUR, since_ms: HOUR, rtt_ms });
        let cases = [
            ("before it opens", opens - 1, grace, made(opens - 1), Err(NotCounted::NotOpen)),
            ("in its first moment", opens, grace, None, Ok(Counted::InTime)),
            ("in its last moment", closes, LateRule::default(), None, Ok(Counted::InTime)),
            ("late without evidence", closes + 1, grace, None, Err(NotCounted::Late)),
            ("late, made in time", closes + HOUR, grace, made(closes - HOUR), Ok(Counted::ByEvidence)),
            ("late, made late", closes + HOUR, grace, made(closes + 1), Err(NotCounted::Late)),
            ("the doubt of the clock counts against it", closes + HOUR, grace, made(closes), Err(NotCounted::Late)),
            ("half a round trip in doubt", closes + HOUR, grace, slow(closes - 1_900, 4_000), Err(NotCounted::Late)),
            ("as much before", closes + HOUR, grace, slow(closes - 3_000, 4_000), Ok(Counted::ByEvidence)),
            ("at the end of the grace", closes + 48 * HOUR, grace, made(closes - HOUR), Ok(Counted::ByEvidence)),
            ("after the grace", closes + 48 * HOUR + 1, grace, made(closes - HOUR), Err(NotCounted::Late)),
            ("a wave without grace", closes + 1, LateRule::default(), made(closes - HOUR), Err(NotCounted::Late)),
            (
                "an anchor after its request",
                closes + HOUR,
                grace,
                Some(Anchored { server_ms: closes, since_ms: -HOUR, rtt_ms: 0 }),
                Err(NotCounted::Late),
            ),
        ];
        for (name, received_at, rule, made, expected) in cases {
            let counted = counts(received_at, (opens, closes), rule, Evidence { made, turned_away_at: None });
            assert_eq!(counted, expected.map(|counted| (counted, received_at)), "{name}");
        }
    }

    #[test]
    fn what_was_turned_away_in_time_counts_as_received_then() {
        let (opens, closes) = (100 * HOUR, 200 * HOUR);
        let grace = LateRule { grace_ms: 48 * HOUR };
        let last = closes + 48 * HOUR;
        let cases = [
            ("before closing", closes + HOUR, grace, closes - HOUR, Some(closes - HOUR)),
            ("in the last moment, taken in the last of the grace", last, grace, closes, Some(closes)),
            ("after the grace", last + 1, grace, closes, None),
            ("after closing", closes + HOUR, grace, closes + 1, None),
            ("before it opened", closes + HOUR, grace, opens - 1, None),
            ("a wave without grace", closes + 1, LateRule::default(), closes, None),
            ("and taken while it was open", closes, grace, opens, Some(closes)),
        ];
        for (name, received_at, rule, at, expected) in cases {
            let evidence = Evidence { turned_away_at: Some(at), made: None };
            let expected = expected.map(|at| (Counted::InTime, at)).ok_or(NotCounted::Late);
            assert_eq!(counts(received_at, (opens, closes), rule, evidence), expected, "{name}");
        }
    }
}
