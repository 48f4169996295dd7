//! The decision maker: events in, effects out, no clock and no randomness of its own (`sync.md` §3.13).
//!
//! Every step ends in the same place: [`State::advance`] looks at the whole state, starts what may start, and schedules
//! exactly one wake-up. So no path, least of all an error path, can end without a next try (the defect behind
//! powersync-native #15): there is nothing to remember.
//!
//! * One road: all requests go to the same central, so they share one back-off ([`link`]). After a failure one request
//!   alone tries the road. What central asks to wait holds for that kind of request ([`asked`]).
//! * Two lanes of work: push (one batch at a time) and feed (pull, snapshot, replay), which may overlap, so that a waiting
//!   long-poll never delays a command. The catalogue needs nobody signed in.
//! * Documents ([`uploads`]) come last: one at a time, a part whenever no command wants to travel.
//! * Only a genuine answer that names a command finishes it; what central did not name stays in the outbox.
//!
//! Not here: what a command means, what is stored how, and any I/O. `executor` does what the effects say.

mod advance;
mod answers;
mod asked;
mod config;
mod failures;
mod lanes;
mod link;
mod message;
mod status;
mod uploads;

use std::collections::VecDeque;

use rand::RngCore;
use uuid::Uuid;

pub use self::config::Config;
pub use self::lanes::Pending;
pub(crate) use self::link::pause;
pub use self::message::{Effect, Event, FlightId, Known};
pub use self::status::{Session, Status, Uploading};
pub use self::uploads::PendingUpload;

use self::asked::Asked;
use self::lanes::Delays;
use self::link::{Link, up_to};
use self::uploads::{UploadFlight, Work};
use crate::failure::Class;

/// Milliseconds of a clock that never jumps, counted from the start of the program.
pub type Millis = u64;

/// A request or commit under way.
#[derive(Debug, Clone)]
struct Flight {
    id: FlightId,
    since: Millis,
    /// Central's answer is here and being stored: not to be given up.
    committing: bool,
    long_poll: bool,
    /// Where the feed stands once the snapshot page of this commit is stored.
    then: Option<(Feed, Option<Uuid>)>,
}

/// A batch under way.
#[derive(Debug, Clone)]
struct Push {
    flight: Flight,
    commands: Vec<Uuid>,
    /// Commands that central answered for good.
    finished: Vec<Uuid>,
}

/// Where the person's records stand.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Feed {
    /// Read on from the cursor.
    Follow,
    /// Central was restored: find the received commands that it may have lost.
    Replay,
    /// Read everything anew, from this page on.
    Snapshot { page: Option<String> },
}

/// Nothing is sent for a reason that waiting a little does not change.
#[derive(Debug, Clone)]
struct Hold {
    class: Class,
    since: Millis,
    until: Millis,
}

/// The whole state. Everything that must survive a crash is in the store instead.
#[derive(Debug, Clone)]
pub struct State {
    config: Config,
    session: Session,
    session_until: Millis,
    refreshed_at: Option<Millis>,
    refreshes_in_vain: u32,
    foreground: bool,
    rows: Vec<Pending>,
    delays: Delays,
    limit: usize,
    link: Link,
    asked: Asked,
    hold: Option<Hold>,
    feed: Feed,
    epoch: Option<Uuid>,
    at_end: bool,
    empty_polls: u32,
    pull_due: Millis,
    catalogue_due: Millis,
    /// Failures of the catalogue in a row.
    catalogue_failures: u32,
    /// Since when it is another one, while its answers may be from before.
    catalogue_news: Option<Millis>,
    /// Received commands that are sent once more, since central may have lost them.
    replay: Vec<Pending>,
    /// How far back the replay goes, until the snapshot is stored: a second restore in between must not shorten it.
    replay_after: i64,
    resets: VecDeque<Millis>,
    resets_exhausted: bool,
    push: Option<Push>,
    feed_flight: Option<Flight>,
    catalogue: Option<Flight>,
    uploads: Vec<PendingUpload>,
    upload_delays: Delays,
    /// The upload at work.
    work: Option<Work>,
    upload_flight: Option<UploadFlight>,
    /// No document is sent that the person did not release, as he or she set it for this connection.
    uploads_held: bool,
    refresh: Option<Flight>,
    next_flight: FlightId,
    last_sync_at: Option<Millis>,
    shown: Option<Status>,
}

/// Time and chance of one step, passed in so that a run can be repeated.
pub struct Context<'a> {
    /// Now.
    pub now: Millis,
    /// Source of the jitter.
    pub rng: &'a mut dyn RngCore,
}

impl State {
    /// A core that has not heard anything yet.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            session: Session::SignedOut,
            session_until: 0,
            refreshed_at: None,
            refreshes_in_vain: 0,
            foreground: false,
            rows: Vec::new(),
            delays: Delays::default(),
            limit: 1,
            link: Link::default(),
            asked: Asked::default(),
            hold: None,
            feed: Feed::Snapshot { page: None },
            epoch: None,
            at_end: false,
            empty_polls: 0,
            pull_due: 0,
            catalogue_due: 0,
            catalogue_failures: 0,
            catalogue_news: None,
            replay: Vec::new(),
            replay_after: i64::MAX,
            resets: VecDeque::new(),
            resets_exhausted: false,
            push: None,
            feed_flight: None,
            catalogue: None,
            uploads: Vec::new(),
            upload_delays: Delays::default(),
            work: None,
            upload_flight: None,
            uploads_held: false,
            refresh: None,
            next_flight: 1,
            last_sync_at: None,
            shown: None,
        }
    }

    /// The outbox as the core knows it.
    pub fn rows(&self) -> &[Pending] {
        &self.rows
    }

    /// The documents on their way as the core knows them.
    pub fn uploads(&self) -> &[PendingUpload] {
        &self.uploads
    }

    /// Takes one event and says what to do. The last effects are always one `Schedule` and, when something changed for
    /// the person, one `Notify`.
    pub fn step(&mut self, event: Event, context: &mut Context<'_>) -> Vec<Effect> {
        let mut out = Vec::new();
        self.take(event, context, &mut out);
        self.advance(context, &mut out);
        out
    }

    fn take(&mut self, event: Event, context: &mut Context<'_>, out: &mut Vec<Effect>) {
        let now = context.now;
        match event {
            Event::Start { session, rows, feed } => {
                self.abandon_private(out);
                self.begin(session, feed);
                self.set_rows(rows);
            }
            Event::SignedIn { rows, feed } => {
                self.abandon_private(out);
                self.begin(Session::Active, feed);
                self.set_rows(rows);
                // Central was reached a moment ago, by the person's own request.
                self.link.succeeded();
                self.hold = None;
                self.retry_catalogue(now);
            }
            Event::SignedOut { rows } => {
                self.abandon_private(out);
                self.begin(Session::SignedOut, Known::default());
                self.set_rows(rows);
            }
            Event::Woke => self.watch(context, out),
            Event::Outbox { rows } => self.set_rows(rows),
            Event::Uploads { uploads } => self.set_uploads(uploads),
            Event::NetUp => {
                self.link.hope(self.config.spread_foreground, now, context.rng);
                self.limit = 1;
                self.retry_catalogue(now);
                if self.hold.as_ref().is_some_and(|hold| hold.class.is_tls()) {
                    self.hold = None;
                }
            }
            Event::NetDown => self.limit = 1,
            Event::Foreground(looked_at) => {
                if looked_at && !self.foreground {
                    self.link.hope(self.config.spread_foreground, now, context.rng);
                    self.pull_due = self.pull_due.min(now);
                    self.retry_catalogue(now);
                }
                self.foreground = looked_at;
            }
            Event::HoldUploads(held) => self.uploads_held = held,
            Event::UserSyncNow => self.hurry(context, out),
            Event::ClockJump => {
                self.abandon_all(out);
                out.push(Effect::DropConnections);
                self.limit = 1;
                let spread =
                    if self.foreground { self.config.spread_foreground } else { self.config.spread_background };
                self.link.not_before = self.link.not_before.max(now + up_to(spread, context.rng));
                self.pull_due = now;
            }
            answer => self.take_answer(answer, context, out),
        }
    }

    fn begin(&mut self, session: Session, known: Known) {
        self.session = session;
        self.session_until = 0;
        self.refreshed_at = None;
        self.refreshes_in_vain = 0;
        self.epoch = known.epoch;
        let follow = known.cursor && known.snapshot.is_none();
        self.feed = if follow { Feed::Follow } else { Feed::Snapshot { page: known.snapshot } };
        self.replay.clear();
        self.replay_after = i64::MAX;
        self.at_end = false;
        self.last_sync_at = None;
        self.pull_due = 0;
        self.delays.clear();
        self.upload_delays.clear();
        self.set_uploads(Vec::new());
    }

    /// A catalogue that failed is tried again with the next chance; one that came is not due earlier.
    fn retry_catalogue(&mut self, now: Millis) {
        if self.catalogue_failures > 0 {
            self.catalogue_due = self.catalogue_due.min(now);
        }
    }

    fn set_rows(&mut self, rows: Vec<Pending>) {
        self.delays.keep(rows.iter().chain(&self.replay));
        self.rows = rows;
    }

    /// The person does not want to wait. What central asked for is still respected.
    fn hurry(&mut self, context: &mut Context<'_>, out: &mut Vec<Effect>) {
        self.link.hope(0, context.now, context.rng);
        self.hold = None;
        self.session_until = 0;
        self.delays.clear();
        self.upload_delays.clear();
        self.resets.clear();
        self.pull_due = context.now;
        self.catalogue_due = context.now;
        self.at_end = false;
        // A waiting long-poll says nothing about whether the road is open now.
        if self.feed_flight.as_ref().is_some_and(|flight| flight.long_poll && !flight.committing) {
            abort(self.feed_flight.take(), out);
        }
    }

    /// Gives up requests that have had no outcome for too long: whatever swallowed it, work goes on.
    fn watch(&mut self, context: &mut Context<'_>, out: &mut Vec<Effect>) {
        let limit = self.config.watchdog;
        let over = |flight: &Flight| !flight.committing && context.now.saturating_sub(flight.since) >= limit;
        let overdue: Vec<FlightId> = self.flights().filter(|flight| over(flight)).map(|flight| flight.id).collect();
        for flight in overdue {
            out.push(Effect::Abort { flight });
            let failure = Box::new(crate::failure::Failure::timed_out());
            self.take_answer(Event::Failed { flight, failure }, context, out);
        }
    }

    fn flights(&self) -> impl Iterator<Item = &Flight> {
        let push = self.push.as_ref().map(|push| &push.flight);
        let upload = self.upload_flight.as_ref().map(|upload| &upload.flight);
        push.into_iter().chain(&self.feed_flight).chain(&self.catalogue).chain(&self.refresh).chain(upload)
    }

    fn abandon_private(&mut self, out: &mut Vec<Effect>) {
        if let Some(push) = self.push.take() {
            abort(Some(push.flight), out);
        }
        abort(self.feed_flight.take(), out);
        abort(self.refresh.take(), out);
        abort(self.upload_flight.take().map(|upload| upload.flight), out);
        self.work = None;
    }

    /// Gives up every request, but no commit.
    fn abandon_all(&mut self, out: &mut Vec<Effect>) {
        if self.push.as_ref().is_some_and(|push| !push.flight.committing)
            && let Some(push) = self.push.take()
        {
            abort(Some(push.flight), out);
        }
        if self.upload_flight.as_ref().is_some_and(|upload| !upload.flight.committing) {
            abort(self.upload_flight.take().map(|upload| upload.flight), out);
            self.work = None;
        }
        for slot in [&mut self.feed_flight, &mut self.catalogue, &mut self.refresh] {
            if slot.as_ref().is_some_and(|flight| !flight.committing) {
                abort(slot.take(), out);
            }
        }
    }

    fn hold(&mut self, class: Class, span: Millis, now: Millis) {
        self.hold = Some(Hold { class, since: now, until: now + span });
    }
}

fn abort(flight: Option<Flight>, out: &mut Vec<Effect>) {
    if let Some(flight) = flight
        && !flight.committing
    {
        out.push(Effect::Abort { flight: flight.id });
    }
}

#[cfg(test)]
mod tests;
