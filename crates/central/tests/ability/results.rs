//! What a score comes to, under the marks of each scheme, and where it leads.

use prakerja_central::config::Config;
use prakerja_domain::registration::{RegistrationState as S, TestProgress};
use prakerja_domain::scheme::SCHEME_2023;
use prakerja_protocol::application::NoticeKind as N;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::CommandStatus;
use serde_json::Value;
use uuid::Uuid;

use crate::applicant::{OPEN, application, join, of_kind, person_with};
use crate::bank::{answers, bank_of, right, scheme_with, wrong};
use crate::registrant::notices;
use crate::sitting::*;
use crate::started::*;

/// Sits the test with so many right ability items and so many statements with all points.
async fn sat(central: &Started, ability: usize, statements: usize) -> (Person, TestProgress) {
    let person = candidate(central).await;
    let paper = begun(&person).await;
    let mut commands = answers(&paper, ability, statements);
    commands.push(hand_in(paper.attempt));
    applied(&person, &commands).await;
    let case = evaluated(&person).await;
    assert_eq!(case.state, S::TestEvaluated);
    (person, case.facts.test.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_marks_of_the_scheme_decide() {
    use TestProgress::{NotPassed, Passed};
    // Right ability items of 14 and 24, statements of 4 and 6; neither scheme has a mark for the statements.
    let table = [
        ("2020", 0, 4, NotPassed),
        ("2020", 4, 4, NotPassed),
        ("2020", 5, 0, Passed),
        ("2020", 14, 4, Passed),
        ("2023", 0, 6, NotPassed),
        ("2023", 9, 6, NotPassed),
        ("2023", 10, 0, Passed),
        ("2023", 24, 6, Passed),
    ];
    for version in ["2020", "2023"] {
        let central = with_scheme(version).await;
        for (_, ability, statements, expected) in table.iter().filter(|row| row.0 == version) {
            let (person, found) = sat(&central, *ability, *statements).await;
            assert_eq!(found, *expected, "{version}: {ability} right");
            let last = if found == Passed { N::TestPassed } else { N::TestNotPassed };
            assert_eq!(notices(&person).await, [N::TestStarted, N::TestSubmitted, last]);
        }
        // Handed in without an answer: not passed, and no error.
        let person = candidate(&central).await;
        let paper = begun(&person).await;
        applied(&person, &[hand_in(paper.attempt)]).await;
        assert_eq!(evaluated(&person).await.facts.test, Some(NotPassed), "{version}");
        central.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_marks_must_be_reached_where_there_are_two() {
    let folder = tempfile::tempdir().unwrap();
    let own = scheme_with(folder.path(), SCHEME_2023, &[("min_right", 3), ("min_motivation", 6)]);
    let config = Config { scheme_files: vec![own], ..config(&folder.path().join("data")) };
    let central = Started::open(folder, config).await.unwrap();
    let table = [
        (3, 2, TestProgress::Passed),
        (3, 1, TestProgress::NotPassed),
        (2, 6, TestProgress::NotPassed),
        (24, 0, TestProgress::NotPassed),
    ];
    for (ability, statements, expected) in table {
        assert_eq!(sat(&central, ability, statements).await.1, expected, "{ability} right, {statements} statements");
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_newest_answer_is_the_one_that_is_scored() {
    let folder = tempfile::tempdir().unwrap();
    let own = scheme_with(folder.path(), SCHEME_2023, &[("min_right", 24)]);
    let config = Config { scheme_files: vec![own], ..config(&folder.path().join("data")) };
    let central = Started::open(folder, config).await.unwrap();
    for (spoil, expected) in [(false, TestProgress::Passed), (true, TestProgress::NotPassed)] {
        let person = candidate(&central).await;
        let paper = begun(&person).await;
        // Everything wrong first, then everything right.
        applied(&person, &answers(&paper, 0, 0)).await;
        let corrected = answers(&paper, 24, 6);
        applied(&person, &corrected).await;
        let item = &paper.items[0];
        if spoil {
            applied(&person, &[answer(paper.attempt, &item.id, wrong(item))]).await;
        }
        // A resend of the earlier, right answer does not bring it back.
        assert_eq!(corrected[0].payload["choice"], right(item));
        applied(&person, &[corrected[0].clone(), hand_in(paper.attempt)]).await;
        assert_eq!(evaluated(&person).await.facts.test, Some(expected));
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_test_keeps_out_of_a_wave_only_where_the_scheme_says_so() {
    // Whoever has passed joins under both schemes; whoever has not, only under that of 2020.
    let table = [("2020", "update wave set scheme = '2020'", true), ("2023", "update wave set scheme = '2023'", false)];
    for (version, of_the_wave, fails_may_join) in table {
        let central = with_scheme(version).await;
        run_sql(&central, of_the_wave).await;
        for ability in [0, 14] {
            let (nik, kk) = (Uuid::new_v4(), Uuid::new_v4());
            let person = person_with(&central, available(), "21", (nik.as_bytes(), kk.as_bytes())).await;
            let too_early = person.push(&join(OPEN)).await;
            assert_eq!(why(too_early.problem.as_ref().unwrap()), (ProblemCode::StepRefused, Some("too_early")));
            let paper = begun(&person).await;
            let mut commands = answers(&paper, ability, 0);
            commands.push(hand_in(paper.attempt));
            applied(&person, &commands).await;
            let case = evaluated(&person).await;
            assert_eq!(case.facts.test == Some(TestProgress::Passed), ability > 0);
            let result = person.push(&join(OPEN)).await;
            if ability > 0 || fails_may_join {
                assert_eq!(result.status, CommandStatus::Applied, "{version}: {result:?}");
                assert_eq!(application(&person).await.wave, OPEN);
            } else {
                let problem = result.problem.unwrap();
                assert_eq!(why(&problem), (ProblemCode::StepRefused, Some("not_passed")));
                assert_eq!(problem.details["state"], "test_evaluated");
                assert!(of_kind::<Value>(&person, "application").await.is_empty());
            }
            assert_eq!(why(&start_refused(&person).await), (ProblemCode::StepRefused, Some("done")));
        }
        central.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bank_of_the_operator_is_asked_and_scored() {
    let folder = tempfile::tempdir().unwrap();
    let is_even = |id: &str| id.as_bytes().last().is_some_and(|digit| digit % 2 == 0);
    let few = [("verbal", 3), ("numeric", 3), ("figural", 3), ("motivation", 2), ("min_right", 9)];
    let schemes = [prakerja_domain::scheme::SCHEME_2020, SCHEME_2023];
    let config = Config {
        question_files: bank_of(folder.path(), is_even),
        scheme_files: schemes.map(|scheme| scheme_with(folder.path(), scheme, &few)).to_vec(),
        ..config(&folder.path().join("data"))
    };
    let central = Started::open(folder, config).await.unwrap();
    let person = candidate(&central).await;
    let paper = begun(&person).await;
    assert!(paper.items.len() == 11 && paper.items.iter().all(|item| is_even(&item.id)));
    assert_eq!(sat(&central, 9, 0).await.1, TestProgress::Passed);
    assert_eq!(sat(&central, 8, 2).await.1, TestProgress::NotPassed);
    central.stop().await;
}
