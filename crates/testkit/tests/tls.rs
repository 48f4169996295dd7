//! The TLS front shows the certificate that was asked for, and carries what is behind it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use prakerja_testkit::fault_proxy::FaultProxy;
use prakerja_testkit::tls::{Authority, TlsFront, Validity};
use reqwest::{Certificate, Client};
use tokio::net::TcpListener;

async fn front(authority: &Authority, validity: Validity) -> TlsFront {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let upstream = listener.local_addr().unwrap();
    let router = Router::new().route("/", get(async || "secret"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    TlsFront::start(authority.server(validity).unwrap(), upstream).await.unwrap()
}

fn client(trusted: &Authority) -> Client {
    let root = Certificate::from_der(&trusted.certificate()).unwrap();
    Client::builder().no_proxy().tls_certs_only([root]).timeout(Duration::from_secs(10)).build().unwrap()
}

#[tokio::test]
async fn only_a_valid_certificate_of_a_trusted_authority_passes() {
    let (ours, other) = (Authority::new("Ours").unwrap(), Authority::new("Other").unwrap());
    let cases = [
        (Validity::Now, &ours, true),
        (Validity::Now, &other, false),
        (Validity::Expired, &ours, false),
        (Validity::NotYet, &ours, false),
    ];
    for (validity, trusted, passes) in cases {
        let front = front(&ours, validity).await;
        let answer = client(trusted).get(front.base_url()).send().await;
        assert_eq!(answer.is_ok(), passes, "{validity:?} {answer:?}");
    }
}

#[tokio::test]
async fn tls_passes_through_the_fault_proxy_until_it_is_cut() {
    let authority = Authority::new("Ours").unwrap();
    let front = front(&authority, Validity::Now).await;
    let proxy = FaultProxy::start(front.address()).await.unwrap();
    let client = client(&authority);
    let url = format!("https://127.0.0.1:{}/", proxy.address().port());
    assert_eq!(client.get(&url).send().await.unwrap().text().await.unwrap(), "secret");
    proxy.cut().await.unwrap();
    assert!(client.get(&url).send().await.is_err());
    proxy.restore().await.unwrap();
    assert_eq!(client.get(&url).send().await.unwrap().text().await.unwrap(), "secret");
}
