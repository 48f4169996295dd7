//! The live watch while a form is open: one try every few seconds, and a verdict that does not flicker.
//!
//! When tries fail, the next one looks from the beginning (name, reach, secure, API, portal), so that the person is
//! told what is in the way and not only that something is.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use prakerja_protocol::probe::{Probe, Thresholds};
use tokio::time::sleep;

use crate::api::Answer;
use crate::check::CheckReport;
use crate::diagnose::{Line, diagnose, objection};
use crate::quality::sane;
use crate::stage::{Stage, StageReport, StageState};
use crate::statistics::{Figures, Sample};
use crate::target::{Options, Target};
use crate::verdict::{Hysteresis, SignUp, Verdict, again_after, judge, sign_up_policy};

/// Tries that are kept.
const KEPT: usize = 60;
/// Tries that a live verdict is made of: as many as a check makes, so that the same bounds fit.
const WINDOW: usize = 30;
/// So many tries failed in a row: look what is in the way.
const SUSPICIOUS: usize = 2;

/// How the connection stands now.
#[derive(Debug, Clone, PartialEq)]
pub struct WatchReport {
    /// The stages: as the check left them, or as the last look from the beginning found them.
    pub stages: Vec<StageReport>,
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
        let mut stages = Vec::new();
        let seen = look(target, options, &mut line, state.unanswered, &mut stages).await;
        match seen {
            Seen::Answer(probe, ms) => state.answered(probe, ms),
            Seen::Nothing => state.failed(),
            Seen::InTheWay(verdict, probe, sample) => state.in_the_way(verdict, probe, sample),
        }
        state.restage(stages);
        on(&state.report);
    }
}

enum Seen {
    Answer(Probe, f64),
    Nothing,
    InTheWay(Verdict, Option<Probe>, Sample),
}

/// One look; `stages` gets those of a look from the beginning.
async fn look(
    target: &Target,
    options: &Options,
    line: &mut Option<Line>,
    failed: usize,
    stages: &mut Vec<StageReport>,
) -> Seen {
    if failed >= SUSPICIOUS {
        *line = None;
    }
    let open = match line {
        Some(open) => {
            if failed > 0 {
                open.api.warm_up(Duration::MAX).await;
            }
            open
        }
        none => match diagnose(target, options, &mut |stage| stages.push(stage)).await {
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
    /// The stages of the check, for what a look from the beginning does not look at.
    checked: Vec<StageReport>,
    hysteresis: Hysteresis,
    /// Tries in a row to which nobody answered.
    unanswered: usize,
    /// Central's last answer was that it is busy.
    busy: bool,
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
                stages: check.stages.clone(),
                figures: Figures::of(&[]),
                samples,
                verdict,
                sign_up: sign_up_policy(verdict),
                probe: check.probe.clone(),
            },
            checked: check.stages.clone(),
            hysteresis: Hysteresis::new(verdict),
            unanswered: 0,
            busy: false,
            upload: figures.and_then(|figures| figures.upload_bps),
            photo_s: figures.and_then(|figures| figures.photo_s),
        };
        state.report.figures = state.window();
        state
    }

    fn gap(&self, options: &Options) -> Duration {
        let watch_ms = self.report.probe.as_ref().map_or(5_000, |probe| sane(probe.probe_budget).watch_ms);
        let usual = Duration::from_millis(watch_ms.into()).max(options.limits.watch_at_least);
        // A central that asks to be left alone is not asked more often than a check would.
        let busy = again_after(Verdict::ServerBusy).filter(|_| self.busy).unwrap_or_default();
        usual.max(busy)
    }

    /// Takes over the stages of a look from the beginning, if there was one.
    fn restage(&mut self, looked: Vec<StageReport>) {
        if looked.is_empty() {
            return;
        }
        let arrived = looked.iter().any(|it| it.stage == Stage::Api && it.state == StageState::Passed);
        for place in &mut self.report.stages {
            *place = match (looked.iter().rfind(|it| it.stage == place.stage), place.stage) {
                (Some(seen), _) => seen.clone(),
                (None, Stage::Quality | Stage::Upload) if arrived => {
                    let checked = self.checked.iter().find(|it| it.stage == place.stage);
                    checked.unwrap_or(place).clone()
                }
                (None, stage) => StageReport::new(stage, StageState::Skipped),
            };
        }
    }

    /// Marks a stage that was looked at as good or not.
    fn mark(&mut self, stage: Stage, good: bool) {
        let seen = |place: &&mut StageReport| matches!(place.state, StageState::Passed | StageState::Failed);
        if let Some(place) = self.report.stages.iter_mut().filter(seen).find(|place| place.stage == stage) {
            place.state = if good { StageState::Passed } else { StageState::Failed };
        }
    }

    /// What the last window says.
    fn judged(&mut self, thresholds: &Thresholds) {
        let verdict = judge(&self.report.figures, thresholds);
        self.mark(Stage::Quality, verdict != Verdict::Poor);
        let shown = self.hysteresis.observe(verdict);
        self.show(shown);
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
        (self.unanswered, self.busy) = (0, false);
        self.take(Sample::took(ms));
        self.mark(Stage::Api, true);
        self.judged(&probe.thresholds);
        self.report.probe = Some(probe);
    }

    fn failed(&mut self) {
        (self.unanswered, self.busy) = (self.unanswered + 1, false);
        self.take(Sample::FAILED);
        let thresholds = self.report.probe.as_ref().map(|probe| probe.thresholds).unwrap_or_default();
        self.judged(&thresholds);
    }

    /// Found out for certain, so it is shown at once.
    fn in_the_way(&mut self, verdict: Verdict, probe: Option<Probe>, sample: Sample) {
        (self.unanswered, self.busy) = (0, verdict == Verdict::ServerBusy);
        self.take(sample);
        if probe.is_some() {
            self.report.probe = probe;
        }
        self.mark(Stage::Api, false);
        self.hysteresis.set(verdict);
        self.show(verdict);
    }
}

#[cfg(test)]
mod tests {
    use prakerja_protocol::probe::ProbeBudget;

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
        assert_eq!((state.report.figures.tries, state.report.figures.photo_s), (30, Some(12.0)));
        assert_eq!(state.gap(&Options::new("0.1.0")), Duration::from_secs(5));
    }

    #[test]
    fn one_failed_try_changes_nothing_and_two_change_it_once() {
        let mut state = state();
        state.failed();
        assert_eq!((state.report.verdict, state.unanswered), (Verdict::Stable, 1));
        state.answered(probe(), 20.0);
        // One of thirty is stable.
        assert_eq!((state.report.verdict, state.unanswered), (Verdict::Stable, 0));
        state.failed();
        assert_eq!(state.report.verdict, Verdict::Stable);
        state.answered(probe(), 20.0);
        // Two of thirty are usable; two windows agree.
        assert_eq!(state.report.verdict, Verdict::Usable);
        for _ in 0..27 {
            state.answered(probe(), 20.0);
        }
        assert_eq!(state.report.verdict, Verdict::Usable);
        state.answered(probe(), 20.0);
        assert_eq!(state.report.verdict, Verdict::Stable);
    }

    #[test]
    fn one_slow_answer_does_not_make_a_line_poor() {
        let mut state = state();
        state.answered(probe(), 2_900.0);
        for _ in 0..29 {
            state.answered(probe(), 20.0);
            assert_ne!(state.report.verdict, Verdict::Poor, "{:?}", state.report.figures);
        }
    }

    #[test]
    fn a_busy_central_is_asked_seldom_and_on_the_same_line() {
        let mut state = state();
        let options = Options::new("0.1.0");
        for _ in 0..3 {
            state.in_the_way(Verdict::ServerBusy, None, Sample::FAILED);
            assert_eq!(Some(state.gap(&options)), again_after(Verdict::ServerBusy));
            assert!(state.unanswered < SUSPICIOUS, "it did answer");
        }
        state.answered(probe(), 20.0);
        assert_eq!((state.report.verdict, state.gap(&options)), (Verdict::ServerBusy, Duration::from_secs(5)));
    }

    #[test]
    fn stages_follow_what_came_in_the_way_and_when_it_went() {
        let mut state = state();
        let passed = |stage| StageReport::new(stage, StageState::Passed);
        state.report.stages = Stage::ALL.map(passed).to_vec();
        state.checked.clone_from(&state.report.stages);
        let shown = |state: &State| -> Vec<_> { state.report.stages.iter().map(|it| it.state).collect() };
        use StageState::{Failed, Passed, Running, Skipped};
        state.restage(vec![
            passed(Stage::Reach),
            StageReport::new(Stage::Api, Running),
            StageReport::new(Stage::Api, Failed),
            StageReport::new(Stage::Portal, Failed),
        ]);
        assert_eq!(shown(&state), [Skipped, Passed, Skipped, Failed, Failed, Skipped, Skipped]);
        state.restage(Vec::new());
        assert_eq!(shown(&state), [Skipped, Passed, Skipped, Failed, Failed, Skipped, Skipped]);
        state.restage(vec![passed(Stage::Reach), passed(Stage::Api)]);
        assert_eq!(shown(&state), [Skipped, Passed, Skipped, Passed, Skipped, Passed, Passed]);
        state.in_the_way(Verdict::ServerBusy, None, Sample::FAILED);
        assert_eq!(shown(&state), [Skipped, Passed, Skipped, Failed, Skipped, Passed, Passed]);
        state.answered(probe(), 20.0);
        assert_eq!(shown(&state), [Skipped, Passed, Skipped, Passed, Skipped, Passed, Passed]);
    }

    #[test]
    fn what_is_found_in_the_way_is_shown_at_once_and_goes_after_two_windows() {
        let mut state = state();
        state.in_the_way(Verdict::Portal, None, Sample::FAILED);
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
