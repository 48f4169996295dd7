//! Who is accepted, once the order stands: one after the other takes a place wherever one is left.

use serde::{Deserialize, Serialize};

use crate::list::{Entry, List};

/// What an entry met when its turn came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// A place.
    Accepted,
    /// No place.
    Refused(Refusal),
}

/// Why there was no place. When several apply, the first in this order is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// All seats of the wave were taken.
    TotalFull,
    /// All seats of the person's class were taken.
    ClassFull,
    /// All seats of the person's region were taken.
    RegionFull,
    /// As many people of the family card as may be recipients are.
    FamilyFull,
}

/// Decides for every entry, in list order. `order` holds every index of the list once.
pub(crate) fn allocate(list: &List, order: &[u32]) -> Vec<Decision> {
    let mut left = Left::of(list);
    let mut decisions = vec![Decision::Refused(Refusal::TotalFull); list.entries.len()];
    for index in order.iter().map(|index| *index as usize) {
        if let (Some(entry), Some(decision)) = (list.entries.get(index), decisions.get_mut(index)) {
            *decision = left.take(entry).map_or(Decision::Accepted, Decision::Refused);
        }
    }
    decisions
}

/// Places that are left. `None`: no limit of its own.
struct Left {
    total: u64,
    classes: Vec<Option<u64>>,
    regions: Vec<Option<u64>>,
    families: Vec<u8>,
}

impl Left {
    fn of(list: &List) -> Self {
        Self {
            total: list.rules.quota,
            classes: list.rules.classes.iter().map(|class| class.quota).collect(),
            regions: list.rules.regions.iter().map(|region| region.quota).collect(),
            families: list.families.clone(),
        }
    }

    /// Takes a place for an entry, or says what is full and changes nothing.
    fn take(&mut self, entry: &Entry) -> Option<Refusal> {
        let class = self.classes.get_mut(usize::from(entry.class)).and_then(Option::as_mut);
        let region = self.regions.get_mut(usize::from(entry.region)).and_then(Option::as_mut);
        let mut alone = entry.family_free;
        let family = match (entry.family as usize).checked_sub(1) {
            Some(index) => self.families.get_mut(index).unwrap_or(&mut alone),
            None => &mut alone,
        };
        if self.total == 0 {
            return Some(Refusal::TotalFull);
        }
        if class.as_deref() == Some(&0) {
            return Some(Refusal::ClassFull);
        }
        if region.as_deref() == Some(&0) {
            return Some(Refusal::RegionFull);
        }
        if *family == 0 {
            return Some(Refusal::FamilyFull);
        }
        self.total -= 1;
        *family -= 1;
        for left in [class, region].into_iter().flatten() {
            *left -= 1;
        }
        None
    }
}
