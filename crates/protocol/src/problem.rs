//! Typed problems (RFC 9457): `application/problem+json` with a code that somebody branches on.

use std::collections::BTreeMap;

use prakerja_domain::field::FieldError;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request, or one command of it, was not carried out. A code exists because a client branches on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemCode {
    /// The body was no valid message of this protocol.
    Malformed,
    /// The body was larger than the limit.
    TooLarge,
    /// Fields are wrong; `fields` says which and why.
    Validation,
    /// No such path or thing.
    NotFound,
    /// The access token is missing, unknown or over; refresh and send again.
    TokenExpired,
    /// The session ended on purpose; the person must sign in.
    SessionRevoked,
    /// Central's operator locked the account.
    AccountLocked,
    /// E-mail address or password is wrong (which of them is not said).
    WrongCredentials,
    /// The e-mail code is wrong; `attempts_left` says how many tries remain.
    WrongCode,
    /// The e-mail code is over; ask for another.
    CodeExpired,
    /// Too many wrong codes or resends; `retry_after_ms` says for how long.
    CodeLocked,
    /// Too many requests; `retry_after_ms`.
    RateLimited,
    /// Central is overloaded; `retry_after_ms`.
    Busy,
    /// The same key came with other content: a defect of the client.
    IdempotencyKeyReused,
    /// `Idempotency-Key` is needed here.
    IdempotencyKeyMissing,
    /// This program may not talk to central any more; `min_version`.
    ClientTooOld,
    /// Central does not know this command or version (the app is newer); keep it and try daily.
    UnsupportedVersion,
    /// The cursor is older than the feed's memory: take a snapshot.
    CursorExpired,
    /// Central was restored: replay receipts, then take a snapshot.
    EpochChanged,
    /// No seat is left.
    SeatFull,
    /// The training's enrolment has closed or it has begun.
    EnrolmentClosed,
    /// There is no such training or schedule any more.
    TrainingUnknown,
    /// The training is paid from the training balance, which this person does not have.
    NeedsBalance,
    /// The person takes part in this training already.
    AlreadyEnrolled,
    /// The enrolment cannot be cancelled in its present state.
    NotCancellable,
    /// A command that this one needs was refused.
    Dependency,
    /// The command took effect before it could be voided.
    AlreadyApplied,
    /// The step is not allowed now; `refusal` (`prakerja_domain::registration::StepRefusal`) and `state` say why.
    StepRefused,
    /// Another account has this identity number.
    NikTaken,
    /// The personal data is not complete; `fields` says what is missing.
    ProfileIncomplete,
    /// There is no such wave.
    WaveUnknown,
    /// The wave is not open yet.
    WaveNotOpen,
    /// The wave has closed, and the request does not count by the wave's rule.
    WaveClosed,
    /// The wave is not for the person's province.
    NotInRegion,
    /// The registration was made under other rules and does not fit the wave's scheme; `unfit`
    /// (`prakerja_domain::admission::Unfit`) says what.
    SchemeUnfit,
    /// The person has joined this wave already.
    AlreadyJoined,
    /// The person is a participant already, or was.
    AlreadyMember,
    /// The account is not closed: the person is or was a participant, and the programme must keep what it paid out.
    StillParticipant,
    /// The account is not closed yet: a draw that the person takes part in has begun, and not everybody has its result.
    DrawUnderWay,
    /// The part does not begin where the upload stands; `offset` says where.
    UploadOffset,
    /// The bytes do not have their digest.
    DigestMismatch,
    /// The upload is unknown or forgotten: begin it anew with the same document.
    UploadGone,
    /// The test is over.
    TestOver,
    /// An outside party (civil registry, message service, face check) does not answer; `retry_after_ms`.
    PartyUnavailable,
    /// The person may not do this.
    Forbidden,
    /// A defect of central; it is logged there.
    Internal,
    /// A code that this version does not know; the text in `title` still helps.
    #[serde(other)]
    Unknown,
}

/// Body of a problem. `title` is for logs and support, never for a person: the app has words for each code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// The code.
    pub code: ProblemCode,
    /// HTTP status, repeated as RFC 9457 asks.
    pub status: u16,
    /// Short English text without personal data.
    pub title: String,
    /// Wrong fields, with [`ProblemCode::Validation`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// Wait at least so long, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// Further members that belong to one code (`attempts_left`, `min_version`, `restored_to_seq`, ...).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, serde_json::Value>,
    /// Always [`crate::API_MARK`] (some proxies strip unknown headers). Absent inside a command's result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// Echo of the request id. Absent inside a command's result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<Uuid>,
}

impl Problem {
    /// A problem with a code, a status and a text for logs.
    pub fn new(code: ProblemCode, status: u16, title: impl Into<String>) -> Self {
        Self {
            code,
            status,
            title: title.into(),
            fields: Vec::new(),
            retry_after_ms: None,
            details: BTreeMap::new(),
            api: None,
            request_id: None,
        }
    }

    /// Adds the wrong fields.
    #[must_use]
    pub fn with_fields(mut self, fields: Vec<FieldError>) -> Self {
        self.fields = fields;
        self
    }

    /// Adds the least wait in milliseconds.
    #[must_use]
    pub fn with_retry_after_ms(mut self, wait: u64) -> Self {
        self.retry_after_ms = Some(wait);
        self
    }

    /// Adds a member that belongs to the code.
    #[must_use]
    pub fn with_detail(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }
}

/// A JSON answer with the marks of a genuine one beside its own members.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Marked<T> {
    /// Always [`crate::API_MARK`].
    pub api: String,
    /// Echo of the request id.
    pub request_id: Uuid,
    /// The answer's own members, at the same level.
    #[serde(flatten)]
    pub body: T,
}
