//! Closing the account: central deletes everything of the person, then this computer forgets it.
//!
//! What is asked is kept before it is asked, with the session that was opened for it. When no answer comes, or this program
//! ends first, that session says later what became of it ([`super::closing`]).

use prakerja_protocol::account::Session;
use reqwest::Method;
use secrecy::SecretString;
use uuid::Uuid;

use super::closing::{Asked, CLOSING, Fate};
use super::{AccountError, Accounts, TRIES, in_time};
use crate::failure::{Class, Failure};
use crate::http::Request;

impl Accounts {
    /// Closes the account that is shown here, with its password. What was not sent goes, too. Refused, or out of reach,
    /// nothing changes on this computer; what was not answered is asked about until it is known.
    ///
    /// # Errors
    /// [`AccountError`]; `WrongCredentials`, `StillParticipant`, `DrawUnderWay`, `StepRefused` for a blocked account.
    /// [`AccountError::SignedOut`] when nobody is shown here, or central knows somebody else under the address.
    pub async fn close(&self, email: &str, password: &SecretString, device_name: &str) -> Result<(), AccountError> {
        let _turn = self.sync.closing.turn.lock().await;
        let store = &self.authorised.store;
        let account = store.current_account().await?.filter(|account| account.origin == self.authorised.http.base());
        let account = account.ok_or(AccountError::SignedOut)?.id;
        // Where an earlier try has arrived nobody knows the password any more: it must not be called wrong.
        if let Some(asked) = store.fact(account, CLOSING).await?
            && matches!(self.settle_one(account, &asked).await?, Fate::Closed)
        {
            return Ok(());
        }
        // Central closes an account only for a session that was opened a moment ago: whoever asks has typed the password.
        let Session { person, access_token: access, refresh_token: refresh, .. } =
            self.new_session(email, password, device_name).await?;
        if person != account {
            let _ = self.end(&access).await;
            return Err(AccountError::SignedOut);
        }
        let asked = serde_json::to_string(&Asked { access: access.clone(), refresh })
            .map_err(|_| AccountError::from(Failure::of(Class::Local)))?;
        store.set_fact(account, CLOSING, Some(&asked)).await?;
        let closed = match self.delete(&access.into()).await {
            Ok(()) => self.forget_all(account).await,
            Err(failure) => match self.settle_one(account, &asked).await {
                Ok(Fate::Closed) => Ok(()),
                Ok(Fate::Open) | Err(_) => Err(failure.into()),
            },
        };
        if closed.is_err() {
            self.ask_later();
        }
        closed
    }

    /// Forgets an account on this computer only: everything of it that is stored here, and what was not sent.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn forget_account(&self, account: Uuid) -> Result<(), AccountError> {
        let _turn = self.sync.closing.turn.lock().await;
        self.forget_all(account).await
    }

    pub(super) async fn forget_all(&self, account: Uuid) -> Result<(), AccountError> {
        let store = &self.authorised.store;
        store.forget(account).await?;
        self.changed().await;
        // What was on its way into the store when the account was forgotten has arrived now.
        store.forget(account).await?;
        tracing::info!("nothing of the account is here any more");
        Ok(())
    }

    /// A few tries while nothing or nobody sensible answers.
    async fn delete(&self, access: &SecretString) -> Result<(), Failure> {
        let mut tries = 0;
        loop {
            tries += 1;
            let request = Request { bearer: Some(access), ..Request::new(Method::DELETE, "/v1/accounts/current") };
            match in_time(self.authorised.http.send(request)).await {
                Err(failure) if failure.class == Class::Network && tries < TRIES => {
                    tracing::debug!(tries, "the account is asked to be closed again");
                }
                done => return done.map(drop),
            }
        }
    }
}
