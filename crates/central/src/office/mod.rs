//! What people of the office do: waves, whitelists, selections, cases, appeals, and who of them may do what.
//!
//! Every action is one function of this room, called by a command in the terminal ([`cli`]) and by the admin API ([`api`])
//! alike. [`audit`] notes each before it begins and when it ends: who, what, on which case or wave, with which outcome,
//! never anything personal.

pub mod address;
pub(crate) mod api;
pub mod appeals;
pub mod audit;
pub mod cases;
pub mod cli;
pub mod memberships;
pub mod operators;
pub mod photos;
pub mod role;
pub mod wave_secrets;
pub mod waves;
pub mod whitelist;

use std::future::Future;

use prakerja_protocol::problem::ProblemCode;

use crate::error::ApiError;
use crate::state::Central;
use crate::sync::SyncError;
use crate::waves::selection::SelectionError;

pub use self::audit::CLI;

/// An action that was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// It is not possible, or not now.
    #[error("{text}")]
    Refused {
        /// A word for the audit log and the API.
        code: &'static str,
        /// Plain English, nothing personal.
        text: String,
    },
    /// Rows of a file or a request are wrong; nothing was written.
    #[error("{} rows are wrong, nothing was written", .0.len())]
    Rows(Vec<String>),
    /// A selection.
    #[error(transparent)]
    Selection(#[from] SelectionError),
    /// Something is wrong here.
    #[error("{0}")]
    Internal(String),
}

impl OfficeError {
    pub(crate) fn refused(code: &'static str, text: impl Into<String>) -> Self {
        Self::Refused { code, text: text.into() }
    }

    /// A word for the audit log.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused { code, .. } => code,
            Self::Rows(_) => "rows",
            Self::Selection(error) => error.code(),
            Self::Internal(_) => "internal",
        }
    }
}

impl From<sqlx::Error> for OfficeError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(format!("database: {error}"))
    }
}

impl From<SyncError> for OfficeError {
    fn from(error: SyncError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<ApiError> for OfficeError {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Problem(problem) => match problem.code {
                ProblemCode::NotFound => Self::refused("not-found", problem.title.clone()),
                ProblemCode::AlreadyApplied => Self::refused("decided", problem.title.clone()),
                ProblemCode::AlreadyMember => Self::refused("already-member", problem.title.clone()),
                ProblemCode::StepRefused => Self::refused("step-refused", problem.title.clone()),
                _ => Self::Internal(problem.title.clone()),
            },
            ApiError::Internal(cause) => Self::Internal(cause.to_string()),
        }
    }
}

/// An action as the audit log names it.
#[derive(Debug, Clone)]
pub struct Action {
    /// Name of the operator, or [`CLI`].
    pub who: String,
    /// Such as `case.block`.
    pub what: &'static str,
    /// Such as `case PRA-2345-6789`, `wave 73`; empty for none.
    pub subject: String,
}

/// Carries out an action that changes something: noted before, and with its outcome afterwards.
///
/// # Errors
/// Those of `work`, and of the audit log: what cannot be noted is not done.
pub async fn noted<T>(
    central: &Central,
    action: Action,
    work: impl Future<Output = Result<T, OfficeError>> + Send,
) -> Result<T, OfficeError> {
    audit::append(central, &action, "begun").await?;
    let result = Box::pin(work).await;
    let outcome = result.as_ref().map_or_else(|error| format!("refused: {}", error.code()), |_| "done".to_owned());
    audit::append(central, &action, &outcome).await?;
    result
}

/// Carries out an action that only looks.
///
/// # Errors
/// Those of `work`, and of the audit log.
pub async fn looked<T>(
    central: &Central,
    action: Action,
    work: impl Future<Output = Result<T, OfficeError>> + Send,
) -> Result<T, OfficeError> {
    let result = Box::pin(work).await;
    let outcome = result.as_ref().map_or_else(|error| format!("refused: {}", error.code()), |_| "seen".to_owned());
    audit::append(central, &action, &outcome).await?;
    result
}
