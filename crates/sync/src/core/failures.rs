//! What failures change. One place decides by class (`sync.md` §3.7); none of its arms finishes a command.

use uuid::Uuid;

use super::answers::take_if;
use super::link::about;
use super::uploads::UploadFlight;
use super::{Context, Effect, Feed, Flight, FlightId, Session, State, asked};
use crate::failure::{Class, Failure};

/// What a failed flight was for.
enum Task {
    Push(Vec<Uuid>),
    Feed,
    Catalogue,
    Refresh,
    Upload(Box<UploadFlight>),
}

impl State {
    pub(super) fn take_failure(
        &mut self,
        id: FlightId,
        failure: Failure,
        context: &mut Context<'_>,
        out: &mut Vec<Effect>,
    ) {
        let now = context.now;
        let Some((task, flight)) = self.land(id) else { return };
        self.note_wait(&failure, &task, context);
        let upload = if let Task::Upload(upload) = &task { Some((upload.clone(), failure.clone())) } else { None };
        // Who says when to come back has been reached; without a time it is a failure like any other.
        let works =
            failure.class != Class::Defect && (failure.class != Class::Overload || failure.retry_after.is_some());
        if failure.genuine && failure.class.is_from_central() && works {
            self.link.succeeded();
        }
        match failure.class {
            Class::Network | Class::NotOurServer | Class::Defect | Class::Overload => {
                self.slow_down(&failure, &task, &flight, context);
            }
            Class::TlsUnknownAuthority | Class::TlsCertificateTime | Class::TlsOther => {
                self.link.online = Some(false);
                self.hold(failure.class, self.config.tls_recheck, now);
            }
            Class::ClientTooOld => self.hold(failure.class, self.config.version_recheck, now),
            Class::Local => self.hold(failure.class, self.config.local_recheck, now),
            Class::TokenExpired => self.token_is_over(&task, &flight, &failure, context),
            Class::SessionRevoked => self.session = Session::Ended,
            Class::AccountLocked => self.lock(now),
            Class::EpochChanged => {
                let told = failure.detail_i64("restored_to_seq").unwrap_or(0);
                self.replay_after = self.replay_after.min(told);
                self.feed = Feed::Replay;
                // With the new epoch in hand, a late copy of what is sent now cannot be taken after yet another restore.
                self.epoch = failure.detail_uuid("epoch");
            }
            Class::CursorExpired => self.reset(now),
            Class::TooLarge | Class::Forbidden | Class::UnsupportedVersion | Class::Permanent => {
                self.refused(task, &flight, failure, context, out);
            }
        }
        if let Some((upload, failure)) = upload {
            self.upload_failed(&upload, &failure, context, out);
        }
    }

    /// Takes the flight out of its slot.
    fn land(&mut self, id: FlightId) -> Option<(Task, Flight)> {
        if let Some(push) = self.push.take_if(|push| push.flight.id == id) {
            return Some((Task::Push(push.commands), push.flight));
        }
        if let Some(upload) = self.upload_flight.take_if(|upload| upload.flight.id == id) {
            let flight = upload.flight.clone();
            return Some((Task::Upload(Box::new(upload)), flight));
        }
        let slots = [
            (&mut self.feed_flight, Task::Feed),
            (&mut self.catalogue, Task::Catalogue),
            (&mut self.refresh, Task::Refresh),
        ];
        slots.into_iter().find_map(|(slot, task)| Some((task, take_if(slot, id)?)))
    }

    /// Central named a time for this kind of request: it is kept whatever happens meanwhile.
    fn note_wait(&mut self, failure: &Failure, task: &Task, context: &mut Context<'_>) {
        let Some(asked) = failure.retry_after else { return };
        let until = asked::until(asked, &self.config, context.now, context.rng);
        let kept = match task {
            Task::Push(_) => &mut self.asked.push,
            Task::Feed => &mut self.asked.feed,
            Task::Catalogue => &mut self.asked.catalogue,
            Task::Refresh => &mut self.asked.refresh,
            Task::Upload(_) => &mut self.asked.upload,
        };
        *kept = until.max(*kept);
    }

    fn slow_down(&mut self, failure: &Failure, task: &Task, flight: &Flight, context: &mut Context<'_>) {
        self.limit = if failure.timed_out { (self.limit / 2).max(1) } else { 1 };
        if failure.class != Class::Overload || failure.retry_after.is_none() {
            self.link.failed(failure, flight.since, self.foreground, &self.config, context.now, context.rng);
        }
        // A command that breaks central must not stop the others: alone it waits, in a batch the batch shrinks.
        if let (Class::Defect, Task::Push(commands)) = (failure.class, task)
            && let [command] = commands[..]
        {
            self.delays.grow(command, &self.config, context.now, context.rng);
        }
        match task {
            Task::Feed => self.at_end = false,
            // The others succeed and open the road again and again: the catalogue keeps a step of its own.
            Task::Catalogue => {
                let doubled = self.config.backoff_unit.saturating_mul(1 << self.catalogue_failures.min(30));
                self.catalogue_failures = self.catalogue_failures.saturating_add(1);
                // Central was there and its catalogue was no use: large, and as bad the next time. A network that is
                // away may be back any moment.
                let most = if failure.genuine { self.config.periodic } else { self.config.backoff_cap };
                self.catalogue_due = context.now + about(doubled.min(most), context.rng);
            }
            Task::Push(_) | Task::Refresh | Task::Upload(_) => {}
        }
    }

    fn token_is_over(&mut self, task: &Task, flight: &Flight, failure: &Failure, context: &mut Context<'_>) {
        match task {
            // The refresh token itself is no longer known.
            Task::Refresh => self.session = Session::Ended,
            // The catalogue needs no token; a genuine 401 there is a defect of central.
            Task::Catalogue => self.catalogue_due = self.periodic(context),
            // The request left before the newest tokens came: it is simply sent again.
            Task::Push(_) | Task::Feed | Task::Upload(_) if self.refreshed_at.is_some_and(|at| flight.since < at) => {}
            Task::Push(_) | Task::Feed | Task::Upload(_) => {
                // New tokens that do not work either: wait like for any failure, do not refresh in a loop.
                if self.refreshed_at.is_some() {
                    self.refreshes_in_vain += 1;
                }
                if self.refreshes_in_vain > 1 {
                    let failure = Failure { class: Class::Defect, ..failure.clone() };
                    self.link.failed(&failure, flight.since, self.foreground, &self.config, context.now, context.rng);
                }
                self.session = Session::Stale;
            }
        }
    }

    /// Central (or something on the way, for sizes) will not take this request as it is.
    fn refused(
        &mut self,
        task: Task,
        flight: &Flight,
        failure: Failure,
        context: &mut Context<'_>,
        out: &mut Vec<Effect>,
    ) {
        let now = context.now;
        match task {
            // Something on the way refused the size: no word of central about the session.
            Task::Refresh if !failure.genuine => self.slow_down(&failure, &task, flight, context),
            Task::Push(commands) if commands.len() > 1 => {
                // Which one is it? Sizes are halved; for everything else the commands travel alone.
                self.limit = if failure.class == Class::TooLarge { commands.len() / 2 } else { 1 };
            }
            Task::Push(commands) => {
                let Some(command) = commands.first().copied() else { return };
                match failure.problem {
                    Some(_) if failure.class == Class::UnsupportedVersion => {
                        self.delays.set(command, self.config.version_recheck, now);
                    }
                    // Received once, refused now: there is nothing to park; the snapshot tells what is left of it.
                    Some(_) if self.replay.iter().any(|row| row.id == command) => {
                        self.replay.retain(|row| row.id != command);
                    }
                    Some(problem) => {
                        let mut flight = self.take_off(now);
                        flight.committing = true;
                        out.push(Effect::Park { flight: flight.id, command, problem });
                        self.push = Some(super::Push { flight, commands, finished: Vec::new() });
                    }
                    // Not central's own word: never a reason to stop trying, but the others go first.
                    None => self.delays.grow(command, &self.config, now, context.rng),
                }
            }
            Task::Refresh => self.session = Session::Ended,
            Task::Catalogue => self.catalogue_due = self.periodic(context),
            Task::Upload(_) => {}
            Task::Feed => {
                if let Feed::Snapshot { page: page @ Some(_) } = &mut self.feed {
                    *page = None;
                    self.resets.push_back(now);
                }
                self.pull_due = self.periodic(context);
            }
        }
    }
}
