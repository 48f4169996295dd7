//! `POST /v1/test/start` and `GET /v1/test`: the paper of the one attempt, the same however often it is asked for.

use axum::extract::State;
use prakerja_domain::registration::{Step, StepRefusal, TestProgress};
use prakerja_protocol::application::NoticeKind;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::{TestPaper, TestStatus};
use rand::RngCore as _;
use uuid::Uuid;

use super::attempt::{Attempt, Content};
use super::{changed_bank, paper, plan};
use crate::clock::ms;
use crate::error::{ApiError, ApiResult};
use crate::registration::case::Case;
use crate::registration::notice;
use crate::request::{IdempotencyKey, Reply};
use crate::signed_in::SignedIn;
use crate::state::Central;
use crate::sync::{Change, Records};

/// Begins the test. A repeat finds it running and answers the same, so the key need not be remembered.
pub(super) async fn start(
    State(central): State<Central>,
    who: SignedIn,
    _: IdempotencyKey,
) -> ApiResult<Reply<TestPaper>> {
    let mut change = Change::begin(&central).await?;
    let mut records = change.records(who.person);
    let mut case = Case::load(&mut records, who.person).await?;
    let scheme = case.scheme(&central);
    match case.record.facts.allows(Step::StartTest, scheme.test.must_pass) {
        Ok(()) => {}
        Err(StepRefusal::UnderWay) => match running(&mut records, &mut case).await? {
            Some(paper) => return Ok(Reply::ok(paper)),
            None if case.record.facts.test.is_some() => return Err(over()),
            // It was taken back: this begins it anew.
            None => case.allows(Step::StartTest, &scheme)?,
        },
        Err(refusal) => return Err(case.refusal(refusal).into()),
    }
    let mut seed = [0; 32];
    rand::rngs::OsRng.fill_bytes(&mut seed);
    let ends_at = records.at.saturating_add(ms(scheme.test.duration_s));
    let attempt = Attempt {
        id: Uuid::now_v7(),
        started_at: records.at,
        ends_at,
        closes_at: ends_at.saturating_add(ms(scheme.test.grace_s)),
        submitted_at: None,
        content: Content {
            seed,
            plan: plan(&scheme.test),
            fingerprint: central.ability_test.bank_of(&central, &case).fingerprint.clone(),
            score: None,
        },
    };
    attempt.insert(&mut records, who.person).await?;
    case.record.facts.test = Some(TestProgress::InProgress);
    case.record.test = Some(TestStatus {
        attempt: attempt.id,
        started_at: attempt.started_at,
        ends_at,
        closes_at: Some(attempt.closes_at),
        submitted_at: None,
        result_by: None,
        evaluated_at: None,
        score: None,
    });
    case.save(&mut records).await?;
    notice::tell(&mut records, who.person, NoticeKind::TestStarted, &[], None).await?;
    let paper = drawn(&mut records, &case, &attempt).await?;
    change.commit().await?;
    Ok(Reply::ok(paper))
}

/// The running test, for an app that was closed meanwhile or lost the answer.
pub(super) async fn resume(State(central): State<Central>, who: SignedIn) -> ApiResult<Reply<TestPaper>> {
    let mut change = Change::begin(&central).await?;
    let mut records = change.records(who.person);
    let mut case = Case::load(&mut records, who.person).await?;
    let running = running(&mut records, &mut case).await?;
    change.commit().await?;
    running.map(Reply::ok).ok_or_else(ApiError::not_found)
}

/// The paper of an attempt that may still be answered. One of another question bank is taken back.
async fn running(records: &mut Records<'_>, case: &mut Case) -> ApiResult<Option<TestPaper>> {
    match Attempt::load(records, case.person).await? {
        Some(attempt) if attempt.submitted_at.is_none() && records.at <= attempt.takes_until(records.central) => {
            if changed_bank::concerns(records.central, case, &attempt) {
                changed_bank::void(records, case).await?;
                return Ok(None);
            }
            drawn(records, case, &attempt).await.map(Some)
        }
        _ => Ok(None),
    }
}

async fn drawn(records: &mut Records<'_>, case: &Case, attempt: &Attempt) -> ApiResult<TestPaper> {
    let answers = attempt.answers(records, case.person).await?;
    let (central, content) = (records.central, &attempt.content);
    let bank = &central.ability_test.bank_of(central, case).bank;
    let drawn = prakerja_questions::draw(bank, &content.plan, content.seed).map_err(ApiError::internal)?;
    Ok(paper::on_wire(attempt, drawn, answers.0))
}

fn over() -> ApiError {
    ApiError::new(ProblemCode::TestOver, 409, "the test is over")
}
