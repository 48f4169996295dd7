//! Joining a wave, its result, the membership, and what the person is told.
//!
//! The selection's public files are the same for everybody:
//!
//! | Request | Answer |
//! |---|---|
//! | `GET /v1/waves/{number}/selection/commitment.json` | the commitment, from the day of the draw on |
//! | `GET /v1/waves/{number}/selection/list.bin.zst` | the ordered list of blinded applications |
//! | `GET /v1/waves/{number}/selection/result.json` | the result with the seed, once published |
//! | `GET /v1/waves/{number}/selection/accepted.bin` | who was accepted, a bit an entry |
//! | `GET /v1/waves/{number}/selection/{commitment}/{file}` | the same files by the digest of their commitment; they stay there when the draw is voided, beside `void.json` |
//!
//! What is in them is `prakerja-selection`'s and `docs/selection.md`'s matter.

use std::collections::BTreeMap;

use prakerja_domain::appeal::Decision;
use prakerja_domain::application::{ApplicationState, LeftOff, NotDrawn};
use prakerja_domain::declaration::DeclarationAnswer;
use prakerja_domain::membership::MembershipState;
use prakerja_domain::scheme::PriorityClass;
use prakerja_domain::wave::{Counted, Drawing, LateRule};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::registration::ConsentGiven;

/// Payload of `wave.join`. Lane `apply:<wave>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaveJoin {
    /// Id of the new application, made by the device.
    pub application: Uuid,
    /// The wave.
    pub wave: u32,
    /// The agreement, consent by consent.
    pub consents: Vec<ConsentGiven>,
    /// Answers to what the wave's scheme asks and the person's registration did not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<DeclarationAnswer>,
}

/// Payload of `appeal.submit`. Lane `appeal`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppealSubmit {
    /// Id of the new appeal, made by the device.
    pub appeal: Uuid,
    /// What the person says; at most 2,000 characters.
    pub text: String,
}

/// Content of an `application` record; its id is the application's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationRecord {
    /// The wave.
    pub wave: u32,
    /// Where it stands. Until the draw has settled it the app computes it from the wave.
    pub state: ApplicationState,
    /// How it was counted.
    pub counted: Counted,
    /// When central received it, Unix milliseconds.
    pub received_at: i64,
    /// The pseudonym under which it is on the wave's public list, hex.
    pub blind: String,
    /// The class in which it is drawn.
    pub class: PriorityClass,
    /// The province (Kemendagri code) whose quota it counts against.
    pub region: String,
    /// What the draw gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn: Option<Drawn>,
    /// Why it is not on the list, from the moment that the list is public; then there is no `drawn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_off: Option<LeftOff>,
}

/// What the draw gave. Anybody can recompute it from the public files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// Place in the order of the draw, from 1.
    pub position: u64,
    /// Applications in the draw.
    pub of: u64,
    /// Why it was passed over; absent when accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_over: Option<NotDrawn>,
    /// When the results were published.
    pub published_at: i64,
}

/// Content of a `membership` record; its id is the membership's.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembershipRecord {
    /// Where it stands.
    pub state: MembershipState,
    /// The 16 digits of the card: a secret, masked until the person asks.
    pub prakerja_number: String,
    /// What is left for trainings, whole rupiah.
    pub balance_idr: i64,
    /// Scheme whose rules hold.
    pub scheme: String,
    /// The wave.
    pub wave: u32,
    /// Number of the appointment decree.
    pub decree: String,
    /// When the person was appointed.
    pub appointed_at: i64,
    /// Last moment of the first purchase.
    pub first_purchase_until: i64,
    /// Days before it on which the app reminds.
    pub reminder_days: Vec<u32>,
    /// Last moment to use the balance; absent for no such day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance_use_until: Option<i64>,
    /// Set when the rest of the balance was withdrawn after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Withdrawn>,
    /// Set while it is held for a check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended: Option<Suspension>,
}

/// The rest of a balance went back to the state because the last day to use it was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// When.
    pub at: i64,
    /// How much, whole rupiah.
    pub amount_idr: i64,
}

/// A membership is held for a check. The clocks of the first purchase and of the balance stand still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// Where it stood, and goes back to.
    pub from: MembershipState,
    /// Since when.
    pub at: i64,
}

impl std::fmt::Debug for MembershipRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MembershipRecord").field("state", &self.state).finish_non_exhaustive()
    }
}

/// Content of a `notice` record: something happened that the person should hear of. It fills the time line, the inbox and
/// the desktop notifications; the words are the app's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRecord {
    /// What happened.
    pub what: NoticeKind,
    /// When, Unix milliseconds.
    pub at: i64,
    /// Numbers for the sentence (`wave`, `position`, ...).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub numbers: BTreeMap<String, i64>,
    /// The office's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum NoticeKind {
    /// The civil registry was asked.
    IdentitySubmitted,
    /// It knows the person.
    IdentityMatched,
    /// Something differs.
    IdentityMismatch,
    /// The family card has its recipients.
    KkQuotaFull,
    /// The person was a recipient before.
    AlreadyRecipient,
    /// A photo arrived.
    PhotoReceived,
    /// The photo is accepted.
    PhotoAccepted,
    /// The photo is refused.
    PhotoRejected,
    /// The face check is done.
    FaceVerified,
    /// The face check failed.
    FaceFailed,
    /// A person of the office looks at the face check.
    FaceManualReview,
    /// The phone is verified.
    PhoneVerified,
    /// The declarations arrived.
    DeclarationsReceived,
    /// A declaration excludes the person.
    Ineligible,
    /// The test began.
    TestStarted,
    /// The test was handed in or ended.
    TestSubmitted,
    /// The test was passed.
    TestPassed,
    /// The test was not passed.
    TestNotPassed,
    /// The question bank was changed while the test ran: it is taken back and may be begun anew.
    TestVoided,
    /// The office took the match with the civil registry back: it is made anew.
    IdentityReopened,
    /// The office took the declarations back: they are answered anew.
    DeclarationsReopened,
    /// The office took the test back: it is begun anew.
    TestReopened,
    /// The person joined a wave (`wave`).
    JoinedWave,
    /// The draw of the wave began: its commitment is public, and the person is on the list (`wave`).
    SelectionBegan,
    /// The draw was voided before its result; another one follows (`wave`, with the office's reason).
    SelectionVoided,
    /// The list of the wave is public without the person, who was blocked when it was closed (`wave`).
    LeftOffBlocked,
    /// The list of the wave is public without the person, who is excluded by what was declared (`wave`).
    LeftOffExcluded,
    /// The list of the wave is public without the person, who is a participant already (`wave`).
    LeftOffRecipient,
    /// Accepted (`wave`, `position`, `of`).
    Accepted,
    /// A wave opened that the person may join (`wave`). The app notes it by itself, from the catalogue.
    WaveOpened,
    /// So many days are left for the first purchase (`days`). The app notes it by itself.
    FirstPurchaseDue,
    /// Not accepted (`wave`, `position`, `of`).
    NotAccepted,
    /// The balance was credited (`amount_idr`).
    BalanceCredited,
    /// The last day to use the balance is over, and the rest was withdrawn (`wave`, `amount_idr`).
    BalanceWithdrawn,
    /// The first training was bought (`wave`).
    FirstPurchaseRecorded,
    /// The membership is held for a check (`wave`).
    MembershipSuspended,
    /// The check is over (`wave`).
    MembershipResumed,
    /// The first purchase was missed, or the office took it back: the membership is revoked.
    MembershipRevoked,
    /// The account was blocked.
    Blocked,
    /// The block was lifted.
    Unblocked,
    /// The appeal arrived.
    AppealReceived,
    /// The appeal was answered.
    AppealAnswered,
    /// Something that this version does not know.
    #[serde(other)]
    Other,
}

/// Content of an `appeal` record; its id is the appeal's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppealRecord {
    /// What the person wrote.
    pub text: String,
    /// When central received it.
    pub received_at: i64,
    /// The office's answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<AppealAnswer>,
}

impl AppealRecord {
    /// What the office decided; nothing while the appeal is open.
    pub fn decision(&self) -> Option<Decision> {
        self.answer.as_ref().map(|answer| Decision { granted: answer.granted, at: answer.at })
    }
}

/// The office's answer to an appeal. Its text is empty where the block was lifted without words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppealAnswer {
    /// True when the block was lifted.
    pub granted: bool,
    /// The office's words.
    pub text: String,
    /// When.
    pub at: i64,
}

/// A wave of the programme, in the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wave {
    /// Its number.
    pub number: u32,
    /// Opens, Unix milliseconds.
    pub opens_at: i64,
    /// Closes, Unix milliseconds.
    pub closes_at: i64,
    /// Provinces that may join; empty for all.
    #[serde(default)]
    pub provinces: Vec<String>,
    /// Scheme version whose amounts and rules hold (`2020`, `2023`).
    pub scheme: String,
    /// Single values in which this wave differs from its scheme (JSON merge patch).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overrides: Option<serde_json::Value>,
    /// Places in all.
    pub quota: u64,
    /// Most places of a province; those without an entry are limited by `quota` only.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub region_quotas: BTreeMap<String, u64>,
    /// What counts after closing.
    #[serde(default)]
    pub late: LateRule,
    /// The results are expected by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results_expected_at: Option<i64>,
    /// How far the draw is.
    #[serde(default)]
    pub drawing: Drawing,
    /// The draw's public files, once there are some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<SelectionFiles>,
    /// Draws of it that were voided before their result, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub voided: Vec<VoidedSelection>,
}

/// A draw that was voided: its commitment counts no more. Its files stay public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoidedSelection {
    /// Digest of the commitment, hex.
    pub commitment: String,
    /// When the commitment was published.
    pub committed_at: i64,
    /// When its public value was due.
    pub beacon_due_at: i64,
    /// When it was voided.
    pub voided_at: i64,
    /// Why, in the office's words.
    pub reason: String,
}

/// The draw's public files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectionFiles {
    /// Digest of the commitment, hex.
    pub commitment: String,
    /// Entries on the list.
    pub entries: u64,
    /// Bytes of the packed list.
    pub list_bytes: u64,
    /// When the commitment was published.
    pub committed_at: i64,
    /// When the results were published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<i64>,
}
