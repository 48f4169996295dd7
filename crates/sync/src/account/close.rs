//! Closing the account: central deletes everything of the person, then this computer forgets it.
//!
//! What is asked is kept before it is asked, with the session that was opened for it. When no answer comes, or this program
//! ends first, central is asked later what became of it ([`super::closing`]).

use prakerja_protocol::account::Session;
use reqwest::Method;
use secrecy::SecretString;
use uuid::Uuid;

use super::closing::{Asked, Fate};
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
    /// [`AccountError::ClosingUnknown`] when it was asked, now or before, and no answer came.
    pub async fn close(&self, email: &str, password: &SecretString, device_name: &str) -> Result<(), AccountError> {
        let _turn = self.sync.closing.turn.lock().await;
        let account = self.authorised.store.current_account().await?;
        let account = account.filter(|account| account.origin == self.authorised.http.base());
        let account = account.ok_or(AccountError::SignedOut)?.id;
        // Where an earlier try has arrived nobody knows the password any more: it must not be called wrong.
        if let Some(asked) = self.asked(account).await? {
            match self.learned(account, &asked).await? {
                Fate::Closed => return Ok(()),
                Fate::Open => {}
                Fate::Elsewhere => return Err(AccountError::ClosingUnknown),
            }
        }
        // Central closes an account only for a session that was opened a moment ago: whoever asks has typed the password.
        let Session { person, access_token: access, refresh_token: refresh, .. } =
            self.new_session(email, password, device_name).await?;
        let kept = if person == account {
            self.keep(account, &Asked { access: access.clone(), refresh }).await
        } else {
            Err(AccountError::SignedOut)
        };
        let asked = match kept {
            Ok(asked) => asked,
            Err(error) => {
                let _ = self.end(&access).await;
                return Err(error);
            }
        };
        let Err(failure) = self.delete(&access.into()).await else {
            return self.forget_all(account).await.inspect_err(|error| self.note_unanswered(error));
        };
        match self.learned(account, &asked).await {
            Ok(Fate::Closed) => Ok(()),
            Ok(Fate::Open) => Err(failure.into()),
            Ok(Fate::Elsewhere) | Err(_) if is_refusal(&failure) => Err(failure.into()),
            Ok(Fate::Elsewhere) => Err(AccountError::ClosingUnknown),
            Err(error) => Err(error),
        }
    }

    /// What became of it, for somebody who waits for the answer.
    async fn learned(&self, account: Uuid, asked: &str) -> Result<Fate, AccountError> {
        self.settle_one(account, asked).await.map_err(|error| {
            self.note_unanswered(&error);
            if matches!(error, AccountError::Store(_)) { error } else { AccountError::ClosingUnknown }
        })
    }

    async fn keep(&self, account: Uuid, asked: &Asked) -> Result<String, AccountError> {
        let asked = serde_json::to_string(asked).map_err(|_| Failure::of(Class::Local))?;
        self.keep_asked(account, Some(&asked)).await?;
        Ok(asked)
    }

    /// Forgets whatever this computer has of an address with the central in use, or shows of it, and what was not sent. Central
    /// hears nothing of it.
    ///
    /// # Errors
    /// [`AccountError::NotHere`], [`AccountError::StillSignedIn`], [`AccountError::Store`].
    pub async fn forget_account(&self, email: &str) -> Result<(), AccountError> {
        let _turn = self.sync.closing.turn.lock().await;
        // Read here: whoever has waited for the turn may have waited for long.
        let store = &self.authorised.store;
        let mut found = store.accounts_of(email, self.authorised.http.base()).await?;
        // One of another central is shown as long as nobody else has signed in.
        let shown = store.current_account().await?.filter(|shown| shown.email == email);
        found.extend(shown.filter(|shown| found.iter().all(|account| account.id != shown.id)));
        if found.is_empty() {
            return Err(AccountError::NotHere);
        }
        if found.iter().any(|account| account.signed_in) {
            return Err(AccountError::StillSignedIn);
        }
        // More than one where an account was closed elsewhere and its person began anew.
        for account in found {
            self.forget_all(account.id).await?;
        }
        Ok(())
    }

    pub(super) async fn forget_all(&self, account: Uuid) -> Result<(), AccountError> {
        let store = &self.authorised.store;
        if store.forget(account).await? {
            self.changed().await;
        } else {
            // The exchange works for somebody else, or nobody, and goes on.
            self.sync.left_accounts_stored().await;
        }
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

/// Central read the request and did not close the account.
fn is_refusal(failure: &Failure) -> bool {
    let refused = [Class::Permanent, Class::Forbidden, Class::AccountLocked, Class::ClientTooOld];
    failure.genuine && refused.contains(&failure.class)
}
