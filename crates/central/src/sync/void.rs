//! `command.void`: refuses a command that may still be on its way.
//!
//! A command whose bytes were sent once may arrive late, even after the person cancelled it. The void takes its id in the
//! log, so the late copy meets `voided` instead of an effect.

use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::{CommandStatus, CommandVoid};

use super::carry::Context;
use super::error::SyncError;
use super::log;
use super::outcome::{Outcome, problem};

/// Carries out a void. `applied` means: the target has no effect and never will.
pub(super) async fn void(cx: &mut Context<'_>, void: CommandVoid) -> Result<Outcome, SyncError> {
    if void.target == cx.command {
        return Ok(Outcome::rejected(ProblemCode::Malformed, "a void of itself"));
    }
    if log::claim_voided(cx, void.target).await? {
        return Ok(Outcome::applied(None, None));
    }
    let (person, status) = log::status_of(cx.tx, void.target).await?.ok_or(SyncError::Damaged)?;
    if person != cx.person {
        return Ok(Outcome::rejected(ProblemCode::Forbidden, "the command belongs to somebody else"));
    }
    match status {
        CommandStatus::Applied | CommandStatus::Waitlisted => Ok(Outcome::refused(
            problem(ProblemCode::AlreadyApplied, "the command took effect before")
                .with_detail("status", status.as_str()),
        )),
        _ => Ok(Outcome::applied(None, None)),
    }
}
