//! What the operator can set about uploads and documents.

use serde::Deserialize;

/// Uploads and documents.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Documents {
    /// Who looks at photos; without a word the demo does it by itself, and a real central waits for the office.
    pub review: Option<Review>,
    /// An upload that is not finished is forgotten after this, in seconds; the app begins it anew.
    pub upload_max_age_s: u64,
    /// Bytes stored of all unfinished uploads together; beyond them those give way that nobody goes on with for an hour,
    /// and without such new ones are asked to come back later.
    pub uploads_bytes: u64,
    /// Documents that one person may announce within a day, without those whose bytes never came and whose place another
    /// took.
    pub attach_per_day: u32,
    /// Photos that are decoded and judged at the same time; each may take 250 MB of memory.
    pub judges: usize,
    /// How long the address of a phone's page works, in seconds.
    pub handover_ttl_s: u64,
    /// Such addresses that one person may ask for within an hour.
    pub handovers_per_hour: u32,
    /// Photos that may be tried on one such page.
    pub handover_tries: u32,
}

impl Default for Documents {
    fn default() -> Self {
        Self {
            review: None,
            upload_max_age_s: 7 * 24 * 60 * 60,
            uploads_bytes: 20 * 1024 * 1024 * 1024,
            attach_per_day: 30,
            judges: 2,
            handover_ttl_s: 15 * 60,
            handovers_per_hour: 20,
            handover_tries: 20,
        }
    }
}

/// Who looks at photos. A photo on which nobody could read the card is refused at once in both cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Nobody: what can be read is accepted.
    Automatic,
    /// A person of the office.
    Office,
}
