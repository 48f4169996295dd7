//! The connection check as the window drives it: start, stop, look again by itself, watch while a form is open.
//!
//! One task at a time ([`patrol`]); what it found is on the [`Desk`]. What a check does is in `prakerja-connectivity`.

mod desk;
mod pace;
mod patrol;
mod view;

use std::sync::Arc;

use prakerja_connectivity::{CheckReport, Language, Options, Target, report};
use prakerja_protocol::probe::GENERATE_204_PATH;
use prakerja_store::{NOBODY, Store};
use tokio::time::Instant;

use self::desk::Now;
pub(crate) use self::desk::{About, Desk};
use self::patrol::Patrol;
use crate::App;
use crate::error::Answer;
use crate::ipc::{AppEvent, CheckView, ErrorCode, IpcError, LastCheck};

/// Fact of the store with what central said of itself.
const ABOUT: &str = "central";

/// The last finished check of earlier runs, if it was one of the central at this address.
pub(crate) async fn stored_check(store: &Store, url: &str) -> Option<LastCheck> {
    let stored = store.last_check().await.ok().flatten()?;
    let verdict = serde_json::from_value(stored.verdict.into()).ok()?;
    (stored.detail["central"] == url).then_some(LastCheck { verdict, at: stored.at })
}

impl App {
    /// Begins a check, or goes on with the running one that was asked for.
    ///
    /// # Errors
    /// `bad_address`.
    pub async fn start_check(&self) -> Answer<CheckView> {
        let target = self.target()?;
        let mut now = self.inner.check.now();
        let asked = now.view.running && now.view.verdict.is_none();
        if !asked {
            self.begin_check(&mut now, target);
        }
        Ok(now.view.clone())
    }

    /// The check as it stands. Whoever asks looks at it: for a while it looks again as often as a person who waits
    /// would want.
    ///
    /// # Errors
    /// None at present.
    pub async fn get_check(&self) -> Answer<CheckView> {
        let desk = &self.inner.check;
        let mut now = desk.now();
        let shown = now.shown();
        now.glance = Some(Instant::now());
        if !shown {
            desk.attention.send_replace(());
        }
        Ok(now.view.clone())
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

    /// A form opens or closes; the live watch runs while one is open. It begins where the last check ended; without one
    /// it checks first.
    ///
    /// # Errors
    /// `bad_address`.
    pub async fn watch_connection(&self, on: bool) -> Answer<()> {
        let target = self.target();
        let desk = &self.inner.check;
        let mut now = desk.now();
        now.watchers = if on { now.watchers.saturating_add(1) } else { now.watchers.saturating_sub(1) };
        now.view.watching = now.watchers > 0;
        if on && now.task.is_none() {
            let target = target?;
            if now.report.as_ref().is_some_and(|report| report.verdict.is_some()) {
                self.patrol(&mut now, target, true);
            } else {
                self.begin_check(&mut now, target);
            }
        }
        desk.attention.send_replace(());
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
        let mut now = self.inner.check.now();
        now.stop();
        now.watchers = 0;
        now.view.watching = false;
    }

    /// Another central: what was found of the one before says nothing about it.
    pub(crate) fn forget_check(&self) {
        self.stop_check_task();
        let mut now = self.inner.check.now();
        let round = now.round;
        *now = Now { round, ..Now::default() };
        self.emit(AppEvent::Check { check: Box::new(now.view.clone()) });
    }

    /// Begins a check that the person (or a form) asked for: nothing is known until it says so.
    fn begin_check(&self, now: &mut Now, target: Target) {
        let blank = CheckReport::new(&target, &self.check_options(None));
        let view = CheckView { watching: now.watchers > 0, ..view::of(&blank) };
        self.patrol(now, target, false);
        now.view = view;
        now.report = None;
    }

    fn patrol(&self, now: &mut Now, target: Target, checked: bool) {
        now.stop();
        let patrol = Patrol { app: self.clone(), round: now.round, target, url: self.central().url };
        now.task = Some(tokio::spawn(patrol.run(checked)).abort_handle());
    }

    fn target(&self) -> Answer<Target> {
        Target::parse(&self.central().url).map_err(|_| IpcError::new(ErrorCode::BadAddress))
    }

    fn check_options(&self, known_after_ms: Option<i64>) -> Options {
        let clock = Arc::clone(&self.inner.config.clock);
        Options { clock: Arc::new(move || clock.now_ms()), known_after_ms, ..Options::new(&self.inner.config.version) }
    }
}
