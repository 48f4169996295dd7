//! Push of commands and pull of the person's feed.
//!
//! [`push`] queues a batch; the one [`writer`] carries it out in groups; [`carry`] takes a command through key
//! ([`log`]), lane, dependencies and effect ([`profile`], [`enrolment`], [`void`]) inside one savepoint, which also holds
//! the feed row ([`feed`]) and the stored result. [`pull`] reads. Everything personal is sealed ([`seal`]).

mod carry;
mod enrolment;
pub(crate) mod epoch;
mod error;
mod feed;
mod log;
mod outcome;
mod pace;
mod profile;
mod prune;
mod pull;
mod push;
mod records;
mod seal;
mod seen;
mod token;
mod void;
mod wake;
mod writer;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::routing::{get, post};
use prakerja_protocol::limits;
use serde::de::DeserializeOwned;
use tokio::sync::{Semaphore, mpsc};

pub(crate) use self::enrolment::give_back;
pub use self::epoch::accept as accept_restore;
pub(crate) use self::error::SyncError;
pub(crate) use self::records::{Change, Records};
pub(crate) use self::seal::{Place, Sealer};

use self::carry::Keys;
use self::pace::Pace;
use self::token::Tokens;
use self::wake::Wakes;
use self::writer::{Job, Writer};
use crate::error::ApiError;
use crate::request::Arrival;
use crate::state::{Central, StartError};

/// The connection that statements run on. PostgreSQL joins here.
type Connection = sqlx::SqliteConnection;

/// On an answer of 200 in which central had no room for a command: it is attested as a refusal of the whole is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TurnedAway;

/// Commands that may wait for the writer; one more is told to come again.
const ROOM: usize = 2_000;

/// What the sync routes share with the running writer.
pub struct Engine {
    queue: mpsc::Sender<Job>,
    /// One permit per command that waits.
    room: Arc<Semaphore>,
    keys: Arc<Keys>,
    tokens: Tokens,
    wakes: Arc<Wakes>,
    pace: Arc<Pace>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("waiting", &self.waiting()).finish_non_exhaustive()
    }
}

impl Engine {
    /// Opens what [`Records::seal`] sealed for the same place, outside of any transaction.
    pub(crate) fn open<T: DeserializeOwned>(&self, place: Place<'_>, sealed: &[u8]) -> Result<T, SyncError> {
        Ok(self.keys.sealer.open(place, sealed)?)
    }

    fn waiting(&self) -> usize {
        ROOM - self.room.available_permits().min(ROOM)
    }

    /// Seals and opens personal content.
    pub(crate) fn sealer(&self) -> &Sealer {
        &self.keys.sealer
    }

    /// Tokens for the commands of a push that is turned away, see [`seen`].
    pub(crate) fn attest(&self, digests: &str, arrival: &Arrival) -> Option<HeaderValue> {
        self.keys.seen.attest(digests, arrival)
    }

    /// Long-polls that wait at present.
    pub fn polls(&self) -> usize {
        self.wakes.count()
    }

    /// When the backlog will be gone.
    fn wait_ms(&self) -> u64 {
        self.pace.wait_ms(self.waiting())
    }

    /// A soft "slow down" before anybody must be turned away.
    fn backoff_ms(&self) -> u64 {
        if self.waiting() > ROOM * 6 / 10 { self.wait_ms() } else { 0 }
    }
}

/// Routes below `/v1/sync`.
pub(crate) fn router() -> Router<Central> {
    let pushes = post(push::push).layer(DefaultBodyLimit::max(limits::PUSH_BYTES));
    Router::new()
        .route("/v1/sync/push", pushes)
        .route("/v1/sync/pull", get(pull::pull))
        .route("/v1/sync/snapshot", get(pull::snapshot))
        .route("/v1/sync/commands/{id}", get(pull::command))
}

/// An engine for an operator's command: it writes records, takes no commands and wakes nobody (a central that runs beside
/// it looks by itself).
pub(crate) fn beside(central: &Central) -> Engine {
    prepare(central).0
}

fn prepare(central: &Central) -> (Engine, mpsc::Receiver<Job>) {
    let (queue, jobs) = mpsc::channel(ROOM);
    let keys = Arc::new(Keys {
        sealer: Sealer::new(&central.secrets.records.mac(&[b"records/1"])),
        receipts: central.secrets.receipts.clone(),
        seen: seen::Seen::new(&central.secrets),
    });
    let tokens = Tokens::new(&central.secrets.cursors.mac(&[b"tokens/1"]));
    let (wakes, pace) = (Arc::new(Wakes::default()), Arc::new(Pace::default()));
    (Engine { queue, room: Arc::new(Semaphore::new(ROOM)), keys, tokens, wakes, pace }, jobs)
}

/// Called once before the first request. Starts the writer, the daily pruning and the care for the epoch file.
pub(crate) async fn start(central: &Central) -> Result<Engine, StartError> {
    let (engine, jobs) = prepare(central);
    let writer = Arc::new(Writer {
        central: central.clone(),
        keys: Arc::clone(&engine.keys),
        wakes: Arc::clone(&engine.wakes),
        pace: Arc::clone(&engine.pace),
    });
    central.tasks.spawn(writer.run(jobs));
    central.tasks.spawn(prune::run(central.clone()));
    central.tasks.spawn(epoch::keep(central.clone()));
    Ok(engine)
}

impl From<SyncError> for ApiError {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Database(error) => error.into(),
            other => Self::internal(other),
        }
    }
}
