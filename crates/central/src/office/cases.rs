//! A person's case as the office sees it: by its number, personal data masked; blocking, unblocking, and the face check
//! that nobody but a person can decide.

use std::collections::BTreeMap;

use prakerja_protocol::registration::BlockReason;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::OfficeError;
use crate::db::Id;
use crate::registration::operator;
use crate::state::Central;
use crate::sync::Place;

/// What the office sees of a case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct View {
    /// Number of the case.
    pub case_number: String,
    /// The registration record.
    pub registration: Value,
    /// Personal data that help to tell people apart, masked.
    pub masked: BTreeMap<String, String>,
    /// Documents, applications, memberships (number masked) and appeals.
    pub records: Vec<Listed>,
    /// Everything that the person was told, oldest first.
    pub history: Vec<Value>,
}

/// One record of a case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listed {
    /// Kind of record.
    pub kind: String,
    /// Its id.
    pub id: Uuid,
    /// Its content.
    pub content: Value,
}

/// Reasons of a block by their words.
pub const REASONS: [(&str, BlockReason); 7] = [
    ("false_data", BlockReason::FalseData),
    ("automation", BlockReason::Automation),
    ("proxy", BlockReason::Proxy),
    ("missed_first_purchase", BlockReason::MissedFirstPurchase),
    ("unfinished_training", BlockReason::UnfinishedTraining),
    ("terms_broken", BlockReason::TermsBroken),
    ("other", BlockReason::Other),
];

/// A case as the audit log names it. What is no case number may be anything, even an identity number: it is left out.
pub fn subject(number: &str) -> String {
    let number = number.trim().to_ascii_uppercase();
    let is_part = |part: &str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let fits = number.strip_prefix("PRA-").and_then(|rest| rest.split_once('-'));
    match fits {
        Some((one, other)) if is_part(one) && is_part(other) => format!("case {number}"),
        _ => "no case number".to_owned(),
    }
}

/// The person of a case.
async fn person_of(tx: &mut sqlx::SqliteConnection, number: &str) -> Result<Uuid, OfficeError> {
    let number = number.trim().to_ascii_uppercase();
    let row: Option<(Id,)> = sqlx::query_as("select person_id from registration where case_number = $1")
        .bind(number)
        .fetch_optional(tx)
        .await?;
    row.map(|(id,)| id.0).ok_or_else(|| OfficeError::refused("case-unknown", "there is no such case"))
}

/// Shows a case.
///
/// # Errors
/// `case-unknown`.
pub async fn show(central: &Central, number: &str) -> Result<View, OfficeError> {
    let mut tx = central.db.read().begin().await?;
    let person = person_of(&mut tx, number).await?;
    let rows: Vec<(String, Id, Vec<u8>)> = sqlx::query_as(
        "select kind, id, data from record where person_id = $1 and deleted_at is null and data is not null
         order by changed_seq",
    )
    .bind(Id(person))
    .fetch_all(&mut *tx)
    .await?;
    drop(tx);
    let sealer = central.sealer()?;
    let mut view = View {
        case_number: number.trim().to_ascii_uppercase(),
        registration: Value::Null,
        masked: BTreeMap::new(),
        records: Vec::new(),
        history: Vec::new(),
    };
    for (kind, id, sealed) in rows {
        let place = Place { person, kind: &kind, id: id.0 };
        let mut content: Value =
            sealer.open(place, &sealed).map_err(|error| OfficeError::Internal(error.to_string()))?;
        match kind.as_str() {
            "registration" => view.registration = content,
            "notice" => view.history.push(content),
            "profile" => view.masked = masked(&content),
            "enrolment" => {}
            _ => {
                if let Some(Value::String(number)) = content.get_mut("prakerja_number") {
                    *number = last_four(number);
                }
                view.records.push(Listed { kind, id: id.0, content });
            }
        }
    }
    Ok(view)
}

/// Enough to compare with what a caller says, too little to be of use to anybody else.
fn masked(profile: &Value) -> BTreeMap<String, String> {
    let fields = profile.get("fields").unwrap_or(&Value::Null);
    let mask = |name: &str| {
        let text = fields.get(name)?.as_str()?;
        let text = match name {
            "full_name" => text.split_whitespace().map(initial).collect::<Vec<_>>().join(" "),
            "ktp_region" => text.get(..2)?.to_owned(),
            _ => last_four(text),
        };
        Some((name.to_owned(), text))
    };
    ["full_name", "nik", "kk_number", "phone", "ktp_region"].into_iter().filter_map(mask).collect()
}

fn initial(word: &str) -> String {
    word.chars().take(1).chain("***".chars()).collect()
}

fn last_four(text: &str) -> String {
    let length = text.chars().count();
    "*".repeat(length.saturating_sub(4)) + &text.chars().skip(length.saturating_sub(4)).collect::<String>()
}

/// Blocks a case: no step is allowed, and no draw takes it. The note is shown to the person.
///
/// # Errors
/// `case-unknown`.
pub async fn block(
    central: &Central,
    number: &str,
    reason: BlockReason,
    note: Option<String>,
) -> Result<(), OfficeError> {
    let person = by_number(central, number).await?;
    Ok(operator::block(central, person, reason, note).await?)
}

/// Lifts a block; without one it does nothing.
///
/// # Errors
/// `case-unknown`.
pub async fn unblock(central: &Central, number: &str) -> Result<(), OfficeError> {
    let person = by_number(central, number).await?;
    Ok(operator::unblock(central, person).await?)
}

/// Decides a face check that failed too often to be tried again. Refused, the person may try anew.
///
/// # Errors
/// `case-unknown`, `step-refused` when none waits.
pub async fn decide_face(central: &Central, number: &str, verified: bool) -> Result<(), OfficeError> {
    let person = by_number(central, number).await?;
    Ok(operator::decide_face(central, person, verified).await?)
}

pub(super) async fn by_number(central: &Central, number: &str) -> Result<Uuid, OfficeError> {
    let mut connection = central.db.read().acquire().await?;
    person_of(&mut connection, number).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_a_case_number_gets_into_the_log() {
        assert_eq!(subject(" pra-2345-6789 "), "case PRA-2345-6789");
        for other in ["2171014102030001", "PRA-2345-67890", "PRA-23456789", "Sari", ""] {
            assert_eq!(subject(other), "no case number", "{other}");
        }
    }

    #[test]
    fn a_mask_leaves_too_little_to_use() {
        let profile = json!({ "fields": {
            "full_name": "Sari Wulandari", "nik": "2171014102030001", "phone": "+6281234567890",
            "ktp_region": "2171011001", "ktp_address": "Jl. Melati 1",
        }});
        let expected = [
            ("full_name", "S*** W***"),
            ("ktp_region", "21"),
            ("nik", "************0001"),
            ("phone", "**********7890"),
        ];
        let expected = expected.map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(masked(&profile), BTreeMap::from(expected));
        assert_eq!(masked(&Value::Null), BTreeMap::new());
    }
}
