//! `appeal.submit`: an objection to a block, one at a time, and the office's answer to it. A denial is final: no other
//! appeal against the same block is taken (`prakerja_domain::appeal`).
//!
//! An open appeal is always against the block that is in force: whatever lifts a block answers it.

use prakerja_domain::appeal::{self, Decision};
use prakerja_domain::registration::StepRefusal;
use prakerja_protocol::application::{AppealAnswer, AppealRecord, AppealSubmit, NoticeKind};
use prakerja_protocol::problem::{Problem, ProblemCode};
use uuid::Uuid;

use super::case::Case;
use super::{Saved, Settled, notice};
use crate::db::Id;
use crate::sync::{Place, Records, SyncError};

/// Carries out `appeal.submit`.
pub(crate) async fn submit(records: &mut Records<'_>, person: Uuid, submitted: &AppealSubmit) -> Settled {
    let case = Case::load(records, person).await?;
    let blocked_at = case.record.blocked.as_ref().map(|blocked| blocked.at);
    if let Err(refusal) = appeal::allows(blocked_at, decisions(records, person).await?) {
        return Ok(Err(case.refusal(refusal)));
    }
    let text = match appeal::text(&submitted.text) {
        Ok(text) => text,
        Err(error) => {
            let problem = Problem::new(ProblemCode::Validation, 422, "the appeal is not valid");
            return Ok(Err(problem.with_fields(vec![error])));
        }
    };
    let known: i64 = sqlx::query_scalar("select count(*) from appeal where id = $1")
        .bind(Id(submitted.appeal))
        .fetch_one(&mut *records.tx)
        .await?;
    if known > 0 {
        return Ok(Err(case.refusal(StepRefusal::UnderWay)));
    }
    let appeal = AppealRecord { text, received_at: records.at, answer: None };
    sqlx::query("insert into appeal (person_id, id, open, received_at, rev, content) values ($1, $2, 1, $3, 1, $4)")
        .bind(Id(person))
        .bind(Id(submitted.appeal))
        .bind(records.at)
        .bind(records.seal(place(person, submitted.appeal), &appeal)?)
        .execute(&mut *records.tx)
        .await?;
    let seq = records.put(person, ("appeal", submitted.appeal, 1), &appeal).await?;
    notice::tell(records, person, NoticeKind::AppealReceived, &[], None).await?;
    Ok(Ok(Saved { rev: 1, seq }))
}

/// What was decided about each appeal of a person; nothing for one that is open.
async fn decisions(records: &mut Records<'_>, person: Uuid) -> Result<Vec<Option<Decision>>, SyncError> {
    let rows: Vec<(Id, Vec<u8>)> = sqlx::query_as("select id, content from appeal where person_id = $1")
        .bind(Id(person))
        .fetch_all(&mut *records.tx)
        .await?;
    rows.into_iter()
        .map(|(Id(appeal), sealed)| {
            let record: AppealRecord = records.open(place(person, appeal), &sealed)?;
            Ok(record.decision())
        })
        .collect()
}

/// Writes the office's answer. False when there is no such open appeal.
pub(super) async fn answer(
    records: &mut Records<'_>,
    person: Uuid,
    appeal: Uuid,
    (granted, text): (bool, &str),
) -> Result<bool, SyncError> {
    let row: Option<(i64, Vec<u8>)> =
        sqlx::query_as("select rev, content from appeal where person_id = $1 and id = $2 and open = 1")
            .bind(Id(person))
            .bind(Id(appeal))
            .fetch_optional(&mut *records.tx)
            .await?;
    let Some((rev, sealed)) = row else { return Ok(false) };
    let mut record: AppealRecord = records.open(place(person, appeal), &sealed)?;
    record.answer = Some(AppealAnswer { granted, text: text.to_owned(), at: records.at });
    sqlx::query("update appeal set open = 0, rev = $1, content = $2 where person_id = $3 and id = $4")
        .bind(rev + 1)
        .bind(records.seal(place(person, appeal), &record)?)
        .bind(Id(person))
        .bind(Id(appeal))
        .execute(&mut *records.tx)
        .await?;
    records.put(person, ("appeal", appeal, rev + 1), &record).await?;
    notice::tell(records, person, NoticeKind::AppealAnswered, &[], None).await?;
    Ok(true)
}

/// Answers what is open when the block is lifted in another way. `note` are the words for the person.
pub(super) async fn close(records: &mut Records<'_>, person: Uuid, note: Option<&str>) -> Result<(), SyncError> {
    let open: Vec<Id> = sqlx::query_scalar("select id from appeal where person_id = $1 and open = 1")
        .bind(Id(person))
        .fetch_all(&mut *records.tx)
        .await?;
    for Id(appeal) in open {
        answer(records, person, appeal, (true, note.unwrap_or_default())).await?;
    }
    Ok(())
}

fn place(person: Uuid, appeal: Uuid) -> Place<'static> {
    Place { person, kind: "table/appeal", id: appeal }
}
