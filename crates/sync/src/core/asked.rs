//! What central asked to wait (`sync.md` §3.7, `overload`): for each kind of request its own time, since a shed catalogue
//! is no reason to keep a seat waiting. Only time ends it: no success, no hint of a network and no hurry does.

use std::time::Duration;

use rand::RngCore;

use super::config::HOUR;
use super::link::up_to;
use super::{Config, Millis};

/// The longest wait that is believed. A number that somebody mistyped must not stop the exchange for days.
const MOST: Millis = HOUR;

/// Not before these times.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asked {
    pub(super) push: Millis,
    pub(super) feed: Millis,
    pub(super) catalogue: Millis,
    pub(super) refresh: Millis,
    pub(super) upload: Millis,
}

impl Asked {
    /// Every one of them.
    pub(super) fn all(&self) -> [Millis; 5] {
        [self.push, self.feed, self.catalogue, self.refresh, self.upload]
    }

    /// Until when the person's own exchange waits, if it does.
    pub(super) fn holds(&self, now: Millis) -> Option<Millis> {
        [self.push, self.feed, self.refresh].into_iter().filter(|until| *until > now).min()
    }
}

/// The end of a wait that central asked for, with jitter on top: otherwise everybody comes back at once.
pub(super) fn until(asked: Duration, config: &Config, now: Millis, rng: &mut dyn RngCore) -> Millis {
    let asked = Millis::try_from(asked.as_millis()).unwrap_or(Millis::MAX).min(MOST);
    let spread = config.overload_spread.max(asked / 4);
    now.saturating_add(asked).saturating_add(up_to(spread, rng))
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn jitter_is_added_to_what_central_asks_for() {
        let config = Config::default();
        let mut rng = StdRng::seed_from_u64(2);
        let mut seen = Vec::new();
        for _ in 0..200 {
            let until = until(Duration::from_secs(100), &config, 1_000, &mut rng);
            assert!((101_000..=126_000).contains(&until), "{until}");
            seen.push(until);
        }
        seen.sort_unstable();
        seen.dedup();
        assert!(seen.len() > 150, "not everybody at the same second");
    }

    #[test]
    fn a_wait_of_days_is_not_believed() {
        let mut rng = StdRng::seed_from_u64(3);
        let until = until(Duration::from_secs(10 * 24 * 3_600), &Config::default(), 0, &mut rng);
        assert!((HOUR..=HOUR + HOUR / 4).contains(&until), "{until}");
    }
}
