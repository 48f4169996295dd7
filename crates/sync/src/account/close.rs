//! Closing the account: central deletes everything of the person, then this computer forgets it.

use prakerja_protocol::account::Session;
use reqwest::Method;
use secrecy::SecretString;

use super::{AccountError, Accounts, GOODBYE, TRIES, in_time};
use crate::failure::{Class, Failure};
use crate::http::Request;

impl Accounts {
    /// Closes the account that is shown here, with its password. What was not sent goes, too. Refused, or out of reach,
    /// nothing changes on this computer.
    ///
    /// When no try was answered, central may have closed it all the same: the exchange then hears that the session is over.
    ///
    /// # Errors
    /// [`AccountError`]; `WrongCredentials`, `StillParticipant`, `DrawUnderWay`, `StepRefused` for a blocked account.
    /// [`AccountError::SignedOut`] when nobody is shown here, or central knows somebody else under the address.
    pub async fn close(&self, email: &str, password: &SecretString, device_name: &str) -> Result<(), AccountError> {
        let store = &self.authorised.store;
        let account = store.current_account().await?.filter(|account| account.origin == self.authorised.http.base());
        let account = account.ok_or(AccountError::SignedOut)?;
        // Central closes an account only for a session that was opened a moment ago: whoever asks has typed the password.
        let Session { person, access_token, .. } = self.new_session(email, password, device_name).await?;
        let access = SecretString::from(access_token);
        let closed = if person == account.id { self.delete(&access).await } else { Err(AccountError::SignedOut) };
        if let Err(error) = closed {
            if !matches!(error, AccountError::Unreachable { .. }) {
                self.end(&access).await;
            }
            return Err(error);
        }
        store.forget(account.id).await?;
        self.changed().await;
        // What was on its way into the store when the account was forgotten has arrived now.
        store.forget(account.id).await?;
        tracing::info!("the account is closed");
        Ok(())
    }

    /// A few tries while nothing or nobody sensible answers.
    async fn delete(&self, access: &SecretString) -> Result<(), AccountError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let request = Request { bearer: Some(access), ..Request::new(Method::DELETE, "/v1/accounts/current") };
            match in_time(self.authorised.http.send(request)).await {
                Ok(_) => return Ok(()),
                // The session is a moment old: only an earlier try, whose answer was lost, has taken it away.
                Err(failure) if tries > 1 && is_over(&failure) => return Ok(()),
                Err(failure) if failure.class == Class::Network && tries < TRIES => {
                    tracing::debug!(tries, "the account is asked to be closed again");
                }
                Err(failure) => return Err(failure.into()),
            }
        }
    }

    /// Nobody needs the session that was opened for this. One that stays runs out.
    async fn end(&self, access: &SecretString) {
        let request = Request { bearer: Some(access), ..Request::new(Method::DELETE, "/v1/sessions/current") };
        let told = tokio::time::timeout(GOODBYE, self.authorised.http.send(request)).await;
        tracing::debug!(told = matches!(told, Ok(Ok(_))), "the session that was to close the account is over");
    }
}

/// Central does not know the session any more.
fn is_over(failure: &Failure) -> bool {
    failure.genuine && matches!(failure.class, Class::TokenExpired | Class::SessionRevoked)
}
