//! What happens by the clock and not by a hand: a test that is over is handed in, a photo is sealed to the key that central
//! has now, a wave opens or closes, and what is due is told outside of the window. It runs while the database is open, with
//! or without a network.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;

use prakerja_domain::wave::WaveState;
use prakerja_protocol::application::Wave;
use prakerja_store::{NOBODY, Store};
use uuid::Uuid;

use crate::applications::Applications;
use crate::error::Answer;
use crate::facts;
use crate::ipc::Changed;
use crate::membership::membership;
use crate::notices::from_central;
use crate::programme::Programme;
use crate::reminders::{Known, Told};
use crate::{App, Inner, Opened};

/// Name of the fact that keeps what was told outside of the window.
const TOLD: &str = "reminders told";
/// Longest pause: a computer that slept must not sleep on.
const PAUSE: Duration = Duration::from_secs(30);

/// Looks at the clock again and again until the database is closed.
pub(crate) async fn run(app: Weak<Inner>, opened: Weak<Opened>) {
    loop {
        let (Some(inner), Some(opened)) = (app.upgrade(), opened.upgrade()) else { return };
        let app = App { inner };
        if !app.if_open().is_some_and(|now| Arc::ptr_eq(&now, &opened)) {
            return;
        }
        // A database that fails is told by the next command of the person.
        let pause = app.look(&opened).await.unwrap_or(PAUSE);
        let alarm = Arc::clone(&app.inner.alarm);
        // Who closes the app need not wait for the next look.
        drop((app, opened));
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = alarm.notified() => {}
        }
    }
}

impl App {
    /// Something came from central, or was begun here: what is due may have changed.
    pub(crate) fn look_again(&self) {
        self.inner.alarm.notify_one();
    }

    /// Does what is due now, as the app does by itself every half a minute: for a computer that was asleep.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn look_at_the_clock(&self) -> Answer<()> {
        let opened = self.opened()?;
        self.look(&opened).await?;
        Ok(())
    }

    /// Does what is due now; gives the time to the next look.
    async fn look(&self, opened: &Opened) -> Answer<Duration> {
        let turning = self.watch_waves(opened).await?;
        let person = opened.person().await?;
        let handing_in = if person == NOBODY { None } else { self.hand_in_in_time(opened, person).await? };
        if person != NOBODY {
            self.remind(opened, person).await?;
            self.seal_again(opened, person).await?;
        }
        let left = [turning, handing_in].into_iter().flatten().min();
        let left = left.and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis);
        Ok(left.map_or(PAUSE, |left| left.min(PAUSE)))
    }

    /// Tells the window when a wave opened or closed since the last look: nobody else tells it. Gives the milliseconds to
    /// the next such moment.
    async fn watch_waves(&self, opened: &Opened) -> Answer<Option<i64>> {
        let programme = Programme::read(&opened.store).await?;
        let now = self.best_now(&opened.store, &opened.exchange()).await;
        let state = |wave: &Wave| (wave.number, WaveState::at(now, wave.opens_at, wave.closes_at, wave.drawing));
        let states: Vec<_> = programme.waves.iter().map(state).collect();
        let seen = &mut *self.inner.waves_seen.lock().unwrap_or_else(PoisonError::into_inner);
        let before = seen.replace(states.clone());
        if before.is_some_and(|before| before != states) {
            self.tell(Changed::Waves);
        }
        // The last moment still counts as open.
        let turns = programme.waves.iter().flat_map(|wave| [wave.opens_at, wave.closes_at.saturating_add(1)]);
        Ok(turns.filter(|at| *at > now).min().map(|at| at - now))
    }

    /// Waves that are open, that the person may join and whose opening was not told. Nobody who takes part in a draw is
    /// called to another one.
    async fn open_waves(&self, opened: &Opened, person: Uuid, told: &Told, now: i64) -> Answer<Vec<(u32, i64)>> {
        let programme = Programme::read(&opened.store).await?;
        let is_open = |wave: &&Wave| {
            told.awaits(wave.number)
                && WaveState::at(now, wave.opens_at, wave.closes_at, wave.drawing) == WaveState::Open
        };
        let open: Vec<&Wave> = programme.waves.iter().filter(is_open).collect();
        if open.is_empty() {
            return Ok(Vec::new());
        }
        let applications = Applications::read(opened, person).await?;
        if applications.is_under_way() {
            return Ok(Vec::new());
        }
        let applicant = self.applicant(opened, person, &applications).await?;
        let may_join = |wave: &&Wave| {
            !applications.has_joined(wave.number) && applicant.may_join(wave, &programme.scheme_of(wave))
        };
        Ok(open.into_iter().filter(may_join).map(|wave| (wave.number, wave.opens_at)).collect())
    }

    /// Tells what is due and was not told. It is told first and noted then: a crash between the two tells it twice rather
    /// than never.
    async fn remind(&self, opened: &Opened, person: Uuid) -> Answer<()> {
        let turn = self.inner.once.lock().await;
        let store = &opened.store;
        let before = told(store, person).await?;
        let now = self.best_now(store, &opened.exchange()).await;
        let (membership, notices) = (membership(store, person).await?, from_central(store, person).await?);
        let open_waves = self.open_waves(opened, person, &before, now).await?;
        let known = Known {
            membership: membership.as_ref(),
            notices: &notices,
            open_waves: &open_waves,
            looked_at: self.inner.looked_at.load(Ordering::Relaxed),
            now,
        };
        let mut told = before.clone();
        told.since = Some(told.since.unwrap_or(now));
        told.keep(&notices);
        for due in told.due(&known) {
            if let Some(reminder) = due.reminder {
                self.inner.config.notifier.tell(reminder, &self.language());
            }
            told.note(&due);
        }
        if told != before {
            facts::keep(store, person, TOLD, &told).await?;
        }
        drop(turn);
        if told.noted_more_than(&before) {
            self.told(&[Changed::Notices]).await?;
        }
        Ok(())
    }
}

/// What was told to a person, and what this computer noted in the inbox.
pub(crate) async fn told(store: &Store, person: Uuid) -> Answer<Told> {
    Ok(facts::read(store, person, TOLD).await?.unwrap_or_default())
}
