//! What is published after the draw: the reveal, the counts, and the digest of who was accepted.

use serde::{Deserialize, Serialize};

use crate::VERSION;
use crate::allocation::{Decision, Refusal};
use crate::beacon::{BeaconError, normalise};
use crate::bytes::{Digest, Seed};
use crate::canonical::{self, FormatError};
use crate::commitment::Commitment;
use crate::draw::{Drawn, Reveal};
use crate::list::List;

/// Label of the digest.
const LABEL: &str = "prakerja selection result/1";

/// The content of `result.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawResult {
    /// [`VERSION`].
    pub version: u16,
    /// Number of the wave.
    pub wave: u32,
    /// Digest of the commitment.
    pub commitment: Digest,
    /// The secret that was committed to.
    pub seed: Seed,
    /// The public value, as [`normalise`] gives it.
    pub beacon_value: String,
    /// How many took part.
    pub entries: u64,
    /// How many were accepted.
    pub accepted: u64,
    /// How many were not, by reason.
    pub refused: Refused,
    /// The classes, in the order of the rules.
    pub classes: Vec<ClassCount>,
    /// The regions, in the order of the rules.
    pub regions: Vec<RegionCount>,
    /// SHA-256 of `accepted.bin`.
    pub accepted_digest: Digest,
    /// SHA-256 of the label `prakerja selection result/1`, a line feed and the canonical JSON of all that stands above.
    pub digest: Digest,
}

/// How many were refused, by [`Refusal`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// [`Refusal::TotalFull`].
    pub total_full: u64,
    /// [`Refusal::ClassFull`].
    pub class_full: u64,
    /// [`Refusal::RegionFull`].
    pub region_full: u64,
    /// [`Refusal::FamilyFull`].
    pub family_full: u64,
}

/// What became of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassCount {
    /// Its name.
    pub name: String,
    /// How many took part.
    pub entries: u64,
    /// How many were accepted.
    pub accepted: u64,
}

/// What became of a region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionCount {
    /// Its code.
    pub code: String,
    /// How many took part.
    pub entries: u64,
    /// How many were accepted.
    pub accepted: u64,
}

impl DrawResult {
    /// What is to be published about a draw.
    ///
    /// # Errors
    /// [`BeaconError`], never for the reveal that was drawn with.
    pub fn new(commitment: &Commitment, list: &List, reveal: &Reveal, drawn: &Drawn) -> Result<Self, BeaconError> {
        let Commitment { wave, rules, digest, .. } = commitment;
        let count = |name: &str| ClassCount { name: name.to_owned(), entries: 0, accepted: 0 };
        let mut result = Self {
            version: VERSION,
            wave: *wave,
            commitment: *digest,
            seed: reveal.seed,
            beacon_value: normalise(&reveal.beacon_value)?,
            entries: list.entries().len() as u64,
            accepted: 0,
            refused: Refused::default(),
            classes: rules.classes.iter().map(|class| count(&class.name)).collect(),
            regions: rules
                .regions
                .iter()
                .map(|region| RegionCount { code: region.code.clone(), entries: 0, accepted: 0 })
                .collect(),
            accepted_digest: Digest::of(&[&drawn.accepted(*wave)]),
            digest: Digest::from_bytes([0; 32]),
        };
        result.count(list, drawn.decisions());
        result.digest = result.content_digest();
        Ok(result)
    }

    /// Whether the content fits its digest. Anybody can give a changed result a fitting digest; only [`crate::verify`]
    /// tells whether it is what was drawn.
    pub fn fits_digest(&self) -> bool {
        self.content_digest() == self.digest
    }

    /// The bytes of `result.json`.
    pub fn to_json(&self) -> Vec<u8> {
        canonical::write(self)
    }

    /// Reads what [`DrawResult::to_json`] wrote, byte for byte.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, FormatError> {
        canonical::read(bytes)
    }

    fn count(&mut self, list: &List, decisions: &[Decision]) {
        for (entry, decision) in list.entries().iter().zip(decisions) {
            let accepted = u64::from(*decision == Decision::Accepted);
            self.accepted += accepted;
            match decision {
                Decision::Accepted => {}
                Decision::Refused(Refusal::TotalFull) => self.refused.total_full += 1,
                Decision::Refused(Refusal::ClassFull) => self.refused.class_full += 1,
                Decision::Refused(Refusal::RegionFull) => self.refused.region_full += 1,
                Decision::Refused(Refusal::FamilyFull) => self.refused.family_full += 1,
            }
            if let Some(class) = self.classes.get_mut(usize::from(entry.class)) {
                class.entries += 1;
                class.accepted += accepted;
            }
            if let Some(region) = self.regions.get_mut(usize::from(entry.region)) {
                region.entries += 1;
                region.accepted += accepted;
            }
        }
    }

    fn content_digest(&self) -> Digest {
        canonical::digest_above(LABEL, self)
    }
}
