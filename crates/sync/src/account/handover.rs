//! A page on which a phone takes a photo for somebody who is signed in here.

use prakerja_protocol::registration::{DocumentKind, Handover, NewHandover};
use reqwest::Method;
use uuid::Uuid;

use super::{AccountError, Accounts};
use crate::http::Request;

impl Accounts {
    /// Asks for the address of such a page. Repeated with the same key when an answer is lost.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn handover(&self, kind: DocumentKind) -> Result<Handover, AccountError> {
        let (body, key) = (NewHandover { kind }, Uuid::now_v7());
        let answer = self
            .send(|| {
                Ok(Request { idempotency_key: Some(key), ..Request::new(Method::POST, "/v1/handovers").json(&body)? })
            })
            .await?;
        Ok(answer.json()?)
    }
}
