//! Locking of accounts by the operator.

use std::path::{Path, PathBuf};

use prakerja_domain::email::Email;
use uuid::Uuid;

use crate::clock::Clock;
use crate::db::{Db, Id};

/// What to do with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nobody gets in any more.
    Lock,
    /// As before.
    Unlock,
}

/// The command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// There is no database yet.
    #[error("there is no database in {0}; start central once")]
    NoDatabase(PathBuf),
    /// No account has this address.
    #[error("no account has this address")]
    NoAccount,
    /// The database refused.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
}

/// The person of an address in the database of `data`, who is named in the audit log instead of the address.
///
/// # Errors
/// [`OperatorError`].
pub async fn person(data: &Path, email: &str) -> Result<Uuid, OperatorError> {
    let db = open(data).await?;
    let row: Option<(Id,)> = sqlx::query_as("select id from person where email = $1")
        .bind(address(email)?.as_str())
        .fetch_optional(db.read())
        .await?;
    db.close().await;
    row.map(|(id,)| id.0).ok_or(OperatorError::NoAccount)
}

async fn open(data: &Path) -> Result<Db, OperatorError> {
    let file = data.join("central.db");
    if !file.exists() {
        return Err(OperatorError::NoDatabase(data.to_owned()));
    }
    Ok(Db::open_existing(&file).await?)
}

fn address(email: &str) -> Result<Email, OperatorError> {
    Email::parse(email).map_err(|_| OperatorError::NoAccount)
}

/// Locks or unlocks the account of an address in the database of `data`.
///
/// # Errors
/// [`OperatorError`].
pub async fn change(data: &Path, email: &str, to: Change) -> Result<(), OperatorError> {
    let db = open(data).await?;
    let email = address(email)?;
    let locked_at = (to == Change::Lock).then(|| Clock::System.now_ms());
    let mut tx = db.begin().await?;
    let changed = sqlx::query("update person set locked_at = $1 where email = $2")
        .bind(locked_at)
        .bind(email.as_str())
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    db.close().await;
    if changed.rows_affected() == 0 { Err(OperatorError::NoAccount) } else { Ok(()) }
}
