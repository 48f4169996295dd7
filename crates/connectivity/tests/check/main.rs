//! The check on real sockets: every verdict from the network that leads to it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod good;
mod names;
mod portal;
mod secure;
mod server;
mod stub;
mod watch;

use prakerja_connectivity::{CheckReport, Language, Options, Stage, StageState, Target, check, report};

/// Runs a check that nobody listens to.
async fn run(target: &Target, options: &Options) -> CheckReport {
    let report = movable(check::run(target, options, |_, _| {})).await;
    assert!(!report.running && report.finished_at.is_some());
    assert!(report.stages.iter().all(|stage| !matches!(stage.state, StageState::Waiting | StageState::Running)));
    report
}

/// The app runs checks on threads of their own.
fn movable<F: Future + Send>(future: F) -> F {
    future
}

/// The words that a check ends with, as a person reads them in the terminal: heading and sentence.
#[track_caller]
fn assert_says(report: &CheckReport, heading: &str, sentence: &str) {
    let text = report::terminal(report, Language::Indonesian);
    assert_eq!(text.lines().take(2).collect::<Vec<_>>(), [heading, sentence]);
}

fn state(report: &CheckReport, stage: Stage) -> StageState {
    report.stage(stage).unwrap().state
}

fn fact(report: &CheckReport, stage: Stage) -> Option<&str> {
    report.stage(stage).unwrap().fact.as_deref()
}
