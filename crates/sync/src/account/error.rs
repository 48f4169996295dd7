//! Why an account request failed, with everything that a sentence about it needs.

use std::collections::BTreeMap;
use std::time::Duration;

use prakerja_domain::field::FieldError;
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_store::StoreError;

use crate::failure::{Class, Failure};

/// Why an account request failed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Central refused.
    #[error("central refused: {code:?}")]
    Refused {
        /// Why.
        code: ProblemCode,
        /// Wrong fields, with `Validation`.
        fields: Vec<FieldError>,
        /// Wait at least so long, in milliseconds.
        retry_after_ms: Option<u64>,
        /// Numbers for the sentence (`attempts_left`, ...).
        numbers: BTreeMap<String, i64>,
    },
    /// No answer of central: no network, another network's login page, a blocked secure connection, overload.
    #[error("central was not reached: {}", class.as_str())]
    Unreachable {
        /// What happened.
        class: Class,
        /// Wait at least so long, in milliseconds.
        retry_after_ms: Option<u64>,
    },
    /// There is no sign-up that waits for its code.
    #[error("no sign-up is waiting")]
    NoSignUp,
    /// Nobody is signed in, or the session is over.
    #[error("nobody is signed in")]
    SignedOut,
    /// Central was asked to close the account, and nobody knows yet what became of it: this computer asks until it is known.
    #[error("it is not known what became of the closing")]
    ClosingUnknown,
    /// No such account is on this computer.
    #[error("the account is not on this computer")]
    NotHere,
    /// The account has a session on this computer.
    #[error("the account is signed in")]
    StillSignedIn,
    /// Central asks for a password stretching that is unsafe or impossible here, or speaks another dialect.
    #[error("central's password messages cannot be used")]
    Incompatible,
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
}

impl AccountError {
    pub(super) fn wrong_credentials() -> Self {
        refused(&Problem::new(ProblemCode::WrongCredentials, 401, "the password does not fit"), None)
    }

    /// The least wait that central asked for.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        let (Self::Refused { retry_after_ms, .. } | Self::Unreachable { retry_after_ms, .. }) = self else {
            return None;
        };
        retry_after_ms.map(Duration::from_millis)
    }

    /// The problem's code, when central refused.
    pub fn code(&self) -> Option<ProblemCode> {
        if let Self::Refused { code, .. } = self { Some(*code) } else { None }
    }
}

impl From<Failure> for AccountError {
    fn from(failure: Failure) -> Self {
        let retry_after_ms = failure.retry_after.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        match (&failure.problem, failure.class) {
            (None, Class::SessionRevoked) => Self::SignedOut,
            (Some(problem), _) => refused(problem, retry_after_ms),
            (None, class) => Self::Unreachable { class, retry_after_ms },
        }
    }
}

fn refused(problem: &Problem, retry_after_ms: Option<u64>) -> AccountError {
    let numbers = problem.details.iter().filter_map(|(name, value)| Some((name.clone(), value.as_i64()?)));
    AccountError::Refused {
        code: problem.code,
        fields: problem.fields.clone(),
        retry_after_ms: problem.retry_after_ms.or(retry_after_ms),
        numbers: numbers.collect(),
    }
}
