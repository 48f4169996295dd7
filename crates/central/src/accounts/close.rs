//! `DELETE /v1/accounts/current`: the person closes the account, and everything of the person goes (UU PDP 27/2022).
//!
//! Asked for with a session that was opened a moment ago, by the password or by a code for another one: whoever sits down at a
//! computer that is signed in has done neither. Nobody closes an account with which the programme is not done: a participant's
//! shows what was paid out, a draw that has begun must not give a place to nobody, and a block would be gone with the account.
//!
//! Whoever still holds the person's id finds nothing: an errand meets no claim, a photo no page, a test no attempt, a wait
//! for news no feed. A selection meets everybody on its list, since it has begun before and keeps the account until it is
//! settled.
//!
//! What outlives the account on purpose: who was appointed (`recipient`), the audit log, the public lists under their
//! pseudonyms, whitelists of other offices, counts under a MAC until their window is over, messages that wait, and the bare
//! id ([`super::closed`]).

use axum::extract::State;
use axum::http::StatusCode;
use prakerja_domain::registration::StepRefusal;
use prakerja_protocol::problem::ProblemCode;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{NEWS_MS, closed, pending};
use crate::db::Id;
use crate::documents;
use crate::error::{ApiError, ApiResult};
use crate::notifier::{Mail, texts};
use crate::registration::case::Case;
use crate::registration::once;
use crate::signed_in::SignedIn;
use crate::state::Central;
use crate::sync::{Change, give_back};

/// How long after it was opened a session may close the account, in milliseconds.
const FRESH_MS: i64 = 10 * 60 * 1_000;
pub(super) const MEMBERSHIPS: &str = "select count(*) from membership where person_id = $1";
pub(super) const DRAWS: &str = "select count(*) from application join selection on selection.wave = application.wave
    where application.person_id = $1 and selection.settled_at is null";

/// Closes the account. A repeat meets no session any more: `session-revoked` or `token-expired`.
pub(crate) async fn close(State(central): State<Central>, caller: SignedIn) -> ApiResult<StatusCode> {
    // A task of its own: whoever hangs up now leaves nothing half done.
    let tasks = central.tasks.clone();
    tasks.spawn(close_now(central, caller)).await.map_err(ApiError::internal)?
}

async fn close_now(central: Central, caller: SignedIn) -> ApiResult<StatusCode> {
    let person = caller.person;
    let mut change = Change::begin(&central).await?;
    let row: Option<(String, String, i64, Option<i64>)> = sqlx::query_as(
        "select person.email, person.language, session.created_at, person.locked_at
         from session join person on person.id = session.person_id
         where session.id = $1 and session.ended_at is null",
    )
    .bind(Id(caller.session))
    .fetch_optional(&mut **change.tx())
    .await?;
    // The same request twice: the other one was quicker.
    let over = || ApiError::new(ProblemCode::SessionRevoked, 401, "the session has ended");
    let (email, language, opened_at, locked_at) = row.ok_or_else(over)?;
    if locked_at.is_some() {
        return Err(ApiError::account_locked());
    }
    if change.at().saturating_sub(opened_at) > FRESH_MS {
        return Err(ApiError::new(ProblemCode::Forbidden, 403, "sign in again first"));
    }
    let case = refuse(&mut change, person).await?;
    once::keep(&mut change.records(person), &case).await?;
    let kept = documents::files_of(change.tx(), person).await?;
    if erase(change.tx(), person).await? {
        change.catalogue_changed();
    }
    closed::remember(change.tx(), person, false).await?;
    let (subject, text) = texts::account_closed(texts::read_language(&language));
    let (mail, until) = (Mail { to: email, subject, text, code: None }, change.at().saturating_add(NEWS_MS));
    central.notifier.queue(change.tx(), &central, &mail, until).await?;
    change.commit().await?;
    tidy(&central, person, kept).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Why the account stays; else the case that ends with it.
async fn refuse(change: &mut Change, person: Uuid) -> ApiResult<Case> {
    let records = &mut change.records(person);
    let case = Case::load(records, person).await?;
    if case.record.facts.blocked {
        return Err(case.refusal(StepRefusal::Blocked).into());
    }
    let reasons = [
        (MEMBERSHIPS, ProblemCode::StillParticipant, "a participant, now or before"),
        (DRAWS, ProblemCode::DrawUnderWay, "a draw has begun and is not settled"),
    ];
    for (rows, code, title) in reasons {
        let found: i64 = sqlx::query_scalar(rows).bind(Id(person)).fetch_one(&mut *records.tx).await?;
        if found > 0 {
            return Err(ApiError::new(code, 409, title));
        }
    }
    Ok(case)
}

/// Takes a person's rows away and gives the seats of trainings back. True when everybody's catalogue must be made anew.
///
/// Every private table leads with the person and goes by `on delete cascade`. A sign-up is kept by its address, which may
/// have been another one since.
pub(super) async fn erase(tx: &mut SqliteConnection, person: Uuid) -> Result<bool, sqlx::Error> {
    let seats: Vec<(Id, Id)> = sqlx::query_as(
        "select training_id, schedule_id from enrolment where person_id = $1 and active = 1 and schedule_id is not null",
    )
    .bind(Id(person))
    .fetch_all(&mut *tx)
    .await?;
    let mut catalogue_changed = false;
    for (training, schedule) in seats {
        catalogue_changed |= give_back(&mut *tx, training.0, schedule.0).await?;
    }
    let email: Option<String> =
        sqlx::query_scalar("select email from person where id = $1").bind(Id(person)).fetch_optional(&mut *tx).await?;
    if let Some(email) = email {
        pending::void(&mut *tx, &email, None).await?;
    }
    for statement in [
        // What was confirmed is the person's; what waits may be a stranger's.
        "delete from sign_up where session_id in (select id from session where person_id = $1)",
        "delete from person where id = $1",
    ] {
        sqlx::query(statement).bind(Id(person)).execute(&mut *tx).await?;
    }
    Ok(catalogue_changed)
}

/// What is left to do outside of the transaction. What is interrupted here is done at the next start: an id that was not
/// noted, a file that stays behind.
async fn tidy(central: &Central, person: Uuid, kept: documents::Kept) {
    if let Err(error) = closed::note_all(central).await {
        tracing::error!(account = %person, ?error, "a closed account is not yet noted in {}", closed::FILE);
    }
    documents::forget(central, kept).await;
    central.db.cut_log().await;
}
