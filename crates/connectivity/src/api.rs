//! Asking central, and telling its answers from everybody else's (the genuineness rule of `sync.md` §3.1).

use std::net::SocketAddr;
use std::time::Duration;

use prakerja_protocol::probe::{PROBE_PATH, Probe};
use prakerja_protocol::problem::{MEDIA_TYPE, Problem, ProblemCode};
use prakerja_protocol::{API_MARK, header};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde_json::Value;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::diagnose::TRIES;
use crate::secure::{Tls, TlsTrouble, nothing_trusted, tls_error};
use crate::target::{Limits, Options, Target};

/// Longest answer that is read. A probe has about 700 bytes.
const ANSWER_BYTES: usize = 64 * 1024;

/// What came back.
#[derive(Debug)]
pub(crate) enum Answer {
    /// Central's own answer.
    Probe(Box<Probe>),
    /// Central says that this app is too old.
    TooOld,
    /// Central says that it is busy.
    Busy,
    /// Central says that it failed.
    Down(u16),
    /// Somebody else answered with this status.
    NotOurs(u16),
    /// Nobody answered, or not to the end.
    Nothing,
    /// The secure connection failed (through an HTTP proxy, or since the check began).
    Tls(TlsTrouble),
}

/// Central's address with one warm connection to it.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) client: Client,
    target: Target,
    app: String,
    tls: Option<Tls>,
    first_question: Duration,
}

impl Api {
    /// A client that goes to addresses already found, or through the system's proxy where there are none.
    pub(crate) fn new(
        target: &Target,
        options: &Options,
        addresses: &[SocketAddr],
        tls: Option<Tls>,
    ) -> Result<Self, reqwest::Error> {
        let config = match &tls {
            Some(tls) => Some((*tls.config).clone()),
            None => nothing_trusted().ok(),
        };
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .http1_only()
            .pool_max_idle_per_host(1)
            .tcp_nodelay(true)
            .connect_timeout(options.limits.reach + options.limits.secure);
        if let Some(config) = config {
            builder = builder.tls_backend_preconfigured(config);
        }
        if !addresses.is_empty() {
            builder = builder.no_proxy().resolve_to_addrs(target.host(), addresses);
        }
        let app = format!("app/{} ({})", options.app_version, std::env::consts::OS);
        let first_question = options.limits.first_question();
        Ok(Self { client: builder.build()?, target: target.clone(), app, tls, first_question })
    }

    /// Asks for the probe and measures until its last byte.
    pub(crate) async fn probe(&self, limit: Duration) -> (Answer, Duration) {
        let (nonce, request) = (Uuid::new_v4().simple().to_string(), Uuid::new_v4());
        let begun = Instant::now();
        let asked = self
            .client
            .get(self.target.url(PROBE_PATH))
            .query(&[("n", &nonce)])
            .header(header::REQUEST_ID, request.to_string())
            .header(header::CLIENT, &self.app)
            .timeout(limit)
            .send();
        let answer = match asked.await {
            Err(error) => self.no_answer(&error),
            Ok(response) => {
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                match body(response).await {
                    Ok(body) => read(status, &headers, &body, &nonce, request),
                    Err(error) => self.no_answer(&error),
                }
            }
        };
        (answer, begun.elapsed())
    }

    /// The first question, asked again while nobody answers. All tries share one limit, which has room for opening a
    /// connection on a long line.
    pub(crate) async fn first_probe(&self, limits: &Limits) -> (Answer, Duration) {
        let deadline = Instant::now() + self.first_question;
        let left = || deadline.saturating_duration_since(Instant::now());
        let mut tries = 1;
        loop {
            let (answer, time) = self.probe(left()).await;
            if tries == TRIES || left() <= limits.again || !matches!(answer, Answer::Nothing) {
                return (answer, time);
            }
            tries += 1;
            sleep(limits.again).await;
        }
    }

    /// Opens the connection again after a failed try, so that the next try measures a round trip and not a connection.
    /// That takes as long as it takes, up to `at_most`: the limit of a try would be too short on a long line.
    pub(crate) async fn warm_up(&self, at_most: Duration) {
        let limit = self.first_question.min(at_most);
        let url = self.target.url(prakerja_protocol::probe::GENERATE_204_PATH);
        let _ = self.client.get(url).header(header::CLIENT, &self.app).timeout(limit).send().await;
    }

    /// A request to the upload sink, without its body.
    pub(crate) fn sink(&self) -> reqwest::RequestBuilder {
        self.client
            .post(self.target.url(prakerja_protocol::probe::SINK_PATH))
            .header(header::CLIENT, &self.app)
            .header(CONTENT_TYPE, "application/octet-stream")
    }

    fn no_answer(&self, error: &reqwest::Error) -> Answer {
        match (&self.tls, tls_error(error)) {
            (Some(tls), Some(error)) => Answer::Tls(tls.trouble(error)),
            _ => Answer::Nothing,
        }
    }
}

async fn body(mut response: Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await? {
        body.extend(piece);
        if body.len() > ANSWER_BYTES {
            break;
        }
    }
    Ok(body)
}

/// Reads an answer. It is central's only when media type, mark and echo fit; in headers or, where something on the way
/// strips unknown headers, in the body.
fn read(status: u16, headers: &HeaderMap, body: &[u8], nonce: &str, request: Uuid) -> Answer {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = text("content-type").split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Ok(json) = serde_json::from_slice::<Value>(body) else { return Answer::NotOurs(status) };
    let marked = text(header::API) == API_MARK || json["api"] == API_MARK;
    if status == 200 && media_type == "application/json" && marked && json["nonce"] == nonce {
        return serde_json::from_value(json).map_or(Answer::NotOurs(status), |probe| Answer::Probe(Box::new(probe)));
    }
    let request = request.to_string();
    let echoed = text(header::REQUEST_ID) == request || json["request_id"] == request;
    if media_type == MEDIA_TYPE && marked && echoed {
        return match serde_json::from_value::<Problem>(json).map(|problem| problem.code) {
            Ok(ProblemCode::ClientTooOld) => Answer::TooOld,
            Ok(ProblemCode::Busy | ProblemCode::RateLimited) => Answer::Busy,
            _ => Answer::Down(status),
        };
    }
    Answer::NotOurs(status)
}

/// True when a version (`major.minor.patch`) is below the oldest that is served. What cannot be read is not too old.
pub(crate) fn is_too_old(version: &str, oldest: &str) -> bool {
    matches!((numbers(version), numbers(oldest)), (Some(version), Some(oldest)) if version < oldest)
}

fn numbers(version: &str) -> Option<[u64; 3]> {
    let mut parts = version.split(['-', '+']).next()?.split('.').map(str::parse);
    let mut next = || parts.next()?.ok();
    Some([next()?, next()?, next()?])
}

#[cfg(test)]
mod tests {
    use prakerja_protocol::probe::{Load, ProbeBudget, Thresholds};
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    const REQUEST: Uuid = Uuid::from_u128(7);

    fn probe() -> Value {
        serde_json::to_value(Probe {
            nonce: "n1".into(),
            server_ms: 1,
            load: Load::Normal,
            min_version: "0.1.0".into(),
            probe_budget: ProbeBudget::default(),
            thresholds: Thresholds::default(),
            capabilities: Vec::new(),
            operator: "Uji".into(),
            demo: false,
        })
        .unwrap()
    }

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    fn kind(answer: &Answer) -> &'static str {
        match answer {
            Answer::Probe(_) => "probe",
            Answer::TooOld => "too old",
            Answer::Busy => "busy",
            Answer::Down(_) => "down",
            Answer::NotOurs(_) => "not ours",
            Answer::Nothing => "nothing",
            Answer::Tls(_) => "tls",
        }
    }

    #[test]
    fn only_what_is_genuine_counts() {
        const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");
        const MARK: (&str, &str) = ("x-api", "programme/1");
        const PROBLEM: (&str, &str) = ("content-type", "application/problem+json");
        const ECHO: (&str, &str) = ("x-request-id", "00000000-0000-0000-0000-000000000007");
        let good = probe();
        let mut in_body = good.clone();
        in_body["api"] = "programme/1".into();
        let mut other_nonce = good.clone();
        other_nonce["nonce"] = "n2".into();
        let mut newer = good.clone();
        newer["something_new"] = 1.into();
        let problem = |code: &str, status: u16| serde_json::json!({"code": code, "status": status, "title": "t"});
        let mut echoed_in_body = problem("busy", 503);
        echoed_in_body["api"] = "programme/1".into();
        echoed_in_body["request_id"] = REQUEST.to_string().into();
        let html = Value::from("<html>");
        let rows: Vec<(u16, HeaderMap, Value, &str)> = vec![
            (200, headers(&[JSON, MARK]), good.clone(), "probe"),
            (200, headers(&[JSON, MARK]), newer, "probe"),
            (200, headers(&[JSON]), in_body, "probe"),
            (200, headers(&[JSON]), good.clone(), "not ours"),
            (200, headers(&[("content-type", "text/html"), MARK]), good.clone(), "not ours"),
            (200, headers(&[JSON, ("x-api", "programme/2")]), good.clone(), "not ours"),
            (200, headers(&[JSON, MARK]), other_nonce, "not ours"),
            (200, headers(&[JSON, MARK]), html, "not ours"),
            (200, headers(&[JSON, MARK]), serde_json::json!({"nonce": "n1"}), "not ours"),
            (502, headers(&[JSON, MARK]), good, "not ours"),
            (426, headers(&[PROBLEM, MARK, ECHO]), problem("client-too-old", 426), "too old"),
            (503, headers(&[PROBLEM, MARK, ECHO]), problem("busy", 503), "busy"),
            (429, headers(&[PROBLEM, MARK, ECHO]), problem("rate-limited", 429), "busy"),
            (500, headers(&[PROBLEM, MARK, ECHO]), problem("internal", 500), "down"),
            (500, headers(&[PROBLEM, MARK, ECHO]), problem("a-code-of-tomorrow", 500), "down"),
            (503, headers(&[PROBLEM]), echoed_in_body, "busy"),
            (503, headers(&[PROBLEM, MARK]), problem("busy", 503), "not ours"),
            (503, headers(&[PROBLEM, ECHO]), problem("busy", 503), "not ours"),
        ];
        for (status, headers, body, expected) in rows {
            let answer = read(status, &headers, body.to_string().as_bytes(), "n1", REQUEST);
            assert_eq!(kind(&answer), expected, "{status} {headers:?} {body}");
        }
        let answer = read(200, &headers(&[JSON, MARK]), b"<html></html>", "n1", REQUEST);
        assert_eq!(kind(&answer), "not ours");
    }

    #[test]
    fn versions_compare_by_number() {
        let rows = [
            ("0.1.0", "0.1.0", false),
            ("0.9.0", "0.10.0", true),
            ("1.0.0", "0.10.0", false),
            ("0.1.0-dev", "0.1.0", false),
            ("0.1.0", "0.1.1", true),
            ("0.1.0", "", false),
            ("", "1.0.0", false),
        ];
        for (version, oldest, expected) in rows {
            assert_eq!(is_too_old(version, oldest), expected, "{version} {oldest}");
        }
    }
}
