//! From a verified account to a complete registration: commands, records and the requests that need an answer at once.
//!
//! | Request | Answer |
//! |---|---|
//! | `POST /v1/phone/code` | 200 [`PhoneCodeSent`]; 429 `code-locked`; 409 `step-refused` |
//! | `POST /v1/phone/confirm` [`ConfirmPhone`] | 200 `{}`; 422 `wrong-code`; 410 `code-expired`; 429 `code-locked` |
//! | `POST /v1/face/sessions` [`NewFaceSession`] | 200 [`FaceSession`]; 409 `step-refused`; 422 `validation` |
//! | `POST /v1/handovers` [`NewHandover`] | 200 [`Handover`] |
//! | `POST /v1/test/start` | 200 [`TestPaper`]; 409 `step-refused` |
//! | `GET /v1/test` | 200 [`TestPaper`] of the running test, with the answers that arrived; 404 |
//!
//! All of them need a session, the POSTs an `Idempotency-Key`. What may wait for a network is a command instead.

use std::collections::BTreeMap;

use prakerja_domain::admission::{Registered, TestScore};
use prakerja_domain::birth_date;
use prakerja_domain::declaration::DeclarationAnswer;
use prakerja_domain::eligibility::Reason;
use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::{DocumentRefusal, DocumentState, Facts, RegistrationState};
use prakerja_domain::scheme::{Scheme, Words};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Payload of `identity.submit`: the personal data that central has is compared with the civil registry. Lane `profile`,
/// so that it comes after the patches before it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentitySubmit {
    /// Consents that the scheme asks for before the registry is asked.
    #[serde(default)]
    pub consents: Vec<ConsentGiven>,
}

/// Payload of `document.attach`. Lane `doc:<kind>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentAttach {
    /// Id of the new document, made by the device.
    pub document: Uuid,
    /// Upload that carries its bytes.
    pub upload: Uuid,
    /// What it is.
    pub kind: DocumentKind,
    /// SHA-256 of the sealed bytes, hex.
    pub sha256: String,
    /// Number of sealed bytes.
    pub bytes: u64,
    /// Id of the key that it is sealed to.
    pub key: String,
}

/// Kinds of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// Photo of the identity card.
    KtpPhoto,
}

impl DocumentKind {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::KtpPhoto => "ktp_photo",
        }
    }
}

/// Payload of `declarations.submit`. Lane `declarations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclarationsSubmit {
    /// Scheme whose questions were answered.
    pub scheme: String,
    /// One answer a question.
    pub answers: Vec<DeclarationAnswer>,
    /// Consents, each given by itself.
    pub consents: Vec<ConsentGiven>,
}

/// A consent as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentGiven {
    /// Which.
    pub id: String,
    /// Version of the words that were read.
    pub version: String,
    /// When, by the device's clock, Unix milliseconds.
    pub given_at: i64,
}

/// Payload of `test.answer`. Lane `test:<attempt>`. A later answer to the same item replaces the earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestAnswer {
    /// The attempt.
    pub attempt: Uuid,
    /// The item's id in the paper.
    pub item: String,
    /// The option's key in the paper.
    pub choice: String,
}

/// Payload of `test.submit`. Lane `test:<attempt>`, so that it comes after the answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestSubmit {
    /// The attempt.
    pub attempt: Uuid,
}

/// Content of the one `registration` record of a person; its id is the person's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegistrationRecord {
    /// Number to read out to the office.
    pub case_number: String,
    /// Scheme under whose rules the registration is made. A wave's own scheme decides who may join the wave.
    pub scheme: String,
    /// Everything known.
    pub facts: Facts,
    /// The first open step.
    pub state: RegistrationState,
    /// Since when it is so, Unix milliseconds.
    pub since: i64,
    /// What the civil registry said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentityStatus>,
    /// How the face check went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub face: Option<FaceStatus>,
    /// Which phone was verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<PhoneStatus>,
    /// What the declarations came to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declarations: Option<DeclarationsStatus>,
    /// How the test stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<TestStatus>,
    /// Set while the operator blocks the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<BlockedStatus>,
}

impl RegistrationRecord {
    /// What a wave asks about it. `scheme` is the registration's own; `birth_date` is that of the personal data, where it is
    /// known.
    pub fn registered<'a>(&'a self, scheme: &'a Scheme, birth_date: Option<&str>) -> Registered<'a> {
        let score = self.test.as_ref().and_then(|test| test.score);
        let birth_date = birth_date.and_then(|text| birth_date::parse(text).ok());
        Registered { facts: &self.facts, scheme, score, birth_date }
    }
}

/// What the civil registry said. Never what the registry has: only where the person should look again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityStatus {
    /// When it answered, or was asked.
    pub at: i64,
    /// Fields that differ.
    #[serde(default)]
    pub differs: Vec<ProfileField>,
    /// Tries before a wait.
    pub tries_left: u32,
    /// No try before this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked_until: Option<i64>,
}

/// How the face check went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaceStatus {
    /// When it changed.
    pub at: i64,
    /// Tries before a person of the office looks at it.
    pub tries_left: u32,
}

/// Which phone was verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneStatus {
    /// Last four digits.
    pub ends_with: String,
    /// When it was verified; absent while a code is on its way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_at: Option<i64>,
}

/// What the declarations came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclarationsStatus {
    /// When central received them, or first found a reason in the personal data.
    pub received_at: i64,
    /// Why they, or the personal data, exclude the person; empty when nothing does.
    #[serde(default)]
    pub reasons: Vec<Reason>,
}

/// How the test stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestStatus {
    /// The attempt.
    pub attempt: Uuid,
    /// When it began.
    pub started_at: i64,
    /// When it ends by central's clock.
    pub ends_at: i64,
    /// Answers that were given in time by the device's evidence count when they arrive by then; absent from a central that
    /// does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_at: Option<i64>,
    /// When it was handed in, or ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<i64>,
    /// The result is there by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_by: Option<i64>,
    /// When it was evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaluated_at: Option<i64>,
    /// What it came to, for waves with other marks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<TestScore>,
}

/// A block by the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockedStatus {
    /// Since when.
    pub at: i64,
    /// Why.
    pub reason: BlockReason,
    /// The office's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Why an account is blocked (domain.md §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockReason {
    /// False data.
    FalseData,
    /// Tools or automation.
    Automation,
    /// Somebody else did it (joki).
    Proxy,
    /// The first purchase was missed.
    MissedFirstPurchase,
    /// A training was not finished.
    UnfinishedTraining,
    /// The terms were broken.
    TermsBroken,
    /// A reason that this version does not know; the note says it.
    #[serde(other)]
    Other,
}

/// Content of a `document` record; its id is the document's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRecord {
    /// What it is.
    pub kind: DocumentKind,
    /// How it stands.
    pub state: DocumentState,
    /// Where it came from.
    pub source: DocumentSource,
    /// When it was announced or came.
    pub at: i64,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<DocumentRefusal>,
    /// The office's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Where a document came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentSource {
    /// This app, on some computer.
    Desktop,
    /// A phone, by central's page.
    Phone,
}

/// A code is on its way to the phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneCodeSent {
    /// Last four digits of the number.
    pub ends_with: String,
    /// How long it is valid.
    pub expires_in_s: u64,
    /// How many more may be asked for.
    pub resends_left: u32,
    /// Least wait before the next.
    pub resend_after_s: u64,
    /// Tries of this code.
    pub tries: u32,
}

/// A typed code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmPhone {
    /// Six digits.
    pub code: String,
}

/// Asks for a face check. The body of a repeat is the same, so there is no time in it: a consent is given now.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewFaceSession {
    /// Consents that the scheme asks for before a face is checked: id to version of the words that were read.
    #[serde(default)]
    pub consents: BTreeMap<String, String>,
}

/// A face check at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaceSession {
    /// Page of the provider, for a phone or this computer's browser.
    pub url: String,
    /// How long it works.
    pub expires_in_s: u64,
    /// Name of the provider.
    pub provider: String,
    /// True when nothing is checked for real.
    pub sandbox: bool,
}

/// Asks for a page on which a phone takes a photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewHandover {
    /// What is to be photographed.
    pub kind: DocumentKind,
}

/// A page for the phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Address of the page; whoever has it may send one photo.
    pub url: String,
    /// How long it works.
    pub expires_in_s: u64,
}

/// Key to which documents are sealed (HPKE: X25519, HKDF-SHA256, ChaCha20-Poly1305).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealingKey {
    /// Its id.
    pub id: String,
    /// Public key, 32 bytes in base64.
    pub public: String,
}

/// The test of one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestPaper {
    /// The attempt.
    pub attempt: Uuid,
    /// Items in order.
    pub items: Vec<TestItem>,
    /// When it began, Unix milliseconds by central's clock.
    pub started_at: i64,
    /// When it ends.
    pub ends_at: i64,
    /// As in [`TestStatus`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_at: Option<i64>,
    /// Answers that central has: item to choice.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
}

/// One item. There is nothing in it that tells the right option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestItem {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub kind: ItemKind,
    /// The question.
    pub text: Words,
    /// A text to read before the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passage: Option<Words>,
    /// A table to read before the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<TestTable>,
    /// A figure as SVG.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub svg: Option<String>,
    /// The figure in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<Words>,
    /// The choices in order.
    pub options: Vec<TestOption>,
}

/// A small table in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TestTable {
    /// Indonesian.
    pub id: TestTableWords,
    /// English.
    pub en: TestTableWords,
}

/// Every row has as many cells as the head; the first cell of a row is its heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TestTableWords {
    /// Headings of the columns.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestOption {
    /// Its key.
    pub key: String,
    /// Words; for a figure its description.
    pub text: Words,
    /// A figure as SVG.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub svg: Option<String>,
}

/// Kinds of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum ItemKind {
    /// Words and texts.
    Verbal,
    /// Numbers.
    Numeric,
    /// Figures.
    Figural,
    /// Statements about learning and work; there is no right answer.
    Motivation,
}
