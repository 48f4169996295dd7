//! What good answers and finished commits change.

use std::time::Duration;

use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::{CommandResult, CommandStatus, Pushed};

use uuid::Uuid;

use super::config::SECOND;
use super::{Context, Effect, Event, Feed, Flight, FlightId, Millis, Push, Session, State, asked, link};
use crate::failure::Class;

/// A cache may answer with a catalogue of so long ago.
const CACHED: Millis = 30 * SECOND;

impl State {
    pub(super) fn take_answer(&mut self, event: Event, context: &mut Context<'_>, out: &mut Vec<Effect>) {
        let now = context.now;
        match event {
            Event::PushAnswered { flight, pushed } => {
                let Some(push) = self.push.take_if(|push| push.flight.id == flight) else { return };
                self.let_in(push.flight.since);
                let other_wave = |code| matches!(code, ProblemCode::WaveClosed | ProblemCode::WaveNotOpen);
                if pushed.results.iter().filter_map(|result| result.problem.as_ref()).any(|it| other_wave(it.code)) {
                    self.catalogue_has_news(now);
                }
                self.take_results(push, *pushed, context, out);
            }
            Event::PushEmpty { flight, rows } => {
                let commands = self.push.as_ref().map(|push| push.commands.clone()).unwrap_or_default();
                if self.end_push(flight) {
                    // The store knows better; a little wait keeps the two from arguing in a loop.
                    for command in commands {
                        self.delays.grow(command, &self.config, now, context.rng);
                    }
                    self.set_rows(rows);
                }
            }
            Event::PushCommitted { flight, rows } => {
                if !self.end_push(flight) {
                    return;
                }
                self.set_rows(rows);
            }
            Event::PageAnswered { flight, page } => {
                let Some(asked) = take_if(&mut self.feed_flight, flight) else { return };
                self.let_in(asked.since);
                // Before the replay is known nothing of the new epoch is stored: the cursor is what would repeat it all.
                if self.restored_to(page.epoch) || self.must_replay() {
                    return;
                }
                // Central that does not wait although asked to must not be asked in a loop.
                let at_once = asked.long_poll && page.changes.is_empty() && now.saturating_sub(asked.since) < SECOND;
                self.empty_polls = if at_once { self.empty_polls + 1 } else { 0 };
                self.at_end = !page.more;
                // News of a person's wave: what the catalogue says of that wave (its commitment, its draw) is new too.
                if page.changes.iter().any(|change| matches!(change.kind.as_str(), "application" | "membership")) {
                    self.catalogue_has_news(now);
                }
                let flight = self.commit_feed(None, now);
                out.push(Effect::CommitPage { flight, page });
            }
            Event::PageCommitted { flight, digest_fits, rows } => {
                if take_if(&mut self.feed_flight, flight).is_none() {
                    return;
                }
                self.set_rows(rows);
                self.pull_due = if !self.at_end {
                    now
                } else if self.foreground && !self.config.long_poll.is_zero() && self.empty_polls < 2 {
                    // A long-poll follows; while the push lane works it must not spin.
                    now
                } else {
                    self.empty_polls = 0;
                    self.periodic(context)
                };
                // A digest that never fits is central's defect: it is no reason to stop reading.
                if digest_fits == Some(false) && self.resets_within_hour(now) < self.config.resets_per_hour {
                    self.reset(now);
                } else if self.at_end {
                    self.last_sync_at = self.rows.iter().all(|row| row.parked).then_some(now).or(self.last_sync_at);
                }
            }
            Event::SnapshotAnswered { flight, page } => {
                let Some(asked) = take_if(&mut self.feed_flight, flight) else { return };
                self.let_in(asked.since);
                if self.restored_to(page.epoch) || self.must_replay() {
                    return;
                }
                let then = match &page.next {
                    next @ Some(_) => (Feed::Snapshot { page: next.clone() }, None),
                    None => (Feed::Follow, Some(page.epoch)),
                };
                let flight = self.commit_feed(Some(then), now);
                out.push(Effect::CommitSnapshot { flight, page });
            }
            Event::SnapshotCommitted { flight, rows } => {
                if let Some(stored) = take_if(&mut self.feed_flight, flight) {
                    if let Some((feed, epoch)) = stored.then.filter(|_| !self.must_replay()) {
                        if feed == Feed::Follow {
                            self.replay_after = i64::MAX;
                        }
                        self.feed = feed;
                        self.epoch = epoch.or(self.epoch);
                    }
                    self.set_rows(rows);
                    self.pull_due = now;
                    self.at_end = false;
                }
            }
            Event::ReplayFound { flight, commands } => {
                if take_if(&mut self.feed_flight, flight).is_none() {
                    return;
                }
                // One moment for all of them keeps their order.
                let wait = link::up_to(self.config.replay_spread, context.rng);
                for command in &commands {
                    self.delays.set(command.id, wait, now);
                }
                self.replay = commands;
                self.start_over(now);
            }
            Event::CatalogueAnswered { flight, catalogue } => {
                if let Some(asked) = take_if(&mut self.catalogue, flight) {
                    self.reached(asked.since);
                    self.catalogue_failures = 0;
                    self.catalogue_due = self.periodic(context);
                    self.look_for_news(asked.since, context);
                    if let Some(catalogue) = catalogue {
                        let mut flight = self.take_off(now);
                        flight.committing = true;
                        out.push(Effect::CommitCatalogue { flight: flight.id, catalogue });
                        self.catalogue = Some(flight);
                    }
                }
            }
            Event::CatalogueCommitted { flight } => {
                let _ = take_if(&mut self.catalogue, flight);
            }
            Event::UploadStands { flight, offset } => self.upload_stands(flight, offset, context),
            Event::UploadEnded { flight } => self.upload_ended(flight, now),
            Event::AuthRefreshed { flight } => {
                if let Some(asked) = take_if(&mut self.refresh, flight) {
                    self.reached(asked.since);
                    self.refreshed_at = Some(now);
                    self.session = Session::Active;
                }
            }
            Event::Failed { flight, failure } => self.take_failure(flight, *failure, context, out),
            // Everything else was taken before.
            _ => {}
        }
    }

    /// Something says that the catalogue is another one now.
    fn catalogue_has_news(&mut self, now: Millis) {
        self.catalogue_news = Some(now);
        self.catalogue_due = self.catalogue_due.min(now);
    }

    /// An answer to what was asked before the news says nothing of them. One to what was asked soon after may be a cache's
    /// from before, even with a catalogue that is new here: only one that no cache kept for so long ends the search.
    fn look_for_news(&mut self, asked: Millis, context: &mut Context<'_>) {
        let Some(since) = self.catalogue_news else { return };
        if asked < since {
            self.catalogue_due = context.now;
        } else if asked < since + CACHED {
            self.catalogue_due = since + CACHED + link::up_to(CACHED, context.rng);
        } else {
            self.catalogue_news = None;
        }
    }

    /// A genuine answer: the road is open. What was asked before the hold began says nothing about it.
    fn reached(&mut self, since: Millis) {
        self.link.succeeded();
        self.hold.take_if(|hold| hold.since <= since);
    }

    /// A genuine answer to a request with a token.
    pub(super) fn let_in(&mut self, since: Millis) {
        self.reached(since);
        self.refreshes_in_vain = 0;
        if self.session == Session::Locked {
            self.session = Session::Active;
        }
    }

    /// Central shows another epoch without having refused the request: without a word on how far back it was restored,
    /// everything that it may have lost is sent again.
    fn restored_to(&mut self, epoch: Uuid) -> bool {
        let known = *self.epoch.get_or_insert(epoch);
        if known != epoch && !self.must_replay() {
            self.feed = Feed::Replay;
            self.replay_after = 0;
            self.epoch = Some(epoch);
        }
        known != epoch
    }

    /// Central was restored and what it may have lost is not known yet. Nothing but that knowledge ends this state.
    pub(super) fn must_replay(&self) -> bool {
        self.feed == Feed::Replay
    }

    /// Reads everything anew, from the beginning.
    pub(super) fn reset(&mut self, now: Millis) {
        if self.must_replay() {
            return;
        }
        self.start_over(now);
    }

    fn start_over(&mut self, now: Millis) {
        self.feed = Feed::Snapshot { page: None };
        self.resets.push_back(now);
        self.pull_due = now;
    }

    fn commit_feed(&mut self, then: Option<(Feed, Option<Uuid>)>, now: Millis) -> FlightId {
        let mut flight = Flight { then, ..self.take_off(now) };
        flight.committing = true;
        let id = flight.id;
        self.feed_flight = Some(flight);
        id
    }

    fn end_push(&mut self, flight: FlightId) -> bool {
        let Some(push) = self.push.take_if(|push| push.flight.id == flight) else { return false };
        self.replay.retain(|row| !push.finished.contains(&row.id));
        true
    }

    fn take_results(&mut self, mut push: Push, pushed: Pushed, context: &mut Context<'_>, out: &mut Vec<Effect>) {
        let now = context.now;
        self.limit = (self.limit * 2).min(self.config.batch_limit);
        if pushed.backoff_ms > 0 {
            let asked = Millis::min(pushed.backoff_ms, self.config.backoff_cap);
            self.asked.push = self.asked.push.max(now + asked + link::up_to(asked / 4, context.rng));
        }
        // Only what was asked can be answered, and each command once.
        let mut results: Vec<CommandResult> = Vec::with_capacity(pushed.results.len());
        for result in pushed.results {
            if push.commands.contains(&result.id) && results.iter().all(|seen| seen.id != result.id) {
                results.push(result);
            }
        }
        let mut unanswered = Vec::new();
        for command in &push.commands {
            match results.iter().find(|result| result.id == *command) {
                // Central did not say what became of it: it stays, and is sent again.
                None => {
                    unanswered.push(*command);
                    self.delays.grow(*command, &self.config, now, context.rng);
                }
                Some(result) if !result.status.is_final() => self.take_open_result(result, context),
                Some(_) => {}
            }
        }
        self.restored_to(pushed.epoch);
        push.finished = results.iter().filter(|result| result.status.is_final()).map(|result| result.id).collect();
        if !push.finished.is_empty() {
            self.pull_due = self.pull_due.min(now);
        }
        push.flight = self.take_off(now);
        push.flight.committing = true;
        out.push(Effect::CommitPush { flight: push.flight.id, results, unanswered });
        self.push = Some(push);
    }

    /// `blocked`, `retry` and `hold`: the command stays; when is it sent again?
    fn take_open_result(&mut self, result: &CommandResult, context: &mut Context<'_>) {
        let now = context.now;
        let code = result.problem.as_ref().map(|problem| problem.code);
        if result.status != CommandStatus::Hold {
            match result.retry_after_ms {
                Some(wait) => {
                    let until = asked::until(Duration::from_millis(wait), &self.config, now, context.rng);
                    self.delays.ask(result.id, until, now);
                }
                None => self.delays.grow(result.id, &self.config, now, context.rng),
            }
            return;
        }
        match code {
            Some(ProblemCode::TokenExpired) => self.session = Session::Stale,
            Some(ProblemCode::SessionRevoked) => self.session = Session::Ended,
            Some(ProblemCode::AccountLocked) => self.lock(now),
            Some(ProblemCode::ClientTooOld) => {
                self.hold(Class::ClientTooOld, self.config.version_recheck, now);
            }
            // A newer command than central knows (fault 44), or a reason that this version does not know.
            _ => self.delays.set(result.id, self.config.version_recheck, now),
        }
    }

    pub(super) fn lock(&mut self, now: Millis) {
        self.session = Session::Locked;
        self.session_until = now + self.config.locked_recheck;
    }
}

/// Takes a flight out of its slot when it is the one that the answer belongs to.
pub(super) fn take_if(slot: &mut Option<Flight>, id: FlightId) -> Option<Flight> {
    slot.take_if(|flight| flight.id == id)
}
