//! The end: by the person's will, by central's clock, or handed in late; each time once, and evaluated in time.

use std::time::{Duration, Instant};

use prakerja_domain::registration::{RegistrationState as S, TestProgress};
use prakerja_protocol::application::NoticeKind as N;
use prakerja_protocol::registration::{RegistrationRecord, TestPaper, TestStatus};

use crate::bank::answers;
use crate::registrant::{case, feed, notices};
use crate::sitting::*;
use crate::started::*;

/// Every step of the registration that the person was told, without repeats.
async fn steps(person: &Person) -> Vec<S> {
    let changes = feed(person).await.0.into_iter().filter(|change| change.kind == "registration");
    let mut steps: Vec<S> = changes
        .map(|change| serde_json::from_value::<RegistrationRecord>(change.data.unwrap()).unwrap().state)
        .collect();
    steps.dedup();
    steps
}

fn status(paper: &TestPaper, submitted_at: i64, result_by: i64, evaluated_at: i64) -> Option<TestStatus> {
    Some(TestStatus {
        attempt: paper.attempt,
        started_at: paper.started_at,
        ends_at: paper.ends_at,
        closes_at: Some(paper.ends_at + GRACE),
        submitted_at: Some(submitted_at),
        result_by: Some(result_by),
        evaluated_at: Some(evaluated_at),
        score: None,
    })
}

/// The status without the score, which `results` tests.
fn times(status: Option<TestStatus>) -> Option<TestStatus> {
    status.map(|status| TestStatus { score: None, ..status })
}

/// What somebody was told whose test went its way to a pass.
const TOLD: [N; 3] = [N::TestStarted, N::TestSubmitted, N::TestPassed];
const STEPS: [S; 4] = [S::TestAvailable, S::TestInProgress, S::TestSubmitted, S::TestEvaluated];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_ready_early_hands_in_early() {
    let central = Started::sqlite().await;
    let person = candidate(&central).await;
    let paper = begun(&person).await;
    applied(&person, &answers(&paper, 10, 0)).await;
    central.central.clock.advance_ms(12 * MINUTE);
    let handed_in = applied(&person, &[hand_in(paper.attempt)]).await.remove(0);
    assert!(handed_in.rev.is_some() && handed_in.seq.is_some());
    let result = evaluated(&person).await;
    let now = NOW + 12 * MINUTE;
    assert_eq!(times(result.test.clone()), status(&paper, now, now + WITHIN, now));
    assert_eq!(result.facts.test, Some(TestProgress::Passed));
    assert!(nothing_runs(&person).await);
    // The clock has nothing to add.
    at(&central, paper.ends_at + GRACE + MINUTE);
    let other = candidate(&central).await;
    let theirs = begun(&other).await;
    applied(&other, &[hand_in(theirs.attempt)]).await;
    evaluated(&other).await;
    assert_eq!(case(&person).await, result);
    assert_eq!((notices(&person).await.as_slice(), steps(&person).await.as_slice()), (&TOLD[..], &STEPS[..]));
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_hands_in_ends_by_itself_and_is_evaluated() {
    for (version, minutes) in [("2020", 25), ("2023", 40)] {
        let central = with_scheme(version).await;
        let person = candidate(&central).await;
        let paper = begun(&person).await;
        applied(&person, &answers(&paper, 14, 0)).await;
        // Until the last late answer may have arrived, nothing is said of an end.
        for minute in [minutes, minutes + GRACE / MINUTE] {
            at(&central, NOW + minute * MINUTE);
            let other = candidate(&central).await;
            let theirs = begun(&other).await;
            applied(&other, &[hand_in(theirs.attempt)]).await;
            evaluated(&other).await;
            assert_eq!(case(&person).await.state, S::TestInProgress, "{version}");
        }
        let over = NOW + minutes * MINUTE + GRACE + 1;
        at(&central, over);
        let result = evaluated(&person).await;
        assert_eq!(result.facts.test, Some(TestProgress::Passed), "{version}: what was answered counts");
        assert_eq!(times(result.test.clone()), status(&paper, paper.ends_at, over + WITHIN, over));
        assert_eq!((notices(&person).await.as_slice(), steps(&person).await.as_slice()), (&TOLD[..], &STEPS[..]));
        central.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_never_answered_has_not_passed() {
    let central = Started::sqlite().await;
    let person = candidate(&central).await;
    let paper = begun(&person).await;
    at(&central, paper.ends_at + GRACE + 1);
    let result = evaluated(&person).await;
    assert_eq!(result.facts.test, Some(TestProgress::NotPassed));
    assert_eq!(notices(&person).await, [N::TestStarted, N::TestSubmitted, N::TestNotPassed]);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handed_in_late_it_ended_at_its_end() {
    let central = Started::sqlite().await;
    for late in [0, MINUTE, GRACE] {
        let person = candidate(&central).await;
        let paper = begun(&person).await;
        applied(&person, &answers(&paper, 10, 0)).await;
        at(&central, paper.ends_at + late);
        applied(&person, &[hand_in(paper.attempt)]).await;
        let result = evaluated(&person).await;
        let now = paper.ends_at + late;
        // The result is promised from now on: only now central can begin.
        assert_eq!(times(result.test.clone()), status(&paper, paper.ends_at, now + WITHIN, now), "{late}");
        assert_eq!(result.facts.test, Some(TestProgress::Passed));
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_evaluation_that_cannot_be_written_is_tried_again() {
    let central = Started::sqlite().await;
    let (sari, budi) = (candidate(&central).await, candidate(&central).await);
    let papers = [begun(&sari).await, begun(&budi).await];
    hold_evaluation(&central).await;
    applied(&sari, &[hand_in(papers[0].attempt)]).await;
    at(&central, papers[1].ends_at + GRACE + 1);
    assert_eq!(case(&sari).await.state, S::TestSubmitted);
    assert_eq!(case(&budi).await.state, S::TestInProgress, "handed in and evaluated in one piece, or not at all");
    release_evaluation(&central).await;
    for person in [&sari, &budi] {
        evaluated(person).await;
        assert_eq!(notices(person).await, [N::TestStarted, N::TestSubmitted, N::TestNotPassed]);
    }
    central.stop().await;
}

/// One more than central looks at in one go.
const MANY: usize = 101;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_that_end_together_nobody_waits_for_the_next_look() {
    let central = Started::sqlite().await;
    let mut people = Vec::new();
    for _ in 0..MANY {
        let person = candidate(&central).await;
        begun(&person).await;
        people.push(person);
        // Who started first is evaluated first.
        central.central.clock.advance_ms(1);
    }
    central.central.clock.advance_ms(DURATION + GRACE);
    evaluated(&people[MANY - 2]).await;
    let since = Instant::now();
    evaluated(&people[MANY - 1]).await;
    // A look comes every five seconds.
    assert!(since.elapsed() < Duration::from_secs(4), "the last one waited for the next look");
    central.stop().await;
}
