//! What happens by the clock and not by a hand: a test that is over is handed in, a photo is sealed to the key that central
//! has now, and what is due is told outside of the window. It runs while the database is open, with or without a network.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use prakerja_store::NOBODY;
use uuid::Uuid;

use crate::error::Answer;
use crate::ipc::IpcError;
use crate::membership::membership;
use crate::notices::notices;
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
        let person = opened.person().await?;
        if person == NOBODY {
            return Ok(PAUSE);
        }
        let left = self.hand_in_in_time(opened, person).await?;
        self.remind(opened, person).await?;
        self.seal_again(opened, person).await?;
        let left = left.and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis);
        Ok(left.map_or(PAUSE, |left| left.min(PAUSE)))
    }

    /// Tells what is due and was not told. It is told first and noted then: a crash between the two tells it twice rather
    /// than never.
    async fn remind(&self, opened: &Opened, person: Uuid) -> Answer<()> {
        let turn = self.inner.once.lock().await;
        let store = &opened.store;
        let kept = store.fact(person, TOLD).await?;
        let before: Told = kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let now = self.best_now(store, &opened.exchange()).await;
        let (membership, notices) = (membership(store, person).await?, notices(store, person).await?);
        let known = Known {
            membership: membership.as_ref(),
            notices: &notices,
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
            let text = serde_json::to_string(&told).map_err(|error| IpcError::defect("reminders", &error))?;
            store.set_fact(person, TOLD, Some(&text)).await?;
        }
        drop(turn);
        Ok(())
    }
}
