//! What the operator sees of errands: kinds, ages and failures, nothing of whom they are about. Beside them the results of
//! tests that are overdue: nobody else would miss them.

use std::io::Write;

use jiff::Timestamp;
use sqlx::FromRow;

use crate::clock::Clock;
use crate::config::{ConfigError, Folder};
use crate::db::Db;

/// The errands could not be listed.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The folder.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error("the database could not be read")]
    Database(#[from] sqlx::Error),
    /// The terminal.
    #[error("the list could not be printed")]
    Print(#[from] std::io::Error),
}

/// An errand that waits.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Waiting {
    /// What is asked.
    pub kind: String,
    /// Since when, Unix milliseconds.
    pub made_at: i64,
    /// Failures in a row.
    pub failures: i64,
    /// Code of the newest.
    pub last_failure: Option<String>,
}

/// All errands that wait, those that fail most first.
///
/// # Errors
/// Any error of the database.
pub async fn waiting(db: &Db) -> Result<Vec<Waiting>, sqlx::Error> {
    sqlx::query_as("select kind, made_at, failures, last_failure from errand order by failures desc, made_at, id")
        .fetch_all(db.read())
        .await
}

/// Prints one line an errand, and one a test whose result is overdue.
///
/// # Errors
/// [`ListError`].
pub async fn run(folder: Folder, out: &mut impl Write) -> Result<(), ListError> {
    let db = Db::open_existing(&folder.path()?.join("central.db")).await?;
    let errands = waiting(&db).await?;
    let overdue = crate::ability_test::operator::overdue(&db, Clock::System.now_ms()).await?;
    db.close().await;
    let time = |ms| Timestamp::from_millisecond(ms).map_or_else(|_| String::new(), |at| at.to_string());
    for errand in errands {
        let since = time(errand.made_at);
        let failure = errand.last_failure.as_deref().unwrap_or("-");
        writeln!(out, "{}\t{since}\tfailures: {}\t{failure}", errand.kind, errand.failures)?;
    }
    for due in overdue {
        writeln!(out, "test result\t{}\toverdue", time(due))?;
    }
    Ok(())
}
