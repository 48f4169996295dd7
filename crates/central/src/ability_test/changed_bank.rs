//! The question bank was changed while a test ran. What the paper asked cannot be scored any more; that is not the person's
//! fault, who is told and may take the test anew.

use prakerja_protocol::application::NoticeKind;
use uuid::Uuid;

use super::attempt::Attempt;
use crate::db::Id;
use crate::error::ApiResult;
use crate::registration::case::Case;
use crate::registration::notice;
use crate::state::Central;
use crate::sync::{Change, Records, SyncError};

/// Takes back every open attempt of another bank: its person would see other questions under it.
///
/// # Errors
/// Any error of the database.
pub(super) async fn void_all(central: &Central) -> ApiResult<()> {
    let open: Vec<(Id, String)> = sqlx::query_as(
        "select test_attempt.person_id, case_number
         from test_attempt join registration on registration.person_id = test_attempt.person_id
         where evaluated_at is null",
    )
    .fetch_all(central.db.read())
    .await?;
    for (Id(person), case) in open {
        if let Err(error) = void_one(central, person).await {
            tracing::error!(case, ?error, "a test of another bank could not be taken back");
        }
    }
    Ok(())
}

async fn void_one(central: &Central, person: Uuid) -> ApiResult<()> {
    let mut change = Change::begin(central).await?;
    let records = &mut change.records(person);
    let Some(attempt) = Attempt::load(records, person).await? else { return Ok(()) };
    let mut case = Case::load(records, person).await?;
    if concerns(central, &case, &attempt) {
        void(records, &mut case).await?;
        change.commit().await?;
    }
    Ok(())
}

/// True for an attempt whose paper was drawn from another bank than the one in force for the scheme of its case.
pub(super) fn concerns(central: &Central, case: &Case, attempt: &Attempt) -> bool {
    attempt.content.fingerprint != central.ability_test.bank_of(central, case).fingerprint
}

/// Takes the attempt back with its answers. Returns the new revision of the case and its sequence.
pub(super) async fn void(records: &mut Records<'_>, case: &mut Case) -> Result<(i64, i64), SyncError> {
    let number = &case.record.case_number;
    tracing::error!(case = number, "a test was drawn from another question bank; the person may take it anew");
    take_back(records, case).await?;
    let saved = case.save(records).await?;
    notice::tell(records, case.person, NoticeKind::TestVoided, &[], None).await?;
    Ok(saved)
}

/// Forgets the attempt, whoever wants it so; the case is not saved.
pub(crate) async fn take_back(records: &mut Records<'_>, case: &mut Case) -> Result<(), SyncError> {
    sqlx::query("delete from test_attempt where person_id = $1")
        .bind(Id(case.person))
        .execute(&mut *records.tx)
        .await?;
    (case.record.facts.test, case.record.test) = (None, None);
    Ok(())
}
