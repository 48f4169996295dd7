//! What the store knows of commands: the few kinds that it merges, takes back or shows as an overlay.
//!
//! Payloads are read leniently, by name: a kind or a member that is unknown here is stored and sent as it is.

use serde_json::Value;
use uuid::Uuid;

/// Kinds with a meaning to the store.
pub mod kind {
    /// Sets or clears fields of the personal data: `{"fields": {name: text | null}}`.
    pub const PROFILE_PATCH: &str = "profile.patch";
    /// Asks for a place: `{"enrolment", "training", "schedule"?}`.
    pub const ENROLMENT_REQUEST: &str = "enrolment.request";
    /// Gives a place back: `{"enrolment"}`.
    pub const ENROLMENT_CANCEL: &str = "enrolment.cancel";
    /// Asks the civil registry about the confirmed personal data.
    pub const IDENTITY_SUBMIT: &str = "identity.submit";
    /// Announces a document: `{"document", "upload", "kind", "sha256", "bytes", "key"}`.
    pub const DOCUMENT_ATTACH: &str = "document.attach";
    /// Answers and consents of the applicant: `{"scheme", "answers", "consents"}`.
    pub const DECLARATIONS_SUBMIT: &str = "declarations.submit";
    /// One answer of the running test: `{"attempt", "item", "choice"}`.
    pub const TEST_ANSWER: &str = "test.answer";
    /// Hands the test in: `{"attempt"}`.
    pub const TEST_SUBMIT: &str = "test.submit";
    /// Joins a wave: `{"application", "wave", "consents"}`.
    pub const WAVE_JOIN: &str = "wave.join";
    /// Objects to a block: `{"appeal", "text"}`.
    pub const APPEAL_SUBMIT: &str = "appeal.submit";
    /// Takes a command back that may be on its way: `{"target"}`.
    pub const VOID: &str = "command.void";
}

/// A command as the person made it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCommand {
    /// Id and idempotency key.
    pub id: Uuid,
    /// Commands of one lane are sent in order.
    pub lane: String,
    /// Kind, such as [`kind::PROFILE_PATCH`].
    pub kind: String,
    /// Version of the payload.
    pub v: u32,
    /// Revision of the record that the person saw.
    pub base_rev: Option<i64>,
    /// Commands that must be done before.
    pub depends_on: Vec<Uuid>,
    /// Content.
    pub payload: Value,
    /// What the device knew of time, as it travels.
    pub clock: Value,
    /// Words for the list of what waits (a training's title). Never sent.
    pub label: Option<String>,
    /// When it was made.
    pub created_at: i64,
}

/// An id in a payload.
pub(crate) fn payload_id(payload: &Value, member: &str) -> Option<Uuid> {
    payload.get(member)?.as_str()?.parse().ok()
}
