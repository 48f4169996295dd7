//! What the window hears when a request that needs an answer at once was refused, or did not reach central.

use prakerja_protocol::problem::ProblemCode;
use prakerja_sync::account::AccountError;
use prakerja_sync::failure::Class;

use crate::ipc::{ErrorCode, IpcError};

/// As [`refused`]; what central does not know any more is over.
pub(crate) fn code_refused(error: AccountError) -> IpcError {
    match error.code() {
        Some(ProblemCode::NotFound) => IpcError::new(ErrorCode::CodeExpired),
        _ if matches!(error, AccountError::NoSignUp) => IpcError::new(ErrorCode::CodeExpired),
        _ => refused(error),
    }
}

/// What the window hears of a request that needs an answer at once.
pub(crate) fn refused(error: AccountError) -> IpcError {
    match error {
        AccountError::Refused { code, fields, retry_after_ms, numbers } => {
            let known = match code {
                ProblemCode::Validation => ErrorCode::Validation,
                ProblemCode::WrongCredentials => ErrorCode::WrongCredentials,
                ProblemCode::WrongCode => ErrorCode::WrongCode,
                ProblemCode::CodeExpired => ErrorCode::CodeExpired,
                ProblemCode::CodeLocked => ErrorCode::CodeLocked,
                ProblemCode::RateLimited => ErrorCode::RateLimited,
                ProblemCode::Busy | ProblemCode::Internal => ErrorCode::Busy,
                ProblemCode::ClientTooOld => ErrorCode::TooOld,
                ProblemCode::AccountLocked => ErrorCode::AccountLocked,
                ProblemCode::TokenExpired | ProblemCode::SessionRevoked => ErrorCode::SignInNeeded,
                ProblemCode::NotFound => ErrorCode::NotFound,
                ProblemCode::StepRefused => ErrorCode::StepRefused,
                ProblemCode::NikTaken => ErrorCode::NikTaken,
                ProblemCode::ProfileIncomplete => ErrorCode::ProfileIncomplete,
                ProblemCode::PartyUnavailable => ErrorCode::PartyUnavailable,
                ProblemCode::TestOver => ErrorCode::TestOver,
                ProblemCode::StillParticipant => ErrorCode::StillParticipant,
                ProblemCode::DrawUnderWay => ErrorCode::DrawUnderWay,
                other => {
                    tracing::error!(code = ?other, "central refused an account request for a reason of its own");
                    ErrorCode::Internal
                }
            };
            IpcError { fields, numbers, ..IpcError::new(known).with_retry_after_ms(retry_after_ms) }
        }
        AccountError::Unreachable { class, retry_after_ms } => {
            IpcError::new(unreachable(class)).with_retry_after_ms(retry_after_ms)
        }
        AccountError::NoSignUp | AccountError::NotHere => IpcError::new(ErrorCode::NotFound),
        AccountError::StillSignedIn => IpcError::new(ErrorCode::StillSignedIn),
        AccountError::ClosingUnknown => IpcError::new(ErrorCode::ClosingUnknown),
        AccountError::SignedOut => IpcError::new(ErrorCode::SignInNeeded),
        AccountError::Incompatible => IpcError::defect("password messages", &error),
        AccountError::Store(error) => error.into(),
    }
}

/// What keeps from reaching central, for the window.
pub(crate) fn unreachable(class: Class) -> ErrorCode {
    match class {
        Class::NotOurServer => ErrorCode::NotOurServer,
        Class::TlsCertificateTime => ErrorCode::ClockWrong,
        class if class.is_tls() => ErrorCode::TlsBlocked,
        Class::Overload | Class::Defect => ErrorCode::Busy,
        Class::ClientTooOld => ErrorCode::TooOld,
        Class::AccountLocked => ErrorCode::AccountLocked,
        Class::TokenExpired | Class::SessionRevoked => ErrorCode::SignInNeeded,
        Class::Local | Class::Permanent | Class::TooLarge | Class::UnsupportedVersion => ErrorCode::Internal,
        _ => ErrorCode::Offline,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_not_reaching_central_has_its_own_words() {
        let cases = [
            (Class::Network, ErrorCode::Offline),
            (Class::NotOurServer, ErrorCode::NotOurServer),
            (Class::TlsUnknownAuthority, ErrorCode::TlsBlocked),
            (Class::TlsOther, ErrorCode::TlsBlocked),
            (Class::TlsCertificateTime, ErrorCode::ClockWrong),
            (Class::Overload, ErrorCode::Busy),
            (Class::ClientTooOld, ErrorCode::TooOld),
        ];
        for (class, expected) in cases {
            let error = refused(AccountError::Unreachable { class, retry_after_ms: Some(3_000) });
            assert_eq!((error.code, error.retry_after_ms), (expected, Some(3_000)), "{class:?}");
        }
    }

    #[test]
    fn what_central_counts_reaches_the_sentence() {
        let numbers = [("attempts_left".to_owned(), 2)].into();
        let wrong = || AccountError::Refused {
            code: ProblemCode::WrongCode,
            fields: Vec::new(),
            retry_after_ms: None,
            numbers: std::collections::BTreeMap::clone(&numbers),
        };
        let error = refused(wrong());
        assert_eq!((error.code, error.numbers["attempts_left"]), (ErrorCode::WrongCode, 2));
        let gone = AccountError::Refused {
            code: ProblemCode::NotFound,
            fields: Vec::new(),
            retry_after_ms: None,
            numbers: Default::default(),
        };
        assert_eq!(code_refused(gone).code, ErrorCode::CodeExpired);
        assert_eq!(code_refused(AccountError::NoSignUp).code, ErrorCode::CodeExpired);
    }
}
