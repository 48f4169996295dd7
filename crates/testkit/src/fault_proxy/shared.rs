//! What the proxy's connections share: the plan in force, how far its faults are counted, and the counters.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::Counters;
use super::plan::{FaultKind, Plan, When};

pub(super) struct Shared {
    pub(super) upstream: SocketAddr,
    state: Mutex<State>,
    pub(super) counters: watch::Sender<Counters>,
    /// Counts changes of the mode; open connections end when it moves.
    pub(super) modes: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    plan: Plan,
    /// Requests that the fault's path selected since the plan was set.
    matched: u64,
    random: u64,
}

impl Shared {
    pub(super) fn new(upstream: SocketAddr) -> Self {
        Self {
            upstream,
            state: Mutex::default(),
            counters: watch::Sender::new(Counters::default()),
            modes: watch::Sender::new(0),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn plan(&self) -> Plan {
        self.state().plan.clone()
    }

    pub(super) fn count(&self, change: impl FnOnce(&mut Counters)) {
        self.counters.send_modify(change);
    }

    /// Puts a plan in force and starts counting its faults anew. Tells whether the mode changed.
    pub(super) fn replace(&self, plan: Plan) -> bool {
        let mut state = self.state();
        let changed = state.plan.mode != plan.mode;
        let random = match plan.fault.as_ref().map(|fault| fault.when) {
            Some(When::Random { seed, .. }) => seed,
            _ => 0,
        };
        *state = State { plan, matched: 0, random };
        drop(state);
        if changed {
            self.modes.send_modify(|modes| *modes += 1);
        }
        changed
    }

    /// Counts a request and decides what becomes of it.
    pub(super) fn next_request(&self, path: &str) -> (Plan, Option<FaultKind>) {
        self.count(|counters| counters.requests += 1);
        let mut state = self.state();
        let plan = state.plan.clone();
        let Some(fault) =
            plan.fault.as_ref().filter(|fault| fault.path.as_deref().is_none_or(|on| path.starts_with(on)))
        else {
            return (plan, None);
        };
        state.matched += 1;
        let hit = match fault.when {
            When::Always => true,
            When::Next(count) => state.matched <= u64::from(count),
            When::After(count) => state.matched > u64::from(count),
            When::Every(count) => state.matched.is_multiple_of(u64::from(count)),
            When::Random { share, .. } => uniform(&mut state.random) < share,
        };
        drop(state);
        let kind = hit.then_some(fault.kind);
        if hit {
            self.count(|counters| counters.faults += 1);
        }
        (plan, kind)
    }
}

/// The next number of a SplitMix64 sequence, as a fraction below 1: the same on every machine for the same seed.
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^= mixed >> 31;
    // 53 bits fit a double exactly.
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(plan: Plan, paths: &[&str]) -> Vec<bool> {
        let shared = Shared::new(([127, 0, 0, 1], 1).into());
        shared.replace(plan);
        paths.iter().map(|path| shared.next_request(path).1.is_some()).collect()
    }

    #[test]
    fn faults_hit_as_planned() {
        let four = ["/a"; 4];
        assert_eq!(hits(Plan::default(), &four), [false; 4]);
        assert_eq!(hits(Plan::fault(FaultKind::Fail, When::Always), &four), [true; 4]);
        assert_eq!(hits(Plan::fault(FaultKind::Fail, When::Next(1)), &four), [true, false, false, false]);
        assert_eq!(hits(Plan::fault(FaultKind::Fail, When::Every(2)), &four), [false, true, false, true]);
        let on = Plan::fault(FaultKind::Fail, When::Every(2)).on("/b");
        assert_eq!(hits(on, &["/b", "/a", "/b?x", "/b"]), [false, false, true, false]);
    }

    #[test]
    fn random_faults_repeat_with_their_seed_and_keep_their_share() {
        let plan = |seed| Plan::fault(FaultKind::Fail, When::Random { share: 0.3, seed });
        let thousand = ["/a"; 1_000];
        let first = hits(plan(7), &thousand);
        assert_eq!(first, hits(plan(7), &thousand));
        assert_ne!(first, hits(plan(8), &thousand));
        let share = first.iter().filter(|hit| **hit).count();
        assert!((250..350).contains(&share), "{share} of 1000");
    }
}
