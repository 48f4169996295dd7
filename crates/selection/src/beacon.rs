//! The public value that is mixed into the draw: named before, known to nobody until its hour.

use serde::{Deserialize, Serialize};

use crate::canonical;

/// Longest description, in characters.
pub(crate) const LONGEST_DESCRIPTION: usize = 500;
/// Longest value, in bytes after [`normalise`].
const LONGEST_VALUE: usize = 512;

/// Which public value will be mixed in. It must be fixed so precisely that two strangers would read the same characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beacon {
    /// E.g. `drand mainnet (chain 8990e7a9…), round 5123456, randomness in hex` or `closing value of the IHSG on 2026-12-02
    /// as published by IDX, digits only`.
    pub description: String,
    /// When the value becomes known, Unix milliseconds; later than the commitment.
    pub due_at_ms: i64,
}

impl Beacon {
    /// Whether the description is one line of at most 500 characters. A commitment with another one is refused, so ask
    /// before anything is begun.
    pub fn is_named(&self) -> bool {
        canonical::is_line(&self.description, LONGEST_DESCRIPTION)
    }
}

/// A value that cannot be mixed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BeaconError {
    /// It has characters outside ASCII, which people may type in several ways.
    #[error("the public value has a character outside ASCII")]
    NotAscii,
    /// It has no letter and no digit.
    #[error("the public value has no letter and no digit")]
    Empty,
    /// It is longer than 512 letters and digits.
    #[error("the public value is longer than {LONGEST_VALUE} letters and digits")]
    Long,
}

/// The form that is mixed in: ASCII letters, in lower case, and digits; everything else (spaces, points, commas) is left
/// out, because papers and sites print it differently.
///
/// # Errors
/// [`BeaconError`].
pub fn normalise(value: &str) -> Result<String, BeaconError> {
    if !value.is_ascii() {
        return Err(BeaconError::NotAscii);
    }
    let value: String =
        value.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    match value.len() {
        0 => Err(BeaconError::Empty),
        length if length > LONGEST_VALUE => Err(BeaconError::Long),
        _ => Ok(value),
    }
}
