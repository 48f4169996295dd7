//! The probe endpoints of a central that says whatever a test wants, and the options of a test.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use futures::FutureExt;
use futures::future::BoxFuture;
use prakerja_connectivity::{NameError, Names, Options, Target, Trust};
use prakerja_protocol::API_MARK;
use prakerja_protocol::probe::{GENERATE_204_PATH, Load, PROBE_PATH, Probe, ProbeBudget, SINK_PATH, Thresholds};
use prakerja_protocol::problem::{MEDIA_TYPE, Problem, ProblemCode};
use prakerja_testkit::clock::real_now_ms;
use prakerja_testkit::fault_proxy::FaultProxy;
use prakerja_testkit::tls::Authority;
use tokio::net::TcpListener;

/// What central says.
pub(crate) struct Says {
    pub(crate) answer: Answers,
    pub(crate) budget: ProbeBudget,
    pub(crate) thresholds: Thresholds,
    pub(crate) min_version: &'static str,
    pub(crate) load: Load,
    /// Full from this probe on, counted from 1.
    pub(crate) full_from: Option<u32>,
    /// Whether the mark is in the headers.
    pub(crate) marked: bool,
    pub(crate) sink: StatusCode,
    pub(crate) probes: u32,
    pub(crate) uploaded: usize,
}

pub(crate) enum Answers {
    Probe,
    Problem(ProblemCode, u16),
    Html(StatusCode),
}

pub(crate) struct Stub {
    pub(crate) address: SocketAddr,
    says: Arc<Mutex<Says>>,
}

impl Stub {
    /// A central that serves ten quick tries.
    pub(crate) async fn start() -> Self {
        let budget = ProbeBudget { count: 10, interval_ms: 2, total_ms: 20_000, timeout_ms: 3_000, watch_ms: 20 };
        let says = Arc::new(Mutex::new(Says {
            answer: Answers::Probe,
            budget,
            thresholds: Thresholds::default(),
            min_version: "0.1.0",
            load: Load::Normal,
            full_from: None,
            marked: true,
            sink: StatusCode::NO_CONTENT,
            probes: 0,
            uploaded: 0,
        }));
        let router = Router::new()
            .route(PROBE_PATH, get(probe))
            .route(GENERATE_204_PATH, get(async || StatusCode::NO_CONTENT))
            .route(SINK_PATH, post(sink))
            .with_state(says.clone());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, says }
    }

    pub(crate) fn says(&self) -> MutexGuard<'_, Says> {
        self.says.lock().unwrap()
    }

    pub(crate) fn target(&self) -> Target {
        Target::parse(&format!("http://{}", self.address)).unwrap()
    }

    pub(crate) async fn behind_proxy(&self) -> (FaultProxy, Target) {
        let proxy = FaultProxy::start(self.address).await.unwrap();
        let target = Target::parse(&proxy.base_url()).unwrap();
        (proxy, target)
    }
}

#[derive(serde::Deserialize)]
struct Nonce {
    n: String,
}

async fn probe(State(says): State<Arc<Mutex<Says>>>, Query(nonce): Query<Nonce>, headers: HeaderMap) -> Response {
    let mut says = says.lock().unwrap();
    says.probes += 1;
    let request = headers["x-request-id"].clone();
    let mut answer = match &says.answer {
        Answers::Html(status) => return (*status, Html("<html>not the office</html>")).into_response(),
        Answers::Problem(code, status) => {
            let body = serde_json::to_string(&Problem::new(*code, *status, "as the test wants")).unwrap();
            let status = StatusCode::from_u16(*status).unwrap();
            (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response()
        }
        Answers::Probe => {
            let full = says.full_from.is_some_and(|from| says.probes >= from);
            let body = Probe {
                nonce: nonce.n,
                server_ms: real_now_ms(),
                load: if full { Load::Full } else { says.load },
                min_version: says.min_version.into(),
                probe_budget: says.budget,
                thresholds: says.thresholds,
                capabilities: vec!["sse".into()],
                operator: "Uji".into(),
                demo: true,
            };
            let body = serde_json::to_string(&body).unwrap();
            ([(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
    };
    if says.marked {
        answer.headers_mut().insert("x-api", API_MARK.parse().unwrap());
        answer.headers_mut().insert("x-request-id", request);
    }
    answer
}

async fn sink(State(says): State<Arc<Mutex<Says>>>, body: Bytes) -> StatusCode {
    let mut says = says.lock().unwrap();
    says.uploaded += body.len();
    says.sink
}

/// Options of a test: nothing of this computer but its real clock, and short limits.
pub(crate) fn options() -> Options {
    let mut options = Options::new("0.1.0");
    options.trust = Trust::Only(Vec::new());
    options.names = Arc::new(Fixed::to(&["127.0.0.1"]));
    options.system_proxy = false;
    options.limits.watch_at_least = Duration::from_millis(10);
    options.limits.again = Duration::from_millis(5);
    options
}

/// Options that trust an authority.
pub(crate) fn trusting(authority: &Authority) -> Options {
    Options { trust: Trust::Only(vec![authority.certificate()]), ..options() }
}

/// Names that a test decides on.
pub(crate) struct Fixed {
    pub(crate) result: Result<Vec<IpAddr>, NameError>,
    pub(crate) route: bool,
}

impl Fixed {
    pub(crate) fn to(addresses: &[&str]) -> Self {
        Self { result: Ok(addresses.iter().map(|text| text.parse().unwrap()).collect()), route: true }
    }

    pub(crate) fn error(error: NameError, route: bool) -> Self {
        Self { result: Err(error), route }
    }
}

impl Names for Fixed {
    fn look_up(&self, _: String) -> BoxFuture<'static, Result<Vec<IpAddr>, NameError>> {
        let result = self.result.clone();
        async move { result }.boxed()
    }

    fn has_route(&self) -> bool {
        self.route
    }
}

/// Names that never answer.
pub(crate) struct Silent;

impl Names for Silent {
    fn look_up(&self, _: String) -> BoxFuture<'static, Result<Vec<IpAddr>, NameError>> {
        futures::future::pending().boxed()
    }

    fn has_route(&self) -> bool {
        true
    }
}
