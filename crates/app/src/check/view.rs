//! From the words of the check to those of the window. Every match is explicit: a new word does not compile until it is
//! translated.

use prakerja_connectivity as connectivity;
use prakerja_connectivity::CheckReport;

use crate::ipc::{CheckView, FiguresView, SampleView, Stage, StageState, StageView, Verdict};

impl Default for CheckView {
    /// Nothing was checked yet.
    fn default() -> Self {
        Self {
            running: false,
            stages: connectivity::Stage::ALL
                .map(|stage| StageView { stage: self::stage(stage), state: StageState::Waiting, ms: None, fact: None })
                .to_vec(),
            samples: Vec::new(),
            samples_planned: 0,
            figures: None,
            verdict: None,
            sign_up: connectivity::SignUp::Open.as_str().into(),
            next_at: None,
            started_at: None,
            clock_skew_ms: None,
            watching: false,
        }
    }
}

/// A report as the window shows it.
pub(super) fn of(report: &CheckReport) -> CheckView {
    CheckView {
        running: report.running,
        stages: report.stages.iter().map(stage_view).collect(),
        samples: report.samples.iter().map(sample).collect(),
        samples_planned: report.samples_planned,
        figures: report.figures.as_ref().map(figures),
        verdict: report.verdict.map(verdict),
        sign_up: report.sign_up.as_str().into(),
        next_at: None,
        started_at: Some(report.started_at),
        clock_skew_ms: report.clock_skew_ms,
        watching: false,
    }
}

/// A check that was stopped half-way.
pub(super) fn stop(view: &mut CheckView) {
    view.running = false;
    for stage in &mut view.stages {
        if matches!(stage.state, StageState::Running | StageState::Waiting) {
            stage.state = StageState::Skipped;
        }
    }
}

pub(super) fn stage_view(it: &connectivity::StageReport) -> StageView {
    StageView { stage: stage(it.stage), state: state(it.state), ms: it.ms, fact: it.fact.clone() }
}

pub(super) fn sample(sample: &connectivity::Sample) -> SampleView {
    SampleView { ms: sample.ms }
}

pub(super) fn figures(figures: &connectivity::Figures) -> FiguresView {
    FiguresView {
        tries: figures.tries,
        failed: figures.failed,
        median_ms: figures.median_ms,
        p95_ms: figures.p95_ms,
        jitter_ms: figures.jitter_ms,
        upload_bps: figures.upload_bps,
        photo_s: figures.photo_s,
    }
}

fn stage(stage: connectivity::Stage) -> Stage {
    match stage {
        connectivity::Stage::Name => Stage::Name,
        connectivity::Stage::Reach => Stage::Reach,
        connectivity::Stage::Secure => Stage::Secure,
        connectivity::Stage::Api => Stage::Api,
        connectivity::Stage::Portal => Stage::Portal,
        connectivity::Stage::Quality => Stage::Quality,
        connectivity::Stage::Upload => Stage::Upload,
    }
}

fn state(state: connectivity::StageState) -> StageState {
    match state {
        connectivity::StageState::Waiting => StageState::Waiting,
        connectivity::StageState::Running => StageState::Running,
        connectivity::StageState::Passed => StageState::Passed,
        connectivity::StageState::Failed => StageState::Failed,
        connectivity::StageState::Skipped => StageState::Skipped,
    }
}

pub(super) fn verdict(verdict: connectivity::Verdict) -> Verdict {
    match verdict {
        connectivity::Verdict::Stable => Verdict::Stable,
        connectivity::Verdict::Usable => Verdict::Usable,
        connectivity::Verdict::Poor => Verdict::Poor,
        connectivity::Verdict::Offline => Verdict::Offline,
        connectivity::Verdict::NameNotFound => Verdict::NameNotFound,
        connectivity::Verdict::ServerUnreachable => Verdict::ServerUnreachable,
        connectivity::Verdict::Portal => Verdict::Portal,
        connectivity::Verdict::TlsBlocked => Verdict::TlsBlocked,
        connectivity::Verdict::ClockWrong => Verdict::ClockWrong,
        connectivity::Verdict::ServerBusy => Verdict::ServerBusy,
        connectivity::Verdict::ServerDown => Verdict::ServerDown,
        connectivity::Verdict::TooOld => Verdict::TooOld,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_stored_with_the_word_that_the_window_reads() {
        for word in connectivity::Verdict::ALL {
            let stored = serde_json::to_value(word).unwrap();
            assert_eq!(serde_json::from_value::<Verdict>(stored).unwrap(), verdict(word));
        }
    }

    #[test]
    fn a_stopped_check_leaves_no_stage_running() {
        let mut view = CheckView { running: true, ..CheckView::default() };
        view.stages[0].state = StageState::Passed;
        view.stages[1].state = StageState::Running;
        stop(&mut view);
        assert!(!view.running);
        assert_eq!(view.stages[0].state, StageState::Passed);
        assert!(view.stages[1..].iter().all(|stage| stage.state == StageState::Skipped));
    }
}
