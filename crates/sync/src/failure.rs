//! Failures are named once, here, and nowhere else (`sync.md` §3.7).
//!
//! Everything that can go wrong with a request becomes one [`Class`]; the core decides by class alone. What is not
//! positively known to come from central never becomes final: the default is "try again".

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use prakerja_protocol::problem::{Problem, ProblemCode};
use rustls::CertificateError;
use uuid::Uuid;

/// What kind of failure it was. The core branches on nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// No connection, a cut one, a time-out, or anything unknown: the same bytes again, later.
    Network,
    /// Something answered, but not central: a network that wants a login, a proxy, a gateway's error page.
    NotOurServer,
    /// The certificate comes from an authority that this computer does not know: somebody reads along, or tries to.
    TlsUnknownAuthority,
    /// The certificate is over or not yet valid: most often this computer's date is wrong.
    TlsCertificateTime,
    /// The certificate is not acceptable for another reason (wrong name, revoked).
    TlsOther,
    /// Central asked to come back later.
    Overload,
    /// The access token is over; a refresh helps.
    TokenExpired,
    /// The session was ended; only the person can help.
    SessionRevoked,
    /// The operator locked the account.
    AccountLocked,
    /// Central knows who asks and says no.
    Forbidden,
    /// This program is too old for central.
    ClientTooOld,
    /// The body was too large for central or for something on the way.
    TooLarge,
    /// The cursor or page token is older than central's memory.
    CursorExpired,
    /// Central was restored from a backup.
    EpochChanged,
    /// Central does not know this command or version yet.
    UnsupportedVersion,
    /// A defect of central, or a request that arrived damaged; the same request may work later.
    Defect,
    /// Central read the request and refused it for good.
    Permanent,
    /// This computer: disk full, database locked or damaged, key missing.
    Local,
}

impl Class {
    /// True when an answer of central itself was read (so central is reachable).
    pub fn is_from_central(self) -> bool {
        matches!(
            self,
            Self::Overload
                | Self::TokenExpired
                | Self::SessionRevoked
                | Self::AccountLocked
                | Self::Forbidden
                | Self::ClientTooOld
                | Self::CursorExpired
                | Self::EpochChanged
                | Self::UnsupportedVersion
                | Self::Defect
                | Self::Permanent
        )
    }

    /// Its word in the store and in logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::NotOurServer => "not-our-server",
            Self::TlsUnknownAuthority => "tls-unknown-authority",
            Self::TlsCertificateTime => "tls-certificate-time",
            Self::TlsOther => "tls-other",
            Self::Overload => "overload",
            Self::TokenExpired => "token-expired",
            Self::SessionRevoked => "session-revoked",
            Self::AccountLocked => "account-locked",
            Self::Forbidden => "forbidden",
            Self::ClientTooOld => "client-too-old",
            Self::TooLarge => "too-large",
            Self::CursorExpired => "cursor-expired",
            Self::EpochChanged => "epoch-changed",
            Self::UnsupportedVersion => "unsupported-version",
            Self::Defect => "defect",
            Self::Permanent => "permanent",
            Self::Local => "local",
        }
    }

    /// True for a certificate that could not be accepted.
    pub fn is_tls(self) -> bool {
        matches!(self, Self::TlsUnknownAuthority | Self::TlsCertificateTime | Self::TlsOther)
    }
}

/// A failed request: its class and what is needed to wait for the right time.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// Its class.
    pub class: Class,
    /// Central asked to wait at least so long.
    pub retry_after: Option<Duration>,
    /// A kept connection was closed under the request: one immediate repetition on a new one is worth it (fault 17).
    pub stale: bool,
    /// Nothing came in time.
    pub timed_out: bool,
    /// The answer carried central's marks.
    pub genuine: bool,
    /// Central's words, when the answer was genuine.
    pub problem: Option<Box<Problem>>,
    /// Central's tokens for the commands that it had no room for (`prakerja_protocol::seen`).
    pub seen: Option<Box<str>>,
}

impl Failure {
    /// A failure without further particulars.
    pub fn of(class: Class) -> Self {
        Self { class, retry_after: None, stale: false, timed_out: false, genuine: false, problem: None, seen: None }
    }

    /// A request that was given up because nothing happened.
    pub fn timed_out() -> Self {
        Self { timed_out: true, ..Self::of(Class::Network) }
    }

    /// A numeric detail of the problem, such as `restored_to_seq`.
    pub fn detail_i64(&self, name: &str) -> Option<i64> {
        self.problem.as_ref()?.details.get(name)?.as_i64()
    }

    /// A detail of the problem that is an id, such as `epoch`.
    pub fn detail_uuid(&self, name: &str) -> Option<Uuid> {
        self.problem.as_ref()?.details.get(name)?.as_str()?.parse().ok()
    }
}

/// A genuine problem answer of central.
pub fn from_problem(status: u16, problem: Problem, retry_after: Option<Duration>) -> Failure {
    let class = match problem.code {
        ProblemCode::TokenExpired => Class::TokenExpired,
        ProblemCode::SessionRevoked => Class::SessionRevoked,
        ProblemCode::AccountLocked => Class::AccountLocked,
        ProblemCode::RateLimited | ProblemCode::Busy | ProblemCode::CodeLocked | ProblemCode::PartyUnavailable => {
            Class::Overload
        }
        ProblemCode::ClientTooOld => Class::ClientTooOld,
        ProblemCode::TooLarge => Class::TooLarge,
        ProblemCode::CursorExpired => Class::CursorExpired,
        ProblemCode::EpochChanged => Class::EpochChanged,
        ProblemCode::UnsupportedVersion => Class::UnsupportedVersion,
        ProblemCode::Forbidden => Class::Forbidden,
        // Central could not read the whole request: it was damaged on the way, or one of the two has a defect. (What is
        // wrong with one command is told in that command's result.)
        ProblemCode::Internal | ProblemCode::Malformed => Class::Defect,
        // A code that this version does not know: the status says what kind it is.
        ProblemCode::Unknown => from_status(status),
        ProblemCode::Validation
        | ProblemCode::NotFound
        | ProblemCode::WrongCredentials
        | ProblemCode::WrongCode
        | ProblemCode::CodeExpired
        | ProblemCode::IdempotencyKeyReused
        | ProblemCode::IdempotencyKeyMissing
        | ProblemCode::SeatFull
        | ProblemCode::EnrolmentClosed
        | ProblemCode::TrainingUnknown
        | ProblemCode::NeedsBalance
        | ProblemCode::AlreadyEnrolled
        | ProblemCode::NotCancellable
        | ProblemCode::Dependency
        | ProblemCode::AlreadyApplied
        | ProblemCode::StepRefused
        | ProblemCode::NikTaken
        | ProblemCode::ProfileIncomplete
        | ProblemCode::WaveUnknown
        | ProblemCode::WaveNotOpen
        | ProblemCode::WaveClosed
        | ProblemCode::NotInRegion
        | ProblemCode::SchemeUnfit
        | ProblemCode::AlreadyJoined
        | ProblemCode::AlreadyMember
        | ProblemCode::StillParticipant
        | ProblemCode::DrawUnderWay
        | ProblemCode::UploadOffset
        | ProblemCode::DigestMismatch
        | ProblemCode::UploadGone
        | ProblemCode::TestOver => Class::Permanent,
    };
    let retry_after = problem.retry_after_ms.map(Duration::from_millis).or(retry_after);
    Failure { retry_after, genuine: true, problem: Some(Box::new(problem)), ..Failure::of(class) }
}

/// Class of a genuine answer whose code this version does not know.
fn from_status(status: u16) -> Class {
    match status {
        401 => Class::TokenExpired,
        403 => Class::Forbidden,
        413 => Class::TooLarge,
        426 => Class::ClientTooOld,
        429 | 503 => Class::Overload,
        500..=599 => Class::Defect,
        // Anything else is new to this version; it is kept and tried again rather than called final.
        _ => Class::Network,
    }
}

/// An answer without central's marks. A size refusal of something on the way can be answered with smaller requests.
pub fn from_stranger(status: u16) -> Failure {
    Failure::of(if matches!(status, 413 | 414 | 431) { Class::TooLarge } else { Class::NotOurServer })
}

/// A request that ended without a complete answer.
pub fn from_transport(error: &reqwest::Error) -> Failure {
    let mut failure = Failure::of(Class::Network);
    failure.timed_out = error.is_timeout();
    let mut source: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(cause) = source {
        if let Some(tls) = tls_error(cause) {
            failure.class = from_tls(tls);
            return failure;
        }
        if let Some(http) = cause.downcast_ref::<hyper::Error>() {
            failure.stale |= http.is_incomplete_message() || http.is_canceled();
        }
        if let Some(kind) = cause.downcast_ref::<io::Error>().map(io::Error::kind) {
            failure.stale |= matches!(
                kind,
                io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe
            );
        }
        source = cause.source();
    }
    // Without a connection there was none that could have been stale.
    failure.stale &= !error.is_connect() && !failure.timed_out;
    failure
}

/// rustls hides inside one or two `io::Error`s, whose `source` skips what they wrap.
fn tls_error<'a>(cause: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
        return Some(tls);
    }
    let inner: &'a (dyn StdError + Send + Sync + 'static) = cause.downcast_ref::<io::Error>()?.get_ref()?;
    tls_error(inner)
}

/// Class of a TLS failure.
pub fn from_tls(error: &rustls::Error) -> Class {
    match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => Class::TlsCertificateTime,
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Class::TlsUnknownAuthority,
            _ => Class::TlsOther,
        },
        // Plain text where TLS was expected: somebody else's server.
        rustls::Error::InvalidMessage(_) => Class::NotOurServer,
        // Alerts and broken handshakes come from bad links and busy servers too.
        _ => Class::Network,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_code_has_the_class_of_the_table() {
        use Class as C;
        use ProblemCode as P;
        let rows = [
            (P::Malformed, 400, C::Defect),
            (P::TooLarge, 413, C::TooLarge),
            (P::Validation, 422, C::Permanent),
            (P::NotFound, 404, C::Permanent),
            (P::TokenExpired, 401, C::TokenExpired),
            (P::SessionRevoked, 401, C::SessionRevoked),
            (P::AccountLocked, 403, C::AccountLocked),
            (P::WrongCredentials, 401, C::Permanent),
            (P::WrongCode, 422, C::Permanent),
            (P::CodeExpired, 410, C::Permanent),
            (P::CodeLocked, 429, C::Overload),
            (P::RateLimited, 429, C::Overload),
            (P::Busy, 503, C::Overload),
            (P::IdempotencyKeyReused, 422, C::Permanent),
            (P::IdempotencyKeyMissing, 400, C::Permanent),
            (P::ClientTooOld, 426, C::ClientTooOld),
            (P::UnsupportedVersion, 422, C::UnsupportedVersion),
            (P::CursorExpired, 410, C::CursorExpired),
            (P::EpochChanged, 410, C::EpochChanged),
            (P::SeatFull, 409, C::Permanent),
            (P::EnrolmentClosed, 409, C::Permanent),
            (P::TrainingUnknown, 404, C::Permanent),
            (P::NeedsBalance, 409, C::Permanent),
            (P::AlreadyEnrolled, 409, C::Permanent),
            (P::NotCancellable, 409, C::Permanent),
            (P::Dependency, 409, C::Permanent),
            (P::AlreadyApplied, 409, C::Permanent),
            (P::StillParticipant, 409, C::Permanent),
            (P::DrawUnderWay, 409, C::Permanent),
            (P::Forbidden, 403, C::Forbidden),
            (P::Internal, 500, C::Defect),
            // A newer central's codes: by status, and never final.
            (P::Unknown, 401, C::TokenExpired),
            (P::Unknown, 403, C::Forbidden),
            (P::Unknown, 413, C::TooLarge),
            (P::Unknown, 426, C::ClientTooOld),
            (P::Unknown, 429, C::Overload),
            (P::Unknown, 503, C::Overload),
            (P::Unknown, 502, C::Defect),
            (P::Unknown, 418, C::Network),
            (P::Unknown, 200, C::Network),
        ];
        for (code, status, class) in rows {
            let failure = from_problem(status, Problem::new(code, status, "x"), None);
            assert_eq!(failure.class, class, "{code:?} with {status}");
            assert!(failure.genuine && failure.problem.is_some(), "{code:?} keeps central's words");
        }
    }

    #[test]
    fn an_answer_without_marks_is_never_more_than_not_our_server() {
        for status in [200, 204, 301, 302, 307, 400, 401, 403, 404, 410, 422, 426, 429, 500, 502, 503, 511, 520] {
            assert_eq!(from_stranger(status).class, Class::NotOurServer, "{status}");
        }
        for status in [413, 414, 431] {
            let failure = from_stranger(status);
            assert_eq!((failure.class, failure.genuine), (Class::TooLarge, false), "{status}");
        }
    }

    #[test]
    fn the_body_s_wait_goes_before_the_header_s() {
        let header = Some(Duration::from_secs(7));
        let with_body = Problem::new(ProblemCode::Busy, 503, "x").with_retry_after_ms(1_500);
        assert_eq!(from_problem(503, with_body, header).retry_after, Some(Duration::from_millis(1_500)));
        let without = Problem::new(ProblemCode::Busy, 503, "x");
        assert_eq!(from_problem(503, without, header).retry_after, header);
    }

    #[test]
    fn certificates_are_told_apart_by_what_a_person_can_do_about_them() {
        let of = |certificate| from_tls(&rustls::Error::InvalidCertificate(certificate));
        assert_eq!(of(CertificateError::Expired), Class::TlsCertificateTime);
        assert_eq!(of(CertificateError::NotValidYet), Class::TlsCertificateTime);
        assert_eq!(of(CertificateError::UnknownIssuer), Class::TlsUnknownAuthority);
        assert_eq!(of(CertificateError::BadSignature), Class::TlsUnknownAuthority);
        assert_eq!(of(CertificateError::NotValidForName), Class::TlsOther);
        assert_eq!(of(CertificateError::Revoked), Class::TlsOther);
        let plain_text = rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType);
        assert_eq!(from_tls(&plain_text), Class::NotOurServer);
        let alert = rustls::Error::AlertReceived(rustls::AlertDescription::HandshakeFailure);
        assert_eq!(from_tls(&alert), Class::Network);
    }

    #[test]
    fn a_tls_error_is_found_inside_nested_io_errors() {
        let tls = rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
        let nested = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, tls));
        assert!(matches!(tls_error(&nested), Some(rustls::Error::InvalidCertificate(_))));
        assert!(tls_error(&io::Error::from(io::ErrorKind::ConnectionReset)).is_none());
    }
}
