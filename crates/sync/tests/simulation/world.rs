//! Time, network and the person: what carries effects out, badly.

mod road;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};

use prakerja_sync::core::{Config, Context, Effect, Event, FlightId, Millis, Session, State, Status};
use prakerja_sync::failure::{Class, Failure};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

use crate::client::{Disk, Row, State as RowState};
use crate::documents::UploadStep;
use crate::server::{Command, Server, What};

const TRAININGS: usize = 12;
const OPEN_COMMANDS: usize = 16;

/// Something that will happen.
#[derive(Debug)]
enum Later {
    /// The core of this run of the program hears it.
    Tell(u32, Event),
    /// The core of this run is woken, if this is still its newest schedule.
    Wake(u32, u64),
    /// A request arrives at central; its answer goes to this run, or nowhere.
    Arrive(Option<u32>, FlightId, Request),
}

#[derive(Debug, Clone)]
enum Request {
    Push { access: u32, epoch: Option<Uuid>, commands: Vec<Command> },
    Pull { access: u32, cursor: (Uuid, i64) },
    Snapshot { access: u32, page: Option<String> },
    Catalogue,
    Refresh { token: u32 },
    Upload { access: u32, upload: Uuid, step: UploadStep },
}

#[derive(Debug)]
struct At(Millis, u64, Later);

impl PartialEq for At {
    fn eq(&self, other: &Self) -> bool {
        (self.0, self.1) == (other.0, other.1)
    }
}
impl Eq for At {}
impl PartialOrd for At {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for At {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0, self.1).cmp(&(other.0, other.1))
    }
}

pub(crate) struct World {
    pub(crate) rng: StdRng,
    now: Millis,
    agenda: BinaryHeap<Reverse<At>>,
    order: u64,
    pub(crate) server: Server,
    pub(crate) disk: Disk,
    core: State,
    status: Option<Box<Status>>,
    run: u32,
    schedule: u64,
    flights: HashMap<FlightId, Vec<Uuid>>,
    /// Requests of uploads under way: one at a time.
    pub(crate) upload_flights: HashMap<FlightId, Uuid>,
    /// Requests that were given up: what comes of them changes nothing on disk.
    aborted: HashSet<FlightId>,
    /// Central ended the session since the person signed in.
    ended: bool,
    pub(crate) rough: bool,
    made: u64,
    /// Every step is printed, for the study of one seed.
    told: bool,
    pub(crate) steps: u64,
    /// How often each thing happened: a simulation that never does it proves nothing of it.
    pub(crate) seen: BTreeMap<&'static str, u64>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let disk = Disk { access: 1, refresh: 1, signed_in: true, ..Disk::default() };
        let seats = rng.gen_range(1..4);
        let mut world = Self {
            rng,
            now: 0,
            agenda: BinaryHeap::new(),
            order: 0,
            server: Server::new(TRAININGS, seats),
            disk,
            core: State::new(Config::default()),
            status: None,
            run: 0,
            schedule: 0,
            flights: HashMap::new(),
            upload_flights: HashMap::new(),
            aborted: HashSet::new(),
            ended: false,
            rough: true,
            made: 0,
            told: std::env::var_os("PRAKERJA_SIMULATION_TOLD").is_some(),
            steps: 0,
            seen: BTreeMap::new(),
        };
        world.start();
        world
    }

    pub(crate) fn saw(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }

    fn chance(&mut self, one_in: u32) -> bool {
        self.rough && self.rng.gen_ratio(1, one_in)
    }

    fn later(&mut self, wait: Millis, what: Later) {
        self.order += 1;
        self.agenda.push(Reverse(At(self.now + wait, self.order, what)));
    }

    fn tell(&mut self, wait: Millis, event: Event) {
        self.later(wait, Later::Tell(self.run, event));
    }

    /// The program starts: all that the core knows is what is on disk.
    fn start(&mut self) {
        self.run += 1;
        self.core = State::new(Config::default());
        self.flights.clear();
        self.upload_flights.clear();
        self.aborted.clear();
        let event = self.disk.start();
        self.step(event);
        if self.rng.gen_bool(0.7) {
            self.step(Event::Foreground(true));
        }
    }

    fn crash(&mut self) {
        self.saw("crash");
        self.now += self.rng.gen_range(1..100_000);
        self.start();
    }

    /// As the engine does it: after the outbox the documents, and after a document that ended both.
    fn step(&mut self, mut event: Event) {
        let run = self.run;
        let ended = matches!(event, Event::UploadEnded { .. });
        let with_rows = event.rows_mut().is_some();
        self.step_once(event);
        if ended && self.run == run {
            self.step_once(Event::Outbox { rows: Vec::new() });
        }
        if (ended || with_rows) && self.run == run {
            let uploads = self.disk.pending_uploads();
            self.step_once(Event::Uploads { uploads });
        }
    }

    fn step_once(&mut self, mut event: Event) {
        self.steps += 1;
        if let Some(rows) = event.rows_mut() {
            *rows = self.disk.pending();
        }
        if self.told {
            println!("{:>12} run {} hears {event:?}", self.now, self.run);
        }
        let mut context = Context { now: self.now, rng: &mut self.rng };
        let effects = self.core.step(event, &mut context);
        if self.told {
            println!("{:>12} run {} does {effects:?}", self.now, self.run);
        }
        let schedules: Vec<Millis> =
            effects.iter().filter_map(|e| if let Effect::Schedule { at } = e { Some(*at) } else { None }).collect();
        assert_eq!(schedules.len(), 1, "every step schedules exactly one wake-up");
        assert!(schedules[0] > self.now, "and never for now: {effects:?}");
        let run = self.run;
        for effect in effects {
            if self.chance(700) {
                self.crash();
            }
            if self.run != run {
                return;
            }
            self.carry_out(effect);
            if self.chance(700) {
                self.crash();
            }
            if self.run != run {
                return;
            }
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        let broken = self.chance(300);
        let fails = |flight| Event::Failed { flight, failure: Box::new(Failure::of(Class::Local)) };
        match effect {
            Effect::Push { flight, .. } | Effect::CommitPush { flight, .. } | Effect::CommitPage { flight, .. }
                if broken =>
            {
                // A push whose results cannot be stored leaves its commands marked as sent.
                self.saw("store failed");
                self.tell(1, fails(flight));
            }
            Effect::CommitSnapshot { flight, .. } if broken => self.tell(1, fails(flight)),
            Effect::Push { flight, commands, epoch } => {
                let batch = self.disk.take_batch(&commands);
                if batch.is_empty() {
                    self.saw("nothing to send");
                    self.disk.recover();
                    self.tell(1, Event::PushEmpty { flight, rows: Vec::new() });
                    return;
                }
                self.flights.insert(flight, batch.iter().map(|command| command.id).collect());
                self.send(flight, Request::Push { access: self.disk.access, epoch, commands: batch });
            }
            Effect::CommitPush { flight, results, unanswered } => {
                self.disk.record_results(&results, &unanswered);
                self.tell(1, Event::PushCommitted { flight, rows: Vec::new() });
            }
            Effect::Park { flight, command, .. } => {
                self.saw("parked");
                self.disk.park(command);
                self.tell(1, Event::PushCommitted { flight, rows: Vec::new() });
            }
            Effect::Pull { flight, wait } => {
                let request = Request::Pull { access: self.disk.access, cursor: self.disk.cursor() };
                if wait.is_zero() {
                    self.send(flight, request);
                } else {
                    self.saw("long poll");
                    // Central waits for news, or does not care.
                    let wait = self.rng.gen_range(0..=wait.as_millis()) as Millis;
                    self.later(wait, Later::Arrive(Some(self.run), flight, request));
                }
            }
            Effect::CommitPage { flight, page } => {
                let digest_fits = self.disk.apply_page(&page);
                if digest_fits == Some(false) {
                    self.saw("digest differs");
                }
                self.tell(1, Event::PageCommitted { flight, digest_fits, rows: Vec::new() });
            }
            Effect::Snapshot { flight, page } => {
                self.send(flight, Request::Snapshot { access: self.disk.access, page });
            }
            Effect::CommitSnapshot { flight, page } => {
                self.saw(if page.next.is_none() { "snapshot finished" } else { "snapshot page" });
                self.disk.apply_snapshot(&page);
                self.tell(1, Event::SnapshotCommitted { flight, rows: Vec::new() });
            }
            Effect::Replay { flight, after_seq } => {
                let commands = self.disk.replayable(after_seq);
                self.saw(if commands.is_empty() { "nothing to replay" } else { "replay" });
                self.tell(1, Event::ReplayFound { flight, commands });
            }
            Effect::Catalogue { flight } => self.send(flight, Request::Catalogue),
            Effect::CommitCatalogue { flight, .. } => self.tell(1, Event::CatalogueCommitted { flight }),
            Effect::Refresh { flight } => self.send(flight, Request::Refresh { token: self.disk.refresh }),
            Effect::BeginUpload { flight, upload } => self.ask_upload(flight, upload, UploadStep::Begin),
            Effect::AskUpload { flight, upload } => self.ask_upload(flight, upload, UploadStep::Status),
            Effect::SendPart { flight, upload, offset, bytes } => {
                self.ask_upload(flight, upload, UploadStep::Part { offset, bytes });
            }
            Effect::CompleteUpload { flight, upload } => self.ask_upload(flight, upload, UploadStep::Complete),
            Effect::ParkUpload { flight, upload, .. } => {
                self.saw("upload parked");
                self.disk.park_upload(upload);
                self.tell(1, Event::UploadEnded { flight });
            }
            Effect::Abort { flight } => {
                self.saw("aborted");
                self.upload_flights.remove(&flight);
                self.aborted.insert(flight);
                self.put_back(flight);
            }
            Effect::DropConnections => self.saw("connections dropped"),
            Effect::Schedule { at } => {
                self.schedule += 1;
                let wait = at - self.now;
                self.later(wait, Later::Wake(self.run, self.schedule));
            }
            Effect::Notify(status) => {
                assert!(status.session != Session::Ended || self.ended, "only central ends a session: {:?}", self.core);
                self.status = Some(status);
            }
        }
    }

    /// The request ended without results. Now and then the store cannot take note of it.
    fn put_back(&mut self, flight: FlightId) {
        let Some(commands) = self.flights.remove(&flight) else { return };
        if self.chance(50) {
            self.saw("not put back");
        } else {
            self.disk.put_back(&commands);
        }
    }

    fn next(&mut self) -> bool {
        let Some(Reverse(At(at, _, what))) = self.agenda.pop() else { return false };
        self.now = self.now.max(at);
        match what {
            Later::Tell(run, event) if run == self.run => {
                match &event {
                    Event::Failed { flight, .. } => {
                        self.upload_flights.remove(flight);
                        self.put_back(*flight);
                    }
                    Event::UploadStands { flight, .. } => drop(self.upload_flights.remove(flight)),
                    // The answer is stored before the core hears of it.
                    Event::UploadEnded { flight } => {
                        if let Some(upload) = self.upload_flights.remove(flight) {
                            self.disk.complete_upload(upload);
                        }
                    }
                    // The commit says what becomes of each command.
                    Event::PushAnswered { flight, .. } => drop(self.flights.remove(flight)),
                    _ => {}
                }
                if let Event::Failed { flight, failure } = &event
                    && failure.class == Class::SessionRevoked
                    && !self.aborted.contains(flight)
                {
                    self.disk.signed_in = false;
                }
                self.step(event);
            }
            Later::Wake(run, schedule) if (run, schedule) == (self.run, self.schedule) => self.step(Event::Woke),
            Later::Tell(..) | Later::Wake(..) => {}
            Later::Arrive(run, flight, request) => self.arrive(run, flight, request),
        }
        true
    }

    /// Something that a person, the computer or central's operator does.
    fn meddle(&mut self) {
        match self.rng.gen_range(0..1_000) {
            0..=399 => self.enqueue(),
            400..=419 => self.step(Event::UserSyncNow),
            420..=439 => self.step(Event::NetUp),
            440..=459 => self.step(Event::NetDown),
            460..=479 => {
                let looked_at = self.rng.gen_bool(0.5);
                self.step(Event::Foreground(looked_at));
            }
            480..=489 => {
                self.now += self.rng.gen_range(60_000..10_000_000);
                self.step(Event::ClockJump);
            }
            490..=499 => {
                self.saw("token over");
                self.server.access += 1;
            }
            500..=502 => {
                self.saw("revoked");
                (self.server.revoked, self.ended) = (true, true);
            }
            503..=530 => self.sign_in_if_needed(),
            531..=535 => self.server.back_up(),
            536..=538 => {
                self.saw("cursor expired");
                self.server.oldest_cursor = self.server.durable.seq;
            }
            539..=541 => {
                if let Some(row) = self.disk.open.last() {
                    self.server.refused.insert(row.command.id);
                }
            }
            542..=545 => self.crash(),
            546..=549 => {
                let held = self.rng.gen_bool(0.5);
                self.step(Event::HoldUploads(held));
            }
            550..=551 => {
                self.disk.send_uploads_now();
                let rows = self.disk.pending();
                self.step(Event::Outbox { rows });
            }
            _ => {}
        }
    }

    fn sign_in_if_needed(&mut self) {
        let core_waits = self.status.as_ref().is_some_and(|status| status.session == Session::Ended);
        if core_waits || !self.disk.signed_in {
            self.saw("signed in again");
            self.server.revoked = false;
            self.server.access += 1;
            self.server.refresh += 1;
            (self.disk.access, self.disk.refresh, self.disk.signed_in) =
                (self.server.access, self.server.refresh, true);
            self.ended = false;
            let (rows, feed) = (self.disk.pending(), self.disk.known());
            self.step(Event::SignedIn { rows, feed });
        }
    }

    fn enqueue(&mut self) {
        if self.disk.open.len() >= OPEN_COMMANDS {
            return;
        }
        self.made += 1;
        let id = Uuid::from_u128(0x1000 + u128::from(self.made));
        let training = self.rng.gen_range(0..TRAININGS);
        let earlier = self.disk.open.iter().rev().find_map(|row| match row.command.what {
            What::Enrol { enrolment, .. } => Some((row.command.lane.clone(), enrolment)),
            _ => None,
        });
        let known = self.disk.records.iter().find(|((kind, _), (_, live))| kind == "enrolment" && *live);
        let known = known.map(|((_, id), _)| (format!("enrol:{id}"), *id));
        let upload = Uuid::from_u128(0x2_0000_0000 + u128::from(self.made));
        let bytes = self.rng.gen_range(1..3_000_000);
        let (lane, what) = match (self.rng.gen_range(0..5), earlier.or(known)) {
            (4, _) => ("doc".to_owned(), What::Attach { upload, bytes }),
            (0, _) => ("profile".to_owned(), What::Profile(self.rng.r#gen())),
            (1, Some((lane, enrolment))) => (lane, What::Cancel { enrolment }),
            _ => {
                let enrolment = Uuid::from_u128(0x1_0000_0000 + u128::from(self.made));
                (format!("enrol:{training}"), What::Enrol { training, enrolment })
            }
        };
        let depends_on = match self.disk.open.last() {
            Some(row) if self.rng.gen_ratio(1, 5) && row.state != RowState::Parked => vec![row.command.id],
            _ => Vec::new(),
        };
        let command = Command { id, lane, position: self.made, depends_on, what };
        if let What::Attach { upload, bytes } = command.what {
            self.disk.add_upload(upload, id, bytes);
        }
        self.disk.open.push(Row { command, state: RowState::Queued, status: None, seq: None });
        // The command is durable before the core hears of it.
        if self.chance(50) {
            self.crash();
            return;
        }
        let rows = self.disk.pending();
        self.step(Event::Outbox { rows });
    }

    pub(crate) fn chaos(&mut self, steps: u64) {
        self.rough = true;
        let until = self.steps + steps;
        while self.steps < until {
            if self.rng.gen_ratio(1, 4) {
                self.meddle();
            }
            if !self.next() {
                panic!("the agenda is empty: no wake-up was scheduled");
            }
        }
    }

    /// The storm is over: the network works, the person signs in and lets parked things go on. Nobody clicks anything
    /// else. Everything must then arrive by itself.
    pub(crate) fn quiet(&mut self) {
        self.rough = false;
        self.server.refused.clear();
        self.server.revoked = false;
        self.disk.release();
        self.disk.release_uploads();
        self.sign_in_if_needed();
        self.step(Event::HoldUploads(false));
        if self.disk.open.iter().any(|row| row.state == RowState::Queued) || !self.disk.uploads.is_empty() {
            let rows = self.disk.pending();
            self.step(Event::Outbox { rows });
        }
        // Two days: what waits longest is a command that central called too new (24 h).
        let deadline = self.now + 2 * 24 * 3_600_000;
        while self.now < deadline {
            assert!(self.next(), "no wake-up was scheduled");
            if !self.disk.signed_in || self.status.as_ref().is_some_and(|s| s.session == Session::Ended) {
                self.sign_in_if_needed();
            }
            // A refusal may have been on its way when the storm ended: the person lets it go on again.
            if self.disk.open.iter().any(|row| row.state == RowState::Parked) {
                self.disk.release();
                self.step(Event::Outbox { rows: Vec::new() });
            }
            if self.disk.release_uploads() {
                self.step(Event::Outbox { rows: Vec::new() });
            }
            let known: Vec<Uuid> = self.core.rows().iter().map(|row| row.id).collect();
            let stored: Vec<Uuid> = self.disk.open.iter().map(|row| row.command.id).collect();
            assert!(
                stored.iter().all(|id| known.contains(id)),
                "a command that the core does not know of would wait for ever"
            );
            if self.disk.open.is_empty() && self.disk.uploads.is_empty() && self.settled() {
                break;
            }
        }
        assert!(
            self.disk.open.is_empty(),
            "every command ends: {:?}\n{:?}\n{:?}",
            self.disk.open,
            self.status,
            self.core
        );
        assert!(self.disk.uploads.is_empty(), "every document arrives: {:?}\n{:?}", self.disk.uploads, self.core);
        self.assert_documents_are_whole();
        assert_eq!(self.disk.view(), self.server.view(), "after quiet both see the same\n{:?}", self.status);
        assert_eq!(self.disk.feed.as_ref().map(|(epoch, _)| *epoch), Some(self.server.epoch));
        for (id, row) in &self.disk.done {
            let known = self.server.durable.log.get(id);
            let (_, result) = known.unwrap_or_else(|| panic!("an acknowledgement without a durable effect: {row:?}"));
            assert_eq!(row.status, Some(result.status), "the person was told what central did");
            assert_eq!(self.server.durable.effects.get(id), Some(&1), "each command takes effect once");
        }
        assert_eq!(self.disk.done.len() as u64, self.made, "no command is lost");
    }

    fn settled(&self) -> bool {
        let same_epoch = self.disk.feed.as_ref().is_some_and(|(epoch, _)| *epoch == self.server.epoch);
        same_epoch && self.disk.view() == self.server.view()
    }
}

/// A simulation in which something never happens proves nothing about it.
pub(crate) fn assert_that_everything_happened(seen: &BTreeMap<&'static str, u64>) {
    for what in [
        "crash",
        "store failed",
        "not put back",
        "nothing to send",
        "parked",
        "long poll",
        "snapshot page",
        "snapshot finished",
        "replay",
        "aborted",
        "connections dropped",
        "request lost",
        "answer lost",
        "portal",
        "overload",
        "other failures",
        "swallowed",
        "delivered twice",
        "late",
        "central restored",
        "token over",
        "revoked",
        "cursor expired",
        "signed in again",
        "upload begun",
        "part of an upload",
        "upload complete",
        "upload gone",
        "upload stands elsewhere",
        "upload parked",
        "document unknown",
    ] {
        assert!(seen.get(what).is_some_and(|times| *times > 10), "{what}: {seen:?}");
    }
}
