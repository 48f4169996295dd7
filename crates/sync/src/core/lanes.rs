//! Which commands may travel now. Inside a lane strict order, one in flight; across lanes only what `depends_on` says. A
//! parked or waiting command stops its own lane and those that need it, and nothing else (`sync.md` §3.6).

use std::collections::{BTreeMap, HashSet};

use prakerja_protocol::limits;
use rand::RngCore;
use uuid::Uuid;

use super::{Config, Millis, link};

/// A command in the outbox that is not finished, as the planner sees it; in the order in which it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The command.
    pub id: Uuid,
    /// Its lane.
    pub lane: String,
    /// Commands that must be finished before.
    pub depends_on: Vec<Uuid>,
    /// Size on the wire.
    pub bytes: usize,
    /// It needs the person and is not sent until then.
    pub parked: bool,
    /// It is being taken back: it is not sent, and what takes it back, in the same lane, passes it.
    pub withdrawn: bool,
}

/// Bytes of a push that are not commands.
const OVERHEAD: usize = 512;

/// Waits of single commands. In memory only: after a restart everything may be tried again.
#[derive(Debug, Clone, Default)]
pub(super) struct Delays(BTreeMap<Uuid, Delay>);

#[derive(Debug, Clone, Copy)]
struct Delay {
    until: Millis,
    tries: u32,
    /// Central named the time.
    asked: bool,
}

impl Delays {
    /// Not before `now + wait`.
    pub(super) fn set(&mut self, command: Uuid, wait: Millis, now: Millis) {
        self.put(command, now.saturating_add(wait), false, now);
    }

    /// Not before a time that central named.
    pub(super) fn ask(&mut self, command: Uuid, until: Millis, now: Millis) {
        self.put(command, until, true, now);
    }

    fn put(&mut self, command: Uuid, until: Millis, asked: bool, now: Millis) {
        let before = self.0.get(&command);
        let tries = before.map_or(0, |delay| delay.tries).saturating_add(1);
        let stands = before.filter(|delay| delay.asked && delay.until > now.max(until)).copied();
        self.0.insert(command, stands.map_or(Delay { until, tries, asked }, |delay| Delay { tries, ..delay }));
    }

    /// Not before a wait that grows each time. At least half a second, so that a command cannot be sent in a loop.
    pub(super) fn grow(&mut self, command: Uuid, config: &Config, now: Millis, rng: &mut dyn RngCore) {
        let tries = self.0.get(&command).map_or(0, |delay| delay.tries);
        let wait = config.backoff_unit / 2 + link::jittered(tries.saturating_add(1), config, rng);
        self.set(command, wait, now);
    }

    /// Everything may be tried at once, but for what central asked to wait.
    pub(super) fn clear(&mut self) {
        self.0.retain(|_, delay| delay.asked);
    }

    /// Forgets commands that are finished.
    pub(super) fn keep<'a>(&mut self, rows: impl Iterator<Item = &'a Pending>) {
        self.keep_ids(rows.map(|row| row.id));
    }

    /// Forgets everything but these.
    pub(super) fn keep_ids(&mut self, ids: impl Iterator<Item = Uuid>) {
        if !self.0.is_empty() {
            let alive: HashSet<Uuid> = ids.collect();
            self.0.retain(|id, _| alive.contains(id));
        }
    }

    /// When the next delayed command may travel.
    pub(super) fn next(&self, now: Millis) -> Option<Millis> {
        self.0.values().map(|delay| delay.until).filter(|until| *until > now).min()
    }

    pub(super) fn waits(&self, command: Uuid, now: Millis) -> bool {
        self.0.get(&command).is_some_and(|delay| delay.until > now)
    }
}

/// The next batch: at most `limit` commands, at most one of a lane.
pub(super) fn plan<'a>(
    rows: impl Iterator<Item = &'a Pending> + Clone,
    delays: &Delays,
    limit: usize,
    now: Millis,
) -> Vec<Uuid> {
    let unfinished: HashSet<Uuid> = rows.clone().map(|row| row.id).collect();
    let mut stopped: HashSet<&str> = HashSet::new();
    let mut batch: Vec<Uuid> = Vec::new();
    let mut bytes = OVERHEAD;
    for row in rows {
        if batch.len() >= limit {
            break;
        }
        if row.withdrawn {
            continue;
        }
        // The first unfinished command of a lane decides; later ones wait for it whatever it does.
        if !stopped.insert(row.lane.as_str()) {
            continue;
        }
        let waits_for_another = row.depends_on.iter().any(|id| unfinished.contains(id));
        let too_large_now = !batch.is_empty() && bytes + row.bytes > limits::PUSH_BYTES;
        if row.parked || delays.waits(row.id, now) || waits_for_another || too_large_now {
            continue;
        }
        bytes += row.bytes;
        batch.push(row.id);
    }
    batch
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: u128, lane: &str, depends_on: &[u128]) -> Pending {
        Pending {
            id: Uuid::from_u128(id),
            lane: lane.to_owned(),
            depends_on: depends_on.iter().copied().map(Uuid::from_u128).collect(),
            bytes: 100,
            parked: false,
            withdrawn: false,
        }
    }

    fn ids(batch: &[Uuid]) -> Vec<u128> {
        batch.iter().map(Uuid::as_u128).collect()
    }

    #[test]
    fn batches_follow_lanes_dependencies_and_limits() {
        let parked = Pending { parked: true, ..row(1, "a", &[]) };
        let withdrawn = Pending { withdrawn: true, ..row(1, "a", &[]) };
        let huge = |id, lane| Pending { bytes: 200_000, ..row(id, lane, &[]) };
        let rows: Vec<(&str, Vec<Pending>, usize, Vec<u128>)> = vec![
            ("nothing waits", vec![], 50, vec![]),
            ("one of a lane", vec![row(1, "a", &[]), row(2, "a", &[]), row(3, "b", &[])], 50, vec![1, 3]),
            ("no more than the limit", vec![row(1, "a", &[]), row(2, "b", &[]), row(3, "c", &[])], 2, vec![1, 2]),
            ("a parked one stops its lane only", vec![parked.clone(), row(2, "a", &[]), row(3, "b", &[])], 9, vec![3]),
            ("and those that need it", vec![parked, row(2, "b", &[1]), row(3, "c", &[2])], 9, vec![]),
            ("a dependency goes alone", vec![row(1, "a", &[]), row(2, "b", &[1])], 9, vec![1]),
            ("wherever it stands", vec![row(2, "b", &[1]), row(1, "a", &[])], 9, vec![1]),
            ("what is taken back is passed", vec![withdrawn, row(2, "a", &[]), row(3, "b", &[1])], 9, vec![2]),
            ("a finished one is no obstacle", vec![row(2, "b", &[1])], 9, vec![2]),
            ("bytes are limited", vec![huge(1, "a"), huge(2, "b"), row(3, "c", &[])], 9, vec![1, 3]),
            ("a single huge one still travels", vec![Pending { bytes: 900_000, ..row(1, "a", &[]) }], 9, vec![1]),
        ];
        for (name, pending, limit, expected) in rows {
            assert_eq!(ids(&plan(pending.iter(), &Delays::default(), limit, 0)), expected, "{name}");
        }
    }

    #[test]
    fn a_delayed_command_stops_its_lane_until_its_time() {
        let rows = [row(1, "a", &[]), row(2, "a", &[]), row(3, "b", &[])];
        let mut delays = Delays::default();
        delays.set(Uuid::from_u128(1), 500, 1_000);
        assert_eq!(ids(&plan(rows.iter(), &delays, 9, 1_499)), [3]);
        assert_eq!(delays.next(1_499), Some(1_500));
        assert_eq!(ids(&plan(rows.iter(), &delays, 9, 1_500)), [1, 3]);
        delays.keep(rows[2..].iter());
        assert_eq!(delays.next(0), None, "a finished command leaves no wait behind");
    }

    #[test]
    fn what_central_asked_one_command_to_wait_stands() {
        let rows = [row(1, "a", &[]), row(2, "b", &[])];
        let mut delays = Delays::default();
        delays.ask(Uuid::from_u128(1), 900, 0);
        delays.set(Uuid::from_u128(2), 900, 0);
        delays.clear();
        assert_eq!(ids(&plan(rows.iter(), &delays, 9, 10)), [2]);
        delays.set(Uuid::from_u128(1), 5, 10);
        assert_eq!(delays.next(10), Some(900));
    }
}
