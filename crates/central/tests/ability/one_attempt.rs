//! One attempt a person: central owns its start and its end, and gives the same paper however often it is asked.

use prakerja_domain::registration::{RegistrationState as S, TestProgress};
use prakerja_protocol::application::NoticeKind as N;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::TestStatus;
use uuid::Uuid;

use crate::registrant::{case, feed, notices, post};
use crate::sitting::*;
use crate::started::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_again_gets_the_same_paper_and_the_same_end() {
    for (version, minutes) in [("2020", 25), ("2023", 40)] {
        let central = with_scheme(version).await;
        let person = candidate(&central).await;
        assert!(nothing_runs(&person).await);
        let paper = begun(&person).await;
        assert_eq!((paper.started_at, paper.ends_at), (NOW, NOW + minutes * MINUTE), "{version}");
        assert!(paper.answers.is_empty());
        let told = feed(&person).await.0.len();

        let other = central.device_of(person.id).await;
        for later in [1, 7 * MINUTE, 16 * MINUTE] {
            central.central.clock.advance_ms(later);
            for device in [&person, &other] {
                assert_eq!(begun(device).await, paper);
                assert_eq!(resumed(device).await, paper);
            }
        }
        let (changes, _) = feed(&person).await;
        assert_eq!(changes.len(), told, "asking again is no news");
        let case = case(&person).await;
        assert_eq!((case.state, case.facts.test), (S::TestInProgress, Some(TestProgress::InProgress)));
        let expected = TestStatus {
            attempt: paper.attempt,
            started_at: NOW,
            ends_at: paper.ends_at,
            closes_at: Some(paper.ends_at + GRACE),
            submitted_at: None,
            result_by: None,
            evaluated_at: None,
            score: None,
        };
        assert_eq!(case.test, Some(expected));
        assert_eq!(notices(&person).await, [N::TestStarted]);
        central.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_computers_that_start_at_once_get_one_attempt() {
    let central = Started::sqlite().await;
    let person = candidate(&central).await;
    let other = central.device_of(person.id).await;
    let (one, two, three) = tokio::join!(begun(&person), begun(&other), begun(&person));
    assert_eq!((&one, &one), (&two, &three));
    assert_eq!(notices(&person).await, [N::TestStarted]);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_is_no_second_attempt() {
    for version in ["2020", "2023"] {
        let central = with_scheme(version).await;
        let person = candidate(&central).await;
        let paper = begun(&person).await;
        applied(&person, &[hand_in(paper.attempt)]).await;
        // Before and after the result, with the same key and with another, from here and from elsewhere.
        let key = Uuid::new_v4();
        for round in 0..3 {
            let other = central.device_of(person.id).await;
            for device in [&person, &other] {
                let refused = problem_of(post::<()>(device, "/v1/test/start", key, None).await).await;
                assert_eq!(why(&refused), (ProblemCode::StepRefused, Some("done")), "{version}, {round}");
                assert_eq!(why(&start_refused(device).await), (ProblemCode::StepRefused, Some("done")));
                assert!(nothing_runs(device).await);
            }
            let result = evaluated(&person).await;
            assert_eq!(result.test.unwrap().attempt, paper.attempt);
            central.central.clock.advance_ms(DURATION);
        }
        central.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_over_cannot_be_begun_again_while_its_result_is_on_its_way() {
    let central = Started::sqlite().await;
    let person = candidate(&central).await;
    let paper = begun(&person).await;
    hold_evaluation(&central).await;
    // While answers may still arrive, the paper is there for an app that was closed meanwhile.
    at(&central, paper.ends_at + GRACE);
    assert_eq!((begun(&person).await, resumed(&person).await), (paper.clone(), paper.clone()));
    at(&central, paper.ends_at + GRACE + 1);
    let refused = start_refused(&person).await;
    assert_eq!((refused.status, refused.code), (409, ProblemCode::TestOver));
    assert!(nothing_runs(&person).await);
    release_evaluation(&central).await;
    evaluated(&person).await;
    assert_eq!(why(&start_refused(&person).await), (ProblemCode::StepRefused, Some("done")));
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_needs_a_key() {
    let central = Started::sqlite().await;
    let person = candidate(&central).await;
    for key in [None, Some("7"), Some("0190a6b2-0000-7000-8000-000000000000")] {
        let request = person.post_to("/v1/test/start");
        let request = key.into_iter().fold(request, |request, key| request.header("idempotency-key", key));
        let problem = refused(request).await;
        assert_eq!((problem.status, problem.code), (400, ProblemCode::IdempotencyKeyMissing), "{key:?}");
    }
    assert!(nothing_runs(&person).await);
    central.stop().await;
}
