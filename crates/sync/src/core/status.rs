//! What the core tells the window. Derived from the state each time, never kept beside it.

use uuid::Uuid;

use super::{Feed, Millis, State};
use crate::failure::Class;

/// Whether somebody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// Nobody.
    SignedOut,
    /// Somebody, with tokens that work as far as is known.
    Active,
    /// Somebody, whose access token is over; a refresh is due or under way.
    Stale,
    /// The session was ended by central: the person must sign in again. The outbox is kept.
    Ended,
    /// The operator locked the account. The outbox is kept; central is asked again from time to time.
    Locked,
}

/// A document that is being sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uploading {
    /// The document.
    pub document: Uuid,
    /// Bytes that central has.
    pub sent: u64,
    /// Bytes in all.
    pub bytes: u64,
}

/// How the exchange with central stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Whether somebody is signed in.
    pub session: Session,
    /// Commands on the wire at this moment.
    pub sending: Vec<Uuid>,
    /// The document that is being sent.
    pub uploading: Option<Uploading>,
    /// Documents that the person did not release wait for another connection.
    pub uploads_held: bool,
    /// True while records, the snapshot or the catalogue are being read (a waiting long-poll does not count).
    pub receiving: bool,
    /// Commands that are not finished and do not need the person.
    pub waiting: u32,
    /// Commands that need the person.
    pub parked: u32,
    /// Whether central was reached at the newest try; `None` before the first.
    pub online: Option<bool>,
    /// What stands in the way, if anything.
    pub obstacle: Option<Class>,
    /// When it is tried again, when something stands in the way.
    pub next_try_at: Option<Millis>,
    /// When the feed was last read to its end with nothing left to send.
    pub last_sync_at: Option<Millis>,
    /// Records could not be read anew often enough; they are shown as they are.
    pub refresh_exhausted: bool,
}

impl State {
    fn uploading(&self) -> Option<Uploading> {
        let id = self.work.as_ref()?.id;
        let upload = self.uploads.iter().find(|upload| upload.id == id && !upload.parked)?;
        Some(Uploading { document: upload.document, sent: upload.sent, bytes: upload.bytes })
    }

    /// The present status.
    pub fn status(&self, now: Millis) -> Status {
        let parked = self.rows.iter().filter(|row| row.parked).count();
        let asked = self.asked.holds(now);
        let (obstacle, next_try_at) = match (&self.hold, self.link.last) {
            (Some(hold), _) => (Some(hold.class), Some(hold.until)),
            (None, Some(class)) => (Some(class), Some(self.link.not_before.max(asked.unwrap_or(0)))),
            (None, None) => (asked.map(|_| Class::Overload), asked),
        };
        let reading = |flight: &Option<super::Flight>| flight.as_ref().is_some_and(|flight| !flight.long_poll);
        Status {
            session: self.session,
            sending: self.push.as_ref().map(|push| push.commands.clone()).unwrap_or_default(),
            uploading: self.uploading(),
            uploads_held: self.uploads_held,
            receiving: reading(&self.feed_flight) || reading(&self.catalogue),
            waiting: u32::try_from(self.rows.len() - parked).unwrap_or(u32::MAX),
            parked: u32::try_from(parked).unwrap_or(u32::MAX),
            online: self.link.online,
            obstacle,
            next_try_at,
            last_sync_at: self.last_sync_at,
            refresh_exhausted: matches!(self.feed, Feed::Snapshot { .. }) && self.resets_exhausted,
        }
    }
}
