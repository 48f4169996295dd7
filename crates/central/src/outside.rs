//! Requests to outside parties (civil registry, message service, face check): JSON over HTTPS with a bearer token.
//!
//! An answer counts when it is 2xx, says that it is JSON, is small, arrives in time and reads as what was expected. What a
//! party sends is never logged: it may repeat whom it was asked about. `docs/adapters.md` has the messages.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder, Url, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Most bytes of an answer: all of them are a few numbers and words.
const ANSWER_BYTES: usize = 64 * 1024;

/// The settings of a party are not usable.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// No address.
    #[error("configuration: {0}.url is no http(s) address")]
    Address(String),
    /// Personal data would travel in clear.
    #[error("configuration: {0}.url must be https, except for a service on this machine")]
    Unprotected(String),
    /// The token cannot be sent.
    #[error("configuration: {0}: the token has characters that no header can have")]
    Token(String),
    /// TLS could not be set up.
    #[error("no HTTP client for {0}")]
    Client(String, #[source] reqwest::Error),
}

/// Why there is no answer. Texts are codes: nothing of the answer is in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OutsideError {
    /// None was configured.
    #[error("not configured")]
    Missing,
    /// No connection, or it broke.
    #[error("unreachable")]
    Unreachable,
    /// Not in time.
    #[error("time-out")]
    TimeOut,
    /// A status that is no answer.
    #[error("status {0}")]
    Status(u16),
    /// No JSON, too large, or not what was agreed.
    #[error("no answer as agreed")]
    Garbled,
}

/// One party.
#[derive(Debug)]
pub(crate) struct Outside {
    http: Client,
    url: Url,
    token: Option<SecretString>,
}

impl Outside {
    /// `section` names the settings.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub(crate) fn new(
        section: &str,
        url: &str,
        token: Option<&SecretString>,
        timeout_s: u64,
    ) -> Result<Self, SettingsError> {
        let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let url = url.ok_or_else(|| SettingsError::Address(section.to_owned()))?;
        if url.scheme() == "http" && !is_local(&url) {
            return Err(SettingsError::Unprotected(section.to_owned()));
        }
        if token.is_some_and(|token| !token.expose_secret().bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(SettingsError::Token(section.to_owned()));
        }
        let http = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(Duration::from_secs(timeout_s.max(1)))
            .user_agent(concat!("prakerja-central/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| SettingsError::Client(section.to_owned(), error))?;
        Ok(Self { http, url, token: token.cloned() })
    }

    /// Sends `body` and reads the answer. `key` is the same for every try of the same thing.
    ///
    /// # Errors
    /// [`OutsideError`].
    pub(crate) async fn post<Q: Serialize, A: DeserializeOwned>(
        &self,
        path: &[&str],
        key: Uuid,
        body: &Q,
    ) -> Result<A, OutsideError> {
        let request = self.http.post(self.address(path)).header("idempotency-key", format!("\"{key}\"")).json(body);
        self.send(request).await
    }

    /// Reads an answer.
    ///
    /// # Errors
    /// [`OutsideError`].
    pub(crate) async fn get<A: DeserializeOwned>(&self, path: &[&str]) -> Result<A, OutsideError> {
        self.send(self.http.get(self.address(path))).await
    }

    /// The party's address with further segments, each escaped.
    fn address(&self, path: &[&str]) -> Url {
        let mut url = self.url.clone();
        // An http(s) address always has a path.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }

    async fn send<A: DeserializeOwned>(&self, request: RequestBuilder) -> Result<A, OutsideError> {
        let request = match &self.token {
            Some(token) => request.bearer_auth(token.expose_secret()),
            None => request,
        };
        let mut response = request.send().await.map_err(|error| Self::network(&error))?;
        if !response.status().is_success() {
            return Err(OutsideError::Status(response.status().as_u16()));
        }
        let media = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !media.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json")) {
            return Err(OutsideError::Garbled);
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| Self::network(&error))? {
            if bytes.len() + chunk.len() > ANSWER_BYTES {
                return Err(OutsideError::Garbled);
            }
            bytes.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&bytes).map_err(|_| OutsideError::Garbled)
    }

    fn network(error: &reqwest::Error) -> OutsideError {
        if error.is_timeout() {
            OutsideError::TimeOut
        } else if error.is_decode() {
            OutsideError::Garbled
        } else {
            OutsideError::Unreachable
        }
    }
}

fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_protected_or_on_this_machine() {
        let cases = [
            ("https://dukcapil.example.org/v1/match", None),
            ("http://127.0.0.1:9000/", None),
            ("http://[::1]:9000", None),
            ("http://localhost/x", None),
            ("http://dukcapil.example.org/", Some("must be https")),
            ("ftp://example.org/", Some("no http(s) address")),
            ("example.org", Some("no http(s) address")),
            ("", Some("no http(s) address")),
        ];
        for (url, expected) in cases {
            let refused = Outside::new("registry", url, None, 10).err().map(|error| error.to_string());
            assert_eq!(refused.is_some(), expected.is_some(), "{url}: {refused:?}");
            assert!(refused.unwrap_or_default().contains(expected.unwrap_or_default()), "{url}");
        }
        let token = SecretString::from("a\nb");
        let refused = Outside::new("sms", "https://x.id", Some(&token), 1);
        assert!(matches!(refused, Err(SettingsError::Token(section)) if section == "sms"));
    }

    #[test]
    fn segments_are_escaped() {
        let party = Outside::new("face", "https://face.example.org/api/", None, 10).unwrap();
        let address = party.address(&["sessions", "a/../b?c"]);
        assert_eq!(address.as_str(), "https://face.example.org/api/sessions/a%2F..%2Fb%3Fc");
    }
}
