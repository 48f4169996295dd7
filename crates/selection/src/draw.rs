//! The draw itself: tickets, order, places.

use serde::{Deserialize, Serialize};

use crate::accepted;
use crate::allocation::{Decision, allocate};
use crate::beacon::{BeaconError, normalise};
use crate::bytes::Seed;
use crate::commitment::{Commitment, CommitmentError};
use crate::list::List;
use crate::ticket::DrawKey;

/// What is published with the result: the secret, and the public value as it turned out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reveal {
    /// The secret that was committed to.
    pub seed: Seed,
    /// The public value that was named.
    pub beacon_value: String,
}

/// Why there is nothing to draw from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    /// The commitment contradicts itself.
    #[error(transparent)]
    Commitment(#[from] CommitmentError),
    /// The list was made for other rules.
    #[error("the list was made for other rules than were committed to")]
    Rules,
    /// It is another list.
    #[error("the list is not the one that was committed to")]
    List,
    /// The commitment counts other entries than its list has.
    #[error("the commitment counts {committed} entries, the list has {found}")]
    Entries {
        /// What the commitment says.
        committed: u64,
        /// What the list has.
        found: u64,
    },
    /// It is another seed.
    #[error("the seed is not the one that was committed to")]
    Seed,
    /// The public value cannot be mixed in.
    #[error(transparent)]
    Beacon(#[from] BeaconError),
}

/// A draw that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    order: Vec<u32>,
    decisions: Vec<Decision>,
}

/// Draws. The same input gives the same draw, on every computer.
///
/// # Errors
/// [`DrawError`] when the parts do not belong together.
pub fn draw(commitment: &Commitment, list: &List, reveal: &Reveal) -> Result<Drawn, DrawError> {
    commitment.check()?;
    if *list.rules() != commitment.rules {
        return Err(DrawError::Rules);
    }
    if list.digest() != commitment.list_digest {
        return Err(DrawError::List);
    }
    let (committed, found) = (commitment.entries, list.entries().len() as u64);
    if committed != found {
        return Err(DrawError::Entries { committed, found });
    }
    if reveal.seed.digest() != commitment.seed_digest {
        return Err(DrawError::Seed);
    }
    let key = DrawKey::new(&reveal.seed, &commitment.digest, &normalise(&reveal.beacon_value)?);
    let order = order(list, &key);
    let decisions = allocate(list, &order);
    Ok(Drawn { order, decisions })
}

/// Indexes of the list by class, then ticket, then blind. The list is in the order of its blinds, so that the index
/// stands for the blind.
fn order(list: &List, key: &DrawKey) -> Vec<u32> {
    let mut drawn: Vec<(u8, u128, u32)> =
        list.entries().iter().zip(0..).map(|(entry, index)| (entry.class, key.ticket(&entry.blind), index)).collect();
    drawn.sort_unstable();
    drawn.into_iter().map(|(_, _, index)| index).collect()
}

impl Drawn {
    /// Indexes of the list in the order in which they were served.
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// What each entry met, in list order.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    /// The bytes of `accepted.bin`.
    pub fn accepted(&self, wave: u32) -> Vec<u8> {
        accepted::encode(wave, &self.decisions)
    }
}
