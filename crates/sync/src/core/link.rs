//! When to try again: back-off of the one road to central (`sync.md` §3.9). What central itself asks to wait is not a
//! matter of the road: see `asked`.
//!
//! Cap first, jitter after (otherwise everybody converges on the cap).

use std::time::Duration;

use rand::{Rng, RngCore};

use super::{Config, Millis, asked};
use crate::failure::{Class, Failure};

/// State of the road to central, shared by everything that travels on it.
#[derive(Debug, Clone, Default)]
pub(super) struct Link {
    /// Failures in a row.
    pub(super) failures: u32,
    /// Nothing is sent before this.
    pub(super) not_before: Millis,
    /// Class of the newest failure; `None` after a success.
    pub(super) last: Option<Class>,
    /// Whether central was reached at the newest try; `None` before the first.
    pub(super) online: Option<bool>,
    /// When the newest failure was seen.
    failed_at: Millis,
    /// The one immediate repetition after a stale connection was used.
    repeated: bool,
}

impl Link {
    /// Central answered.
    pub(super) fn succeeded(&mut self) {
        *self = Self { online: Some(true), ..Self::default() };
    }

    /// A request that left at `since` failed.
    pub(super) fn failed(
        &mut self,
        failure: &Failure,
        since: Millis,
        foreground: bool,
        config: &Config,
        now: Millis,
        rng: &mut dyn RngCore,
    ) {
        if failure.stale && !self.repeated {
            self.repeated = true;
            // Another request may have failed meanwhile: its back-off stands.
            self.not_before = self.not_before.max(now);
            return;
        }
        let same_outage = self.failures > 0 && since < self.failed_at;
        let first = self.failures == 0;
        self.last = Some(failure.class);
        self.failed_at = now;
        self.online = Some(failure.class.is_from_central());
        if same_outage {
            return;
        }
        self.failures = self.failures.saturating_add(1);
        let mut wait = jittered(self.failures, config, rng);
        if first && failure.class == Class::Network {
            wait += up_to(if foreground { config.spread_foreground } else { config.spread_background }, rng);
        }
        self.not_before = now + wait;
    }

    /// When the road broke, while it is broken.
    pub(super) fn broke_at(&self) -> Option<Millis> {
        (self.failures > 0).then_some(self.failed_at)
    }

    /// Something says that the network may be back: try soon, without waking everybody in the same second.
    pub(super) fn hope(&mut self, within: Millis, now: Millis, rng: &mut dyn RngCore) {
        self.not_before = self.not_before.min(now + up_to(within, rng));
    }
}

/// Full jitter: anything from nothing to `2^(n-1)` units, capped before the jitter.
pub(super) fn jittered(failures: u32, config: &Config, rng: &mut dyn RngCore) -> Millis {
    let doubled = config.backoff_unit.saturating_mul(1 << failures.saturating_sub(1).min(30));
    up_to(doubled.min(config.backoff_cap), rng)
}

/// How long whoever asks beside the exchange waits after so many failures in a row, and at least as long as central asked.
pub(crate) fn pause(failures: u32, asked: Option<Duration>, config: &Config, rng: &mut dyn RngCore) -> Duration {
    let least = asked.map_or(0, |asked| asked::until(asked, config, 0, rng));
    Duration::from_millis(jittered(failures, config, rng).max(least))
}

/// A span ± 25 %.
pub(super) fn about(span: Millis, rng: &mut dyn RngCore) -> Millis {
    span - span / 4 + up_to(span / 2, rng)
}

/// Anything from nothing to `most`, evenly.
pub(super) fn up_to(most: Millis, rng: &mut dyn RngCore) -> Millis {
    if most == 0 { 0 } else { rng.gen_range(0..=most) }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn back_off_is_capped_before_the_jitter() {
        let config = Config::default();
        let mut rng = StdRng::seed_from_u64(1);
        let waits: Vec<Millis> = (0..1_000).map(|_| jittered(40, &config, &mut rng)).collect();
        assert!(waits.iter().all(|wait| *wait <= 300_000), "300 s is the cap");
        let below_half = waits.iter().filter(|wait| **wait < 150_000).count();
        assert!((400..600).contains(&below_half), "evenly spread below the cap, not heaped on it: {below_half}");
    }

    #[test]
    fn a_pause_is_no_shorter_than_central_asked() {
        let config = Config::default();
        let mut rng = StdRng::seed_from_u64(5);
        let asked = Duration::from_secs(100);
        assert!((0..100).all(|_| pause(1, Some(asked), &config, &mut rng) >= asked));
        let longest = |failures, rng: &mut StdRng| (0..100).map(|_| pause(failures, None, &config, rng)).max().unwrap();
        assert!(longest(1, &mut rng) <= Duration::from_secs(1));
        let at_last = longest(40, &mut rng);
        assert!((Duration::from_secs(150)..=Duration::from_secs(300)).contains(&at_last), "{at_last:?}");
    }

    #[test]
    fn a_stale_connection_is_worth_one_immediate_repetition_and_no_more() {
        let config = Config { spread_background: 0, spread_foreground: 0, ..Config::default() };
        let mut rng = StdRng::seed_from_u64(3);
        let stale = Failure { stale: true, ..Failure::of(Class::Network) };
        let mut link = Link::default();
        link.failed(&stale, 0, true, &config, 10, &mut rng);
        assert_eq!((link.not_before, link.failures), (10, 0));
        link.failed(&stale, 10, true, &config, 20, &mut rng);
        assert_eq!(link.failures, 1);
        link.succeeded();
        link.failed(&stale, 30, true, &config, 40, &mut rng);
        assert_eq!(link.failures, 0, "a success earns the next repetition");

        let mut link = Link { not_before: 900, ..Link::default() };
        link.failed(&stale, 0, true, &config, 10, &mut rng);
        assert_eq!(link.not_before, 900, "and shortens no wait");
    }

    #[test]
    fn requests_that_were_under_way_when_the_link_broke_count_as_one_failure() {
        let config = Config::default();
        let mut rng = StdRng::seed_from_u64(4);
        let mut link = Link::default();
        link.failed(&Failure::of(Class::Network), 5, true, &config, 100, &mut rng);
        link.failed(&Failure::of(Class::Network), 6, true, &config, 101, &mut rng);
        assert_eq!(link.failures, 1);
        link.failed(&Failure::of(Class::Network), 150, true, &config, 200, &mut rng);
        assert_eq!(link.failures, 2);
    }
}
