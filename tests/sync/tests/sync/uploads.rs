//! Documents travel: over links that break, through crashes of both programs, past a restored central, behind commands.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use prakerja_central::clock::Clock;
use prakerja_central::config::Review;
use prakerja_central::failpoint::UPLOAD_PLACES as CENTRAL_PLACES;
use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::{DocumentRefusal, DocumentState};
use prakerja_photo::specimen::{SpecimenFault, card};
use prakerja_photo::{QuarterTurn, prepare};
use prakerja_protocol::registration::{DocumentAttach, DocumentKind, DocumentRecord};
use prakerja_protocol::sealed::{self, OVERHEAD, Place};
use prakerja_protocol::sync::Command;
use prakerja_protocol::upload::MAX_BYTES;
use prakerja_store::{NewCommand, NewUpload, UploadState};
use prakerja_sync::failpoint::UPLOAD_PLACES;
use prakerja_testkit::central::Central;
use prakerja_testkit::fault_proxy::{Cut, CutHow, Direction, FaultKind, FaultProxy, Plan, When};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

use crate::crashes::{self, run_child, was_aborted};
use crate::person::{Person, open, quick, start};
use crate::restore;

const EMAIL: &str = "siti@example.org";

fn photo() -> Vec<u8> {
    prepare(&card(SpecimenFault::None, 1), QuarterTurn::None, None).unwrap().jpeg
}

/// Seals content and puts it on its way. Gives the document.
async fn attach(person: &Person, central: &Central, content: &[u8]) -> Uuid {
    let key = central.state().unwrap().secrets.documents[0].public();
    let (document, upload) = (Uuid::now_v7(), Uuid::now_v7());
    let sealed = sealed::seal(&key, Place { document, kind: DocumentKind::KtpPhoto }, content).unwrap();
    let file = person.store.keep_sealed(sealed).await.unwrap();
    let command = Command::DocumentAttach(DocumentAttach {
        document,
        upload,
        kind: DocumentKind::KtpPhoto,
        sha256: file.sha256.clone(),
        bytes: file.bytes,
        key: key.id,
    });
    let new = NewCommand {
        id: Uuid::now_v7(),
        lane: "doc:ktp_photo".to_owned(),
        kind: command.kind().to_owned(),
        v: 1,
        base_rev: None,
        depends_on: Vec::new(),
        payload: command.payload().unwrap(),
        clock: serde_json::to_value(person.sync.clock().evidence()).unwrap(),
        label: None,
        created_at: 1,
    };
    let upload = NewUpload { id: upload, document, kind: "ktp_photo".to_owned(), file };
    person.store.enqueue_upload(person.account().await, &new, &upload).await.unwrap();
    person.sync.poke();
    document
}

async fn record(person: &Person, document: Uuid) -> Option<DocumentRecord> {
    let record = person.store.record(person.account().await, "document", document).await.unwrap()?;
    Some(serde_json::from_value(record.data).unwrap())
}

/// Waits until central's record says this of the document.
async fn until_it_is(person: &Person, document: Uuid, state: DocumentState) -> DocumentRecord {
    person
        .until("the document's answer", async || record(person, document).await.is_some_and(|r| r.state == state))
        .await;
    record(person, document).await.unwrap()
}

/// Counts what a client sends, whatever becomes of it behind.
async fn counting(upstream: String) -> (String, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (base, sent) = (format!("http://{}", listener.local_addr().unwrap()), Arc::new(AtomicU64::new(0)));
    let upstream = upstream.strip_prefix("http://").unwrap().to_owned();
    let counter = Arc::clone(&sent);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (upstream, counter) = (upstream.clone(), Arc::clone(&counter));
            tokio::spawn(async move {
                let Ok(server) = TcpStream::connect(upstream).await else { return };
                let (mut from_client, mut to_client) = client.into_split();
                let (mut from_server, mut to_server) = server.into_split();
                let up = async {
                    let mut buffer = vec![0; 16 * 1024];
                    while let Ok(read @ 1..) = from_client.read(&mut buffer).await {
                        counter.fetch_add(read as u64, Ordering::SeqCst);
                        if to_server.write_all(&buffer[..read]).await.is_err() {
                            return;
                        }
                    }
                };
                // Whichever way ends first ends both, as a reset does.
                tokio::select! { () = up => {}, _ = tokio::io::copy(&mut from_server, &mut to_client) => {} }
            });
        }
    });
    (base, sent)
}

#[tokio::test]
async fn ten_megabytes_over_five_cuts_cost_less_than_a_tenth_more() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let (base, sent) = counting(proxy.base_url()).await;
    let person = Person::signed_up(&central, EMAIL, &base).await;
    let content = vec![0x5A; usize::try_from(MAX_BYTES).unwrap() - OVERHEAD];
    let cut = Some(Cut { after: 2_000_000, how: CutHow::Reset });
    // Connections that are open end, so that every later one is cut after two megabytes.
    proxy.cut().await.unwrap();
    proxy.set(Plan { up: Direction { cut, ..Direction::default() }, ..Plan::default() }).await.unwrap();
    let (before, connections) = (sent.load(Ordering::SeqCst), proxy.counters().connections);
    let document = attach(&person, &central, &content).await;
    let answer = until_it_is(&person, document, DocumentState::Rejected).await;
    assert_eq!(answer.refusal, Some(DocumentRefusal::Format), "whole and opened: it is no photo");
    let cuts = proxy.counters().connections - connections;
    assert!(cuts > 5, "five of the connections were cut: {cuts}");
    let spent = sent.load(Ordering::SeqCst) - before;
    assert!(spent * 100 <= MAX_BYTES * 110, "{spent} bytes for {MAX_BYTES}");
    person
        .until("the bytes to be forgotten here", async || {
            person.store.uploads(person.account().await).await.unwrap().is_empty()
        })
        .await;
}

#[tokio::test]
async fn a_command_does_not_wait_for_a_document() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &proxy.base_url()).await;
    proxy.cut().await.unwrap();
    let slow = Direction { rate: Some(400_000), ..Direction::default() };
    proxy.set(Plan { up: slow, ..Plan::default() }).await.unwrap();
    let document = attach(&person, &central, &vec![0x5A; 1_500_000]).await;
    person.until_status("the upload to begin", |status| status.uploading.is_some_and(|now| now.sent > 0)).await;
    let command = person.write(ProfileField::FullName, "Siti").await;
    assert_eq!(person.finished(command).await, "applied");
    assert!(
        record(&person, document).await.is_none_or(|r| r.state == DocumentState::Awaited),
        "it is still on its way"
    );
    proxy.restore().await.unwrap();
    until_it_is(&person, document, DocumentState::Rejected).await;
}

#[tokio::test]
async fn lost_answers_and_doubled_requests_of_every_kind_lose_no_byte() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    for (number, kind) in
        [FaultKind::LoseAnswer, FaultKind::Duplicate, FaultKind::Fail, FaultKind::BadGateway].into_iter().enumerate()
    {
        proxy.restore().await.unwrap();
        let email = format!("orang{number}@example.org");
        let person = Person::signed_up(&central, &email, &proxy.base_url()).await;
        proxy.set(Plan::fault(kind, When::Every(3)).on("/v1/uploads")).await.unwrap();
        let document = attach(&person, &central, &photo()).await;
        until_it_is(&person, document, DocumentState::Accepted).await;
        person.sync.shutdown().await;
    }
}

/// The child: runs the exchange until the document has an answer, or until it is killed.
#[tokio::test]
async fn child() {
    let Ok(folder) = std::env::var(crashes::FOLDER) else { return };
    let (place, pass) = (std::env::var(crashes::FAILPOINT).unwrap(), std::env::var(crashes::PASS).unwrap());
    prakerja_sync::failpoint::abort_at(&place, pass.parse().unwrap());
    let store = open(std::path::Path::new(&folder)).await;
    let sync = start(&store, &std::env::var(crashes::BASE).unwrap(), quick(), Vec::new()).await;
    let person = Person { store, sync, email: EMAIL.to_owned(), base: String::new(), folder: None };
    person
        .until("the document to be answered", async || {
            person.store.uploads(person.account().await).await.unwrap().is_empty()
        })
        .await;
    person.sync.shutdown().await;
    person.store.close().await;
}

#[tokio::test]
async fn killed_at_every_place_of_an_upload_the_document_arrives_once() {
    let central = Central::start().await.unwrap();
    let base = central.base_url();
    for (number, place) in UPLOAD_PLACES.into_iter().enumerate() {
        let mut person = Person::signed_up(&central, &format!("orang{number}@example.org"), &base).await;
        person.sync.shutdown().await;
        let document = attach(&person, &central, &photo()).await;
        person.store.close().await;
        let folder = person.folder.as_ref().unwrap().path().to_owned();
        // The second pass, where there is one, is in the middle of the parts.
        let pass = if place.starts_with("part") { 2 } else { 1 };
        assert!(!run_child("uploads::child", &folder, &base, place, pass, "abort").await, "{place} is passed");
        person.store = open(&folder).await;
        person.sync = start(&person.store, &base, quick(), Vec::new()).await;
        until_it_is(&person, document, DocumentState::Accepted).await;
        assert_eq!(taken(&central, &person).await, 1, "{place}");
        person.sync.shutdown().await;
    }
}

/// How many photos of a person central accepted.
async fn taken(central: &Central, person: &Person) -> i64 {
    let db = &central.state().unwrap().db;
    let (count,): (i64,) = sqlx::query_as("select count(*) from document where person_id = $1 and state = 'accepted'")
        .bind(prakerja_central::db::Id(person.account().await))
        .fetch_one(db.read())
        .await
        .unwrap();
    count
}

#[tokio::test]
async fn central_killed_at_every_place_of_an_upload_takes_the_document_once() {
    let mut central = Central::start().await.unwrap();
    for (number, place) in CENTRAL_PLACES.into_iter().enumerate() {
        let email = format!("orang{number}@example.org");
        let person = Person::signed_up(&central, &email, &central.base_url()).await;
        let document = {
            // The key is read while central is here; the bytes travel when the child is.
            person.sync.shutdown().await;
            attach(&person, &central, &photo()).await
        };
        central.stop().await.unwrap();
        let child = tokio::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crashes::central_child", "--nocapture"])
            .env(crashes::CENTRAL, central.data_dir())
            .env(crashes::BASE, central.address().to_string())
            .env(crashes::FAILPOINT, place)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let mut person = person;
        person.sync = start(&person.store, &person.base, quick(), Vec::new()).await;
        let ended = tokio::time::timeout(Duration::from_secs(60), child.unwrap().wait()).await;
        let status = ended.unwrap_or_else(|_| panic!("central is killed at {place}")).unwrap();
        assert!(was_aborted(status), "{place}: {status}");
        central.restart().await.unwrap();
        until_it_is(&person, document, DocumentState::Accepted).await;
        assert_eq!(taken(&central, &person).await, 1, "{place}");
        person.sync.shutdown().await;
    }
}

#[tokio::test]
async fn a_central_that_lost_a_document_by_a_restore_gets_it_again_without_a_click() {
    let office = |config: &mut prakerja_central::config::Config| config.documents.review = Some(Review::Office);
    let mut central = Central::start_with(Clock::System, office).await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &central.base_url()).await;
    central.stop().await.unwrap();
    let backup = restore::backup(&central);
    central.restart().await.unwrap();
    let document = attach(&person, &central, &photo()).await;
    until_it_is(&person, document, DocumentState::Received).await;
    person
        .until("the upload to end", async || {
            person.store.uploads(person.account().await).await.unwrap().iter().all(|u| u.state == UploadState::Complete)
        })
        .await;
    central.stop().await.unwrap();
    restore::put_back(&backup, &central, false);
    restore::accept(&central).await;
    central.restart().await.unwrap();
    let account = person.account().await;
    let is_there = async || {
        prakerja_central::documents::review::picture(central.state().unwrap(), account, document).await.is_ok()
    };
    person.until("the photo to be at central again", is_there).await;
    until_it_is(&person, document, DocumentState::Received).await;
}

#[tokio::test]
async fn a_file_that_somebody_changed_is_kept_for_the_person_and_not_sent() {
    let central = Central::start().await.unwrap();
    let mut person = Person::signed_up(&central, EMAIL, &central.base_url()).await;
    person.sync.shutdown().await;
    let document = attach(&person, &central, &photo()).await;
    let account = person.account().await;
    let file = person.store.uploads(account).await.unwrap()[0].file.name.clone();
    let path = person.folder.as_ref().unwrap().path().join("uploads").join(file);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    person.reopen().await;
    person
        .until("the upload to be parked", async || {
            person.store.uploads(account).await.unwrap().iter().all(|upload| upload.state == UploadState::Parked)
        })
        .await;
    until_it_is(&person, document, DocumentState::Awaited).await;
    // Attached again: a new document takes its place.
    let again = attach(&person, &central, &photo()).await;
    until_it_is(&person, again, DocumentState::Accepted).await;
    assert_eq!(record(&person, document).await, None);
}
