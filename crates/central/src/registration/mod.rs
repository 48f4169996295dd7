//! From a verified account to a complete registration (state machine 3.2 of the programme).
//!
//! [`case`] keeps what is known of a person and tells the person's feed. Whatever wants to change it asks
//! [`case::Case::allows`] first, so that app and central refuse alike. [`identity`], [`declarations`] and [`appeal`] carry
//! out commands; [`operator`] and [`reopen`] are what the office does. Phone and face, which need an answer at once, have
//! rooms of their own.

pub(crate) mod appeal;
pub(crate) mod blind;
pub(crate) mod case;
pub(crate) mod consents;
pub(crate) mod declarations;
#[cfg(debug_assertions)]
pub mod forced;
pub(crate) mod identity;
pub(crate) mod notice;
pub(crate) mod once;
pub mod operator;
pub(crate) mod recipients;
pub mod reopen;
pub(crate) mod tries;

use prakerja_protocol::problem::{Problem, ProblemCode};

use crate::sync::SyncError;

/// Before an operator has configured a party it makes no sense to ask again soon.
const MISSING_PARTY_MS: u64 = 60 * 60 * 1_000;

/// The record that a command changed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Saved {
    /// Its new revision.
    pub(crate) rev: i64,
    /// Its place in the feed.
    pub(crate) seq: i64,
}

impl From<(i64, i64)> for Saved {
    fn from((rev, seq): (i64, i64)) -> Self {
        Self { rev, seq }
    }
}

/// What became of a command: its effect, or a final no.
pub(crate) type Settled = Result<Result<Saved, Problem>, SyncError>;

/// `party-unavailable`, for a party that nobody configured.
pub(crate) fn missing_party(title: &str) -> Problem {
    Problem::new(ProblemCode::PartyUnavailable, 503, title).with_retry_after_ms(MISSING_PARTY_MS)
}
