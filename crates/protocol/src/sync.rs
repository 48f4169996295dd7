//! Push of commands and pull of the person's feed (`sync.md` §3.3 to §3.7).
//!
//! | Request | Answer |
//! |---|---|
//! | `POST /v1/sync/push` [`Push`] | 200 [`Pushed`]: one result per command, the batch is not atomic |
//! | `GET /v1/sync/pull?cursor=&limit=[&wait=]` | 200 [`Page`]; 410 `cursor-expired` or `epoch-changed` |
//! | `GET /v1/sync/snapshot?page=` | 200 [`SnapshotPage`] |
//! | `GET /v1/sync/commands/{id}` | 200 [`CommandResult`], 404 when central never saw it |

use std::collections::BTreeMap;

use prakerja_domain::profile::ProfileField;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::application::{AppealSubmit, WaveJoin};
use crate::problem::Problem;
use crate::registration::{DeclarationsSubmit, DocumentAttach, IdentitySubmit, TestAnswer, TestSubmit};

/// A batch of commands, in the order in which they were made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Push {
    /// The device that sends.
    pub device: Uuid,
    /// The epoch that the device knows; absent before its first pull.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Uuid>,
    /// Id of this batch, for logs.
    pub batch: Uuid,
    /// One to [`crate::limits::PUSH_COMMANDS`] commands.
    pub commands: Vec<CommandEnvelope>,
}

/// One command as it travels. Once sent, its content never changes; a replay after a restore adds the receipt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommandEnvelope {
    /// Id and idempotency key (UUIDv7 made on the device; its time is never read).
    pub id: Uuid,
    /// Kind, such as `profile.patch`. Kept as text so that a newer kind can be refused by name.
    #[serde(rename = "type")]
    pub kind: String,
    /// Version of the payload.
    pub v: u32,
    /// Commands of one lane are carried out in order.
    pub lane: String,
    /// Revision of the record that the person saw, for merging.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_rev: Option<i64>,
    /// Commands that must be applied before.
    #[serde(default)]
    pub depends_on: Vec<Uuid>,
    /// Content, see [`Command`].
    pub payload: serde_json::Value,
    /// When it was made, as evidence and never as authority.
    pub clock: ClockEvidence,
    /// The receipt that central gave for it before, when it is sent again after a restore: with it, it counts as received
    /// then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// The token that central gave when it had no room for it (see [`crate::seen`]): with it, it counts as received then
    /// where the wave or the test has a grace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
}

/// What the device knew of time when the command was made.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ClockEvidence {
    /// The device's wall clock, Unix milliseconds.
    pub queued_wall_ms: i64,
    /// The newest genuine server time that the device had seen, Unix milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor_server_ms: Option<i64>,
    /// Milliseconds between that anchor and the making of the command, by a clock that does not jump; absent when the computer
    /// was started anew between the two. (Which start it was stays on the device: it would name the computer, and central
    /// could not check it.)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_anchor_ms: Option<i64>,
    /// Round trip of the answer that told the anchor, milliseconds: by half of it the anchor may be wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor_rtt_ms: Option<i64>,
}

impl CommandEnvelope {
    /// SHA-256 over the canonical JSON (sorted members, no spaces: RFC 8785 for the values used here) of kind, version,
    /// base revision and payload. Central compares it when a command id comes again. Lane, dependencies, clock, receipt
    /// and token are no content.
    pub fn fingerprint(&self) -> [u8; 32] {
        let content = serde_json::json!({
            "type": self.kind, "v": self.v, "base_rev": self.base_rev, "payload": self.payload,
        });
        Sha256::digest(sorted(&content).to_string().as_bytes()).into()
    }
}

/// The same value with the members of every object in order. `serde_json` keeps them so by itself, unless some library in
/// the same program asks it to preserve the order of insertion.
fn sorted(value: &serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(members) => {
            let by_name: BTreeMap<&String, serde_json::Value> =
                members.iter().map(|(name, member)| (name, sorted(member))).collect();
            by_name.into_iter().map(|(name, member)| (name.clone(), member)).collect()
        }
        serde_json::Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

/// The commands of version 1 of each kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// `profile.patch`: sets or clears fields of the personal data.
    ProfilePatch(ProfilePatch),
    /// `enrolment.request`: asks for a place in a free training.
    EnrolmentRequest(EnrolmentRequest),
    /// `enrolment.cancel`: gives the place back.
    EnrolmentCancel(EnrolmentCancel),
    /// `identity.submit`: asks the civil registry about the confirmed personal data.
    IdentitySubmit(IdentitySubmit),
    /// `document.attach`: announces a sealed document whose bytes are uploaded beside.
    DocumentAttach(DocumentAttach),
    /// `declarations.submit`: the answers and consents of the applicant.
    DeclarationsSubmit(DeclarationsSubmit),
    /// `test.answer`: one answer of the running test.
    TestAnswer(TestAnswer),
    /// `test.submit`: hands the test in.
    TestSubmit(TestSubmit),
    /// `wave.join`: joins a wave.
    WaveJoin(WaveJoin),
    /// `appeal.submit`: objects to a block.
    AppealSubmit(AppealSubmit),
    /// `command.void`: refuses a command that may be on its way.
    Void(CommandVoid),
}

/// Payload of `profile.patch`. Only fields named here change; `null` clears.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfilePatch {
    /// Field to its new value as text (normalised by `prakerja_domain::profile`).
    pub fields: BTreeMap<ProfileField, Option<String>>,
}

/// Payload of `enrolment.request`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentRequest {
    /// Id of the new enrolment, made by the device.
    pub enrolment: Uuid,
    /// The training.
    pub training: Uuid,
    /// The schedule (dates and place) of a training that has several; absent for self-paced ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Uuid>,
}

/// Payload of `enrolment.cancel`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentCancel {
    /// The enrolment.
    pub enrolment: Uuid,
}

/// Payload of `command.void`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandVoid {
    /// The command that must not take effect.
    pub target: Uuid,
}

/// Why an envelope is no command of this version.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// Kind or version is unknown here.
    #[error("unsupported command")]
    Unsupported,
    /// The payload does not fit its kind.
    #[error("malformed payload: {0}")]
    Malformed(#[from] serde_json::Error),
}

impl Command {
    /// All kinds of this version.
    pub const KINDS: [&str; 11] = [
        "profile.patch",
        "enrolment.request",
        "enrolment.cancel",
        "identity.submit",
        "document.attach",
        "declarations.submit",
        "test.answer",
        "test.submit",
        "wave.join",
        "appeal.submit",
        "command.void",
    ];

    /// The kind of an envelope as this version knows it, for logs: any other text is the sender's own.
    pub fn known_kind(kind: &str) -> Option<&'static str> {
        Self::KINDS.into_iter().find(|known| *known == kind)
    }

    /// The command's kind on the wire.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ProfilePatch(_) => "profile.patch",
            Self::EnrolmentRequest(_) => "enrolment.request",
            Self::EnrolmentCancel(_) => "enrolment.cancel",
            Self::IdentitySubmit(_) => "identity.submit",
            Self::DocumentAttach(_) => "document.attach",
            Self::DeclarationsSubmit(_) => "declarations.submit",
            Self::TestAnswer(_) => "test.answer",
            Self::TestSubmit(_) => "test.submit",
            Self::WaveJoin(_) => "wave.join",
            Self::AppealSubmit(_) => "appeal.submit",
            Self::Void(_) => "command.void",
        }
    }

    /// The payload as JSON.
    ///
    /// # Errors
    /// Never in practice: maps with text keys always serialise.
    pub fn payload(&self) -> Result<serde_json::Value, serde_json::Error> {
        match self {
            Self::ProfilePatch(payload) => serde_json::to_value(payload),
            Self::EnrolmentRequest(payload) => serde_json::to_value(payload),
            Self::EnrolmentCancel(payload) => serde_json::to_value(payload),
            Self::IdentitySubmit(payload) => serde_json::to_value(payload),
            Self::DocumentAttach(payload) => serde_json::to_value(payload),
            Self::DeclarationsSubmit(payload) => serde_json::to_value(payload),
            Self::TestAnswer(payload) => serde_json::to_value(payload),
            Self::TestSubmit(payload) => serde_json::to_value(payload),
            Self::WaveJoin(payload) => serde_json::to_value(payload),
            Self::AppealSubmit(payload) => serde_json::to_value(payload),
            Self::Void(payload) => serde_json::to_value(payload),
        }
    }

    /// Reads an envelope.
    ///
    /// # Errors
    /// [`CommandError`]: unknown kind or version, or a payload that does not fit.
    pub fn read(envelope: &CommandEnvelope) -> Result<Self, CommandError> {
        let payload = envelope.payload.clone();
        Ok(match (envelope.kind.as_str(), envelope.v) {
            ("profile.patch", 1) => Self::ProfilePatch(serde_json::from_value(payload)?),
            ("enrolment.request", 1) => Self::EnrolmentRequest(serde_json::from_value(payload)?),
            ("enrolment.cancel", 1) => Self::EnrolmentCancel(serde_json::from_value(payload)?),
            ("identity.submit", 1) => Self::IdentitySubmit(serde_json::from_value(payload)?),
            ("document.attach", 1) => Self::DocumentAttach(serde_json::from_value(payload)?),
            ("declarations.submit", 1) => Self::DeclarationsSubmit(serde_json::from_value(payload)?),
            ("test.answer", 1) => Self::TestAnswer(serde_json::from_value(payload)?),
            ("test.submit", 1) => Self::TestSubmit(serde_json::from_value(payload)?),
            ("wave.join", 1) => Self::WaveJoin(serde_json::from_value(payload)?),
            ("appeal.submit", 1) => Self::AppealSubmit(serde_json::from_value(payload)?),
            ("command.void", 1) => Self::Void(serde_json::from_value(payload)?),
            _ => return Err(CommandError::Unsupported),
        })
    }

    /// Lane of everything about a training: its requests, cancels and voids keep their order. Personal data has the lane
    /// `profile`; a void travels in its target's lane.
    pub fn enrol_lane(training: Uuid) -> String {
        format!("enrol:{training}")
    }
}

/// Answer to a push.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pushed {
    /// Epoch of central's database.
    pub epoch: Uuid,
    /// Central's clock, Unix milliseconds.
    pub server_ms: i64,
    /// One result per command, in the order of the batch.
    pub results: Vec<CommandResult>,
    /// Slow down by so much although everything was served; 0 for none.
    #[serde(default)]
    pub backoff_ms: u64,
    /// The person's newest feed sequence: pull when it is ahead of what the client has. 0 when nothing was processed.
    pub pull_hint: i64,
}

/// What became of one command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommandResult {
    /// The command.
    pub id: Uuid,
    /// Its state.
    pub status: CommandStatus,
    /// New revision of the record that it changed; with `conflict`, its present one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rev: Option<i64>,
    /// Its place in the person's feed, for results that are final.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
    /// When the request entered central, Unix milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<i64>,
    /// True when this is the stored result of an earlier delivery.
    #[serde(default)]
    pub replayed: bool,
    /// Signed receipt, for results that are final.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// Why not, for `rejected`, `hold` and `retry`. What is `blocked` only waits its turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// Central's present values of the fields in conflict (field name to value).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<serde_json::Value>,
    /// Place on the waiting list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u32>,
    /// Least wait for `retry`, milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

/// State of a command after a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandStatus {
    /// The effect is durable.
    Applied,
    /// Accepted without a seat yet.
    Waitlisted,
    /// A final no; `problem` says why.
    Rejected,
    /// Overlapping fields changed meanwhile; `current` has central's values.
    Conflict,
    /// Cancelled before it took effect.
    Voided,
    /// A dependency is not applied yet.
    Blocked,
    /// Not processed; send again after `retry_after_ms`.
    Retry,
    /// Not processed until something else changes (sign-in, newer app, unlocked account).
    Hold,
}

impl CommandStatus {
    /// True when the command will never be processed again: its row in the outbox is done.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Applied | Self::Waitlisted | Self::Rejected | Self::Conflict | Self::Voided)
    }

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Waitlisted => "waitlisted",
            Self::Rejected => "rejected",
            Self::Conflict => "conflict",
            Self::Voided => "voided",
            Self::Blocked => "blocked",
            Self::Retry => "retry",
            Self::Hold => "hold",
        }
    }
}

/// A page of the person's feed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Epoch of central's database.
    pub epoch: Uuid,
    /// Changes in order of their sequence.
    pub changes: Vec<Change>,
    /// Opaque; send it back to go on from here.
    pub cursor: String,
    /// True when more is waiting.
    pub more: bool,
    /// Digest of the person's live records (see [`state_hash`]); only on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_hash: Option<String>,
}

/// One changed record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Place in the person's feed.
    pub seq: i64,
    /// Kind of record: `profile`, `enrolment`, `registration`, `document`, `application`, `membership`, `notice`, `appeal`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The record's id.
    pub id: Uuid,
    /// The record's revision; an older or equal one than the client has is ignored.
    pub rev: i64,
    /// Whether the record lives.
    pub op: Op,
    /// The record, for `put`; unknown members are kept and never written back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<serde_json::Value>,
    /// The command that caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Uuid>,
}

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// It has this content now.
    Put,
    /// It is gone.
    Del,
}

/// A page of the person's whole state as of one sequence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SnapshotPage {
    /// Epoch of central's database.
    pub epoch: Uuid,
    /// The sequence that all pages of this snapshot describe.
    pub as_of_seq: i64,
    /// Live records.
    pub records: Vec<Change>,
    /// Token of the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Cursor to pull from after the last page.
    pub cursor: String,
}

/// Content of a `profile` record: field to value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ProfileRecord {
    /// Present values.
    pub fields: BTreeMap<ProfileField, String>,
}

/// Content of an `enrolment` record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentRecord {
    /// The training.
    pub training: Uuid,
    /// The schedule, where the training has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Uuid>,
    /// Its state (`seat_confirmed`, `in_progress`, `cancelled`, ...; `prakerja_domain::enrolment`).
    pub state: prakerja_domain::enrolment::EnrolmentState,
    /// Title of the training when it was asked for, so that the activity can be read without the catalogue.
    pub title: String,
    /// When central received the request, Unix milliseconds.
    pub received_at: i64,
    /// When and where, as it was when it was asked for; absent for self-paced trainings. The schedule itself may leave the
    /// catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Run>,
}

/// Dates, time and place of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// First day, `2026-12-07`.
    pub starts_on: String,
    /// Last day.
    pub ends_on: String,
    /// Time of day in words, such as `08.00–15.00 WIB`.
    pub time: String,
    /// Kemendagri province code; absent for webinars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    /// City or regency; absent for webinars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Street address; absent for webinars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// Digest of a person's live records: XOR over SHA-256 of `type NUL id NUL rev`, first 16 bytes, hex. Order does not matter.
pub fn state_hash<'a>(records: impl IntoIterator<Item = (&'a str, Uuid, i64)>) -> String {
    let mut sum = [0_u8; 16];
    for (kind, id, rev) in records {
        let mut digest = Sha256::new();
        digest.update(kind.as_bytes());
        digest.update([0]);
        digest.update(id.as_bytes());
        digest.update([0]);
        digest.update(rev.to_be_bytes());
        for (into, from) in sum.iter_mut().zip(digest.finalize()) {
            *into ^= from;
        }
    }
    hex::encode(sum)
}
