//! An outside party under a test's control: it answers as scripted and remembers what it was asked.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::StreamExt as _;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// How a request is answered.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// JSON; `"$request"` stands for the asked body's `request`.
    Json(Value),
    Status(u16),
    Garbage,
    Html,
    NoType,
    Huge,
    Redirect,
    Hangs,
    SlowBody,
    CutBody,
}

/// Everything that can go wrong, with the code that central notes.
pub(crate) fn faults() -> Vec<(Answer, &'static str)> {
    vec![
        (Answer::Status(500), "status 500"),
        (Answer::Status(401), "status 401"),
        (Answer::Status(429), "status 429"),
        (Answer::Redirect, "status 302"),
        (Answer::Garbage, "no answer as agreed"),
        (Answer::Html, "no answer as agreed"),
        (Answer::NoType, "no answer as agreed"),
        (Answer::Huge, "no answer as agreed"),
        (Answer::Json(json!({ "unexpected": true })), "no answer as agreed"),
        (Answer::CutBody, "unreachable"),
        (Answer::Hangs, "time-out"),
        (Answer::SlowBody, "time-out"),
    ]
}

#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

pub(crate) struct Stub {
    pub(crate) url: String,
    pub(crate) asked: tokio::sync::Mutex<mpsc::UnboundedReceiver<Asked>>,
    script: Arc<Mutex<VecDeque<Answer>>>,
    usual: Arc<Mutex<Answer>>,
}

#[derive(Clone)]
struct Side {
    asked: mpsc::UnboundedSender<Asked>,
    script: Arc<Mutex<VecDeque<Answer>>>,
    usual: Arc<Mutex<Answer>>,
}

impl Stub {
    /// Answers `usual` when nothing is scripted.
    pub(crate) async fn start(usual: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/api", listener.local_addr().unwrap());
        let (sender, asked) = mpsc::unbounded_channel();
        let (script, usual) = (Arc::new(Mutex::new(VecDeque::new())), Arc::new(Mutex::new(usual)));
        let side = Side { asked: sender, script: Arc::clone(&script), usual: Arc::clone(&usual) };
        let routes = Router::new().fallback(answer).with_state(side);
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { url, asked: tokio::sync::Mutex::new(asked), script, usual }
    }

    /// The next request is answered so.
    pub(crate) fn then(&self, answer: Answer) {
        self.script.lock().unwrap().push_back(answer);
    }

    pub(crate) fn usually(&self, answer: Answer) {
        *self.usual.lock().unwrap() = answer;
    }

    /// The next request that came.
    pub(crate) async fn next(&self) -> Asked {
        let mut asked = self.asked.lock().await;
        tokio::time::timeout(Duration::from_secs(20), asked.recv()).await.expect("nobody asked").unwrap()
    }

    pub(crate) async fn nothing_more(&self) -> bool {
        self.asked.lock().await.try_recv().is_err()
    }
}

async fn answer(State(side): State<Side>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, 1_000_000).await.unwrap();
    let body: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    let path = parts.uri.path().to_owned();
    side.asked.send(Asked { path, headers: parts.headers, body: body.clone() }).unwrap();
    let scripted = side.script.lock().unwrap().pop_front();
    let answer = scripted.unwrap_or_else(|| side.usual.lock().unwrap().clone());
    let json = |bytes: Body| ([("content-type", "application/json; charset=utf-8")], bytes).into_response();
    let first = || futures::stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"{\"request\":"))]);
    match answer {
        Answer::Json(value) => {
            let text = value.to_string().replace("$request", body["request"].as_str().unwrap_or_default());
            json(Body::from(text))
        }
        // A party may repeat whom it was asked about; none of it may get into a log.
        Answer::Status(status) => (StatusCode::from_u16(status).unwrap(), bytes).into_response(),
        Answer::Garbage => json(Body::from([b"{\"nik\":".as_slice(), &bytes].concat())),
        Answer::Html => ([("content-type", "text/html")], "<h1>Login</h1>").into_response(),
        Answer::NoType => Response::new(Body::from("{}")),
        Answer::Huge => json(Body::from(vec![b' '; 1_000_000])),
        Answer::Redirect => (StatusCode::FOUND, [("location", "/elsewhere")]).into_response(),
        Answer::Hangs => std::future::pending().await,
        Answer::SlowBody => json(Body::from_stream(first().chain(futures::stream::pending()))),
        Answer::CutBody => {
            let end = futures::stream::iter([Err(std::io::Error::other("cut"))]);
            json(Body::from_stream(first().map(|part| part.map_err(|never| match never {})).chain(end)))
        }
    }
}
