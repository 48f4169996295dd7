//! Central is killed or started anew in the middle of a test: the attempt, its end and what was acknowledged are there.

use std::path::Path;
use std::process::{Command, Stdio};

use prakerja_central::config::Config;
use prakerja_central::failpoint;
use prakerja_domain::registration::{RegistrationState as S, TestProgress};
use prakerja_protocol::application::NoticeKind as N;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::CommandEnvelope;
use uuid::Uuid;

use crate::bank::{answers, bank_of};
use crate::registrant::{case, notices, until};
use crate::sitting::*;
use crate::started::*;

const DATA: &str = "PRAKERJA_TEST_ABILITY_DATA";
const PLACE: &str = "PRAKERJA_TEST_ABILITY_PLACE";
const PERSON: &str = "PRAKERJA_TEST_ABILITY_PERSON";
const COMMANDS: &str = "PRAKERJA_TEST_ABILITY_COMMANDS";

/// The child: serves until the commands of the environment bring it to the place at which it dies.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let of = |name: &str| std::env::var(name);
    let (Ok(data), Ok(place), Ok(person), Ok(commands)) = (of(DATA), of(PLACE), of(PERSON), of(COMMANDS)) else {
        return;
    };
    let central = Started::open(tempfile::tempdir().unwrap(), config(Path::new(&data))).await.unwrap();
    let person = central.device_of(person.parse().unwrap()).await;
    let commands: Vec<CommandEnvelope> = serde_json::from_str(&commands).unwrap();
    failpoint::abort_at(&place, 1);
    person.push_all(&commands).await;
}

/// Central dies at a place while it takes the commands.
fn killed(data: &Path, place: &str, person: Uuid, commands: &[CommandEnvelope]) {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crashes::child", "--nocapture"])
        .env(DATA, data)
        .env(PLACE, place)
        .env(PERSON, person.to_string())
        .env(COMMANDS, serde_json::to_string(commands).unwrap())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(!status.success() && status.code().is_none(), "{place} is passed: {status}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_between_two_answers_the_test_goes_on() {
    for place in failpoint::PLACES {
        let central = Started::sqlite().await;
        let person = candidate(&central).await;
        let paper = begun(&person).await;
        let all = answers(&paper, 10, 0);
        applied(&person, &all[..3]).await;
        let known = resumed(&person).await;
        central.stop().await;
        killed(central.folder.path(), place, person.id, &all[3..6]);

        let again = Again::start(central.folder.path(), NOW + 10 * MINUTE).await;
        let person = person.at(&again.base);
        let found = resumed(&person).await;
        assert_eq!((&found.items, found.attempt), (&paper.items, paper.attempt), "{place}");
        assert_eq!((found.started_at, found.ends_at), (paper.started_at, paper.ends_at), "the clock went on");
        let committed = place == "group.committed";
        assert_eq!(found.answers.len(), known.answers.len() + if committed { 3 } else { 0 }, "{place}");
        assert_eq!(begun(&person).await, found);
        // The app does not know what arrived: it sends everything again, and each counts once.
        let results = applied(&person, &all).await;
        let replayed: Vec<bool> = results.iter().map(|result| result.replayed).collect();
        let expected: Vec<bool> = (0..all.len()).map(|nth| nth < if committed { 6 } else { 3 }).collect();
        assert_eq!(replayed, expected, "{place}");
        applied(&person, &[hand_in(paper.attempt)]).await;
        assert_eq!(evaluated(&person).await.facts.test, Some(TestProgress::Passed), "{place}");
        again.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_the_handing_in_the_result_still_comes() {
    for place in failpoint::PLACES {
        let central = Started::sqlite().await;
        let person = candidate(&central).await;
        let paper = begun(&person).await;
        applied(&person, &answers(&paper, 10, 0)).await;
        central.stop().await;
        let submit = hand_in(paper.attempt);
        killed(central.folder.path(), place, person.id, std::slice::from_ref(&submit));
        let again = Again::start(central.folder.path(), NOW).await;
        let person = person.at(&again.base);
        if place == "group.written" {
            assert_eq!(case(&person).await.state, S::TestInProgress);
            applied(&person, std::slice::from_ref(&submit)).await;
        }
        let result = evaluated(&person).await;
        assert_eq!(result.facts.test, Some(TestProgress::Passed), "{place}");
        assert!(applied(&person, &[submit]).await[0].replayed);
        assert_eq!(notices(&person).await, [N::TestStarted, N::TestSubmitted, N::TestPassed], "{place}");
        again.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_that_ended_while_central_was_away_is_evaluated_when_its_answers_could_come() {
    let central = Started::sqlite().await;
    let person = candidate(&central).await;
    let paper = begun(&person).await;
    let all = answers(&paper, 10, 0);
    applied(&person, &all[..all.len() - 1]).await;
    central.stop().await;
    let back = paper.ends_at + GRACE + 60 * MINUTE;
    let again = Again::start(central.folder.path(), back).await;
    let person = person.at(&again.base);
    // Given a minute before the end, and not since: central was away, and for longer than the grace.
    let last = crate::late::with(all[all.len() - 1].clone(), Some(paper.started_at), Some(DURATION - MINUTE));
    again.central.clock.advance_ms(59 * MINUTE);
    applied(&person, &[last]).await;
    assert_eq!(resumed(&person).await.answers.len(), all.len());
    let unproven = answer(paper.attempt, &paper.items[0].id, "a");
    assert_eq!(push_refused(&person, &unproven).await.code, ProblemCode::TestOver);
    assert_eq!(case(&person).await.facts.test, Some(TestProgress::InProgress));
    again.central.clock.advance_ms(2 * MINUTE);
    let later = back + 61 * MINUTE;
    let result = evaluated(&person).await;
    assert_eq!(result.facts.test, Some(TestProgress::Passed));
    let test = result.test.unwrap();
    assert_eq!((test.submitted_at, test.evaluated_at), (Some(paper.ends_at), Some(later)));
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_other_questions_a_running_test_cannot_go_on_and_may_be_taken_anew() {
    // Another file with the same questions is the same bank.
    for (left_out, goes_on) in [("nothing", true), ("verbal-001", false)] {
        let central = Started::sqlite().await;
        let (sari, budi) = (candidate(&central).await, candidate(&central).await);
        let paper = begun(&sari).await;
        applied(&sari, &answers(&paper, 24, 0)).await;
        applied(&budi, &[hand_in(begun(&budi).await.attempt)]).await;
        let through = evaluated(&budi).await;
        central.stop().await;

        let folder = tempfile::tempdir().unwrap();
        let question_files = bank_of(folder.path(), |id| id != left_out);
        let config = Config { question_files, ..config(central.folder.path()) };
        let again = Started::open(folder, config).await.unwrap();
        let (sari, budi) = (sari.at(&again.base), budi.at(&again.base));
        if goes_on {
            let found = resumed(&sari).await;
            assert_eq!((&found.items, found.attempt, found.answers.len()), (&paper.items, paper.attempt, 30));
        } else {
            let anew = until(&sari, |case| case.facts.test.is_none()).await;
            assert_eq!((anew.state, anew.test), (S::TestAvailable, None));
            assert!(nothing_runs(&sari).await);
            for command in [answer(paper.attempt, &paper.items[0].id, "a"), hand_in(paper.attempt)] {
                let refused = push_refused(&sari, &command).await;
                assert_eq!(why(&refused), (ProblemCode::StepRefused, Some("too_early")));
            }
            let second = begun(&sari).await;
            assert!(second.attempt != paper.attempt && second.answers.is_empty());
            applied(&sari, &answers(&second, 10, 0)).await;
        }
        let attempt = resumed(&sari).await.attempt;
        applied(&sari, &[hand_in(attempt)]).await;
        assert_eq!(evaluated(&sari).await.facts.test, Some(TestProgress::Passed));
        // Whoever had a result keeps it.
        assert_eq!(case(&budi).await, through);
        again.stop().await;
    }
}
