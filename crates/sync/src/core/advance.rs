//! The end of every step: what may start starts, and one wake-up is scheduled.

use std::time::Duration;

use super::config::HOUR;
use super::link::about;
use super::{Context, Effect, Feed, Flight, Millis, Push, Session, State, lanes};

impl State {
    /// Starts whatever may start and schedules the next wake-up.
    pub(super) fn advance(&mut self, context: &mut Context<'_>, out: &mut Vec<Effect>) {
        let now = context.now;
        if self.hold.as_ref().is_none_or(|hold| hold.until <= now) && self.link.not_before <= now {
            self.start_what_may_start(context, out);
        }
        out.push(Effect::Schedule { at: self.next_wake(now) });
        let status = self.status(now);
        if self.shown.as_ref() != Some(&status) {
            self.shown = Some(status.clone());
            out.push(Effect::Notify(Box::new(status)));
        }
    }

    fn start_what_may_start(&mut self, context: &mut Context<'_>, out: &mut Vec<Effect>) {
        let now = context.now;
        // After a failure one request alone tries the road. What was under way before (a long-poll) does not count.
        let trying = |state: &Self| {
            let broke_at = state.hold.as_ref().map(|hold| hold.since).or(state.link.broke_at());
            broke_at.is_some_and(|at| state.flights().any(|flight| !flight.committing && flight.since >= at))
        };
        let may_ask =
            self.session == Session::Active || (matches!(self.session, Session::Locked) && self.session_until <= now);
        if self.session == Session::Stale && self.refresh.is_none() && self.asked.refresh <= now && !trying(self) {
            let flight = self.take_off(now);
            out.push(Effect::Refresh { flight: flight.id });
            self.refresh = Some(flight);
        }
        // What central may have lost goes first: until it is known, nothing may overtake it in its lane.
        let may_push = self.push.is_none() && !self.must_replay();
        if may_ask && may_push && self.asked.push <= now && !trying(self) {
            let commands = lanes::plan(self.replay.iter().chain(&self.rows), &self.delays, self.limit, now);
            if !commands.is_empty() {
                let flight = self.take_off(now);
                out.push(Effect::Push { flight: flight.id, commands: commands.clone(), epoch: self.epoch });
                self.push = Some(Push { flight, commands, finished: Vec::new() });
            }
        }
        if may_ask && self.feed_flight.is_none() && self.asked.feed <= now && !trying(self) {
            self.start_feed(context, out);
        }
        if self.catalogue.is_none() && self.catalogue_due.max(self.asked.catalogue) <= now && !trying(self) {
            let flight = self.take_off(now);
            out.push(Effect::Catalogue { flight: flight.id });
            self.catalogue = Some(flight);
        }
        // Bulk work: whenever no command travels, not even one that waits for nothing but its turn.
        let free = self.upload_flight.is_none() && self.push.is_none() && !self.must_replay() && self.replay.is_empty();
        if may_ask && free && self.asked.upload <= now && !trying(self) {
            self.start_upload(context, out);
        }
    }

    fn start_feed(&mut self, context: &mut Context<'_>, out: &mut Vec<Effect>) {
        let now = context.now;
        match self.feed.clone() {
            Feed::Replay => {
                // Not while a push is under way: its results belong to the outbox as it was.
                if self.push.is_none() {
                    let mut flight = self.take_off(now);
                    flight.committing = true;
                    out.push(Effect::Replay { flight: flight.id, after_seq: self.replay_after });
                    self.feed_flight = Some(flight);
                }
            }
            Feed::Snapshot { page } => {
                // A crash before the snapshot repeats the replay, one after it would not: first the one, then the other.
                if !self.replay.is_empty() || (page.is_none() && !self.may_reset(now)) || self.pull_due > now {
                    return;
                }
                let flight = self.take_off(now);
                out.push(Effect::Snapshot { flight: flight.id, page });
                self.feed_flight = Some(flight);
            }
            Feed::Follow => {
                if self.pull_due > now {
                    return;
                }
                let wait = if self.foreground && self.at_end && self.link.failures == 0 && self.empty_polls < 2 {
                    self.config.long_poll
                } else {
                    Duration::ZERO
                };
                let mut flight = self.take_off(now);
                flight.long_poll = !wait.is_zero();
                out.push(Effect::Pull { flight: flight.id, wait });
                self.feed_flight = Some(flight);
            }
        }
    }

    /// Counts snapshots of the last hour. The very first one, with nothing stored yet, is free.
    pub(super) fn may_reset(&mut self, now: Millis) -> bool {
        self.resets_exhausted = self.resets_within_hour(now) > self.config.resets_per_hour;
        !self.resets_exhausted
    }

    pub(super) fn resets_within_hour(&mut self, now: Millis) -> usize {
        while self.resets.front().is_some_and(|at| at + HOUR <= now) {
            self.resets.pop_front();
        }
        self.resets.len()
    }

    pub(super) fn take_off(&mut self, now: Millis) -> Flight {
        let id = self.next_flight;
        self.next_flight += 1;
        Flight { id, since: now, committing: false, long_poll: false, then: None }
    }

    /// The earliest time at which something could change by itself.
    fn next_wake(&self, now: Millis) -> Millis {
        let hour_is_over = self.resets.front().filter(|_| self.resets_exhausted).map(|at| at + HOUR);
        let candidates = [
            Some(self.link.not_before),
            self.hold.as_ref().map(|hold| hold.until),
            (self.session == Session::Locked).then_some(self.session_until),
            Some(self.pull_due),
            Some(self.catalogue_due),
            self.delays.next(now),
            self.upload_delays.next(now),
            hour_is_over,
        ];
        let watchdog = self.flights().filter(|flight| !flight.committing).map(|f| f.since + self.config.watchdog);
        candidates
            .into_iter()
            .flatten()
            .chain(watchdog)
            .chain(self.asked.all())
            .filter(|at| *at > now)
            .min()
            .unwrap_or(now + self.config.periodic)
    }

    pub(super) fn periodic(&self, context: &mut Context<'_>) -> Millis {
        context.now + about(self.config.periodic, context.rng)
    }
}
