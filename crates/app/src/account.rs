//! Account and sessions as the forms ask for them: what was typed is checked here, the rest is done by `prakerja-sync`.

use prakerja_domain::email::Email;
use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::password;
use prakerja_protocol::account::{Consent, Language};
use prakerja_protocol::limits::CODE_DIGITS;
use prakerja_store as store;
use prakerja_sync::account::{CodeForm, Waiting, Wish};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::error::Answer;
use crate::ipc::{AppState, CodeChannel, ErrorCode, IpcError, PendingCode, ResetForm, SessionRow, SignUpForm};
use crate::refusal::{code_refused, refused};
use crate::{App, Opened};

/// Version of the terms and the privacy notice that the window shows.
const TERMS_VERSION: &str = "2026-11";

impl App {
    /// A likelier address, when the domain looks like a slip of the finger.
    pub fn suggest_email(&self, email: &str) -> Option<String> {
        Email::parse(email).ok()?.suggestion()
    }

    /// Begins a sign-up; the code comes by mail.
    ///
    /// # Errors
    /// `validation` with every wrong field, and what keeps from reaching central.
    pub async fn sign_up(&self, form: SignUpForm) -> Answer<PendingCode> {
        let opened = self.opened()?;
        let form = self.checked(form)?;
        self.ask_for_code(&opened, &form).await
    }

    /// Asks for another password; the code comes the way that the form says. Nothing changes before it was right.
    ///
    /// # Errors
    /// As [`App::sign_up`].
    pub async fn reset_password(&self, form: ResetForm) -> Answer<PendingCode> {
        let opened = self.opened()?;
        let (typed, again) = (SecretString::from(form.password), SecretString::from(form.password_confirmation));
        let mut wrong = Vec::new();
        let email = read_new(&form.email, &typed, &again, &mut wrong);
        let Some(email) = email.filter(|_| wrong.is_empty()) else { return Err(IpcError::validation(wrong)) };
        let form = CodeForm {
            email: email.as_str().to_owned(),
            password: typed,
            language: self.mail_language(),
            wish: Wish::Password(form.by.into()),
        };
        self.ask_for_code(&opened, &form).await
    }

    async fn ask_for_code(&self, opened: &Opened, form: &CodeForm) -> Answer<PendingCode> {
        let asked = opened.exchange().accounts().ask_for_code(form).await;
        // Also without an answer: what waited before may wait no more.
        self.changed_state().await?;
        let waiting = asked.map_err(refused)?;
        self.pending_code(opened, waiting).await.ok_or_else(|| IpcError::new(ErrorCode::Offline))
    }

    /// The code that is awaited, if any.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn get_pending_code(&self) -> Answer<Option<PendingCode>> {
        let opened = self.opened()?;
        match opened.exchange().accounts().waiting_sign_up().await.map_err(refused)? {
            Some(waiting) => Ok(self.pending_code(&opened, waiting).await),
            None => Ok(None),
        }
    }

    /// The code makes the account, or sets the other password, and signs in. What was typed before there was an account
    /// belongs to a new one only.
    ///
    /// # Errors
    /// `validation` for something that is no code, `wrong_code` with `attempts_left`, `code_expired`, `code_locked`.
    pub async fn confirm_code(&self, code: &str) -> Answer<AppState> {
        let opened = self.opened()?;
        let code = read_code(code).map_err(|error| IpcError::validation(vec![error]))?;
        let name = &self.inner.config.device_name;
        opened.exchange().accounts().confirm_code(&code, name).await.map_err(code_refused)?;
        self.tell_everything().await;
        self.get_state().await
    }

    /// Asks for another code.
    ///
    /// # Errors
    /// `code_locked`, `code_expired`, and what keeps from reaching central.
    pub async fn resend_code(&self) -> Answer<PendingCode> {
        let opened = self.opened()?;
        let waiting = opened.exchange().accounts().resend_code().await.map_err(code_refused)?;
        self.changed_state().await?;
        self.pending_code(&opened, waiting).await.ok_or_else(|| IpcError::new(ErrorCode::CodeExpired))
    }

    /// Gives up what waits for its code, to begin with another address. Personal data stays.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn abandon_sign_up(&self) -> Answer<AppState> {
        let opened = self.opened()?;
        opened.exchange().accounts().abandon_sign_up().await.map_err(refused)?;
        self.changed_state().await
    }

    /// Signs in. What was typed while nobody was signed in may be somebody else's and stays apart.
    ///
    /// # Errors
    /// `validation`, `wrong_credentials`, and what keeps from reaching central.
    pub async fn sign_in(&self, email: &str, password: SecretString) -> Answer<AppState> {
        let opened = self.opened()?;
        let email = Email::parse(email).map_err(|error| vec![error]);
        let missing = password.expose_secret().is_empty();
        let missing = missing.then(|| FieldError::new("password", FieldErrorCode::Required));
        let email = match (email, missing) {
            (Ok(email), None) => email,
            (email, missing) => {
                return Err(IpcError::validation(email.err().into_iter().flatten().chain(missing).collect()));
            }
        };
        if password.expose_secret().chars().count() > password::MAX_CHARS {
            return Err(IpcError::new(ErrorCode::WrongCredentials));
        }
        let name = &self.inner.config.device_name;
        opened.exchange().accounts().sign_in(email.as_str(), &password, name, false).await.map_err(refused)?;
        self.tell_everything().await;
        self.get_state().await
    }

    /// Signs out. What was not sent waits on this computer for the same person.
    ///
    /// # Errors
    /// `unsent_items` with `count`, unless `leave_unsent`.
    pub async fn sign_out(&self, leave_unsent: bool) -> Answer<AppState> {
        let opened = self.opened()?;
        if let Some(account) = opened.store.current_account().await? {
            let waiting = opened.store.counts(account.id).await?.waiting();
            if waiting > 0 && !leave_unsent {
                return Err(IpcError::new(ErrorCode::UnsentItems).with_number("count", waiting.into()));
            }
        }
        opened.exchange().accounts().sign_out().await.map_err(refused)?;
        self.tell_everything().await;
        self.get_state().await
    }

    /// The person's open sessions.
    ///
    /// # Errors
    /// `sign_in_needed`, and what keeps from reaching central.
    pub async fn list_sessions(&self) -> Answer<Vec<SessionRow>> {
        let sessions = self.opened()?.exchange().accounts().sessions().await.map_err(refused)?;
        let row = |session: prakerja_protocol::account::SessionInfo| SessionRow {
            session: session.session,
            device_name: session.device_name,
            created_at: session.created_at,
            used_at: session.used_at,
            current: session.current,
        };
        Ok(sessions.into_iter().map(row).collect())
    }

    /// Ends a session on another computer.
    ///
    /// # Errors
    /// As [`App::list_sessions`].
    pub async fn revoke_session(&self, session: Uuid) -> Answer<Vec<SessionRow>> {
        self.opened()?.exchange().accounts().end_session(session).await.map_err(refused)?;
        self.list_sessions().await
    }

    /// Checks the form; every wrong field is told at once.
    fn checked(&self, form: SignUpForm) -> Answer<CodeForm> {
        let (typed, again) = (SecretString::from(form.password), SecretString::from(form.password_confirmation));
        let mut wrong = Vec::new();
        let email = read_new(&form.email, &typed, &again, &mut wrong);
        for (field, ticked) in [("accept_terms", form.accept_terms), ("accept_privacy", form.accept_privacy)] {
            if !ticked {
                wrong.push(FieldError::new(field, FieldErrorCode::NotAccepted));
            }
        }
        let Some(email) = email.filter(|_| wrong.is_empty()) else { return Err(IpcError::validation(wrong)) };
        let accepted_at = self.inner.config.clock.now_ms();
        let consent = |id: &str| Consent { id: id.into(), version: TERMS_VERSION.into(), accepted_at };
        Ok(CodeForm {
            email: email.as_str().to_owned(),
            password: typed,
            language: self.mail_language(),
            wish: Wish::Account { consents: vec![consent("terms"), consent("privacy")] },
        })
    }

    fn mail_language(&self) -> Language {
        if self.stored_settings().shown.language == "en" { Language::En } else { Language::Id }
    }

    /// What the window shows of a code; absent while central has not answered.
    async fn pending_code(&self, opened: &Opened, waiting: Waiting) -> Option<PendingCode> {
        let code = waiting.code?;
        let demo = self.about_central(Some(&opened.store)).await.is_some_and(|about| about.demo);
        let by = match waiting.purpose {
            store::CodePurpose::Account | store::CodePurpose::PasswordByMail => CodeChannel::Mail,
            store::CodePurpose::PasswordBySms => CodeChannel::Sms,
        };
        Some(PendingCode {
            purpose: waiting.purpose.into(),
            by,
            email: waiting.email,
            expires_at: code.expires_at,
            resend_at: code.resend_at,
            resends_left: code.resends_left,
            sandbox_mailbox: demo.then(|| format!("{}/sandbox/mailbox", self.central().url)),
        })
    }
}

/// Reads the address and the new password, typed twice; what is wrong with them is added.
fn read_new(email: &str, typed: &SecretString, again: &SecretString, wrong: &mut Vec<FieldError>) -> Option<Email> {
    let email = Email::parse(email).map_err(|error| wrong.push(error)).ok();
    let name = email.as_ref().map_or("", Email::as_str);
    let right = password::check(typed.expose_secret(), name).map_err(|error| wrong.push(error)).is_ok();
    if right && typed.expose_secret() != again.expose_secret() {
        wrong.push(FieldError::new("password_confirmation", FieldErrorCode::Mismatch));
    }
    email
}

/// Reads a typed code; spaces and dashes are tolerated, as mails and people write them.
pub(crate) fn read_code(typed: &str) -> Result<String, FieldError> {
    let code: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let error = |code| FieldError::new("code", code);
    if code.is_empty() {
        Err(error(FieldErrorCode::Required))
    } else if !code.bytes().all(|byte| byte.is_ascii_digit()) {
        Err(error(FieldErrorCode::NotDigits))
    } else if code.len() != CODE_DIGITS {
        Err(error(FieldErrorCode::WrongLength).with("expected", CODE_DIGITS).with("actual", code.len()))
    } else {
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_write_them() {
        let cases = [
            ("123456", Ok("123456")),
            (" 123 456 ", Ok("123456")),
            ("123-456", Ok("123456")),
            ("", Err(FieldErrorCode::Required)),
            ("12345", Err(FieldErrorCode::WrongLength)),
            ("1234567", Err(FieldErrorCode::WrongLength)),
            ("12345a", Err(FieldErrorCode::NotDigits)),
            ("١٢٣٤٥٦", Err(FieldErrorCode::NotDigits)),
            ("<b>", Err(FieldErrorCode::NotDigits)),
        ];
        for (typed, expected) in cases {
            assert_eq!(read_code(typed).as_deref().map_err(|error| error.code), expected, "{typed}");
        }
    }
}
