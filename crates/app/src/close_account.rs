//! Closing the account for good: central deletes the person's data, and this computer forgets it. And forgetting alone, where
//! the account has no session: it may have been closed on another computer.

use std::sync::PoisonError;

use prakerja_domain::email::Email;
use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::password;
use secrecy::{ExposeSecret, SecretString};

use crate::error::Answer;
use crate::ipc::{AppState, ErrorCode, IpcError};
use crate::refusal::refused;
use crate::{App, Opened};

impl App {
    /// Closes the account that is shown, with its password. Nothing of it stays here, also what was not sent; files that
    /// the person saved elsewhere (a calendar) are the person's. Refused, nothing changes.
    ///
    /// # Errors
    /// `validation` without a password, `wrong_credentials`, `still_participant`, `draw_under_way`, `step_refused` for a
    /// blocked account, `sign_in_needed` when nobody is shown, and what keeps from reaching central. `closing_unknown` when
    /// central was asked, now or before, and its answer did not come: the state says so until it is known.
    pub async fn close_account(&self, password: SecretString) -> Answer<AppState> {
        let opened = self.opened()?;
        let account = opened.store.current_account().await?;
        let account = account.ok_or_else(|| IpcError::new(ErrorCode::SignInNeeded))?;
        if password.expose_secret().is_empty() {
            return Err(IpcError::validation(vec![FieldError::new("password", FieldErrorCode::Required)]));
        }
        if password.expose_secret().chars().count() > password::MAX_CHARS {
            return Err(IpcError::new(ErrorCode::WrongCredentials));
        }
        let name = &self.inner.config.device_name;
        opened.exchange().accounts().close(&account.email, &password, name).await.map_err(refused)?;
        self.somebody_gone(&opened).await
    }

    /// Removes the account with this address from this computer, with everything that was not sent: the one that is shown,
    /// when its session is over, or one that has signed out. Central hears nothing of it: there the account stays as it is.
    ///
    /// # Errors
    /// `validation` for something that is no address, `not_found` when no such account is here, `still_signed_in` while it
    /// has a session.
    pub async fn forget_account(&self, email: &str) -> Answer<AppState> {
        let opened = self.opened()?;
        let email = Email::parse(email).map_err(|error| IpcError::validation(vec![error]))?;
        opened.exchange().accounts().forget_account(email.as_str()).await.map_err(refused)?;
        self.somebody_gone(&opened).await
    }

    async fn somebody_gone(&self, opened: &Opened) -> Answer<AppState> {
        if opened.store.current_account().await?.is_none() {
            *self.inner.face_page.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        self.tell_everything().await;
        self.get_state().await
    }
}
