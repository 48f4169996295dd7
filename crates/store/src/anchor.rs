//! The best genuine time that central told: deadlines are shown by it, never by this computer's clock alone.

use sqlx::Row;

use crate::{Store, StoreError};

/// A moment on two clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// Central's clock.
    pub server_ms: i64,
    /// This computer's wall clock at the same moment.
    pub device_ms: i64,
    /// Round trip of the answer that told it; half of it is the error.
    pub rtt_ms: i64,
}

impl Store {
    /// Stores the anchor. The caller chooses which is best (lowest round trip within a day).
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here.
    pub async fn save_anchor(&self, anchor: &Anchor) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        sqlx::query("insert or replace into server_anchor (only, server_ms, device_ms, rtt_ms) values (1, $1, $2, $3)")
            .bind(anchor.server_ms)
            .bind(anchor.device_ms)
            .bind(anchor.rtt_ms)
            .execute(&mut *write)
            .await?;
        write.commit().await
    }

    /// The stored anchor.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn anchor(&self) -> Result<Option<Anchor>, StoreError> {
        let row = sqlx::query("select server_ms, device_ms, rtt_ms from server_anchor");
        let Some(row) = row.fetch_optional(self.readers()).await? else { return Ok(None) };
        Ok(Some(Anchor {
            server_ms: row.try_get("server_ms")?,
            device_ms: row.try_get("device_ms")?,
            rtt_ms: row.try_get("rtt_ms")?,
        }))
    }
}
