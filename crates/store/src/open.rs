//! Making and opening the database: encryption, one process, durability, schema.
//!
//! Durability: `synchronous = full` for every commit. The window says "saved on this computer" after a commit, and that
//! must survive a power cut; a person types at most a few saves a second, so the extra sync costs nothing that matters.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use rand::Rng;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::ids::blob;
use crate::keyinfo::sync_folder_of;
use crate::reserve::Reserve;
use crate::transaction::{self, Guard};
use crate::{DatabaseKey, KeyFile, KeyFileError, KeyInfo, OpenError, StoreError, ending};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How long a statement waits for a file that something else holds.
const BUSY: Duration = Duration::from_secs(5);
/// Connections that only read.
const READERS: u32 = 3;
/// How often a write that found the file busy is tried; each try waits for [`BUSY`] by itself.
const BUSY_TRIES: u32 = 3;
/// Longest pause between these tries, in milliseconds. Jittered, so that two programs do not meet again and again.
const BUSY_PAUSE_MS: u64 = 250;

/// The applicant's encrypted database. Cheap to clone; all clones are one store.
///
/// Every operation is one transaction: after a crash it happened or it did not.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    writer: SqlitePool,
    readers: SqlitePool,
    /// See [`crate::transaction`].
    given_up: Arc<AtomicBool>,
    reserve: Arc<Reserve>,
    /// Fills the reserve beside the start of the program.
    filling: Mutex<Option<JoinHandle<()>>>,
    /// Held until the last clone is gone. A file that is locked by the operating system is free again after a crash.
    lock: File,
}

impl Store {
    /// Makes a database, its side file and opens it. The key must be in its keyring before.
    ///
    /// The database is made under another name and renamed, so that a crash leaves none or a whole one.
    ///
    /// # Errors
    /// [`OpenError::AlreadyExists`] when there is a database: a new key is never made over an old one.
    pub async fn create(path: &Path, key: &DatabaseKey, info: &KeyInfo) -> Result<Self, OpenError> {
        Self::make(path, key, info, None).await
    }

    /// The same with a key that a passphrase wraps. The key file is written before the database that needs it, while no
    /// other process can do the same.
    ///
    /// # Errors
    /// As of [`Store::create`].
    pub async fn create_wrapped(
        path: &Path,
        key: &DatabaseKey,
        info: &KeyInfo,
        file: &KeyFile,
    ) -> Result<Self, OpenError> {
        Self::make(path, key, info, Some(file)).await
    }

    async fn make(path: &Path, key: &DatabaseKey, info: &KeyInfo, file: Option<&KeyFile>) -> Result<Self, OpenError> {
        let lock = lock(path)?;
        if path.try_exists().map_err(from_io)? {
            return Err(OpenError::AlreadyExists);
        }
        if !info.fits(key) {
            return Err(OpenError::WrongKey);
        }
        assert_encryption().await?;
        let unfinished = beside(path, "creating");
        remove_database(&unfinished).map_err(from_io)?;
        let options = options(&unfinished, key).create_if_missing(true).journal_mode(SqliteJournalMode::Delete);
        build(&options).await?;
        restrict(&unfinished).map_err(from_io)?;
        if let Some(file) = file {
            file.write(path).map_err(|error| match error {
                KeyFileError::File(error) => from_io(error),
                other => from_io(io::Error::other(other)),
            })?;
        }
        info.write(path).map_err(from_io)?;
        fs::rename(&unfinished, path).and_then(|()| sync_folder_of(path)).map_err(from_io)?;
        Self::connect(path, key, lock).await
    }

    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// See [`OpenError`]; nothing is changed on disk then, and nothing is ever reset.
    pub async fn open(path: &Path, key: &DatabaseKey) -> Result<Self, OpenError> {
        if !path.try_exists().map_err(from_io)? {
            return Err(OpenError::Missing);
        }
        let lock = lock(path)?;
        // Without a readable side file nothing proves that the key is right; see `unreadable`.
        let fits = KeyInfo::read(path).ok().flatten().map(|info| info.fits(key));
        if fits == Some(false) {
            return Err(OpenError::WrongKey);
        }
        assert_encryption().await?;
        let unreadable = |error| match error {
            OpenError::Damaged if fits.is_none() => OpenError::WrongKey,
            other => other,
        };
        // SQLite takes an empty file for a new database. Ours are renamed into place whole, so this one lost its content.
        let found = fs::metadata(path).map_err(from_io)?;
        if found.is_file() && found.len() == 0 {
            return Err(OpenError::Damaged);
        }
        Self::connect(path, key, lock).await.map_err(unreadable)
    }

    async fn connect(path: &Path, key: &DatabaseKey, lock: File) -> Result<Self, OpenError> {
        let reserve = Arc::new(Reserve::of(path));
        let writer = match writer(path, key, &reserve).await {
            Err(OpenError::DiskFull) if reserve.release() => writer(path, key, &reserve).await?,
            other => other?,
        };
        let readers = pool(READERS).connect_lazy_with(options(path, key).pragma("query_only", "on"));
        let filling = tokio::task::spawn_blocking({
            let reserve = Arc::clone(&reserve);
            move || reserve.make()
        });
        let filling = Mutex::new(Some(filling));
        Ok(Self {
            inner: Arc::new(Inner {
                path: path.to_owned(),
                writer,
                readers,
                given_up: Arc::default(),
                reserve,
                filling,
                lock,
            }),
        })
    }

    /// Where the database is.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Writes everything into the one file and lets go of it. Later calls fail with [`StoreError::Closed`].
    pub async fn close(&self) {
        self.inner.readers.close().await;
        self.inner.writer.close().await;
        if let Some(filling) = self.inner.filling.lock().await.take() {
            // It failed only by a panic of its own; the reserve is not needed to close.
            let _ = filling.await;
        }
        // The lock goes with the last clone; letting go here lets the next process in at once. A failure is not an
        // error: the operating system unlocks when the file is closed.
        let _ = self.inner.lock.unlock();
    }

    /// Reads every page and its checksum, on connections that read and on the one that writes: each may have met a page
    /// that cannot be read, and is of no use then.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when one cannot be read.
    pub async fn check_integrity(&self) -> Result<(), StoreError> {
        quick_check(&self.inner.writer).await?;
        quick_check(&self.inner.readers).await
    }

    /// A transaction that writes.
    pub(crate) async fn write(&self) -> Result<Guard, StoreError> {
        transaction::write(&self.inner.writer, &self.inner.given_up).await
    }

    /// A transaction that reads one moment.
    pub(crate) async fn read(&self) -> Result<Guard, StoreError> {
        transaction::read(&self.inner.readers).await
    }

    /// Connections that read.
    pub(crate) fn readers(&self) -> &SqlitePool {
        &self.inner.readers
    }

    /// Writes the log into the one file and cuts it, so that no file has older pages. What somebody reads at this moment
    /// is left for another time; nothing depends on it.
    pub(crate) async fn cut_log(&self) {
        if let Err(error) = sqlx::query("pragma wal_checkpoint(truncate)").execute(&self.inner.writer).await {
            tracing::debug!(%error, "the log could not be cut");
        }
    }

    /// Waits until the reserve was made.
    #[cfg(test)]
    pub(crate) async fn reserve_made(&self) {
        if let Some(filling) = self.inner.filling.lock().await.take() {
            filling.await.unwrap();
        }
    }

    /// Runs a small write that must not be lost for want of space: when the disk is full, the reserve is given up and the
    /// write is tried once more. A file that something else holds is tried a few times (fault 56).
    pub(crate) async fn with_reserve<T, F>(&self, mut attempt: impl FnMut() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let mut tries = 1;
        loop {
            match attempt().await {
                Err(StoreError::DiskFull) if self.inner.reserve.release() => {}
                Err(error) if error.may_mean_full() && self.inner.reserve.is_disk_full() => {
                    if !self.inner.reserve.release() {
                        return Err(StoreError::DiskFull);
                    }
                }
                Err(error) if error.is_transient() && tries < BUSY_TRIES => {
                    tries += 1;
                    let pause = rand::thread_rng().gen_range(0..=BUSY_PAUSE_MS);
                    tokio::time::sleep(Duration::from_millis(pause)).await;
                }
                done => return done,
            }
        }
    }
}

/// The connection that writes, on a database of this version of which every page can be read.
async fn writer(path: &Path, key: &DatabaseKey, reserve: &Reserve) -> Result<SqlitePool, OpenError> {
    let full = |error: StoreError| {
        let full = error.may_mean_full() && reserve.is_disk_full();
        OpenError::from(if full { StoreError::DiskFull } else { error })
    };
    let writing = options(path, key).journal_mode(SqliteJournalMode::Wal);
    let writer = pool(1).connect_with(writing).await.map_err(|error| full(error.into()))?;
    let checked = match quick_check(&writer).await {
        Ok(()) => bring_up_to_date(&writer).await,
        Err(error) => Err(full(error)),
    };
    match checked {
        Ok(()) => Ok(writer),
        Err(error) => {
            writer.close().await;
            Err(error)
        }
    }
}

async fn quick_check(connections: &SqlitePool) -> Result<(), StoreError> {
    let found: Vec<String> = sqlx::query_scalar("pragma quick_check(1)").fetch_all(connections).await?;
    if found == ["ok"] { Ok(()) } else { Err(StoreError::Damaged) }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Nothing of the connection options: they hold the key.
        formatter.debug_struct("Store").field("path", &self.inner.path).finish_non_exhaustive()
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(0)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(ending::waits_for(connection)))
}

/// Options of every connection; `key` goes first by itself. Statements are never logged: the first one holds the key.
fn options(path: &Path, key: &DatabaseKey) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .pragma("key", key.pragma().to_string())
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .synchronous(SqliteSynchronous::Full)
        // Apple's fsync leaves data in the drive's cache without this; elsewhere it does nothing.
        .pragma("fullfsync", "on")
        .pragma("secure_delete", "on")
        .pragma("temp_store", "memory")
        .disable_statement_logging()
}

/// Refuses to go on with an engine that would write plain text. Also stops SQLCipher from printing to the terminal.
async fn assert_encryption() -> Result<(), OpenError> {
    let plain = SqliteConnectOptions::new().in_memory(true).disable_statement_logging();
    let mut connection = plain.connect().await.map_err(from_sqlx)?;
    let version: Option<String> =
        sqlx::query_scalar("pragma cipher_version").fetch_optional(&mut connection).await.map_err(from_sqlx)?;
    // It is a setting of the process, not of the connection.
    sqlx::query("pragma cipher_log_level = none").execute(&mut connection).await.map_err(from_sqlx)?;
    connection.close().await.map_err(from_sqlx)?;
    if version.is_some_and(|version| !version.is_empty()) { Ok(()) } else { Err(OpenError::NoEncryption) }
}

async fn build(options: &SqliteConnectOptions) -> Result<(), OpenError> {
    let mut connection = options.connect().await.map_err(from_sqlx)?;
    ending::waits_for(&mut connection).await.map_err(from_sqlx)?;
    MIGRATIONS.run(&mut connection).await.map_err(from_migration)?;
    introduce(&mut connection).await?;
    connection.close().await.map_err(from_sqlx)
}

/// Gives this computer its name.
async fn introduce(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query(
        "insert into device (only, id, created_at) values (1, $1, cast(unixepoch('subsec') * 1000 as integer))",
    )
    .bind(blob(&Uuid::now_v7()))
    .execute(connection)
    .await?;
    Ok(())
}

async fn bring_up_to_date(writer: &SqlitePool) -> Result<(), OpenError> {
    let mut connection = writer.acquire().await.map_err(from_sqlx)?;
    let tables: i64 = sqlx::query_scalar("select count(*) from sqlite_master where name = '_sqlx_migrations'")
        .fetch_one(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    if tables == 0 {
        return Err(OpenError::Damaged);
    }
    let found: i64 = sqlx::query_scalar("select coalesce(max(version), 0) from _sqlx_migrations")
        .fetch_one(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
    if found > known {
        return Err(OpenError::NewerSchema { found, known });
    }
    if found < known {
        MIGRATIONS.run(&mut *connection).await.map_err(from_migration)?;
    }
    Ok(())
}

/// Takes the lock of one process at a time.
fn lock(path: &Path) -> Result<File, OpenError> {
    let file =
        fs::OpenOptions::new().write(true).create(true).truncate(false).open(beside(path, "lock")).map_err(from_io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse),
        Err(TryLockError::Error(error)) => Err(from_io(error)),
    }
}

/// `applicant.db` and `lock` give `applicant.db.lock`.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

/// Removes what a crash while creating left.
fn remove_database(path: &Path) -> io::Result<()> {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        match fs::remove_file(PathBuf::from(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Only this user may read it. On Windows the folder under the user's profile sees to that.
fn restrict(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn from_io(error: io::Error) -> OpenError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => OpenError::DiskFull,
        _ => OpenError::NoAccess(error),
    }
}

fn from_sqlx(error: sqlx::Error) -> OpenError {
    StoreError::from(error).into()
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull => Self::DiskFull,
            StoreError::Damaged => Self::Damaged,
            StoreError::Busy => Self::InUse,
            StoreError::NoAccess(code) => Self::NoAccess(io::Error::other(format!("database code {code}"))),
            other => Self::Other(other),
        }
    }
}

fn from_migration(error: MigrateError) -> OpenError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => from_sqlx(error),
        other => OpenError::Other(StoreError::Database(sqlx::Error::Migrate(Box::new(other)))),
    }
}
