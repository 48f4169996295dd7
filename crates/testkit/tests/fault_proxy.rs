//! The fault proxy does to real connections what its plan says.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::{get, post};
use futures::{StreamExt, stream};
use prakerja_testkit::fault_proxy::{Cut, CutHow, Direction, FaultKind, FaultProxy, Mode, Plan, Portal, When, control};
use reqwest::Client;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// An upstream that counts what it was asked.
struct Upstream {
    address: SocketAddr,
    posts: Arc<AtomicU64>,
}

impl Upstream {
    async fn start() -> Self {
        let posts = Arc::new(AtomicU64::new(0));
        let router = Router::new()
            .route("/hello", get(async || "hello"))
            .route("/echo", post(echo))
            .route("/stream", get(endless))
            .with_state(posts.clone());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, posts }
    }

    fn posts(&self) -> u64 {
        self.posts.load(Ordering::SeqCst)
    }
}

async fn echo(State(posts): State<Arc<AtomicU64>>, body: String) -> String {
    let count = posts.fetch_add(1, Ordering::SeqCst) + 1;
    format!("{count}:{}", body.len())
}

async fn endless() -> Body {
    let first = stream::once(async { Ok::<_, io::Error>("first") });
    Body::from_stream(first.chain(stream::pending()))
}

async fn both() -> (Upstream, FaultProxy, Client) {
    let upstream = Upstream::start().await;
    let proxy = FaultProxy::start(upstream.address).await.unwrap();
    (upstream, proxy, client())
}

fn client() -> Client {
    let none = reqwest::redirect::Policy::none();
    Client::builder().no_proxy().redirect(none).timeout(Duration::from_secs(10)).build().unwrap()
}

async fn get_text(client: &Client, proxy: &FaultProxy, path: &str) -> reqwest::Result<(u16, String)> {
    let answer = client.get(format!("{}{path}", proxy.base_url())).send().await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}

async fn post_text(client: &Client, proxy: &FaultProxy, body: &str) -> reqwest::Result<String> {
    client.post(format!("{}/echo", proxy.base_url())).body(body.to_owned()).send().await?.text().await
}

#[tokio::test]
async fn passes_requests_on_one_kept_connection() {
    let (upstream, proxy, client) = both().await;
    for count in 1..=3 {
        assert_eq!(get_text(&client, &proxy, "/hello").await.unwrap(), (200, "hello".into()));
        assert_eq!(post_text(&client, &proxy, "abc").await.unwrap(), format!("{count}:3"));
    }
    assert_eq!(get_text(&client, &proxy, "/nowhere").await.unwrap().0, 404);
    let counters = proxy.counters();
    assert_eq!((counters.connections, counters.requests, counters.delivered, counters.answered), (1, 7, 7, 7));
    assert_eq!(upstream.posts(), 3);
}

#[tokio::test]
async fn passes_large_and_chunked_bodies_whole() {
    let (_upstream, proxy, client) = both().await;
    let large = "x".repeat(1_000_000);
    assert_eq!(post_text(&client, &proxy, &large).await.unwrap(), "1:1000000");
    let pieces = stream::iter((0..100).map(|_| Ok::<_, io::Error>("0123456789")));
    let answer = client.post(format!("{}/echo", proxy.base_url())).body(reqwest::Body::wrap_stream(pieces));
    assert_eq!(answer.send().await.unwrap().text().await.unwrap(), "2:1000");
}

#[tokio::test]
async fn streams_without_waiting_for_the_end() {
    let (_upstream, proxy, client) = both().await;
    let mut answer = client.get(format!("{}/stream", proxy.base_url())).send().await.unwrap();
    assert_eq!(answer.chunk().await.unwrap().unwrap(), "first");
    proxy.cut().await.unwrap();
    assert!(answer.chunk().await.is_err());
}

#[tokio::test]
async fn cut_refuses_and_ends_kept_connections_and_restore_brings_it_back() {
    let (_upstream, proxy, client) = both().await;
    get_text(&client, &proxy, "/hello").await.unwrap();
    for _ in 0..3 {
        proxy.cut().await.unwrap();
        let error = get_text(&client, &proxy, "/hello").await.unwrap_err();
        assert!(error.is_connect(), "{error:?}");
        let refused = TcpStream::connect(proxy.address()).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
        proxy.restore().await.unwrap();
        assert_eq!(get_text(&client, &proxy, "/hello").await.unwrap().0, 200);
    }
}

#[tokio::test]
async fn reset_accepts_and_resets() {
    let (_upstream, proxy, client) = both().await;
    proxy.set(Plan::mode(Mode::Reset)).await.unwrap();
    assert!(get_text(&client, &proxy, "/hello").await.is_err());
    assert!(proxy.counters().connections >= 1);
    assert_eq!(proxy.counters().requests, 0);
}

#[tokio::test]
async fn blackhole_swallows_and_freezes_until_the_next_change() {
    let (_upstream, proxy, client) = both().await;
    let mut kept = TcpStream::connect(proxy.address()).await.unwrap();
    kept.write_all(b"GET /hello HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    proxy.wait_until(|counters| counters.answered == 1).await.unwrap();
    let mut first = [0; 4];
    kept.read_exact(&mut first).await.unwrap();
    proxy.set(Plan::mode(Mode::Blackhole)).await.unwrap();
    kept.write_all(b"GET /hello HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let short = Duration::from_millis(200);
    let answer = client.get(format!("{}/hello", proxy.base_url())).timeout(short).send().await.unwrap_err();
    assert!(answer.is_timeout(), "{answer:?}");
    assert_eq!(proxy.counters().requests, 1, "the frozen connection asked nothing");
    proxy.restore().await.unwrap();
    let mut rest = Vec::new();
    let ended = kept.read_to_end(&mut rest).await;
    assert!(ended.is_err() || !rest.ends_with(b"hellohello"), "the frozen connection came back to life");
    assert_eq!(get_text(&client, &proxy, "/hello").await.unwrap().0, 200);
}

#[tokio::test]
async fn portals_and_bad_gateways_answer_themselves_even_on_kept_connections() {
    let (upstream, proxy, client) = both().await;
    get_text(&client, &proxy, "/hello").await.unwrap();
    let cases = [
        (Mode::Portal(Portal::Html), 200, "Please sign in"),
        (Mode::Portal(Portal::Redirect), 302, ""),
        (Mode::Portal(Portal::Required), 511, "Please sign in"),
        (Mode::BadGateway, 502, "502 Bad Gateway"),
    ];
    for (mode, status, text) in cases {
        proxy.set(Plan::mode(mode)).await.unwrap();
        let answer = client.post(format!("{}/echo", proxy.base_url())).body("x".repeat(100_000)).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status);
        let location = answer.headers().get("location").is_some();
        assert_eq!(location, mode == Mode::Portal(Portal::Redirect));
        assert!(answer.text().await.unwrap().contains(text));
    }
    assert_eq!(upstream.posts(), 0);
    proxy.restore().await.unwrap();
    assert_eq!(get_text(&client, &proxy, "/hello").await.unwrap().0, 200);
}

#[tokio::test]
async fn a_lost_answer_was_delivered_once() {
    let (upstream, proxy, client) = both().await;
    proxy.set(Plan::fault(FaultKind::LoseAnswer, When::Next(1)).on("/echo")).await.unwrap();
    assert_eq!(get_text(&client, &proxy, "/hello").await.unwrap().0, 200);
    assert!(post_text(&client, &proxy, "abc").await.is_err());
    assert_eq!(upstream.posts(), 1);
    assert_eq!(post_text(&client, &proxy, "abc").await.unwrap(), "2:3");
    assert_eq!(proxy.counters().faults, 1);
}

#[tokio::test]
async fn a_duplicate_is_delivered_twice_and_answered_once() {
    let (upstream, proxy, client) = both().await;
    proxy.set(Plan::fault(FaultKind::Duplicate, When::Next(1))).await.unwrap();
    assert_eq!(post_text(&client, &proxy, "abc").await.unwrap(), "2:3", "the second answer");
    assert_eq!(post_text(&client, &proxy, "abcd").await.unwrap(), "3:4");
    assert_eq!(upstream.posts(), 3);
    assert_eq!(proxy.counters().delivered, 3);
}

#[tokio::test]
async fn every_third_request_fails_before_the_upstream_sees_it() {
    let (upstream, proxy, client) = both().await;
    proxy.set(Plan::fault(FaultKind::Fail, When::Every(3))).await.unwrap();
    let mut failed = Vec::new();
    for _ in 0..9 {
        failed.push(post_text(&client, &proxy, "abc").await.is_err());
    }
    assert_eq!(failed, [false, false, true, false, false, true, false, false, true]);
    assert_eq!(upstream.posts(), 6);
}

#[tokio::test]
async fn a_502_of_a_front_server_hides_the_upstream() {
    let (upstream, proxy, client) = both().await;
    proxy.set(Plan::fault(FaultKind::BadGateway, When::Next(1))).await.unwrap();
    assert!(post_text(&client, &proxy, "abc").await.unwrap().contains("502"));
    assert_eq!(post_text(&client, &proxy, "abc").await.unwrap(), "1:3");
    assert_eq!(upstream.posts(), 1);
}

#[tokio::test]
async fn delays_add_to_the_round_trip_but_not_to_each_piece() {
    let (_upstream, proxy, client) = both().await;
    get_text(&client, &proxy, "/hello").await.unwrap();
    proxy.set(Plan::default().round_trip(Duration::from_millis(300))).await.unwrap();
    let begun = Instant::now();
    // A megabyte is many pieces: they travel side by side.
    assert_eq!(post_text(&client, &proxy, &"x".repeat(1_000_000)).await.unwrap(), "1:1000000");
    let took = begun.elapsed();
    assert!(took >= Duration::from_millis(300), "{took:?}");
    assert!(took < Duration::from_secs(3), "{took:?}");
}

#[tokio::test]
async fn connections_break_after_so_many_bytes() {
    let (upstream, proxy, client) = both().await;
    let cut = |after, how| Direction { cut: Some(Cut { after, how }), ..Direction::default() };
    let up = Plan { up: cut(5_000, CutHow::Reset), ..Plan::default() };
    proxy.set(up).await.unwrap();
    assert!(post_text(&client, &proxy, &"x".repeat(100_000)).await.is_err());
    assert_eq!(upstream.posts(), 0, "half a request must not be one");
    assert_eq!(post_text(&client, &proxy, "abc").await.unwrap(), "1:3");
    for how in [CutHow::Reset, CutHow::HalfClose] {
        proxy.set(Plan { down: cut(100, how), ..Plan::default() }).await.unwrap();
        let error = get_text(&self::client(), &proxy, "/hello").await.unwrap_err();
        assert!(!error.is_timeout(), "{error:?}");
    }
}

#[tokio::test]
async fn half_close_keeps_the_other_direction_open() {
    let (_upstream, proxy, _) = both().await;
    proxy.set("half-close 10".parse().unwrap()).await.unwrap();
    let mut client = TcpStream::connect(proxy.address()).await.unwrap();
    client.write_all(b"GET /hello HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 2");
    client.write_all(&[b'x'; 100_000]).await.unwrap();
}

#[tokio::test]
async fn other_protocols_pass_byte_by_byte() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let proxy = FaultProxy::start(listener.local_addr().unwrap()).await.unwrap();
    tokio::spawn(async move {
        while let Ok((mut peer, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut bytes = [0; 3];
                while peer.read_exact(&mut bytes).await.is_ok() {
                    bytes.reverse();
                    let _ = peer.write_all(&bytes).await;
                }
            });
        }
    });
    let mut client = TcpStream::connect(proxy.address()).await.unwrap();
    let mut bytes = [0; 3];
    for _ in 0..2 {
        client.write_all(&[1, 2, 3]).await.unwrap();
        client.read_exact(&mut bytes).await.unwrap();
        assert_eq!(bytes, [3, 2, 1]);
    }
    client.shutdown().await.unwrap();
    assert_eq!(client.read(&mut bytes).await.unwrap(), 0, "the end is passed on");
    proxy.set("cut-down 4".parse().unwrap()).await.unwrap();
    let mut client = TcpStream::connect(proxy.address()).await.unwrap();
    client.write_all(&[1, 2, 3, 4, 5, 6]).await.unwrap();
    let mut rest = Vec::new();
    assert!(client.read_to_end(&mut rest).await.is_err());
    assert!(rest.len() <= 4, "{rest:?}");
    assert_eq!(proxy.counters().requests, 0);
}

#[tokio::test]
async fn another_process_sets_the_plan_over_the_control_port() {
    let (_upstream, proxy, client) = both().await;
    let proxy = Arc::new(proxy);
    let (listener, address) = control::bind().await.unwrap();
    tokio::spawn(control::serve(proxy.clone(), listener));
    let set = async |mode: &str| {
        client.post(format!("http://{address}/mode")).body(mode.to_owned()).send().await.unwrap().status().as_u16()
    };
    assert_eq!(set("cut").await, 200);
    assert!(get_text(&client, &proxy, "/hello").await.is_err());
    assert_eq!(set("nonsense").await, 400);
    assert!(get_text(&client, &proxy, "/hello").await.is_err(), "a refused plan changes nothing");
    assert_eq!(set("pass").await, 200);
    assert_eq!(get_text(&client, &proxy, "/hello").await.unwrap().0, 200);
    let counters = client.get(format!("http://{address}/counters")).send().await.unwrap().text().await.unwrap();
    let counters: serde_json::Value = serde_json::from_str(&counters).unwrap();
    assert_eq!(counters["requests"], 1);
}
