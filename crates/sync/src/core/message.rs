//! What the core hears and what it asks for. Data only.

use std::time::Duration;

use prakerja_protocol::problem::Problem;
use prakerja_protocol::sync::{CommandResult, Page, Pushed, SnapshotPage};
use prakerja_store::CatalogueUpdate;
use uuid::Uuid;

use super::{Millis, Pending, PendingUpload, Session, Status};
use crate::failure::Failure;

/// Names one request or commit under way, so that a late answer to an abandoned one is recognised.
pub type FlightId = u64;

/// What the store knows of central's feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The epoch of an interrupted snapshot, else of the cursor, else of the session: what was done under it may be lost
    /// when central shows another one.
    pub epoch: Option<Uuid>,
    /// There is a cursor to read on from; without one the feed begins with a snapshot.
    pub cursor: bool,
    /// Token of the page with which an interrupted snapshot goes on.
    pub snapshot: Option<String>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The program started; this is what the store holds.
    Start {
        /// Whether somebody is signed in.
        session: Session,
        /// The outbox.
        rows: Vec<Pending>,
        /// Where the feed stands.
        feed: Known,
    },
    /// The scheduled time has come.
    Woke,
    /// The outbox changed, by the person's hand.
    Outbox {
        /// The outbox as it is now.
        rows: Vec<Pending>,
    },
    /// Documents on their way, as they are in the store now. Read before the outbox and told after it: then every upload's
    /// announcement is either in that outbox or was answered.
    Uploads {
        /// All of them.
        uploads: Vec<PendingUpload>,
    },
    /// The operating system thinks that there is a network again. A hint.
    NetUp,
    /// The operating system thinks that there is none. A hint that never stops anything (fault 32).
    NetDown,
    /// The window is looked at, or not any more.
    Foreground(bool),
    /// Documents are held back, because bytes cost the person money here; or not any more.
    HoldUploads(bool),
    /// The person asked to exchange everything now.
    UserSyncNow,
    /// Somebody signed in just now: central was reached.
    SignedIn {
        /// The outbox of that person.
        rows: Vec<Pending>,
        /// Where the feed stands.
        feed: Known,
    },
    /// The person signed out here.
    SignedOut {
        /// What is left in the outbox, to be shown.
        rows: Vec<Pending>,
    },
    /// The computer slept or its clock jumped: kept connections are dead.
    ClockJump,
    /// Central answered a push.
    PushAnswered {
        /// The request.
        flight: FlightId,
        /// Its answer.
        pushed: Box<Pushed>,
    },
    /// Nothing was left to send when the batch was taken from the store.
    PushEmpty {
        /// The request.
        flight: FlightId,
        /// The outbox as it is now.
        rows: Vec<Pending>,
    },
    /// The results of a push, or a parked command, are in the store.
    PushCommitted {
        /// The commit.
        flight: FlightId,
        /// The outbox as it is now.
        rows: Vec<Pending>,
    },
    /// Central answered a pull.
    PageAnswered {
        /// The request.
        flight: FlightId,
        /// Its answer.
        page: Box<Page>,
    },
    /// The page and its cursor are in the store.
    PageCommitted {
        /// The commit.
        flight: FlightId,
        /// Whether the records have the digest that the page told; `None` when it told none.
        digest_fits: Option<bool>,
        /// The outbox as it is now.
        rows: Vec<Pending>,
    },
    /// Central answered a snapshot page.
    SnapshotAnswered {
        /// The request.
        flight: FlightId,
        /// Its answer.
        page: Box<SnapshotPage>,
    },
    /// The snapshot page is in the store (the last one with the swap of the records).
    SnapshotCommitted {
        /// The commit.
        flight: FlightId,
        /// The outbox as it is now.
        rows: Vec<Pending>,
    },
    /// These received commands may have been lost by central, in the order in which they were made (sequences of two
    /// epochs do not compare).
    ReplayFound {
        /// The question.
        flight: FlightId,
        /// The commands.
        commands: Vec<Pending>,
    },
    /// Central answered with the catalogue, or `None`: what is here is the newest.
    CatalogueAnswered {
        /// The request.
        flight: FlightId,
        /// Its answer.
        catalogue: Option<Box<CatalogueUpdate>>,
    },
    /// The catalogue is in the store.
    CatalogueCommitted {
        /// The commit.
        flight: FlightId,
    },
    /// Central said how many bytes of an upload it has.
    UploadStands {
        /// The request.
        flight: FlightId,
        /// Bytes that it has, durably.
        offset: u64,
    },
    /// Central has every byte, the upload needs the person, or there is none any more; the store knows it.
    UploadEnded {
        /// The request or commit.
        flight: FlightId,
    },
    /// New tokens are in the store.
    AuthRefreshed {
        /// The request.
        flight: FlightId,
    },
    /// A request or commit failed.
    Failed {
        /// Which one.
        flight: FlightId,
        /// How.
        failure: Box<Failure>,
    },
}

impl Event {
    /// The outbox that this event carries. It must be read when the event is handed over and not before: an older picture
    /// after a newer one would hide a command.
    pub fn rows_mut(&mut self) -> Option<&mut Vec<Pending>> {
        match self {
            Self::Start { rows, .. }
            | Self::Outbox { rows }
            | Self::SignedIn { rows, .. }
            | Self::SignedOut { rows }
            | Self::PushEmpty { rows, .. }
            | Self::PushCommitted { rows, .. }
            | Self::PageCommitted { rows, .. }
            | Self::SnapshotCommitted { rows, .. } => Some(rows),
            _ => None,
        }
    }
}

/// Something to do. `Commit…`, `Park` and `Replay` are work of the store; the others with a flight are requests.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Freeze these commands' bytes in the store, then send them. Those that were received already are sent as they are.
    Push {
        /// The request.
        flight: FlightId,
        /// The batch, in order.
        commands: Vec<Uuid>,
        /// The epoch that this computer knows; `None` while it finds out about a new one.
        epoch: Option<Uuid>,
    },
    /// Store what became of these commands. Only commands that central named are here.
    CommitPush {
        /// The commit.
        flight: FlightId,
        /// Central's words.
        results: Vec<CommandResult>,
        /// Commands that were asked about and that central did not name: they wait again.
        unanswered: Vec<Uuid>,
    },
    /// Central refused a request that carried this command alone: keep it, show it, do not send it until told.
    Park {
        /// The commit.
        flight: FlightId,
        /// The command.
        command: Uuid,
        /// Why.
        problem: Box<Problem>,
    },
    /// Ask for the next page of the feed.
    Pull {
        /// The request.
        flight: FlightId,
        /// Central may wait for news.
        wait: Duration,
    },
    /// Store a page: rows and cursor in one transaction.
    CommitPage {
        /// The commit.
        flight: FlightId,
        /// The page.
        page: Box<Page>,
    },
    /// Ask for a page of the snapshot.
    Snapshot {
        /// The request.
        flight: FlightId,
        /// Token of the page; `None` for the first.
        page: Option<String>,
    },
    /// Store a snapshot page beside the records; with the last one swap them.
    CommitSnapshot {
        /// The commit.
        flight: FlightId,
        /// The page.
        page: Box<SnapshotPage>,
    },
    /// Find the commands with a receipt after this sequence. The cursor stays until the snapshot replaces it, so that
    /// a crash repeats all of this.
    Replay {
        /// The question.
        flight: FlightId,
        /// Central's memory ends here.
        after_seq: i64,
    },
    /// Ask for the catalogue.
    Catalogue {
        /// The request.
        flight: FlightId,
    },
    /// Store the catalogue.
    CommitCatalogue {
        /// The commit.
        flight: FlightId,
        /// What to store.
        catalogue: Box<CatalogueUpdate>,
    },
    /// Begin an upload at central, or hear how it stands, when its file is whole; else keep it for the person.
    BeginUpload {
        /// The request.
        flight: FlightId,
        /// The upload.
        upload: Uuid,
    },
    /// Ask how many bytes of an upload central has.
    AskUpload {
        /// The request.
        flight: FlightId,
        /// The upload.
        upload: Uuid,
    },
    /// Send a part.
    SendPart {
        /// The request.
        flight: FlightId,
        /// The upload.
        upload: Uuid,
        /// Where it begins.
        offset: u64,
        /// How many bytes.
        bytes: u64,
    },
    /// Tell central that all parts were sent, and store that it has them.
    CompleteUpload {
        /// The request.
        flight: FlightId,
        /// The upload.
        upload: Uuid,
    },
    /// Central will not take this upload: keep it, show it, do not send it.
    ParkUpload {
        /// The commit.
        flight: FlightId,
        /// The upload.
        upload: Uuid,
        /// Why.
        problem: Box<Problem>,
    },
    /// Ask for new tokens and store them.
    Refresh {
        /// The request.
        flight: FlightId,
    },
    /// Give a request up.
    Abort {
        /// The request.
        flight: FlightId,
    },
    /// Forget kept connections.
    DropConnections,
    /// Wake the core at this time; replaces the earlier one.
    Schedule {
        /// When.
        at: Millis,
    },
    /// Show this.
    Notify(Box<Status>),
}
