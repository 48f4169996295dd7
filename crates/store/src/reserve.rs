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
/// Bytes that show whether there is room: as many as SQLite takes at a time for the index of its journal.
const PROBE: usize = 32 << 10;

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

    /// True when not even a small file can be written for want of room. Blocks shortly.
    pub(crate) fn is_disk_full(&self) -> bool {
        let probe = self.path.with_extension("probe");
        let written = private_file(&probe).and_then(|mut file| {
            file.write_all(&[0x5a; PROBE])?;
            file.sync_all()
        });
        let _ = fs::remove_file(&probe);
        written.is_err_and(|error| {
            matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
        })
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
