//! What a code makes true, a sign-up or another password: stored before it is sent, the same for every repetition.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{MutexGuard, PoisonError};

use prakerja_protocol::account::{CodeSent, ConfirmCode, Session, SignUpStart, SignUpStarted};
use prakerja_protocol::problem::ProblemCode;
use prakerja_store::{CodePurpose, CodeState, PendingSignUp};
use rand::RngCore;
use rand::rngs::OsRng;
use reqwest::Method;
use secrecy::ExposeSecret;
use uuid::Uuid;

use super::form::{CodeForm, Remembered, digest, path};
use super::{AccountError, Accounts, SignedIn, in_time, key_of, opaque};
use crate::clock::wall_ms;
use crate::http::Request;

/// Something that waits for its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// What the right code does.
    pub purpose: CodePurpose,
    /// Address of the account.
    pub email: String,
    /// What central said of the code; `None` when its answer is still missing: [`Accounts::resume_sign_up`].
    pub code: Option<CodeState>,
}

impl Accounts {
    /// Begins a sign-up, or asks for another password: central sends a code. The same form once more is the same request.
    /// Refused for good, whatever waited for its code before goes on waiting.
    ///
    /// # Errors
    /// [`AccountError`]. When central was not reached, the request stays and [`Accounts::resume_sign_up`] goes on.
    pub async fn ask_for_code(&self, form: &CodeForm) -> Result<Waiting, AccountError> {
        if self.is_repeated(form).await? {
            return self.resume_sign_up().await;
        }
        let (request, registration) = opaque::start_sign_up(&form.password)?;
        let start = SignUpStart { email: form.email.clone(), request };
        let started: SignUpStarted = self.ask(|| Request::new(Method::POST, "/v1/accounts/start").json(&start)).await?;
        let upload = opaque::finish_sign_up(registration, &form.password, &started.response, started.stretch).await?;
        let id = Uuid::now_v7();
        let pending = PendingSignUp {
            id,
            purpose: form.wish.purpose(),
            email: form.email.clone(),
            origin: self.authorised.http.base().to_owned(),
            body: form.body(id, upload, started.stretch)?,
            code: None,
            created_at: wall_ms(),
        };
        let earlier = self.authorised.store.save_sign_up(&pending).await?;
        let known = self.remember(form, id);
        let tries = AtomicU32::new(0);
        let sent = self.send_sign_up(pending, &tries).await;
        // After a try that nobody answered central may have it: the next repeat is the same request, and its code may come.
        if let Err(AccountError::Refused { code, .. }) = &sent
            && !matches!(code, ProblemCode::Busy | ProblemCode::Internal)
            && tries.into_inner() == 1
        {
            self.authorised.store.take_sign_up_back(id, earlier.as_ref()).await?;
            *self.memory() = known;
        }
        sent
    }

    /// Sends the stored sign-up again, if its answer is missing: after a lost answer or a restart.
    ///
    /// # Errors
    /// [`AccountError::NoSignUp`] when there is none.
    pub async fn resume_sign_up(&self) -> Result<Waiting, AccountError> {
        let pending = self.pending().await?;
        if pending.code.is_some() {
            return Ok(waiting(pending));
        }
        self.send_sign_up(pending, &AtomicU32::new(0)).await
    }

    /// What waits for its code, if anything. Nothing is sent.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn waiting_sign_up(&self) -> Result<Option<Waiting>, AccountError> {
        Ok(self.stored().await?.map(waiting))
    }

    /// Asks for another code.
    ///
    /// # Errors
    /// [`AccountError`]; `CodeLocked` after too many.
    pub async fn resend_code(&self) -> Result<Waiting, AccountError> {
        let pending = self.pending().await?;
        let path = format!("/v1/accounts/{}/resend", pending.id);
        // Not repeated by itself: each one that arrives counts.
        let answer = in_time(self.authorised.http.send(Request::new(Method::POST, &path))).await?;
        self.keep_code(pending, &answer.json()?).await
    }

    /// The code makes the account, or sets the other password, and signs in. What was typed before there was an account
    /// belongs to the person of a new one; who comes back may be somebody else than who typed it.
    ///
    /// # Errors
    /// [`AccountError`]; `WrongCode` with the number `attempts_left`.
    pub async fn confirm_code(&self, code: &str, device_name: &str) -> Result<SignedIn, AccountError> {
        let pending = self.pending().await?;
        let path = format!("/v1/accounts/{}/code", pending.id);
        // The same code for the same sign-up has the same key, so that a lost answer is given again.
        let key = key_of(&[pending.id.as_bytes(), code.as_bytes()]);
        let body = ConfirmCode { code: code.to_owned(), device_name: device_name.to_owned() };
        let session: Session = self
            .ask(|| Ok(Request { idempotency_key: Some(key), ..Request::new(Method::POST, &path).json(&body)? }))
            .await?;
        *self.memory() = None;
        // Signing in ends the sign-up in the same transaction.
        self.open(session, pending.purpose == CodePurpose::Account).await
    }

    /// Gives the sign-up, or the other password, up.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn abandon_sign_up(&self) -> Result<(), AccountError> {
        *self.memory() = None;
        Ok(self.authorised.store.clear_sign_up().await?)
    }

    async fn pending(&self) -> Result<PendingSignUp, AccountError> {
        self.stored().await?.ok_or(AccountError::NoSignUp)
    }

    /// What waits with the central that is asked here; another one may be in use meanwhile.
    async fn stored(&self) -> Result<Option<PendingSignUp>, AccountError> {
        let stored = self.authorised.store.sign_up().await?;
        Ok(stored.filter(|pending| pending.origin == self.authorised.http.base()))
    }

    /// Counts how often it was sent.
    async fn send_sign_up(&self, pending: PendingSignUp, tries: &AtomicU32) -> Result<Waiting, AccountError> {
        let sent: CodeSent = self
            .ask(|| {
                tries.fetch_add(1, Ordering::Relaxed);
                Ok(Request {
                    idempotency_key: Some(pending.id),
                    body: Some(pending.body.expose_secret().as_bytes().to_vec()),
                    ..Request::new(Method::POST, path(pending.purpose))
                })
            })
            .await?;
        self.keep_code(pending, &sent).await
    }

    async fn keep_code(&self, pending: PendingSignUp, sent: &CodeSent) -> Result<Waiting, AccountError> {
        let after = |seconds: u64| {
            wall_ms().saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX / 1_000).saturating_mul(1_000))
        };
        let code = CodeState {
            expires_at: after(sent.expires_in_s),
            resend_at: after(sent.resend_after_s),
            resends_left: sent.resends_left,
        };
        // It may have been given up, or another one have taken its place, while central answered.
        if !self.authorised.store.keep_code(pending.id, code).await? {
            return Err(AccountError::NoSignUp);
        }
        Ok(waiting(PendingSignUp { code: Some(code), ..pending }))
    }

    /// True when this very form is stored already, password included.
    async fn is_repeated(&self, form: &CodeForm) -> Result<bool, AccountError> {
        let remembered =
            self.memory().as_ref().filter(|known| digest(form, &known.salt) == known.digest).map(|known| known.sign_up);
        let stored = self.stored().await?.map(|pending| pending.id);
        Ok(remembered.is_some() && remembered == stored)
    }

    /// Gives back what was remembered before.
    fn remember(&self, form: &CodeForm, sign_up: Uuid) -> Option<Remembered> {
        let mut salt = [0_u8; 32];
        OsRng.fill_bytes(&mut salt);
        self.memory().replace(Remembered::of(form, salt, sign_up))
    }

    fn memory(&self) -> MutexGuard<'_, Option<Remembered>> {
        self.form.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn waiting(pending: PendingSignUp) -> Waiting {
    Waiting { purpose: pending.purpose, email: pending.email, code: pending.code }
}
