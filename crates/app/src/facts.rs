//! What this computer keeps for itself beside the records of central, as JSON in the store's facts. One that cannot be read,
//! as another version wrote it, counts as absent.

use prakerja_store::Store;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::error::Answer;
use crate::ipc::IpcError;

/// Reads a fact.
pub(crate) async fn read<T: DeserializeOwned>(store: &Store, person: Uuid, name: &str) -> Answer<Option<T>> {
    let text = store.fact(person, name).await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Writes a fact.
pub(crate) async fn keep<T: Serialize + Sync>(store: &Store, person: Uuid, name: &str, fact: &T) -> Answer<()> {
    let text = serde_json::to_string(fact).map_err(|error| IpcError::defect("fact", &error))?;
    Ok(store.set_fact(person, name, Some(&text)).await?)
}
