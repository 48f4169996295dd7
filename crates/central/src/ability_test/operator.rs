//! What the office sees of tests: how many answers came late, and which results are overdue. Nothing of what was answered.

use serde::Serialize;
use uuid::Uuid;

use crate::db::{Db, Id};

/// A test that nobody handed in ends by itself after its grace; a day later it is overdue.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// The answers to a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AnswersReceived {
    /// Questions that were answered.
    pub answers: i64,
    /// Of them those whose answer arrived after the end and counts by the evidence of the device.
    pub by_evidence: i64,
}

/// The answers of a person; none without an attempt.
pub(crate) async fn received(
    tx: &mut sqlx::SqliteConnection,
    person: Uuid,
) -> Result<Option<AnswersReceived>, sqlx::Error> {
    let row: Option<(i64, i64)> = sqlx::query_as(
        "select count(a.item), coalesce(sum(a.by_evidence), 0)
         from test_attempt t left join test_answer a on a.person_id = t.person_id
         where t.person_id = $1 group by t.person_id",
    )
    .bind(Id(person))
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|(answers, by_evidence)| AnswersReceived { answers, by_evidence }))
}

/// When the results were due that are not there yet, Unix milliseconds, oldest first.
///
/// # Errors
/// Any error of the database.
pub async fn overdue(db: &Db, now_ms: i64) -> Result<Vec<i64>, sqlx::Error> {
    let rows: Vec<(i64,)> = sqlx::query_as(
        "select coalesce(result_by, closes_at + $1) as due from test_attempt
         where evaluated_at is null and coalesce(result_by, closes_at + $1) < $2 order by due",
    )
    .bind(DAY_MS)
    .bind(now_ms)
    .fetch_all(db.read())
    .await?;
    Ok(rows.into_iter().map(|(due,)| due).collect())
}
