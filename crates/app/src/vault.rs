//! The encrypted database of this computer: making it, opening it, and what to do when it cannot be opened.
//!
//! Three rules that no path may break, because the person's work is in there:
//! - A new key is made only where there is no database. A keyring that says "nothing here" may just be locked.
//! - Nothing is deleted or reset. Starting anew renames the old files; their key stays where it is.
//! - A key is in the keyring, or wrapped with a passphrase, before the database that needs it exists.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_store::{
    DatabaseKey, KeyFile, KeyFileError, KeyInfo, OpenError, PASSPHRASE_MAX_BYTES, PASSPHRASE_MIN, PassphraseError,
    Store,
};
use secrecy::SecretString;

use crate::App;
use crate::error::Answer;
use crate::ipc::{AppState, ErrorCode, IpcError, KeyringTrouble, Protection, VaultProblem, VaultView};
use crate::keys::{KeyStoreError, Keyring};

/// Name of the database in the data folder.
pub const DATABASE: &str = "applicant.db";

/// What came of trying to open.
#[derive(Debug)]
pub(crate) enum Outcome {
    Opened(Store, Protection),
    NeedsPassphrase(KeyringTrouble),
    Locked(Protection),
    Broken(VaultProblem),
}

impl From<OpenError> for Outcome {
    fn from(error: OpenError) -> Self {
        tracing::warn!(%error, "the database was not opened");
        Self::Broken(problem(&error))
    }
}

/// What the window says of an error. Only a file that cannot be read is called damaged.
pub(crate) fn problem(error: &OpenError) -> VaultProblem {
    match error {
        OpenError::WrongKey => VaultProblem::WrongKey,
        OpenError::NewerSchema { .. } => VaultProblem::NewerSchema,
        OpenError::InUse | OpenError::AlreadyExists => VaultProblem::InUse,
        OpenError::NoEncryption => VaultProblem::NoEncryption,
        OpenError::DiskFull => VaultProblem::DiskFull,
        OpenError::NoAccess(_) | OpenError::Missing => VaultProblem::NoAccess,
        OpenError::Damaged => VaultProblem::Damaged,
        OpenError::Other(_) => VaultProblem::Failed,
    }
}

impl From<KeyStoreError> for KeyringTrouble {
    fn from(error: KeyStoreError) -> Self {
        match error {
            KeyStoreError::Absent => Self::Absent,
            KeyStoreError::Locked => Self::Locked,
            KeyStoreError::Failed => Self::Failed,
        }
    }
}

/// Opens the database, or makes it on the first run.
pub(crate) async fn open(folder: &Path, keyring: &Keyring) -> Outcome {
    let database = folder.join(DATABASE);
    match database.try_exists() {
        Err(_) => Outcome::Broken(VaultProblem::NoAccess),
        Ok(true) => open_existing(&database, keyring).await,
        // Its main file went away and its newest pages are still here: that is no first run.
        Ok(false) if journal(&database).exists() => Outcome::Broken(VaultProblem::Damaged),
        Ok(false) => make_with_keyring(&database, keyring).await,
    }
}

async fn open_existing(database: &Path, keyring: &Keyring) -> Outcome {
    let locked_by_passphrase = KeyFile::path(database).exists();
    let info = match KeyInfo::read(database) {
        Ok(info) => info,
        Err(error) if error.kind() == io::ErrorKind::InvalidData => None,
        // serde_json reports a cut file as an unexpected end, or as its own kind of error.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof || error.get_ref().is_some() => None,
        Err(_) => return Outcome::Broken(VaultProblem::NoAccess),
    };
    let key = match info {
        Some(info) if info.protection == prakerja_store::Protection::Keyring => keyring.key(info.key_id).await,
        _ if locked_by_passphrase => return Outcome::Locked(Protection::Passphrase),
        _ => return Outcome::Broken(VaultProblem::KeyMissing),
    };
    match key {
        Ok(Some(key)) => open_with(database, &key, Protection::Keyring).await,
        // "Nothing here" counts only from a keyring that is open.
        Ok(None) if keyring.is_usable().await => Outcome::Broken(VaultProblem::KeyMissing),
        Ok(None) | Err(_) => Outcome::Locked(Protection::Keyring),
    }
}

async fn open_with(database: &Path, key: &DatabaseKey, by: Protection) -> Outcome {
    let (database, key) = (database.to_owned(), key.clone());
    apart(move || async move { Store::open(&database, &key).await }, by).await
}

/// Runs the opening on a thread of its own. It blocks now and then (locks, whole files), and the compiler cannot see that
/// the engine's migrations may change threads.
async fn apart<F>(work: impl FnOnce() -> F + Send + 'static, by: Protection) -> Outcome
where
    F: Future<Output = Result<Store, OpenError>>,
{
    let runtime = tokio::runtime::Handle::current();
    match tokio::task::spawn_blocking(move || runtime.block_on(work())).await {
        Ok(Ok(store)) => Outcome::Opened(store, by),
        Ok(Err(error)) => error.into(),
        Err(error) => {
            // Its text may be that of a panic, and hold anything.
            tracing::error!(panic = error.is_panic(), "opening the database ended early");
            Outcome::Broken(VaultProblem::Failed)
        }
    }
}

async fn make_with_keyring(database: &Path, keyring: &Keyring) -> Outcome {
    let (key, info) = match new_key(prakerja_store::Protection::Keyring) {
        Ok(made) => made,
        Err(outcome) => return outcome,
    };
    if let Err(error) = keyring.keep(info.key_id, &key).await {
        tracing::info!(%error, "no keyring keeps the key; a passphrase is needed");
        return Outcome::NeedsPassphrase(error.into());
    }
    make(database, key, info, None).await
}

/// Makes the database, with the key in a keyring or in `file`.
async fn make(database: &Path, key: DatabaseKey, info: KeyInfo, file: Option<KeyFile>) -> Outcome {
    // Somebody moved a database away and left its side files: they are the only way to open it again.
    if side_files(database).iter().any(|file| file.exists())
        && let Err(error) = move_aside(database, What::Leftovers)
    {
        return from_io(&error);
    }
    let by = if file.is_some() { Protection::Passphrase } else { Protection::Keyring };
    let database = database.to_owned();
    let making = move || async move {
        match file {
            Some(file) => Store::create_wrapped(&database, &key, &info, &file).await,
            None => Store::create(&database, &key, &info).await,
        }
    };
    apart(making, by).await
}

fn new_key(protection: prakerja_store::Protection) -> Result<(DatabaseKey, KeyInfo), Outcome> {
    let made = DatabaseKey::generate().and_then(|key| KeyInfo::new(&key, protection).map(|info| (key, info)));
    made.map_err(|error| {
        tracing::error!(%error, "no key can be made");
        Outcome::Broken(VaultProblem::NoEncryption)
    })
}

/// Makes the database with a key that a passphrase wraps.
async fn make_with_passphrase(database: &Path, passphrase: SecretString) -> Result<Outcome, IpcError> {
    let (key, info) = match new_key(prakerja_store::Protection::Passphrase) {
        Ok(made) => made,
        Err(outcome) => return Ok(outcome),
    };
    let (id, copy) = (info.key_id, key.clone());
    match blocking(move || KeyFile::wrap(&copy, id, &passphrase)).await? {
        Ok(file) => Ok(make(database, key, info, Some(file)).await),
        Err(KeyFileError::Passphrase(rule)) => Err(refused(rule)),
        Err(KeyFileError::File(error)) => Ok(from_io(&error)),
        Err(error) => Err(IpcError::defect("key file", &error)),
    }
}

async fn unlock_with_passphrase(database: &Path, passphrase: SecretString) -> Result<Outcome, IpcError> {
    let path = database.to_owned();
    let info = KeyInfo::read(database).ok().flatten();
    let unwrapped = blocking(move || match KeyFile::read(&path)? {
        // Of another database: no passphrase of it is wrong, and none helps.
        Some(file) if info.is_some_and(|info| info.key_id != file.key_id) => Ok(None),
        Some(file) => file.unwrap_key(&passphrase).map(Some),
        None => Ok(None),
    });
    match unwrapped.await? {
        Ok(Some(key)) => Ok(open_with(database, &key, Protection::Passphrase).await),
        Ok(None) => Ok(Outcome::Broken(VaultProblem::KeyMissing)),
        Err(KeyFileError::WrongPassphrase | KeyFileError::Passphrase(_)) => {
            Err(IpcError::new(ErrorCode::WrongPassphrase))
        }
        Err(KeyFileError::Damaged) => Ok(Outcome::Broken(VaultProblem::KeyMissing)),
        Err(KeyFileError::File(error)) => Ok(from_io(&error)),
    }
}

/// Passphrases are stretched for a good part of a second.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, IpcError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        let defect = IpcError::new(ErrorCode::Internal);
        tracing::error!(reference = defect.reference, panic = error.is_panic(), "a passphrase was not stretched");
        defect
    })
}

fn refused(rule: PassphraseError) -> IpcError {
    let error = |code| FieldError::new("passphrase", code);
    IpcError::validation(vec![match rule {
        PassphraseError::TooShort => error(FieldErrorCode::TooShort).with("min", PASSPHRASE_MIN),
        PassphraseError::TooLong => error(FieldErrorCode::TooLong).with("max", PASSPHRASE_MAX_BYTES),
        PassphraseError::TooEasy => error(FieldErrorCode::TooEasy).with("min", 5),
    }])
}

fn from_io(error: &io::Error) -> Outcome {
    Outcome::Broken(match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => VaultProblem::DiskFull,
        io::ErrorKind::WouldBlock => VaultProblem::InUse,
        _ => VaultProblem::NoAccess,
    })
}

fn journal(database: &Path) -> PathBuf {
    with_suffix(database, "-wal")
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// What says which key opens a database.
fn side_files(database: &Path) -> [PathBuf; 3] {
    let [info, copy] = KeyInfo::paths(database);
    [info, copy, KeyFile::path(database)]
}

/// What is moved aside.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// The database with all that belongs to it.
    Everything,
    /// Files of a database that is not there; another process may make a new one at this moment.
    Leftovers,
}

/// Moves the database and what opens it into a folder of its own beside it, where `prakerja --data-dir <folder>` still
/// opens it once its key is back. Fails with `WouldBlock` while another process has it open, or has just made one.
fn move_aside(database: &Path, what: What) -> io::Result<()> {
    let lock = File::options().write(true).create(true).truncate(false).open(with_suffix(database, ".lock"))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    if what == What::Leftovers && database.try_exists()? {
        return Err(io::ErrorKind::WouldBlock.into());
    }
    let folder = database.parent().unwrap_or_else(|| Path::new("."));
    let aside = folder.join(format!("set-aside-{}", jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S%3fZ")));
    fs::create_dir(&aside)?;
    // The database goes first: after a crash in between, pages without their database are noticed (see `open`), while a
    // database without its newest pages would not be.
    let files = ["", "-wal", "-shm", "-journal"].map(|suffix| with_suffix(database, suffix));
    for file in files.into_iter().chain(side_files(database)) {
        let Some(name) = file.file_name() else { continue };
        match fs::rename(&file, aside.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

impl App {
    /// Makes the database with a recovery passphrase, where there is no keyring.
    ///
    /// # Errors
    /// `validation` on the field `passphrase`; `vault_broken` when this is not the time for it.
    pub async fn create_vault(&self, passphrase: SecretString) -> Answer<AppState> {
        let turn = self.inner.vault_turn.lock().await;
        if !matches!(self.vault_view(), VaultView::NeedsPassphrase { .. }) {
            return Err(IpcError::new(ErrorCode::VaultBroken));
        }
        prakerja_store::check_passphrase(&passphrase).map_err(refused)?;
        let outcome = make_with_passphrase(&self.database(), passphrase).await?;
        self.settle(outcome).await;
        drop(turn);
        self.changed_state().await
    }

    /// Opens the database with a passphrase, or tries again without one: the keyring may be open now, the disk may have
    /// room, the other window may be closed.
    ///
    /// # Errors
    /// `wrong_passphrase`. Everything else is told by the state.
    pub async fn unlock_vault(&self, passphrase: Option<SecretString>) -> Answer<AppState> {
        let turn = self.inner.vault_turn.lock().await;
        if !matches!(self.vault_view(), VaultView::Open { .. }) {
            let outcome = match passphrase {
                Some(passphrase) => unlock_with_passphrase(&self.database(), passphrase).await?,
                None => open(&self.inner.config.data_dir, &self.inner.keyring).await,
            };
            self.settle(outcome).await;
        }
        drop(turn);
        self.changed_state().await
    }

    /// Puts the old files aside, unchanged, and begins with a new database.
    ///
    /// # Errors
    /// `vault_broken` when the database is in use here or elsewhere, or the folder cannot be written.
    pub async fn set_aside_vault(&self) -> Answer<AppState> {
        let turn = self.inner.vault_turn.lock().await;
        let may = match self.vault_view() {
            VaultView::Locked { .. } => true,
            VaultView::Broken { why, .. } => {
                !matches!(why, VaultProblem::InUse | VaultProblem::NoEncryption | VaultProblem::Failed)
            }
            VaultView::Opening | VaultView::NeedsPassphrase { .. } | VaultView::Open { .. } => false,
        };
        if !may {
            return Err(IpcError::new(ErrorCode::VaultBroken));
        }
        if let Err(error) = move_aside(&self.database(), What::Everything) {
            tracing::warn!(%error, "the database could not be set aside");
            return Err(IpcError::new(ErrorCode::VaultBroken));
        }
        let outcome = open(&self.inner.config.data_dir, &self.inner.keyring).await;
        self.settle(outcome).await;
        drop(turn);
        self.changed_state().await
    }

    /// Opens the database for the first time in this run, and tells the window what came of it.
    pub async fn open_vault(&self) {
        let turn = self.inner.vault_turn.lock().await;
        let outcome = open(&self.inner.config.data_dir, &self.inner.keyring).await;
        self.settle(outcome).await;
        drop(turn);
        self.tell_everything().await;
    }

    fn database(&self) -> PathBuf {
        self.inner.config.data_dir.join(DATABASE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prakerja_store::StoreError;

    #[test]
    fn every_reason_has_its_own_name() {
        let no_access = || io::Error::from(io::ErrorKind::PermissionDenied);
        let cases = [
            (OpenError::WrongKey, VaultProblem::WrongKey),
            (OpenError::Damaged, VaultProblem::Damaged),
            (OpenError::NewerSchema { found: 2, known: 1 }, VaultProblem::NewerSchema),
            (OpenError::InUse, VaultProblem::InUse),
            (OpenError::NoEncryption, VaultProblem::NoEncryption),
            (OpenError::DiskFull, VaultProblem::DiskFull),
            (OpenError::NoAccess(no_access()), VaultProblem::NoAccess),
            (OpenError::Other(StoreError::Closed), VaultProblem::Failed),
        ];
        for (error, expected) in cases {
            assert!(matches!(Outcome::from(error), Outcome::Broken(problem) if problem == expected), "{expected:?}");
        }
    }
}
