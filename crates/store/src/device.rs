//! This computer's name towards central.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::ids::{blob, id};
use crate::{Store, StoreError};

/// This computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: Uuid,
    /// Grows whenever the caller says so; a copy of it outside of the database tells an old backup (`sync.md` fault 61).
    pub generation: u64,
    /// When the database was made.
    pub created_at: i64,
}

impl Store {
    /// This computer.
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here.
    pub async fn device(&self) -> Result<Device, StoreError> {
        let row = sqlx::query("select id, generation, created_at from device").fetch_one(self.readers()).await?;
        read(&row)
    }

    /// Counts the generation up and gives it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn advance_generation(&self) -> Result<Device, StoreError> {
        let mut write = self.write().await?;
        let row = sqlx::query("update device set generation = generation + 1 returning id, generation, created_at")
            .fetch_one(&mut *write)
            .await?;
        write.commit().await?;
        read(&row)
    }

    /// Gives this computer a new id: the database came from an old backup.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rename_device(&self) -> Result<Device, StoreError> {
        let mut write = self.write().await?;
        let row =
            sqlx::query("update device set id = $1, generation = generation + 1 returning id, generation, created_at")
                .bind(blob(&Uuid::now_v7()))
                .fetch_one(&mut *write)
                .await?;
        write.commit().await?;
        read(&row)
    }
}

fn read(row: &SqliteRow) -> Result<Device, StoreError> {
    let generation: i64 = row.try_get("generation")?;
    Ok(Device { id: id(row, "id")?, generation: generation.unsigned_abs(), created_at: row.try_get("created_at")? })
}
