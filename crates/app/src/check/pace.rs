//! When a check looks again without being asked. While its screen or a form is shown a person waits for it; afterwards
//! nobody does, and thousands of forgotten windows must not keep central and their lines busy.

use std::time::Duration;

use prakerja_connectivity::{Verdict, again_after};

/// How long the screen counts as shown after it asked for the check.
pub(super) const GLANCE: Duration = Duration::from_secs(45);

/// Longest pause between looks that nobody waits for.
const SELDOM: Duration = Duration::from_secs(900);

/// Pause after a look with this outcome; none where looking again would not help anybody. `unseen` counts the looks in
/// a row that nobody waited for, `jitter` (0 to 1) spreads computers that stopped being looked at together.
pub(super) fn pause(verdict: Verdict, shown: bool, unseen: u32, jitter: f64) -> Option<Duration> {
    let pause = again_after(verdict)?;
    if shown {
        return Some(pause);
    }
    // Central answers. Whether the line got better only uploads would tell, and nobody waits for them.
    if verdict == Verdict::Poor {
        return None;
    }
    let longer = pause.saturating_mul(2_u32.saturating_pow(unseen.saturating_add(1))).min(SELDOM);
    Some(longer.mul_f64(1.0 + jitter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_for_a_look_that_nobody_sees() {
        let seconds = |verdict, shown, unseen, jitter| pause(verdict, shown, unseen, jitter).map(|it| it.as_secs());
        let rows = [
            (Verdict::Portal, true, 0, 0.9, Some(10)),
            (Verdict::Portal, true, 9, 0.9, Some(10)),
            (Verdict::Portal, false, 0, 0.0, Some(20)),
            (Verdict::Portal, false, 0, 1.0, Some(40)),
            (Verdict::Portal, false, 1, 0.0, Some(40)),
            (Verdict::Portal, false, 3, 0.5, Some(240)),
            (Verdict::Portal, false, u32::MAX, 0.0, Some(900)),
            (Verdict::TlsBlocked, false, 5, 1.0, Some(1_800)),
            (Verdict::Poor, true, 0, 0.0, Some(30)),
            (Verdict::Poor, false, 0, 0.0, None),
            (Verdict::Stable, true, 0, 0.0, None),
            (Verdict::TooOld, false, 0, 0.0, None),
        ];
        for (verdict, shown, unseen, jitter, expected) in rows {
            assert_eq!(seconds(verdict, shown, unseen, jitter), expected, "{verdict:?} {shown} {unseen} {jitter}");
        }
    }
}
