//! The one task behind the check: it checks, then watches while a form is open, or waits until it is due again.

use std::time::Duration;

use prakerja_connectivity::{CheckReport, Options, Target, WatchReport, check, watch};
use prakerja_store::{CheckResult, NOBODY, Store};
use tokio::time::Instant;

use super::desk::{About, Now};
use super::{ABOUT, pace, view};
use crate::App;
use crate::ipc::{AppEvent, LastCheck};

/// How long a verdict waits to be stored before it is told.
const SAVING: Duration = Duration::from_secs(2);

/// What a patrol is about.
pub(super) struct Patrol {
    pub(super) app: App,
    pub(super) round: u64,
    pub(super) target: Target,
    /// Central's address as the settings have it.
    pub(super) url: String,
}

impl Patrol {
    /// Checks unless it was checked before, then watches or waits for the next check, until it is aborted.
    pub(super) async fn run(self, checked: bool) {
        let desk = &self.app.inner.check;
        let mut attention = desk.attention.subscribe();
        let known_after = match self.app.if_open() {
            Some(opened) => opened.store.anchor().await.ok().flatten().map(|anchor| anchor.server_ms),
            None => None,
        };
        let mut options = self.app.check_options(known_after);
        let (mut checked, mut unseen) = (checked, 0);
        loop {
            if !std::mem::take(&mut checked) {
                self.check_once(&options).await;
            }
            let (mut since, jitter) = (Instant::now(), rand::random());
            let mut planned = None;
            loop {
                attention.borrow_and_update();
                let (report, watched, shown) = {
                    let now = desk.now();
                    (now.report.clone(), now.watchers > 0, now.shown())
                };
                let Some(report) = report else { return };
                if watched {
                    self.publish(|now| now.view.next_at = None);
                    tokio::select! {
                        never = watch::run(&self.target, &options, &report, |seen| self.see(seen)) => match never {},
                        () = nobody_watches(&self.app, &mut attention) => {}
                    }
                    since = Instant::now();
                    planned = None;
                    continue;
                }
                let pause = report.verdict.and_then(|verdict| pace::pause(verdict, shown, unseen, jitter));
                if planned != Some(pause) {
                    planned = Some(pause);
                    let left = pause.map(|pause| pause.saturating_sub(since.elapsed()));
                    let at = left.map(|left| self.app.inner.config.clock.now_ms() + millis(left));
                    self.publish(|now| now.view.next_at = at);
                }
                let due = async {
                    match pause {
                        Some(pause) => tokio::time::sleep_until(since + pause).await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    () = due => break,
                    _ = attention.changed() => {}
                }
            }
            let shown = desk.now().shown();
            unseen = if shown { 0 } else { unseen + 1 };
            options.measure_upload = shown;
        }
    }

    async fn check_once(&self, options: &Options) {
        let take = |report: &CheckReport| {
            if report.running {
                self.publish(|now| now.take(report));
            }
        };
        let report = check::run(&self.target, options, |report, _| take(report)).await;
        let (Some(verdict), Some(at)) = (report.verdict, report.finished_at) else { return };
        let about = report.probe.as_ref().map(|probe| About {
            url: self.url.clone(),
            operator: probe.operator.clone(),
            demo: probe.demo,
        });
        // What came out is kept before it is told: it holds after a restart too.
        let opened = self.app.if_open();
        if let Some(opened) = &opened {
            // A file that somebody else holds is no reason to hide the verdict.
            let saved = self.save(&opened.store, &report, at, about.as_ref());
            if tokio::time::timeout(SAVING, saved).await.is_err() {
                tracing::warn!("the check was not stored in time");
            }
        }
        self.publish(|now| {
            now.take(&report);
            now.last = Some(LastCheck { verdict: view::verdict(verdict), at });
            now.about = about.or(now.about.take());
        });
        if let Some(opened) = opened.filter(|_| report.probe.is_some()) {
            opened.exchange().network_works();
        }
        tell_state(&self.app).await;
    }

    fn see(&self, watched: &WatchReport) {
        let at = self.app.inner.config.clock.now_ms();
        if self.publish(|now| now.see(watched, at)) == Some(true) {
            let app = self.app.clone();
            tokio::spawn(async move { tell_state(&app).await });
        }
    }

    fn publish<T>(&self, change: impl FnOnce(&mut Now) -> T) -> Option<T> {
        let tell = |view| self.app.emit(AppEvent::Check { check: Box::new(view) });
        self.app.inner.check.change(self.round, change, tell)
    }

    /// Keeps what came out.
    async fn save(&self, store: &Store, report: &CheckReport, at: i64, about: Option<&About>) {
        let Some(word) = report.verdict.and_then(|verdict| serde_json::to_value(verdict).ok()) else { return };
        let detail = serde_json::json!({ "central": self.url, "figures": report.figures, "stages": report.stages });
        let result = CheckResult { at, verdict: word.as_str().unwrap_or_default().to_owned(), detail };
        let saved = store.save_check(&result).await;
        let about = about.and_then(|about| serde_json::to_string(about).ok());
        let told = match about {
            Some(about) => store.set_fact(NOBODY, ABOUT, Some(&about)).await,
            None => Ok(()),
        };
        if let Err(error) = saved.and(told) {
            tracing::warn!(%error, "the check was not stored");
        }
    }
}

async fn nobody_watches(app: &App, attention: &mut tokio::sync::watch::Receiver<()>) {
    while app.inner.check.now().watchers > 0 && attention.changed().await.is_ok() {}
}

async fn tell_state(app: &App) {
    if let Err(error) = app.changed_state().await {
        tracing::warn!(code = ?error.code, "the state after a check is not known");
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
