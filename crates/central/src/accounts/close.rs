//! `DELETE /v1/accounts/current`: the person closes the account, and everything of the person goes (UU PDP 27/2022).
//!
//! Asked for with a session that was opened a moment ago: whoever sits down at a computer that is signed in has not typed
//! the password. Nobody closes an account with which the programme is not done: a participant's shows what was paid out, a
//! draw that has begun must not give a place to nobody, and a block would be gone with the account.
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

use super::closed;
use crate::clock::ms;
use crate::db::Id;
use crate::documents;
use crate::error::{ApiError, ApiResult};
use crate::notifier::{Mail, texts};
use crate::registration::case::Case;
use crate::signed_in::SignedIn;
use crate::state::Central;
use crate::sync::{Change, give_back};

/// How long after its password was typed a session may close the account, in milliseconds.
const FRESH_MS: i64 = 10 * 60 * 1_000;
/// The mail that tells of it is worth sending for so long, in seconds.
const WORTH_S: u64 = 7 * 24 * 60 * 60;

const MEMBERSHIPS: &str = "select count(*) from membership where person_id = $1";
const DRAWS: &str = "select count(*) from application join selection on selection.wave = application.wave
    where application.person_id = $1 and selection.settled_at is null";

/// Closes the account. A repeat meets no session any more: `session-revoked` or `token-expired`.
pub(crate) async fn close(State(central): State<Central>, caller: SignedIn) -> ApiResult<StatusCode> {
    let person = caller.person;
    let mut change = Change::begin(&central).await?;
    let row: Option<(String, String, i64)> = sqlx::query_as(
        "select person.email, person.language, session.created_at
         from session join person on person.id = session.person_id
         where session.id = $1 and session.ended_at is null",
    )
    .bind(Id(caller.session))
    .fetch_optional(&mut **change.tx())
    .await?;
    // The same request twice: the other one was quicker.
    let over = || ApiError::new(ProblemCode::SessionRevoked, 401, "the session has ended");
    let (email, language, opened_at) = row.ok_or_else(over)?;
    if change.at().saturating_sub(opened_at) > FRESH_MS {
        return Err(ApiError::new(ProblemCode::Forbidden, 403, "sign in again first"));
    }
    refuse(&mut change, person).await?;
    let kept = documents::files_of(change.tx(), person).await?;
    if erase(change.tx(), person).await? {
        change.catalogue_changed();
    }
    let (subject, text) = texts::account_closed(texts::read_language(&language));
    let (mail, until) = (Mail { to: email, subject, text, code: None }, change.at().saturating_add(ms(WORTH_S)));
    central.notifier.queue(change.tx(), &central, &mail, until).await?;
    change.commit().await?;
    // A task of its own: whoever hangs up now leaves nothing half done.
    let _ = central.tasks.spawn(tidy(central.clone(), person, kept)).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Why the account stays.
async fn refuse(change: &mut Change, person: Uuid) -> ApiResult<()> {
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
    Ok(())
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
    for statement in [
        "delete from sign_up where email = (select email from person where id = $1)
         or session_id in (select id from session where person_id = $1)",
        "delete from person where id = $1",
    ] {
        sqlx::query(statement).bind(Id(person)).execute(&mut *tx).await?;
    }
    Ok(catalogue_changed)
}

/// What is left to do outside of the database. A file that stays behind is swept.
async fn tidy(central: Central, person: Uuid, kept: documents::Kept) {
    let data = central.config.data.clone();
    let noted = tokio::task::spawn_blocking(move || closed::note(&data, person)).await;
    if !matches!(noted, Ok(Ok(()))) {
        // Only a backup could bring it back now. Whoever puts one back needs this line.
        tracing::error!(account = %person, ?noted, "a closed account could not be noted in {}", closed::FILE);
    }
    documents::forget(&central, kept).await;
}
