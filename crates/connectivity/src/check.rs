//! The whole check: stages in order, then a verdict. Nothing goes on in the background: dropping the future ends it.

use prakerja_protocol::probe::{Load, Probe};
use serde::Serialize;
use tokio::time::Instant;

use crate::diagnose::{Line, diagnose};
use crate::quality::{self, Quality, sane};
use crate::stage::{Stage, StageReport, StageState};
use crate::statistics::{Figures, Sample};
use crate::target::{Options, Target};
use crate::upload::{self, Upload};
use crate::verdict::{SignUp, Verdict, judge, sign_up_policy};

/// A check, running or done. Its JSON form is what `prakerja check --json` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckReport {
    /// True while it runs.
    pub running: bool,
    /// The stages in order.
    pub stages: Vec<StageReport>,
    /// Tries of the quality stage, oldest first.
    pub samples: Vec<Sample>,
    /// How many tries the quality stage will make.
    pub samples_planned: u32,
    /// Figures, once there are some.
    pub figures: Option<Figures>,
    /// What came out, once known.
    pub verdict: Option<Verdict>,
    /// What it means for sign-up; open until something else is known.
    pub sign_up: SignUp,
    /// This computer's clock minus central's, milliseconds.
    pub clock_skew_ms: Option<i64>,
    /// When it began, by this computer's clock, Unix milliseconds.
    pub started_at: i64,
    /// When it ended.
    pub finished_at: Option<i64>,
    /// Host of central.
    pub host: String,
    /// Version of the app.
    pub app_version: String,
    /// Central's last probe answer: operator, demo, thresholds, time.
    #[serde(skip)]
    pub probe: Option<Probe>,
}

/// What changed in the report.
#[derive(Debug, Clone, PartialEq)]
pub enum CheckEvent {
    /// A stage began or ended.
    Stage(StageReport),
    /// One more try.
    Sample(Sample),
    /// Figures are there or changed.
    Figures,
    /// The verdict is there; nothing follows.
    Finished(Verdict),
}

impl CheckReport {
    /// A check that has not begun.
    pub fn new(target: &Target, options: &Options) -> Self {
        Self {
            running: true,
            stages: Stage::ALL.map(|stage| StageReport::new(stage, StageState::Waiting)).to_vec(),
            samples: Vec::new(),
            samples_planned: 0,
            figures: None,
            verdict: None,
            sign_up: SignUp::Open,
            clock_skew_ms: None,
            started_at: options.now_ms(),
            finished_at: None,
            host: target.host().to_owned(),
            app_version: options.app_version.clone(),
            probe: None,
        }
    }

    /// How a stage stands.
    pub fn stage(&self, stage: Stage) -> Option<&StageReport> {
        self.stages.iter().find(|report| report.stage == stage)
    }

    fn put(&mut self, report: &StageReport) {
        if let Some(place) = self.stages.iter_mut().find(|place| place.stage == report.stage) {
            place.clone_from(report);
        }
    }
}

/// Runs a check. `on` hears of every change, with the whole report so far; the finished report is returned.
pub async fn run(target: &Target, options: &Options, on: impl FnMut(&CheckReport, &CheckEvent) + Send) -> CheckReport {
    let mut run = Run { report: CheckReport::new(target, options), on };
    let verdict = run.stages(target, options).await;
    run.report.running = false;
    run.report.verdict = Some(verdict);
    run.report.sign_up = sign_up_policy(verdict);
    run.report.finished_at = Some(options.now_ms());
    for place in &mut run.report.stages {
        if place.state == StageState::Waiting {
            place.state = StageState::Skipped;
        }
    }
    run.tell(&CheckEvent::Finished(verdict));
    run.report
}

struct Run<F> {
    report: CheckReport,
    on: F,
}

impl<F: FnMut(&CheckReport, &CheckEvent) + Send> Run<F> {
    fn tell(&mut self, event: &CheckEvent) {
        (self.on)(&self.report, event);
    }

    fn stage(&mut self, report: StageReport) {
        self.report.put(&report);
        self.tell(&CheckEvent::Stage(report));
    }

    async fn stages(&mut self, target: &Target, options: &Options) -> Verdict {
        match diagnose(target, options, &mut |report| self.stage(report)).await {
            Err(stop) => {
                self.report.probe = stop.probe.map(|probe| *probe);
                self.report.clock_skew_ms = stop.skew_ms;
                stop.verdict
            }
            Ok(line) => {
                self.report.probe = Some(line.probe.clone());
                self.report.clock_skew_ms = Some(line.skew_ms);
                self.stage(StageReport::new(Stage::Portal, StageState::Skipped));
                self.measure(&line, target, options).await
            }
        }
    }

    async fn measure(&mut self, line: &Line, target: &Target, options: &Options) -> Verdict {
        let thresholds = line.probe.thresholds;
        self.report.samples_planned = sane(line.probe.probe_budget).count;
        self.stage(StageReport::new(Stage::Quality, StageState::Running));
        let begun = Instant::now();
        let mut on_sample = |sample| {
            self.report.samples.push(sample);
            self.tell(&CheckEvent::Sample(sample));
        };
        let quality = quality::measure(line, target, options, &mut on_sample).await;
        let Quality::Tries(samples, cold_connect_ms) = quality else {
            self.stage(StageReport::new(Stage::Quality, StageState::Failed).took(begun.elapsed()));
            return Verdict::ServerBusy;
        };
        let mut figures = Figures::of(&samples);
        figures.cold_connect_ms = cold_connect_ms;
        let state = if judge(&figures, &thresholds) == Verdict::Poor { StageState::Failed } else { StageState::Passed };
        let fact = format!("{}/{}", figures.tries - figures.failed, figures.tries);
        self.figures(&figures);
        self.stage(StageReport::new(Stage::Quality, state).took(begun.elapsed()).with_fact(fact));
        if figures.failed == figures.tries {
            // Central answered a moment ago and does not any more.
            return Verdict::ServerUnreachable;
        }
        // A busy central is not asked to swallow bytes.
        if options.measure_upload && line.probe.load == Load::Normal {
            self.upload(line, options, &mut figures).await;
        }
        judge(&figures, &thresholds)
    }

    async fn upload(&mut self, line: &Line, options: &Options, figures: &mut Figures) {
        self.stage(StageReport::new(Stage::Upload, StageState::Running));
        let begun = Instant::now();
        let upload = upload::measure(&line.api, &options.limits).await;
        let ended = |state| StageReport::new(Stage::Upload, state).took(begun.elapsed());
        let report = match upload {
            Upload::Speed(bps) => {
                figures.set_upload(bps, line.probe.thresholds.photo_bytes);
                ended(StageState::Passed).with_fact(format!("{bps:.0}"))
            }
            Upload::AtMost(bps) => {
                figures.set_upload(bps, line.probe.thresholds.photo_bytes);
                ended(StageState::Failed).with_fact(format!("{bps:.0}"))
            }
            Upload::Broken => {
                figures.upload_failed = true;
                ended(StageState::Failed)
            }
            // It says nothing about the line, so it is as if it had not been tried.
            Upload::Refused => StageReport::new(Stage::Upload, StageState::Skipped),
        };
        self.figures(figures);
        self.stage(report);
    }

    fn figures(&mut self, figures: &Figures) {
        self.report.figures = Some(figures.clone());
        self.tell(&CheckEvent::Figures);
    }
}
