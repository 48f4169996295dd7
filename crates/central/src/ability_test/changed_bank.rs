//! The question bank was changed while a test ran. What the paper asked cannot be scored any more; that is not the person's
//! fault, who is told and may take the test anew.

use prakerja_protocol::application::NoticeKind;

use super::attempt::Attempt;
use crate::db::Id;
use crate::registration::case::Case;
use crate::registration::notice;
use crate::state::Central;
use crate::sync::{Records, SyncError};

/// True for an attempt whose paper was drawn from another bank than the one in force.
pub(super) fn concerns(central: &Central, attempt: &Attempt) -> bool {
    attempt.content.fingerprint != central.ability_test.fingerprint
}

/// Takes the attempt back with its answers. Returns the new revision of the case and its sequence.
pub(super) async fn void(records: &mut Records<'_>, case: &mut Case) -> Result<(i64, i64), SyncError> {
    let person = case.person;
    tracing::error!(%person, "a test was drawn from another question bank; the person may take it anew");
    sqlx::query("delete from test_attempt where person_id = $1").bind(Id(person)).execute(&mut *records.tx).await?;
    (case.record.facts.test, case.record.test) = (None, None);
    let saved = case.save(records).await?;
    notice::tell(records, person, NoticeKind::TestVoided, &[], None).await?;
    Ok(saved)
}
