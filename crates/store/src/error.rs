//! What can go wrong, told apart where the person has a different way out.
//!
//! Opening has its own enum: a window that cannot open its data needs other words than one whose save failed.

use std::borrow::Cow;
use std::sync::LazyLock;

use sqlx::error::DatabaseError;
use tokio::sync::watch;

/// The database cannot be used. Nothing was changed on disk.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no database at this place.
    #[error("there is no database")]
    Missing,
    /// A database is there already: a new key is never made over it.
    #[error("there is a database already")]
    AlreadyExists,
    /// The key is not the one that this database was made with.
    #[error("the key does not fit the database")]
    WrongKey,
    /// The key is right and the file cannot be read.
    #[error("the database is damaged")]
    Damaged,
    /// A newer version of the app wrote it.
    #[error("the database has schema {found}, this version knows {known}")]
    NewerSchema {
        /// Version in the file.
        found: i64,
        /// Newest version known here.
        known: i64,
    },
    /// Another process has it open.
    #[error("another process has the database open")]
    InUse,
    /// The engine came without encryption; it would write plain text and accept any key.
    #[error("the database engine has no encryption")]
    NoEncryption,
    /// No room on the disk.
    #[error("the disk is full")]
    DiskFull,
    /// The folder or a file in it may not be read or written.
    #[error("no access to the database folder")]
    NoAccess(#[source] std::io::Error),
    /// Anything else; a defect.
    #[error("the database cannot be opened")]
    Other(#[source] StoreError),
}

/// An operation failed. Its transaction was rolled back as a whole.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room on the disk.
    #[error("the disk is full")]
    DiskFull,
    /// A page of the file cannot be read.
    #[error("the database is damaged")]
    Damaged,
    /// The file may not be written, or the disk fails. SQLite's extended code.
    #[error("the database file cannot be read or written (code {0})")]
    NoAccess(i32),
    /// Something holds the file (a backup tool, a virus scanner) for longer than five seconds.
    #[error("the database is busy")]
    Busy,
    /// [`crate::Store::close`] was called.
    #[error("the store is closed")]
    Closed,
    /// A page of another epoch than the one that the feed was read in: take a snapshot.
    #[error("the page is of another epoch")]
    OtherEpoch,
    /// A catalogue delta that does not build upon the stored version: fetch everything.
    #[error("the delta does not build upon the stored version")]
    WrongBase,
    /// A stored value cannot be read; a defect.
    #[error("a stored {what} cannot be read")]
    Unreadable {
        /// Which value.
        what: &'static str,
    },
    /// Anything else; a defect.
    #[error("database error")]
    Database(#[source] sqlx::Error),
}

impl StoreError {
    /// True when the same call may succeed later without anybody doing anything.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Busy)
    }

    /// True when the file could not be written, which a quota or some file systems say of a full disk too.
    pub(crate) fn may_mean_full(&self) -> bool {
        matches!(self, Self::NoAccess(code::IOERR_WRITE | code::IOERR_FSYNC | code::IOERR_TRUNCATE))
    }
}

/// Hears whenever an operation of any store in this process met a damaged page. Which store it was is told by
/// [`crate::Store::check_integrity`]: a connection of SQLCipher that met such a page is of no use any more.
pub fn damage() -> watch::Receiver<u64> {
    DAMAGE.subscribe()
}

static DAMAGE: LazyLock<watch::Sender<u64>> = LazyLock::new(|| watch::channel(0).0);

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => Self::Closed,
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::Database(cause) => match extended_code(cause.as_ref()).map(|code| (code & 0xff, code)) {
                // A full disk on which the index of the journal cannot grow.
                Some((code::FULL, _) | (_, code::IOERR_SHMSIZE)) => Self::DiskFull,
                Some((code::CORRUPT | code::NOTADB, _)) => {
                    DAMAGE.send_modify(|met| *met += 1);
                    Self::Damaged
                }
                Some((code::BUSY | code::LOCKED, _)) => Self::Busy,
                Some((code::PERM | code::READONLY | code::IOERR | code::CANTOPEN, code)) => Self::NoAccess(code),
                _ => Self::Database(error),
            },
            _ => Self::Database(error),
        }
    }
}

/// SQLite's result codes that matter here (<https://www.sqlite.org/rescode.html>).
pub(crate) mod code {
    pub(crate) const PERM: i32 = 3;
    pub(crate) const BUSY: i32 = 5;
    pub(crate) const LOCKED: i32 = 6;
    pub(crate) const READONLY: i32 = 8;
    pub(crate) const IOERR: i32 = 10;
    pub(crate) const CORRUPT: i32 = 11;
    pub(crate) const FULL: i32 = 13;
    pub(crate) const CANTOPEN: i32 = 14;
    pub(crate) const NOTADB: i32 = 26;

    pub(crate) const IOERR_WRITE: i32 = IOERR | (3 << 8);
    pub(crate) const IOERR_FSYNC: i32 = IOERR | (4 << 8);
    pub(crate) const IOERR_TRUNCATE: i32 = IOERR | (6 << 8);
    pub(crate) const IOERR_SHMSIZE: i32 = IOERR | (19 << 8);
}

/// SQLite's extended result code; its low byte is the primary one.
fn extended_code(error: &dyn DatabaseError) -> Option<i32> {
    let text: Cow<'_, str> = error.code()?;
    text.parse().ok()
}
