//! What the operator can set of participants. How long the first purchase may take is the scheme's.

use serde::Deserialize;

/// Times around the deadline of the first purchase, in seconds: trainings are bought at platforms, and their reports take
/// time.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Memberships {
    /// After the deadline so long nobody is revoked: the report of a purchase in time may be on its way.
    pub settling_s: u64,
    /// After a revocation by the clock so long a purchase in time that is reported now undoes it.
    pub undo_s: u64,
}

impl Default for Memberships {
    fn default() -> Self {
        Self { settling_s: 3 * 24 * 60 * 60, undo_s: 90 * 24 * 60 * 60 }
    }
}
