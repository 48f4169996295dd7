//! What an operator decides about a wave before the draw: seats, priorities, regional limits, places per family card.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::bytes::Digest;
use crate::{VERSION, canonical};

/// Label of the digest.
const LABEL: &str = "prakerja selection rules/1";
/// Longest name and scheme, in characters.
const LONGEST_NAME: usize = 100;

/// The rules of a wave. They stand whole in the commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// [`VERSION`].
    pub version: u16,
    /// Number of the wave.
    pub wave: u32,
    /// Which scheme of the programme the wave belongs to, e.g. `2023 normal`.
    pub scheme: String,
    /// Seats of the wave.
    pub quota: u64,
    /// Priorities, the first is served first.
    pub classes: Vec<ClassRule>,
    /// Regions; an applicant belongs to one.
    pub regions: Vec<RegionRule>,
    /// How many people of one family card may become recipients in their lives; 2 in the programme (domain.md §2.1).
    pub family_max: u8,
}

/// A priority class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassRule {
    /// Name, e.g. `laid_off`.
    pub name: String,
    /// Most seats for this class; `None`: only the total counts.
    pub quota: Option<u64>,
}

/// A region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionRule {
    /// Kemendagri code: two digits for a province, four for a regency or city.
    pub code: String,
    /// Most seats for this region, within the total; `None`: only the total counts.
    pub quota: Option<u64>,
}

/// Rules that cannot be drawn by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// Another version.
    #[error("the rules have version {0}, this program knows {VERSION}")]
    Version(u16),
    /// The scheme or a class has no name, a too long one, or one with control characters.
    #[error("{0:?} is no name")]
    Name(String),
    /// The code of a region is not two or four digits.
    #[error("{0:?} is no region code")]
    Code(String),
    /// A class or region stands there twice.
    #[error("{0:?} stands there twice")]
    Twice(String),
    /// No class or more than 256.
    #[error("{0} classes; from 1 to 256 are possible")]
    Classes(usize),
    /// No region or more than 65,536.
    #[error("{0} regions; from 1 to 65536 are possible")]
    Regions(usize),
    /// Nobody could be accepted.
    #[error("family_max is 0, so nobody could be accepted")]
    FamilyMax,
}

impl Rules {
    /// Checks that the rules can be drawn by.
    ///
    /// # Errors
    /// The first of [`RulesError`] that applies.
    pub fn check(&self) -> Result<(), RulesError> {
        if self.version != VERSION {
            return Err(RulesError::Version(self.version));
        }
        if self.family_max == 0 {
            return Err(RulesError::FamilyMax);
        }
        if !(1..=256).contains(&self.classes.len()) {
            return Err(RulesError::Classes(self.classes.len()));
        }
        if !(1..=65_536).contains(&self.regions.len()) {
            return Err(RulesError::Regions(self.regions.len()));
        }
        let names = || self.classes.iter().map(|class| &class.name);
        if let Some(name) =
            std::iter::once(&self.scheme).chain(names()).find(|name| !canonical::is_line(name, LONGEST_NAME))
        {
            return Err(RulesError::Name(name.clone()));
        }
        let codes = || self.regions.iter().map(|region| &region.code);
        if let Some(code) = codes().find(|code| !is_code(code)) {
            return Err(RulesError::Code(code.clone()));
        }
        let (mut seen_names, mut seen_codes) = (BTreeSet::new(), BTreeSet::new());
        let twice =
            names().find(|name| !seen_names.insert(*name)).or_else(|| codes().find(|code| !seen_codes.insert(*code)));
        twice.map_or(Ok(()), |twice| Err(RulesError::Twice(twice.clone())))
    }

    /// SHA-256 of the label `prakerja selection rules/1`, a line feed and the canonical JSON.
    pub fn digest(&self) -> Digest {
        canonical::digest(LABEL, self)
    }
}

fn is_code(code: &str) -> bool {
    matches!(code.len(), 2 | 4) && code.bytes().all(|byte| byte.is_ascii_digit())
}
