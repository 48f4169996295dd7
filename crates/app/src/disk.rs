//! Room on the disk. A photo is the only large thing that a person adds, and it is kept several times until central has it:
//! as chosen, sealed, and in the journals of both. Below [`ROOM_FOR_A_PHOTO`] no new one is taken, so that what is typed can
//! still be saved (failure 55 of `sync.md`). How a disk without any room is met is the store's matter.

use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::App;
use crate::error::Answer;
use crate::ipc::{ErrorCode, IpcError};

/// Bytes that must be free before a photo is taken.
pub const ROOM_FOR_A_PHOTO: u64 = 200 * MB;
const MB: u64 = 1_000_000;

/// What is asked of the disk.
pub trait Disk: Send + Sync + 'static {
    /// Bytes that this user may still write on the disk of a folder.
    ///
    /// # Errors
    /// What the file system says.
    fn free_bytes(&self, folder: &Path) -> io::Result<u64>;
}

/// The disk of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemDisk;

impl Disk for SystemDisk {
    fn free_bytes(&self, folder: &Path) -> io::Result<u64> {
        fs4::available_space(folder)
    }
}

impl App {
    /// `disk_low` (numbers: `free_mb`, `needed_mb`) when there is no room for a photo. A disk that does not say is tried.
    pub(crate) async fn room_for_a_photo(&self) -> Answer<()> {
        let (disk, folder) = (Arc::clone(&self.inner.config.disk), self.inner.config.data_dir.clone());
        // A disk of another computer may take its time.
        let asked = tokio::task::spawn_blocking(move || disk.free_bytes(&folder)).await;
        match asked.map_err(|error| IpcError::defect("disk", &error))? {
            Ok(free) if free < ROOM_FOR_A_PHOTO => {
                let mb = |bytes: u64| i64::try_from(bytes / MB).unwrap_or(i64::MAX);
                let low = IpcError::new(ErrorCode::DiskLow).with_number("free_mb", mb(free));
                Err(low.with_number("needed_mb", mb(ROOM_FOR_A_PHOTO)))
            }
            Ok(_) => Ok(()),
            Err(error) => {
                tracing::warn!(%error, "the disk does not say how much room it has");
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_says_how_much_is_free() {
        let folder = tempfile::tempdir().unwrap();
        assert!(SystemDisk.free_bytes(folder.path()).unwrap() > 0);
        assert!(SystemDisk.free_bytes(&folder.path().join("nothing")).is_err());
    }
}
