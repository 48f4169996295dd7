//! The connection check as the window drives it: start, stop, look again by itself, watch while a form is open.
//!
//! One task at a time ([`Desk`] holds it): it checks, then watches or waits for its next time. What a check does is in
//! `prakerja-connectivity`.

mod view;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use prakerja_connectivity::{CheckReport, Language, Options, Target, WatchReport, again_after, check, report, watch};
use prakerja_protocol::probe::{GENERATE_204_PATH, Probe};
use prakerja_store::{CheckResult, NOBODY, Store};
use serde::{Deserialize, Serialize};
use tokio::task::AbortHandle;

use crate::App;
use crate::error::Answer;
use crate::ipc::{AppEvent, CheckView, ErrorCode, IpcError, LastCheck};

/// Fact of the store with what central said of itself.
const ABOUT: &str = "central";

/// What there is of checks in this run.
#[derive(Default)]
pub(crate) struct Desk {
    now: Mutex<Now>,
    watching: tokio::sync::watch::Sender<bool>,
}

#[derive(Default)]
struct Now {
    view: CheckView,
    /// The newest report, running or done.
    report: Option<CheckReport>,
    last: Option<LastCheck>,
    about: Option<About>,
    task: Option<AbortHandle>,
}

/// What central says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct About {
    /// The address that said so.
    url: String,
    pub(crate) operator: String,
    pub(crate) demo: bool,
}

impl Desk {
    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last finished check of this run.
    pub(crate) fn last(&self) -> Option<LastCheck> {
        self.now().last.clone()
    }
}

/// The last finished check of earlier runs.
pub(crate) async fn stored_check(store: &Store) -> Option<LastCheck> {
    let stored = store.last_check().await.ok().flatten()?;
    let verdict = serde_json::from_value(stored.verdict.into()).ok()?;
    Some(LastCheck { verdict, at: stored.at })
}

impl App {
    /// Begins a check, or goes on with the running one.
    ///
    /// # Errors
    /// `bad_address`.
    pub async fn start_check(&self) -> Answer<CheckView> {
        let target = self.target()?;
        let mut now = self.inner.check.now();
        if !now.view.running {
            now.stop();
            let blank = CheckReport::new(&target, &self.options(None));
            now.view = CheckView { watching: *self.inner.check.watching.borrow(), ..view::of(&blank) };
            now.report = None;
            now.task = Some(tokio::spawn(self.clone().patrol(target, None)).abort_handle());
        }
        Ok(now.view.clone())
    }

    /// The check as it stands.
    ///
    /// # Errors
    /// None at present.
    pub async fn get_check(&self) -> Answer<CheckView> {
        Ok(self.inner.check.now().view.clone())
    }

    /// Ends the check, its waiting for the next one, and the live watch.
    ///
    /// # Errors
    /// None at present.
    pub async fn stop_check(&self) -> Answer<CheckView> {
        self.stop_check_task();
        let view = self.inner.check.now().view.clone();
        self.emit(AppEvent::Check { check: Box::new(view.clone()) });
        Ok(view)
    }

    /// Begins or ends the live watch. It begins where the last check ended; without one it checks first.
    ///
    /// # Errors
    /// `bad_address`.
    pub async fn watch_connection(&self, on: bool) -> Answer<()> {
        self.inner.check.watching.send_replace(on);
        let idle = {
            let mut now = self.inner.check.now();
            now.view.watching = on;
            if on && now.task.is_none() { now.report.clone() } else { None }
        };
        match idle.filter(|report| report.verdict.is_some()) {
            Some(report) => {
                let task = tokio::spawn(self.clone().patrol(self.target()?, Some(report))).abort_handle();
                self.inner.check.now().task = Some(task);
            }
            None if on && self.inner.check.now().task.is_none() => {
                self.start_check().await?;
            }
            None => {}
        }
        Ok(())
    }

    /// The last check in words for support, without personal data; empty before the first.
    ///
    /// # Errors
    /// None at present.
    pub async fn get_check_details(&self) -> Answer<String> {
        let language = Language::of(&self.stored_settings().shown.language);
        let report = self.inner.check.now().report.clone();
        Ok(report.map(|report| report::details(&report, language)).unwrap_or_default())
    }

    /// Address to open in a browser when the network wants a login: central's own host over plain http, which such a
    /// network replaces by its page. Nobody else hears of it.
    ///
    /// # Errors
    /// `bad_address`.
    pub fn login_page(&self) -> Answer<String> {
        Ok(self.target()?.plain_url(None, GENERATE_204_PATH).to_string())
    }

    /// What central said of itself, in this run or before.
    pub(crate) async fn about_central(&self, store: Option<&Store>) -> Option<About> {
        let url = self.central().url;
        let heard = self.inner.check.now().about.clone();
        let about = match (heard, store) {
            (Some(about), _) => Some(about),
            (None, Some(store)) => {
                let fact = store.fact(NOBODY, ABOUT).await.ok().flatten();
                fact.and_then(|text| serde_json::from_str(&text).ok())
            }
            (None, None) => None,
        };
        about.filter(|about: &About| about.url == url)
    }

    pub(crate) fn stop_check_task(&self) {
        self.inner.check.watching.send_replace(false);
        let mut now = self.inner.check.now();
        now.stop();
        now.view.watching = false;
    }

    fn target(&self) -> Answer<Target> {
        Target::parse(&self.central().url).map_err(|_| IpcError::new(ErrorCode::BadAddress))
    }

    fn options(&self, known_after_ms: Option<i64>) -> Options {
        let clock = Arc::clone(&self.inner.config.clock);
        Options { clock: Arc::new(move || clock.now_ms()), known_after_ms, ..Options::new(&self.inner.config.version) }
    }

    /// Checks, then watches or waits for the next check, until it is aborted.
    async fn patrol(self, target: Target, checked: Option<CheckReport>) {
        let mut watching = self.inner.check.watching.subscribe();
        let known_after = match self.if_open() {
            Some(opened) => opened.store.anchor().await.ok().flatten().map(|anchor| anchor.server_ms),
            None => None,
        };
        let options = self.options(known_after);
        let mut checked = checked;
        loop {
            let report = match checked.take() {
                Some(report) => report,
                None => self.check_once(&target, &options).await,
            };
            loop {
                if *watching.borrow_and_update() {
                    self.publish(|now| now.view.next_at = None);
                    tokio::select! {
                        never = watch::run(&target, &options, &report, |watched| self.show(watched)) => match never {},
                        _ = watching.changed() => {}
                    }
                    continue;
                }
                let wait = report.verdict.and_then(again_after);
                let at = wait.map(|wait| self.inner.config.clock.now_ms() + millis(wait));
                self.publish(|now| now.view.next_at = at);
                let due = async {
                    match wait {
                        Some(wait) => tokio::time::sleep(wait).await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    () = due => break,
                    _ = watching.changed() => {}
                }
            }
        }
    }

    async fn check_once(&self, target: &Target, options: &Options) -> CheckReport {
        let report = check::run(target, options, |report, _| {
            self.publish(|now| {
                // It began when the person asked, not when the task got its turn.
                let began = now.view.started_at.filter(|_| now.view.running);
                now.take(report);
                now.view.started_at = began.or(now.view.started_at);
            });
        })
        .await;
        let (Some(verdict), Some(at)) = (report.verdict, report.finished_at) else { return report };
        let last = LastCheck { verdict: view::verdict(verdict), at };
        self.inner.check.now().last = Some(last);
        let about = report.probe.as_ref().map(|probe| self.hear(probe));
        if let Some(opened) = self.if_open() {
            save(&opened.store, &report, at, about.as_ref()).await;
            if report.probe.is_some() {
                opened.exchange().network_works();
            }
        }
        if let Err(error) = self.changed_state().await {
            tracing::warn!(code = ?error.code, "the state after a check is not known");
        }
        report
    }

    fn hear(&self, probe: &Probe) -> About {
        let about = About { url: self.central().url, operator: probe.operator.clone(), demo: probe.demo };
        self.inner.check.now().about = Some(about.clone());
        about
    }

    fn show(&self, watched: &WatchReport) {
        self.publish(|now| {
            now.view.samples = watched.samples.iter().map(view::sample).collect();
            now.view.figures = Some(view::figures(&watched.figures));
            now.view.verdict = Some(view::verdict(watched.verdict));
            now.view.sign_up = watched.sign_up.as_str().into();
        });
    }

    fn publish(&self, change: impl FnOnce(&mut Now)) {
        let view = {
            let mut now = self.inner.check.now();
            change(&mut now);
            now.view.watching = *self.inner.check.watching.borrow();
            now.view.clone()
        };
        self.emit(AppEvent::Check { check: Box::new(view) });
    }
}

impl Now {
    fn take(&mut self, report: &CheckReport) {
        self.view = view::of(report);
        self.report = Some(report.clone());
    }

    fn stop(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
        if self.view.running {
            view::stop(&mut self.view);
        }
        self.view.next_at = None;
    }
}

/// Keeps what came out. A database that fails is no reason to hide the verdict.
async fn save(store: &Store, report: &CheckReport, at: i64, about: Option<&About>) {
    let Some(word) = report.verdict.and_then(|verdict| serde_json::to_value(verdict).ok()) else { return };
    let detail = serde_json::json!({ "figures": report.figures, "stages": report.stages });
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

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
