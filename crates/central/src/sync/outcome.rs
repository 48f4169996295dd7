//! What became of one command, before it is written down.

use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::sync::CommandStatus;
use serde_json::Value;

use crate::registration::Saved;

/// Result of carrying out one command.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It is settled for ever.
    Final(Settled),
    /// Nothing happened; it may come again.
    Waits(Waits),
}

/// A final result.
#[derive(Debug)]
pub(crate) struct Settled {
    pub(crate) status: CommandStatus,
    /// Revision of the record it changed.
    pub(crate) rev: Option<i64>,
    /// Sequence of its feed row; without one it stands at the head.
    pub(crate) seq: Option<i64>,
    pub(crate) problem: Option<Problem>,
    /// Central's values of the fields in conflict.
    pub(crate) current: Option<Value>,
}

/// A result that is not final.
#[derive(Debug)]
pub(crate) struct Waits {
    pub(crate) status: CommandStatus,
    pub(crate) problem: Option<Problem>,
    pub(crate) retry_after_ms: Option<u64>,
}

impl Outcome {
    /// The effect is there, as revision `rev` at `seq` of the feed.
    pub(crate) fn applied(rev: Option<i64>, seq: Option<i64>) -> Self {
        Self::Final(Settled { status: CommandStatus::Applied, rev, seq, problem: None, current: None })
    }

    /// What a step of the registration came to. "Not now" is no final no: the command keeps its place and comes again, so
    /// nobody has to notice that a lock or an outage is over.
    pub(super) fn of(settled: Result<Saved, Problem>) -> Self {
        match settled {
            Ok(saved) => Self::applied(Some(saved.rev), Some(saved.seq)),
            Err(problem) if matches!(problem.code, ProblemCode::RateLimited | ProblemCode::PartyUnavailable) => {
                Self::later(problem)
            }
            Err(problem) => Self::refused(problem),
        }
    }

    /// A final no.
    pub(crate) fn rejected(code: ProblemCode, title: &str) -> Self {
        Self::refused(problem(code, title))
    }

    /// A final no with a problem that says more.
    pub(crate) fn refused(problem: Problem) -> Self {
        Self::Final(Settled {
            status: CommandStatus::Rejected,
            rev: None,
            seq: None,
            problem: Some(problem),
            current: None,
        })
    }

    /// Overlapping fields changed meanwhile.
    pub(crate) fn conflict(rev: i64, current: Value) -> Self {
        Self::Final(Settled {
            status: CommandStatus::Conflict,
            rev: Some(rev),
            seq: None,
            problem: None,
            current: Some(current),
        })
    }

    /// Something before it is not settled.
    pub(crate) fn blocked() -> Self {
        Self::Waits(Waits { status: CommandStatus::Blocked, problem: None, retry_after_ms: None })
    }

    /// Not before something else changes.
    pub(crate) fn hold(code: ProblemCode, title: &str) -> Self {
        Self::Waits(Waits { status: CommandStatus::Hold, problem: Some(problem(code, title)), retry_after_ms: None })
    }

    /// Not now.
    pub(crate) fn retry(code: ProblemCode, title: &str, after_ms: u64) -> Self {
        Self::later(problem(code, title).with_retry_after_ms(after_ms))
    }

    /// Not now, with a problem that says more.
    fn later(problem: Problem) -> Self {
        let retry_after_ms = problem.retry_after_ms;
        Self::Waits(Waits { status: CommandStatus::Retry, problem: Some(problem), retry_after_ms })
    }
}

/// A problem inside a command's result, with the HTTP status that it would have alone.
pub(crate) fn problem(code: ProblemCode, title: &str) -> Problem {
    let status = match code {
        ProblemCode::Malformed => 400,
        ProblemCode::Forbidden => 403,
        ProblemCode::NotFound => 404,
        ProblemCode::Busy | ProblemCode::Internal => 503,
        ProblemCode::SeatFull
        | ProblemCode::EnrolmentClosed
        | ProblemCode::AlreadyEnrolled
        | ProblemCode::AlreadyApplied
        | ProblemCode::NotCancellable
        | ProblemCode::StepRefused
        | ProblemCode::WaveNotOpen
        | ProblemCode::WaveClosed
        | ProblemCode::NotInRegion
        | ProblemCode::SchemeUnfit
        | ProblemCode::AlreadyMember
        | ProblemCode::Dependency => 409,
        _ => 422,
    };
    Problem::new(code, status, title)
}
