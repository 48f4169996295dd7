//! What is published before the draw, and fixes all of it but chance.

use serde::{Deserialize, Serialize};

use crate::VERSION;
use crate::beacon::{Beacon, LONGEST_DESCRIPTION};
use crate::bytes::{Digest, Seed};
use crate::canonical::{self, FormatError};
use crate::list::List;
use crate::rules::{Rules, RulesError};

/// Label of the digest.
const LABEL: &str = "prakerja selection commitment/1";

/// The content of `commitment.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// [`VERSION`].
    pub version: u16,
    /// Number of the wave.
    pub wave: u32,
    /// The rules, whole.
    pub rules: Rules,
    /// [`Rules::digest`].
    pub rules_digest: Digest,
    /// [`List::digest`].
    pub list_digest: Digest,
    /// How many applications are on the list.
    pub entries: u64,
    /// SHA-256 of the seed.
    pub seed_digest: Digest,
    /// Which public value will be mixed in.
    pub beacon: Beacon,
    /// When this was made, Unix milliseconds.
    pub committed_at_ms: i64,
    /// SHA-256 of the label `prakerja selection commitment/1`, a line feed and the canonical JSON of all that stands
    /// above. This is what people keep: it fixes everything.
    pub digest: Digest,
}

/// A commitment that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitmentError {
    /// Another version.
    #[error("the commitment has version {0}, this program knows {VERSION}")]
    Version(u16),
    /// The rules cannot be drawn by.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// The rules are those of another wave.
    #[error("the rules are those of another wave")]
    Wave,
    /// The rules have another digest.
    #[error("the rules do not fit rules_digest")]
    RulesDigest,
    /// The public value is not named in one line of at most 500 characters.
    #[error("the public value is not named in one line of at most {LONGEST_DESCRIPTION} characters")]
    Description,
    /// The public value was already known.
    #[error("the public value was already known when the commitment was made")]
    Late,
    /// The content has another digest.
    #[error("the commitment does not fit its digest")]
    Digest,
}

impl Commitment {
    /// Commits to a list (and the rules it was made for), a seed and a public value.
    ///
    /// # Errors
    /// [`CommitmentError`] when the public value is not named or already known.
    pub fn new(list: &List, seed: &Seed, beacon: Beacon, committed_at_ms: i64) -> Result<Self, CommitmentError> {
        let mut commitment = Self {
            version: VERSION,
            wave: list.rules().wave,
            rules: list.rules().clone(),
            rules_digest: list.rules().digest(),
            list_digest: list.digest(),
            entries: list.entries().len() as u64,
            seed_digest: seed.digest(),
            beacon,
            committed_at_ms,
            digest: Digest::from_bytes([0; 32]),
        };
        commitment.digest = commitment.content_digest();
        commitment.check()?;
        Ok(commitment)
    }

    /// Checks that the commitment does not contradict itself. Whether it is the one that was published before the draw,
    /// only its digest, kept since then, can tell.
    ///
    /// # Errors
    /// The first of [`CommitmentError`] that applies.
    pub fn check(&self) -> Result<(), CommitmentError> {
        if self.version != VERSION {
            return Err(CommitmentError::Version(self.version));
        }
        self.rules.check()?;
        if self.rules.wave != self.wave {
            return Err(CommitmentError::Wave);
        }
        if self.rules.digest() != self.rules_digest {
            return Err(CommitmentError::RulesDigest);
        }
        if !self.beacon.is_named() {
            return Err(CommitmentError::Description);
        }
        if self.beacon.due_at_ms <= self.committed_at_ms {
            return Err(CommitmentError::Late);
        }
        if self.content_digest() == self.digest { Ok(()) } else { Err(CommitmentError::Digest) }
    }

    /// The bytes of `commitment.json`.
    pub fn to_json(&self) -> Vec<u8> {
        canonical::write(self)
    }

    /// Reads what [`Commitment::to_json`] wrote, byte for byte; [`Commitment::check`] is the next step.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, FormatError> {
        canonical::read(bytes)
    }

    fn content_digest(&self) -> Digest {
        canonical::digest_above(LABEL, self)
    }
}
