//! A model of the client's store: what is durable on the computer, with the same transactions as the real one.

use std::collections::BTreeMap;

use prakerja_protocol::sync::{Change, CommandResult, CommandStatus, Op, Page, SnapshotPage, state_hash};
use prakerja_sync::core::{Event, Known, Pending, Session};
use uuid::Uuid;

use crate::documents::Upload;
use crate::server::{Command, read_cursor};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Queued,
    Sending,
    Parked,
    Done,
}

#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) command: Command,
    pub(crate) state: State,
    pub(crate) status: Option<CommandStatus>,
    pub(crate) seq: Option<i64>,
}

#[derive(Debug, Default)]
pub(crate) struct Disk {
    /// Everything that is not finished, in order.
    pub(crate) open: Vec<Row>,
    pub(crate) done: BTreeMap<Uuid, Row>,
    pub(crate) records: BTreeMap<(String, Uuid), (i64, bool)>,
    pub(crate) feed: Option<(Uuid, String)>,
    pub(crate) shadow: BTreeMap<(String, Uuid), (i64, bool)>,
    pub(crate) progress: Option<(Uuid, i64, String)>,
    pub(crate) access: u32,
    pub(crate) refresh: u32,
    pub(crate) signed_in: bool,
    /// Documents on their way, and those that central answered.
    pub(crate) uploads: Vec<Upload>,
    pub(crate) answered: Vec<Uuid>,
}

impl Disk {
    pub(crate) fn pending(&self) -> Vec<Pending> {
        self.open.iter().map(pending).collect()
    }

    /// What a program that starts now would tell the core.
    pub(crate) fn start(&mut self) -> Event {
        self.recover();
        let session = if self.signed_in { Session::Active } else { Session::Ended };
        Event::Start { session, rows: self.pending(), feed: self.known() }
    }

    /// Where the feed stands.
    pub(crate) fn known(&self) -> Known {
        Known {
            epoch: match (&self.progress, &self.feed) {
                (Some((epoch, _, _)), _) | (None, Some((epoch, _))) => Some(*epoch),
                (None, None) => Some(Uuid::from_u128(0xe)),
            },
            cursor: self.feed.is_some(),
            snapshot: self.progress.as_ref().map(|(_, _, next)| next.clone()),
        }
    }

    /// At start, and by a push that finds nothing to send: what counts as sent is queued.
    pub(crate) fn recover(&mut self) {
        for row in self.open.iter_mut().filter(|row| row.state == State::Sending) {
            row.state = State::Queued;
        }
    }

    /// Freezes a batch and gives its bytes.
    pub(crate) fn take_batch(&mut self, commands: &[Uuid]) -> Vec<Command> {
        let mut batch = Vec::new();
        for id in commands {
            let queued = self.open.iter().position(|row| row.command.id == *id && row.state == State::Queued);
            if let Some(at) = queued {
                let lane = &self.open[at].command.lane;
                if self.open.iter().all(|row| row.command.lane != *lane || row.state != State::Sending) {
                    self.open[at].state = State::Sending;
                    batch.push(self.open[at].command.clone());
                }
            } else if let Some(row) = self.done.get(id) {
                batch.push(row.command.clone());
            }
        }
        batch
    }

    pub(crate) fn put_back(&mut self, commands: &[Uuid]) {
        for row in self.open.iter_mut().filter(|row| commands.contains(&row.command.id)) {
            if row.state == State::Sending {
                row.state = State::Queued;
            }
        }
    }

    pub(crate) fn park(&mut self, command: Uuid) {
        for row in self.open.iter_mut().filter(|row| row.command.id == command) {
            row.state = State::Parked;
        }
    }

    pub(crate) fn release(&mut self) {
        for row in self.open.iter_mut().filter(|row| row.state == State::Parked) {
            row.state = State::Queued;
        }
    }

    pub(crate) fn record_results(&mut self, results: &[CommandResult], unanswered: &[Uuid]) {
        let open: Vec<Uuid> = results.iter().filter(|r| !r.status.is_final()).map(|r| r.id).collect();
        self.put_back(&open);
        self.put_back(unanswered);
        for result in results.iter().filter(|result| result.status.is_final()) {
            if let Some(at) = self.open.iter().position(|row| row.command.id == result.id) {
                let row = self.open.remove(at);
                self.done.insert(result.id, row);
            }
            if let Some(row) = self.done.get_mut(&result.id) {
                row.state = State::Done;
                row.status = Some(result.status);
                row.seq = result.seq;
            }
        }
    }

    pub(crate) fn replayable(&self, after: i64) -> Vec<Pending> {
        let mut rows: Vec<&Row> = self.done.values().filter(|row| row.seq.is_some_and(|seq| seq > after)).collect();
        // Sequences of different epochs do not compare; the order in which the commands were made always does.
        rows.sort_by_key(|row| row.command.position);
        rows.into_iter().map(pending).collect()
    }

    /// Rows and cursor in one transaction; says whether the digest fits.
    pub(crate) fn apply_page(&mut self, page: &Page) -> Option<bool> {
        let (epoch, _) = self.feed.as_ref().expect("a page without a snapshot before");
        assert_eq!(*epoch, page.epoch, "a page of another epoch is never stored");
        for change in &page.changes {
            put(&mut self.records, change);
        }
        self.feed = Some((page.epoch, page.cursor.clone()));
        self.settle_uploads();
        let digest = page.state_hash.as_ref()?;
        let live = self.records.iter().filter(|(_, (_, live))| *live);
        Some(*digest == state_hash(live.map(|((kind, id), (rev, _))| (kind.as_str(), *id, *rev))))
    }

    pub(crate) fn apply_snapshot(&mut self, page: &SnapshotPage) {
        let same = self.progress.as_ref().is_some_and(|(epoch, seq, _)| (*epoch, *seq) == (page.epoch, page.as_of_seq));
        if !same {
            self.shadow.clear();
        }
        for record in &page.records {
            put(&mut self.shadow, record);
        }
        match &page.next {
            Some(next) => self.progress = Some((page.epoch, page.as_of_seq, next.clone())),
            None => {
                self.records = std::mem::take(&mut self.shadow);
                self.progress = None;
                self.feed = Some((page.epoch, page.cursor.clone()));
                self.settle_uploads();
            }
        }
    }

    pub(crate) fn cursor(&self) -> (Uuid, i64) {
        read_cursor(&self.feed.as_ref().expect("a cursor").1)
    }

    pub(crate) fn view(&self) -> BTreeMap<(String, Uuid), i64> {
        self.records.iter().filter(|(_, (_, live))| *live).map(|(key, (rev, _))| (key.clone(), *rev)).collect()
    }
}

fn put(records: &mut BTreeMap<(String, Uuid), (i64, bool)>, change: &Change) {
    let row = records.entry((change.kind.clone(), change.id)).or_default();
    if change.rev > row.0 {
        *row = (change.rev, change.op == Op::Put);
    }
}

fn pending(row: &Row) -> Pending {
    Pending {
        id: row.command.id,
        lane: row.command.lane.clone(),
        depends_on: row.command.depends_on.clone(),
        bytes: 300,
        parked: row.state == State::Parked,
        withdrawn: false,
    }
}
