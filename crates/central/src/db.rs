//! The database: one connection that writes, several that read.
//!
//! SQLite has one writer at a time anyway. Waiting for our own single connection is fair, while two that write race for
//! the file's lock. The second process, an operator's command, is the exception: who then waits for longer than five
//! seconds gets `SQLITE_BUSY`, which a request answers with `busy` ([`is_busy`]). Everything is durable before it is
//! answered (`synchronous=FULL`).

use std::path::Path;
use std::time::Duration;

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Database, Decode, Encode, Sqlite, Transaction, Type};
use uuid::Uuid;

/// The database's schema, embedded.
pub static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Connections that read at the same time.
const READERS: u32 = 4;

/// Longest wait for the lock of another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Both pools.
#[derive(Debug, Clone)]
pub struct Db {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Db {
    /// Opens or makes the file and brings it to the newest schema.
    ///
    /// # Errors
    /// Any error of the database or of a migration.
    pub async fn open(file: &Path) -> Result<Self, sqlx::Error> {
        make_private(file)?;
        let options = options(file);
        let writer = writer(options.clone()).await?;
        MIGRATIONS.run(&writer).await?;
        Self::with_readers(writer, options).await
    }

    /// Opens the file of a central, which may be running, for an operator's command. The schema is central's business.
    ///
    /// # Errors
    /// Any error of the database, also when there is no file.
    pub async fn open_existing(file: &Path) -> Result<Self, sqlx::Error> {
        let options = options(file);
        Self::with_readers(writer(options.clone()).await?, options).await
    }

    async fn with_readers(writer: SqlitePool, options: SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(Duration::from_secs(5))
            .connect_with(options.pragma("query_only", "on"))
            .await?;
        Ok(Self { writer, readers })
    }

    /// Notes in a new database whether it is a demo's; says for any what was noted.
    ///
    /// # Errors
    /// Any error of the database.
    pub async fn claim(&self, demo: bool) -> Result<bool, sqlx::Error> {
        let mut tx = self.begin().await?;
        sqlx::query("insert into made_for (one, demo) values (1, $1) on conflict (one) do nothing")
            .bind(i64::from(demo))
            .execute(&mut *tx)
            .await?;
        let noted: i64 = sqlx::query_scalar("select demo from made_for where one = 1").fetch_one(&mut *tx).await?;
        tx.commit().await?;
        Ok(noted == 1)
    }

    /// Begins a transaction that may write. It takes SQLite's write lock at once: a deferred one fails when it turns from
    /// reading to writing (measured: 345 of 400).
    ///
    /// # Errors
    /// [`sqlx::Error::PoolTimedOut`] when other writers took too long, `SQLITE_BUSY` when another process did.
    pub async fn begin(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        self.writer.begin_with("begin immediate").await
    }

    /// For statements that only read, each seeing what is committed at its time.
    pub fn read(&self) -> &SqlitePool {
        &self.readers
    }

    /// Folds the write-ahead log into the file and cuts it: pages from before something was deleted are in there. While
    /// somebody reads from it, it stays for another time: waiting for readers (a backup, the list of a draw) would keep
    /// everybody from writing. True when it was cut.
    pub async fn cut_log(&self) -> bool {
        match self.cut_log_at_once().await {
            Ok(cut) => cut,
            Err(error) => {
                tracing::warn!(%error, "the write-ahead log could not be cut");
                false
            }
        }
    }

    async fn cut_log_at_once(&self) -> Result<bool, sqlx::Error> {
        let mut writer = self.writer.acquire().await?;
        sqlx::query("pragma busy_timeout = 0").execute(&mut *writer).await?;
        let cut = sqlx::query_as("pragma wal_checkpoint(truncate)").fetch_one(&mut *writer).await;
        let patience = format!("pragma busy_timeout = {}", BUSY_TIMEOUT.as_millis());
        sqlx::query(sqlx::AssertSqlSafe(patience)).execute(&mut *writer).await?;
        // Busy or not, pages in the log, pages of them that are in the file.
        let (busy, _, _): (i64, i64, i64) = cut?;
        Ok(busy == 0)
    }

    /// Closes all connections; the write-ahead log is folded into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // What is deleted is overwritten: free pages would keep whoever closed the account.
        .pragma("secure_delete", "on")
        .busy_timeout(BUSY_TIMEOUT)
}

async fn writer(options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options)
        .await
}

/// Makes the file when there is none, for its owner only; SQLite gives its other files the same rights. The folder may be
/// one that others can look into.
fn make_private(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

/// True when another process held the file's lock for too long: nothing was done.
pub fn is_busy(error: &sqlx::Error) -> bool {
    // The low byte of an extended code is the code itself: 5 is SQLITE_BUSY.
    let code = error.as_database_error().and_then(|error| error.code()).and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}

/// An id as the database keeps it: 16 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub Uuid);

impl<DB: Database> Type<DB> for Id
where
    Vec<u8>: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <Vec<u8> as Type<DB>>::type_info()
    }

    fn compatible(ty: &DB::TypeInfo) -> bool {
        <Vec<u8> as Type<DB>>::compatible(ty)
    }
}

impl<'q, DB: Database> Encode<'q, DB> for Id
where
    Vec<u8>: Encode<'q, DB>,
{
    fn encode_by_ref(&self, buffer: &mut <DB as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.0.as_bytes().to_vec().encode(buffer)
    }
}

impl<'r, DB: Database> Decode<'r, DB> for Id
where
    Vec<u8>: Decode<'r, DB>,
{
    fn decode(value: <DB as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(Uuid::from_slice(&<Vec<u8> as Decode<DB>>::decode(value)?)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ApiError;

    #[tokio::test]
    async fn a_lock_of_another_process_is_busy_and_no_defect() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("central.db");
        let db = Db::open(&file).await.unwrap();
        let impatient = writer(options(&file).busy_timeout(Duration::ZERO)).await.unwrap();
        let _held = db.begin().await.unwrap();
        let error = impatient.begin_with("begin immediate").await.unwrap_err();
        assert!(is_busy(&error), "{error:?}");
        let ApiError::Problem(problem) = error.into() else { panic!("a defect") };
        assert_eq!(problem.status, 503);
        assert!(problem.retry_after_ms.is_some());
    }

    #[tokio::test]
    async fn the_log_is_cut_without_waiting_for_readers() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("central.db");
        let db = Db::open(&file).await.unwrap();
        let log = || std::fs::metadata(folder.path().join("central.db-wal")).unwrap().len();
        let mut reading = db.read().begin().await.unwrap();
        let count = "select count(*) from person";
        let _: i64 = sqlx::query_scalar(count).fetch_one(&mut *reading).await.unwrap();
        db.claim(false).await.unwrap();
        let waiting = std::time::Instant::now();
        assert!(!db.cut_log().await);
        assert!(waiting.elapsed() < BUSY_TIMEOUT / 2, "{:?}", waiting.elapsed());
        assert!(log() > 0);
        // Dropped, it would be rolled back some time later.
        reading.rollback().await.unwrap();
        assert!(db.cut_log().await);
        assert_eq!(log(), 0);
        let mut writer = db.writer.acquire().await.unwrap();
        let patience: i64 = sqlx::query_scalar("pragma busy_timeout").fetch_one(&mut *writer).await.unwrap();
        assert_eq!(u128::try_from(patience).unwrap(), BUSY_TIMEOUT.as_millis());
    }

    #[tokio::test]
    async fn an_operators_command_makes_no_database_and_no_schema() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("central.db");
        assert!(Db::open_existing(&file).await.is_err());
        assert!(!file.exists());
        std::fs::write(&file, b"").unwrap();
        let db = Db::open_existing(&file).await.unwrap();
        let tables: i64 = sqlx::query_scalar("select count(*) from sqlite_schema").fetch_one(db.read()).await.unwrap();
        assert_eq!(tables, 0);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nobody_else_can_read_the_files() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&folder.path().join("central.db")).await.unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
            let mode = file.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", file.path().display());
        }
        db.close().await;
    }
}
