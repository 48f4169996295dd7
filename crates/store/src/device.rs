//! This computer's name towards central.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::ids::id;
use crate::{Store, StoreError};

/// This computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: Uuid,
    /// When the database was made.
    pub created_at: i64,
}

impl Store {
    /// This computer.
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here.
    pub async fn device(&self) -> Result<Device, StoreError> {
        let row = sqlx::query("select id, created_at from device").fetch_one(self.readers()).await?;
        read(&row)
    }
}

fn read(row: &SqliteRow) -> Result<Device, StoreError> {
    Ok(Device { id: id(row, "id")?, created_at: row.try_get("created_at")? })
}
