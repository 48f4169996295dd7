//! Reading a list piece by piece, as a download or a decompressor hands it over: only the entries stay in memory.

use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

use crate::bytes::{Blind, Digest};
use crate::list::{Entry, HEADER, List, ListError, MAGIC, RECORD};
use crate::roll::Roll;
use crate::rules::Rules;

/// Entries for which room is made at once, whatever a list says about its length.
const ROOM: usize = 4_000_000;

/// Bytes that are taken from a source at once.
const PIECE: usize = 1 << 16;

/// Why no list came out of a source.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The source failed.
    #[error("the list could not be read")]
    Source(#[from] io::Error),
    /// What came is no list.
    #[error(transparent)]
    List(#[from] ListError),
}

/// Takes the bytes of a list in pieces of any size.
#[derive(Debug)]
pub struct ListDecoder {
    roll: Roll,
    hash: Sha256,
    /// The beginning of a header or entry whose rest has not come yet.
    begun: Vec<u8>,
    expected: Option<usize>,
}

impl ListDecoder {
    /// A list is read under the rules that it was made for.
    ///
    /// # Errors
    /// [`ListError::Rules`].
    pub fn new(rules: Rules) -> Result<Self, ListError> {
        rules.check()?;
        Ok(Self { roll: Roll::new(rules), hash: Sha256::new(), begun: Vec::with_capacity(HEADER), expected: None })
    }

    /// Takes all that a source gives (a file, a decompressor), and gives the list. A source that was interrupted is asked
    /// again.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn read(mut self, mut source: impl Read) -> Result<List, ReadError> {
        let mut piece = vec![0; PIECE];
        loop {
            match source.read(&mut piece) {
                Ok(0) => return Ok(self.finish()?),
                Ok(read) => self.feed(piece.get(..read).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// [`ListError`]: this is no list, whatever follows.
    pub fn feed(&mut self, mut piece: &[u8]) -> Result<(), ListError> {
        self.hash.update(piece);
        if !self.begun.is_empty() {
            let missing = HEADER.saturating_sub(self.begun.len()).min(piece.len());
            let (rest, after) = piece.split_at(missing);
            self.begun.extend_from_slice(rest);
            piece = after;
            if let Some(whole) = self.begun.first_chunk().copied() {
                self.begun.clear();
                self.take(&whole)?;
            }
        }
        while let Some((whole, after)) = piece.split_first_chunk() {
            self.take(whole)?;
            piece = after;
        }
        if !piece.is_empty() && self.expected == Some(self.roll.len()) {
            return Err(ListError::Long { expected: self.roll.len() });
        }
        self.begun.extend_from_slice(piece);
        Ok(())
    }

    /// The list, once everything came.
    ///
    /// # Errors
    /// [`ListError`].
    pub fn finish(self) -> Result<List, ListError> {
        let (found, expected) = (self.roll.len(), self.expected.unwrap_or_default());
        if self.expected != Some(found) || !self.begun.is_empty() {
            return Err(ListError::Short { found, expected });
        }
        let digest = Digest::from_bytes(self.hash.finalize().into());
        self.roll.finish(|_, _| digest)
    }

    fn take(&mut self, whole: &[u8; RECORD]) -> Result<(), ListError> {
        match self.expected {
            None => self.header(whole),
            Some(expected) if expected == self.roll.len() => Err(ListError::Long { expected }),
            Some(_) => self.roll.push(entry(whole)),
        }
    }

    fn header(&mut self, bytes: &[u8; HEADER]) -> Result<(), ListError> {
        let [magic @ .., w0, w1, w2, w3, n0, n1, n2, n3] = bytes;
        if magic != MAGIC {
            return Err(ListError::Magic);
        }
        let (list, rules) = (u32::from_be_bytes([*w0, *w1, *w2, *w3]), self.roll.rules().wave);
        if list != rules {
            return Err(ListError::Wave { list, rules });
        }
        let expected = u32::from_be_bytes([*n0, *n1, *n2, *n3]) as usize;
        self.roll.reserve(expected.min(ROOM));
        self.expected = Some(expected);
        Ok(())
    }
}

fn entry(bytes: &[u8; RECORD]) -> Entry {
    let [blind @ .., class, r0, r1, f0, f1, f2, f3, family_free] = bytes;
    Entry {
        blind: Blind::from_bytes(*blind),
        class: *class,
        region: u16::from_be_bytes([*r0, *r1]),
        family: u32::from_be_bytes([*f0, *f1, *f2, *f3]),
        family_free: *family_free,
    }
}
