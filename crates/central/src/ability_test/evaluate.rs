//! Scores what was handed in, and hands in what is over. Nobody waits for it: the result comes by the feed.

use std::time::Duration;

use prakerja_domain::admission::TestScore;
use prakerja_domain::registration::TestProgress;
use prakerja_protocol::application::NoticeKind;
use uuid::Uuid;

use super::answer::hand_in;
use super::attempt::Attempt;
use super::{changed_bank, pass_rule};
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::registration::case::Case;
use crate::registration::notice;
use crate::state::Central;
use crate::sync::Change;

/// Attempts that are read in one go.
const PAGE: usize = 100;
/// The task looks by itself at least so often.
const LOOK: Duration = Duration::from_secs(5);

/// Runs until central stops.
pub(super) async fn run(central: Central) {
    // Once is enough: the bank does not change while central runs.
    if let Err(error) = changed_bank::void_all(&central).await {
        tracing::error!(?error, "tests of another bank could not be taken back; it is done when somebody asks for one");
    }
    loop {
        // Before the look: a test that moves its clock meanwhile is noticed.
        let moved = central.clock.moved();
        central.ability_test.bell.take_off();
        if let Err(error) = all_due(&central).await {
            tracing::error!(?error, "tests could not be read");
        }
        tokio::select! {
            () = central.stopping.cancelled() => return,
            () = central.ability_test.bell.heard() => {}
            () = moved => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Evaluates everything that is due, without a pause. One that cannot be evaluated is tried again the next time and stands
/// in nobody's way.
async fn all_due(central: &Central) -> ApiResult<()> {
    let mut last = None;
    loop {
        let page = due(central, last).await?;
        for (_, person, case) in &page {
            if central.stopping.is_cancelled() {
                return Ok(());
            }
            if let Err(error) = evaluate(central, *person).await {
                tracing::error!(case, ?error, "a test could not be evaluated; it is tried again");
            }
        }
        if page.len() < PAGE {
            return Ok(());
        }
        last = page.last().map(|(closes_at, person, _)| (*closes_at, *person));
    }
}

/// Persons whose test was handed in or is over, with the end of its grace and the number of the case, oldest first, from
/// behind `last` on. Soon after a start none is over: the answers to it may be on their way.
async fn due(central: &Central, last: Option<(i64, Uuid)>) -> ApiResult<Vec<(i64, Uuid, String)>> {
    let now = central.clock.now_ms();
    let over_before = if now <= central.ability_test.late_until { i64::MIN } else { now };
    let (after, person) = last.unwrap_or((i64::MIN, Uuid::nil()));
    let rows: Vec<(i64, Id, String)> = sqlx::query_as(
        "select closes_at, test_attempt.person_id, case_number
         from test_attempt join registration on registration.person_id = test_attempt.person_id
         where evaluated_at is null and (submitted_at is not null or closes_at < $1)
           and (closes_at, test_attempt.person_id) > ($2, $3)
         order by closes_at, test_attempt.person_id limit $4",
    )
    .bind(over_before)
    .bind(after)
    .bind(Id(person))
    .bind(i64::try_from(PAGE).unwrap_or(i64::MAX))
    .fetch_all(central.db.read())
    .await?;
    Ok(rows.into_iter().map(|(closes_at, id, case)| (closes_at, id.0, case)).collect())
}

async fn evaluate(central: &Central, person: Uuid) -> ApiResult<()> {
    let mut change = Change::begin(central).await?;
    let mut records = change.records(person);
    let Some(mut attempt) = Attempt::load(&mut records, person).await? else { return Ok(()) };
    let mut case = Case::load(&mut records, person).await?;
    if changed_bank::concerns(central, &case, &attempt) {
        changed_bank::void(&mut records, &mut case).await?;
        return change.commit().await;
    }
    if case.record.facts.test == Some(TestProgress::InProgress) {
        hand_in(&mut records, &mut case, attempt.ends_at).await?;
    }
    let answers = attempt.answers(&mut records, person).await?;
    let content = &attempt.content;
    let bank = &central.ability_test.bank_of(central, &case).bank;
    let score = prakerja_questions::score(bank, &content.plan, content.seed, &answers).map_err(ApiError::internal)?;
    let scheme = case.scheme(central);
    let passed = score.passed(&pass_rule(&scheme.test));
    let kept = TestScore {
        right: score.right,
        of: score.total,
        motivation: score.motivation,
        motivation_of: score.motivation_total,
    };
    attempt.settle(&mut records, person, score).await?;
    let (progress, what) = if passed {
        (TestProgress::Passed, NoticeKind::TestPassed)
    } else {
        (TestProgress::NotPassed, NoticeKind::TestNotPassed)
    };
    case.record.facts.test = Some(progress);
    let at = records.at;
    if let Some(test) = &mut case.record.test {
        test.evaluated_at = Some(at);
        test.score = Some(kept);
    }
    case.save(&mut records).await?;
    notice::tell(&mut records, person, what, &[], None).await?;
    change.commit().await
}
