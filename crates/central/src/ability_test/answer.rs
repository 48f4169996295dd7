//! `test.answer` and `test.submit`. An answer counts when it arrives before the end, or later inside the grace when it was
//! given in time by the device's evidence, or turned away in time by central itself: a lost connection costs no answer.

use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::registration::{Step, TestProgress};
use prakerja_domain::wave::{Evidence, LateRule, counts};
use prakerja_protocol::application::NoticeKind;
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::registration::{TestAnswer, TestSubmit};
use prakerja_questions::Answers;
use uuid::Uuid;

use super::attempt::Attempt;
use super::changed_bank;
use crate::clock::ms;
use crate::registration::case::Case;
use crate::registration::{Saved, Settled, notice};
use crate::sync::{Records, SyncError};

/// Takes an answer.
pub(crate) async fn answer(
    records: &mut Records<'_>,
    person: Uuid,
    answer: &TestAnswer,
    evidence: Evidence,
) -> Result<Result<(), Problem>, SyncError> {
    let (mut case, attempt) = match open_attempt(records, person, answer.attempt, Step::AnswerTest).await? {
        Ok(found) => found,
        Err(problem) => return Ok(Err(problem)),
    };
    if changed_bank::concerns(records.central, &case, &attempt) {
        // Received; there is nothing any more that it could count for, and nobody shall go on answering.
        changed_bank::void(records, &mut case).await?;
        return Ok(Ok(()));
    }
    let rule = LateRule { grace_ms: attempt.takes_until(records.central) - attempt.ends_at };
    let Ok((counted, _)) = counts(records.at, (attempt.started_at, attempt.ends_at), rule, evidence) else {
        return Ok(Err(Problem::new(ProblemCode::TestOver, 409, "the test was over")));
    };
    // The scoring knows items and options of this paper; what it does not know is refused here, not at the end.
    let one = Answers([(answer.item.clone(), answer.choice.clone())].into());
    let (central, content) = (records.central, &attempt.content);
    let bank = &central.ability_test.bank_of(central, &case).bank;
    if prakerja_questions::score(bank, &content.plan, content.seed, &one).is_err() {
        let field = FieldError::new("choice", FieldErrorCode::UnknownOption);
        return Ok(Err(Problem::new(ProblemCode::Validation, 422, "no such item or option").with_fields(vec![field])));
    }
    attempt.keep(records, person, (&answer.item, &answer.choice), counted).await?;
    Ok(Ok(()))
}

/// Takes the handing-in.
pub(crate) async fn submit(records: &mut Records<'_>, person: Uuid, submit: &TestSubmit) -> Settled {
    let (mut case, attempt) = match open_attempt(records, person, submit.attempt, Step::SubmitTest).await? {
        Ok(found) => found,
        Err(problem) => return Ok(Err(problem)),
    };
    if changed_bank::concerns(records.central, &case, &attempt) {
        return Ok(Ok(Saved::from(changed_bank::void(records, &mut case).await?)));
    }
    // An app without a connection hands in later: the test ended at its end.
    let at = records.at.min(attempt.ends_at);
    let saved = hand_in(records, &mut case, at).await?;
    records.central.ability_test.bell.mark();
    Ok(Ok(Saved::from(saved)))
}

/// The attempt is over at `at`, by the person's will or by its end. The result follows within the scheme's time.
pub(super) async fn hand_in(records: &mut Records<'_>, case: &mut Case, at: i64) -> Result<(i64, i64), SyncError> {
    let result_by = records.at.saturating_add(ms(case.scheme(records.central).test.evaluate_within_s));
    sqlx::query(
        "update test_attempt set submitted_at = $1, result_by = $2 where person_id = $3 and submitted_at is null",
    )
    .bind(at)
    .bind(result_by)
    .bind(crate::db::Id(case.person))
    .execute(&mut *records.tx)
    .await?;
    case.record.facts.test = Some(TestProgress::Submitted);
    if let Some(test) = &mut case.record.test {
        test.submitted_at = Some(at);
        test.result_by = Some(result_by);
    }
    let saved = case.save(records).await?;
    notice::tell(records, case.person, NoticeKind::TestSubmitted, &[], None).await?;
    Ok(saved)
}

/// The case and the attempt that a command is about, when the step is allowed.
async fn open_attempt(
    records: &mut Records<'_>,
    person: Uuid,
    attempt: Uuid,
    step: Step,
) -> Result<Result<(Case, Attempt), Problem>, SyncError> {
    let case = Case::load(records, person).await?;
    let scheme = case.scheme(records.central);
    if let Err(problem) = case.allows(step, &scheme) {
        return Ok(Err(problem));
    }
    match Attempt::load(records, person).await? {
        Some(found) if found.id == attempt => Ok(Ok((case, found))),
        _ => Ok(Err(Problem::new(ProblemCode::NotFound, 404, "no such attempt"))),
    }
}
