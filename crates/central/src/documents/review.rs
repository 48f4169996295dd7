//! The office looks at photos: what waits, the picture itself, and the decision. Commands and the operator's API call this.
//!
//! A photo may come whenever the person has it, and the office looks at it when its turn has come: once the registry knows
//! the person. Before, name and number may still change, and a card that was accepted would stay accepted for another's.

use prakerja_domain::registration::{DocumentRefusal, DocumentState, RegistrationState, StepRefusal};
use uuid::Uuid;

use super::pictures;
use super::record::{Document, Verdict};
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::registration::case::Case;
use crate::state::Central;
use crate::sync::Change;
use crate::word::word;

/// A photo that waits for the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Whose it is.
    pub person: Uuid,
    /// The document.
    pub document: Uuid,
    /// The number of the person's case.
    pub case_number: String,
    /// Since when it waits, Unix milliseconds.
    pub at: i64,
}

/// What the office decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The photo is good.
    Accept,
    /// It is not, for this reason and in these words.
    Refuse {
        /// Why.
        reason: DocumentRefusal,
        /// Own words for the person, if any.
        note: Option<String>,
    },
}

/// Photos whose turn it is, longest first.
///
/// # Errors
/// Any error of the database.
pub async fn waiting(central: &Central, limit: u32) -> ApiResult<Vec<Waiting>> {
    let rows: Vec<(Id, Id, String, i64)> = sqlx::query_as(
        "select document.person_id, document.id, registration.case_number, document.at
         from document join registration on registration.person_id = document.person_id
         where document.state = 'received' and registration.state = $1 order by document.at limit $2",
    )
    .bind(word(RegistrationState::KtpPhotoSubmitted))
    .bind(i64::from(limit))
    .fetch_all(central.db.read())
    .await?;
    let waiting = |(person, document, case_number, at): (Id, Id, String, i64)| Waiting {
        person: person.0,
        document: document.0,
        case_number,
        at,
    };
    Ok(rows.into_iter().map(waiting).collect())
}

/// The picture as JPEG.
///
/// # Errors
/// `not-found` when there is no such document or its picture was removed.
pub async fn picture(central: &Central, person: Uuid, document: Uuid) -> ApiResult<Vec<u8>> {
    let row: Option<(Option<String>,)> = sqlx::query_as("select file from document where person_id = $1 and id = $2")
        .bind(Id(person))
        .bind(Id(document))
        .fetch_optional(central.db.read())
        .await?;
    let name = row.and_then(|(file,)| file).ok_or_else(ApiError::not_found)?;
    pictures::whole(central, person, document, &name).await
}

/// Decides about a photo that waits. The same decision again changes nothing. A refused picture is removed.
///
/// # Errors
/// `not-found` when there is no such document; `already-applied` when it was decided otherwise or its bytes never came;
/// `step-refused` when its turn has not come.
pub async fn review(central: &Central, person: Uuid, document: Uuid, decision: Decision) -> ApiResult<()> {
    let mut change = Change::begin(central).await?;
    let records = &mut change.records(person);
    let mut found = Document::find(records, person, document).await?.ok_or_else(ApiError::not_found)?;
    match (found.record.state, &decision) {
        (DocumentState::Received, _) => {}
        (DocumentState::Accepted, Decision::Accept) => return Ok(()),
        (DocumentState::Rejected, Decision::Refuse { reason, note })
            if found.record.refusal == Some(*reason) && found.record.note == *note =>
        {
            return Ok(());
        }
        _ => {
            let code = prakerja_protocol::problem::ProblemCode::AlreadyApplied;
            return Err(ApiError::new(code, 409, "the document does not wait for a decision"));
        }
    }
    let case = Case::load(records, person).await?;
    // Refused it may be at any time: then another one can be sent.
    let accepts = matches!(decision, Decision::Accept);
    if accepts && case.record.facts.state() != RegistrationState::KtpPhotoSubmitted {
        return Err(case.refusal(StepRefusal::TooEarly).into());
    }
    let (verdict, removed) = match decision {
        Decision::Accept => (Verdict::Accepted, None),
        Decision::Refuse { reason, note } => (Verdict::Rejected(reason, note), found.file.take()),
    };
    found.conclude(records, verdict).await?;
    change.commit().await?;
    if let Some(name) = removed {
        pictures::remove(central, &name).await;
    }
    Ok(())
}
