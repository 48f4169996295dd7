//! The checks that every entry passes on its way into a list, whether it comes from bytes or from applications.

use crate::bytes::Digest;
use crate::list::{Entry, List, ListError};
use crate::rules::Rules;

/// A list that is being filled.
#[derive(Debug)]
pub(crate) struct Roll {
    rules: Rules,
    entries: Vec<Entry>,
    families: Vec<Family>,
}

#[derive(Debug)]
struct Family {
    free: u8,
    /// Until its second member came.
    alone: bool,
}

impl Roll {
    pub(crate) fn new(rules: Rules) -> Self {
        Self { rules, entries: Vec::new(), families: Vec::new() }
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.rules
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn reserve(&mut self, entries: usize) {
        self.entries.reserve_exact(entries);
    }

    /// Takes the next entry.
    pub(crate) fn push(&mut self, entry: Entry) -> Result<(), ListError> {
        let at = self.entries.len();
        if let Some(last) = self.entries.last() {
            if entry.blind == last.blind {
                return Err(ListError::Twice { at });
            }
            if entry.blind < last.blind {
                return Err(ListError::Order { at });
            }
        }
        if usize::from(entry.class) >= self.rules.classes.len() {
            return Err(ListError::Class { at, class: entry.class });
        }
        if usize::from(entry.region) >= self.rules.regions.len() {
            return Err(ListError::Region { at, region: entry.region });
        }
        if entry.family_free > self.rules.family_max {
            return Err(ListError::Free { at, free: entry.family_free });
        }
        self.family(at, &entry)?;
        self.entries.push(entry);
        Ok(())
    }

    fn family(&mut self, at: usize, entry: &Entry) -> Result<(), ListError> {
        let Some(index) = (entry.family as usize).checked_sub(1) else { return Ok(()) };
        if let Some(family) = self.families.get_mut(index) {
            if family.free != entry.family_free {
                return Err(ListError::FreeDiffers { at, family: entry.family });
            }
            family.alone = false;
        } else if index == self.families.len() {
            self.families.push(Family { free: entry.family_free, alone: true });
        } else {
            return Err(ListError::Family { at, family: entry.family });
        }
        Ok(())
    }

    /// The list with its digest.
    pub(crate) fn finish(self, digest: impl FnOnce(&Rules, &[Entry]) -> Digest) -> Result<List, ListError> {
        if let Some(index) = self.families.iter().position(|family| family.alone) {
            let family = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let at = self.entries.iter().position(|entry| entry.family == family).unwrap_or_default();
            return Err(ListError::FamilyOfOne { at, family });
        }
        let digest = digest(&self.rules, &self.entries);
        let families = self.families.iter().map(|family| family.free).collect();
        Ok(List { rules: self.rules, entries: self.entries, families, digest })
    }
}
