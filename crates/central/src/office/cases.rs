//! A person's case as the office sees it: by its number, personal data masked; blocking, unblocking, the face check that
//! nobody but a person can decide, and taking back what nobody else can undo.

use std::collections::BTreeMap;

use prakerja_protocol::registration::BlockReason;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::OfficeError;
use crate::ability_test::operator::{AnswersReceived, received};
use crate::db::Id;
use crate::registration::operator;
use crate::registration::reopen::{self, Part};
use crate::state::Central;
use crate::sync::Place;
use crate::waves::{self, BlindCheck, Entry};

/// What the office sees of a case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct View {
    /// Number of the case.
    pub case_number: String,
    /// The registration record.
    pub registration: Value,
    /// Personal data that help to tell people apart, masked.
    pub masked: BTreeMap<String, String>,
    /// Answers to the test, once it was begun.
    pub test: Option<AnswersReceived>,
    /// Documents, applications, memberships (number masked) and appeals.
    pub records: Vec<Listed>,
    /// The blinds of the applications, recomputed from the secrets of their waves.
    pub blinds: Vec<BlindCheck>,
    /// Movements of the balance, oldest first.
    pub ledger: Vec<Entry>,
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

impl View {
    /// Without what the person wrote in appeals and what the office wrote to the person: for whoever does not decide.
    #[must_use]
    pub fn without_words(mut self) -> Self {
        silence(&mut self.registration);
        self.records.iter_mut().for_each(|record| silence(&mut record.content));
        self.history.iter_mut().for_each(silence);
        self
    }
}

/// Removes free text at any depth.
fn silence(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !matches!(name.as_str(), "note" | "text"));
            members.values_mut().for_each(silence);
        }
        Value::Array(items) => items.iter_mut().for_each(silence),
        _ => {}
    }
}

/// Why a block is lifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum UnblockReason {
    /// The block was wrong.
    Mistake,
    /// The person showed that its reason does not apply.
    Cleared,
    /// Its time, or what it waited for, is over.
    Ended,
    /// Something else, which stands in the case's papers.
    Other,
}

impl UnblockReason {
    /// The word in the audit log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mistake => "mistake",
            Self::Cleared => "cleared",
            Self::Ended => "ended",
            Self::Other => "other",
        }
    }
}

/// A case and the reason of what is done to it, as the audit log names them.
pub fn subject_with(number: &str, reason: &str) -> String {
    format!("{}, {reason}", subject(number))
}

/// The word of a reason to block.
pub fn word(reason: BlockReason) -> &'static str {
    REASONS.iter().find(|(_, known)| *known == reason).map_or("other", |(word, _)| word)
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
    let test = received(&mut tx, person).await?;
    let ledger = waves::ledger(&mut tx, person).await?;
    let sealer = central.sealer()?;
    let blinds = waves::secret::check_blinds(&mut tx, sealer, person).await?;
    drop(tx);
    let mut view = View {
        case_number: number.trim().to_ascii_uppercase(),
        registration: Value::Null,
        masked: BTreeMap::new(),
        test,
        records: Vec::new(),
        blinds,
        ledger,
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

/// Blocks a case: no step is allowed, and no list that is closed meanwhile has it. A place on a list that was closed before
/// is not taken away: what was committed to is drawn. The note is shown to the person.
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

/// Lifts a block; without one it does nothing. The note is shown to the person; the reason is the audit log's
/// ([`subject_with`]).
///
/// # Errors
/// `case-unknown`.
pub async fn unblock(central: &Central, number: &str, note: Option<String>) -> Result<(), OfficeError> {
    let person = by_number(central, number).await?;
    Ok(operator::unblock(central, person, note).await?)
}

/// Decides a face check that failed too often to be tried again. Refused, the person may try anew.
///
/// # Errors
/// `case-unknown`, `step-refused` when none waits.
pub async fn decide_face(central: &Central, number: &str, verified: bool) -> Result<(), OfficeError> {
    let person = by_number(central, number).await?;
    Ok(operator::decide_face(central, person, verified).await?)
}

/// Longest reason that a person is told, in characters.
const LONGEST: usize = 2_000;

/// Takes back what nobody else can undo: the person begins that part anew and reads the reason.
///
/// # Errors
/// `case-unknown`, `note` without a reason, `already-member` for a participant of any time, `step-refused` when there is
/// nothing to take back or an application that rests on it is under way.
pub async fn reopen(central: &Central, number: &str, part: Part, reason: &str) -> Result<(), OfficeError> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST {
        return Err(OfficeError::refused("note", "say why in 1 to 2,000 characters; the person reads it"));
    }
    let person = by_number(central, number).await?;
    Ok(reopen::reopen(central, person, part, reason).await?)
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
    fn whoever_does_not_decide_reads_no_words() {
        let words = json!({ "state": "open", "text": "Saya", "answer": { "granted": true, "text": "Benar" } });
        let view = View {
            case_number: "PRA-2345-6789".to_owned(),
            registration: json!({ "state": "complete", "blocked": { "reason": "proxy", "note": "Hubungi kami." } }),
            masked: BTreeMap::new(),
            test: None,
            records: vec![Listed { kind: "appeal".to_owned(), id: Uuid::nil(), content: words }],
            blinds: Vec::new(),
            ledger: Vec::new(),
            history: vec![json!({ "what": "blocked", "note": "Hubungi kami." })],
        };
        let view = view.without_words();
        assert_eq!(view.registration, json!({ "state": "complete", "blocked": { "reason": "proxy" } }));
        assert_eq!(view.records[0].content, json!({ "state": "open", "answer": { "granted": true } }));
        assert_eq!(view.history, [json!({ "what": "blocked" })]);
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
