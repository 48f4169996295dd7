//! Drawing lots. Every candidate gets a number from HMAC-SHA256 under the attempt's seed, and the smallest
//! numbers win: uniform without rejection loops, the same on every machine and for ever, independent of the order
//! of the bank's files and of the version of a library for random numbers.

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// A candidate's number.
pub(crate) type Lot = [u8; 32];

/// What a lot decides; the tag keeps the lots of different questions independent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose<'a> {
    /// Which items of a stratum are in the paper.
    Choice,
    /// At which place of its part an item stands.
    Place,
    /// At which place of this item an option stands.
    Option(&'a str),
}

/// The lots of one attempt.
pub(crate) struct Lots {
    key: Hmac<Sha256>,
}

impl Lots {
    pub(crate) fn new(seed: &[u8; 32]) -> Self {
        // HMAC fills a key up to the block with zeros itself; a whole block cannot have a wrong length.
        let mut block = [0; 64];
        for (byte, seed) in block.iter_mut().zip(seed) {
            *byte = *seed;
        }
        Self { key: Hmac::new(&block.into()) }
    }

    pub(crate) fn number(&self, purpose: Purpose<'_>, candidate: &str) -> Lot {
        let mut mac = self.key.clone();
        // Ids hold no zero byte, so no two questions have the same message.
        match purpose {
            Purpose::Choice => mac.update(b"choice\0"),
            Purpose::Place => mac.update(b"place\0"),
            Purpose::Option(item) => {
                mac.update(b"option\0");
                mac.update(item.as_bytes());
                mac.update(b"\0");
            }
        }
        mac.update(candidate.as_bytes());
        mac.finalize().into_bytes().into()
    }
}
