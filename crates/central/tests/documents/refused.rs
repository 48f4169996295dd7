//! What central does not take from a phone is told on a page, and nobody without a permission takes memory from others.

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::multipart::{Form, Part};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::phone::address;
use crate::started::{Started, config};

/// A central with other limits.
async fn with(change: impl FnOnce(&mut prakerja_central::config::Limits)) -> Started {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    change(&mut config.limits);
    Started::open(folder, config).await.unwrap()
}

/// What the phone is told. It is always a page.
async fn photograph(url: &str, bytes: usize) -> (StatusCode, String) {
    let part = Part::bytes(vec![0xFF; bytes]).file_name("IMG_0001.jpg").mime_str("image/jpeg").unwrap();
    let response = reqwest::Client::new().post(url).multipart(Form::new().part("photo", part)).send().await.unwrap();
    let kind = response.headers()[CONTENT_TYPE].clone();
    let status = response.status();
    let page = response.text().await.unwrap();
    assert_eq!(kind, "text/html; charset=utf-8", "{status}: {page}");
    (status, page)
}

/// Sends a head and the beginning of a body that never ends, and gives the connection.
async fn begin(central: &Started, path: &str, bytes: usize) -> TcpStream {
    let mut stream = TcpStream::connect(central.base.strip_prefix("http://").unwrap()).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: central\r\ncontent-type: multipart/form-data; boundary=x\r\n\
         content-length: 1000000\r\n\r\n"
    );
    stream.write_all(&[head.as_bytes(), &vec![b' '; bytes]].concat()).await.unwrap();
    stream
}

pub(crate) async fn a_photo_that_is_too_large_says_how_to_take_a_smaller_one(central: &Started) {
    let url = address(&central.person().await).await;
    // A little and a lot more than is read.
    for bytes in [20_100_000, 30_000_000] {
        let (status, page) = photograph(&url, bytes).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(page.contains("Foto terlalu besar") && page.contains("Pilih ukuran foto"), "{page}");
        assert!(page.contains("capture=\"environment\""), "and another may be taken");
    }
}

pub(crate) async fn photos_on_their_way_take_nothing_from_anybody_s_work(_: &Started) {
    let central = with(|limits| limits.photo_memory_bytes = 10_000).await;
    let person = central.person().await;
    let url = address(&person).await;
    let path = url.strip_prefix(&central.base).unwrap();
    let slow = begin(&central, path, 9_500).await;
    let mut answer = photograph(&url, 3_000).await;
    // Until the slow one has arrived so far.
    while answer.0 == StatusCode::OK {
        answer = photograph(&url, 3_000).await;
    }
    let (status, page) = answer;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.contains("Belum berhasil") && page.contains("capture=\"environment\""), "{page}");
    // Everything else goes on: this has a body too.
    let other = address(&person).await;
    drop(slow);
    assert!(other.starts_with(&central.base));
    central.stop().await;
}

pub(crate) async fn a_large_body_is_read_of_those_only_who_may_send_one(_: &Started) {
    let central = with(|limits| (limits.photo_memory_bytes, limits.body_memory_bytes) = (0, 0)).await;
    let id = uuid::Uuid::new_v4();
    for path in ["/v1/admin/whitelist".to_owned(), format!("/v1/uploads/{id}/complete")] {
        let mut stream = begin(&central, &path, 9_000).await;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 401", "{path}");
    }
    let (status, page) = photograph(&format!("{}/h/{}", central.base, "a".repeat(32)), 100_000).await;
    assert_eq!(status, StatusCode::GONE);
    assert!(page.contains("tidak berlaku"), "{page}");
    central.stop().await;
}

pub(crate) async fn a_phone_that_asks_too_often_is_told_on_a_page(_: &Started) {
    let central = with(|limits| limits.address_per_minute = 2).await;
    let url = format!("{}/h/{}", central.base, "a".repeat(32));
    for _ in 0..2 {
        assert_eq!(reqwest::get(&url).await.unwrap().status(), StatusCode::GONE);
    }
    let response = reqwest::get(&url).await.unwrap();
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(response.headers().contains_key(RETRY_AFTER) && response.headers().contains_key("content-security-policy"));
    let page = response.text().await.unwrap();
    assert!(page.contains("Belum berhasil") && page.contains("<form"), "{page}");
    central.stop().await;
}
