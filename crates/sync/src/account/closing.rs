//! What became of a closing whose answer did not come. This computer asks central until it is known.
//!
//! A session that central does not know may have gone with its account, or was idle for too long, or was lost with a restore.
//! So nothing is concluded from tokens: only central's word that it closed the account takes anything away here.

use std::sync::Arc;
use std::time::Duration;

use prakerja_protocol::account::{AccountClosed, Refresh, Session};
use rand::rngs::OsRng;
use reqwest::Method;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, watch};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::{AccountError, Accounts, in_time};
use crate::core::{self, Config};
use crate::failure::{Class, Failure};
use crate::http::{Answer, Request};
use crate::refresh::is_the_end;

/// Name of the fact that is kept while it is not known what became of a closing.
const CLOSING: &str = "closing";

/// What closings of one exchange have in common.
#[derive(Clone, Default)]
pub(crate) struct Closing {
    /// Taken while one is asked for or asked about.
    pub(super) turn: Arc<Mutex<()>>,
    /// Told of each that nobody answered, with the wait that central asked for.
    unanswered: Arc<watch::Sender<Option<Duration>>>,
    /// Questions under way. They wait for the tasks of the exchange, so they are not among them.
    pub(crate) questions: TaskTracker,
}

/// The session that was opened for a closing, as the (encrypted) store keeps it.
#[derive(Serialize, Deserialize)]
pub(super) struct Asked {
    pub(super) access: String,
    pub(super) refresh: String,
}

/// What became of a closing.
pub(super) enum Fate {
    Closed,
    /// It is not closed, and the request cannot arrive any more.
    Open,
    /// It was asked for at another central: the question waits until that one is in use again.
    Elsewhere,
}

impl Accounts {
    /// True while it is not known what became of a request to close this account, and the central in use can be asked.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn is_closing(&self, account: Uuid) -> Result<bool, AccountError> {
        let known = self.authorised.store.account(account).await?;
        let here = known.is_some_and(|known| known.origin == self.authorised.http.base());
        Ok(here && self.asked(account).await?.is_some())
    }

    /// What is kept of a request to close this account.
    pub(super) async fn asked(&self, account: Uuid) -> Result<Option<String>, AccountError> {
        Ok(self.authorised.store.fact(account, CLOSING).await?)
    }

    /// Keeps what is asked for, or with `None` lets go of it, and says so.
    pub(super) async fn keep_asked(&self, account: Uuid, asked: Option<&str>) -> Result<(), AccountError> {
        self.authorised.store.set_fact(account, CLOSING, asked).await?;
        self.sync.tell_account();
        Ok(())
    }

    /// What became of one is not known: [`Self::ask_later`] goes on.
    pub(super) fn note_unanswered(&self, error: &AccountError) {
        self.sync.closing.unanswered.send_replace(error.retry_after());
    }

    /// Asks, now and whenever one was not answered, what became of closings that this computer asked for. Ends with the
    /// exchange, which begins it once.
    pub(crate) fn ask_later(&self, config: Config) {
        let accounts = self.clone();
        let mut unanswered = self.sync.closing.unanswered.subscribe();
        self.sync.closing.questions.spawn(async move {
            let stop = &accounts.sync.stop;
            let mut failures = 0;
            loop {
                let asked_wait = match accounts.settle().await {
                    Ok(()) => {
                        failures = 0;
                        let Some(Ok(())) = stop.run_until_cancelled(unanswered.changed()).await else { return };
                        *unanswered.borrow_and_update()
                    }
                    Err(error) => error.retry_after(),
                };
                failures += 1;
                let pause = core::pause(failures, asked_wait, &config, &mut OsRng);
                if stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                    return;
                }
            }
        });
    }

    /// Asks once about each. Fails when not everything is known.
    async fn settle(&self) -> Result<(), AccountError> {
        // Whoever has the turn may be waiting for the network.
        let turn = self.sync.stop.run_until_cancelled(self.sync.closing.turn.lock()).await;
        let Some(_turn) = turn else { return Err(Failure::timed_out().into()) };
        let mut done = Ok(());
        for (account, asked) in self.authorised.store.facts(CLOSING).await? {
            if let Err(error) = self.settle_one(account, &asked).await {
                tracing::info!(%error, "it is not known what became of a closing");
                done = Err(error);
            }
        }
        done
    }

    /// Finds out what became of a closing and does here what it means.
    pub(super) async fn settle_one(&self, account: Uuid, asked: &str) -> Result<Fate, AccountError> {
        let known = self.authorised.store.account(account).await?;
        if known.is_none_or(|known| known.origin != self.authorised.http.base()) {
            return Ok(Fate::Elsewhere);
        }
        let fate = match serde_json::from_str::<Asked>(asked) {
            Ok(asked) => self.sync.stop.run_until_cancelled(self.fate(account, asked)).await,
            // Of another version; nobody can ask.
            Err(_) => Some(Ok(Fate::Open)),
        };
        let fate = fate.unwrap_or_else(|| Err(Failure::timed_out()))?;
        match fate {
            Fate::Closed => self.forget_all(account).await?,
            Fate::Open => self.keep_asked(account, None).await?,
            Fate::Elsewhere => {}
        }
        Ok(fate)
    }

    /// Ends the session that was opened for it: where central could, it has not closed the account, and a request that comes
    /// late meets a session that has ended. Where it could not, it says itself what became of the account.
    async fn fate(&self, account: Uuid, asked: Asked) -> Result<Fate, Failure> {
        match self.end(&asked.access).await {
            Ok(_) => return Ok(Fate::Open),
            Err(failure) if !failure.genuine => return Err(failure),
            Err(failure) => match failure.class {
                Class::AccountLocked => return Ok(Fate::Open),
                Class::TokenExpired => self.end_renewed(asked.refresh).await,
                class if is_the_end(class) => {}
                _ => return Err(failure),
            },
        }
        let path = format!("/v1/accounts/{account}/closed");
        let told = in_time(self.authorised.http.send(Request::new(Method::GET, &path))).await?;
        let AccountClosed { closed } = told.json()?;
        Ok(if closed { Fate::Closed } else { Fate::Open })
    }

    /// Ends the session where only its access token is over, so that none stays open that nobody uses. Done before
    /// central is asked for its word: what was under way with that session is decided by then.
    async fn end_renewed(&self, refresh_token: String) {
        let request = Request::new(Method::POST, "/v1/sessions/refresh").json(&Refresh { refresh_token });
        let Ok(request) = request else { return };
        let renewed = in_time(self.authorised.http.send(request)).await.and_then(|answer| answer.json());
        if let Ok(Session { access_token, .. }) = renewed {
            // It ends by itself one day.
            let _ = self.end(&access_token).await;
        }
    }

    /// Ends the session that was opened to close the account.
    pub(super) async fn end(&self, access: &str) -> Result<Answer, Failure> {
        let access = SecretString::from(access);
        let request = Request { bearer: Some(&access), ..Request::new(Method::DELETE, "/v1/sessions/current") };
        in_time(self.authorised.http.send(request)).await
    }
}
