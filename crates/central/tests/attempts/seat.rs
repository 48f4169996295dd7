//! Invented people who sit the test.

use prakerja_central::registration::forced;
use prakerja_domain::registration::{Facts, TestProgress};
use prakerja_protocol::registration::{RegistrationRecord, TestAnswer, TestPaper, TestSubmit};
use prakerja_protocol::sync::{ClockEvidence, Command, CommandEnvelope, CommandResult, CommandStatus};
use uuid::Uuid;

use crate::applicant;
use crate::registrant::{ok, post, until};
use crate::started::*;

pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;

/// Somebody who may start.
pub(crate) async fn candidate(central: &Started) -> Person {
    let person = central.person().await;
    let available = Facts { test: None, ..applicant::complete() };
    forced::facts(&central.central, person.id, available).await.unwrap();
    person
}

/// Starts.
pub(crate) async fn begun(person: &Person) -> TestPaper {
    ok(post::<()>(person, "/v1/test/start", Uuid::new_v4(), None).await).await
}

/// The first option of an item, chosen at a time that the device can show.
pub(crate) fn answer(paper: &TestPaper, item: usize, given_at: Option<i64>) -> CommandEnvelope {
    let item = &paper.items[item];
    let answer = TestAnswer { attempt: paper.attempt, item: item.id.clone(), choice: item.options[0].key.clone() };
    let clock = ClockEvidence {
        queued_wall_ms: 0,
        anchor_server_ms: given_at.map(|at| at - MINUTE),
        since_anchor_ms: given_at.map(|_| MINUTE),
        anchor_rtt_ms: None,
    };
    CommandEnvelope { clock, ..command(&Command::TestAnswer(answer), &format!("test:{}", paper.attempt)) }
}

pub(crate) fn hand_in(paper: &TestPaper) -> CommandEnvelope {
    command(&Command::TestSubmit(TestSubmit { attempt: paper.attempt }), &format!("test:{}", paper.attempt))
}

/// Pushes, and it is applied.
pub(crate) async fn applied(person: &Person, command: &CommandEnvelope) -> CommandResult {
    let result = person.push(command).await;
    assert_eq!(result.status, CommandStatus::Applied, "{result:?}");
    result
}

/// Waits for the result.
pub(crate) async fn evaluated(person: &Person) -> RegistrationRecord {
    until(person, |case| matches!(case.facts.test, Some(TestProgress::Passed | TestProgress::NotPassed))).await
}

/// Moves central's clock to a time.
pub(crate) fn at(central: &Started, ms: i64) {
    central.central.clock.advance_ms(ms - central.central.clock.now_ms());
}
