//! Locking of accounts by the operator.

use std::path::{Path, PathBuf};

use prakerja_domain::email::Email;

use crate::clock::Clock;
use crate::db::Db;

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

/// Locks or unlocks the account of an address in the database of `data`.
///
/// # Errors
/// [`OperatorError`].
pub async fn change(data: &Path, email: &str, to: Change) -> Result<(), OperatorError> {
    let file = data.join("central.db");
    if !file.exists() {
        return Err(OperatorError::NoDatabase(data.to_owned()));
    }
    let email = Email::parse(email).map_err(|_| OperatorError::NoAccount)?;
    let locked_at = (to == Change::Lock).then(|| Clock::System.now_ms());
    let db = Db::open_existing(&file).await?;
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
