//! The one task that carries out commands: groups of them, one transaction, one flush to disk, then the answers.
//!
//! A flush costs more than all statements of a command, so commands that wait while one group is flushed form the next
//! group (measured in `sync.md` §3.9: 322 commands a second one by one, 8,436 in groups of 50).

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::{Command, CommandEnvelope, CommandResult};
use sqlx::{Acquire, Sqlite, Transaction};
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};
use uuid::Uuid;

use super::carry::{self, Keys, Sender};
use super::error::SyncError;
use super::feed;
use super::outcome::Outcome;
use super::pace::Pace;
use super::wake::Wakes;
use crate::failpoint;
use crate::state::Central;

/// Commands in a group.
pub(super) const GROUP: usize = 50;
/// How long a group that follows a shared one waits for more.
const GATHER: Duration = Duration::from_millis(5);

/// A batch on its way to the database.
pub(super) struct Job {
    pub(super) sender: Sender,
    pub(super) commands: Vec<CommandEnvelope>,
    pub(super) reply: oneshot::Sender<Done>,
    /// Its place in the queue, given back when the job is done.
    pub(super) _room: OwnedSemaphorePermit,
}

/// What became of a batch.
pub(super) struct Done {
    pub(super) results: Vec<CommandResult>,
    /// The person's newest feed sequence.
    pub(super) head: i64,
}

/// What the writer works with.
pub(super) struct Writer {
    pub(super) central: Central,
    pub(super) keys: Arc<Keys>,
    pub(super) wakes: Arc<Wakes>,
    pub(super) pace: Arc<Pace>,
}

impl Writer {
    /// Takes jobs until central stops and the queue is empty.
    pub(super) async fn run(self: Arc<Self>, mut queue: mpsc::Receiver<Job>) {
        let mut shared = false;
        loop {
            let first = tokio::select! {
                biased;
                job = queue.recv() => job,
                () = self.central.stopping.cancelled(), if !queue.is_closed() => {
                    // Whoever asks from now on is told to come again; what is queued is still carried out.
                    queue.close();
                    continue;
                }
            };
            let Some(first) = first else { return };
            let group = gather(first, &mut queue, shared).await;
            shared = group.len() > 1;
            // A task of its own: a defect in one command must not end the writer.
            let writer = Arc::clone(&self);
            if let Err(error) = tokio::spawn(async move { writer.carry_group(group).await }).await {
                tracing::error!(%error, "a group of commands failed; its senders will come again");
            }
        }
    }

    async fn carry_group(&self, group: Vec<Job>) {
        let began = Instant::now();
        let commands: usize = group.iter().map(|job| job.commands.len()).sum();
        match self.write(&group).await {
            Ok(written) => {
                self.pace.note(commands, began.elapsed());
                if written.catalogue_changed
                    && let Some(shelf) = self.central.catalogue.get()
                {
                    shelf.note_change();
                }
                for (job, done) in group.into_iter().zip(written.done) {
                    self.wakes.wake(job.sender.person);
                    // The sender may have gone; the result is stored.
                    let _ = job.reply.send(done);
                }
            }
            Err(error) => {
                tracing::error!(%error, commands, "a group of commands was not written");
                for job in group {
                    let results = job.commands.iter().map(|command| again(command.id)).collect();
                    let _ = job.reply.send(Done { results, head: 0 });
                }
            }
        }
    }

    async fn write(&self, group: &[Job]) -> Result<Written, SyncError> {
        let mut tx = self.central.db.begin().await?;
        let mut written = Written { done: Vec::with_capacity(group.len()), catalogue_changed: false };
        for job in group {
            let mut held = HashSet::new();
            let mut results = Vec::with_capacity(job.commands.len());
            for command in &job.commands {
                let lane = command.lane.as_str();
                let result = self
                    .carry_one(&mut tx, job.sender, command, held.contains(lane), &mut written.catalogue_changed)
                    .await?;
                if !result.status.is_final() {
                    held.insert(lane);
                }
                results.push(result);
            }
            let head = feed::head(&mut tx, job.sender.person).await?.seq;
            written.done.push(Done { results, head });
        }
        super::epoch::count(&mut tx).await?;
        failpoint::hit("group.written");
        tx.commit().await?;
        self.central.committed();
        failpoint::hit("group.committed");
        Ok(written)
    }

    /// One command in its savepoint. An error that concerns this command alone makes it come again.
    async fn carry_one(
        &self,
        tx: &mut Transaction<'static, Sqlite>,
        sender: Sender,
        command: &CommandEnvelope,
        lane_held: bool,
        catalogue_changed: &mut bool,
    ) -> Result<CommandResult, SyncError> {
        let mut savepoint = tx.begin().await?;
        match carry::carry((&self.central, &mut savepoint), &self.keys, sender, command, lane_held, catalogue_changed)
            .await
        {
            Ok(result) if result.status.is_final() => {
                savepoint.commit().await?;
                Ok(result)
            }
            Ok(result) => {
                savepoint.rollback().await?;
                let mut beside = tx.begin().await?;
                let noted = carry::note_lock((&self.central, &mut beside), &self.keys, sender, command, &result).await;
                match noted {
                    Ok(()) => beside.commit().await?,
                    Err(error) => {
                        tracing::error!(command = %command.id, %error, "a lock could not be noted");
                        beside.rollback().await?;
                    }
                }
                Ok(result)
            }
            Err(error) => {
                // The text of an unknown kind is the client's own making: it stays out of the log.
                let kind = Command::known_kind(&command.kind);
                tracing::error!(command = %command.id, kind, %error, "a command failed");
                savepoint.rollback().await?;
                Ok(again(command.id))
            }
        }
    }
}

struct Written {
    done: Vec<Done>,
    catalogue_changed: bool,
}

/// The first job and what waits behind it, up to a group. A lone sender is not made to wait for others.
async fn gather(first: Job, queue: &mut mpsc::Receiver<Job>, shared: bool) -> Vec<Job> {
    let mut size = first.commands.len();
    let mut group = vec![first];
    let until = tokio::time::Instant::now() + GATHER;
    while size < GROUP {
        let next = match queue.try_recv() {
            Ok(job) => Some(job),
            Err(_) if shared => tokio::time::timeout_at(until, queue.recv()).await.ok().flatten(),
            Err(_) => None,
        };
        let Some(job) = next else { break };
        size += job.commands.len();
        group.push(job);
    }
    group
}

/// The command was not processed.
fn again(id: Uuid) -> CommandResult {
    match Outcome::retry(ProblemCode::Internal, "not processed", 5_000) {
        Outcome::Waits(waits) => carry::waiting(id, waits),
        Outcome::Final(_) => unreachable!("a retry is not final"),
    }
}
