//! Where documents lie and who may work on them at the same time.

use std::io;
use std::path::{Path, PathBuf};

use tokio::sync::{Mutex, MutexGuard, Semaphore};
use uuid::Uuid;

use super::files;
use crate::config::Config;

/// Uploads that may be written to side by side; two of the same number wait for each other.
const TURNS: usize = 64;

/// Folders, the places for judging, and the turns of uploads.
#[derive(Debug)]
pub struct Desk {
    uploads: PathBuf,
    pictures: PathBuf,
    pub(super) judges: Semaphore,
    turns: Vec<Mutex<()>>,
}

impl Desk {
    /// Makes the folders when they are missing, for their owner only.
    ///
    /// # Errors
    /// A folder cannot be made.
    pub(crate) fn open(config: &Config) -> io::Result<Self> {
        let (uploads, pictures) = (config.data.join("uploads"), config.data.join("documents"));
        files::make_folder(&uploads)?;
        files::make_folder(&pictures)?;
        Ok(Self {
            uploads,
            pictures,
            judges: Semaphore::new(config.documents.judges),
            turns: (0..TURNS).map(|_| Mutex::default()).collect(),
        })
    }

    /// The file of an upload.
    pub(super) fn upload(&self, name: &str) -> PathBuf {
        self.uploads.join(name)
    }

    /// The folder of uploads.
    pub(super) fn uploads(&self) -> &Path {
        &self.uploads
    }

    /// The folder of pictures.
    pub(super) fn pictures(&self) -> &Path {
        &self.pictures
    }

    /// Waits for the turn of an upload: its file and its row change together.
    pub(super) async fn turn(&self, upload: Uuid) -> Option<MutexGuard<'_, ()>> {
        let number = upload.as_u128() % TURNS as u128;
        match self.turns.get(usize::try_from(number).unwrap_or(0)) {
            Some(turn) => Some(turn.lock().await),
            None => None,
        }
    }
}
