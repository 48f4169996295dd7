//! The folder that is published: names of the files, and all of them verified at once.

use std::fmt;

use serde::Serialize;

use crate::commitment::Commitment;
use crate::list::List;
use crate::result::DrawResult;
use crate::verify::{Known, Tampered, Verified, verify};

/// A file of the published folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// `commitment.json`, published before the draw.
    Commitment,
    /// `list.bin`, published before the draw; `list.bin.zst` is the same, compressed with Zstandard.
    List,
    /// `result.json`, published after the draw.
    Result,
    /// `accepted.bin`, published after the draw.
    Accepted,
}

impl Part {
    /// Name of the file.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Commitment => "commitment.json",
            Self::List => "list.bin",
            Self::Result => "result.json",
            Self::Accepted => "accepted.bin",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.file_name())
    }
}

/// The contents of the published folder.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// `commitment.json`
    pub commitment: &'a [u8],
    /// `list.bin`
    pub list: &'a [u8],
    /// `result.json`
    pub result: &'a [u8],
    /// `accepted.bin`; without it, its digest in the result is compared.
    pub accepted: Option<&'a [u8]>,
}

impl Files<'_> {
    /// Reads the files and verifies them as [`verify`] does.
    ///
    /// # Errors
    /// [`Tampered`] names the first part that differs.
    pub fn verify(&self, known: &Known<'_>) -> Result<Verified, Tampered> {
        let form = |part| move |error| Tampered::Form { part, error };
        let commitment = Commitment::from_json(self.commitment).map_err(form(Part::Commitment))?;
        commitment.check()?;
        let list = List::decode(self.list, commitment.rules.clone())?;
        let result = DrawResult::from_json(self.result).map_err(form(Part::Result))?;
        verify(&commitment, list, &result, self.accepted, known)
    }
}
