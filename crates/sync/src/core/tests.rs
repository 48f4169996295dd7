//! Single decisions, one at a time. What happens when they meet is the simulation's business (`tests/simulation`).

use std::time::Duration;

use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::sync::{Change, CommandResult, CommandStatus, Op, Page, Pushed};
use prakerja_store::CatalogueUpdate;
use rand::SeedableRng;
use rand::rngs::StdRng;
use uuid::Uuid;

use super::config::{HOUR, MINUTE, SECOND};
use super::*;
use crate::failure::{self, Class, Failure};

const EPOCH: Uuid = Uuid::from_u128(0xe);

struct Desk {
    state: State,
    now: Millis,
    rng: StdRng,
    wake: Millis,
}

impl Desk {
    /// Signed in, with a cursor, catalogue and first page read: nothing to do.
    fn at_rest(rows: Vec<Pending>) -> Self {
        let mut desk = Self::starting(Session::Active, Vec::new());
        let (catalogue, pull) = (desk.flight_of("catalogue"), desk.flight_of("pull"));
        desk.step(Event::CatalogueAnswered { flight: catalogue, catalogue: None });
        desk.page(pull, Some(true));
        if !rows.is_empty() {
            desk.step(Event::Outbox { rows });
        }
        desk
    }

    fn starting(session: Session, rows: Vec<Pending>) -> Self {
        let mut desk =
            Self { state: State::new(Config::default()), now: 1_000, rng: StdRng::seed_from_u64(1), wake: 0 };
        let feed = Known { epoch: Some(EPOCH), cursor: true, snapshot: None };
        desk.step(Event::Start { session, rows, feed });
        desk
    }

    fn step(&mut self, event: Event) -> Vec<Effect> {
        let effects = self.state.step(event, &mut Context { now: self.now, rng: &mut self.rng });
        for effect in &effects {
            if let Effect::Schedule { at } = effect {
                assert!(*at > self.now, "a wake-up lies ahead");
                self.wake = *at;
            }
        }
        effects
    }

    /// The feed brings something of this kind.
    fn news_of(&mut self, kind: &str) {
        let news = Change { seq: 1, kind: kind.into(), id: Uuid::nil(), rev: 1, op: Op::Put, data: None, by: None };
        let page = Page { epoch: EPOCH, changes: vec![news], cursor: "c".to_owned(), more: false, state_hash: None };
        let flight = self.flight_of("pull");
        self.step(Event::PageAnswered { flight, page: Box::new(page) });
    }

    /// Nothing happens but time.
    fn sleep(&mut self) -> Vec<Effect> {
        self.now = self.wake;
        self.step(Event::Woke)
    }

    fn fail(&mut self, what: &str, failure: Failure) -> Vec<Effect> {
        let flight = self.flight_of(what);
        self.step(Event::Failed { flight, failure: Box::new(failure) })
    }

    fn refuse(&mut self, what: &str, code: ProblemCode, status: u16) -> Vec<Effect> {
        self.fail(what, failure::from_problem(status, Problem::new(code, status, "test"), None))
    }

    fn flight_of(&self, what: &str) -> FlightId {
        let slot = match what {
            "push" => self.state.push.as_ref().map(|push| &push.flight),
            "pull" => self.state.feed_flight.as_ref(),
            "catalogue" => self.state.catalogue.as_ref(),
            _ => self.state.refresh.as_ref(),
        };
        slot.unwrap_or_else(|| panic!("no {what} is under way")).id
    }

    /// Central answers the push under way with these states, and the store keeps them.
    fn answer(&mut self, states: &[(u128, CommandStatus)], rest: Vec<Pending>) -> Vec<Effect> {
        let flight = self.flight_of("push");
        let results = states.iter().map(|(id, status)| result(*id, *status)).collect();
        let pushed = Pushed { epoch: EPOCH, server_ms: 0, results, backoff_ms: 0, pull_hint: 0 };
        self.step(Event::PushAnswered { flight, pushed: Box::new(pushed) });
        let flight = self.flight_of("push");
        self.step(Event::PushCommitted { flight, rows: rest })
    }

    fn page(&mut self, flight: FlightId, digest_fits: Option<bool>) -> Vec<Effect> {
        let page = Page { epoch: EPOCH, changes: Vec::new(), cursor: "c".to_owned(), more: false, state_hash: None };
        self.step(Event::PageAnswered { flight, page: Box::new(page) });
        let flight = self.flight_of("pull");
        self.step(Event::PageCommitted { flight, digest_fits, rows: self.state.rows.clone() })
    }
}

fn row(id: u128) -> Pending {
    Pending {
        id: Uuid::from_u128(id),
        lane: format!("lane-{id}"),
        depends_on: Vec::new(),
        bytes: 300,
        parked: false,
        withdrawn: false,
    }
}

fn rows(ids: std::ops::RangeInclusive<u128>) -> Vec<Pending> {
    ids.map(row).collect()
}

fn result(id: u128, status: CommandStatus) -> CommandResult {
    CommandResult {
        id: Uuid::from_u128(id),
        status,
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

/// The commands that a step sends.
fn sent(effects: &[Effect]) -> Vec<u128> {
    let push = effects.iter().find_map(|e| if let Effect::Push { commands, .. } = e { Some(commands) } else { None });
    push.map(|commands| commands.iter().map(Uuid::as_u128).collect()).unwrap_or_default()
}

fn has(effects: &[Effect], what: fn(&Effect) -> bool) -> bool {
    effects.iter().any(what)
}

#[test]
fn without_anybody_signed_in_only_the_catalogue_is_read() {
    let mut desk = Desk::starting(Session::SignedOut, rows(1..=3));
    assert!(desk.state.catalogue.is_some());
    assert!(desk.state.push.is_none() && desk.state.feed_flight.is_none());
    let flight = desk.flight_of("catalogue");
    desk.step(Event::CatalogueAnswered { flight, catalogue: None });
    assert!((11 * MINUTE..20 * MINUTE).contains(&(desk.wake - desk.now)), "15 min ± 25 %: {}", desk.wake);
}

#[test]
fn news_of_a_wave_asks_for_the_catalogue_that_tells_of_its_draw() {
    for (kind, asks) in [("application", true), ("membership", true), ("notice", false), ("profile", false)] {
        let mut desk = Desk::at_rest(Vec::new());
        desk.step(Event::UserSyncNow);
        if let Some(flight) = desk.state.catalogue.as_ref().map(|flight| flight.id) {
            desk.step(Event::CatalogueAnswered { flight, catalogue: None });
        }
        desk.news_of(kind);
        assert_eq!(desk.state.catalogue.is_some(), asks, "{kind}");
    }
}

fn catalogue() -> CatalogueUpdate {
    CatalogueUpdate { version: 2, ..CatalogueUpdate::default() }
}

#[test]
fn news_of_a_wave_are_looked_for_past_older_answers_and_what_caches_keep() {
    for is_new in [false, true] {
        let mut desk = Desk::at_rest(Vec::new());
        desk.step(Event::UserSyncNow);
        let before = desk.flight_of("catalogue");
        desk.now += SECOND;
        desk.news_of("application");
        desk.step(Event::CatalogueAnswered { flight: before, catalogue: None });
        let again = desk.flight_of("catalogue");
        assert_ne!(again, before, "what was asked before the news says nothing of them");
        // What is new here may still be what a cache kept from before the news.
        for expected in [30..=60, 11 * 60..=20 * 60] {
            let flight = desk.flight_of("catalogue");
            desk.step(Event::CatalogueAnswered { flight, catalogue: is_new.then(|| Box::new(catalogue())) });
            if is_new {
                let flight = desk.flight_of("catalogue");
                desk.step(Event::CatalogueCommitted { flight });
            }
            let wait = desk.state.catalogue_due - desk.now;
            assert!(expected.contains(&(wait / SECOND)), "{wait} ms");
            desk.now = desk.state.catalogue_due;
            desk.step(Event::Woke);
        }
    }
}

#[test]
fn a_command_that_failed_once_is_sent_again_although_nothing_else_happens() {
    let mut desk = Desk::at_rest(rows(1..=1));
    desk.fail("push", Failure::of(Class::Network));
    assert!(desk.wake - desk.now <= 125 * SECOND, "soon: {}", desk.wake - desk.now);
    let effects = desk.sleep();
    assert_eq!(sent(&effects), [1]);
}

#[test]
fn batches_begin_with_one_grow_by_doubling_and_shrink_when_the_link_is_weak() {
    let mut desk = Desk::at_rest(rows(1..=40));
    let mut first = 1;
    let mut sizes = Vec::new();
    for _ in 0..4 {
        let batch = desk.state.push.as_ref().unwrap().commands.clone();
        sizes.push(batch.len());
        let states: Vec<_> = batch.iter().map(|id| (id.as_u128(), CommandStatus::Applied)).collect();
        first += batch.len() as u128;
        desk.answer(&states, rows(first..=40));
    }
    assert_eq!(sizes, [1, 2, 4, 8]);
    assert_eq!(desk.state.push.as_ref().unwrap().commands.len(), 16);
    desk.now += 1;
    desk.fail("push", Failure::timed_out());
    let effects = desk.sleep();
    assert_eq!(sent(&effects).len(), 8, "half of sixteen after a time-out, although a pull is still under way");
    desk.fail("push", Failure::of(Class::Network));
    let effects = desk.sleep();
    assert_eq!(sent(&effects).len(), 1, "one after a break: who knows what this link is now");
}

#[test]
fn only_an_answer_that_names_a_command_finishes_it() {
    let mut desk = Desk::at_rest(rows(1..=2));
    desk.answer(&[(1, CommandStatus::Applied)], rows(2..=2));
    let flight = desk.flight_of("push");
    // An answer that names another command, and the right one twice with different words.
    let results = vec![result(77, CommandStatus::Applied)];
    let pushed = Pushed { epoch: EPOCH, server_ms: 0, results, backoff_ms: 0, pull_hint: 0 };
    let effects = desk.step(Event::PushAnswered { flight, pushed: Box::new(pushed) });
    let commit = effects.iter().find_map(|effect| match effect {
        Effect::CommitPush { results, unanswered, .. } => Some((results.len(), unanswered.clone())),
        _ => None,
    });
    assert_eq!(commit, Some((0, vec![Uuid::from_u128(2)])));
    let flight = desk.flight_of("push");
    desk.step(Event::PushCommitted { flight, rows: rows(2..=2) });
    let again = (0..5).find_map(|_| Some(desk.sleep()).filter(|effects| !sent(effects).is_empty()));
    assert_eq!(sent(&again.unwrap()), [2]);
}

#[test]
fn a_token_that_is_over_is_renewed_once_and_the_same_batch_goes_again() {
    let mut desk = Desk::at_rest(rows(1..=1));
    let effects = desk.refuse("push", ProblemCode::TokenExpired, 401);
    assert!(has(&effects, |effect| matches!(effect, Effect::Refresh { .. })));
    let effects = desk.step(Event::Outbox { rows: rows(1..=2) });
    assert!(sent(&effects).is_empty() && !has(&effects, |effect| matches!(effect, Effect::Refresh { .. })));
    let flight = desk.flight_of("refresh");
    desk.now += 10;
    let effects = desk.step(Event::AuthRefreshed { flight });
    assert_eq!(sent(&effects), [1]);
    assert_eq!(desk.state.status(desk.now).waiting, 2, "nothing was lost");
}

#[test]
fn tokens_that_are_refused_fresh_do_not_cause_a_loop() {
    let mut desk = Desk::at_rest(rows(1..=1));
    let mut refreshes = 0;
    for _ in 0..20 {
        let effects = desk.refuse("push", ProblemCode::TokenExpired, 401);
        desk.now += 5;
        if has(&effects, |effect| matches!(effect, Effect::Refresh { .. })) {
            refreshes += 1;
            let flight = desk.flight_of("refresh");
            desk.step(Event::AuthRefreshed { flight });
        } else {
            break;
        }
    }
    assert!(refreshes <= 3, "{refreshes}");
    assert!(desk.wake > desk.now);
}

#[test]
fn a_session_that_central_ended_waits_for_the_person_with_the_queue_kept() {
    let mut desk = Desk::at_rest(rows(1..=3));
    desk.refuse("push", ProblemCode::SessionRevoked, 401);
    let status = desk.state.status(desk.now);
    assert_eq!((status.session, status.waiting), (Session::Ended, 3));
    for _ in 0..10 {
        let effects = desk.sleep();
        assert!(sent(&effects).is_empty(), "nothing is sent without a session");
    }
    let feed = Known { epoch: Some(EPOCH), cursor: true, snapshot: None };
    let effects = desk.step(Event::SignedIn { rows: rows(1..=3), feed });
    assert_eq!(sent(&effects), [1]);
}

#[test]
fn a_portal_s_401_ends_no_session() {
    let mut desk = Desk::at_rest(rows(1..=1));
    desk.fail("push", failure::from_stranger(401));
    assert_eq!(desk.state.status(desk.now).session, Session::Active);
    assert_eq!(desk.state.status(desk.now).obstacle, Some(Class::NotOurServer));
    assert_eq!(sent(&desk.sleep()), [1]);
}

#[test]
fn a_blocked_secure_connection_holds_everything_and_is_looked_at_again() {
    let mut desk = Desk::at_rest(rows(1..=2));
    desk.fail("push", Failure::of(Class::TlsUnknownAuthority));
    let held = desk.now;
    assert!(sent(&desk.step(Event::Outbox { rows: rows(1..=3) })).is_empty());
    assert_eq!(desk.state.status(desk.now).obstacle, Some(Class::TlsUnknownAuthority));
    let effects = desk.sleep();
    assert_eq!((desk.now - held, sent(&effects)), (5 * MINUTE, vec![1]));
    desk.fail("push", Failure::of(Class::TlsCertificateTime));
    assert_eq!(sent(&desk.step(Event::UserSyncNow)), [1], "the person may try at any time");
}

#[test]
fn what_central_asks_to_wait_holds_even_when_the_person_is_in_a_hurry() {
    let mut desk = Desk::at_rest(rows(1..=1));
    let busy = Failure { retry_after: Some(Duration::from_secs(60)), genuine: true, ..Failure::of(Class::Overload) };
    desk.fail("push", busy);
    let asked = desk.now + 60 * SECOND;
    assert!(sent(&desk.step(Event::UserSyncNow)).is_empty());
    assert!(sent(&desk.step(Event::NetUp)).is_empty());
    let mut effects = Vec::new();
    while sent(&effects).is_empty() {
        effects = desk.sleep();
    }
    assert!((asked..=asked + 15 * SECOND).contains(&desk.now), "{} after {asked}", desk.now);
}

#[test]
fn a_request_that_central_refuses_is_narrowed_down_to_the_command_and_parked() {
    let mut desk = Desk::at_rest(rows(1..=3));
    desk.answer(&[(1, CommandStatus::Applied)], rows(2..=3));
    assert_eq!(desk.state.push.as_ref().unwrap().commands.len(), 2);
    let effects = desk.refuse("push", ProblemCode::Validation, 422);
    assert!(!has(&effects, |effect| matches!(effect, Effect::Park { .. })), "not known which one it is");
    assert_eq!(sent(&effects), [2]);
    let effects = desk.refuse("push", ProblemCode::Validation, 422);
    assert!(has(&effects, |effect| matches!(effect, Effect::Park { .. })));
    let flight = desk.flight_of("push");
    let parked = Pending { parked: true, ..row(2) };
    let effects = desk.step(Event::PushCommitted { flight, rows: vec![parked, row(3)] });
    assert_eq!(sent(&effects), [3], "the others go on");
    assert_eq!((desk.state.status(desk.now).waiting, desk.state.status(desk.now).parked), (1, 1));
}

#[test]
fn a_size_refusal_by_a_stranger_never_parks_and_never_starves_the_others() {
    let mut desk = Desk::at_rest(rows(1..=2));
    let effects = desk.fail("push", failure::from_stranger(413));
    assert!(!has(&effects, |effect| matches!(effect, Effect::Park { .. })));
    assert_eq!(sent(&effects), [2], "the next one is tried while the first waits");
}

#[test]
fn a_request_that_never_ends_is_given_up() {
    let mut desk = Desk::at_rest(rows(1..=1));
    let mut effects = desk.sleep();
    while !has(&effects, |effect| matches!(effect, Effect::Abort { .. })) {
        assert!(desk.now < 20 * MINUTE, "the watchdog sleeps");
        effects = desk.sleep();
    }
    while sent(&effects).is_empty() {
        effects = desk.sleep();
    }
    assert_eq!(sent(&effects), [1], "and the same is sent again");
}

#[test]
fn a_central_that_does_not_wait_is_not_asked_in_a_loop() {
    let mut desk = Desk::at_rest(Vec::new());
    let mut effects = desk.step(Event::Foreground(true));
    let mut pulls = 0;
    while has(&effects, |effect| matches!(effect, Effect::Pull { .. })) {
        pulls += 1;
        assert!(pulls < 10, "a loop");
        desk.now += 1;
        let flight = desk.flight_of("pull");
        effects = desk.page(flight, Some(true));
    }
    assert!(desk.wake - desk.now > MINUTE);
}

#[test]
fn a_digest_that_never_fits_costs_two_snapshots_an_hour_and_reading_goes_on() {
    let mut desk = Desk::at_rest(Vec::new());
    let mut snapshots = 0;
    for _ in 0..8 {
        desk.step(Event::UserSyncNow);
        desk.state.resets.extend(std::iter::repeat_n(desk.now, snapshots));
        let Some(flight) = desk.state.feed_flight.as_ref().map(|flight| flight.id) else { continue };
        let effects = desk.page(flight, Some(false));
        if has(&effects, |effect| matches!(effect, Effect::Snapshot { .. })) {
            snapshots += 1;
            let flight = desk.flight_of("pull");
            let page = prakerja_protocol::sync::SnapshotPage {
                epoch: EPOCH,
                as_of_seq: 0,
                records: Vec::new(),
                next: None,
                cursor: "c".to_owned(),
            };
            desk.step(Event::SnapshotAnswered { flight, page: Box::new(page) });
            let flight = desk.flight_of("pull");
            desk.step(Event::SnapshotCommitted { flight, rows: Vec::new() });
        }
        desk.now += SECOND;
    }
    assert_eq!(snapshots, 2);
    assert_eq!(desk.state.feed, Feed::Follow);
}

#[test]
fn a_snapshot_that_is_asked_for_again_and_again_stops_and_says_so() {
    let mut desk = Desk::at_rest(Vec::new());
    let mut snapshots = 0;
    for _ in 0..60 {
        if let Some(flight) = desk.state.feed_flight.as_ref().map(|flight| flight.id) {
            let problem = Problem::new(ProblemCode::CursorExpired, 410, "test");
            let failure = Box::new(failure::from_problem(410, problem, None));
            snapshots += usize::from(matches!(desk.state.feed, Feed::Snapshot { .. }));
            desk.step(Event::Failed { flight, failure });
        }
        desk.sleep();
        if desk.now > 50 * MINUTE {
            break;
        }
    }
    assert!(snapshots <= 3, "{snapshots}");
    assert!(desk.state.status(desk.now).refresh_exhausted);
    let effects = desk.step(Event::UserSyncNow);
    assert!(has(&effects, |effect| matches!(effect, Effect::Snapshot { .. })), "the person may insist");
}

#[test]
fn after_sleep_connections_are_dropped_and_what_was_under_way_is_sent_again() {
    let mut desk = Desk::at_rest(rows(1..=1));
    let effects = desk.step(Event::ClockJump);
    assert!(has(&effects, |effect| matches!(effect, Effect::DropConnections)));
    assert!(has(&effects, |effect| matches!(effect, Effect::Abort { .. })));
    let mut effects = Vec::new();
    while sent(&effects).is_empty() {
        effects = desk.sleep();
    }
    assert_eq!(sent(&effects), [1]);
}

#[test]
fn a_late_answer_to_an_abandoned_request_changes_nothing() {
    let mut desk = Desk::at_rest(rows(1..=1));
    let old = desk.flight_of("push");
    desk.step(Event::ClockJump);
    let results = vec![result(1, CommandStatus::Applied)];
    let pushed = Pushed { epoch: EPOCH, server_ms: 0, results, backoff_ms: 0, pull_hint: 0 };
    let effects = desk.step(Event::PushAnswered { flight: old, pushed: Box::new(pushed) });
    assert!(!has(&effects, |effect| matches!(effect, Effect::CommitPush { .. })));
    assert_eq!(desk.state.status(desk.now).waiting, 1, "the same key will get the same answer");
}

#[test]
fn a_newer_command_than_central_knows_is_kept_and_tried_daily() {
    let mut desk = Desk::at_rest(rows(1..=1));
    desk.answer(&[(1, CommandStatus::Hold)], rows(1..=1));
    let asked = desk.now;
    let mut effects = Vec::new();
    while sent(&effects).is_empty() {
        effects = desk.sleep();
        if let Some(flight) = desk.state.feed_flight.as_ref().map(|flight| flight.id) {
            desk.page(flight, Some(true));
        }
        if let Some(flight) = desk.state.catalogue.as_ref().map(|flight| flight.id) {
            desk.step(Event::CatalogueAnswered { flight, catalogue: None });
        }
    }
    assert_eq!(desk.now - asked, 24 * HOUR);
}

fn busy(seconds: u64) -> Failure {
    let problem = Problem::new(ProblemCode::Busy, 503, "test");
    failure::from_problem(503, problem, Some(Duration::from_secs(seconds)))
}

/// The next moment at which something is sent, with nothing but time and answers to the catalogue.
fn when_sent(desk: &mut Desk) -> Millis {
    while sent(&desk.sleep()).is_empty() {}
    desk.now
}

#[test]
fn no_success_of_another_request_and_no_later_failure_shortens_what_central_asked_for() {
    let mut desk = Desk::at_rest(rows(1..=1));
    desk.step(Event::Foreground(true));
    let asked = desk.now + 60 * SECOND;
    desk.fail("push", busy(60));
    assert_eq!(desk.state.status(desk.now).obstacle, Some(Class::Overload));
    desk.now += SECOND;
    // The long-poll that was under way returns.
    let flight = desk.flight_of("pull");
    assert!(sent(&desk.page(flight, Some(true))).is_empty());
    // The next one fails on the way, and everybody is in a hurry.
    desk.fail("pull", Failure { stale: true, ..Failure::of(Class::Network) });
    desk.fail("pull", Failure::of(Class::Network));
    assert!(sent(&desk.step(Event::NetUp)).is_empty());
    desk.step(Event::Foreground(false));
    assert!(sent(&desk.step(Event::Foreground(true))).is_empty());
    assert!(sent(&desk.step(Event::UserSyncNow)).is_empty());
    assert!(when_sent(&mut desk) >= asked, "{} before {asked}", desk.now);
}

#[test]
fn a_shed_catalogue_or_feed_does_not_keep_a_command_waiting() {
    let mut desk = Desk::starting(Session::Active, Vec::new());
    desk.fail("catalogue", busy(600));
    desk.fail("pull", busy(600));
    assert_eq!(sent(&desk.step(Event::Outbox { rows: rows(1..=1) })), [1]);
    for _ in 0..10 {
        assert!(!has(&desk.step(Event::UserSyncNow), |e| matches!(e, Effect::Catalogue { .. } | Effect::Pull { .. })));
    }
}

#[test]
fn a_hurry_respects_what_central_asked_one_command_and_all_pushes_to_wait() {
    let mut desk = Desk::at_rest(rows(1..=2));
    let flight = desk.flight_of("push");
    let retry = CommandResult { retry_after_ms: Some(60_000), ..result(1, CommandStatus::Retry) };
    let pushed = Pushed { epoch: EPOCH, server_ms: 0, results: vec![retry], backoff_ms: 30_000, pull_hint: 0 };
    desk.step(Event::PushAnswered { flight, pushed: Box::new(pushed) });
    let (flight, began) = (desk.flight_of("push"), desk.now);
    desk.step(Event::PushCommitted { flight, rows: rows(1..=2) });
    assert!(sent(&desk.step(Event::UserSyncNow)).is_empty());
    assert!(when_sent(&mut desk) >= began + 30 * SECOND);
    let sent_then = desk.state.push.as_ref().unwrap().commands.clone();
    assert_eq!(sent_then, [Uuid::from_u128(2)], "the other one waits longer");
}

#[test]
fn a_request_that_arrived_damaged_is_sent_again_and_parks_nothing() {
    let mut desk = Desk::at_rest(rows(1..=2));
    let effects = desk.refuse("push", ProblemCode::Malformed, 400);
    assert!(!has(&effects, |effect| matches!(effect, Effect::Park { .. })));
    let mut seen = Vec::new();
    for _ in 0..20 {
        seen.extend(sent(&desk.sleep()));
        if desk.state.push.is_some() {
            desk.refuse("push", ProblemCode::Malformed, 400);
        }
    }
    assert!(seen.contains(&1) && seen.contains(&2), "{seen:?}");
    assert_eq!(desk.state.status(desk.now).parked, 0);
}

#[test]
fn a_catalogue_that_keeps_failing_is_asked_for_less_and_less_although_everything_else_works() {
    let mut desk = Desk::starting(Session::Active, Vec::new());
    desk.step(Event::Foreground(true));
    let (mut asked, until) = (0, desk.now + HOUR);
    while desk.now < until {
        if desk.state.catalogue.is_some() {
            asked += 1;
            desk.refuse("catalogue", ProblemCode::Internal, 500);
        }
        if let Some(flight) = desk.state.feed_flight.as_ref().map(|flight| flight.id) {
            desk.now += 25 * SECOND;
            desk.page(flight, Some(true));
        } else {
            desk.sleep();
        }
    }
    assert!((5..=16).contains(&asked), "{asked} times in an hour");
}

#[test]
fn a_catalogue_that_failed_while_the_network_was_away_is_asked_for_as_soon_as_it_may_be_back() {
    let hints = [Event::NetUp, Event::Foreground(true), Event::SignedIn { rows: Vec::new(), feed: Known::default() }];
    for hint in hints {
        let mut desk = Desk::starting(Session::SignedOut, Vec::new());
        for _ in 0..12 {
            while desk.state.catalogue.is_none() {
                desk.sleep();
            }
            desk.fail("catalogue", Failure::of(Class::Network));
        }
        let name = format!("{hint:?}");
        let back = desk.now;
        desk.step(hint);
        while desk.state.catalogue.is_none() {
            desk.sleep();
        }
        assert!(desk.now - back <= 10 * SECOND, "{name}: {} ms", desk.now - back);
    }
}

#[test]
fn a_size_refusal_by_a_stranger_ends_no_session() {
    for status in [413, 414, 431] {
        let mut desk = Desk::at_rest(rows(1..=1));
        desk.refuse("push", ProblemCode::TokenExpired, 401);
        desk.fail("refresh", failure::from_stranger(status));
        assert_eq!(desk.state.status(desk.now).session, Session::Stale, "{status}");
        while desk.state.refresh.is_none() {
            desk.sleep();
        }
    }
}

fn upload(id: u128, command: u128) -> PendingUpload {
    PendingUpload {
        id: Uuid::from_u128(id),
        document: Uuid::from_u128(id),
        command: Uuid::from_u128(command),
        bytes: 100_000,
        sent: 0,
        parked: false,
        released: false,
    }
}

impl Desk {
    fn upload_flight(&self) -> FlightId {
        self.state.upload_flight.as_ref().expect("an upload is under way").flight.id
    }

    fn upload_stands(&mut self, offset: u64) -> Vec<Effect> {
        let flight = self.upload_flight();
        self.step(Event::UploadStands { flight, offset })
    }

    fn upload_fails(&mut self, failure: Failure) -> Vec<Effect> {
        let flight = self.upload_flight();
        self.step(Event::Failed { flight, failure: Box::new(failure) })
    }
}

fn refusal(code: ProblemCode, status: u16) -> Failure {
    failure::from_problem(status, Problem::new(code, status, "test"), None)
}

#[test]
fn a_document_waits_for_its_announcement_and_for_every_command_that_may_travel() {
    let mut desk = Desk::at_rest(rows(1..=1));
    desk.step(Event::Uploads { uploads: vec![upload(50, 1)] });
    assert!(desk.state.upload_flight.is_none(), "central does not know of it yet");
    let effects = desk.answer(&[(1, CommandStatus::Applied)], Vec::new());
    assert!(has(&effects, |e| matches!(e, Effect::BeginUpload { .. })), "{effects:?}");
    desk.step(Event::Outbox { rows: rows(2..=2) });
    assert!(desk.state.push.is_some(), "a command does not wait for a part");
    let effects = desk.upload_stands(0);
    assert!(!has(&effects, |e| matches!(e, Effect::SendPart { .. })), "but a part waits for a command");
    let effects = desk.answer(&[(2, CommandStatus::Applied)], Vec::new());
    assert!(has(&effects, |e| matches!(e, Effect::SendPart { offset: 0, bytes: 32_768, .. })), "{effects:?}");
    let effects = desk.upload_stands(90_000);
    assert!(has(&effects, |e| matches!(e, Effect::SendPart { offset: 90_000, bytes: 10_000, .. })), "{effects:?}");
    let effects = desk.upload_stands(100_000);
    assert!(has(&effects, |e| matches!(e, Effect::CompleteUpload { .. })), "{effects:?}");
    let flight = desk.upload_flight();
    desk.step(Event::UploadEnded { flight });
    assert!(desk.state.uploads.is_empty() && desk.state.upload_flight.is_none(), "it is not begun again");
}

#[test]
fn whatever_breaks_central_is_asked_how_much_it_has() {
    let mut desk = Desk::at_rest(Vec::new());
    desk.step(Event::Uploads { uploads: vec![upload(50, 1)] });
    desk.upload_stands(0);
    desk.upload_fails(Failure::of(Class::Network));
    let effects = desk.sleep();
    assert!(has(&effects, |e| matches!(e, Effect::AskUpload { .. })), "{effects:?}");
    desk.upload_fails(Failure::of(Class::NotOurServer));
    let mut effects = desk.sleep();
    while desk.state.upload_flight.is_none() {
        effects = desk.sleep();
    }
    assert!(has(&effects, |e| matches!(e, Effect::BeginUpload { .. })), "in another way: {effects:?}");
    let elsewhere = Problem::new(ProblemCode::UploadOffset, 409, "test").with_detail("offset", 65_536);
    desk.upload_stands(0);
    let effects = desk.upload_fails(failure::from_problem(409, elsewhere, None));
    assert!(
        has(&effects, |e| matches!(e, Effect::SendPart { offset: 65_536, .. })),
        "its word is the truth: {effects:?}"
    );
    desk.upload_fails(refusal(ProblemCode::UploadGone, 404));
    let effects = desk.sleep();
    assert!(has(&effects, |e| matches!(e, Effect::BeginUpload { .. })), "anew: {effects:?}");
}

#[test]
fn a_document_that_central_refuses_is_parked_and_the_next_goes_on() {
    let mut desk = Desk::at_rest(Vec::new());
    desk.step(Event::Uploads { uploads: vec![upload(50, 1), upload(51, 2)] });
    let effects = desk.upload_fails(refusal(ProblemCode::IdempotencyKeyReused, 409));
    assert!(has(&effects, |e| matches!(e, Effect::ParkUpload { .. })), "{effects:?}");
    let flight = desk.upload_flight();
    let effects = desk.step(Event::UploadEnded { flight });
    let next = Uuid::from_u128(51);
    assert!(effects.iter().any(|e| matches!(e, Effect::BeginUpload { upload, .. } if *upload == next)), "{effects:?}");
    // One that central does not know of is asked for again, never given up.
    let effects = desk.upload_fails(refusal(ProblemCode::NotFound, 404));
    assert!(!has(&effects, |e| matches!(e, Effect::ParkUpload { .. })));
    assert_eq!(desk.state.uploads.len(), 1);
}

#[test]
fn documents_wait_where_bytes_cost_money_until_the_person_says_otherwise() {
    let mut desk = Desk::at_rest(rows(1..=1));
    desk.step(Event::HoldUploads(true));
    desk.step(Event::Uploads { uploads: vec![upload(50, 1)] });
    desk.answer(&[(1, CommandStatus::Applied)], Vec::new());
    assert!(desk.state.upload_flight.is_none(), "the announcement went, the bytes wait");
    assert!(desk.state.status(desk.now).uploads_held);

    let released = PendingUpload { released: true, ..upload(52, 1) };
    let effects = desk.step(Event::Uploads { uploads: vec![upload(50, 1), released] });
    let begins =
        |id| move |e: &Effect| matches!(e, Effect::BeginUpload { upload, .. } if *upload == Uuid::from_u128(id));
    assert!(effects.iter().any(begins(52)) && !effects.iter().any(begins(50)), "this one: {effects:?}");
    let flight = desk.state.upload_flight.as_ref().unwrap().flight.id;
    desk.step(Event::UploadEnded { flight });
    let effects = desk.step(Event::Uploads { uploads: vec![upload(51, 1)] });
    assert!(!has(&effects, |e| matches!(e, Effect::BeginUpload { .. })), "the next one is asked about anew");

    let effects = desk.step(Event::HoldUploads(false));
    assert!(has(&effects, |e| matches!(e, Effect::BeginUpload { .. })), "{effects:?}");
}
