//! Photos that wait for a person of the office: the picture, and what is decided about it.

use prakerja_domain::registration::DocumentRefusal;
use serde::Serialize;
use uuid::Uuid;

use super::OfficeError;
use crate::db::Id;
use crate::documents::review::{self, Decision};
use crate::state::Central;
use crate::word::word;

/// Photos in one list.
const MOST: u32 = 500;

/// A photo that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// The document.
    pub document: Uuid,
    /// Number of the case.
    pub case_number: String,
    /// Since when, Unix milliseconds.
    pub at: i64,
}

/// Photos that wait, longest first; at most 500.
///
/// # Errors
/// Any error of the database.
pub async fn list(central: &Central) -> Result<Vec<Waiting>, OfficeError> {
    let waiting = review::waiting(central, MOST).await?.into_iter();
    Ok(waiting
        .map(|photo| Waiting { document: photo.document, case_number: photo.case_number, at: photo.at })
        .collect())
}

/// The picture as JPEG.
///
/// # Errors
/// `not-found`.
pub async fn picture(central: &Central, document: Uuid) -> Result<Vec<u8>, OfficeError> {
    Ok(review::picture(central, person_of(central, document).await?, document).await?)
}

/// Accepts a photo.
///
/// # Errors
/// `not-found`, `decided`.
pub async fn accept(central: &Central, document: Uuid) -> Result<(), OfficeError> {
    decide(central, document, Decision::Accept).await
}

/// Refuses a photo; reason and note are shown to the person, who may send another.
///
/// # Errors
/// `not-found`, `decided`.
pub async fn refuse(
    central: &Central,
    document: Uuid,
    reason: DocumentRefusal,
    note: Option<String>,
) -> Result<(), OfficeError> {
    decide(central, document, Decision::Refuse { reason, note }).await
}

async fn decide(central: &Central, document: Uuid, decision: Decision) -> Result<(), OfficeError> {
    let person = person_of(central, document).await?;
    Ok(review::review(central, person, document, decision).await?)
}

async fn person_of(central: &Central, document: Uuid) -> Result<Uuid, OfficeError> {
    let row: Option<(Id,)> = sqlx::query_as("select person_id from document where id = $1")
        .bind(Id(document))
        .fetch_optional(central.db.read())
        .await?;
    row.map(|(person,)| person.0).ok_or_else(|| OfficeError::refused("not-found", "there is no such document"))
}

/// Which document, in the audit log.
pub fn subject(document: Uuid) -> String {
    format!("document {document}")
}

/// The same with the word of the reason for which it is refused.
pub fn subject_with(document: Uuid, reason: DocumentRefusal) -> String {
    format!("{}, {}", subject(document), word(reason))
}

/// The refusal of a word, such as `blurred`.
pub fn reason(text: &str) -> Result<DocumentRefusal, String> {
    let word = serde_json::Value::String(text.to_owned());
    serde_json::from_value(word).map_err(|error| error.to_string())
}
