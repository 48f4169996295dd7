//! The live watch while a form is open: one try every few seconds, and a verdict that does not flicker.
//!
//! When tries fail, the next one looks from the beginning (name, reach, secure, API, portal), so that the person is
//! told what is in the way and not only that something is.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use prakerja_protocol::probe::Probe;
use tokio::time::sleep;

use crate::api::Answer;
use crate::check::CheckReport;
use crate::diagnose::{Line, diagnose, objection};
use crate::quality::sane;
use crate::statistics::{Figures, Sample};
use crate::target::{Options, Target};
use crate::verdict::{Hysteresis, SignUp, Verdict, judge, sign_up_policy};

/// Tries that are kept.
const KEPT: usize = 60;
/// Tries that a live verdict is made of: one minute at five seconds.
const WINDOW: usize = 12;
/// So many tries failed in a row: look what is in the way.
const SUSPICIOUS: usize = 2;

/// How the connection stands now.
#[derive(Debug, Clone, PartialEq)]
pub struct WatchReport {
    /// The last tries, oldest first, at most 60.
    pub samples: VecDeque<Sample>,
    /// Figures of the last window of tries, with the upload of the check before.
    pub figures: Figures,
    /// The live verdict.
    pub verdict: Verdict,
    /// What it means for sign-up.
    pub sign_up: SignUp,
    /// Central's last probe answer.
    pub probe: Option<Probe>,
}

/// Watches until dropped. Begins with the samples and the verdict of a finished check; `on` hears of every try.
pub async fn run(
    target: &Target,
    options: &Options,
    check: &CheckReport,
    mut on: impl FnMut(&WatchReport) + Send,
) -> Infallible {
    let mut state = State::new(check);
    let mut line = None;
    loop {
        sleep(state.gap(options)).await;
        match look(target, options, &mut line, state.failed_in_a_row()).await {
            Seen::Answer(probe, ms) => state.answered(probe, ms),
            Seen::Nothing => state.failed(),
            Seen::InTheWay(verdict, probe, sample) => state.in_the_way(verdict, probe, sample),
        }
        on(&state.report);
    }
}

enum Seen {
    Answer(Probe, f64),
    Nothing,
    InTheWay(Verdict, Option<Probe>, Sample),
}

async fn look(target: &Target, options: &Options, line: &mut Option<Line>, failed: usize) -> Seen {
    if failed >= SUSPICIOUS {
        *line = None;
    }
    let open = match line {
        Some(open) => {
            if failed > 0 {
                open.api.warm_up(limit(open)).await;
            }
            open
        }
        none => match diagnose(target, options, &mut |_| {}).await {
            Ok(open) => none.insert(open),
            Err(stop) => return Seen::InTheWay(stop.verdict, stop.probe.map(|probe| *probe), Sample::FAILED),
        },
    };
    match open.api.probe(limit(open)).await {
        (Answer::Probe(probe), time) => {
            let ms = time.as_secs_f64() * 1_000.0;
            match objection(options, &probe, time) {
                (_, Some(verdict)) => Seen::InTheWay(verdict, Some(*probe), Sample::took(ms)),
                (_, None) => Seen::Answer(*probe, ms),
            }
        }
        (Answer::Busy, _) => Seen::InTheWay(Verdict::ServerBusy, None, Sample::FAILED),
        (Answer::TooOld, _) => Seen::InTheWay(Verdict::TooOld, None, Sample::FAILED),
        _ => Seen::Nothing,
    }
}

fn limit(line: &Line) -> Duration {
    Duration::from_millis(sane(line.probe.probe_budget).timeout_ms.into())
}

struct State {
    report: WatchReport,
    hysteresis: Hysteresis,
    upload: Option<f64>,
    photo_s: Option<f64>,
}

impl State {
    fn new(check: &CheckReport) -> Self {
        let verdict = check.verdict.unwrap_or(Verdict::ServerUnreachable);
        let samples: VecDeque<_> = check.samples.iter().rev().take(KEPT).rev().copied().collect();
        let figures = check.figures.as_ref();
        let mut state = Self {
            report: WatchReport {
                figures: Figures::of(&[]),
                samples,
                verdict,
                sign_up: sign_up_policy(verdict),
                probe: check.probe.clone(),
            },
            hysteresis: Hysteresis::new(verdict),
            upload: figures.and_then(|figures| figures.upload_bps),
            photo_s: figures.and_then(|figures| figures.photo_s),
        };
        state.report.figures = state.window();
        state
    }

    fn gap(&self, options: &Options) -> Duration {
        let watch_ms = self.report.probe.as_ref().map_or(5_000, |probe| sane(probe.probe_budget).watch_ms);
        Duration::from_millis(watch_ms.into()).max(options.limits.watch_at_least)
    }

    fn failed_in_a_row(&self) -> usize {
        self.report.samples.iter().rev().take_while(|sample| sample.ms.is_none()).count()
    }

    fn window(&self) -> Figures {
        let skipped = self.report.samples.len().saturating_sub(WINDOW);
        let window: Vec<_> = self.report.samples.iter().skip(skipped).copied().collect();
        Figures { upload_bps: self.upload, photo_s: self.photo_s, ..Figures::of(&window) }
    }

    fn take(&mut self, sample: Sample) {
        if self.report.samples.len() == KEPT {
            self.report.samples.pop_front();
        }
        self.report.samples.push_back(sample);
        self.report.figures = self.window();
    }

    fn show(&mut self, verdict: Verdict) {
        self.report.verdict = verdict;
        self.report.sign_up = sign_up_policy(verdict);
    }

    fn answered(&mut self, probe: Probe, ms: f64) {
        self.take(Sample::took(ms));
        let verdict = judge(&self.report.figures, &probe.thresholds);
        self.report.probe = Some(probe);
        let shown = self.hysteresis.observe(verdict);
        self.show(shown);
    }

    fn failed(&mut self) {
        self.take(Sample::FAILED);
        let thresholds = self.report.probe.as_ref().map(|probe| probe.thresholds).unwrap_or_default();
        let verdict = judge(&self.report.figures, &thresholds);
        let shown = self.hysteresis.observe(verdict);
        self.show(shown);
    }

    /// Found out for certain, so it is shown at once.
    fn in_the_way(&mut self, verdict: Verdict, probe: Option<Probe>, sample: Sample) {
        self.take(sample);
        if probe.is_some() {
            self.report.probe = probe;
        }
        self.hysteresis.set(verdict);
        self.show(verdict);
    }
}

#[cfg(test)]
mod tests {
    use prakerja_protocol::probe::{ProbeBudget, Thresholds};

    use super::*;

    fn probe() -> Probe {
        Probe {
            nonce: String::new(),
            server_ms: 0,
            load: prakerja_protocol::probe::Load::Normal,
            min_version: String::new(),
            probe_budget: ProbeBudget::default(),
            thresholds: Thresholds::default(),
            capabilities: Vec::new(),
            operator: String::new(),
            demo: true,
        }
    }

    fn state() -> State {
        let target = Target::parse("https://api.example.id").unwrap();
        let mut check = CheckReport::new(&target, &Options::new("0.1.0"));
        check.verdict = Some(Verdict::Stable);
        check.probe = Some(probe());
        check.samples = vec![Sample::took(20.0); 30];
        check.figures = Some(Figures { upload_bps: Some(1e6), photo_s: Some(12.0), ..Figures::of(&check.samples) });
        State::new(&check)
    }

    #[test]
    fn begins_where_the_check_ended() {
        let state = state();
        assert_eq!(state.report.verdict, Verdict::Stable);
        assert_eq!((state.report.figures.tries, state.report.figures.photo_s), (12, Some(12.0)));
        assert_eq!(state.gap(&Options::new("0.1.0")), Duration::from_secs(5));
    }

    #[test]
    fn one_failed_try_changes_nothing_and_two_change_it_once() {
        let mut state = state();
        state.failed();
        assert_eq!((state.report.verdict, state.failed_in_a_row()), (Verdict::Stable, 1));
        state.answered(probe(), 20.0);
        // One of twelve is usable; two windows agree.
        assert_eq!((state.report.verdict, state.failed_in_a_row()), (Verdict::Usable, 0));
        for _ in 0..11 {
            state.answered(probe(), 20.0);
        }
        assert_eq!(state.report.verdict, Verdict::Usable);
        state.answered(probe(), 20.0);
        assert_eq!(state.report.verdict, Verdict::Stable);
    }

    #[test]
    fn what_is_found_in_the_way_is_shown_at_once_and_goes_after_two_windows() {
        let mut state = state();
        state.in_the_way(Verdict::Portal, None, Sample::FAILED);
        assert_eq!((state.report.verdict, state.report.sign_up), (Verdict::Portal, SignUp::Stopped));
        state.answered(probe(), 20.0);
        assert_eq!(state.report.verdict, Verdict::Portal);
        state.answered(probe(), 20.0);
        assert_eq!((state.report.verdict, state.report.sign_up), (Verdict::Usable, SignUp::Open));
    }

    #[test]
    fn sixty_tries_are_kept() {
        let mut state = state();
        for ms in 0..100 {
            state.answered(probe(), f64::from(ms));
        }
        assert_eq!(state.report.samples.len(), 60);
        assert_eq!(state.report.samples.back(), Some(&Sample::took(99.0)));
    }
}
