//! Why a file is no picture that can be used.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::FileType;

/// A file that cannot be judged at all. Crosses into the window as `code` with its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Unreadable {
    /// No bytes.
    #[error("the file is empty")]
    Empty,
    /// More bytes than are read.
    #[error("the file has {actual} bytes; at most {max} are read")]
    TooLarge {
        /// Most bytes that are read.
        #[cfg_attr(feature = "typescript", ts(type = "number"))]
        max: u64,
        /// Bytes of the file.
        #[cfg_attr(feature = "typescript", ts(type = "number"))]
        actual: u64,
    },
    /// Neither JPEG nor PNG, judged by content and not by name.
    #[error("a file of the type {found:?} is not accepted")]
    UnsupportedType {
        /// What it is, so that the window can say what to do.
        found: FileType,
    },
    /// More pixels than are decoded.
    #[error("the picture has {actual} pixels; at most {max} are decoded")]
    TooManyPixels {
        /// Most pixels that are decoded.
        #[cfg_attr(feature = "typescript", ts(type = "number"))]
        max: u64,
        /// Pixels of the picture.
        #[cfg_attr(feature = "typescript", ts(type = "number"))]
        actual: u64,
    },
    /// Begins as a JPEG or PNG and does not hold a whole picture: cut short, damaged, or built to cost time.
    #[error("the picture is damaged")]
    Broken,
}
