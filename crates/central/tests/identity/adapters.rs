//! The real adapters over the wire, against parties that misbehave.

use prakerja_central::config::{self, Config};
use prakerja_central::db::Id;
use prakerja_central::errands::operator::{self, Waiting};
use prakerja_domain::registration::{FaceCheck, IdentityMatch, RegistrationState as S};
use prakerja_protocol::application::NoticeKind as N;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::FaceSession;
use prakerja_protocol::sync::CommandStatus::Applied;
use secrecy::SecretString;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::applicant::*;
use crate::started::*;
use crate::stub::{Answer, Stub, faults};

const TOKEN: &str = "kunci-uji";

pub(crate) fn fits() -> Answer {
    Answer::Json(json!({
        "request": "$request", "nik": "equal", "kk_number": "equal", "full_name": "equal", "birth_date": "equal",
    }))
}

/// A central that is no demo, with these parties.
pub(crate) async fn central(registry: Option<&Stub>, sms: Option<&Stub>, face: Option<&Stub>) -> Started {
    let folder = tempfile::tempdir().unwrap();
    let token = || Some(SecretString::from(TOKEN));
    let config = Config {
        demo: false,
        registry: registry.map(|stub| config::Registry { url: stub.url.clone(), token: token(), timeout_s: 1 }),
        sms: sms.map(|stub| config::Sms {
            url: stub.url.clone(),
            token: token(),
            sender: "PRAKERJA".to_owned(),
            timeout_s: 1,
        }),
        face: face.map(|stub| config::Face {
            url: stub.url.clone(),
            token: token(),
            provider: "Contoh Wajah".to_owned(),
            timeout_s: 1,
            poll_s: 5,
        }),
        ..config(folder.path())
    };
    Started::open(folder, config).await.unwrap()
}

/// The one errand that waits, once it has failed so often.
async fn failed(central: &Started, failures: i64) -> Waiting {
    for _ in 0..100_000 {
        let mut waiting = operator::waiting(&central.central.db).await.unwrap();
        if waiting.len() == 1 && waiting[0].failures >= failures {
            return waiting.remove(0);
        }
        tokio::task::yield_now().await;
    }
    panic!("it never failed: {:?}", operator::waiting(&central.central.db).await);
}

/// Until the one message that waits was tried so often and is not under way.
async fn noted(central: &Started, tries: i64) {
    for _ in 0..100_000 {
        let row: Option<(i64, i64)> = sqlx::query_as("select attempts, next_at from message_outbox")
            .fetch_optional(central.central.db.read())
            .await
            .unwrap();
        // A lease is five minutes long.
        if row.is_some_and(|(attempts, next)| attempts == tries && next < central.central.clock.now_ms() + 60_000) {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("the try was never noted");
}

/// Past the longest pause between two tries.
fn much_later(central: &Started) {
    central.central.clock.advance_ms(7 * 60_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_registry_is_asked_until_it_answers() {
    let stub = Stub::start(fits()).await;
    let central = central(Some(&stub), None, None).await;
    for (fault, _) in faults() {
        stub.then(fault);
    }
    // An answer to another question is none.
    stub.then(Answer::Json(json!({
        "request": Uuid::nil(), "nik": "equal", "kk_number": "equal", "full_name": "equal", "birth_date": "equal",
    })));
    let person = with_profile(&central, &nik(1)).await;
    assert_eq!(person.push(&submit()).await.status, Applied);
    let first = stub.next().await;
    assert_eq!((first.path.as_str(), first.headers["authorization"].to_str().unwrap()), ("/api", "Bearer kunci-uji"));
    let Value::Object(body) = &first.body else { panic!("no body") };
    assert_eq!(body.keys().collect::<Vec<_>>(), ["birth_date", "full_name", "kk_number", "nik", "request"]);
    assert_eq!((body["nik"].as_str(), body["birth_date"].as_str()), (Some(nik(1).as_str()), Some("2003-02-01")));
    let expected = faults().into_iter().map(|(_, code)| code).chain(["no answer as agreed"]);
    for (failures, code) in (1..).zip(expected) {
        let waiting = failed(&central, failures).await;
        assert_eq!((waiting.kind.as_str(), waiting.last_failure.as_deref()), ("identity", Some(code)), "{failures}");
        assert_eq!(case(&person).await.state, S::NikSubmitted);
        much_later(&central);
        let again = stub.next().await;
        assert_eq!(again.body, first.body, "every try is the same question");
        assert_eq!(again.headers["idempotency-key"], first.headers["idempotency-key"]);
    }
    until(&person, |case| case.facts.identity == Some(IdentityMatch::Matched)).await;
    assert_eq!(notices(&person).await, [N::IdentitySubmitted, N::IdentityMatched]);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_was_written_before_a_crash_is_written_once() {
    let stub = Stub::start(fits()).await;
    stub.then(Answer::Hangs);
    let central = central(Some(&stub), None, None).await;
    let person = with_profile(&central, &nik(1)).await;
    person.push(&submit()).await;
    stub.next().await;
    let copy = "create table errand_copy as select * from errand";
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query(copy).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    failed(&central, 1).await;
    much_later(&central);
    until(&person, |case| case.facts.identity == Some(IdentityMatch::Matched)).await;
    stub.next().await;
    // The row that the crash would have left, due at once.
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query("delete from errand").execute(&mut *tx).await.unwrap();
    sqlx::query("insert into errand select * from errand_copy").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    much_later(&central);
    stub.next().await;
    for _ in 0..100_000 {
        if operator::waiting(&central.central.db).await.unwrap().is_empty() {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert!(operator::waiting(&central.central.db).await.unwrap().is_empty());
    assert_eq!(notices(&person).await, [N::IdentitySubmitted, N::IdentityMatched]);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_errand_survives_a_restart() {
    let stub = Stub::start(Answer::Status(503)).await;
    let first = central(Some(&stub), None, None).await;
    let person = with_profile(&first, &nik(1)).await;
    person.push(&submit()).await;
    failed(&first, 1).await;
    first.stop().await;
    let listed = std::process::Command::new(env!("CARGO_BIN_EXE_prakerja-central"))
        .args(["errands", "--data"])
        .arg(first.folder.path())
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert_eq!(listed, "identity\t2026-11-23T05:00:00Z\tfailures: 1\tstatus 503\n");
    stub.usually(fits());
    let Started { folder, .. } = first;
    let config = Config {
        demo: false,
        registry: Some(config::Registry { url: stub.url.clone(), token: None, timeout_s: 1 }),
        ..config(folder.path())
    };
    let second = Started::open(folder, config).await.unwrap();
    until(&person.at(&second.base), |case| case.facts.identity == Some(IdentityMatch::Matched)).await;
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_to_a_phone_is_sent_until_it_is_taken() {
    let (registry, sms) = (Stub::start(fits()).await, Stub::start(Answer::Json(json!({ "accepted": true }))).await);
    let face = Stub::start(Answer::Status(500)).await;
    let central = central(Some(&registry), Some(&sms), Some(&face)).await;
    let person = with_photo(&central, &nik(1)).await;
    let facts = prakerja_domain::registration::Facts { face: Some(FaceCheck::Verified), ..case(&person).await.facts };
    prakerja_central::registration::forced::facts(&central.central, person.id, facts).await.unwrap();
    for fault in [Answer::Status(500), Answer::Html, Answer::Hangs] {
        sms.then(fault);
    }
    code_sent(&person).await;
    let first = sms.next().await;
    assert_eq!(first.headers["authorization"], "Bearer kunci-uji");
    assert_eq!((first.body["to"].as_str(), first.body["sender"].as_str()), (Some(PHONE), Some("PRAKERJA")));
    let text = first.body["text"].as_str().unwrap().to_owned();
    assert!(text.chars().count() <= 160, "one message: {text}");
    for tries in 1..=3 {
        noted(&central, tries).await;
        // Due after at most five seconds with their jitter.
        central.central.clock.advance_ms(6_000);
        assert_eq!(sms.next().await.body, first.body);
    }
    let code: String = text.chars().take(6).collect();
    ok::<Value>(confirm(&person, Uuid::new_v4(), &code).await).await;
    assert!(sms.nothing_more().await);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_provider_of_face_checks_is_asked_outside_of_any_transaction() {
    let registry = Stub::start(fits()).await;
    let face = Stub::start(Answer::Status(500)).await;
    let central = central(Some(&registry), None, Some(&face)).await;
    let person = with_photo(&central, &nik(1)).await;
    let key = Uuid::new_v4();
    let odd = Answer::Json(json!({ "id": "s-1", "url": "javascript:alert(1)" }));
    for (fault, _) in faults().into_iter().chain([(odd, "")]) {
        face.then(fault);
        let refused = problem_of(begin_face(&person, key).await).await;
        assert_eq!((refused.code, refused.status), (ProblemCode::PartyUnavailable, 503));
        assert!(refused.retry_after_ms.is_some());
        let asked = face.next().await;
        assert_eq!(asked.path, "/api/sessions");
        // The provider learns no more than an id of ours.
        assert_eq!(asked.body.as_object().unwrap().keys().collect::<Vec<_>>(), ["expires_in_s", "reference"]);
    }
    assert_eq!(case(&person).await.state, S::KtpPhotoAccepted);
    // While the provider thinks, everybody else is served.
    face.then(Answer::Hangs);
    let waiting = tokio::spawn({
        let person = person.clone();
        async move { begin_face(&person, key).await }
    });
    face.next().await;
    let other = with_profile(&central, &nik(2)).await;
    assert_eq!(case(&other).await.state, S::NotStarted);
    assert_eq!(waiting.await.unwrap().status(), 503);

    let made = Answer::Json(json!({ "id": "s/1", "url": "https://wajah.example.org/s/1" }));
    face.then(made);
    face.usually(Answer::Json(json!({ "result": "pending" })));
    let session: FaceSession = ok(begin_face(&person, key).await).await;
    assert_eq!((session.provider.as_str(), session.sandbox), ("Contoh Wajah", false));
    let begun = face.next().await;
    assert_eq!(begun.headers["idempotency-key"], format!("\"{}\"", begun.body["reference"].as_str().unwrap()));
    assert_eq!(face.next().await.path, "/api/sessions/s%2F1");
    // A repeat does not ask the provider again.
    let again: FaceSession = ok(begin_face(&person, key).await).await;
    assert_eq!(again, session);
    face.then(Answer::Status(502));
    central.central.clock.advance_ms(5_000);
    face.next().await;
    failed(&central, 1).await;
    face.usually(Answer::Json(json!({ "result": "passed" })));
    much_later(&central);
    until(&person, |case| case.facts.face == Some(FaceCheck::Verified)).await;
    let rows: Vec<(Id,)> = sqlx::query_as("select id from errand").fetch_all(central.central.db.read()).await.unwrap();
    assert!(rows.len() <= 1, "the errand goes with its answer");
    central.stop().await;
}
