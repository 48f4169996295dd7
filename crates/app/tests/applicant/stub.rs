//! A central of a few lines: it answers what a test tells it to, with central's marks, and remembers what it was asked. It
//! can lose an answer after it was given, which the real one cannot be told to do.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What is answered.
#[derive(Clone)]
pub(crate) enum Say {
    /// A message.
    Json(Value),
    /// A problem with its status.
    Problem(u16, Value),
    /// A file with its media type.
    File(&'static str, Vec<u8>),
    /// Something that is no answer: the connection breaks after the request was read.
    Lost,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    pub(crate) call: String,
    pub(crate) key: Option<String>,
    pub(crate) body: Value,
}

#[derive(Clone, Default)]
struct Inside {
    says: Arc<Mutex<BTreeMap<String, Vec<Say>>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
    time: Arc<Mutex<Option<i64>>>,
}

/// The running stub.
pub(crate) struct Stub {
    pub(crate) url: String,
    inside: Inside,
}

impl Stub {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let inside = Inside::default();
        let router = Router::new().fallback(answer).with_state(inside.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, inside }
    }

    /// From now on a call (`POST /v1/phone/code`) is answered with these, one after the other; the last one stays.
    pub(crate) fn says(&self, call: &str, answers: Vec<Say>) {
        self.inside.says.lock().unwrap().insert(call.to_owned(), answers);
    }

    /// From now on every answer tells this time as central's.
    pub(crate) fn tells(&self, now: i64) {
        *self.inside.time.lock().unwrap() = Some(now);
    }

    /// From now on no answer tells a time.
    pub(crate) fn tells_no_time(&self) {
        *self.inside.time.lock().unwrap() = None;
    }

    /// Everything that was asked by this call.
    pub(crate) fn asked(&self, call: &str) -> Vec<Asked> {
        self.inside.asked.lock().unwrap().iter().filter(|asked| asked.call == call).cloned().collect()
    }
}

/// What nobody told the stub is answered as an overloaded central does: everything waits, nothing is lost.
fn busy() -> Say {
    Say::Problem(503, json!({ "code": "busy", "status": 503, "title": "x", "retry_after_ms": 60_000 }))
}

async fn answer(State(inside): State<Inside>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let call = format!("{} {}", parts.method, parts.uri.path());
    let body: Bytes = axum::body::to_bytes(body, 1 << 24).await.unwrap();
    let key = parts.headers.get("idempotency-key").map(|key| key.to_str().unwrap().to_owned());
    let asked = Asked { call: call.clone(), key, body: serde_json::from_slice(&body).unwrap_or_default() };
    inside.asked.lock().unwrap().push(asked);
    let say = {
        let mut says = inside.says.lock().unwrap();
        match says.get_mut(&call) {
            Some(answers) if answers.len() > 1 => answers.remove(0),
            Some(answers) => answers[0].clone(),
            None => busy(),
        }
    };
    let id = parts.headers.get("x-request-id").cloned();
    let mut marks = HeaderMap::new();
    marks.insert("x-api", prakerja_protocol::API_MARK.parse().unwrap());
    if let Some(id) = id {
        marks.insert("x-request-id", id);
    }
    if let Some(now) = *inside.time.lock().unwrap() {
        marks.insert("x-server-time", now.into());
    }
    let typed = |kind: &'static str, body: Vec<u8>| ([(header::CONTENT_TYPE, kind)], body);
    match say {
        Say::Json(value) => (marks, typed("application/json", value.to_string().into_bytes())).into_response(),
        Say::Problem(status, value) => {
            let status = StatusCode::from_u16(status).unwrap();
            (status, marks, typed("application/problem+json", value.to_string().into_bytes())).into_response()
        }
        Say::File(kind, bytes) => (marks, typed(kind, bytes)).into_response(),
        Say::Lost => (StatusCode::BAD_GATEWAY, "<html>gateway</html>").into_response(),
    }
}
