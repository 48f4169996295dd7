//! Sign-up: stored before it is sent, the same for every repetition.

use std::sync::{Arc, Mutex, PoisonError};

use prakerja_protocol::account::{
    CodeSent, ConfirmCode, Consent, Language, Session, SignUp, SignUpStart, SignUpStarted,
};
use prakerja_store::{CodeState, PendingSignUp};
use rand::RngCore;
use rand::rngs::OsRng;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroize;

use super::{AccountError, Accounts, SignedIn, in_time, key_of, opaque};
use crate::clock::wall_ms;
use crate::http::Request;

/// What the person filled in. The values are normalised and checked by the caller.
#[derive(Debug)]
pub struct SignUpForm {
    /// Normalised e-mail address.
    pub email: String,
    /// The password.
    pub password: SecretString,
    /// Language of the mails.
    pub language: Language,
    /// Boxes that were ticked.
    pub consents: Vec<Consent>,
}

/// A sign-up that waits for its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Where the code goes.
    pub email: String,
    /// What central said of the code; `None` when its answer is still missing: [`Accounts::resume_sign_up`].
    pub code: Option<CodeState>,
}

/// The form that was sent last, shared by everything that may send it again.
pub(crate) type FormMemory = Arc<Mutex<Option<Remembered>>>;

/// Tells whether the same form is sent again, without keeping the password: a digest with a salt that dies with the
/// program.
pub(crate) struct Remembered {
    salt: [u8; 32],
    digest: [u8; 32],
    sign_up: Uuid,
}

impl Remembered {
    fn of(form: &SignUpForm, salt: [u8; 32], sign_up: Uuid) -> Self {
        Self { salt, digest: digest(form, &salt), sign_up }
    }
}

impl Drop for Remembered {
    fn drop(&mut self) {
        self.salt.zeroize();
        self.digest.zeroize();
    }
}

fn digest(form: &SignUpForm, salt: &[u8; 32]) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(salt);
    digest.update(form.email.as_bytes());
    digest.update([0, u8::from(form.language == Language::En)]);
    for consent in &form.consents {
        digest.update(consent.id.as_bytes());
        digest.update([0]);
        digest.update(consent.version.as_bytes());
        digest.update([0]);
    }
    digest.update(form.password.expose_secret().as_bytes());
    digest.finalize().into()
}

impl Accounts {
    /// Begins a sign-up: central sends a code by mail. The same form once more is the same sign-up.
    ///
    /// # Errors
    /// [`AccountError`]. When central was not reached, the sign-up stays and [`Accounts::resume_sign_up`] goes on.
    pub async fn sign_up(&self, form: &SignUpForm) -> Result<Waiting, AccountError> {
        if self.is_repeated(form).await? {
            return self.resume_sign_up().await;
        }
        let (request, registration) = opaque::start_sign_up(&form.password)?;
        let start = SignUpStart { email: form.email.clone(), request };
        let started: SignUpStarted = self.ask(|| Request::new(Method::POST, "/v1/accounts/start").json(&start)).await?;
        let upload = opaque::finish_sign_up(registration, &form.password, &started.response, started.stretch).await?;
        let body = SignUp {
            sign_up: Uuid::now_v7(),
            email: form.email.clone(),
            upload,
            stretch: started.stretch,
            language: form.language,
            consents: form.consents.clone(),
        };
        let text = serde_json::to_string(&body).map_err(|_| AccountError::Incompatible)?;
        let pending =
            PendingSignUp { id: body.sign_up, email: body.email, body: text.into(), code: None, created_at: wall_ms() };
        self.authorised.store.save_sign_up(&pending).await?;
        self.remember(form, body.sign_up);
        self.send_sign_up(pending).await
    }

    /// Sends the stored sign-up again, if its answer is missing: after a lost answer or a restart.
    ///
    /// # Errors
    /// [`AccountError::NoSignUp`] when there is none.
    pub async fn resume_sign_up(&self) -> Result<Waiting, AccountError> {
        let pending = self.pending().await?;
        if pending.code.is_some() {
            return Ok(Waiting { email: pending.email, code: pending.code });
        }
        self.send_sign_up(pending).await
    }

    /// The sign-up that waits for its code, if any. Nothing is sent.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn waiting_sign_up(&self) -> Result<Option<Waiting>, AccountError> {
        let pending = self.authorised.store.sign_up().await?;
        Ok(pending.map(|pending| Waiting { email: pending.email, code: pending.code }))
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

    /// The code makes the account and signs in. With `adopt_drafts`, what was typed before belongs to this person.
    ///
    /// # Errors
    /// [`AccountError`]; `WrongCode` with the number `attempts_left`.
    pub async fn confirm_code(
        &self,
        code: &str,
        device_name: &str,
        adopt_drafts: bool,
    ) -> Result<SignedIn, AccountError> {
        let pending = self.pending().await?;
        let path = format!("/v1/accounts/{}/code", pending.id);
        // The same code for the same sign-up has the same key, so that a lost answer is given again.
        let key = key_of(&[pending.id.as_bytes(), code.as_bytes()]);
        let body = ConfirmCode { code: code.to_owned(), device_name: device_name.to_owned() };
        let session: Session = self
            .ask(|| Ok(Request { idempotency_key: Some(key), ..Request::new(Method::POST, &path).json(&body)? }))
            .await?;
        self.forget();
        // Signing in ends the sign-up in the same transaction.
        self.open(session, adopt_drafts).await
    }

    /// Gives the sign-up up.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn abandon_sign_up(&self) -> Result<(), AccountError> {
        self.forget();
        Ok(self.authorised.store.clear_sign_up().await?)
    }

    async fn pending(&self) -> Result<PendingSignUp, AccountError> {
        self.authorised.store.sign_up().await?.ok_or(AccountError::NoSignUp)
    }

    async fn send_sign_up(&self, pending: PendingSignUp) -> Result<Waiting, AccountError> {
        let sent: CodeSent = self
            .ask(|| {
                Ok(Request {
                    idempotency_key: Some(pending.id),
                    body: Some(pending.body.expose_secret().as_bytes().to_vec()),
                    ..Request::new(Method::POST, "/v1/accounts")
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
        let pending = PendingSignUp { code: Some(code), ..pending };
        self.authorised.store.save_sign_up(&pending).await?;
        Ok(Waiting { email: pending.email, code: pending.code })
    }

    /// True when this very form is stored already, password included.
    async fn is_repeated(&self, form: &SignUpForm) -> Result<bool, AccountError> {
        let remembered = {
            let remembered = self.form.lock().unwrap_or_else(PoisonError::into_inner);
            remembered.as_ref().filter(|known| digest(form, &known.salt) == known.digest).map(|known| known.sign_up)
        };
        let stored = self.authorised.store.sign_up().await?.map(|pending| pending.id);
        Ok(remembered.is_some() && remembered == stored)
    }

    fn remember(&self, form: &SignUpForm, sign_up: Uuid) {
        let mut salt = [0_u8; 32];
        OsRng.fill_bytes(&mut salt);
        *self.form.lock().unwrap_or_else(PoisonError::into_inner) = Some(Remembered::of(form, salt, sign_up));
    }

    fn forget(&self) {
        *self.form.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
