//! The page on which a phone takes the photo, as a browser without scripts uses it.

use prakerja_domain::registration::DocumentState;
use prakerja_photo::specimen::{SpecimenFault, card};
use prakerja_protocol::application::NoticeKind;
use prakerja_protocol::header;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::{DocumentSource, Handover};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::started::{Person, Started, config, read, refused};
use crate::uploads::{Seen, thumbnail};

fn ask(person: &Person, key: Uuid) -> reqwest::RequestBuilder {
    person
        .ask(Method::POST, "/v1/handovers")
        .header(header::IDEMPOTENCY_KEY, format!("\"{key}\""))
        .json(&json!({"kind": "ktp_photo"}))
}

pub(crate) async fn address(person: &Person) -> String {
    let handover: Handover = read(ask(person, Uuid::new_v4())).await;
    handover.url
}

async fn get(url: &str) -> (StatusCode, String) {
    let response = reqwest::get(url).await.unwrap();
    (response.status(), response.text().await.unwrap())
}

async fn photograph(url: &str, photo: Vec<u8>) -> String {
    let part = Part::bytes(photo).file_name("IMG_0001.jpg").mime_str("image/jpeg").unwrap();
    let response = reqwest::Client::new().post(url).multipart(Form::new().part("photo", part)).send().await.unwrap();
    response.text().await.unwrap()
}

async fn say_yes(url: &str) -> String {
    let form = Form::new().text("answer", "use");
    reqwest::Client::new().post(url).multipart(form).send().await.unwrap().text().await.unwrap()
}

pub(crate) async fn a_phone_sends_a_good_photo_and_the_computer_hears_of_it(central: &Started) {
    let person = central.person().await;
    let key = Uuid::new_v4();
    let handover: Handover = read(ask(&person, key)).await;
    assert!(handover.url.starts_with(&format!("{}/h/", central.base)), "{}", handover.url);
    assert_eq!(handover.expires_in_s, 900);
    let again: Handover = read(ask(&person, key)).await;
    assert_eq!(again, handover, "a lost answer costs nothing");

    let (status, page) = get(&handover.url).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("capture=\"environment\"") && page.contains("enctype=\"multipart/form-data\""), "{page}");
    // Lying on its side, as phones keep them: nothing is wrong with that.
    let page = photograph(&handover.url, card(SpecimenFault::ExifRotated, 2)).await;
    assert!(page.contains("Foto sudah diterima"), "{page}");
    let seen = Seen::by(&person).await;
    let [document, ..] = seen.documents()[..] else { panic!("no document") };
    let record = seen.document(document).unwrap();
    assert_eq!((record.state, record.source), (DocumentState::Accepted, DocumentSource::Phone));
    assert_eq!(seen.registration().facts.ktp_photo, Some(DocumentState::Accepted));
    assert_eq!(seen.notices(), [NoticeKind::PhotoReceived, NoticeKind::PhotoAccepted]);
    let preview = person.get(&format!("/v1/documents/{document}/preview")).send().await.unwrap();
    assert_eq!(preview.status(), StatusCode::OK);
    // The second tap, and the second phone.
    let twice = photograph(&handover.url, card(SpecimenFault::None, 3)).await;
    assert!(twice.contains("Foto sudah diterima"), "{twice}");
    assert_eq!(Seen::by(&person).await.notices().len(), 2, "nothing came of it");
    assert_eq!(refused(ask(&person, Uuid::new_v4())).await.code, ProblemCode::StepRefused);
}

pub(crate) async fn a_bad_photo_is_shown_with_what_is_wrong(central: &Started) {
    let person = central.person().await;
    let url = address(&person).await;
    let page = photograph(&url, thumbnail()).await;
    assert!(page.contains("KTP terlalu kecil") && page.contains("The card is too small"), "{page}");
    assert!(page.contains("xlink:href=\"data:image/jpeg;base64,"), "the photo itself");
    assert!(page.contains("capture=\"environment\"") && !page.contains("name=\"answer\""), "again, and no yes to it");
    let page = photograph(&url, b"GIF89a".to_vec()).await;
    assert!(page.contains("bukan foto JPEG"), "{page}");
    let page = say_yes(&url).await;
    assert!(page.contains("capture=\"environment\""), "there is nothing to say yes to");
    assert!(Seen::by(&person).await.documents().is_empty());
}

pub(crate) async fn a_doubtful_photo_waits_for_a_yes(central: &Started) {
    let person = central.person().await;
    let url = address(&person).await;
    let page = photograph(&url, card(SpecimenFault::Tilted, 1)).await;
    assert!(page.contains("Pakai foto ini?") && page.contains("name=\"answer\""), "{page}");
    assert!(page.contains("<rect"), "the place is marked");
    assert!(Seen::by(&person).await.documents().is_empty(), "not without a yes");
    // Closing and opening the page again changes nothing.
    get(&url).await;
    let page = say_yes(&url).await;
    assert!(page.contains("Foto sudah diterima"), "{page}");
    let seen = Seen::by(&person).await;
    assert_eq!(seen.document(seen.documents()[0]).unwrap().state, DocumentState::Accepted);
}

pub(crate) async fn an_address_works_once_and_for_a_while(central: &Started) {
    let person = central.person().await;
    let url = address(&person).await;
    let other = if url.ends_with('x') { 'y' } else { 'x' };
    let (status, page) = get(&format!("{}{other}", &url[..url.len() - 1])).await;
    assert_eq!(status, StatusCode::GONE);
    assert!(page.contains("tidak berlaku"), "{page}");
    central.central.clock.advance_ms(15 * 60 * 1_000);
    assert_eq!(get(&url).await.0, StatusCode::GONE);
    let page = photograph(&url, card(SpecimenFault::None, 1)).await;
    assert!(page.contains("tidak berlaku"), "{page}");
    assert!(Seen::by(&person).await.documents().is_empty());
    // So many within an hour and no more.
    for _ in 0..19 {
        address(&person).await;
    }
    assert_eq!(refused(ask(&person, Uuid::new_v4())).await.code, ProblemCode::RateLimited);
    assert_eq!(
        refused(person.ask(Method::POST, "/v1/handovers").json(&json!({"kind": "ktp_photo"}))).await.code,
        ProblemCode::IdempotencyKeyMissing
    );
}

pub(crate) async fn a_new_address_takes_the_place_of_the_one_before(central: &Started) {
    let person = central.person().await;
    let (neighbour, before) = (address(&central.person().await).await, address(&person).await);
    let url = address(&person).await;
    assert_eq!(get(&before).await.0, StatusCode::GONE);
    let page = photograph(&before, card(SpecimenFault::None, 1)).await;
    assert!(page.contains("tidak berlaku"), "{page}");
    assert!(Seen::by(&person).await.documents().is_empty());
    assert_eq!((get(&url).await.0, get(&neighbour).await.0), (StatusCode::OK, StatusCode::OK));
    let page = photograph(&url, card(SpecimenFault::None, 1)).await;
    assert!(page.contains("Foto sudah diterima"), "{page}");
}

pub(crate) async fn a_photo_of_an_address_that_ended_meanwhile_is_not_taken(central: &Started) {
    let person = central.person().await;
    for (what, content) in [("photo\"; filename=\"a.jpg", card(SpecimenFault::None, 1)), ("answer", b"use".to_vec())] {
        let url = address(&person).await;
        let doubtful = photograph(&url, card(SpecimenFault::Tilted, 1)).await;
        assert!(doubtful.contains("Pakai foto ini?"), "{doubtful}");
        let (mut stream, mut page) =
            (begin(central, &url, content.len() + FORM_BYTES + what.len()).await, String::new());
        // The person shows another code while the form is on its way.
        address(&person).await;
        let head = format!("--x\r\ncontent-disposition: form-data; name=\"{what}\"\r\n\r\n");
        stream.write_all(&[head.as_bytes(), &content, b"\r\n--x--\r\n"].concat()).await.unwrap();
        stream.read_to_string(&mut page).await.unwrap();
        assert!(page.contains("tidak berlaku"), "{what}: {page}");
        assert!(Seen::by(&person).await.documents().is_empty(), "{what}");
    }
}

/// Bytes of a form around the name and the content of its one field.
const FORM_BYTES: usize = "--x\r\ncontent-disposition: form-data; name=\"\"\r\n\r\n\r\n--x--\r\n".len();

/// A form whose address central has looked up: it waits for the content.
async fn begin(central: &Started, url: &str, bytes: usize) -> TcpStream {
    let mut stream = TcpStream::connect(central.base.strip_prefix("http://").unwrap()).await.unwrap();
    let path = url.strip_prefix(&central.base).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: central\r\ncontent-type: multipart/form-data; boundary=x\r\n\
         content-length: {bytes}\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut goes_on = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut goes_on).await.unwrap();
    assert!(goes_on.starts_with(b"HTTP/1.1 100"), "{}", String::from_utf8_lossy(&goes_on));
    stream
}

pub(crate) async fn a_page_says_whose_it_is_and_loads_nothing(_: &Started) {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.operator = "Pusat <Contoh>".to_owned();
    config.public_url = Some("https://phones.example.org/".to_owned());
    let central = Started::open(folder, config).await.unwrap();
    let url = address(&central.person().await).await;
    let path = url.strip_prefix("https://phones.example.org").unwrap();
    let response = central.get(path).send().await.unwrap();
    let headers = response.headers().clone();
    let page = response.text().await.unwrap();
    assert!(page.contains("Pusat &lt;Contoh&gt;") && page.contains("bukan situs resmi pemerintah"), "{page}");
    assert!(page.contains("DEMO"), "the demo says so");
    for forbidden in ["<script", "http:", "https:", "src=", " style=", "onload=", "onclick="] {
        assert!(!page.split("<body>").nth(1).unwrap().contains(forbidden), "{forbidden}: {page}");
    }
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"), "{policy}");
    for (name, value) in
        [("referrer-policy", "no-referrer"), ("cache-control", "no-store"), ("x-content-type-options", "nosniff")]
    {
        assert_eq!(headers[name], value);
    }
    insta::assert_snapshot!("phone_page", page);
    central.stop().await;
}
