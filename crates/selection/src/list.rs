//! The list of blinded applications: who takes part in a draw, in one order and one encoding only.

use std::collections::HashMap;
use std::hash::Hash;

use sha2::{Digest as _, Sha256};

use crate::bytes::{Blind, Digest};
use crate::decoder::ListDecoder;
use crate::roll::Roll;
use crate::rules::{Rules, RulesError};

/// What the file begins with.
pub(crate) const MAGIC: &[u8; 16] = b"prakerja list/1\n";
/// Magic, wave and number of entries.
pub(crate) const HEADER: usize = 24;
/// One entry.
pub(crate) const RECORD: usize = 24;

/// One application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The person's pseudonym in this wave.
    pub blind: Blind,
    /// Index into [`Rules::classes`].
    pub class: u8,
    /// Index into [`Rules::regions`].
    pub region: u16,
    /// 0: nobody else of this family card is on the list. Else the number of the family, counted from 1 in the order in
    /// which families appear first on the list.
    pub family: u32,
    /// How many more people of this family card may become recipients in their lives; the same in all entries of a
    /// family.
    pub family_free: u8,
}

/// What central knows about an application when it makes the list.
#[derive(Debug, Clone)]
pub struct Application<K> {
    /// The person's pseudonym in this wave.
    pub blind: Blind,
    /// Index into [`Rules::classes`].
    pub class: u8,
    /// Index into [`Rules::regions`].
    pub region: u16,
    /// What stands for the family card; it does not get onto the list.
    pub family_card: K,
    /// How many more people of this family card may become recipients in their lives.
    pub family_free: u8,
}

/// Why something is no list. Entries are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// It begins otherwise.
    #[error("it does not begin as a list")]
    Magic,
    /// It ends too early.
    #[error("it ends after {found} of {expected} entries")]
    Short {
        /// Whole entries that were there.
        found: usize,
        /// As it says itself; 0 when even that is missing.
        expected: usize,
    },
    /// Something follows the last entry.
    #[error("something follows the last of {expected} entries")]
    Long {
        /// As it says itself.
        expected: usize,
    },
    /// It is of another wave.
    #[error("it is the list of wave {list}, not of wave {rules}")]
    Wave {
        /// What the list says.
        list: u32,
        /// What the rules say.
        rules: u32,
    },
    /// More than can be counted.
    #[error("there are more than {} entries", u32::MAX)]
    TooMany,
    /// A blind stands there twice.
    #[error("entry {at} has the blind of the entry before it")]
    Twice {
        /// Which entry.
        at: usize,
    },
    /// A blind is smaller than the one before.
    #[error("entry {at} is out of order")]
    Order {
        /// Which entry.
        at: usize,
    },
    /// The rules have no such class.
    #[error("entry {at} has class {class}, which the rules do not have")]
    Class {
        /// Which entry.
        at: usize,
        /// Its class.
        class: u8,
    },
    /// The rules have no such region.
    #[error("entry {at} has region {region}, which the rules do not have")]
    Region {
        /// Which entry.
        at: usize,
        /// Its region.
        region: u16,
    },
    /// A family's number skips one.
    #[error("entry {at} has family {family}, which is not the next number")]
    Family {
        /// Which entry.
        at: usize,
        /// Its family.
        family: u32,
    },
    /// A family has a number but one member only.
    #[error("entry {at} is alone in family {family}")]
    FamilyOfOne {
        /// Which entry.
        at: usize,
        /// Its family.
        family: u32,
    },
    /// A family would have more places than the rules allow.
    #[error("entry {at} has {free} free places in the family, more than the rules allow")]
    Free {
        /// Which entry.
        at: usize,
        /// Its free places.
        free: u8,
    },
    /// Two entries of a family disagree.
    #[error("entry {at} has other free places than those before it in family {family}")]
    FreeDiffers {
        /// Which entry.
        at: usize,
        /// Its family.
        family: u32,
    },
    /// The rules cannot be drawn by.
    #[error(transparent)]
    Rules(#[from] RulesError),
}

/// Entries that fit their rules and each other, in the order of their blinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    pub(crate) rules: Rules,
    pub(crate) entries: Vec<Entry>,
    /// Free places of family 1, 2, …
    pub(crate) families: Vec<u8>,
    pub(crate) digest: Digest,
}

impl List {
    /// Makes the list from applications in any order.
    ///
    /// # Errors
    /// [`ListError`].
    pub fn new<K: Eq + Hash>(rules: Rules, mut applications: Vec<Application<K>>) -> Result<Self, ListError> {
        rules.check()?;
        if u32::try_from(applications.len()).is_err() {
            return Err(ListError::TooMany);
        }
        applications.sort_unstable_by_key(|application| application.blind);
        let mut members: HashMap<&K, u32> = HashMap::with_capacity(applications.len());
        for application in &applications {
            *members.entry(&application.family_card).or_default() += 1;
        }
        let mut numbers: HashMap<&K, u32> = HashMap::new();
        let mut roll = Roll::new(rules);
        roll.reserve(applications.len());
        for Application { blind, class, region, family_card, family_free } in &applications {
            let family = if members.get(family_card) == Some(&1) {
                0
            } else {
                let next = u32::try_from(numbers.len() + 1).map_err(|_| ListError::TooMany)?;
                *numbers.entry(family_card).or_insert(next)
            };
            let (class, region, family_free) = (*class, *region, *family_free);
            roll.push(Entry { blind: *blind, class, region, family, family_free })?;
        }
        roll.finish(|rules, entries| {
            let mut hash = Sha256::new();
            write(rules, entries, |bytes| hash.update(bytes));
            Digest::from_bytes(hash.finalize().into())
        })
    }

    /// Reads what [`List::encode`] wrote. A list that comes in pieces goes through [`ListDecoder`].
    ///
    /// # Errors
    /// [`ListError`].
    pub fn decode(bytes: &[u8], rules: Rules) -> Result<Self, ListError> {
        let mut decoder = ListDecoder::new(rules)?;
        decoder.feed(bytes)?;
        decoder.finish()
    }

    /// The bytes of `list.bin`.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + self.entries.len() * RECORD);
        write(&self.rules, &self.entries, |part| bytes.extend_from_slice(part));
        bytes
    }

    /// SHA-256 of [`List::encode`].
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The rules that the entries fit.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The entries in the order of their blinds.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What the list says about a person: before the draw, the person's app compares it with what it sent.
    pub fn entry(&self, blind: &Blind) -> Option<&Entry> {
        self.entries.get(self.index(blind)?)
    }

    pub(crate) fn index(&self, blind: &Blind) -> Option<usize> {
        self.entries.binary_search_by_key(blind, |entry| entry.blind).ok()
    }
}

/// The encoding, in pieces. Integers are big-endian.
fn write(rules: &Rules, entries: &[Entry], mut out: impl FnMut(&[u8])) {
    out(MAGIC);
    out(&rules.wave.to_be_bytes());
    // No list has more entries than a u32 counts.
    out(&u32::try_from(entries.len()).unwrap_or(u32::MAX).to_be_bytes());
    for entry in entries {
        out(entry.blind.as_bytes());
        out(&[entry.class]);
        out(&entry.region.to_be_bytes());
        out(&entry.family.to_be_bytes());
        out(&[entry.family_free]);
    }
}
