//! New tokens, one request at a time for the whole program: two refreshes side by side could make central believe that a
//! token was stolen. The answer is stored before anybody uses it; when it is lost, the same token asks again and central
//! gives the same pair (fault 24).

use std::sync::Arc;

use prakerja_protocol::account::{Refresh, Session};
use prakerja_store::{Account, Store, Tokens};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::clock::wall_ms;
use crate::failpoint;
use crate::failure::{Class, Failure};
use crate::http::{Answer, Http, Request};

/// Renews tokens and sends requests that need them. Cheap to clone; all clones are one.
#[derive(Clone)]
pub(crate) struct Authorised {
    pub(crate) http: Http,
    pub(crate) store: Store,
    one_at_a_time: Arc<Mutex<()>>,
}

impl Authorised {
    pub(crate) fn new(http: Http, store: Store) -> Self {
        Self { http, store, one_at_a_time: Arc::default() }
    }

    /// The account that is signed in, with its access token.
    pub(crate) async fn account(&self) -> Result<(Account, SecretString), Failure> {
        let account = self.store.current_account().await.map_err(local)?;
        let account = account.ok_or_else(|| Failure::of(Class::SessionRevoked))?;
        match &account.tokens {
            Some(tokens) => {
                let access = tokens.access.clone();
                Ok((account, access))
            }
            None => Err(Failure::of(Class::SessionRevoked)),
        }
    }

    /// The access token of this account and of no other: one person's queue never travels with another's session.
    pub(crate) async fn token(&self, account: Uuid) -> Result<SecretString, Failure> {
        let (current, access) = self.account().await?;
        if current.id == account { Ok(access) } else { Err(Failure::of(Class::Network)) }
    }

    /// Gets the account's next pair, unless somebody else did so since `used` was read.
    pub(crate) async fn renew(&self, of: Uuid, used: &SecretString) -> Result<(), Failure> {
        let _alone = self.one_at_a_time.lock().await;
        let (account, access) = self.account().await?;
        if account.id != of {
            return Err(Failure::of(Class::Network));
        }
        if access.expose_secret() != used.expose_secret() {
            return Ok(());
        }
        let Some(tokens) = account.tokens else { return Err(Failure::of(Class::SessionRevoked)) };
        let body = Refresh { refresh_token: tokens.refresh.expose_secret().to_owned() };
        let request = Request::new(Method::POST, "/v1/sessions/refresh").json(&body)?;
        match self.http.send(request).await.and_then(|answer| answer.json::<Session>()) {
            Ok(session) => {
                failpoint::hit("refresh.answered");
                let tokens = tokens_of(&session);
                self.store.renew_tokens(account.id, account.session, &tokens).await.map_err(local)?;
                failpoint::hit("refresh.committed");
                Ok(())
            }
            Err(failure) if failure.genuine && is_the_end(failure.class) => {
                // Central does not know this session any more. What waits stays.
                self.store.end_session(account.id, account.session).await.map_err(local)?;
                Err(Failure { class: Class::SessionRevoked, ..failure })
            }
            Err(failure) => Err(failure),
        }
    }

    /// Sends a request with the access token, renewing it once when it is over.
    pub(crate) async fn send<'a>(&self, make: impl Fn() -> Result<Request<'a>, Failure>) -> Result<Answer, Failure> {
        let (account, access) = self.account().await?;
        let failure = match self.with(&make, &access).await {
            Err(failure) if failure.class == Class::TokenExpired => failure,
            done => return done,
        };
        tracing::debug!(class = failure.class.as_str(), "the access token is over");
        self.renew(account.id, &access).await?;
        let access = self.token(account.id).await?;
        self.with(&make, &access).await
    }

    async fn with<'a>(
        &self,
        make: &impl Fn() -> Result<Request<'a>, Failure>,
        access: &SecretString,
    ) -> Result<Answer, Failure> {
        let made = make()?;
        let request = Request { bearer: Some(access), ..made };
        self.http.send(request).await
    }
}

/// Central read the token and gives nothing for it.
pub(crate) fn is_the_end(class: Class) -> bool {
    matches!(
        class,
        Class::TokenExpired
            | Class::SessionRevoked
            | Class::Permanent
            | Class::Forbidden
            | Class::UnsupportedVersion
            | Class::TooLarge
    )
}

/// Tokens of a session, with the expiry by this computer's clock.
pub(crate) fn tokens_of(session: &Session) -> Tokens {
    let lives_ms = i64::try_from(session.access_expires_in_s).unwrap_or(i64::MAX / 1_000).saturating_mul(1_000);
    Tokens {
        access: session.access_token.clone().into(),
        access_expires_at: wall_ms().saturating_add(lives_ms),
        refresh: session.refresh_token.clone().into(),
    }
}

/// A failure of the store, logged once here.
#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
pub(crate) fn local(error: prakerja_store::StoreError) -> Failure {
    tracing::error!(%error, "the store failed");
    Failure::of(match error {
        prakerja_store::StoreError::OtherEpoch => Class::EpochChanged,
        _ => Class::Local,
    })
}
