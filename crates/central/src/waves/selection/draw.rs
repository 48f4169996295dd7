//! The draw of a wave: made, written, read back, and verified as anybody would, before a word of it is published.

use std::collections::HashMap;
use std::path::Path;

use prakerja_selection::{Decision, Digest, DrawResult, Drawn, Files, Known, List, Part, Reveal, Rules, draw};

use super::{SelectionError, files};

/// A draw that verifies.
#[derive(Debug)]
pub(super) struct Verified {
    pub(super) list: List,
    pub(super) drawn: Drawn,
    /// Place in the order of the draw by index of the list, from 1.
    pub(super) positions: Vec<u64>,
}

/// Draws, or reads what was drawn; the same input gives the same bytes.
pub(super) fn make(data: &Path, wave: u32, digest: &Digest, reveal: &Reveal) -> Result<Verified, SelectionError> {
    let (commitment, list) = files::read_commitment(data, wave)?;
    if commitment.digest != *digest {
        return Err(prakerja_selection::Tampered::OtherCommitment.into());
    }
    let drawn = draw(&commitment, &list, reveal)?;
    let result = DrawResult::new(&commitment, &list, reveal, &drawn)?;
    check_limits(&commitment.rules, &list, &drawn)?;
    files::write_result(data, wave, &result.to_json(), &drawn.accepted(wave))?;
    verify(data, wave, digest, &reveal.beacon_value)?;
    let mut positions = vec![0; list.entries().len()];
    for (index, position) in drawn.order().iter().zip(1..) {
        if let Some(place) = positions.get_mut(*index as usize) {
            *place = position;
        }
    }
    Ok(Verified { list, drawn, positions })
}

/// Reads the files back and verifies them as anybody would.
fn verify(data: &Path, wave: u32, digest: &Digest, beacon_value: &str) -> Result<(), SelectionError> {
    let (_, list) = files::read_commitment(data, wave)?;
    let (commitment, result) = (files::read(data, wave, Part::Commitment)?, files::read(data, wave, Part::Result)?);
    let accepted = files::read(data, wave, Part::Accepted)?;
    let known = Known { commitment: Some(*digest), beacon_value: Some(beacon_value) };
    let files = Files { commitment: &commitment, list: &list.encode(), result: &result, accepted: Some(&accepted) };
    files.verify(&known)?;
    Ok(())
}

/// Counts once more, without the crate that drew, that no limit is exceeded.
fn check_limits(rules: &Rules, list: &List, drawn: &Drawn) -> Result<(), SelectionError> {
    let (mut total, mut classes, mut regions) = (0_u64, HashMap::new(), HashMap::new());
    let mut families: HashMap<u32, (u8, u8)> = HashMap::new();
    for (entry, decision) in list.entries().iter().zip(drawn.decisions()) {
        if *decision != Decision::Accepted {
            continue;
        }
        total += 1;
        *classes.entry(usize::from(entry.class)).or_insert(0_u64) += 1;
        *regions.entry(usize::from(entry.region)).or_insert(0_u64) += 1;
        let family = families.entry(entry.family).or_insert((entry.family_free, 0));
        family.1 = family.1.saturating_add(1);
        // Number 0 stands for many people who are alone with their cards.
        if entry.family == 0 {
            if entry.family_free == 0 {
                return Err(SelectionError::Quota("a family card without a free place".to_owned()));
            }
            families.remove(&0);
        }
    }
    if total > rules.quota {
        return Err(SelectionError::Quota(format!("{total} of {} places", rules.quota)));
    }
    for (class, given) in classes {
        if let Some(class) = rules.classes.get(class)
            && class.quota.is_some_and(|quota| given > quota)
        {
            return Err(SelectionError::Quota(format!("{given} places in class {}", class.name)));
        }
    }
    for (region, given) in regions {
        if let Some(region) = rules.regions.get(region)
            && region.quota.is_some_and(|quota| given > quota)
        {
            return Err(SelectionError::Quota(format!("{given} places in region {}", region.code)));
        }
    }
    match families.values().find(|(free, given)| given > free) {
        Some((free, given)) => Err(SelectionError::Quota(format!("{given} of {free} places of a family card"))),
        None => Ok(()),
    }
}
