//! What holds once for a person and not for an account: whoever closes the account and comes back with the same identity
//! number finds the test as it ended, and an exclusion that was declared.
//!
//! Kept under the blind index of the identity number, with nothing that names anybody, and given back with the next match.

use prakerja_domain::registration::{DeclarationsOutcome, TestProgress};
use prakerja_protocol::registration::{DeclarationsStatus, RegistrationRecord, TestStatus};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use super::case::Case;
use crate::db::Id;
use crate::sync::{Records, SyncError};

/// The final part of a registration.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    test: Option<(TestProgress, TestStatus)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    excluded: Option<DeclarationsStatus>,
}

impl Kept {
    /// None when the registration has nothing final yet.
    fn of(record: &RegistrationRecord, now: i64) -> Option<Self> {
        let test = record.facts.test.zip(record.test.clone()).map(|(progress, status)| match progress {
            TestProgress::Passed | TestProgress::NotPassed => (progress, status),
            // One attempt: one that was given up with the account is over.
            TestProgress::InProgress | TestProgress::Submitted => {
                (TestProgress::NotPassed, TestStatus { evaluated_at: Some(now), ..status })
            }
        });
        let is_excluded = record.facts.declarations == Some(DeclarationsOutcome::Excluded);
        let excluded = record.declarations.clone().filter(|_| is_excluded);
        (test.is_some() || excluded.is_some()).then_some(Self { test, excluded })
    }

    /// True when it excludes whoever was not.
    fn put_back(self, record: &mut RegistrationRecord) -> bool {
        if let Some((progress, status)) = self.test
            && record.facts.test.is_none()
        {
            (record.facts.test, record.test) = (Some(progress), Some(status));
        }
        if let Some(excluded) = self.excluded
            && record.facts.declarations != Some(DeclarationsOutcome::Excluded)
        {
            record.facts.declarations = Some(DeclarationsOutcome::Excluded);
            record.declarations = Some(excluded);
            return true;
        }
        false
    }
}

/// Keeps what is final of a registration whose account is closed. Nothing is kept of a number that was not matched.
pub(crate) async fn keep(records: &mut Records<'_>, case: &Case) -> Result<(), SyncError> {
    let Some(kept) = Kept::of(&case.record, records.at) else { return Ok(()) };
    sqlx::query(
        "insert into closed_case (nik_index, content, closed_at)
         select nik_index, $1, $2 from identity_claim where person_id = $3 and state = 'matched'
         on conflict (nik_index) do update set content = excluded.content, closed_at = excluded.closed_at",
    )
    .bind(serde_json::to_string(&kept).map_err(|_| SyncError::Damaged)?)
    .bind(records.at)
    .bind(Id(case.person))
    .execute(&mut *records.tx)
    .await?;
    Ok(())
}

/// Gives it back to the registration that was matched now; true when it excludes the person by it. It is kept there from now
/// on, so that what the office takes back does not come again.
pub(super) async fn recall(tx: &mut SqliteConnection, case: &mut Case, nik_index: &[u8]) -> Result<bool, SyncError> {
    let content: Option<String> = sqlx::query_scalar("delete from closed_case where nik_index = $1 returning content")
        .bind(nik_index)
        .fetch_optional(tx)
        .await?;
    let Some(content) = content else { return Ok(false) };
    let kept: Kept = serde_json::from_str(&content).map_err(|_| SyncError::Damaged)?;
    Ok(kept.put_back(&mut case.record))
}
