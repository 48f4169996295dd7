//! What there is of checks in this run, under one lock. A task that was aborted can still be in the middle of a step, so
//! each has the number of its round, and only the round in force may change anything.

use std::sync::{Mutex, MutexGuard, PoisonError};

use prakerja_connectivity::{CheckReport, WatchReport};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::{pace, view};
use crate::ipc::{CheckView, LastCheck};

#[derive(Default)]
pub(crate) struct Desk {
    now: Mutex<Now>,
    /// Moves when somebody begins or ends to look.
    pub(super) attention: watch::Sender<()>,
}

#[derive(Default)]
pub(super) struct Now {
    pub(super) view: CheckView,
    /// The newest report: done, or running when the person asked for it.
    pub(super) report: Option<CheckReport>,
    pub(super) last: Option<LastCheck>,
    pub(super) about: Option<About>,
    pub(super) task: Option<AbortHandle>,
    pub(super) round: u64,
    /// Forms that are open. One may open before the one before it has closed.
    pub(super) watchers: u32,
    /// When the window last asked how the check stands.
    pub(super) glance: Option<Instant>,
}

/// What central says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct About {
    /// The address that said so.
    pub(super) url: String,
    pub(crate) operator: String,
    pub(crate) demo: bool,
}

impl Desk {
    pub(super) fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last finished check of this run.
    pub(crate) fn last(&self) -> Option<LastCheck> {
        self.now().last.clone()
    }

    /// Changes something for a round and tells the view while it is true; nothing when the round is over.
    pub(super) fn change<T>(
        &self,
        round: u64,
        change: impl FnOnce(&mut Now) -> T,
        tell: impl FnOnce(CheckView),
    ) -> Option<T> {
        let mut now = self.now();
        if now.round != round {
            return None;
        }
        let result = change(&mut now);
        tell(now.view.clone());
        Some(result)
    }
}

impl Now {
    /// Takes what a running or finished check found. While one runs that nobody asked for, what is known stays: a
    /// verdict that comes and goes takes the buttons below it along.
    pub(super) fn take(&mut self, report: &CheckReport) {
        let before = std::mem::replace(&mut self.view, view::of(report));
        self.view.watching = before.watching;
        if before.running {
            // It began when the person asked, not when the task got its turn.
            self.view.started_at = before.started_at;
        }
        if report.verdict.is_none() && before.verdict.is_some() {
            self.view.verdict = before.verdict;
            self.view.sign_up = before.sign_up;
            self.view.figures = before.figures;
            self.view.next_at = before.next_at;
        } else {
            self.report = Some(report.clone());
        }
    }

    /// Takes what the live watch sees, also into the report: details that are copied say what the screen says. Tells
    /// whether the verdict is another one.
    pub(super) fn see(&mut self, watched: &WatchReport, at: i64) -> bool {
        let verdict = view::verdict(watched.verdict);
        self.view.samples = watched.samples.iter().map(view::sample).collect();
        self.view.figures = Some(view::figures(&watched.figures));
        self.view.stages = watched.stages.iter().map(view::stage_view).collect();
        self.view.verdict = Some(verdict);
        self.view.sign_up = watched.sign_up.as_str().into();
        if let Some(report) = &mut self.report {
            report.samples = watched.samples.iter().copied().collect();
            report.figures = Some(watched.figures.clone());
            report.stages.clone_from(&watched.stages);
            report.verdict = Some(watched.verdict);
            report.sign_up = watched.sign_up;
            report.probe.clone_from(&watched.probe);
        }
        let changed = self.last.as_ref().is_none_or(|last| last.verdict != verdict);
        self.last = Some(LastCheck { verdict, at });
        changed
    }

    /// Whether somebody waits for the next look.
    pub(super) fn shown(&self) -> bool {
        self.watchers > 0 || self.glance.is_some_and(|at| at.elapsed() < pace::GLANCE)
    }

    /// Ends the task, and whatever it may still be about to do.
    pub(super) fn stop(&mut self) {
        self.round += 1;
        if let Some(task) = self.task.take() {
            task.abort();
        }
        if self.view.running {
            view::stop(&mut self.view);
        }
        self.view.next_at = None;
    }
}

#[cfg(test)]
mod tests {
    use prakerja_connectivity::{Options, Target};

    use super::*;
    use crate::ipc::Verdict;

    fn running() -> CheckReport {
        CheckReport::new(&Target::parse("https://api.example.id").unwrap(), &Options::new("0.1.0"))
    }

    #[test]
    fn a_round_that_is_over_changes_nothing() {
        let desk = Desk::default();
        let round = desk.now().round;
        assert!(desk.change(round, |now| now.take(&running()), |view| assert!(view.running)).is_some());
        desk.now().stop();
        // The aborted task was about to publish when it was stopped.
        let late = desk.change(round, |now| now.take(&running()), |_| panic!("nothing to tell"));
        assert!(late.is_none() && !desk.now().view.running);
    }

    #[test]
    fn a_look_that_nobody_asked_for_keeps_what_is_known() {
        let mut now = Now::default();
        let mut report = running();
        report.running = false;
        report.verdict = Some(prakerja_connectivity::Verdict::Portal);
        report.sign_up = prakerja_connectivity::SignUp::Stopped;
        now.take(&report);
        now.view.next_at = Some(5);
        now.take(&running());
        let view = &now.view;
        assert_eq!((view.running, view.verdict, view.next_at), (true, Some(Verdict::Portal), Some(5)));
        assert_eq!(view.sign_up, "stopped");
        assert_eq!(now.report.as_ref(), Some(&report), "details that are copied are those of the verdict");
        report.verdict = Some(prakerja_connectivity::Verdict::Stable);
        report.sign_up = prakerja_connectivity::SignUp::Open;
        now.take(&report);
        let view = &now.view;
        assert_eq!((view.running, view.verdict, view.sign_up.as_str()), (false, Some(Verdict::Stable), "open"));
    }
}
