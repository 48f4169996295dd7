//! Reads the packed file. The format is described in the README; `pack` writes it.

use thiserror::Error;

use crate::Level;

/// The file as it lies in the repository.
pub(crate) const FILE: &[u8] = include_bytes!("../data/regions.pack");

/// First bytes of the file: name of the format and its version.
pub(crate) const MAGIC: &[u8; 5] = b"PKRG\x01";

/// More than the unpacked content will ever need; a bound for the decompressor.
const CAPACITY: usize = 8 << 20;

/// Why the bytes are not a packed file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum UnpackError {
    #[error("not a packed file of this version")]
    Magic,
    #[error("the compressed content is damaged")]
    Compression,
    #[error("the content ends early")]
    Short,
    #[error("a code has more digits than its level allows")]
    Code,
    #[error("names are not text, or not one for each code")]
    Names,
}

/// One level: codes of equal length in ascending order without anything between, and as many names, each
/// followed by a line feed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) codes: String,
    pub(crate) names: String,
}

/// The columns of all levels, largest regions first.
pub(crate) fn unpack(file: &[u8]) -> Result<Vec<Column>, UnpackError> {
    let body = file.strip_prefix(MAGIC).ok_or(UnpackError::Magic)?;
    let content = zstd::bulk::decompress(body, CAPACITY).map_err(|_| UnpackError::Compression)?;
    read(&content)
}

pub(crate) fn read(content: &[u8]) -> Result<Vec<Column>, UnpackError> {
    let mut reader = Reader(content);
    let mut columns: Vec<Column> = Vec::with_capacity(Level::ALL.len());
    let mut above_len = 0;
    for level in Level::ALL {
        let digits = level.code_len() - above_len;
        let above = columns.last().map_or("", |column| column.codes.as_str());
        let codes = reader.codes(above, above_len, digits)?;
        let names = reader.names(codes.len() / level.code_len())?;
        columns.push(Column { codes, names });
        above_len = level.code_len();
    }
    if reader.0.is_empty() { Ok(columns) } else { Err(UnpackError::Names) }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn number(&mut self) -> Result<usize, UnpackError> {
        let mut value = 0usize;
        for shift in [0, 7, 14, 21] {
            let (byte, rest) = self.0.split_first().ok_or(UnpackError::Short)?;
            self.0 = rest;
            value |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(UnpackError::Code)
    }

    /// For each region above: how many are below it, then their last digits as steps from one to the next.
    fn codes(&mut self, above: &str, above_len: usize, digits: usize) -> Result<String, UnpackError> {
        // Provinces are below one region without a code: the country.
        let parents = above.len().checked_div(above_len).unwrap_or(1);
        let mut codes = String::new();
        for parent in 0..parents {
            let prefix = above.get(parent * above_len..(parent + 1) * above_len).ok_or(UnpackError::Code)?;
            let mut own = 0;
            for _ in 0..self.number()? {
                own += self.number()?;
                let text = own.to_string();
                codes.push_str(prefix);
                let zeros = digits.checked_sub(text.len()).ok_or(UnpackError::Code)?;
                codes.extend(std::iter::repeat_n('0', zeros));
                codes.push_str(&text);
            }
        }
        Ok(codes)
    }

    fn names(&mut self, count: usize) -> Result<String, UnpackError> {
        let len = self.number()?;
        let (names, rest) = self.0.split_at_checked(len).ok_or(UnpackError::Short)?;
        self.0 = rest;
        let names = std::str::from_utf8(names).map_err(|_| UnpackError::Names)?;
        let complete = names.is_empty() || names.ends_with('\n');
        if complete && names.lines().count() == count { Ok(names.to_owned()) } else { Err(UnpackError::Names) }
    }
}
