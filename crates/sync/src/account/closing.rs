//! What became of a closing whose answer did not come: the session that was opened for it says so, since central forgets
//! it together with the account.

use std::sync::Arc;
use std::time::Duration;

use prakerja_protocol::account::{Refresh, Session};
use reqwest::Method;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::{AccountError, Accounts, GOODBYE, in_time};
use crate::failure::{Class, Failure};
use crate::http::{Answer, Request};
use crate::refresh::local;

/// Name of the fact that is kept while it is not known what became of a closing.
pub(super) const CLOSING: &str = "closing";
/// How long after a question that nobody answered the next one is put.
const AGAIN: Duration = Duration::from_secs(15);

/// What closings of one exchange have in common.
#[derive(Clone, Default)]
pub(crate) struct Closing {
    /// Taken while one is asked for or asked about.
    pub(super) turn: Arc<Mutex<()>>,
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
}

impl Accounts {
    /// Asks, as long as it is not known, what became of closings that this computer asked for. Ends with the exchange.
    pub(crate) fn ask_later(&self) {
        let accounts = self.clone();
        self.sync.closing.questions.spawn(async move {
            while !accounts.settle().await {
                let pause = tokio::time::sleep(AGAIN);
                if accounts.sync.stop.run_until_cancelled(pause).await.is_none() {
                    return;
                }
            }
        });
    }

    /// True when everything is known.
    async fn settle(&self) -> bool {
        // Whoever has the turn may be waiting for the network.
        let turn = self.sync.stop.run_until_cancelled(self.sync.closing.turn.lock()).await;
        let Some(_turn) = turn else { return false };
        let kept = match self.authorised.store.facts(CLOSING).await {
            Ok(kept) => kept,
            Err(error) => {
                tracing::error!(%error, "closings that were asked for cannot be read");
                return false;
            }
        };
        let mut all = true;
        for (account, asked) in kept {
            all &= self.settle_one(account, &asked).await.is_ok();
        }
        all
    }

    /// Finds out what became of a closing and does here what it means.
    pub(super) async fn settle_one(&self, account: Uuid, asked: &str) -> Result<Fate, AccountError> {
        let store = &self.authorised.store;
        let known = store.account(account).await?;
        if known.is_some_and(|known| known.origin != self.authorised.http.base()) {
            // Another central's tokens: they wait until it is in use again.
            return Ok(Fate::Open);
        }
        let fate = match serde_json::from_str::<Asked>(asked) {
            Ok(asked) => self.sync.stop.run_until_cancelled(self.fate(account, asked)).await,
            // Of another version; nobody can ask.
            Err(_) => Some(Ok(Fate::Open)),
        };
        let fate = fate.unwrap_or_else(|| Err(Failure::timed_out()))?;
        match fate {
            Fate::Closed => self.forget_all(account).await?,
            Fate::Open => store.set_fact(account, CLOSING, None).await?,
        }
        Ok(fate)
    }

    /// Asks by ending the session that was opened for it. Central knows a session that has ended, and none of an account
    /// that was closed; a request to close that comes late meets an ended session.
    async fn fate(&self, account: Uuid, asked: Asked) -> Result<Fate, Failure> {
        match self.end(&asked.access).await {
            Ok(_) => return Ok(Fate::Open),
            Err(failure) if !failure.genuine => return Err(failure),
            Err(failure) => match failure.class {
                Class::SessionRevoked | Class::AccountLocked => return Ok(Fate::Open),
                Class::TokenExpired => {}
                _ => return Err(failure),
            },
        }
        // The token is over, or gone with its session.
        let body = Refresh { refresh_token: asked.refresh };
        match self.brief(Request::new(Method::POST, "/v1/sessions/refresh").json(&body)?).await {
            Ok(answer) => {
                if let Ok(Session { access_token, .. }) = answer.json() {
                    let _ = self.end(&access_token).await;
                }
                return Ok(Fate::Open);
            }
            Err(failure) if failure.genuine && failure.class == Class::AccountLocked => return Ok(Fate::Open),
            Err(failure) if is_over(&failure) => {}
            Err(failure) => return Err(failure),
        }
        // A backup that was put back forgets it, too. It knows the account's own session, which is older.
        let own = self.authorised.store.current_account().await.map_err(local)?;
        if own.is_none_or(|own| own.id != account || own.tokens.is_none()) {
            return Ok(Fate::Closed);
        }
        let asking = self.authorised.send(|| Ok(Request::new(Method::GET, "/v1/sessions")));
        match in_time(asking).await {
            Ok(_) => Ok(Fate::Open),
            Err(failure) if failure.genuine && failure.class == Class::AccountLocked => Ok(Fate::Open),
            Err(failure) if is_over(&failure) => Ok(Fate::Closed),
            Err(failure) => Err(failure),
        }
    }

    /// Ends the session that was opened to close the account.
    pub(super) async fn end(&self, access: &str) -> Result<Answer, Failure> {
        let access = SecretString::from(access);
        let request = Request { bearer: Some(&access), ..Request::new(Method::DELETE, "/v1/sessions/current") };
        self.brief(request).await
    }

    /// Nobody waits longer for what can be asked again.
    async fn brief(&self, request: Request<'_>) -> Result<Answer, Failure> {
        let asked = tokio::time::timeout(GOODBYE, self.authorised.http.send(request)).await;
        asked.unwrap_or_else(|_| Err(Failure::timed_out()))
    }
}

/// Central does not know the session any more.
fn is_over(failure: &Failure) -> bool {
    failure.genuine && matches!(failure.class, Class::TokenExpired | Class::SessionRevoked)
}
