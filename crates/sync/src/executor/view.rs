//! What the rest of the program sees: the present status with its changes, and notes of what to read again.

use std::collections::BTreeSet;

use tokio::sync::{broadcast, watch};
use uuid::Uuid;

use crate::core::{Millis, Session, Status, Uploading};
use crate::failure::Class;

/// How the exchange with central stands; times are Unix milliseconds of this computer's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncStatus {
    /// Whether somebody is signed in, and whether central still agrees.
    pub session: Session,
    /// Commands on the wire at this moment.
    pub sending: Vec<Uuid>,
    /// The document that is being sent.
    pub uploading: Option<Uploading>,
    /// Documents that the person did not release wait for another connection.
    pub uploads_held: bool,
    /// True while records, the snapshot or the catalogue are being read.
    pub receiving: bool,
    /// Commands that are not finished and do not need the person.
    pub waiting: u32,
    /// Commands that central refused as they are and that need the person.
    pub parked: u32,
    /// Whether central was reached at the newest try; `None` before the first.
    pub online: Option<bool>,
    /// What stands in the way, if anything.
    pub obstacle: Option<Class>,
    /// When it is tried again, when something stands in the way.
    pub next_try_at: Option<i64>,
    /// When everything was last exchanged; survives a restart as the last time that the feed was read.
    pub last_sync_at: Option<i64>,
    /// Records could not be read anew often enough; they are shown as they are.
    pub refresh_exhausted: bool,
    /// How far this computer's clock is ahead of central's, in milliseconds; `None` before the first answer.
    pub skew_ms: Option<i64>,
    /// Receipts that did not verify with the pinned key, in this run of the program and those before.
    pub unverified_receipts: u32,
}

/// Something was stored: read it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyncEvent {
    /// The outbox: what waits, what was received, overlays.
    Outbox,
    /// Central's records of these kinds (`profile`, `enrolment`, ...).
    Records {
        /// Their kinds.
        kinds: BTreeSet<String>,
    },
    /// Documents on their way: one ended, or needs the person.
    Uploads,
    /// Trainings, waves, provinces.
    Catalogue,
    /// Who is signed in, whether the session still holds, or whether it is known what became of a closing.
    Account,
}

/// Status and changes, given together so that nothing falls between.
#[derive(Debug)]
pub struct Subscription {
    /// The status at the moment of subscribing.
    pub now: SyncStatus,
    /// Every later status (the newest wins).
    pub status: watch::Receiver<SyncStatus>,
    /// What to read again. After `RecvError::Lagged`, read everything again.
    pub events: broadcast::Receiver<SyncEvent>,
}

pub(super) struct View {
    status: watch::Sender<SyncStatus>,
    events: broadcast::Sender<SyncEvent>,
}

impl Default for View {
    fn default() -> Self {
        let status = SyncStatus {
            session: Session::SignedOut,
            sending: Vec::new(),
            uploading: None,
            uploads_held: false,
            receiving: false,
            waiting: 0,
            parked: 0,
            online: None,
            obstacle: None,
            next_try_at: None,
            last_sync_at: None,
            refresh_exhausted: false,
            skew_ms: None,
            unverified_receipts: 0,
        };
        Self { status: watch::Sender::new(status), events: broadcast::Sender::new(256) }
    }
}

impl View {
    pub(super) fn status(&self) -> SyncStatus {
        self.status.borrow().clone()
    }

    pub(super) fn subscribe(&self) -> Subscription {
        // First the streams, then the picture: what changes in between is seen twice rather than never.
        let events = self.events.subscribe();
        let mut status = self.status.subscribe();
        let now = status.borrow_and_update().clone();
        Subscription { now, status, events }
    }

    pub(super) fn tell(&self, event: SyncEvent) {
        // Nobody listening is no failure.
        let _ = self.events.send(event);
    }

    pub(super) fn opened(&self, last_sync_at: Option<i64>) {
        self.status.send_modify(|status| status.last_sync_at = last_sync_at);
    }

    pub(super) fn forged(&self, count: u32) {
        self.status.send_modify(|status| status.unverified_receipts = count);
    }

    pub(super) fn show(&self, core: &Status, now: Millis, wall_ms: i64, skew_ms: Option<i64>) {
        let wall = |at: Millis| {
            let (at, now) = (i64::try_from(at).unwrap_or(i64::MAX), i64::try_from(now).unwrap_or(i64::MAX));
            wall_ms.saturating_add(at.saturating_sub(now))
        };
        self.status.send_if_modified(|shown| {
            let new = SyncStatus {
                session: core.session,
                sending: core.sending.clone(),
                uploading: core.uploading,
                uploads_held: core.uploads_held,
                receiving: core.receiving,
                waiting: core.waiting,
                parked: core.parked,
                online: core.online,
                obstacle: core.obstacle,
                next_try_at: core.next_try_at.map(wall),
                last_sync_at: core.last_sync_at.map(wall).or(shown.last_sync_at),
                refresh_exhausted: core.refresh_exhausted,
                skew_ms: skew_ms.or(shown.skew_ms),
                unverified_receipts: shown.unverified_receipts,
            };
            let changed = *shown != new;
            *shown = new;
            changed
        });
    }
}
