//! The task that owns the core: hears, steps, and starts what the effects ask for.

use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime};

use prakerja_store::StoreError;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::worker::{Opening, Worker, failed, flight_of_work};
use super::{Message, SyncEvent};
use crate::clock::wall_ms;
use crate::core::{Config, Context, Effect, Event, FlightId, Millis, PendingUpload, Session, State};
use crate::failure::{Class, Failure};

/// A wall clock that moves so much more or less than the steady one was set, or the computer slept.
const JUMP: Duration = Duration::from_secs(60);
/// How often that is looked at.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How often commands that were finished long ago are forgotten.
const PRUNE_EVERY: Duration = Duration::from_secs(24 * 3600);
/// With a date here that is wrong by more, nothing is forgotten.
const SKEW_MS: i64 = 24 * 3600 * 1_000;
/// When the store cannot be read, it is asked again after this.
const REREAD: Duration = Duration::from_secs(1);

pub(super) struct Engine {
    worker: Worker,
    state: State,
    account: Option<Uuid>,
    flights: HashMap<FlightId, CancellationToken>,
    rng: StdRng,
    began: Instant,
    wake: Instant,
    seen: (Instant, SystemTime),
    pruned: Option<Instant>,
    stop: CancellationToken,
    tracker: TaskTracker,
    /// What is under way for the account.
    private: TaskTracker,
    /// What is still under way for accounts before.
    left: TaskTracker,
}

impl Engine {
    pub(super) fn new(worker: Worker, config: Config, stop: CancellationToken, tracker: TaskTracker) -> Self {
        let left = TaskTracker::new();
        // Closed, so that it can be waited for; what comes later is waited for, too.
        left.close();
        Self {
            worker,
            state: State::new(config),
            account: None,
            flights: HashMap::new(),
            // Jitter must differ between computers, not withstand an adversary.
            rng: StdRng::from_entropy(),
            began: Instant::now(),
            wake: Instant::now() + HEARTBEAT,
            seen: (Instant::now(), SystemTime::now()),
            pruned: None,
            stop,
            tracker,
            private: TaskTracker::new(),
            left,
        }
    }

    pub(super) async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Message>, (foreground, held): (bool, bool)) {
        if let Err(error) = self.worker.store().recover().await {
            tracing::error!(%error, "interrupted sends could not be put back; they are by a later push");
        }
        match self.worker.store().sweep_uploads().await {
            Ok(0) => {}
            Ok(files) => tracing::info!(files, "sealed files that belong to nothing are removed"),
            Err(error) => tracing::warn!(%error, "sealed files that belong to nothing are not removed"),
        }
        if held {
            self.step(Event::HoldUploads(true));
        }
        self.change_account(true).await;
        if foreground {
            self.step(Event::Foreground(true));
        }
        loop {
            let next = self.wake.min(Instant::now() + HEARTBEAT);
            tokio::select! {
                () = self.stop.cancelled() => break,
                message = inbox.recv() => {
                    let Some(message) = message else { break };
                    self.look_for_jump();
                    self.hear(message).await;
                }
                () = tokio::time::sleep_until(next.into()) => {
                    self.look_for_jump();
                    self.prune().await;
                    if Instant::now() >= self.wake {
                        self.step(Event::Woke);
                    }
                }
            }
        }
        for flight in self.flights.values() {
            flight.cancel();
        }
    }

    async fn hear(&mut self, message: Message) {
        match message {
            Message::Core(event) => {
                if let Some(flight) = flight_of(&event) {
                    self.flights.remove(&flight);
                }
                self.step_with_rows(event).await;
            }
            Message::Poke => {
                self.step_with_rows(Event::Outbox { rows: Vec::new() }).await;
                self.worker.view.tell(SyncEvent::Outbox);
            }
            Message::AccountChanged(done) => {
                let before = std::mem::take(&mut self.private);
                self.change_account(false).await;
                before.close();
                // Requests were given up; what is being stored for the account before is stored first.
                self.left.spawn(async move { before.wait().await });
                self.say_when_stored(done);
            }
            Message::LeftAccounts(done) => self.say_when_stored(done),
            Message::AccountEnded => self.worker.view.tell(SyncEvent::Account),
        }
    }

    /// Two changes may follow each other quickly: for none of the accounts before is anything being stored then.
    fn say_when_stored(&self, done: oneshot::Sender<()>) {
        let left = self.left.clone();
        self.tracker.spawn(async move {
            left.wait().await;
            let _ = done.send(());
        });
    }

    /// Steps with the outbox as it is now, then with the documents on their way. These are read first, so that the outbox
    /// holds the announcement of each of them that was not answered.
    async fn step_with_rows(&mut self, mut event: Event) {
        let ended = matches!(event, Event::UploadEnded { .. });
        if !ended && event.rows_mut().is_none() {
            return self.step(event);
        }
        let uploads = self.uploads().await;
        if ended {
            self.step(event);
            event = Event::Outbox { rows: Vec::new() };
        }
        let event = self.with_rows(event).await;
        self.step(event);
        if let Some(uploads) = uploads {
            self.step(Event::Uploads { uploads });
        }
    }

    async fn uploads(&self) -> Option<Vec<PendingUpload>> {
        match self.worker.uploads(self.account?).await {
            Ok(uploads) => Some(uploads),
            Err(error) => {
                self.again_later(&error, || Message::Poke);
                None
            }
        }
    }

    /// Puts the outbox into an event. It is read here and nowhere else, one after the other, so that no older picture
    /// comes after a newer one.
    async fn with_rows(&self, mut event: Event) -> Event {
        let Some(rows) = event.rows_mut() else { return event };
        *rows = match self.account {
            None => Vec::new(),
            Some(account) => match self.worker.rows(account).await {
                Ok(rows) => rows,
                Err(error) => {
                    self.again_later(&error, || Message::Poke);
                    self.state.rows().to_vec()
                }
            },
        };
        event
    }

    fn again_later(&self, error: &StoreError, message: impl FnOnce() -> Message) {
        tracing::error!(%error, "the outbox cannot be read");
        let (messages, message) = (self.worker.messages.clone(), message());
        let stop = self.stop.clone();
        self.tracker.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(REREAD) => { let _ = messages.send(message); }
            }
        });
    }

    /// Works for the account that is current in the store from now on.
    async fn change_account(&mut self, first: bool) {
        match self.worker.opening().await {
            Ok(opening) => {
                self.account = opening.account;
                self.worker.view.opened(opening.last_sync_at);
                if let Some(account) = self.account {
                    self.worker.settle_uploads(account).await;
                }
                let uploads = self.uploads().await;
                let Opening { session, rows, feed, .. } = opening;
                self.step(match session {
                    Session::SignedOut => Event::SignedOut { rows },
                    Session::Active if !first => Event::SignedIn { rows, feed },
                    session => Event::Start { session, rows, feed },
                });
                if let Some(uploads) = uploads {
                    self.step(Event::Uploads { uploads });
                }
                self.worker.view.tell(SyncEvent::Account);
            }
            Err(error) => {
                self.account = None;
                self.step(Event::SignedOut { rows: Vec::new() });
                self.again_later(&error, || Message::AccountChanged(oneshot::channel().0));
            }
        }
    }

    /// Forgets what was finished long ago, once a day. Receipts prove something: none is forgotten by this computer's word
    /// alone, so central must have told the time first.
    async fn prune(&mut self) {
        let due = self.pruned.is_none_or(|at| at.elapsed() >= PRUNE_EVERY);
        if !due || self.worker.skew_ms().is_none_or(|skew| skew.abs() > SKEW_MS) {
            return;
        }
        self.pruned = Some(Instant::now());
        match self.worker.store().prune(wall_ms()).await {
            Ok(0) => {}
            Ok(commands) => tracing::info!(commands, "what was finished long ago is forgotten"),
            Err(error) => tracing::warn!(%error, "what was finished long ago could not be forgotten"),
        }
    }

    /// After sleep, kept connections are dead without knowing it, and waiting times were slept through.
    fn look_for_jump(&mut self) {
        let (steady, wall) = (Instant::now(), SystemTime::now());
        let by_steady = steady.saturating_duration_since(self.seen.0);
        let jumped = match wall.duration_since(self.seen.1) {
            Ok(by_wall) => by_wall.abs_diff(by_steady) > JUMP,
            Err(back) => back.duration() + by_steady > JUMP,
        };
        let slept = by_steady > HEARTBEAT + JUMP;
        self.seen = (steady, wall);
        if jumped || slept {
            tracing::info!("the computer slept or its clock was set");
            self.step(Event::ClockJump);
        }
    }

    fn now(&self) -> Millis {
        Millis::try_from(self.began.elapsed().as_millis()).unwrap_or(Millis::MAX)
    }

    fn step(&mut self, event: Event) {
        let now = self.now();
        let effects = self.state.step(event, &mut Context { now, rng: &mut self.rng });
        for effect in effects {
            self.carry_out(effect, now);
        }
    }

    fn carry_out(&mut self, effect: Effect, now: Millis) {
        match effect {
            Effect::Schedule { at } => self.wake = self.began + Duration::from_millis(at),
            Effect::Notify(status) => self.worker.view.show(&status, now, wall_ms(), self.worker.skew_ms()),
            Effect::DropConnections => self.worker.authorised.http.drop_connections(),
            Effect::Abort { flight } => {
                if let Some(token) = self.flights.remove(&flight) {
                    token.cancel();
                }
            }
            work => self.spawn(work),
        }
    }

    fn spawn(&mut self, work: Effect) {
        let worker = self.worker.clone();
        let account = self.account;
        let flight = flight_of_work(&work);
        let token = CancellationToken::new();
        self.flights.insert(flight, token.clone());
        let messages = worker.messages.clone();
        let is_private = !matches!(work, Effect::Catalogue { .. } | Effect::CommitCatalogue { .. });
        let under_way = is_private.then(|| self.private.token());
        let done = self.tracker.spawn(async move {
            let event = worker.work(account, work, &token).await;
            drop(under_way);
            event
        });
        self.tracker.spawn(async move {
            let event = match done.await {
                Ok(event) => event,
                Err(error) => {
                    // A defect. Without a word the core would wait for this flight for ever.
                    tracing::error!(%error, "a part of the exchange broke off");
                    Some(failed(flight, Failure::of(Class::Local)))
                }
            };
            let Some(event) = event else { return };
            if let Event::Failed { failure, .. } = &event {
                tracing::info!(class = failure.class.as_str(), genuine = failure.genuine, "an exchange failed");
            }
            let _ = messages.send(Message::Core(event));
        });
    }
}

fn flight_of(event: &Event) -> Option<FlightId> {
    match event {
        Event::PushAnswered { flight, .. }
        | Event::PushEmpty { flight, .. }
        | Event::PushCommitted { flight, .. }
        | Event::PageAnswered { flight, .. }
        | Event::PageCommitted { flight, .. }
        | Event::SnapshotAnswered { flight, .. }
        | Event::SnapshotCommitted { flight, .. }
        | Event::ReplayFound { flight, .. }
        | Event::CatalogueAnswered { flight, .. }
        | Event::CatalogueCommitted { flight }
        | Event::UploadStands { flight, .. }
        | Event::UploadEnded { flight }
        | Event::AuthRefreshed { flight }
        | Event::Failed { flight, .. } => Some(*flight),
        _ => None,
    }
}
