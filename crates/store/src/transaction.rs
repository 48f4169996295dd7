//! Transactions that end for certain.
//!
//! On a full disk or a failing one SQLite rolls back by itself. sqlx's own transactions do not notice: their roll-back
//! then fails, they stay "open", and the only writing connection could never begin another one. This one asks nothing of
//! SQLite's state: when it was not committed, it is rolled back before its connection is used again, whether it is still
//! open or not.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqlitePool;
use sqlx::{Sqlite, SqliteConnection};

use crate::StoreError;

/// An open transaction. Dropped without [`Guard::commit`], nothing of it stays.
pub(crate) struct Guard {
    connection: PoolConnection<Sqlite>,
    open: bool,
    /// Told when the transaction was given up: the next one on the connection rolls it back first.
    given_up: Option<Arc<AtomicBool>>,
}

/// Begins a transaction that writes, on the only connection that does. It takes the write lock at once, so that it never
/// fails half-way for want of it.
pub(crate) async fn write(pool: &SqlitePool, given_up: &Arc<AtomicBool>) -> Result<Guard, StoreError> {
    let connection = pool.acquire().await?;
    // From here on a dropped future counts as given up: a statement may be on its way to SQLite already.
    let mut guard = Guard { connection, open: true, given_up: Some(Arc::clone(given_up)) };
    if given_up.swap(false, Ordering::SeqCst) {
        // Fails when SQLite has rolled back by itself, which is as good; if anything else is wrong, beginning fails too.
        let _ = sqlx::query("rollback").execute(&mut *guard).await;
    }
    sqlx::query("begin immediate").execute(&mut *guard).await?;
    Ok(guard)
}

/// Begins a transaction that reads one moment. A connection on which one was given up is not used again.
pub(crate) async fn read(pool: &SqlitePool) -> Result<Guard, StoreError> {
    let connection = pool.acquire().await?;
    let mut guard = Guard { connection, open: true, given_up: None };
    sqlx::query("begin").execute(&mut *guard).await?;
    Ok(guard)
}

impl Guard {
    /// Makes it durable. After an error nothing of it stays.
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        sqlx::query("commit").execute(&mut *self).await?;
        self.open = false;
        Ok(())
    }
}

impl Deref for Guard {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for Guard {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.open {
            return;
        }
        match &self.given_up {
            Some(given_up) => given_up.store(true, Ordering::SeqCst),
            None => self.connection.close_on_drop(),
        }
    }
}
