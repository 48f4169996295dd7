//! The exchange with one address of central: the task that sends and reads, and how it stands.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use prakerja_protocol::sync::Command;
use prakerja_store::{NewCommand, OutboxRow, OutboxState, Store};
use prakerja_sync::account::Accounts;
use prakerja_sync::clock::ServerClock;
use prakerja_sync::core::{Session, Uploading};
use prakerja_sync::executor::{self, Subscription, SyncConfig, SyncEvent, SyncHandle};
use prakerja_sync::http::{Http, HttpConfig};
use prakerja_sync::selection::SelectionFiles;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::AbortHandle;
use uuid::Uuid;

pub(crate) use crate::delivery::Standing;
use crate::error::Answer;
use crate::ipc::{Changed, ErrorCode, IpcError};
use crate::refusal::unreachable;
use crate::{App, Clock, Inner};

/// Version of the payloads of this version's commands.
const COMMAND_VERSION: u32 = 1;
/// Nobody waits longer in front of a button for one command.
const PATIENCE: Duration = Duration::from_secs(20);
/// A command is looked at so often although nobody told of a change.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// Version of the local database's shape, for central's statistics.
const SCHEMA: u32 = 1;

/// Everything that goes to one central and comes from there.
pub(crate) struct Exchange {
    sync: SyncHandle,
    accounts: Accounts,
    clock: Arc<dyn Clock>,
    listener: AbortHandle,
}

impl App {
    /// Begins to exchange with the address in force.
    pub(crate) async fn connect(&self, store: &Store) -> Answer<Arc<Exchange>> {
        let config = &self.inner.config;
        let device = store.device().await?;
        let client = format!("app/{} ({}; schema={SCHEMA})", config.version, config.os);
        let clock = ServerClock::resumed(store, Arc::clone(&config.clock)).await?;
        let http = HttpConfig::new(self.central().url, device.id, client);
        let http = Http::new(http, Arc::new(clock));
        let http = http.map_err(|error| IpcError::defect("http client", &error))?;
        let times = SyncConfig {
            core: config.sync.clone(),
            foreground: self.inner.looked_at.load(Ordering::Relaxed),
            hold_uploads: self.holds_photos(),
        };
        let sync = executor::start(http, store.clone(), times);
        let listening = listen(Arc::downgrade(&self.inner), sync.subscribe());
        Ok(Arc::new(Exchange {
            accounts: sync.accounts(),
            clock: Arc::clone(&config.clock),
            listener: tokio::spawn(listening).abort_handle(),
            sync,
        }))
    }

    /// The window is looked at, or not any more: only then central may keep a question waiting for news.
    pub fn set_foreground(&self, looked_at: bool) {
        self.inner.looked_at.store(looked_at, Ordering::Relaxed);
        self.look_again();
        if let Some(opened) = self.if_open() {
            opened.exchange().sync.set_foreground(looked_at);
        }
    }
}

impl Exchange {
    /// A command as the person made it now.
    pub(crate) fn command(
        &self,
        command: &Command,
        lane: &str,
        base_rev: Option<i64>,
        label: Option<String>,
    ) -> Answer<NewCommand> {
        let json = |error: serde_json::Error| IpcError::defect("command", &error);
        Ok(NewCommand {
            id: Uuid::now_v7(),
            lane: lane.to_owned(),
            kind: command.kind().to_owned(),
            v: COMMAND_VERSION,
            base_rev,
            depends_on: Vec::new(),
            payload: command.payload().map_err(json)?,
            clock: serde_json::to_value(self.sync.clock().evidence()).map_err(json)?,
            label,
            created_at: self.clock.now_ms(),
        })
    }

    /// Requests about accounts.
    pub(crate) fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// The public files of the draws.
    pub(crate) fn selection_files(&self) -> SelectionFiles {
        self.sync.selection_files()
    }

    /// Central's time now; `None` before the first genuine answer since the computer was started.
    pub(crate) fn server_now_ms(&self) -> Option<i64> {
        self.sync.clock().server_now_ms()
    }

    /// The document that is being sent.
    pub(crate) fn uploading(&self) -> Option<Uploading> {
        self.sync.status().uploading
    }

    /// Photos that the person did not release wait for another connection.
    pub(crate) fn photos_held(&self) -> bool {
        self.sync.status().uploads_held
    }

    /// Photos wait from now on, or not any more.
    pub(crate) fn hold_photos(&self, held: bool) {
        self.sync.hold_uploads(held);
    }

    /// How the exchange stands.
    pub(crate) fn standing(&self) -> Standing {
        Standing::at(self.clock.now_ms(), self.sync.status())
    }

    /// The person did something that is to be sent.
    pub(crate) fn outbox_changed(&self) {
        self.sync.poke();
    }

    /// Central's final word on a command, for what cannot go on without it: its status, the class of a refusal to read it,
    /// or `None` when it was taken back before it was sent.
    ///
    /// # Errors
    /// What keeps from reaching central: one try failed, or nobody answered in [`PATIENCE`].
    pub(crate) async fn answer_to(&self, store: &Store, command: &OutboxRow) -> Answer<Option<String>> {
        let mut events = self.sync.subscribe().events;
        self.sync.sync_now();
        let answered = async {
            loop {
                let Some(row) = store.command(command.account, command.id).await? else { return Ok(None) };
                match row.state {
                    OutboxState::Done => return Ok(row.status),
                    OutboxState::Parked => return Ok(row.last_class),
                    OutboxState::Held => break,
                    // It came back without an answer.
                    OutboxState::Queued | OutboxState::Blocked if row.attempts > command.attempts => break,
                    _ => {}
                }
                if let Ok(Err(RecvError::Closed)) = tokio::time::timeout(LOOK_AGAIN, events.recv()).await {
                    break;
                }
            }
            Err(self.out_of_reach())
        };
        tokio::time::timeout(PATIENCE, answered).await.unwrap_or_else(|_| Err(self.out_of_reach()))
    }

    fn out_of_reach(&self) -> IpcError {
        let standing = self.standing();
        match standing.session {
            Session::Ended => IpcError::new(ErrorCode::SignInNeeded),
            _ => IpcError::new(standing.obstacle.map_or(ErrorCode::Offline, unreachable)),
        }
    }

    /// The person does not want to wait.
    pub(crate) fn sync_now(&self) {
        self.sync.sync_now();
    }

    /// Central was reached by other means: what waits for the network need not wait any longer.
    pub(crate) fn network_works(&self) {
        self.sync.set_online_hint(true);
    }

    /// Ends what is under way: requests are given up, commits are finished.
    pub(crate) async fn stop(&self) {
        self.listener.abort();
        self.sync.shutdown().await;
    }
}

/// Tells the window of everything that the exchange changes, until the app or the exchange is gone.
async fn listen(app: Weak<Inner>, subscription: Subscription) {
    let Subscription { mut status, mut events, .. } = subscription;
    let mut photo = (None, false);
    loop {
        let changed = tokio::select! {
            changed = status.changed() => {
                if changed.is_err() {
                    return;
                }
                // The bar moves, or stands still.
                let status = status.borrow_and_update();
                let now = (status.uploading, status.uploads_held);
                if std::mem::replace(&mut photo, now) == now { Vec::new() } else { vec![Changed::Photo] }
            },
            event = events.recv() => match event {
                Ok(event) => what_changed(&event),
                Err(RecvError::Lagged(_)) => EVERYTHING.to_vec(),
                Err(RecvError::Closed) => return,
            },
        };
        let Some(inner) = app.upgrade() else { return };
        let app = App { inner };
        if changed.contains(&Changed::Catalogue)
            && let Some(opened) = app.if_open()
            && let Err(error) = app.keep_commitments(&opened).await
        {
            tracing::warn!(code = ?error.code, "the commitments of the draws could not be kept");
        }
        if !changed.is_empty() {
            app.look_again();
        }
        changed.into_iter().for_each(|what| app.tell(what));
        // A database that fails is told by the next command; a window that closes has no database any more.
        let _ = app.changed_state().await;
    }
}

/// Everything that a window reads.
pub(crate) const EVERYTHING: [Changed; 8] = [
    Changed::Catalogue,
    Changed::Activities,
    Changed::Profile,
    Changed::Sync,
    Changed::Registration,
    Changed::Photo,
    Changed::Waves,
    Changed::Notices,
];

/// What a record of a kind shows in.
const RECORDS: [(&str, &[Changed]); 8] = [
    ("profile", &[Changed::Profile, Changed::Waves]),
    ("enrolment", &[Changed::Activities]),
    ("registration", &[Changed::Registration, Changed::Waves]),
    ("document", &[Changed::Photo, Changed::Registration]),
    ("application", &[Changed::Waves]),
    ("membership", &[Changed::Waves]),
    ("notice", &[Changed::Notices]),
    ("appeal", &[Changed::Registration]),
];

fn what_changed(event: &SyncEvent) -> Vec<Changed> {
    match event {
        // Every one of these shows how its command stands.
        SyncEvent::Outbox => vec![
            Changed::Sync,
            Changed::Activities,
            Changed::Profile,
            Changed::Registration,
            Changed::Photo,
            Changed::Waves,
        ],
        SyncEvent::Records { kinds } => {
            let told = RECORDS.iter().filter(|(kind, _)| kinds.contains(*kind)).flat_map(|(_, what)| *what);
            let mut changed = Vec::new();
            for what in told {
                if !changed.contains(what) {
                    changed.push(*what);
                }
            }
            changed
        }
        SyncEvent::Uploads => vec![Changed::Photo],
        // The key for documents comes with it.
        SyncEvent::Catalogue => vec![Changed::Catalogue, Changed::Waves, Changed::Photo],
        SyncEvent::Account => EVERYTHING.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_record_shows_somewhere_and_nothing_is_told_twice() {
        let of = |kinds: &[&str]| {
            what_changed(&SyncEvent::Records { kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect() })
        };
        let cases: [(&[&str], &[Changed]); 6] = [
            (&["registration"], &[Changed::Registration, Changed::Waves]),
            (&["document"], &[Changed::Photo, Changed::Registration]),
            (&["application", "membership"], &[Changed::Waves]),
            (&["notice"], &[Changed::Notices]),
            (&["appeal", "registration"], &[Changed::Registration, Changed::Waves]),
            (&["unheard_of"], &[]),
        ];
        for (kinds, expected) in cases {
            assert_eq!(of(kinds), expected, "{kinds:?}");
        }
    }
}
