//! What the office decides about a person: blocks, appeals, face checks that nobody but a human can judge.
//!
//! Who may call these, and that it is written down who did, is the caller's matter.

use prakerja_domain::registration::{FaceCheck, StepRefusal};
use prakerja_protocol::application::NoticeKind;
use prakerja_protocol::registration::{BlockReason, BlockedStatus, FaceStatus};
use uuid::Uuid;

use super::case::Case;
use super::{appeal, notice};
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::state::Central;
use crate::sync::{Change, Records, SyncError};

/// Blocks an account: every step but the end of a running test is refused until [`unblock`]. `note` is shown to the
/// person. Blocking again replaces reason and note: it is the same block, and an appeal against it stays.
///
/// # Errors
/// `not-found`, or any error of the database.
pub async fn block(central: &Central, person: Uuid, reason: BlockReason, note: Option<String>) -> ApiResult<()> {
    let mut change = change_of(central, person).await?;
    let records = &mut change.records(person);
    let mut case = Case::load(records, person).await?;
    let since = case.record.blocked.as_ref().map_or(records.at, |blocked| blocked.at);
    case.record.facts.blocked = true;
    case.record.blocked = Some(BlockedStatus { at: since, reason, note: note.clone() });
    case.save(records).await?;
    notice::tell(records, person, NoticeKind::Blocked, &[], note).await?;
    change.commit().await
}

/// Lifts a block; without one it does nothing. `note` is shown to the person, and answers an appeal that is open.
///
/// # Errors
/// `not-found`, or any error of the database.
pub async fn unblock(central: &Central, person: Uuid, note: Option<String>) -> ApiResult<()> {
    let mut change = change_of(central, person).await?;
    lift(&mut change.records(person), person, note).await?;
    change.commit().await
}

/// Answers an open appeal. Granting it lifts the block; a denial is final for this block, and only the office can still lift
/// it.
///
/// # Errors
/// `not-found` when there is no such open appeal, or any error of the database.
pub async fn answer_appeal(central: &Central, appeal: Uuid, granted: bool, text: &str) -> ApiResult<()> {
    let mut change = Change::begin(central).await?;
    let person: Option<Id> = sqlx::query_scalar("select person_id from appeal where id = $1 and open = 1")
        .bind(Id(appeal))
        .fetch_optional(&mut **change.tx())
        .await?;
    let Id(person) = person.ok_or_else(ApiError::not_found)?;
    let records = &mut change.records(person);
    if !appeal::answer(records, person, appeal, (granted, text)).await? {
        return Err(ApiError::not_found());
    }
    if granted {
        lift(records, person, None).await?;
    }
    change.commit().await
}

/// Decides a face check that waits for a person of the office. Refused, the person may try anew from the beginning.
///
/// # Errors
/// `not-found`, `step-refused` when none waits, or any error of the database.
pub async fn decide_face(central: &Central, person: Uuid, verified: bool) -> ApiResult<()> {
    let mut change = change_of(central, person).await?;
    let records = &mut change.records(person);
    let mut case = Case::load(records, person).await?;
    if case.record.facts.face != Some(FaceCheck::ManualReview) {
        return Err(case.refusal(StepRefusal::TooEarly).into());
    }
    let most = case.scheme(central).face.max_tries;
    crate::face::forget_failures(records, person).await?;
    let (face, told, tries_left) = if verified {
        (FaceCheck::Verified, NoticeKind::FaceVerified, 0)
    } else {
        (FaceCheck::Failed, NoticeKind::FaceFailed, most)
    };
    case.record.facts.face = Some(face);
    case.record.face = Some(FaceStatus { at: records.at, tries_left });
    case.save(records).await?;
    notice::tell(records, person, told, &[], None).await?;
    change.commit().await
}

async fn lift(records: &mut Records<'_>, person: Uuid, note: Option<String>) -> Result<(), SyncError> {
    let mut case = Case::load(records, person).await?;
    if !case.record.facts.blocked {
        return Ok(());
    }
    case.record.facts.blocked = false;
    case.record.blocked = None;
    case.save(records).await?;
    appeal::close(records, person, note.as_deref()).await?;
    notice::tell(records, person, NoticeKind::Unblocked, &[], note).await?;
    Ok(())
}

/// A change of somebody who has an account.
pub(super) async fn change_of(central: &Central, person: Uuid) -> ApiResult<Change> {
    let mut change = Change::begin(central).await?;
    let known: i64 = sqlx::query_scalar("select count(*) from person where id = $1")
        .bind(Id(person))
        .fetch_one(&mut **change.tx())
        .await?;
    if known == 0 { Err(ApiError::not_found()) } else { Ok(change) }
}
