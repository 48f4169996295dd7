//! Enums without content as the wire and the database keep them: by their one word.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::sync::SyncError;

/// The word of an enum.
pub(crate) fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Reads the word of an enum.
pub(crate) fn read_word<T: DeserializeOwned>(word: &str) -> Result<T, SyncError> {
    serde_json::from_value(Value::String(word.to_owned())).map_err(|_| SyncError::Damaged)
}
