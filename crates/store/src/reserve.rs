//! Eight megabytes kept aside, given back when the disk is full, so that what a person types can still be saved.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use rand::RngCore;
use rand::rngs::OsRng;

use crate::keyinfo::private_file;
use crate::open::beside;

/// Bytes kept aside.
const BYTES: usize = 8 << 20;

/// The reserve file of a database.
pub(crate) struct Reserve {
    path: PathBuf,
}

impl Reserve {
    /// The reserve of a database, whether it is there or not.
    pub(crate) fn of(database: &Path) -> Self {
        Self { path: beside(database, "reserve") }
    }

    /// Makes the reserve if it is not whole and space allows; a full disk is no error here. Blocks.
    pub(crate) fn make(&self) {
        let whole = fs::metadata(&self.path).is_ok_and(|found| found.len() == BYTES as u64);
        if !whole && self.fill().is_err() {
            let _ = fs::remove_file(&self.path);
        }
    }

    /// Gives the space back; false when that was done before.
    pub(crate) fn release(&self) -> bool {
        let released = fs::remove_file(&self.path).is_ok();
        if released {
            tracing::warn!("the disk is full: the reserve was given up");
        }
        released
    }

    /// Random bytes, not a hole and not zeros, of which a file system might store nothing.
    fn fill(&self) -> std::io::Result<()> {
        let mut file = private_file(&self.path)?;
        let mut block = vec![0_u8; 1 << 16];
        for _ in 0..BYTES / block.len() {
            OsRng.try_fill_bytes(&mut block).map_err(|error| std::io::Error::other(error.to_string()))?;
            file.write_all(&block)?;
        }
        file.sync_all()
    }
}
