//! What happens to a request between the two computers, and at central.

use std::time::Duration;

use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::sync::CommandStatus;
use prakerja_store::CatalogueUpdate;
use prakerja_sync::core::{Event, FlightId};
use prakerja_sync::failure::{self, Class, Failure};
use rand::Rng;
use uuid::Uuid;

use super::{Later, Request, World};
use crate::documents::UploadStep;
use crate::server::Command;

impl World {
    /// Puts a request on the road.
    pub(super) fn send(&mut self, flight: FlightId, request: Request) {
        let run = self.run;
        let there = self.rng.gen_range(1..2_000);
        let fate = if self.rough { self.rng.gen_range(0..100) } else { 100 };
        let fails = |world: &mut Self, failure: Failure| {
            let wait = world.rng.gen_range(1..30_000);
            world.tell(wait, Event::Failed { flight, failure: Box::new(failure) });
        };
        match fate {
            0..=9 => {
                self.saw("request lost");
                let failure = Failure { timed_out: fate < 4, stale: fate > 7, ..Failure::of(Class::Network) };
                fails(self, failure);
            }
            10..=17 => {
                self.saw("answer lost");
                self.later(there, Later::Arrive(None, flight, request));
                fails(self, Failure::of(Class::Network));
            }
            18..=20 => {
                self.saw("portal");
                let status = [200, 302, 511, 502, 401, 404, 413][self.rng.gen_range(0..7)];
                fails(self, failure::from_stranger(status));
            }
            21..=22 => {
                self.saw("overload");
                let busy = Problem::new(ProblemCode::Busy, 503, "model");
                let wait = Duration::from_secs(self.rng.gen_range(0..60));
                fails(self, failure::from_problem(503, busy, Some(wait)));
            }
            23..=24 => {
                self.saw("other failures");
                let class = [Class::TlsUnknownAuthority, Class::TlsCertificateTime, Class::Defect, Class::ClientTooOld];
                let class = class[self.rng.gen_range(0..4)];
                fails(self, Failure::of(class));
            }
            25 => self.saw("swallowed"),
            26..=33 => {
                self.saw("delivered twice");
                self.later(there, Later::Arrive(Some(run), flight, request.clone()));
                let late = self.rng.gen_range(1..600_000);
                self.later(late, Later::Arrive(None, flight, request));
            }
            34..=36 => {
                self.saw("late");
                let late = self.rng.gen_range(1..900_000);
                self.later(late, Later::Arrive(Some(run), flight, request));
            }
            _ => self.later(there, Later::Arrive(Some(run), flight, request)),
        }
    }

    /// Puts a step of an upload on the road.
    pub(crate) fn send_upload(&mut self, flight: FlightId, access: u32, upload: Uuid, step: UploadStep) {
        self.send(flight, Request::Upload { access, upload, step });
    }

    /// A request arrives at central.
    pub(super) fn arrive(&mut self, run: Option<u32>, flight: FlightId, request: Request) {
        // Oftener while a document is on its way: few are, and a central that no longer awaits one is what matters.
        let one_in = if matches!(request, Request::Upload { .. }) { 400 } else { 2_000 };
        if self.chance(one_in) {
            self.saw("central restored");
            self.server.restore();
            if self.told {
                println!("{:>12} central is restored: {:?}", self.now, self.server.restores.last());
            }
        }
        let rough = self.rough;
        let rng = &mut self.rng;
        let mut whim = |_: &Command| {
            let status = [CommandStatus::Retry, CommandStatus::Blocked, CommandStatus::Hold];
            (rough && rng.gen_ratio(1, 15)).then(|| status[rng.gen_range(0..3)])
        };
        let answer = match request {
            Request::Push { access, epoch, commands } => {
                self.server.push(access, epoch, &commands, &mut whim).map(|mut pushed| {
                    // Central, or something on the way, may forget or shuffle results.
                    if rough && rng.gen_ratio(1, 20) {
                        pushed.results.pop();
                    }
                    pushed.results.reverse();
                    Event::PushAnswered { flight, pushed: Box::new(pushed) }
                })
            }
            Request::Pull { access, cursor } => {
                self.server.pull(access, cursor).map(|page| Event::PageAnswered { flight, page: Box::new(page) })
            }
            Request::Snapshot { access, page } => self
                .server
                .snapshot(access, page.as_deref())
                .map(|page| Event::SnapshotAnswered { flight, page: Box::new(page) }),
            Request::Catalogue => {
                let catalogue = CatalogueUpdate { version: 1, ..CatalogueUpdate::default() };
                Ok(Event::CatalogueAnswered { flight, catalogue: rng.gen_bool(0.5).then(|| Box::new(catalogue)) })
            }
            Request::Upload { access, upload, step } => self.arrive_upload(flight, access, upload, step),
            Request::Refresh { token } => match self.server.refresh(token) {
                // The tokens are stored by the same effect, if the program still runs.
                Ok((access, refresh)) => {
                    if run == Some(self.run) {
                        (self.disk.access, self.disk.refresh) = (access, refresh);
                    }
                    Ok(Event::AuthRefreshed { flight })
                }
                Err(failure) => Err(failure),
            },
        };
        let event = answer.unwrap_or_else(|failure| Event::Failed { flight, failure: Box::new(failure) });
        if let Some(run) = run {
            let back = self.rng.gen_range(1..2_000);
            self.later(back, Later::Tell(run, event));
        }
    }
}
