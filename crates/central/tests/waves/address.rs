//! Another e-mail address for an account, entered by the office.

use prakerja_central::db::Id;
use prakerja_central::office::{audit, operators, role::Role};
use prakerja_domain::registration::Facts;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::RegistrationRecord;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::applicant::*;
use crate::started::*;

/// As it is typed; kept in small letters.
const NEW: &str = " Sari.Baru@Example.TEST ";

async fn ask(central: &Started, token: &str, number: &str, body: Value) -> reqwest::Response {
    let url = format!("{}/v1/admin/cases/{number}/email", central.base);
    reqwest::Client::new().post(url).bearer_auth(token).json(&body).send().await.unwrap()
}

async fn email_of(central: &Started, person: &Person) -> String {
    let email = sqlx::query_scalar("select email from person where id = $1").bind(Id(person.id));
    email.fetch_one(central.central.db.read()).await.unwrap()
}

/// The only mail to an address, once it is there.
async fn mail(central: &Started, to: &str) -> Value {
    let patience = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        let mut kept: Vec<Value> = read(central.get("/sandbox/mailbox.json").query(&[("to", to)])).await;
        if !kept.is_empty() {
            assert_eq!(kept.len(), 1, "once");
            return kept.remove(0);
        }
        assert!(tokio::time::Instant::now() < patience, "nothing came");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_enters_another_address() {
    let central = Started::sqlite().await;
    let (person, other) = (applicant(&central).await, applicant(&central).await);
    let second = central.device_of(person.id).await;
    let number = case_number(&person).await;
    let (old, taken) = (email_of(&central, &person).await, email_of(&central, &other).await);
    let loud = taken.to_uppercase();
    let worker = operators::add(&central.central, "petugas", Role::CaseWorker).await.unwrap();
    let refusals = [
        ("PRA-2222-3333", NEW, 404, "case-unknown"),
        ("2171014102030001", NEW, 404, "case-unknown"),
        (&number, &taken, 409, "email-taken"),
        (&number, &loud, 409, "email-taken"),
        (&number, &old, 409, "unchanged"),
        (&number, "sari", 409, "email"),
        (&number, " ", 409, "email"),
    ];
    for (number, email, status, reason) in refusals {
        let answer = ask(&central, &worker, number, json!({ "email": email, "reason": "lost" })).await;
        let problem = problem_of(answer).await;
        assert_eq!((problem.status, problem.details["reason"].as_str()), (status, Some(reason)), "{number} {email}");
    }
    for body in [json!({ "email": NEW }), json!({ "email": NEW, "reason": old })] {
        let problem = problem_of(ask(&central, &worker, &number, body).await).await;
        assert_eq!(problem.code, ProblemCode::Malformed);
    }
    for role in [Role::Viewer, Role::WaveManager] {
        let token = operators::add(&central.central, &format!("petugas-{}", role.as_str()), role).await.unwrap();
        let answer = ask(&central, &token, &number, json!({ "email": NEW, "reason": "lost" })).await;
        assert_eq!(problem_of(answer).await.code, ProblemCode::Forbidden, "{role:?}");
    }
    for device in [&person, &second] {
        assert_eq!(device.get("/v1/sessions").send().await.unwrap().status(), 200, "nothing has changed");
    }
    assert_eq!(email_of(&central, &person).await, old);

    let answer = ask(&central, &worker, &number, json!({ "email": NEW, "reason": "lost" })).await;
    assert_eq!(answer.status(), 200);
    let new = "sari.baru@example.test";
    assert_eq!(email_of(&central, &person).await, new);
    for device in [&person, &second] {
        assert_eq!(refused(device.get("/v1/sessions")).await.code, ProblemCode::SessionRevoked);
    }
    assert_eq!(other.get("/v1/sessions").send().await.unwrap().status(), 200);
    let ended: i64 = sqlx::query_scalar("select count(*) from session where ended_because = 'address_changed'")
        .fetch_one(central.central.db.read())
        .await
        .unwrap();
    assert_eq!(ended, 2);
    for to in [old.as_str(), new] {
        let mail = mail(&central, to).await;
        assert_eq!(mail["code"], Value::Null);
        assert!(!mail["text"].as_str().unwrap().contains('@'), "neither mailbox hears of the other: {mail}");
    }

    let rows = audit::list(&central.central, 0, 1_000).await.unwrap();
    let rows: Vec<_> = rows.iter().filter(|row| row.what == "case.email").collect();
    let done = rows.last().unwrap();
    assert_eq!((done.who.as_str(), done.outcome.as_str()), ("petugas", "done"));
    assert_eq!(done.subject, format!("case {number}, lost"));
    let log = serde_json::to_string(&rows).unwrap();
    assert!(!log.contains('@') && !log.contains("2171014102030001"), "{log}");
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_phone_is_verified_anew_and_an_application_goes_on() {
    let central = Started::sqlite().await;
    let person = applicant(&central).await;
    joined(&person, OPEN).await;
    let (before, number) = (application(&person).await, case_number(&person).await);
    let worker = operators::add(&central.central, "petugas", Role::CaseWorker).await.unwrap();
    let body = json!({ "email": NEW, "reason": "lost" });
    assert_eq!(ask(&central, &worker, &number, body).await.status(), 200);

    let there = central.device_of(person.id).await;
    let case: RegistrationRecord = of_kind(&there, "registration").await.remove(0);
    assert_eq!((case.facts, case.phone), (Facts { phone: None, ..complete() }, None));
    assert_eq!(application(&there).await, before);
    let code = there.post_to("/v1/phone/code").header("idempotency-key", format!("\"{}\"", Uuid::new_v4()));
    assert_eq!(code.send().await.unwrap().status(), 200, "another one may be verified");
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_mailboxes_are_told_in_the_language_of_the_person() {
    let central = Started::sqlite().await;
    let worker = operators::add(&central.central, "petugas", Role::CaseWorker).await.unwrap();
    for (language, old_says, new_says) in [
        ("id", "tidak bisa dipakai lagi", "\"Lupa kata sandi?\""),
        ("en", "cannot be used", "\"Forgot the password?\""),
    ] {
        let person = applicant(&central).await;
        let mut tx = central.central.db.begin().await.unwrap();
        let set = sqlx::query("update person set language = $1 where id = $2").bind(language).bind(Id(person.id));
        set.execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        let (old, new) = (email_of(&central, &person).await, format!("{language}@example.test"));
        let body = json!({ "email": new, "reason": "other" });
        assert_eq!(ask(&central, &worker, &case_number(&person).await, body).await.status(), 200);
        for (to, words) in [(&old, old_says), (&new, new_says)] {
            let mail = mail(&central, to).await;
            assert!(mail["text"].as_str().unwrap().contains(words), "{mail}");
        }
    }
    central.stop().await;
}
