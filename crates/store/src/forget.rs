//! Forgetting an account whose person closed it: nothing of it stays on this computer.

use sqlx::Row;
use uuid::Uuid;

use crate::ids::blob;
use crate::{Store, StoreError};

/// Whatever is somebody's; `$1` is the account. What depends on a command of the outbox goes with it.
const STATEMENTS: [&str; 12] = [
    "delete from fact where account = $1",
    "delete from draft where account = $1",
    "delete from photo_draft where account = $1",
    "delete from record where account = $1",
    "delete from record_shadow where account = $1",
    "delete from snapshot where account = $1",
    "delete from feed where account = $1",
    "delete from receipt where account = $1",
    "delete from outbox where account = $1",
    // A code that its address waits for.
    "delete from sign_up where (email, origin) = (select email, origin from account where id = $1)",
    "delete from account where id = $1",
    // Last: its files are named by what it returns.
    "delete from upload where account = $1 returning file",
];

impl Store {
    /// Forgets an account: queue, drafts, records, receipts, photo, session. What belongs to others and to the computer stays.
    /// Forgotten once more it may take away what was stored meanwhile. True when it was current; nobody is then.
    ///
    /// Deleted pages are overwritten (`secure_delete`), and the log that had them is cut, as far as nobody reads from it.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was forgotten.
    pub async fn forget(&self, account: Uuid) -> Result<bool, StoreError> {
        let (was_current, files) = self.with_reserve(|| self.forget_once(account)).await?;
        self.remove_files(files).await;
        self.cut_log().await;
        Ok(was_current)
    }

    async fn forget_once(&self, account: Uuid) -> Result<(bool, Vec<String>), StoreError> {
        let mut write = self.write().await?;
        let current = sqlx::query("update device set current = null where current = $1");
        let was_current = current.bind(blob(&account)).execute(&mut *write).await?.rows_affected() > 0;
        let mut files = Vec::new();
        for statement in STATEMENTS {
            let rows = sqlx::query(statement).bind(blob(&account)).fetch_all(&mut *write).await?;
            for row in rows {
                files.push(row.try_get("file")?);
            }
        }
        write.commit().await?;
        Ok((was_current, files))
    }
}
