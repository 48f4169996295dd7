//! What surrounds every request: marks, limits, refusals. (That every answer carries the marks is checked by the client.)

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use prakerja_central::clock::Clock;
use prakerja_central::config::Config;
use prakerja_central::error::ApiResult;
use prakerja_central::middleware::Class;
use prakerja_central::state;
use prakerja_testkit::central::Central;
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use uuid::Uuid;

use crate::client::{Client, count, until};

async fn started(tweak: impl FnOnce(&mut Config)) -> (Central, Client) {
    let central = Central::start_with(Clock::System, tweak).await.unwrap();
    let client = Client::new(&central);
    (central, client)
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_with_marks() {
    let (_central, client) = started(|_| {}).await;
    client.get("/", None).await.refused(404, "not-found");
    client.get("/v1/nothing?email=sari@contoh.id", None).await.refused(404, "not-found");
    client.send(client.request(Method::PUT, "/v1/sessions")).await.refused(404, "not-found");
    client.get("/v1/accounts", None).await.refused(404, "not-found");
}

#[tokio::test]
async fn an_answer_without_request_id_still_has_one() {
    let (central, _) = started(|_| {}).await;
    let response = reqwest::get(format!("{}/v1/health/live", central.base_url())).await.unwrap();
    assert_eq!(response.status(), 204);
    Uuid::parse_str(response.headers()["x-request-id"].to_str().unwrap()).unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
}

#[tokio::test]
async fn large_bodies_are_refused_before_and_after_unpacking() {
    let (_central, client) = started(|_| {}).await;
    let large = json!({"refresh_token": "a".repeat(70_000)});
    client.post("/v1/sessions/refresh", None, &large).await.refused(413, "too-large");
    let packed = |bytes: &[u8]| zstd::bulk::compress(bytes, 3).unwrap();
    let post = |body: Vec<u8>, encoding: &'static str| {
        let request = client.request(Method::POST, "/v1/sessions/refresh").header("content-type", "application/json");
        client.send(request.header("content-encoding", encoding).body(body))
    };
    let bomb = packed(&vec![b' '; 50_000_000]);
    assert!(bomb.len() < 10_000);
    post(bomb, "zstd").await.refused(413, "too-large");
    post(b"no zstd".to_vec(), "zstd").await.refused(400, "malformed");
    post(b"{}".to_vec(), "br").await.refused(415, "malformed");
    let good = serde_json::to_vec(&json!({"refresh_token": "a"})).unwrap();
    post(packed(&good), "zstd").await.refused(401, "session-revoked");
    post(good, "identity").await.refused(401, "session-revoked");
}

#[tokio::test]
async fn what_is_no_json_is_refused_without_repeating_it() {
    let (_central, client) = started(|_| {}).await;
    let post = |kind: &'static str, body: &'static str| {
        client.send(client.request(Method::POST, "/v1/sessions/refresh").header("content-type", kind).body(body))
    };
    post("text/plain", "{}").await.refused(415, "malformed");
    let answer = post("application/json", r#"{"refresh_token": 3172012345670001}"#).await.refused(400, "malformed");
    assert!(!answer.json.to_string().contains("3172012345670001"));
    post("application/json; charset=utf-8", r#"{"refresh_token": "a"}"#).await.refused(401, "session-revoked");
}

/// Central with routes of the test behind the real middleware.
struct WithRoutes {
    client: Client,
    base: String,
    stop: oneshot::Sender<()>,
    served: tokio::task::JoinHandle<()>,
    _folder: tempfile::TempDir,
}

async fn with_routes(tweak: impl FnOnce(&mut Config), routes: Router<state::Central>) -> WithRoutes {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config { data: folder.path().to_owned(), ..Config::default() };
    config.limits.admission.slow_start_s = 0;
    tweak(&mut config);
    let central = state::Central::open(config, Clock::System).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let router = prakerja_central::router::finish(routes, central.clone());
    let served = tokio::spawn(prakerja_central::serve_routes(central, listener, router, async {
        let _ = stopped.await;
    }));
    WithRoutes { client: Client::at(&base), base, stop, served, _folder: folder }
}

#[tokio::test]
async fn a_panic_is_a_problem_that_repeats_nothing() {
    async fn panics() -> ApiResult<()> {
        panic!("NIK 3172012345670001")
    }
    let with = with_routes(|_| {}, Router::new().route("/v1/panics", get(panics))).await;
    let answer = with.client.get("/v1/panics", None).await.refused(500, "internal");
    assert!(!answer.json.to_string().contains("3172"));
    with.client.get("/v1/panics", None).await.refused(500, "internal");
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_cut_off() {
    let routes = Router::new().route("/v1/sleeps", get(std::future::pending::<()>));
    let with = with_routes(|config| config.limits.request_timeout_s = 0, routes).await;
    let answer = with.client.get("/v1/sleeps", None).await.refused(503, "busy");
    assert_eq!(answer.headers["retry-after"], "5");
}

#[tokio::test]
async fn open_requests_end_well_when_central_stops() {
    let (entered, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, wait) = (entered.clone(), release.clone());
    let slow = get(async move || {
        tell.notify_one();
        wait.notified().await;
        "done"
    });
    let WithRoutes { client, base, stop, served, _folder } =
        with_routes(|_| {}, Router::new().route("/v1/slow", slow)).await;
    let request = tokio::spawn(async move { client.get("/v1/slow", None).await });
    entered.notified().await;
    stop.send(()).unwrap();
    let address = base.strip_prefix("http://").unwrap();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    release.notify_one();
    request.await.unwrap().expect(200);
    served.await.unwrap();
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_not_waited_for() {
    let (central, _) = started(|config| config.limits.body_idle_s = 0).await;
    let mut stream = TcpStream::connect(central.address()).await.unwrap();
    let head =
        "POST /v1/sessions/refresh HTTP/1.1\r\nhost: central\r\ncontent-length: 100\r\nconnection: close\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("x-api: programme/1"), "{answer}");
}

#[tokio::test]
async fn a_full_central_refuses_early_and_still_answers_the_probe() {
    let (central, client) = started(|config| config.limits.admission.account = 3).await;
    let admission = &central.state().unwrap().admission;
    let held: Vec<_> = (0..2).map(|_| admission.enter(Class::Account).unwrap()).collect();
    let slow_down = client.send(client.request(Method::GET, "/v1/sessions")).await;
    assert_eq!(slow_down.status, 401, "no soft hint on a refusal");
    assert!(!slow_down.headers.contains_key("backoff"));
    let last = admission.enter(Class::Account).unwrap();
    let refused = client.post("/v1/sessions/refresh", None, &json!({"refresh_token": "a"})).await.refused(503, "busy");
    let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((2..=120).contains(&wait));
    let probe = client.get("/v1/health/probe?n=1", None).await.expect(200).json;
    assert_eq!(probe["load"], "full");
    drop((held, last));
    client.post("/v1/sessions/refresh", None, &json!({"refresh_token": "a"})).await.refused(401, "session-revoked");
    assert_eq!(client.get("/v1/health/probe?n=1", None).await.json["load"], "normal");
}

#[tokio::test]
async fn a_busy_central_asks_those_it_serves_to_slow_down() {
    let (central, client) = started(|config| config.limits.admission.account = 2).await;
    let session = client.sign_up(&central, "sari@contoh.id").await;
    let calm = client.get("/v1/sessions", Some(&session.access_token)).await.expect(200);
    assert!(!calm.headers.contains_key("backoff"));
    let _held = central.state().unwrap().admission.enter(Class::Account).unwrap();
    let busy = client.get("/v1/sessions", Some(&session.access_token)).await.expect(200);
    assert_eq!(busy.headers["backoff"], "10");
}

#[tokio::test]
async fn an_address_that_asks_too_often_waits() {
    let (_central, client) = started(|config| config.limits.address_per_minute = 3).await;
    for _ in 0..3 {
        client.get("/v1/sessions", None).await.refused(401, "token-expired");
    }
    let refused = client.get("/v1/sessions", None).await.refused(429, "rate-limited");
    assert!(refused.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
    client.get("/v1/health/probe?n=1", None).await.expect(200);
}

#[tokio::test]
async fn behind_a_proxy_each_person_has_an_own_rate() {
    let (_central, client) = started(|config| {
        config.limits.address_per_minute = 1;
        config.limits.trusted_hops = 1;
    })
    .await;
    let ask =
        |from: &'static str| client.send(client.request(Method::GET, "/v1/sessions").header("x-forwarded-for", from));
    ask("203.0.113.1").await.refused(401, "token-expired");
    ask("203.0.113.1").await.refused(429, "rate-limited");
    ask("198.51.100.9, 203.0.113.1").await.refused(429, "rate-limited");
    ask("203.0.113.2").await.refused(401, "token-expired");
}

#[tokio::test]
async fn an_account_that_asks_too_often_waits() {
    let (central, client) = started(|config| config.limits.account_per_minute = 2).await;
    let session = client.sign_up(&central, "sari@contoh.id").await;
    let other = client.sign_up(&central, "budi@contoh.id").await;
    for _ in 0..2 {
        client.get("/v1/sessions", Some(&session.access_token)).await.expect(200);
    }
    client.get("/v1/sessions", Some(&session.access_token)).await.refused(429, "rate-limited");
    client.get("/v1/sessions", Some(&other.access_token)).await.expect(200);
}

#[tokio::test]
async fn an_app_that_is_too_old_is_told_so() {
    let (central, mut client) = started(|config| config.min_version = "0.2.0".to_owned()).await;
    let refused = client.get("/v1/sessions", None).await.refused(426, "client-too-old");
    assert_eq!(refused.json["details"]["min_version"], "0.2.0");
    assert_eq!(client.get("/v1/health/probe?n=1", None).await.expect(200).json["min_version"], "0.2.0");
    client.version = "app/0.10.0 (linux; schema=1)".to_owned();
    client.get("/v1/sessions", None).await.refused(401, "token-expired");
    let browser = reqwest::get(format!("{}/v1/sessions", central.base_url())).await.unwrap();
    assert_eq!(browser.status(), 401);
}

#[tokio::test]
async fn the_probe_echoes_and_tells() {
    let (central, client) = started(|config| config.operator = "Dinas Contoh".to_owned()).await;
    let long = "n".repeat(100);
    let probe = client.get(&format!("/v1/health/probe?n={long}"), None).await.expect(200).json;
    let probe: prakerja_protocol::probe::Probe = serde_json::from_value(probe).unwrap();
    assert_eq!(probe.nonce, "n".repeat(64));
    assert_eq!((probe.operator.as_str(), probe.demo), ("Dinas Contoh", true));
    assert!((probe.server_ms - Clock::System.now_ms()).abs() < 10_000);
    assert_eq!(client.get("/v1/health/probe", None).await.expect(200).json["nonce"], "");
    client.get("/v1/health/live", None).await.expect(204);
    let plain = reqwest::get(format!("{}/generate_204", central.base_url())).await.unwrap();
    assert_eq!(plain.status(), 204);
    assert!(plain.bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_sink_takes_what_it_may_and_no_more() {
    let (central, client) = started(|config| {
        // One that is too large counts as well.
        config.limits.sink_per_minute = 4;
        // It keeps nothing.
        config.limits.body_memory_bytes = 1_000;
    })
    .await;
    let post = |bytes: usize| client.send(client.request(Method::POST, "/v1/health/sink").body(vec![7; bytes]));
    post(256 * 1024).await.expect(204);
    post(256 * 1024 + 1).await.refused(413, "too-large");
    post(64 * 1024).await.expect(204);
    post(0).await.expect(204);
    post(0).await.refused(429, "rate-limited");
    // Not even read.
    let mut stream = TcpStream::connect(central.address()).await.unwrap();
    let head = "POST /v1/health/sink HTTP/1.1\r\nhost: central\r\ncontent-length: 200000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 429");
}

#[tokio::test]
async fn bodies_that_are_still_arriving_have_a_ceiling_of_memory() {
    let (central, client) = started(|config| config.limits.body_memory_bytes = 10_000).await;
    let mut slow = TcpStream::connect(central.address()).await.unwrap();
    let head = "POST /v1/sync/push HTTP/1.1\r\nhost: central\r\ncontent-length: 60000\r\n\r\n";
    slow.write_all(&[head.as_bytes(), &[b' '; 9_000]].concat()).await.unwrap();
    let body = json!({"refresh_token": "a".repeat(5_000)});
    let status = async || client.post("/v1/sessions/refresh", None, &body).await.status;
    until("what is too much is refused", async || status().await == 503).await;
    drop(slow);
    until("and has room again", async || status().await == 401).await;
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answer_is_cut_off() {
    struct Guard(Arc<Notify>);
    impl Drop for Guard {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }
    let gone = Arc::new(Notify::new());
    let guard = gone.clone();
    let endless = get(async move || {
        let guard = Guard(guard.clone());
        let chunk = move || {
            let _held = &guard;
            Ok::<_, std::io::Error>(vec![b' '; 65_536])
        };
        axum::body::Body::from_stream(futures::stream::iter(std::iter::repeat_with(chunk)))
    });
    let with = with_routes(|config| config.limits.write_idle_s = 0, Router::new().route("/v1/endless", endless)).await;
    let mut stream = TcpStream::connect(with.base.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(b"GET /v1/endless HTTP/1.1\r\nhost: central\r\n\r\n").await.unwrap();
    tokio::time::timeout(std::time::Duration::from_secs(20), gone.notified()).await.unwrap();
}

#[tokio::test]
async fn the_sandbox_mailbox_is_labelled_escaped_and_there_in_demo_only() {
    let (central, client) = started(|_| {}).await;
    client.sign_up(&central, "o'neil&sons@contoh.id").await;
    let page = reqwest::get(format!("{}/sandbox/mailbox", central.base_url())).await.unwrap().text().await.unwrap();
    assert!(page.contains("SANDBOX") && page.contains("o'neil&amp;sons@contoh.id"), "{page}");
    let mails = central.mails(" O'Neil&Sons@contoh.id").await.unwrap();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains(mails[0].code.as_ref().unwrap()));
    assert!(central.mails("other@contoh.id").await.unwrap().is_empty());

    let (_central, client) = started(|config| config.demo = false).await;
    client.get("/sandbox/mailbox", None).await.refused(404, "not-found");
    client.get("/sandbox/mailbox.json", None).await.refused(404, "not-found");
}

#[tokio::test]
async fn long_answers_are_compressed() {
    let (central, client) = started(|_| {}).await;
    for name in ["a", "b", "c"] {
        client.sign_up(&central, &format!("{name}@contoh.id")).await;
    }
    let raw = reqwest::Client::builder().no_proxy().no_zstd().no_gzip().build().unwrap();
    for encoding in ["zstd", "gzip"] {
        let request =
            raw.get(format!("{}/sandbox/mailbox.json", central.base_url())).header("accept-encoding", encoding);
        assert_eq!(request.send().await.unwrap().headers()["content-encoding"], encoding);
        let short = raw.get(format!("{}/v1/health/probe", central.base_url())).header("accept-encoding", encoding);
        assert!(!short.send().await.unwrap().headers().contains_key("content-encoding"));
    }
}

#[tokio::test]
async fn a_demo_never_touches_a_real_folder_nor_the_other_way_round() {
    for demo in [false, true] {
        let (mut central, _) = started(|config| config.demo = demo).await;
        central.configure(|config| config.demo = !demo);
        let error = central.restart().await.unwrap_err().to_string();
        assert!(error.contains("--data"), "{error}");
        central.configure(|config| config.demo = demo);
        central.restart().await.unwrap();
        if !demo {
            assert_eq!(count(&central, "select count(*) from training").await, 0);
        }
    }
}

#[tokio::test]
async fn a_configuration_that_switches_a_check_off_is_refused_at_start() {
    let (mut central, _) = started(|_| {}).await;
    central.configure(|config| config.min_version = "1.x".to_owned());
    assert!(central.restart().await.unwrap_err().to_string().contains("min_version"));
}

#[tokio::test]
async fn keys_are_never_made_anew_beside_a_database() {
    let (mut central, _) = started(|_| {}).await;
    central.stop().await.unwrap();
    let secrets = central.data_dir().join("secrets.json");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&secrets).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let kept = std::fs::read(&secrets).unwrap();
    std::fs::remove_file(&secrets).unwrap();
    assert!(central.restart().await.unwrap_err().to_string().contains("secrets.json"));
    assert!(!secrets.exists());
    std::fs::write(&secrets, b"{}").unwrap();
    assert!(central.restart().await.unwrap_err().to_string().contains("damaged"));
    std::fs::write(&secrets, kept).unwrap();
    central.restart().await.unwrap();
}
