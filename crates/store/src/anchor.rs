//! The best genuine time that central told: deadlines are shown by it, never by this computer's clock alone, and it is
//! evidence of when a command was made. It is of the central in use: another address begins without one.

use sqlx::Row;
use uuid::Uuid;

use crate::ids::{blob, id};
use crate::{Store, StoreError};

/// A moment on three clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// Central's clock.
    pub server_ms: i64,
    /// This computer's wall clock at the same moment.
    pub device_ms: i64,
    /// Round trip of the answer that told it; half of it is the error.
    pub rtt_ms: i64,
    /// The start of this computer that `steady_ms` counts from.
    pub boot: Uuid,
    /// A clock of this computer that nobody can set, at the same moment.
    pub steady_ms: i64,
}

impl Store {
    /// Stores the anchor. The caller chooses which is best (lowest round trip within a day).
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here.
    pub async fn save_anchor(&self, anchor: &Anchor) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        sqlx::query(
            "insert or replace into server_anchor (only, server_ms, device_ms, rtt_ms, boot, steady_ms)
             values (1, $1, $2, $3, $4, $5)",
        )
        .bind(anchor.server_ms)
        .bind(anchor.device_ms)
        .bind(anchor.rtt_ms)
        .bind(blob(&anchor.boot))
        .bind(anchor.steady_ms)
        .execute(&mut *write)
        .await?;
        write.commit().await
    }

    /// The stored anchor.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn anchor(&self) -> Result<Option<Anchor>, StoreError> {
        let row = sqlx::query("select server_ms, device_ms, rtt_ms, boot, steady_ms from server_anchor");
        let Some(row) = row.fetch_optional(self.readers()).await? else { return Ok(None) };
        Ok(Some(Anchor {
            server_ms: row.try_get("server_ms")?,
            device_ms: row.try_get("device_ms")?,
            rtt_ms: row.try_get("rtt_ms")?,
            boot: id(&row, "boot")?,
            steady_ms: row.try_get("steady_ms")?,
        }))
    }
}
