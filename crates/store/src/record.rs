//! What central said: one row a record, with the members that this version does not know.

use serde_json::Value;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::ids::{blob, id, json};
use crate::{Store, StoreError};

/// A record that lives.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Kind: `profile`, `enrolment`, ...
    pub kind: String,
    /// Its id.
    pub id: Uuid,
    /// Its revision.
    pub rev: i64,
    /// Its content, verbatim.
    pub data: Value,
}

impl Store {
    /// One record; absent when it does not live.
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here.
    pub async fn record(&self, account: Uuid, kind: &str, record: Uuid) -> Result<Option<Record>, StoreError> {
        let row = sqlx::query(
            "select kind, id, rev, data from record where account = $1 and kind = $2 and id = $3 and data is not null",
        )
        .bind(blob(&account))
        .bind(kind)
        .bind(blob(&record))
        .fetch_optional(self.readers())
        .await?;
        row.as_ref().map(read).transpose()
    }

    /// The living records of a kind.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn records(&self, account: Uuid, kind: &str) -> Result<Vec<Record>, StoreError> {
        sqlx::query(
            "select kind, id, rev, data from record where account = $1 and kind = $2 and data is not null order by id",
        )
        .bind(blob(&account))
        .bind(kind)
        .fetch_all(self.readers())
        .await?
        .iter()
        .map(read)
        .collect()
    }

    /// Kind, id and revision of every living record: what the state hash is computed from.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn live_records(&self, account: Uuid) -> Result<Vec<(String, Uuid, i64)>, StoreError> {
        sqlx::query("select kind, id, rev from record where account = $1 and data is not null order by kind, id")
            .bind(blob(&account))
            .fetch_all(self.readers())
            .await?
            .iter()
            .map(|row| Ok((row.try_get("kind")?, id(row, "id")?, row.try_get("rev")?)))
            .collect()
    }
}

pub(crate) fn read(row: &SqliteRow) -> Result<Record, StoreError> {
    let data: &str = row.try_get("data")?;
    Ok(Record { kind: row.try_get("kind")?, id: id(row, "id")?, rev: row.try_get("rev")?, data: json(data, "record")? })
}
