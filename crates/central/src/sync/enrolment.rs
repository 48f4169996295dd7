//! `enrolment.request` and `enrolment.cancel`: places in the free trainings of public training centres.
//!
//! Seats are taken by one conditional update; the database's own check refuses to go beyond the capacity. First come is
//! by the order in which the writer takes the commands, deadlines by the time of receipt; the device's clock has no effect.

use prakerja_domain::enrolment::EnrolmentState;
use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::training::{Method, SeatBand};
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::sync::{EnrolmentCancel, EnrolmentRecord, EnrolmentRequest, Run};
use uuid::Uuid;

use super::Connection;
use super::carry::Context;
use super::error::SyncError;
use super::feed::{self, NewChange};
use super::outcome::{Outcome, problem};
use crate::catalogue;
use crate::db::Id;
use crate::word::{read_word, word};

/// Asks for a place.
pub(super) async fn request(cx: &mut Context<'_>, request: EnrolmentRequest) -> Result<Outcome, SyncError> {
    let unknown = Outcome::rejected(ProblemCode::TrainingUnknown, "no such training or schedule");
    let training: Option<(String, String, i64)> =
        sqlx::query_as("select title, method, free from training where id = $1 and gone = 0")
            .bind(Id(request.training))
            .fetch_optional(&mut *cx.tx)
            .await?;
    let Some((title, method, free)) = training else { return Ok(unknown) };
    if free == 0 {
        return Ok(Outcome::rejected(ProblemCode::NeedsBalance, "paid from the training balance"));
    }
    let method: Method = read_word(&method)?;
    if let Some(refusal) = already(cx, &request).await? {
        return Ok(Outcome::refused(refusal));
    }
    let run = match (method, request.schedule) {
        (Method::SelfPaced, None) => None,
        (Method::Webinar | Method::InPerson, None) => {
            let missing = FieldError::new("schedule", FieldErrorCode::Required);
            let problem = problem(ProblemCode::Validation, "a schedule is needed").with_fields(vec![missing]);
            return Ok(Outcome::refused(problem));
        }
        (_, Some(schedule)) => match take_seat(cx, request.training, schedule).await? {
            Ok(run) => Some(run),
            Err(refusal) => return Ok(refusal),
        },
    };
    let record = EnrolmentRecord {
        training: request.training,
        schedule: request.schedule,
        state: EnrolmentState::first(method),
        title,
        received_at: cx.received_at,
        run,
    };
    sqlx::query(
        "insert into enrolment (person_id, id, training_id, schedule_id, state, active, title, run, rev, received_at)
         values ($1, $2, $3, $4, $5, 1, $6, $7, 1, $8)",
    )
    .bind(Id(cx.person))
    .bind(Id(request.enrolment))
    .bind(Id(request.training))
    .bind(request.schedule.map(Id))
    .bind(word(record.state))
    .bind(&record.title)
    .bind(record.run.as_ref().and_then(|run| serde_json::to_string(run).ok()))
    .bind(cx.received_at)
    .execute(&mut *cx.tx)
    .await?;
    let seq = tell(cx, request.enrolment, 1, &record).await?;
    Ok(Outcome::applied(Some(1), Some(seq)))
}

/// Whether the person has this training, or this enrolment's id is in use.
async fn already(cx: &mut Context<'_>, request: &EnrolmentRequest) -> Result<Option<Problem>, SyncError> {
    let rows: Vec<(Id, i64)> = sqlx::query_as(
        "select id, active from enrolment where person_id = $1 and (id = $2 or (training_id = $3 and active = 1))
         order by active desc",
    )
    .bind(Id(cx.person))
    .bind(Id(request.enrolment))
    .bind(Id(request.training))
    .fetch_all(&mut *cx.tx)
    .await?;
    let Some((id, active)) = rows.first() else { return Ok(None) };
    if *active == 1 {
        let id = id.0.to_string();
        return Ok(Some(problem(ProblemCode::AlreadyEnrolled, "takes part already").with_detail("enrolment", id)));
    }
    Ok(Some(problem(ProblemCode::Malformed, "the enrolment id is in use")))
}

/// Takes a seat and gives when and where it is, or says why not.
async fn take_seat(cx: &mut Context<'_>, training: Uuid, schedule: Uuid) -> Result<Result<Run, Outcome>, SyncError> {
    type Row = (i64, String, String, String, Option<String>, Option<String>, Option<String>);
    let found: Option<Row> = sqlx::query_as(
        "select closes_at, starts_on, ends_on, time, province, city, address from schedule
         where id = $1 and training_id = $2 and gone = 0",
    )
    .bind(Id(schedule))
    .bind(Id(training))
    .fetch_optional(&mut *cx.tx)
    .await?;
    let Some((closes_at, starts_on, ends_on, time, province, city, address)) = found else {
        return Ok(Err(Outcome::rejected(ProblemCode::TrainingUnknown, "no such training or schedule")));
    };
    if cx.received_at > closes_at {
        let closed = problem(ProblemCode::EnrolmentClosed, "enrolment has closed").with_detail("closed_at", closes_at);
        return Ok(Err(Outcome::refused(closed)));
    }
    let seats: Option<(i64, i64)> = sqlx::query_as(
        "update schedule set taken = taken + 1 where id = $1 and taken < capacity returning taken, capacity",
    )
    .bind(Id(schedule))
    .fetch_optional(&mut *cx.tx)
    .await?;
    match seats {
        None => Ok(Err(Outcome::rejected(ProblemCode::SeatFull, "no seat is left"))),
        Some((taken, capacity)) => {
            *cx.catalogue_changed |= note_band(cx.tx, training, (taken - 1, taken, capacity)).await?;
            Ok(Ok(Run { starts_on, ends_on, time, province, city, address }))
        }
    }
}

/// Gives a seat back, whoever leaves it. True when everybody's catalogue must be made anew.
pub(crate) async fn give_back(tx: &mut Connection, training: Uuid, schedule: Uuid) -> Result<bool, sqlx::Error> {
    let seats: Option<(i64, i64)> =
        sqlx::query_as("update schedule set taken = taken - 1 where id = $1 and taken > 0 returning taken, capacity")
            .bind(Id(schedule))
            .fetch_optional(&mut *tx)
            .await?;
    match seats {
        Some((taken, capacity)) => note_band(tx, training, (taken + 1, taken, capacity)).await,
        None => Ok(false),
    }
}

/// Gives the place back.
pub(super) async fn cancel(cx: &mut Context<'_>, cancel: EnrolmentCancel) -> Result<Outcome, SyncError> {
    type Row = (Id, Option<Id>, String, String, Option<String>, i64, i64);
    let found: Option<Row> = sqlx::query_as(
        "select training_id, schedule_id, state, title, run, rev, received_at from enrolment
         where person_id = $1 and id = $2",
    )
    .bind(Id(cx.person))
    .bind(Id(cancel.enrolment))
    .fetch_optional(&mut *cx.tx)
    .await?;
    let Some((training, schedule, state, title, run, rev, received_at)) = found else {
        return Ok(Outcome::rejected(ProblemCode::NotFound, "no such enrolment"));
    };
    let state: EnrolmentState = read_word(&state)?;
    if !state.is_cancellable() {
        return Ok(Outcome::rejected(ProblemCode::NotCancellable, "cannot be cancelled any more"));
    }
    let (training, schedule) = (training.0, schedule.map(|id| id.0));
    if let Some(schedule) = schedule {
        *cx.catalogue_changed |= give_back(cx.tx, training, schedule).await?;
    }
    let state = EnrolmentState::Cancelled;
    sqlx::query("update enrolment set state = $1, active = 0, rev = $2 where person_id = $3 and id = $4")
        .bind(word(state))
        .bind(rev + 1)
        .bind(Id(cx.person))
        .bind(Id(cancel.enrolment))
        .execute(&mut *cx.tx)
        .await?;
    let run = run.map(|json| serde_json::from_str(&json)).transpose().map_err(|_| SyncError::Damaged)?;
    let record = EnrolmentRecord { training, schedule, state, title, received_at, run };
    let seq = tell(cx, cancel.enrolment, rev + 1, &record).await?;
    Ok(Outcome::applied(Some(rev + 1), Some(seq)))
}

/// A changed band is a changed training: everybody's catalogue shows it. True when it is.
async fn note_band(
    tx: &mut Connection,
    training: Uuid,
    (before, after, capacity): (i64, i64, i64),
) -> Result<bool, sqlx::Error> {
    let changed = SeatBand::of(before, capacity) != SeatBand::of(after, capacity);
    if changed {
        catalogue::touch(tx, training).await?;
    }
    Ok(changed)
}

async fn tell(cx: &mut Context<'_>, id: Uuid, rev: i64, record: &EnrolmentRecord) -> Result<i64, SyncError> {
    let change = NewChange {
        person: cx.person,
        kind: "enrolment",
        id,
        rev,
        data: record,
        by: Some(cx.command),
        at: cx.received_at,
    };
    feed::put(cx.tx, cx.sealer, change).await
}
