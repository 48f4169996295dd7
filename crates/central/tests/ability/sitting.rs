//! Invented people who may sit the test, and what they do in it.

use prakerja_central::config::Config;
use prakerja_central::registration::forced;
use prakerja_domain::registration::{Facts, TestProgress};
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::registration::{RegistrationRecord, TestAnswer, TestPaper, TestSubmit};
use prakerja_protocol::sync::{Command, CommandEnvelope, CommandResult, CommandStatus};
use reqwest::Response;
use uuid::Uuid;

use crate::applicant;
use crate::registrant::{ok, post, until};
use crate::started::*;

pub(crate) const SECOND: i64 = 1_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;

/// Times of the scheme of 2023: how long the test takes, how late an answer may come, when the result is there.
pub(crate) const DURATION: i64 = 40 * MINUTE;
pub(crate) const GRACE: i64 = 48 * 60 * MINUTE;
pub(crate) const WITHIN: i64 = 5 * MINUTE;

/// Everything done but the test.
pub(crate) fn available() -> Facts {
    Facts { test: None, ..applicant::complete() }
}

/// Central with a scheme for everybody.
pub(crate) async fn with_scheme(version: &str) -> Started {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { scheme: version.to_owned(), ..config(folder.path()) };
    Started::open(folder, config).await.unwrap()
}

/// Somebody who may start.
pub(crate) async fn candidate(central: &Started) -> Person {
    let person = central.person().await;
    forced::facts(&central.central, person.id, available()).await.unwrap();
    person
}

/// Asks to start.
pub(crate) async fn start(person: &Person) -> Response {
    post::<()>(person, "/v1/test/start", Uuid::new_v4(), None).await
}

/// Starts, and it is allowed.
pub(crate) async fn begun(person: &Person) -> TestPaper {
    ok(start(person).await).await
}

/// A person's start is refused.
pub(crate) async fn start_refused(person: &Person) -> Problem {
    problem_of(start(person).await).await
}

/// The running test as central gives it again.
pub(crate) async fn resumed(person: &Person) -> TestPaper {
    read(person.get("/v1/test")).await
}

/// There is no running test.
pub(crate) async fn nothing_runs(person: &Person) -> bool {
    let problem = refused(person.get("/v1/test")).await;
    (problem.status, problem.code) == (404, ProblemCode::NotFound)
}

pub(crate) fn answer(attempt: Uuid, item: &str, choice: &str) -> CommandEnvelope {
    let answer = TestAnswer { attempt, item: item.to_owned(), choice: choice.to_owned() };
    command(&Command::TestAnswer(answer), &format!("test:{attempt}"))
}

pub(crate) fn hand_in(attempt: Uuid) -> CommandEnvelope {
    command(&Command::TestSubmit(TestSubmit { attempt }), &format!("test:{attempt}"))
}

/// Pushes, and everything is applied.
pub(crate) async fn applied(person: &Person, commands: &[CommandEnvelope]) -> Vec<CommandResult> {
    let results = person.push_all(commands).await.results;
    for result in &results {
        assert_eq!(result.status, CommandStatus::Applied, "{result:?}");
    }
    results
}

/// A refusal as code and, for a step, the word that says why.
pub(crate) fn why(problem: &Problem) -> (ProblemCode, Option<&str>) {
    (problem.code, problem.details.get("refusal").and_then(|word| word.as_str()))
}

/// Pushes one command, and it is refused for good.
pub(crate) async fn push_refused(person: &Person, command: &CommandEnvelope) -> Problem {
    let result = person.push(command).await;
    assert_eq!(result.status, CommandStatus::Rejected, "{result:?}");
    result.problem.unwrap()
}

/// Waits for the result.
pub(crate) async fn evaluated(person: &Person) -> RegistrationRecord {
    until(person, |case| matches!(case.facts.test, Some(TestProgress::Passed | TestProgress::NotPassed))).await
}

/// Moves central's clock to a time.
pub(crate) fn at(central: &Started, ms: i64) {
    central.central.clock.advance_ms(ms - central.central.clock.now_ms());
}

/// From now on no evaluation can be written, as when the disk is full. What was received stays.
pub(crate) async fn hold_evaluation(central: &Started) {
    let held = "create trigger held before update of evaluated_at on test_attempt
                begin select raise(abort, 'held'); end";
    run_sql(central, held).await;
}

/// It can again, and central tries at once.
pub(crate) async fn release_evaluation(central: &Started) {
    run_sql(central, "drop trigger held").await;
    central.central.clock.advance_ms(1);
}

pub(crate) async fn run_sql(central: &Started, statement: &'static str) {
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query(statement).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}
