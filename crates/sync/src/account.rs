//! Accounts: sign-up, codes, another password, sign-in, sessions.
//!
//! The password never leaves this computer and is never kept: OPAQUE turns it into messages that tell nobody anything,
//! with Argon2id here, on a thread of its own. A sign-up is stored before it is sent, so that a repetition (after a lost
//! answer, a crash, a night) is the same sign-up with the same key and the same bytes.
//!
//! A form may fail in front of the person, so these requests are tried a few times at once and then given back as an
//! [`AccountError`] that says why.

mod at_once;
mod close;
mod closing;
mod error;
mod form;
mod handover;
mod opaque;
mod sign_up;

use std::time::Duration;

use prakerja_protocol::account::{Session, SessionInfo, SessionList, SignIn, SignInStart, SignInStarted};
use reqwest::Method;
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub(crate) use self::closing::Closing;
pub use self::error::AccountError;
pub(crate) use self::form::FormMemory;
pub use self::form::{CodeForm, Wish};
pub use self::sign_up::Waiting;

use crate::clock::wall_ms;
use crate::executor::SyncHandle;
use crate::failure::{Class, Failure};
use crate::http::{Answer, Request};
use crate::refresh::{Authorised, tokens_of};

/// How often a request is sent before the person hears of it.
const TRIES: u32 = 3;
/// Nobody waits longer in front of a form for one try; the exchange behind it has more patience.
const FORM: Duration = Duration::from_secs(20);
/// Nobody waits longer to sign out, whatever the network does.
const GOODBYE: Duration = Duration::from_secs(5);

/// The client of central's account requests. Cheap to clone. Get it from [`SyncHandle::accounts`].
#[derive(Clone)]
pub struct Accounts {
    authorised: Authorised,
    form: FormMemory,
    sync: SyncHandle,
}

/// Somebody signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The account (and person).
    pub person: Uuid,
    /// E-mail address of the account.
    pub email: String,
}

impl Accounts {
    pub(crate) fn new(authorised: Authorised, form: FormMemory, sync: SyncHandle) -> Self {
        Self { authorised, form, sync }
    }

    /// Signs in and stores the session. With `adopt_drafts`, what was typed before belongs to this person.
    ///
    /// # Errors
    /// [`AccountError`]; `WrongCredentials` when address or password is wrong (which of them is not known).
    pub async fn sign_in(
        &self,
        email: &str,
        password: &SecretString,
        device_name: &str,
        adopt_drafts: bool,
    ) -> Result<SignedIn, AccountError> {
        let session = self.new_session(email, password, device_name).await?;
        self.open(session, adopt_drafts).await
    }

    /// Opens a session at central with the password. Nothing of it is stored.
    async fn new_session(
        &self,
        email: &str,
        password: &SecretString,
        device_name: &str,
    ) -> Result<Session, AccountError> {
        let (request, login) = opaque::start_sign_in(password)?;
        let start = SignInStart { email: email.to_owned(), request };
        let started: SignInStarted = self.ask(|| Request::new(Method::POST, "/v1/sessions/start").json(&start)).await?;
        let finalization = opaque::finish_sign_in(login, password, &started.response, started.stretch).await?;
        let body = SignIn { attempt: started.attempt, finalization, device_name: device_name.to_owned() };
        let key = Uuid::now_v7();
        let session = self.ask(|| {
            Ok(Request { idempotency_key: Some(key), ..Request::new(Method::POST, "/v1/sessions").json(&body)? })
        });
        Ok(session.await?)
    }

    /// Signs out. The session ends here at once and at central as soon as it can be reached (when it cannot, the session
    /// there runs out). What was not sent waits for the same person.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn sign_out(&self) -> Result<(), AccountError> {
        let Some(account) = self.authorised.store.current_account().await? else { return Ok(()) };
        if account.tokens.is_some() {
            let request = || Ok(Request::new(Method::DELETE, "/v1/sessions/current"));
            let told = tokio::time::timeout(GOODBYE, self.authorised.send(request)).await;
            tracing::info!(told = matches!(told, Ok(Ok(_))), "signed out");
        }
        self.authorised.store.sign_out(account.id).await?;
        self.changed().await;
        Ok(())
    }

    /// The person's open sessions.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn sessions(&self) -> Result<Vec<SessionInfo>, AccountError> {
        let list: SessionList = self.send(|| Ok(Request::new(Method::GET, "/v1/sessions"))).await?.json()?;
        Ok(list.sessions)
    }

    /// Ends one of the person's sessions, on another computer.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn end_session(&self, session: Uuid) -> Result<(), AccountError> {
        let path = format!("/v1/sessions/{session}");
        self.send(|| Ok(Request::new(Method::DELETE, &path))).await?;
        Ok(())
    }

    /// Sends a request of somebody who is signed in. A session that central ended is over here, too.
    async fn send<'a>(&self, make: impl Fn() -> Result<Request<'a>, Failure>) -> Result<Answer, AccountError> {
        let asking = self.authorised.store.current_account().await?;
        let answer = in_time(self.authorised.send(make)).await;
        if let Err(failure) = &answer
            && failure.class == Class::SessionRevoked
            && failure.genuine
            && let Some(account) = asking
        {
            self.authorised.store.end_session(account.id, account.session).await?;
            self.changed().await;
        }
        Ok(answer?)
    }

    async fn open(&self, session: Session, adopt_drafts: bool) -> Result<SignedIn, AccountError> {
        let stored = prakerja_store::Session {
            account: session.person,
            email: session.email.clone(),
            origin: self.authorised.http.base().to_owned(),
            session: session.session,
            tokens: tokens_of(&session),
            epoch: Some(session.epoch),
            receipt_key: Some(session.receipt_key.clone()),
        };
        self.authorised.store.sign_in(&stored, adopt_drafts, wall_ms()).await?;
        self.changed().await;
        Ok(SignedIn { person: session.person, email: session.email })
    }

    async fn changed(&self) {
        self.sync.account_changed().await;
    }

    /// Sends a request that may be repeated, a few times when nothing or nobody sensible answers.
    async fn ask<'a, T: DeserializeOwned>(
        &self,
        make: impl Fn() -> Result<Request<'a>, Failure>,
    ) -> Result<T, Failure> {
        let mut tries = 0;
        loop {
            tries += 1;
            let asked = in_time(self.authorised.http.send(make()?)).await.and_then(|answer| answer.json());
            match asked {
                Err(failure) if failure.class == Class::Network && tries < TRIES => {
                    tracing::debug!(tries, "an account request is sent again");
                }
                done => return done,
            }
        }
    }
}

async fn in_time(asked: impl Future<Output = Result<Answer, Failure>>) -> Result<Answer, Failure> {
    tokio::time::timeout(FORM, asked).await.unwrap_or_else(|_| Err(Failure::timed_out()))
}

/// A key that is the same for every repetition of the same request, also after a restart.
fn key_of(parts: &[&[u8]]) -> Uuid {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(part);
    }
    let mut bytes = [0_u8; 16];
    for (into, from) in bytes.iter_mut().zip(digest.finalize()) {
        *into = from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
