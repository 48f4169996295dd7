//! Ids in rows: sixteen bytes.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::StoreError;

/// Stands for the account of what was typed before there was one.
pub const NOBODY: Uuid = Uuid::nil();

/// An id as the parameter of a statement.
pub(crate) fn blob(id: &Uuid) -> &[u8] {
    id.as_bytes()
}

/// The id in a column.
pub(crate) fn id(row: &SqliteRow, column: &'static str) -> Result<Uuid, StoreError> {
    let bytes: &[u8] = row.try_get(column)?;
    Uuid::from_slice(bytes).map_err(|_| StoreError::Unreadable { what: column })
}

/// The id in a column that may be null.
pub(crate) fn maybe_id(row: &SqliteRow, column: &'static str) -> Result<Option<Uuid>, StoreError> {
    let bytes: Option<&[u8]> = row.try_get(column)?;
    bytes.map(Uuid::from_slice).transpose().map_err(|_| StoreError::Unreadable { what: column })
}

/// Reads JSON text of a column.
pub(crate) fn json<T: serde::de::DeserializeOwned>(text: &str, what: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Unreadable { what })
}

/// Ids as a JSON array of text, for `json_each`.
pub(crate) fn id_list(ids: &[Uuid]) -> String {
    serde_json::Value::from(ids.iter().map(Uuid::to_string).collect::<Vec<_>>()).to_string()
}
