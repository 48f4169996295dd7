//! `appeal.submit`: a person objects to a block, or to a final no. A person of the office answers (`crate::office`).

use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_protocol::application::{AppealAnswer, AppealRecord, AppealSubmit, NoticeKind};
use prakerja_protocol::problem::ProblemCode;
use uuid::Uuid;

use super::case::Case;
use super::notice;
use crate::db::Id;
use crate::sync::{Outcome, Place, Records, Sealer, SyncError, problem};

/// The record's kind in the feed.
const KIND: &str = "appeal";
/// Longest text, in characters.
const LONGEST: usize = 2_000;

/// Keeps an appeal. One may be open at a time.
pub(crate) async fn submit(
    records: &mut Records<'_>,
    person: Uuid,
    appeal: AppealSubmit,
) -> Result<Outcome, SyncError> {
    let text = appeal.text.trim();
    let wrong = match text.chars().count() {
        0 => Some(FieldError::new("text", FieldErrorCode::Required)),
        length if length > LONGEST => Some(FieldError::new("text", FieldErrorCode::TooLong).with("max", 2_000)),
        _ => None,
    };
    if let Some(wrong) = wrong {
        return Ok(Outcome::refused(problem(ProblemCode::Validation, "the text").with_fields(vec![wrong])));
    }
    let case = Case::load(records, person).await?;
    if !case.record.facts.blocked && !case.record.facts.state().is_final_refusal() {
        return Ok(Outcome::rejected(ProblemCode::Forbidden, "there is nothing to object to"));
    }
    let record = AppealRecord { text: text.to_owned(), received_at: records.at, answer: None };
    let sealed = records.seal(place(person, appeal.appeal), &record)?;
    let written = sqlx::query(
        "insert into appeal (person_id, id, rev, received_at, content) values ($1, $2, 1, $3, $4) on conflict do nothing",
    )
    .bind(Id(person))
    .bind(Id(appeal.appeal))
    .bind(records.at)
    .bind(sealed)
    .execute(&mut *records.tx)
    .await?;
    if written.rows_affected() == 0 {
        let refusal = problem(ProblemCode::StepRefused, "an appeal is open").with_detail("refusal", "under_way");
        return Ok(Outcome::refused(refusal));
    }
    let seq = records.put(person, (KIND, appeal.appeal, 1), &record).await?;
    notice::tell(records, person, NoticeKind::AppealReceived, &[], None).await?;
    Ok(Outcome::applied(Some(1), Some(seq)))
}

/// Opens a kept appeal.
pub(crate) fn open(sealer: &Sealer, (person, id): (Uuid, Uuid), sealed: &[u8]) -> Result<AppealRecord, SyncError> {
    Ok(sealer.open(place(person, id), sealed)?)
}

/// Writes the office's answer. False when it was answered before, or there is no such appeal.
pub(crate) async fn answer(
    records: &mut Records<'_>,
    (person, id): (Uuid, Uuid),
    granted: bool,
    text: &str,
) -> Result<bool, SyncError> {
    let row: Option<(i64, Vec<u8>)> = sqlx::query_as(
        "select rev, content from appeal where person_id = $1 and id = $2 and answered_at is null",
    )
    .bind(Id(person))
    .bind(Id(id))
    .fetch_optional(&mut *records.tx)
    .await?;
    let Some((rev, sealed)) = row else { return Ok(false) };
    let mut record: AppealRecord = records.open(place(person, id), &sealed)?;
    record.answer = Some(AppealAnswer { granted, text: text.to_owned(), at: records.at });
    sqlx::query("update appeal set rev = $1, answered_at = $2, content = $3 where person_id = $4 and id = $5")
        .bind(rev + 1)
        .bind(records.at)
        .bind(records.seal(place(person, id), &record)?)
        .bind(Id(person))
        .bind(Id(id))
        .execute(&mut *records.tx)
        .await?;
    records.put(person, (KIND, id, rev + 1), &record).await?;
    notice::tell(records, person, NoticeKind::AppealAnswered, &[], None).await?;
    Ok(true)
}

fn place(person: Uuid, id: Uuid) -> Place<'static> {
    Place { person, kind: "table/appeal", id }
}
