//! Why a selection was not begun, or stopped.

use prakerja_selection::{BeaconError, CommitmentError, DrawError, ListError, Tampered, VoidError};

use crate::error::ApiError;
use crate::sync::SyncError;

/// Longest number of an appointment decree, in characters.
pub(super) const LONGEST_DECREE: usize = 100;

/// A moment as people read it.
fn utc(ms: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(ms).unwrap_or_default()
}

/// A selection that did not go on. Nothing that was done before is lost.
#[derive(Debug, thiserror::Error)]
pub enum SelectionError {
    /// No such wave.
    #[error("there is no wave {0}")]
    WaveUnknown(u32),
    /// Its scheme is gone, or its own values do not fit.
    #[error("the scheme of wave {0} cannot be used")]
    Scheme(u32),
    /// Requests may still count.
    #[error("requests for wave {wave} may count until {}", utc(*.until))]
    StillOpen {
        /// Which wave.
        wave: u32,
        /// End of its rule for late requests, Unix milliseconds.
        until: i64,
    },
    /// The public value would be known too soon after the commitment.
    #[error("the public value must not be due before {}: the commitment must leave the office's hands first", utc(*.earliest))]
    TooSoon {
        /// The earliest hour of the value, Unix milliseconds.
        earliest: i64,
    },
    /// Another wave is between its list and its results.
    #[error("the selection of wave {0} is not finished; one at a time")]
    AnotherUnderWay(u32),
    /// It was done before.
    #[error("the selection of wave {0} was committed to before")]
    Committed(u32),
    /// It was done before.
    #[error("the results of wave {0} are published")]
    Published(u32),
    /// There is no commitment yet.
    #[error("the selection of wave {0} has no commitment yet")]
    NotCommitted(u32),
    /// The public value is not known yet.
    #[error("the public value is due at {}", utc(*.0))]
    NotDue(i64),
    /// It was begun with another public value.
    #[error("it was begun with another public value")]
    OtherBeacon,
    /// A draw that was voided was to be known as late, or later.
    #[error("a draw of this wave was voided; the next public value must be due after {}", utc(*.0))]
    NotLater(i64),
    /// The reason of a void is none, or the files do not fit it.
    #[error(transparent)]
    Void(#[from] VoidError),
    /// The number of the decree is none. Nothing was published.
    #[error("the decree is not one line of at most {LONGEST_DECREE} characters; nothing was published")]
    Decree,
    /// It was typed twice, and the two are not the same.
    #[error("the public value and its repetition differ; nothing was published")]
    Differs,
    /// The public value cannot be mixed in.
    #[error(transparent)]
    Beacon(#[from] BeaconError),
    /// The list could not be made.
    #[error("the list: {0}")]
    List(#[from] ListError),
    /// The commitment could not be made.
    #[error(transparent)]
    Commitment(#[from] CommitmentError),
    /// The draw could not be made.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// What was written does not verify. Nothing was published.
    #[error("the files do not verify, nothing was published: {0}")]
    Tampered(#[from] Tampered),
    /// The draw gives more places than there are. Nothing was published.
    #[error("the draw exceeds a limit, nothing was published: {0}")]
    Quota(String),
    /// A file.
    #[error("the files of the selection: {0}")]
    File(#[from] std::io::Error),
    /// The database.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A row.
    #[error("{0}")]
    Row(String),
}

impl SelectionError {
    /// A word for the audit log and the admin API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WaveUnknown(_) => "wave-unknown",
            Self::Scheme(_) => "scheme",
            Self::StillOpen { .. } => "still-open",
            Self::TooSoon { .. } => "too-soon",
            Self::AnotherUnderWay(_) => "another-under-way",
            Self::Committed(_) => "committed",
            Self::Published(_) => "published",
            Self::NotCommitted(_) => "not-committed",
            Self::NotDue(_) => "not-due",
            Self::OtherBeacon => "other-beacon",
            Self::NotLater(_) => "not-later",
            Self::Decree => "decree",
            Self::Differs => "differs",
            Self::Void(VoidError::Reason) => "reason",
            Self::Void(_) => "file",
            Self::Beacon(_) => "beacon",
            Self::List(_) => "list",
            Self::Commitment(_) => "commitment",
            Self::Draw(_) => "draw",
            Self::Tampered(_) => "tampered",
            Self::Quota(_) => "quota",
            Self::File(_) => "file",
            Self::Database(_) | Self::Row(_) => "internal",
        }
    }

    /// True when the operator asked for what is not possible; else something is wrong here.
    pub fn is_refusal(&self) -> bool {
        !matches!(self.code(), "tampered" | "quota" | "file" | "internal" | "list" | "draw")
    }
}

impl SelectionError {
    /// Says whose row it was, so that the office can mend that one.
    pub(super) fn of_case(self, number: Option<String>) -> Self {
        match (self, number) {
            (Self::Row(text), Some(number)) => Self::Row(format!("case {number}: {text}")),
            (error, _) => error,
        }
    }
}

impl From<SyncError> for SelectionError {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Database(error) => Self::Database(error),
            other => Self::Row(other.to_string()),
        }
    }
}

impl From<ApiError> for SelectionError {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Problem(problem) => Self::Row(problem.title.clone()),
            ApiError::Internal(cause) => Self::Row(cause.to_string()),
        }
    }
}

impl From<tokio::task::JoinError> for SelectionError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Row(error.to_string())
    }
}
