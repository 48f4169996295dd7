//! Recomputing a published draw, and a person's own place in it.

use serde::Serialize;

use crate::VERSION;
use crate::allocation::{Decision, Refusal};
use crate::beacon::{BeaconError, normalise};
use crate::bytes::{Blind, Digest};
use crate::canonical::{FormatError, first_difference};
use crate::commitment::{Commitment, CommitmentError};
use crate::draw::{DrawError, Drawn, Reveal, draw};
use crate::files::Part;
use crate::list::{List, ListError};
use crate::result::DrawResult;
use crate::rules::RulesError;
use crate::voided::VoidError;

/// What the one who verifies knows from elsewhere. Without it only the parts are compared with each other.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// Digest of the commitment, kept since before the draw.
    pub commitment: Option<Digest>,
    /// The public value, from its own source.
    pub beacon_value: Option<&'a str>,
}

/// Which part differs from what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Tampered {
    /// A file has other bytes than this crate writes for its content.
    #[error("{part}: {error}")]
    Form {
        /// Which file.
        part: Part,
        /// What is wrong with it.
        error: FormatError,
    },
    /// The commitment contradicts itself.
    #[error(transparent)]
    Commitment(#[from] CommitmentError),
    /// It is not the commitment whose digest was kept.
    #[error("the commitment is not the one that was published before the draw")]
    OtherCommitment,
    /// The list is none.
    #[error("list.bin: {0}")]
    List(#[from] ListError),
    /// The parts do not belong together.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// The result is of another commitment, wave or version.
    #[error("the result is of another commitment")]
    ResultOfOther,
    /// The result's public value is not in the form that is mixed in.
    #[error("the public value in the result is not in its normal form")]
    BeaconForm,
    /// The result's public value is not the one from its own source.
    #[error("the draw used another public value")]
    Beacon,
    /// The public value that the verifier gave cannot be one.
    #[error("the public value to compare with: {0}")]
    KnownBeacon(BeaconError),
    /// The result's content does not fit its digest.
    #[error("the result does not fit its digest")]
    ResultDigest,
    /// The result's counts are not those of the draw.
    #[error("the counts in the result are not those of the draw")]
    Counts,
    /// The result names another digest of who was accepted.
    #[error("the result names other people as accepted than the draw gives")]
    AcceptedDigest,
    /// `accepted.bin` names others as accepted.
    #[error("accepted.bin differs from the draw at byte {at}")]
    Accepted {
        /// Offset of the first byte that differs.
        at: usize,
    },
    /// The draw was voided, and what is said about that does not fit.
    #[error(transparent)]
    Void(#[from] VoidError),
}

impl Tampered {
    /// Every word that [`Tampered::code`] can say.
    pub const CODES: [&str; 19] = [
        "version",
        "commitment_form",
        "commitment_digest",
        "other_commitment",
        "rules",
        "rules_digest",
        "beacon_rule",
        "list",
        "list_digest",
        "seed",
        "beacon",
        "known_beacon",
        "result_form",
        "result_of_other",
        "result_digest",
        "counts",
        "accepted_digest",
        "accepted",
        "void",
    ];

    /// A word for the part that differs; sentences for people are elsewhere.
    pub const fn code(&self) -> &'static str {
        match self {
            // Nothing differs that this program could name: it is too old for the commitment.
            Self::Form { part: Part::Commitment, error: FormatError::Version(_) } => "version",
            Self::Form { part: Part::Commitment, .. } => "commitment_form",
            Self::Form { .. } => "result_form",
            Self::Commitment(error) | Self::Draw(DrawError::Commitment(error)) => match error {
                CommitmentError::Version(_) | CommitmentError::Rules(RulesError::Version(_)) => "version",
                CommitmentError::Rules(_) | CommitmentError::Wave => "rules",
                CommitmentError::RulesDigest => "rules_digest",
                CommitmentError::Description | CommitmentError::Late => "beacon_rule",
                CommitmentError::Digest => "commitment_digest",
            },
            Self::OtherCommitment => "other_commitment",
            Self::List(_) => "list",
            Self::Draw(DrawError::Rules) => "rules",
            Self::Draw(DrawError::List | DrawError::Entries { .. }) => "list_digest",
            Self::Draw(DrawError::Seed) => "seed",
            Self::Draw(DrawError::Beacon(_)) | Self::BeaconForm | Self::Beacon => "beacon",
            Self::KnownBeacon(_) => "known_beacon",
            Self::ResultOfOther => "result_of_other",
            Self::ResultDigest => "result_digest",
            Self::Counts => "counts",
            Self::AcceptedDigest => "accepted_digest",
            Self::Accepted { .. } => "accepted",
            Self::Void(_) => "void",
        }
    }
}

/// A draw that is what it should be.
#[derive(Debug, Clone)]
pub struct Verified {
    list: List,
    drawn: Drawn,
}

/// A person's place in a draw. Positions count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Place {
    /// When this person's turn came.
    pub position: u64,
    /// How many took part.
    pub of: u64,
    /// Index of the person's class.
    pub class: u8,
    /// When the turn came among the person's class.
    pub class_position: u64,
    /// How many of the class took part.
    pub class_of: u64,
    /// Whether the person was accepted.
    pub accepted: bool,
    /// Why not.
    pub reason: Option<Refusal>,
}

/// Recomputes the draw and compares everything that was published about it.
///
/// # Errors
/// [`Tampered`] names the first part that differs.
pub fn verify(
    commitment: &Commitment,
    list: List,
    result: &DrawResult,
    accepted: Option<&[u8]>,
    known: &Known<'_>,
) -> Result<Verified, Tampered> {
    commitment.check()?;
    if known.commitment.is_some_and(|digest| digest != commitment.digest) {
        return Err(Tampered::OtherCommitment);
    }
    if (result.version, result.wave, result.commitment) != (VERSION, commitment.wave, commitment.digest) {
        return Err(Tampered::ResultOfOther);
    }
    if normalise(&result.beacon_value).map_err(DrawError::from)? != result.beacon_value {
        return Err(Tampered::BeaconForm);
    }
    let known_value = known.beacon_value.map(normalise).transpose().map_err(Tampered::KnownBeacon)?;
    if known_value.is_some_and(|value| value != result.beacon_value) {
        return Err(Tampered::Beacon);
    }
    let reveal = Reveal { seed: result.seed, beacon_value: result.beacon_value.clone() };
    let drawn = draw(commitment, &list, &reveal)?;
    if !result.fits_digest() {
        return Err(Tampered::ResultDigest);
    }
    let expected = DrawResult::new(commitment, &list, &reveal, &drawn).map_err(DrawError::from)?;
    if result.accepted_digest != expected.accepted_digest {
        return Err(Tampered::AcceptedDigest);
    }
    if *result != expected {
        return Err(Tampered::Counts);
    }
    if let Some(at) = accepted.and_then(|bytes| first_difference(&drawn.accepted(commitment.wave), bytes)) {
        return Err(Tampered::Accepted { at });
    }
    Ok(Verified { list, drawn })
}

impl Verified {
    /// A person's place; `None` when the person is not on the list.
    pub fn place(&self, blind: &Blind) -> Option<Place> {
        let index = self.list.index(blind)?;
        let class = self.list.entries().get(index)?.class;
        let order = self.drawn.order();
        let before = order.iter().position(|other| *other as usize == index)?;
        let of_class = |order: &[u32]| {
            let entries = order.iter().filter_map(|index| self.list.entries().get(*index as usize));
            entries.filter(|entry| entry.class == class).count() as u64
        };
        let reason = match self.drawn.decisions().get(index)? {
            Decision::Accepted => None,
            Decision::Refused(reason) => Some(*reason),
        };
        Some(Place {
            position: before as u64 + 1,
            of: order.len() as u64,
            class,
            class_position: of_class(order.get(..before)?) + 1,
            class_of: of_class(order),
            accepted: reason.is_none(),
            reason,
        })
    }

    /// The list that was drawn from.
    pub fn list(&self) -> &List {
        &self.list
    }

    /// The draw.
    pub fn drawn(&self) -> &Drawn {
        &self.drawn
    }
}
