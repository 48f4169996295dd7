//! Closing an account: who may, and that nothing of the person stays. Draws and participants: `waves/close.rs`.

use std::path::Path;
use std::time::Duration;

use prakerja_central::accounts::operator::{Change, change};
use prakerja_central::clock::Clock;
use prakerja_central::db::{Db, Id};
use prakerja_central::demo::FREE_ONE_SEAT;
use prakerja_central::registration::{forced, operator};
use prakerja_domain::registration::{DeclarationsOutcome, Facts, TestProgress};
use prakerja_photo::specimen::SpecimenFault;
use prakerja_protocol::application::NoticeKind;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::{BlockReason, Handover};
use prakerja_protocol::sync::{Command, CommandStatus};
use prakerja_testkit::central::Central;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::applicant::{case, matched, nik, notices, ok, post};
use crate::client::{Client, PASSWORD, count};
use crate::started::{NOW, Person, Started, command, problem_of, read, refused, request, run};
use crate::uploads::{photo, send_announced};

pub(crate) const EMAIL: &str = "sari@contoh.id";
pub(crate) const PATH: &str = "/v1/accounts/current";
/// The bare id, for whoever asks what became of the account.
pub(crate) const ID_STAYS: [&str; 1] = ["closed_account.id"];
const MINUTE: i64 = 60_000;
const SUBJECT: &str = "Akun kamu sudah ditutup";

/// Tables of persons that no account which may be closed has a row in.
const PARTICIPANTS: [&str; 3] = ["balance_entry", "membership", "recipient"];

/// What the person is in the middle of, in tables that other ways than those of this test lead to.
pub(crate) const IN_THE_MIDDLE: [&str; 9] = [
    "insert into sign_in_attempt (id, email, person_id, server_state, guard_mac, expires_at)
     values (randomblob(16), 'x', $1, x'00', x'00', 1)",
    "insert into errand (person_id, id, kind, content, made_at, next_at)
     values ($1, randomblob(16), 'face', x'00', 1, 9000000000000)",
    "insert into phone_code (person_id, sent_by, code_mac, sent_at, expires_at, resends_left)
     values ($1, randomblob(16), randomblob(32), 1, 1, 5)",
    "insert into face_check (person_id, attempt, begun_by, expires_at, failed, content)
     values ($1, randomblob(16), randomblob(16), 1, 0, x'00')",
    "insert into declaration (person_id, id, scheme, received_at, content) values ($1, randomblob(16), '2023', 1, x'00')",
    "insert into appeal (person_id, id, open, received_at, rev, content) values ($1, randomblob(16), 0, 1, 1, x'00')",
    "insert into test_attempt (person_id, id, started_at, ends_at, closes_at, evaluated_at, content)
     values ($1, randomblob(16), 1, 1, 1, 1, x'00')",
    "insert into test_answer (person_id, item, choice, received_at) values ($1, 'v1', x'00', 1)",
    "insert into application
         (person_id, id, wave, rev, blind, class, region, counted, received_at, nik_index, kk_index)
     values ($1, randomblob(16), 73, 1, randomblob(16), 'general', '21', 'in_time', 1, randomblob(32), x'00')",
];

pub(crate) async fn write(db: &Db, statement: &'static str, person: Uuid) {
    let mut tx = db.begin().await.unwrap();
    sqlx::query(statement).bind(Id(person)).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// Columns of any table that have these bytes anywhere in them.
pub(crate) async fn found(db: &Db, bytes: &[u8]) -> Vec<String> {
    let columns: Vec<(String, String)> = sqlx::query_as(
        "select m.name, c.name from sqlite_master m, pragma_table_info(m.name) c
         where m.type = 'table' and m.name not like 'sqlite_%' order by m.name, c.name",
    )
    .fetch_all(db.read())
    .await
    .unwrap();
    let mut found = Vec::new();
    for (table, column) in columns {
        let sql = format!("select count(*) from \"{table}\" where instr(cast(\"{column}\" as blob), $1) > 0");
        let query = sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(sql)).bind(bytes);
        if query.fetch_one(db.read()).await.unwrap() > 0 {
            found.push(format!("{table}.{column}"));
        }
    }
    found
}

/// Tables of persons.
async fn private(db: &Db) -> Vec<String> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select m.name from sqlite_master m, pragma_table_info(m.name) c
         where m.type = 'table' and c.name = 'person_id' order by m.name",
    )
    .fetch_all(db.read())
    .await
    .unwrap();
    tables.into_iter().filter(|table| !PARTICIPANTS.contains(&table.as_str())).collect()
}

fn files(data: &Path) -> (usize, usize) {
    let count = |folder: &str| std::fs::read_dir(data.join(folder)).unwrap().count();
    (count("uploads"), count("documents"))
}

pub(crate) fn close(person: &Person) -> reqwest::RequestBuilder {
    person.ask(Method::DELETE, PATH)
}

/// Somebody with a row in every table that a person can have one in, and with files.
async fn busy(central: &Started) -> Person {
    let person = matched(central, &nik(1)).await;
    let handover = json!({ "kind": "ktp_photo" });
    ok::<Handover>(post(&person, "/v1/handovers", Uuid::new_v4(), Some(&handover)).await).await;
    let photo = photo(central, SpecimenFault::None);
    let attach = command(&Command::DocumentAttach(photo.attach.clone()), "doc:ktp_photo");
    for command in [attach, request(FREE_ONE_SEAT, Some(1))] {
        assert_eq!(person.push(&command).await.status, CommandStatus::Applied);
    }
    send_announced(&person, &photo).await;
    for statement in IN_THE_MIDDLE {
        write(&central.central.db, statement, person.id).await;
    }
    let upload = "insert into upload
             (person_id, id, document_id, bytes, file, stored, created_at, touched_at, expires_at)
         values ($1, randomblob(16), randomblob(16), 9, 'begun', 1, 1, 1, 9000000000000)";
    write(&central.central.db, upload, person.id).await;
    std::fs::write(central.folder.path().join("uploads").join("begun"), b"x").unwrap();
    person
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_the_person_stays_and_everything_is_free_again() {
    let central = Started::sqlite().await;
    let (db, data) = (&central.central.db, central.folder.path());
    let person = busy(&central).await;
    let places = found(db, person.id.as_bytes()).await;
    for table in private(db).await {
        assert!(places.contains(&format!("{table}.person_id")), "this test fills no row of {table}");
    }
    assert_eq!((files(data), central.taken(run(FREE_ONE_SEAT, 1)).await), ((1, 2), 1));

    // Another computer of the same person waits for news.
    let other = central.device_of(person.id).await;
    let cursor = other.pull(None).await.cursor;
    let waiting = other.get("/v1/sync/pull").query(&[("cursor", cursor.as_str()), ("wait", "25")]);
    let waiting = tokio::spawn(async move { waiting.send().await });
    let there = async {
        while central.central.sync.get().unwrap().polls() != 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), there).await.expect("it waits");
    assert_eq!(close(&person).send().await.unwrap().status(), 204);
    let woken = tokio::time::timeout(Duration::from_secs(10), waiting).await.expect("woken in time");
    let over = problem_of(woken.unwrap().unwrap()).await;
    assert_eq!((over.status, over.code), (401, ProblemCode::SessionRevoked));

    let email = format!("{}@example.test", person.id);
    assert_eq!(found(db, person.id.as_bytes()).await, ID_STAYS);
    assert_eq!(files(data), (0, 0));
    let noted = std::fs::read_to_string(data.join("closed-accounts")).unwrap();
    assert_eq!(noted.trim(), person.id.to_string(), "the bare id, for whoever puts a backup back");
    let told = async {
        loop {
            let mails: serde_json::Value = read(central.get("/sandbox/mailbox.json").query(&[("to", &email)])).await;
            if mails[0]["subject"] == SUBJECT {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), told).await.expect("the mail comes");
    // The demo's mailbox.
    assert_eq!(found(db, email.as_bytes()).await, ["sandbox_message.recipient"]);

    for session in [&person, &other] {
        let refusal = refused(close(session)).await;
        assert_eq!((refusal.status, refusal.code), (401, ProblemCode::TokenExpired), "as often as it is asked");
    }
    // Seat and number are somebody else's.
    let next = matched(&central, &nik(1)).await;
    assert_eq!(next.push(&request(FREE_ONE_SEAT, Some(1))).await.status, CommandStatus::Applied);
    central.stop().await;
}

/// What is final of a registration, before its account is closed and after the same number was matched for another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_attempt_and_an_exclusion_hold_for_the_person_and_not_for_the_account() {
    use DeclarationsOutcome::{Clear, Excluded};
    use TestProgress::{InProgress, NotPassed, Passed, Submitted};
    let central = Started::sqlite().await;
    let cases = [
        ((None, Some(Clear)), (None, None)),
        ((Some(Passed), Some(Clear)), (Some(Passed), None)),
        ((Some(NotPassed), Some(Clear)), (Some(NotPassed), None)),
        // Given up with the account.
        ((Some(InProgress), Some(Clear)), (Some(NotPassed), None)),
        ((Some(Submitted), Some(Clear)), (Some(NotPassed), None)),
        ((None, Some(Excluded)), (None, Some(Excluded))),
        ((Some(NotPassed), Some(Excluded)), (Some(NotPassed), Some(Excluded))),
    ];
    // The sandbox's registry knows numbers that end in 1.
    for (serial, ((test, declarations), expected)) in (1..).step_by(10).zip(cases) {
        let person = matched(&central, &nik(serial)).await;
        let facts = Facts { test, declarations, ..case(&person).await.facts };
        forced::final_facts(&central.central, person.id, facts).await.unwrap();
        assert_eq!(close(&person).send().await.unwrap().status(), 204);
        // Twice: it is kept with the second account as it was with the first.
        for _ in 0..2 {
            let next = matched(&central, &nik(serial)).await;
            let facts = case(&next).await.facts;
            assert_eq!((facts.test, facts.declarations), expected, "{test:?} {declarations:?}");
            let told = notices(&next).await.contains(&NoticeKind::Ineligible);
            assert_eq!(told, expected.1.is_some(), "{test:?} {declarations:?}");
            assert_eq!(close(&next).send().await.unwrap().status(), 204);
        }
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_does_not_go_with_the_account_and_a_participant_stays() {
    let central = Started::sqlite().await;
    let (blocked, member) = (central.person().await, central.person().await);
    operator::block(&central.central, blocked.id, BlockReason::TermsBroken, None).await.unwrap();
    // Of any time.
    let revoked =
        "insert into membership (person_id, id, wave, rev, state, number_index, first_purchase_until, content)
         values ($1, randomblob(16), 73, 1, 'revoked', randomblob(32), 1, x'00')";
    write(&central.central.db, revoked, member.id).await;
    let cases = [(&blocked, ProblemCode::StepRefused, Some("blocked")), (&member, ProblemCode::StillParticipant, None)];
    for (person, code, refusal) in cases {
        let problem = refused(close(person)).await;
        assert_eq!((problem.status, problem.code), (409, code));
        assert_eq!(problem.details.get("refusal").and_then(|word| word.as_str()), refusal);
        person.pull(None).await;
    }
    operator::unblock(&central.central, blocked.id, None).await.unwrap();
    assert_eq!(close(&blocked).send().await.unwrap().status(), 204);
    central.stop().await;
}

#[tokio::test]
async fn a_closed_address_signs_up_anew() {
    let central = Central::start_with(Clock::fake(NOW), |_| {}).await.unwrap();
    let (client, other) = (Client::new(&central), Client::new(&central));
    let first = client.sign_up(&central, EMAIL).await;
    let elsewhere = other.sign_in(EMAIL).await;
    // One that was in vain, by whomever.
    let vain = other.prepare(EMAIL, PASSWORD).await;
    other.post("/v1/accounts", Some(Uuid::new_v4()), &vain).await.expect(202);

    client.delete(PATH, &first.access_token).await.expect(204);
    let mails = central.wait_for_mails(EMAIL, 3).await.unwrap();
    assert_eq!(mails[0].subject, SUBJECT);
    let db = &central.state().unwrap().db;
    assert_eq!(found(db, first.person.as_bytes()).await, ID_STAYS);
    // Whoever typed the address elsewhere must not see by its end that it had an account. Void, and gone in two days.
    assert_eq!(found(db, EMAIL.as_bytes()).await, ["sandbox_message.recipient", "sign_up.email"]);
    let void = "select count(*) from sign_up where in_vain = 1 and confirmed_at is null";
    assert_eq!((count(&central, void).await, count(&central, "select count(*) from sign_up").await), (1, 1));
    for (who, session) in [(&client, &first), (&other, &elsewhere)] {
        who.delete(PATH, &session.access_token).await.refused(401, "token-expired");
        who.get("/v1/sessions", Some(&session.access_token)).await.refused(401, "token-expired");
        who.refresh(&session.refresh_token).await.refused(401, "session-revoked");
    }
    assert!(client.prepare_sign_in(EMAIL, PASSWORD).await.is_none(), "as of an address that never had an account");

    let again = other.sign_up(&central, EMAIL).await;
    assert_ne!(again.person, first.person);
    assert_eq!(client.sign_in(EMAIL).await.person, again.person);
}

#[tokio::test]
async fn whoever_closes_has_just_typed_the_password() {
    let central = Central::start_with(Clock::fake(NOW), |_| {}).await.unwrap();
    let client = Client::new(&central);
    let session = client.sign_up(&central, EMAIL).await;
    central.clock().advance_ms(10 * MINUTE + 1);
    client.delete(PATH, &session.access_token).await.refused(403, "forbidden");
    // Another pair of tokens is no other session.
    let session = client.refresh(&session.refresh_token).await.session();
    client.delete(PATH, &session.access_token).await.refused(403, "forbidden");
    let fresh = client.sign_in(EMAIL).await;
    central.clock().advance_ms(10 * MINUTE);
    change(central.data_dir(), EMAIL, Change::Lock).await.unwrap();
    client.delete(PATH, &fresh.access_token).await.refused(403, "account-locked");
    change(central.data_dir(), EMAIL, Change::Unlock).await.unwrap();
    client.delete(PATH, &fresh.access_token).await.expect(204);
    assert_eq!(count(&central, "select count(*) from person").await, 0);
}
