//! Who may start, answer and hand in: every state of the registration, and the consents before them.

use prakerja_central::registration::forced;
use prakerja_domain::registration::{DeclarationsOutcome, Facts, RegistrationState as S, TestProgress};
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::registration::TestPaper;
use prakerja_protocol::sync::CommandStatus;
use uuid::Uuid;

use crate::bank::right;
use crate::journey::journey;
use crate::registrant::{case, declare, declared};
use crate::sitting::*;
use crate::started::*;

/// What a state says to an answer, to handing in, and to a start, in this order: `+` allowed, `r` the running paper,
/// `.` too early, `d` done, `x` ended, `b` blocked.
const TABLE: [(S, &str); 21] = [
    (S::NotStarted, "..."),
    (S::NikSubmitted, "..."),
    (S::NikMismatch, "..."),
    (S::KkQuotaFull, "..."),
    (S::NikAlreadyRecipient, "xxx"),
    (S::NikMatched, "..."),
    (S::ProfileCompleted, "..."),
    (S::KtpPhotoSubmitted, "..."),
    (S::KtpPhotoRejected, "..."),
    (S::KtpPhotoAccepted, "..."),
    (S::FacePending, "..."),
    (S::FaceFailed, "..."),
    (S::ManualReview, "..."),
    (S::FaceVerified, "..."),
    (S::PhoneOtpSent, "..."),
    (S::PhoneVerified, "..."),
    (S::Ineligible, "xxx"),
    (S::TestAvailable, "..+"),
    (S::TestInProgress, "++r"),
    (S::TestSubmitted, "ddd"),
    (S::TestEvaluated, "ddd"),
];

fn letter(problem: &Problem, state: S) -> char {
    assert_eq!((problem.code, problem.status), (ProblemCode::StepRefused, 409), "{state:?}");
    assert_eq!(problem.details["state"], serde_json::to_value(state).unwrap());
    match problem.details["refusal"].as_str().unwrap() {
        "too_early" => '.',
        "done" => 'd',
        "ended" => 'x',
        "blocked" => 'b',
        other => panic!("{state:?}: {other}"),
    }
}

/// Somebody at a state; with a paper when the test runs.
async fn stands(central: &Started, (state, facts): (S, Facts)) -> (Person, Option<TestPaper>) {
    if state != S::TestInProgress {
        let person = central.person().await;
        forced::facts(&central.central, person.id, facts).await.unwrap();
        return (person, None);
    }
    let person = candidate(central).await;
    let paper = begun(&person).await;
    if facts.blocked {
        forced::facts(&central.central, person.id, facts).await.unwrap();
    }
    (person, Some(paper))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_state_allows_and_refuses_what_the_table_says() {
    let central = Started::sqlite().await;
    for ((state, facts), (expected_state, expected)) in journey().into_iter().zip(TABLE) {
        assert_eq!(state, expected_state);
        for blocked in [false, true] {
            let facts = Facts { blocked, ..facts };
            let (person, paper) = stands(&central, (state, facts)).await;
            let (attempt, item, choice) = match &paper {
                Some(paper) => (paper.attempt, paper.items[0].id.as_str(), right(&paper.items[0])),
                None => (Uuid::now_v7(), "verbal-001", "a"),
            };
            let said = |problem: Option<Problem>| problem.map_or('+', |problem| letter(&problem, state));
            let mut row = String::new();
            row.push(said(person.push(&answer(attempt, item, choice)).await.problem));
            // Handing in ends a test that runs, and a start begins one: each comes where it disturbs nothing.
            if paper.is_none() {
                row.push(said(person.push(&hand_in(attempt)).await.problem));
            }
            let response = start(&person).await;
            let started = if response.status().is_success() {
                let given: TestPaper = response.json().await.unwrap();
                if paper.as_ref().is_some_and(|paper| paper.attempt == given.attempt) { 'r' } else { '+' }
            } else {
                letter(&problem_of(response).await, state)
            };
            if paper.is_some() {
                row.push(said(person.push(&hand_in(attempt)).await.problem));
            }
            row.push(started);
            // A test that runs is not taken from somebody who is blocked meanwhile.
            let of_blocked = if paper.is_some() { "++b" } else { "bbb" };
            assert_eq!(row, if blocked { of_blocked } else { expected }, "{state:?}, blocked: {blocked}");
            if !row.contains('+') {
                let case = case(&person).await;
                assert_eq!((case.facts, case.state), (facts, state), "a refusal changes nothing");
            }
        }
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_test_opens_when_every_consent_is_given() {
    let central = Started::sqlite().await;
    let person = central.person().await;
    let facts = Facts { declarations: None, ..available() };
    forced::facts(&central.central, person.id, facts).await.unwrap();
    let whole = declared(&central);
    assert_eq!(whole.consents.len(), 1);
    for nth in 0..whole.consents.len() {
        let mut given = whole.clone();
        let missing = given.consents.remove(nth);
        let refused = push_refused(&person, &declare(&given)).await;
        assert_eq!(refused.code, ProblemCode::Validation, "without {}", missing.id);
        let refused = start_refused(&person).await;
        assert_eq!(why(&refused), (ProblemCode::StepRefused, Some("too_early")));
        assert_eq!(refused.details["state"], "phone_verified");
    }
    assert_eq!(person.push(&declare(&whole)).await.status, CommandStatus::Applied);
    assert_eq!(case(&person).await.facts.declarations, Some(DeclarationsOutcome::Clear));
    begun(&person).await;
    assert_eq!(case(&person).await.facts.test, Some(TestProgress::InProgress));
    central.stop().await;
}
