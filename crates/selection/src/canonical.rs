//! The one form in which JSON is written, hashed and accepted: members in the order of the type, no white space, every
//! member present, UTF-8 unescaped.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::VERSION;
use crate::bytes::Digest;

/// A file that is not what this crate writes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// It cannot be read at all.
    #[error("it cannot be read ({0})")]
    Json(String),
    /// It can be read, but this crate writes the same in other bytes.
    #[error("byte {at} is not as it is written here")]
    NotCanonical {
        /// Offset of the first byte that differs.
        at: usize,
    },
    /// It says that it is of another version: members may stand there that this program does not know.
    #[error("it has version {0}, this program knows {VERSION}")]
    Version(u16),
}

/// The one member that every version has.
#[derive(Deserialize)]
struct Versioned {
    version: u16,
}

/// The canonical bytes.
pub(crate) fn write<T: Serialize>(value: &T) -> Vec<u8> {
    // Structs of strings, integers and lists cannot fail to serialise.
    serde_json::to_vec(value).unwrap_or_default()
}

/// Reads canonical bytes and nothing else.
pub(crate) fn read<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, FormatError> {
    if let Ok(Versioned { version }) = serde_json::from_slice(bytes)
        && version != VERSION
    {
        return Err(FormatError::Version(version));
    }
    let value: T = serde_json::from_slice(bytes).map_err(|error| FormatError::Json(error.to_string()))?;
    match first_difference(&write(&value), bytes) {
        None => Ok(value),
        Some(at) => Err(FormatError::NotCanonical { at }),
    }
}

/// SHA-256 of the label, a line feed, and the canonical bytes.
pub(crate) fn digest<T: Serialize>(label: &str, value: &T) -> Digest {
    Digest::of(&[label.as_bytes(), b"\n", &write(value)])
}

/// The same for a value whose last member is this very digest: it is taken of all members above that one, so that no
/// member can be left out of it.
pub(crate) fn digest_above<T: Serialize>(label: &str, value: &T) -> Digest {
    const LAST: &[u8] = br#","digest":""#;
    let whole = write(value);
    // A digest is hex, so the last place with these bytes is the member's.
    let above = whole.windows(LAST.len()).rposition(|bytes| bytes == LAST).unwrap_or(whole.len());
    Digest::of(&[label.as_bytes(), b"\n", whole.get(..above).unwrap_or_default(), b"}"])
}

/// Offset of the first byte in which two byte strings differ.
pub(crate) fn first_difference(one: &[u8], other: &[u8]) -> Option<usize> {
    let common = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    (one.len() != other.len() || common < one.len()).then_some(common)
}

/// One line that people can read: not empty, at most `most` characters, no control characters.
pub fn is_line(text: &str, most: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control)
}
