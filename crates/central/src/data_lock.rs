//! One central for one data folder: a second one, or an accepted restore under a running one, would write an epoch that
//! the first does not know. Operator commands that only change rows work beside it and take no lock.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::state::StartError;

/// Name of the file in the data folder. It is empty; the system releases its lock when the process ends.
const FILE: &str = "lock";

/// The folder, as long as this is held.
#[derive(Debug)]
pub struct DataLock(Mutex<Option<File>>);

impl DataLock {
    /// Takes the folder.
    ///
    /// # Errors
    /// [`StartError::InUse`] while another process has it; [`StartError::Folder`] when the file cannot be made.
    pub(crate) fn take(folder: &Path) -> Result<Self, StartError> {
        let file = File::options().write(true).create(true).truncate(false).open(folder.join(FILE));
        let file = file.map_err(StartError::Folder)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(Mutex::new(Some(file)))),
            Err(TryLockError::WouldBlock) => Err(StartError::InUse(folder.to_owned())),
            // A file system without locks: one central there is the operator's care.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(Self(Mutex::new(None))),
            Err(TryLockError::Error(error)) => Err(StartError::Folder(error)),
        }
    }

    /// No lock, for a command that works beside the holder.
    pub(crate) fn none() -> Self {
        Self(Mutex::new(None))
    }

    /// Gives the folder back before the last holder is gone.
    pub(crate) fn release(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}
