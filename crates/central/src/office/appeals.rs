//! Appeals that wait, and their answers.

use prakerja_protocol::application::AppealRecord;
use serde::Serialize;
use uuid::Uuid;

use super::OfficeError;
use crate::db::Id;
use crate::registration::operator;
use crate::state::Central;
use crate::sync::Place;

/// An appeal that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Its id.
    pub id: Uuid,
    /// Number of the case.
    pub case_number: String,
    /// When it came, Unix milliseconds.
    pub received_at: i64,
    /// What the person wrote.
    pub text: String,
}

/// Longest answer, in characters.
const LONGEST: usize = 2_000;

/// Appeals that wait, the oldest first; at most 500.
///
/// # Errors
/// Any error of the database.
pub async fn list(central: &Central) -> Result<Vec<Waiting>, OfficeError> {
    let rows: Vec<(Id, Id, String, i64, Vec<u8>)> = sqlx::query_as(
        "select appeal.person_id, appeal.id, registration.case_number, appeal.received_at, record.data
         from appeal join registration on registration.person_id = appeal.person_id
         join record on record.person_id = appeal.person_id and record.kind = 'appeal' and record.id = appeal.id
         where appeal.open = 1 order by appeal.received_at limit 500",
    )
    .fetch_all(central.db.read())
    .await?;
    let sealer = central.sealer()?;
    rows.into_iter()
        .map(|(person, id, case_number, received_at, sealed)| {
            let place = Place { person: person.0, kind: "appeal", id: id.0 };
            let record: AppealRecord =
                sealer.open(place, &sealed).map_err(|error| OfficeError::Internal(error.to_string()))?;
            Ok(Waiting { id: id.0, case_number, received_at, text: record.text })
        })
        .collect()
}

/// Answers an appeal; granting it lifts the block.
///
/// # Errors
/// `not-found`, `text`.
pub async fn answer(central: &Central, id: Uuid, granted: bool, text: &str) -> Result<(), OfficeError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(OfficeError::refused("text", "an answer has 1 to 2,000 characters"));
    }
    Ok(operator::answer_appeal(central, id, granted, text).await?)
}
