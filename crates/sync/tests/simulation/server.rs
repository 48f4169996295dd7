//! A model of central: the protocol's promises and nothing else, in memory, exact.

use std::collections::{BTreeMap, HashMap, HashSet};

use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::sync::{Change, CommandResult, CommandStatus, Op, Page, Pushed, SnapshotPage, state_hash};
use prakerja_sync::failure::{self, Failure};
use serde_json::json;
use uuid::Uuid;

use crate::documents::Awaited;

/// What a command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// Sets the one profile record.
    Profile(u32),
    /// Asks for a seat.
    Enrol { training: usize, enrolment: Uuid },
    /// Gives it back.
    Cancel { enrolment: Uuid },
    /// Announces a document whose bytes are uploaded; both have the same id here.
    Attach { upload: Uuid, bytes: u64 },
}

/// A command on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command {
    pub(crate) id: Uuid,
    pub(crate) lane: String,
    /// Place among the commands of this client; order inside a lane is checked by it.
    pub(crate) position: u64,
    pub(crate) depends_on: Vec<Uuid>,
    pub(crate) what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) rev: i64,
    pub(crate) seq: i64,
    pub(crate) live: bool,
    pub(crate) by: Uuid,
}

/// What a backup holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Durable {
    pub(crate) seq: i64,
    pub(crate) records: BTreeMap<(&'static str, Uuid), Record>,
    pub(crate) log: HashMap<Uuid, (Command, CommandResult)>,
    pub(crate) effects: HashMap<Uuid, u32>,
    pub(crate) awaited: BTreeMap<Uuid, Awaited>,
    taken: Vec<u32>,
    holders: HashMap<Uuid, usize>,
    newest_of_lane: HashMap<String, u64>,
}

pub(crate) struct Server {
    pub(crate) epoch: Uuid,
    pub(crate) durable: Durable,
    backup: Option<Durable>,
    /// Every restore: the epoch that ended, and how far the restored memory reached.
    pub(crate) restores: Vec<(Uuid, i64)>,
    pub(crate) seats: u32,
    pub(crate) access: u32,
    pub(crate) refresh: u32,
    pub(crate) revoked: bool,
    pub(crate) oldest_cursor: i64,
    /// Survives restores: what was ever done, whether or not central still knows.
    carried_out: HashSet<Uuid>,
    /// Refused as a whole request, as long as central never carried it out.
    pub(crate) refused: HashSet<Uuid>,
}

const PROFILE: Uuid = Uuid::from_u128(1);

impl Server {
    pub(crate) fn new(trainings: usize, seats: u32) -> Self {
        let durable = Durable { taken: vec![0; trainings], ..Durable::default() };
        Self {
            epoch: Uuid::from_u128(0xe),
            durable,
            backup: None,
            restores: Vec::new(),
            seats,
            access: 1,
            refresh: 1,
            revoked: false,
            oldest_cursor: 0,
            carried_out: HashSet::new(),
            refused: HashSet::new(),
        }
    }

    pub(crate) fn back_up(&mut self) {
        self.backup = Some(self.durable.clone());
    }

    pub(crate) fn restore(&mut self) {
        let Some(backup) = self.backup.clone() else { return };
        self.restores.push((self.epoch, backup.seq));
        self.durable = backup;
        self.epoch = Uuid::from_u128(self.epoch.as_u128() + 1);
        self.oldest_cursor = self.oldest_cursor.min(self.durable.seq);
    }

    pub(crate) fn problem(code: ProblemCode, status: u16) -> Failure {
        failure::from_problem(status, Problem::new(code, status, "model"), None)
    }

    pub(crate) fn may(&self, access: u32) -> Result<(), Failure> {
        if self.revoked {
            Err(Self::problem(ProblemCode::SessionRevoked, 401))
        } else if access != self.access {
            Err(Self::problem(ProblemCode::TokenExpired, 401))
        } else {
            Ok(())
        }
    }

    /// The earliest point that any restore since `epoch` went back to.
    fn other_epoch(&self, epoch: Uuid) -> Failure {
        let since = self.restores.iter().skip_while(|(ended, _)| *ended != epoch).map(|(_, seq)| *seq);
        let problem = Problem::new(ProblemCode::EpochChanged, 410, "model")
            .with_detail("restored_to_seq", since.min().unwrap_or(0))
            .with_detail("epoch", self.epoch.to_string());
        failure::from_problem(410, problem, None)
    }

    pub(crate) fn refresh(&mut self, token: u32) -> Result<(u32, u32), Failure> {
        if self.revoked {
            return Err(Self::problem(ProblemCode::SessionRevoked, 401));
        }
        if token == self.refresh {
            self.refresh += 1;
            self.access += 1;
        } else if token + 1 != self.refresh {
            return Err(Self::problem(ProblemCode::SessionRevoked, 401));
        }
        // The previous token gives the same pair again (fault 24).
        Ok((self.access, self.refresh))
    }

    pub(crate) fn push(
        &mut self,
        access: u32,
        epoch: Option<Uuid>,
        commands: &[Command],
        whim: &mut dyn FnMut(&Command) -> Option<CommandStatus>,
    ) -> Result<Pushed, Failure> {
        self.may(access)?;
        if let Some(epoch) = epoch.filter(|epoch| *epoch != self.epoch) {
            return Err(self.other_epoch(epoch));
        }
        let refused = |command: &Command| self.refused.contains(&command.id) && !self.carried_out.contains(&command.id);
        if commands.iter().any(refused) {
            return Err(Self::problem(ProblemCode::Validation, 422));
        }
        let lanes: HashSet<&str> = commands.iter().map(|command| command.lane.as_str()).collect();
        assert_eq!(lanes.len(), commands.len(), "one command of a lane at a time");
        let results = commands.iter().map(|command| self.take(command, whim)).collect();
        Ok(Pushed { epoch: self.epoch, server_ms: 0, results, backoff_ms: 0, pull_hint: self.durable.seq })
    }

    fn take(&mut self, command: &Command, whim: &mut dyn FnMut(&Command) -> Option<CommandStatus>) -> CommandResult {
        if let Some((first, result)) = self.durable.log.get(&command.id) {
            assert_eq!(first, command, "the same id always carries the same bytes");
            return CommandResult { replayed: true, ..result.clone() };
        }
        let open = |status| CommandResult { status, ..blank(command.id) };
        if command.depends_on.iter().any(|parent| !self.durable.log.contains_key(parent)) {
            return open(CommandStatus::Blocked);
        }
        if let Some(status) = whim(command) {
            return open(status);
        }
        let newest = self.durable.newest_of_lane.entry(command.lane.clone()).or_default();
        assert!(*newest < command.position, "order inside a lane: {command:?} after {newest}");
        *newest = command.position;
        self.durable.seq += 1;
        let status = self.carry_out(command);
        *self.durable.effects.entry(command.id).or_default() += 1;
        self.carried_out.insert(command.id);
        let result =
            CommandResult { status, seq: Some(self.durable.seq), receipt: Some(String::new()), ..blank(command.id) };
        self.durable.log.insert(command.id, (command.clone(), result.clone()));
        result
    }

    fn carry_out(&mut self, command: &Command) -> CommandStatus {
        let (key, live) = match command.what {
            What::Profile(_) => (("profile", PROFILE), true),
            What::Enrol { training, enrolment } => {
                if self.durable.taken[training] >= self.seats {
                    return CommandStatus::Rejected;
                }
                self.durable.taken[training] += 1;
                self.durable.holders.insert(enrolment, training);
                (("enrolment", enrolment), true)
            }
            What::Cancel { enrolment } => {
                let Some(training) = self.durable.holders.remove(&enrolment) else { return CommandStatus::Rejected };
                self.durable.taken[training] -= 1;
                (("enrolment", enrolment), false)
            }
            What::Attach { upload, bytes } => {
                self.durable.awaited.insert(upload, Awaited::new(bytes));
                (("document", upload), true)
            }
        };
        let rev = self.durable.records.get(&key).map_or(1, |record| record.rev + 1);
        self.durable.records.insert(key, Record { rev, seq: self.durable.seq, live, by: command.id });
        CommandStatus::Applied
    }

    pub(crate) fn pull(&self, access: u32, cursor: (Uuid, i64)) -> Result<Page, Failure> {
        const ROWS: usize = 3;
        self.may(access)?;
        if cursor.0 != self.epoch || cursor.1 > self.durable.seq {
            return Err(self.other_epoch(cursor.0));
        }
        if cursor.1 < self.oldest_cursor {
            return Err(Self::problem(ProblemCode::CursorExpired, 410));
        }
        let mut changes: Vec<Change> = self.changes().filter(|change| change.seq > cursor.1).collect();
        changes.sort_by_key(|change| change.seq);
        let more = changes.len() > ROWS;
        changes.truncate(ROWS);
        let seq = if more { changes[ROWS - 1].seq } else { self.durable.seq };
        let live = self.durable.records.iter().filter(|(_, record)| record.live);
        let digest = state_hash(live.map(|((kind, id), record)| (*kind, *id, record.rev)));
        Ok(Page {
            epoch: self.epoch,
            changes,
            cursor: write_cursor(self.epoch, seq),
            more,
            state_hash: (!more).then_some(digest),
        })
    }

    pub(crate) fn snapshot(&self, access: u32, token: Option<&str>) -> Result<SnapshotPage, Failure> {
        const ROWS: usize = 2;
        self.may(access)?;
        let (epoch, as_of, skip) = match token {
            None => (self.epoch, self.durable.seq, 0),
            Some(token) => {
                let (cursor, skip) = token.rsplit_once('/').expect("a token of the model");
                let (epoch, as_of) = read_cursor(cursor);
                (epoch, as_of, skip.parse().expect("a number"))
            }
        };
        if epoch != self.epoch {
            return Err(self.other_epoch(epoch));
        }
        if as_of < self.oldest_cursor {
            return Err(Self::problem(ProblemCode::CursorExpired, 410));
        }
        // Tombstones keep their place, so that a page boundary does not move while records are deleted; records that
        // appear behind the boundary come by the pull from `as_of`.
        let mut all: Vec<Change> = self.changes().collect();
        all.sort_by_key(|change| change.id);
        let records = all.iter().skip(skip).take(ROWS).filter(|change| change.op == Op::Put).cloned().collect();
        let cursor = write_cursor(epoch, as_of);
        let next = (skip + ROWS < all.len()).then(|| format!("{cursor}/{}", skip + ROWS));
        Ok(SnapshotPage { epoch, as_of_seq: as_of, records, next, cursor })
    }

    fn changes(&self) -> impl Iterator<Item = Change> {
        self.durable.records.iter().map(|((kind, id), record)| Change {
            seq: record.seq,
            kind: (*kind).to_owned(),
            id: *id,
            rev: record.rev,
            op: if record.live { Op::Put } else { Op::Del },
            data: record.live.then(|| json!({})),
            by: Some(record.by),
        })
    }

    /// Records that live, as a client should see them.
    pub(crate) fn view(&self) -> BTreeMap<(String, Uuid), i64> {
        let live = self.durable.records.iter().filter(|(_, record)| record.live);
        live.map(|((kind, id), record)| (((*kind).to_owned(), *id), record.rev)).collect()
    }
}

fn blank(id: Uuid) -> CommandResult {
    CommandResult {
        id,
        status: CommandStatus::Retry,
        rev: None,
        seq: None,
        received_at: None,
        replayed: false,
        receipt: None,
        problem: None,
        current: None,
        position: None,
        retry_after_ms: None,
    }
}

pub(crate) fn write_cursor(epoch: Uuid, seq: i64) -> String {
    format!("{}.{seq}", epoch.as_u128())
}

pub(crate) fn read_cursor(text: &str) -> (Uuid, i64) {
    let (epoch, seq) = text.split_once('.').expect("a cursor of the model");
    (Uuid::from_u128(epoch.parse().expect("an epoch")), seq.parse().expect("a sequence"))
}
