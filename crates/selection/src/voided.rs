//! What is published when a draw is given up before its result: which one, when and why, with its seed opened.
//!
//! Without the seed an operator could throw away an outcome that nobody else knows. With it anybody computes, as soon as
//! the public value is known, what was thrown away.

use serde::{Deserialize, Serialize};

use crate::VERSION;
use crate::bytes::{Digest, Seed};
use crate::canonical::{self, FormatError};
use crate::commitment::Commitment;

/// Name of the file beside `commitment.json` and `list.bin`.
pub const VOID_FILE: &str = "void.json";
/// Label of the digest.
const LABEL: &str = "prakerja selection void/1";
/// Longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// The content of `void.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Voided {
    /// [`VERSION`].
    pub version: u16,
    /// Number of the wave.
    pub wave: u32,
    /// Digest of the commitment that counts no more.
    pub commitment: Digest,
    /// The secret that was committed to; `null` when the operator says that it is lost.
    pub seed: Option<Seed>,
    /// The public value, as [`crate::normalise`] gives it, if the operator had entered one.
    pub beacon_value: Option<String>,
    /// Why, in the operator's words: one line.
    pub reason: String,
    /// When, Unix milliseconds by the operator's clock.
    pub voided_at_ms: i64,
    /// SHA-256 of the label `prakerja selection void/1`, a line feed and the canonical JSON of all that stands above.
    pub digest: Digest,
}

/// A `void.json` that is none of its commitment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VoidError {
    /// The file has other bytes than this crate writes for its content.
    #[error("{VOID_FILE}: {0}")]
    Form(#[from] FormatError),
    /// Another version.
    #[error("void.json has version {0}, this program knows {VERSION}")]
    Version(u16),
    /// It is of another commitment or wave.
    #[error("void.json is of another commitment")]
    Other,
    /// The seed is not the one that was committed to.
    #[error("the seed in void.json is not the one that was committed to")]
    Seed,
    /// The reason is not one line of at most 500 characters.
    #[error("the reason is not one line of at most {LONGEST_REASON} characters")]
    Reason,
    /// The content has another digest.
    #[error("void.json does not fit its digest")]
    Digest,
}

impl Voided {
    /// Gives up the draw of a commitment.
    ///
    /// # Errors
    /// [`VoidError::Reason`], and [`VoidError::Seed`] for another commitment's.
    pub fn new(
        commitment: &Commitment,
        seed: Option<Seed>,
        beacon_value: Option<String>,
        reason: &str,
        voided_at_ms: i64,
    ) -> Result<Self, VoidError> {
        let mut voided = Self {
            version: VERSION,
            wave: commitment.wave,
            commitment: commitment.digest,
            seed,
            beacon_value,
            reason: reason.trim().to_owned(),
            voided_at_ms,
            digest: Digest::from_bytes([0; 32]),
        };
        voided.digest = voided.content_digest();
        voided.check(commitment)?;
        Ok(voided)
    }

    /// Checks that it belongs to a commitment and does not contradict itself. Whether the reason is true, and the time, is
    /// the operator's word.
    ///
    /// # Errors
    /// The first of [`VoidError`] that applies.
    pub fn check(&self, commitment: &Commitment) -> Result<(), VoidError> {
        if self.version != VERSION {
            return Err(VoidError::Version(self.version));
        }
        if self.wave != commitment.wave || self.commitment != commitment.digest {
            return Err(VoidError::Other);
        }
        if self.seed.is_some_and(|seed| seed.digest() != commitment.seed_digest) {
            return Err(VoidError::Seed);
        }
        if !Self::is_reason(&self.reason) {
            return Err(VoidError::Reason);
        }
        if self.content_digest() == self.digest { Ok(()) } else { Err(VoidError::Digest) }
    }

    /// Whether words can be a reason: one line of at most 500 characters. Ask before anything is begun.
    pub fn is_reason(words: &str) -> bool {
        canonical::is_line(words, LONGEST_REASON)
    }

    /// True when it was voided at an hour at which the public value could be known, or with that value entered: the
    /// operator may have seen the result.
    pub fn result_may_be_known(&self, commitment: &Commitment) -> bool {
        self.beacon_value.is_some() || self.voided_at_ms >= commitment.beacon.due_at_ms
    }

    /// The bytes of `void.json`.
    pub fn to_json(&self) -> Vec<u8> {
        canonical::write(self)
    }

    /// Reads what [`Voided::to_json`] wrote, byte for byte, and checks it.
    ///
    /// # Errors
    /// [`VoidError`].
    pub fn read(bytes: &[u8], commitment: &Commitment) -> Result<Self, VoidError> {
        let voided: Self = canonical::read(bytes)?;
        voided.check(commitment)?;
        Ok(voided)
    }

    fn content_digest(&self) -> Digest {
        canonical::digest_above(LABEL, self)
    }
}
