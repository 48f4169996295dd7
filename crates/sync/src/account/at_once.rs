//! Steps of the registration whose answer is needed at once: codes, the face check, the test.
//!
//! Each may be repeated after a lost answer, a crash or a restart: its key is in the store before the request leaves, and
//! stays until central has answered for good. Then the next wish of the person is another one, with another key.

use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::{ConfirmPhone, FaceSession, NewFaceSession, PhoneCodeSent, TestPaper};
use reqwest::Method;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{AccountError, Accounts, TRIES};
use crate::clock::wall_ms;
use crate::failure::Class;
use crate::http::{Answer, Request};

/// An answer that was lost longer ago is worth nothing: what it tells of seconds to go is over.
const KEY_LIFE_MS: i64 = 10 * 60 * 1_000;

/// A wish whose answer is awaited, as it is kept.
#[derive(Serialize, Deserialize)]
struct Wish {
    key: Uuid,
    /// SHA-256 of the body, hex: another body is another wish.
    body: String,
    at: i64,
}

impl Accounts {
    /// Asks for a code to the phone.
    ///
    /// # Errors
    /// [`AccountError`]; `StepRefused`, `CodeLocked`, `PartyUnavailable`.
    pub async fn send_phone_code(&self) -> Result<PhoneCodeSent, AccountError> {
        self.at_once("/v1/phone/code", &json!({})).await
    }

    /// Sends the typed code.
    ///
    /// # Errors
    /// [`AccountError`]; `WrongCode` with `attempts_left`, `CodeExpired`, `CodeLocked`.
    pub async fn confirm_phone(&self, code: &str) -> Result<(), AccountError> {
        let body = ConfirmPhone { code: code.to_owned() };
        self.at_once::<serde_json::Value>("/v1/phone/confirm", &body).await.map(|_| ())
    }

    /// Begins a face check at the provider.
    ///
    /// # Errors
    /// [`AccountError`]; `StepRefused`, `Validation` without a consent, `PartyUnavailable`.
    pub async fn start_face_session(&self, asked: &NewFaceSession) -> Result<FaceSession, AccountError> {
        self.at_once("/v1/face/sessions", asked).await
    }

    /// Begins the test; central's clock runs from then on.
    ///
    /// # Errors
    /// [`AccountError`]; `StepRefused`.
    pub async fn start_test(&self) -> Result<TestPaper, AccountError> {
        self.at_once("/v1/test/start", &json!({})).await
    }

    /// The paper of the running test; `None` when none runs.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn running_test(&self) -> Result<Option<TestPaper>, AccountError> {
        match self.repeated(|| Ok(Request::new(Method::GET, "/v1/test"))).await {
            Ok(answer) => Ok(Some(answer.json()?)),
            Err(error) if error.code() == Some(ProblemCode::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Posts a wish of the person that is safe to repeat.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn at_once<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, AccountError> {
        let account = self.authorised.store.current_account().await?.ok_or(AccountError::SignedOut)?.id;
        let bytes = serde_json::to_vec(body).map_err(|_| AccountError::Incompatible)?;
        let name = format!("awaited {path}");
        let key = self.key_of_wish(account, &name, &bytes).await?;
        let answer = self
            .repeated(|| {
                let body = Some(bytes.clone());
                Ok(Request { idempotency_key: Some(key), body, ..Request::new(Method::POST, path) })
            })
            .await;
        let answer = match answer {
            Ok(answer) => answer.json().map_err(AccountError::from),
            Err(error) => Err(error),
        };
        if answer.as_ref().map_or_else(is_final, |_| true) {
            self.authorised.store.set_fact(account, &name, None).await?;
        }
        answer
    }

    async fn key_of_wish(&self, account: Uuid, name: &str, body: &[u8]) -> Result<Uuid, AccountError> {
        let store = &self.authorised.store;
        let (body, at) = (hex::encode(Sha256::digest(body)), wall_ms());
        let kept = store.fact(account, name).await?.and_then(|text| serde_json::from_str::<Wish>(&text).ok());
        if let Some(wish) = kept.filter(|wish| wish.body == body && (at - wish.at).abs() < KEY_LIFE_MS) {
            return Ok(wish.key);
        }
        let wish = Wish { key: Uuid::now_v7(), body, at };
        let text = serde_json::to_string(&wish).map_err(|_| AccountError::Incompatible)?;
        store.set_fact(account, name, Some(&text)).await?;
        Ok(wish.key)
    }

    /// A few tries while nobody sensible answers.
    async fn repeated<'a>(
        &self,
        make: impl Fn() -> Result<Request<'a>, crate::failure::Failure>,
    ) -> Result<Answer, AccountError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.send(&make).await {
                Err(AccountError::Unreachable { class: Class::Network, .. }) if tries < TRIES => {
                    tracing::debug!(tries, "a step is asked for again");
                }
                done => return done,
            }
        }
    }
}

/// True when the same key would only give the same answer again. Of what central did not get to, it is kept.
fn is_final(error: &AccountError) -> bool {
    !matches!(
        error.code(),
        None | Some(
            ProblemCode::Busy
                | ProblemCode::RateLimited
                | ProblemCode::PartyUnavailable
                | ProblemCode::Internal
                | ProblemCode::TokenExpired
                | ProblemCode::SessionRevoked
                | ProblemCode::Unknown
        )
    )
}
