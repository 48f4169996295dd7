//! Codes to phones: one message a request, countdowns, guesses, locks.

use prakerja_domain::registration::PhoneCheck;
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::registration::PhoneCodeSent;
use uuid::Uuid;

use crate::applicant::*;
use crate::started::*;

const MINUTE: i64 = 60_000;

fn other_than(code: &str, nth: u32) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1 + nth) % 1_000_000)
}

fn left(problem: &Problem) -> i64 {
    problem.details["attempts_left"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_whose_answer_was_lost_sends_one_message() {
    let central = Started::sqlite().await;
    let person = with_face(&central, &nik(1)).await;
    let key = Uuid::new_v4();
    let first: PhoneCodeSent = ok(ask_code(&person, key).await).await;
    central.central.clock.advance_ms(20_000);
    let again: PhoneCodeSent = ok(ask_code(&person, key).await).await;
    assert_eq!(again, PhoneCodeSent { expires_in_s: 280, resend_after_s: 40, ..first });
    let code = code_number(&central, PHONE, 1).await;
    let confirmed = Uuid::new_v4();
    for _ in 0..2 {
        ok::<serde_json::Value>(confirm(&person, confirmed, &code).await).await;
    }
    assert_eq!(codes(&central, PHONE).await.len(), 1);
    let done = problem_of(confirm(&person, Uuid::new_v4(), &code).await).await;
    assert_eq!((done.code, done.details["refusal"].as_str()), (ProblemCode::StepRefused, Some("done")));
    let done = problem_of(ask_code(&person, Uuid::new_v4()).await).await;
    assert_eq!(done.code, ProblemCode::StepRefused);
    assert_eq!(case(&person).await.facts.phone, Some(PhoneCheck::Verified));
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_are_counted_once_each_and_another_code_helps() {
    let central = Started::sqlite().await;
    let person = with_face(&central, &nik(1)).await;
    code_sent(&person).await;
    let code = code_number(&central, PHONE, 1).await;
    for (typed, expected) in [(0, 2), (0, 2), (1, 1), (2, 0)] {
        let wrong = problem_of(confirm(&person, Uuid::new_v4(), &other_than(&code, typed)).await).await;
        assert_eq!((wrong.code, wrong.status, left(&wrong)), (ProblemCode::WrongCode, 422, expected), "{typed}");
    }
    // Now the right one comes too late.
    let locked = problem_of(confirm(&person, Uuid::new_v4(), &code).await).await;
    assert_eq!((locked.code, locked.status), (ProblemCode::CodeLocked, 429));
    assert_eq!(locked.retry_after_ms, Some(60_000));
    let early = problem_of(ask_code(&person, Uuid::new_v4()).await).await;
    assert_eq!((early.code, early.retry_after_ms), (ProblemCode::RateLimited, Some(60_000)));
    central.central.clock.advance_ms(MINUTE);
    assert_eq!(code_sent(&person).await.resends_left, 4);
    let fresh = code_number(&central, PHONE, 2).await;
    ok::<serde_json::Value>(confirm(&person, Uuid::new_v4(), &fresh).await).await;
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_ends_with_its_time_and_with_the_next_one() {
    let central = Started::sqlite().await;
    let person = with_face(&central, &nik(1)).await;
    code_sent(&person).await;
    let first = code_number(&central, PHONE, 1).await;
    central.central.clock.advance_ms(5 * MINUTE);
    let over = problem_of(confirm(&person, Uuid::new_v4(), &first).await).await;
    assert_eq!((over.code, over.status), (ProblemCode::CodeExpired, 410));
    code_sent(&person).await;
    let second = code_number(&central, PHONE, 2).await;
    if first != second {
        assert_eq!(problem_of(confirm(&person, Uuid::new_v4(), &first).await).await.code, ProblemCode::WrongCode);
    }
    for (typed, field) in [("12345", "wrong_length"), ("abcdef", "not_digits"), ("", "required")] {
        let wrong = problem_of(confirm(&person, Uuid::new_v4(), typed).await).await;
        assert_eq!(wrong.code, ProblemCode::Validation, "{typed}");
        assert_eq!(serde_json::to_value(wrong.fields[0].code).unwrap(), field);
    }
    let spaced = format!("{} {}", &second[..3], &second[3..]);
    ok::<serde_json::Value>(confirm(&person, Uuid::new_v4(), &spaced).await).await;
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn six_messages_then_two_hours_for_person_and_phone() {
    let central = Started::sqlite().await;
    let person = with_face(&central, &nik(1)).await;
    for resends_left in (0..6).rev() {
        let key = Uuid::new_v4();
        let sent: PhoneCodeSent = ok(ask_code(&person, key).await).await;
        let wait = if resends_left == 0 { 120 * 60 } else { 60 };
        assert_eq!((sent.resends_left, sent.resend_after_s), (resends_left, wait), "after the last one the lock");
        let again: PhoneCodeSent = ok(ask_code(&person, key).await).await;
        assert_eq!(again, sent);
        central.central.clock.advance_ms(MINUTE);
    }
    let locked = problem_of(ask_code(&person, Uuid::new_v4()).await).await;
    assert_eq!((locked.code, locked.status), (ProblemCode::CodeLocked, 429));
    assert_eq!(locked.retry_after_ms, Some(119 * 60_000));
    // Neither another account with the same phone nor another phone of the same person gets around it.
    let other = with_face(&central, &nik(2)).await;
    assert_eq!(problem_of(ask_code(&other, Uuid::new_v4()).await).await.code, ProblemCode::CodeLocked);
    let phone = prakerja_domain::profile::ProfileField::Phone;
    person.push(&patch(None, &[(phone, Some("081299990000"))])).await;
    assert_eq!(problem_of(ask_code(&person, Uuid::new_v4()).await).await.code, ProblemCode::CodeLocked);
    other.push(&patch(None, &[(phone, Some("081299990000"))])).await;
    assert_eq!(code_sent(&other).await.resends_left, 5);
    central.central.clock.advance_ms(119 * MINUTE);
    assert_eq!(code_sent(&person).await.resends_left, 4);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_needs_session_and_key() {
    let central = Started::sqlite().await;
    let person = with_face(&central, &nik(1)).await;
    for path in ["/v1/phone/code", "/v1/face/sessions"] {
        assert_eq!(refused(person.post_to(path)).await.code, ProblemCode::IdempotencyKeyMissing, "{path}");
        let nobody = reqwest::Client::new().post(format!("{}{path}", central.base));
        assert_eq!(refused(nobody).await.code, ProblemCode::TokenExpired, "{path}");
    }
    central.stop().await;
}
