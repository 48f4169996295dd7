//! The HTTP client: what goes out with every request, and what counts as an answer.
//!
//! **Genuineness rule** (`sync.md` §3.1): an answer is central's only if the certificate verified, the media type is the
//! expected one, and the mark and the echoed request id are in the headers *or* in the body (some proxies strip unknown
//! headers). Everything else becomes [`Class::NotOurServer`] before anybody looks at its status. Redirects are never
//! followed. There are no retries here.

mod genuine;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prakerja_protocol::{header, upload};
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, IF_NONE_MATCH};
use reqwest::{Method, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::clock::ServerClock;
use crate::failure::{self, Class, Failure};

/// Bodies from this size on are compressed.
const COMPRESS_FROM: usize = 1024;

/// Where central is and who is asking.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// Address of central, such as `https://api.example.org`; plain http for loopback hosts only.
    pub base: String,
    /// The device's id, made once per data folder.
    pub device: Uuid,
    /// Value of `X-Client`: `app/<version> (<os>; schema=<n>)`.
    pub client: String,
    /// Further root certificates (DER). For tests and for operators with an authority of their own.
    pub extra_roots: Vec<Vec<u8>>,
    /// Longest time to a TCP connection.
    pub connect_timeout: Duration,
    /// Longest time from the beginning of a request (connection, TLS and sending included) to the head of its answer, and
    /// longest silence while the answer is read. Not a limit on the whole: slow links are normal.
    pub idle_timeout: Duration,
}

impl HttpConfig {
    /// The time limits of `sync.md` §3.7: 10 s to a connection, 10 s for TLS, 30 s to the head of an answer.
    pub fn new(base: impl Into<String>, device: Uuid, client: impl Into<String>) -> Self {
        Self {
            base: base.into(),
            device,
            client: client.into(),
            extra_roots: Vec::new(),
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(50),
        }
    }
}

/// The client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum HttpSetupError {
    /// The address is no URL, or not https and not loopback.
    #[error("central's address must be https, or http on a loopback host")]
    BadAddress,
}

/// The client. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Http {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    config: HttpConfig,
    base: String,
    /// Absent while they cannot be made.
    clients: RwLock<Option<Clients>>,
    clock: Arc<ServerClock>,
    outbox: Mutex<(u32, u64)>,
}

/// Two pools: a long-poll must not make quick requests wait, nor lend them its patience.
#[derive(Debug, Clone)]
struct Clients {
    quick: reqwest::Client,
    patient: reqwest::Client,
}

/// How an answer proves that it is central's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// Mark and echoed request id.
    Echoed,
    /// The mark alone: a public answer that any cache on the way may have kept.
    Cacheable,
}

/// A part of an upload. Sealed bytes do not compress.
#[derive(Debug)]
pub struct Part {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Where it begins.
    pub offset: u64,
}

/// What an answer's body is, and how large it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Body {
    /// Its media type; a problem has its own.
    pub media_type: &'static str,
    /// Most bytes. One that goes on is no answer.
    pub limit: usize,
}

impl Body {
    /// A message of the protocol (the whole catalogue is well below one MiB).
    pub const MESSAGE: Self = Self { media_type: "application/json", limit: 32 * 1024 * 1024 };
}

/// One attempt of a request.
#[derive(Debug)]
pub struct Request<'a> {
    /// Method.
    pub method: Method,
    /// Path from the root, with what is needed already percent-encoded.
    pub path: &'a str,
    /// Query members.
    pub query: Vec<(&'static str, String)>,
    /// Access token.
    pub bearer: Option<&'a SecretString>,
    /// Makes a POST repeatable.
    pub idempotency_key: Option<Uuid>,
    /// Version that is already here.
    pub if_none_match: Option<String>,
    /// Digests of the commands of a push that have a deadline.
    pub command_digests: Option<String>,
    /// JSON body.
    pub body: Option<Vec<u8>>,
    /// A part of an upload, in place of a JSON body.
    pub part: Option<Part>,
    /// What the answer must prove.
    pub marks: Marks,
    /// What the answer is.
    pub expects: Body,
    /// Central may be silent for so long on purpose (long-poll).
    pub patience: Duration,
}

impl<'a> Request<'a> {
    /// A request without extras.
    pub fn new(method: Method, path: &'a str) -> Self {
        Self {
            method,
            path,
            query: Vec::new(),
            bearer: None,
            idempotency_key: None,
            if_none_match: None,
            command_digests: None,
            body: None,
            part: None,
            marks: Marks::Echoed,
            expects: Body::MESSAGE,
            patience: Duration::ZERO,
        }
    }

    /// Sets the JSON body.
    ///
    /// # Errors
    /// [`Class::Local`] when the value cannot be written as JSON (never for protocol types).
    pub fn json<T: serde::Serialize>(mut self, body: &T) -> Result<Self, Failure> {
        self.body = Some(serde_json::to_vec(body).map_err(|_| Failure::of(Class::Local))?);
        Ok(self)
    }
}

/// A genuine, successful answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// 200 to 299, or 304.
    pub status: u16,
    /// Central asks to slow down although it answered.
    pub backoff: Option<Duration>,
    /// Bytes of an upload that central has.
    pub offset: Option<u64>,
    /// Central's tokens for the commands of a push that it had no room for.
    pub seen: Option<Box<str>>,
    body: Vec<u8>,
}

impl Answer {
    /// Reads the body.
    ///
    /// # Errors
    /// A body that does not parse was cut on the way: [`Class::Network`] (fault 13).
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_slice(&self.body).map_err(|error| {
            tracing::warn!(line = error.line(), column = error.column(), "an answer could not be read");
            Failure { genuine: true, ..Failure::of(Class::Network) }
        })
    }

    /// The body as it came.
    pub fn into_bytes(self) -> Vec<u8> {
        self.body
    }
}

impl Http {
    /// Makes the client. Nothing is sent. Where the system's certificates cannot be used (a computer without any), every
    /// request tries again to use them and fails as one whose authority is not known.
    ///
    /// # Errors
    /// [`HttpSetupError`].
    pub fn new(config: HttpConfig, clock: Arc<ServerClock>) -> Result<Self, HttpSetupError> {
        let base = check_base(&config.base)?;
        let base = base.as_str().trim_end_matches('/').to_owned();
        let shared = Shared { config, base, clients: RwLock::default(), clock, outbox: Mutex::default() };
        let http = Self { shared: Arc::new(shared) };
        // A failure is told by the first request.
        let _ = http.clients();
        Ok(http)
    }

    /// Address of central, without a slash at the end.
    pub fn base(&self) -> &str {
        &self.shared.base
    }

    fn clients(&self) -> Result<Clients, Failure> {
        let known = self.shared.clients.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(clients) = known {
            return Ok(clients);
        }
        self.drop_connections();
        let made = self.shared.clients.read().unwrap_or_else(PoisonError::into_inner).clone();
        made.ok_or_else(|| Failure::of(Class::TlsUnknownAuthority))
    }

    /// The device's id.
    pub fn device(&self) -> Uuid {
        self.shared.config.device
    }

    /// Central's time as seen in answers.
    pub fn clock(&self) -> &Arc<ServerClock> {
        &self.shared.clock
    }

    /// Numbers for the operator in the next requests: how many commands wait and how old the oldest is.
    pub fn set_outbox(&self, waiting: u32, oldest: Duration) {
        *self.shared.outbox.lock().unwrap_or_else(PoisonError::into_inner) = (waiting, oldest.as_secs());
    }

    /// Forgets kept connections: after sleep they are dead without knowing it (fault 16).
    pub fn drop_connections(&self) {
        let Ok(base) = check_base(&self.shared.config.base) else { return };
        match Clients::new(&self.shared.config, &base) {
            Ok(new) => *self.shared.clients.write().unwrap_or_else(PoisonError::into_inner) = Some(new),
            Err(error) => tracing::warn!(%error, "the secure connection could not be set up"),
        }
    }

    /// Sends one attempt.
    ///
    /// # Errors
    /// [`Failure`], classified once.
    pub async fn send(&self, request: Request<'_>) -> Result<Answer, Failure> {
        let id = Uuid::new_v4();
        let (marks, expects) = (request.marks, request.expects);
        let built = self.build(request, id)?;
        let clock = &self.shared.clock;
        let sent = clock.moment();
        let response = built.send().await.map_err(|error| failure::from_transport(&error))?;
        let came = clock.moment();
        let (server_ms, answer) = match genuine::read(response, id, marks, expects).await {
            Ok(read) => (read.server_ms, Ok(read.answer)),
            Err(refused) => (refused.server_ms, Err(*refused.failure)),
        };
        if let Some(server_ms) = server_ms {
            clock.observe(server_ms, sent, came);
        }
        answer
    }

    fn build(&self, request: Request<'_>, id: Uuid) -> Result<reqwest::RequestBuilder, Failure> {
        let shared = &self.shared;
        let clients = self.clients()?;
        let client = if request.patience.is_zero() { clients.quick } else { clients.patient };
        let (waiting, oldest) = *shared.outbox.lock().unwrap_or_else(PoisonError::into_inner);
        let mut built = client
            .request(request.method, format!("{}{}", shared.base, request.path))
            .query(&request.query)
            .header(header::REQUEST_ID, id.to_string())
            .header(header::DEVICE, shared.config.device.to_string())
            .header(header::CLIENT, &shared.config.client)
            .header(header::OUTBOX, format!("n={waiting};oldest={oldest}"));
        if let Some(token) = request.bearer {
            built = built.bearer_auth(token.expose_secret());
        }
        if let Some(key) = request.idempotency_key {
            built = built.header(header::IDEMPOTENCY_KEY, format!("\"{key}\""));
        }
        if let Some(version) = request.if_none_match {
            built = built.header(IF_NONE_MATCH, version);
        }
        if let Some(digests) = request.command_digests {
            built = built.header(header::COMMAND_DIGESTS, digests);
        }
        if let Some(Part { bytes, offset }) = request.part {
            let digest = STANDARD.encode(Sha256::digest(&bytes));
            built = built
                .header(CONTENT_TYPE, upload::MEDIA_TYPE)
                .header(upload::OFFSET, offset)
                .header(upload::DIGEST, format!("sha-256=:{digest}:"))
                .body(bytes);
        }
        if let Some(body) = request.body {
            built = built.header(CONTENT_TYPE, "application/json");
            built = if body.len() > COMPRESS_FROM {
                let packed = zstd::bulk::compress(&body, 3).map_err(|_| Failure::of(Class::Local))?;
                built.header(CONTENT_ENCODING, "zstd").body(packed)
            } else {
                built.body(body)
            };
        }
        Ok(built)
    }
}

impl Clients {
    fn new(config: &HttpConfig, base: &Url) -> Result<Self, reqwest::Error> {
        let make = |silence: Duration| {
            let mut builder = reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .connect_timeout(config.connect_timeout)
                .read_timeout(silence)
                // Below central's keep-alive of 60 s, so that a kept connection is rarely a dead one.
                .pool_idle_timeout(Duration::from_secs(20))
                .https_only(base.scheme() == "https");
            if is_loopback(base) {
                builder = builder.no_proxy();
            }
            let mut roots = Vec::new();
            for der in &config.extra_roots {
                roots.push(reqwest::Certificate::from_der(der)?);
            }
            if !roots.is_empty() {
                builder = builder.tls_certs_merge(roots);
            }
            builder.build()
        };
        let long_poll = Duration::from_secs(prakerja_protocol::limits::LONG_POLL_SECONDS);
        Ok(Self { quick: make(config.idle_timeout)?, patient: make(config.idle_timeout + long_poll)? })
    }
}

fn check_base(text: &str) -> Result<Url, HttpSetupError> {
    let url = Url::parse(text).map_err(|_| HttpSetupError::BadAddress)?;
    let safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.has_host();
    if safe && plain { Ok(url) } else { Err(HttpSetupError::BadAddress) }
}

fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_connection_and_a_thoughtful_central_have_their_time() {
        let limits = HttpConfig::new("https://api.example.org", Uuid::nil(), "app/0.1.0");
        // `sync.md` §3.7: TCP, TLS and the head of a push's answer, one after the other.
        assert!(limits.idle_timeout >= Duration::from_secs(10 + 10 + 30));
    }

    #[test]
    fn only_https_or_loopback_is_an_address_of_central() {
        for good in
            ["https://api.example.org", "https://api.example.org/base/", "http://127.0.0.1:8080", "http://[::1]:1"]
        {
            assert!(check_base(good).is_ok(), "{good}");
        }
        for bad in ["http://api.example.org", "ftp://127.0.0.1", "api.example.org", "https://user:pw@example.org", ""] {
            assert!(check_base(bad).is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_body_that_takes_its_time_does_not_make_central_s_clock_run_behind() {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

        const SLOW: Duration = Duration::from_millis(600);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let central = tokio::spawn(async move {
            let (mut road, _) = listener.accept().await.unwrap();
            let mut asked = String::new();
            while !asked.contains("\r\n\r\n") {
                asked.push(road.read_u8().await.unwrap().into());
            }
            let id = asked.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap();
            let head = [
                "HTTP/1.1 200 OK",
                "content-type: application/json",
                "content-length: 2",
                &format!("{}: {}", header::API, prakerja_protocol::API_MARK),
                &format!("{}: {id}", header::REQUEST_ID),
                &format!("{}: 1000000\r\n\r\n", header::SERVER_TIME),
            ];
            let head = head.join("\r\n");
            road.write_all(head.as_bytes()).await.unwrap();
            tokio::time::sleep(SLOW).await;
            road.write_all(b"{}").await.unwrap();
        });
        let config = HttpConfig::new(format!("http://{address}"), Uuid::nil(), "app/0 (test; schema=1)");
        let http = Http::new(config, Arc::default()).unwrap();
        http.send(Request::new(Method::GET, "/")).await.unwrap();
        central.await.unwrap();
        let passed = http.clock().server_now_ms().unwrap() - 1_000_000;
        assert!(passed >= 300, "{passed} ms since the head was made");
    }

    #[tokio::test]
    async fn certificates_that_cannot_be_used_fail_the_request_and_not_the_client() {
        let mut config = HttpConfig::new("https://127.0.0.1:9", Uuid::nil(), "app/0 (test; schema=1)");
        config.extra_roots = vec![b"no certificate".to_vec()];
        let http = Http::new(config, Arc::default()).unwrap();
        let failure = http.send(Request::new(Method::GET, "/")).await.unwrap_err();
        assert_eq!(failure.class, Class::TlsUnknownAuthority);
    }
}
