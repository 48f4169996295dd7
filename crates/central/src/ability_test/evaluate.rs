//! Scores what was handed in, and hands in what is over. Nobody waits for it: the result comes by the feed.

use std::time::Duration;

use prakerja_domain::admission::TestScore;
use prakerja_domain::registration::TestProgress;
use prakerja_protocol::application::NoticeKind;
use uuid::Uuid;

use super::answer::hand_in;
use super::attempt::Attempt;
use super::pass_rule;
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::registration::case::Case;
use crate::registration::notice;
use crate::state::Central;
use crate::sync::Change;

/// Attempts that are looked at in one go.
const PAGE: i64 = 100;
/// The task looks by itself at least so often.
const LOOK: Duration = Duration::from_secs(5);

/// Runs until central stops.
pub(super) async fn run(central: Central) {
    loop {
        central.ability_test.bell.take_off();
        match due(&central).await {
            Ok(persons) => {
                for person in persons {
                    if let Err(error) = evaluate(&central, person).await {
                        tracing::error!(%person, ?error, "a test could not be evaluated; it is tried again");
                    }
                }
            }
            Err(error) => tracing::error!(?error, "tests could not be read"),
        }
        tokio::select! {
            () = central.stopping.cancelled() => return,
            () = central.ability_test.bell.heard() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Persons whose test was handed in or is over, oldest first.
async fn due(central: &Central) -> ApiResult<Vec<Uuid>> {
    let rows: Vec<(Id,)> = sqlx::query_as(
        "select person_id from test_attempt
         where evaluated_at is null and (submitted_at is not null or closes_at < $1) order by closes_at limit $2",
    )
    .bind(central.clock.now_ms())
    .bind(PAGE)
    .fetch_all(central.db.read())
    .await?;
    Ok(rows.into_iter().map(|(id,)| id.0).collect())
}

async fn evaluate(central: &Central, person: Uuid) -> ApiResult<()> {
    let mut change = Change::begin(central).await?;
    let mut records = change.records(person);
    let Some(mut attempt) = Attempt::load(&mut records, person).await? else { return Ok(()) };
    let mut case = Case::load(&mut records, person).await?;
    if attempt.content.fingerprint != central.ability_test.fingerprint {
        // The bank was changed while the test ran: what it asked cannot be scored any more. The fault is ours, so the person
        // may take the test anew.
        tracing::error!(%person, "a test was drawn from another question bank; the person may take it anew");
        sqlx::query("delete from test_attempt where person_id = $1")
            .bind(Id(person))
            .execute(&mut *records.tx)
            .await
            .map_err(ApiError::from)?;
        (case.record.facts.test, case.record.test) = (None, None);
        case.save(&mut records).await?;
        return change.commit().await;
    }
    if case.record.facts.test == Some(TestProgress::InProgress) {
        hand_in(&mut records, &mut case, attempt.ends_at).await?;
    }
    let answers = attempt.answers(&mut records, person).await?;
    let content = &attempt.content;
    let score = prakerja_questions::score(&central.ability_test.bank, &content.plan, content.seed, &answers)
        .map_err(ApiError::internal)?;
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
