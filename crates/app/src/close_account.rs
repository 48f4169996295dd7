//! Closing the account for good: central deletes the person's data, and this computer forgets it.

use std::sync::PoisonError;

use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::password;
use secrecy::{ExposeSecret, SecretString};

use crate::App;
use crate::account::refused;
use crate::error::Answer;
use crate::ipc::{AppState, ErrorCode, IpcError};

impl App {
    /// Closes the account that is shown, with its password. Nothing of it stays here, also what was not sent; files that
    /// the person saved elsewhere (a calendar) are the person's. Refused, nothing changes.
    ///
    /// # Errors
    /// `validation` without a password, `wrong_credentials`, `still_participant`, `draw_under_way`, `step_refused` for a
    /// blocked account, `sign_in_needed` when nobody is shown, and what keeps from reaching central.
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
        *self.inner.face_page.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.tell_everything().await;
        self.get_state().await
    }
}
