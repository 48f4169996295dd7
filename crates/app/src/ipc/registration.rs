//! What the window shows from the eligibility check to the complete registration.

use std::collections::BTreeMap;

use prakerja_domain::eligibility::{Answer, Eligibility, EmploymentStatus, Position, Reason};
use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::{RegistrationState, Step, StepRefusal};
use prakerja_domain::scheme::Words;
use prakerja_protocol::registration::{ItemKind, TestTable};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::Delivery;

/// Answers of the eligibility check as they were given; absent ones are open.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct EligibilityForm {
    /// Indonesian citizen with an e-KTP.
    pub citizen: Option<Answer>,
    /// Typed birth date, `2003-2-1`.
    pub birth_date: Option<String>,
    /// At school or university.
    pub in_formal_education: Option<Answer>,
    /// What the person does.
    pub employment: Option<EmploymentStatus>,
    /// An excluded position.
    pub position: Option<Position>,
    /// The household receives other social aid; asked only where the scheme forbids it.
    pub receives_other_aid: Option<Answer>,
    /// Got the card before.
    pub was_recipient: Option<Answer>,
    /// Two others on the family card got it.
    pub family_card_full: Option<Answer>,
}

/// The eligibility check: what was answered last and what it came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct EligibilityView {
    /// Version of the scheme whose rules hold.
    pub scheme: String,
    /// True when the question about other social aid is asked.
    pub asks_other_aid: bool,
    /// Least age.
    pub min_age: u8,
    /// Greatest age, if any.
    pub max_age: Option<u8>,
    /// How many recipients a family card may have.
    pub family_max: u8,
    /// What the person answered.
    pub answers: EligibilityForm,
    /// What it came to; absent before everything was answered.
    pub result: Option<Eligibility>,
    /// When it was answered.
    #[ts(type = "number | null")]
    pub checked_at: Option<i64>,
}

/// A region in a picker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RegionHit {
    /// Kemendagri code, 2 to 10 digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Names of what it lies in, nearest first.
    pub within: Vec<String>,
}

/// Levels of regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RegionLevel {
    /// Provinsi.
    Province,
    /// Kabupaten or kota.
    Regency,
    /// Kecamatan.
    District,
    /// Kelurahan or desa.
    Village,
}

/// Everything about the registration, as central said it, with what waits here.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct RegistrationView {
    /// Number to read out to the office; absent before central knows the person.
    pub case_number: Option<String>,
    /// Version of the scheme whose rules hold.
    pub scheme: String,
    /// How many recipients a family card may have under these rules.
    pub family_max: u8,
    /// Time for the test under these rules, seconds.
    #[ts(type = "number")]
    pub test_duration_s: u64,
    /// The first open step, by what central said last.
    pub state: RegistrationState,
    /// Since when.
    #[ts(type = "number | null")]
    pub since: Option<i64>,
    /// Each step with what may be done.
    pub steps: Vec<StepView>,
    /// What the civil registry said.
    pub identity: Option<IdentityView>,
    /// The face check.
    pub face: Option<FaceView>,
    /// The verified phone.
    pub phone: Option<PhoneView>,
    /// Why the declarations exclude the person; empty when they do not.
    pub excluded: Vec<Reason>,
    /// Set while the account is blocked.
    pub blocked: Option<BlockedView>,
    /// The newest appeal against the block; without a block the newest that was answered.
    pub appeal: Option<AppealView>,
    /// When central was last heard.
    #[ts(type = "number | null")]
    pub heard_at: Option<i64>,
}

/// One step of the registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct StepView {
    /// Which.
    pub step: Step,
    /// Why it cannot be done now; absent when it can.
    pub refused: Option<StepRefusal>,
    /// How what the person did about it stands; absent when nothing waits.
    pub delivery: Option<Delivery>,
    /// What the person is asked to consent to before it, unticked; empty where the scheme asks nothing.
    pub consents: Vec<ConsentRow>,
}

/// What the civil registry said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct IdentityView {
    /// When.
    #[ts(type = "number")]
    pub at: i64,
    /// Fields to look at again.
    pub differs: Vec<ProfileField>,
    /// Tries before a wait.
    pub tries_left: u32,
    /// No try before this, by this computer's clock.
    #[ts(type = "number | null")]
    pub locked_until: Option<i64>,
}

/// The face check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FaceView {
    /// When it changed.
    #[ts(type = "number")]
    pub at: i64,
    /// Tries before a person of the office looks at it.
    pub tries_left: u32,
}

/// A face check at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FaceSessionView {
    /// Page of the provider.
    pub url: String,
    /// The same as a QR code, SVG.
    pub qr_svg: String,
    /// Until when it works, by this computer's clock.
    #[ts(type = "number")]
    pub expires_at: i64,
    /// Name of the provider.
    pub provider: String,
    /// True when nothing is checked for real.
    pub sandbox: bool,
}

/// The phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PhoneView {
    /// Last four digits.
    pub ends_with: String,
    /// When it was verified.
    #[ts(type = "number | null")]
    pub verified_at: Option<i64>,
}

/// How the code to the phone stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
pub struct PhoneCodeState {
    /// The code that is awaited.
    pub code: Option<PhoneCodeView>,
    /// No new code before this, by this computer's clock. The code that is here may be typed as long as tries are left.
    #[ts(type = "number | null")]
    pub locked_until: Option<i64>,
    /// True when central took the code and its registration does not say so yet.
    pub confirmed: bool,
}

/// A code to the phone is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PhoneCodeView {
    /// Last four digits of the number.
    pub ends_with: String,
    /// Until when it is valid, by this computer's clock.
    #[ts(type = "number")]
    pub expires_at: i64,
    /// From when another may be asked for, by this computer's clock.
    #[ts(type = "number")]
    pub resend_at: i64,
    /// How many more may be asked for.
    pub resends_left: u32,
    /// Tries of this code.
    pub tries_left: u32,
    /// Address of the sandbox mailbox page when central runs with demo data.
    pub sandbox_mailbox: Option<String>,
}

/// A block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BlockedView {
    /// Since when.
    #[ts(type = "number")]
    pub at: i64,
    /// Code of the reason (`false_data`, `automation`, `proxy`, ...; words are in the UI).
    pub reason: String,
    /// The office's own words.
    pub note: Option<String>,
}

/// An appeal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AppealView {
    /// What the person wrote.
    pub text: String,
    /// How it stands.
    pub delivery: Delivery,
    /// True while it waits for an answer: there can be no other one. Central did not take what has neither this nor an answer.
    pub open: bool,
    /// True when the block was lifted for it; absent before the answer. False is final while the block lasts: there can be no
    /// other one.
    pub granted: Option<bool>,
    /// When the office answered, by central's clock.
    #[ts(type = "number | null")]
    pub answered_at: Option<i64>,
    /// The office's words.
    pub answer: Option<String>,
}

/// The declarations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DeclarationsView {
    /// The questions in order.
    pub questions: Vec<DeclarationRow>,
    /// The consents in order.
    pub consents: Vec<ConsentRow>,
    /// How what was sent stands; absent before.
    pub delivery: Option<Delivery>,
    /// True when they can be answered now.
    pub open: bool,
    /// Reasons for which the present answers would exclude the person: shown before sending.
    pub would_exclude: Vec<Reason>,
    /// Last time an answer was saved on this computer.
    #[ts(type = "number | null")]
    pub saved_at: Option<i64>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DeclarationRow {
    /// Its id.
    pub id: String,
    /// Its words.
    pub text: Words,
    /// What the person answered.
    pub answer: Option<bool>,
    /// The answer that ends the application, and why.
    pub excludes: Option<(bool, Reason)>,
}

/// One consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ConsentRow {
    /// Its id.
    pub id: String,
    /// Its words.
    pub text: Words,
    /// True when the box is ticked.
    pub given: bool,
}

/// The test.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct TestView {
    /// What of it there is.
    pub stage: TestStage,
    /// Items of a paper.
    pub items_total: u32,
    /// Time for all of them, seconds.
    #[ts(type = "number")]
    pub duration_s: u64,
    /// The result comes so long after central received the handing-in at the latest, seconds.
    #[ts(type = "number")]
    pub evaluate_within_s: u64,
    /// Answers wait here and count when they arrive by then, Unix milliseconds by central's clock; absent when none waits.
    #[ts(type = "number | null")]
    pub arrive_by: Option<i64>,
    /// Questions whose newest answer central refused for good: it does not count.
    pub refused: u32,
    /// The running test, if it runs.
    pub paper: Option<TestPaperView>,
    /// The present time by the best clock known here, when this was read.
    #[ts(type = "number")]
    pub now: i64,
}

/// How the test stands. Passed only after central said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum TestStage {
    /// Something before it is open.
    NotYet,
    /// It can be begun; that needs a connection.
    Available,
    /// It runs.
    Running,
    /// Handed in or over; the answers are on their way or at central.
    Submitted {
        /// When it was handed in, by the best clock known here.
        #[ts(type = "number | null")]
        at: Option<i64>,
        /// The result is there by then; nobody knows while something waits here.
        #[ts(type = "number | null")]
        result_by: Option<i64>,
        /// Answers that central has not received.
        unsent: u32,
    },
    /// Passed.
    Passed {
        /// When central evaluated it.
        #[ts(type = "number | null")]
        at: Option<i64>,
    },
    /// Not passed.
    NotPassed {
        /// When central evaluated it.
        #[ts(type = "number | null")]
        at: Option<i64>,
        /// True when the person may join a wave all the same.
        may_join: bool,
    },
}

/// A running test.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct TestPaperView {
    /// The attempt.
    pub attempt: Uuid,
    /// When it ends, by this computer's clock put right by central's.
    #[ts(type = "number")]
    pub ends_at: i64,
    /// The present time by the same clock, when this was read.
    #[ts(type = "number")]
    pub now: i64,
    /// True when that is central's time. Otherwise it rests on this computer's clock alone, which somebody may have set:
    /// nothing ends by it, and only central knows whether the test is over.
    pub certain: bool,
    /// The items.
    pub items: Vec<TestItemView>,
    /// Answers that central has not received.
    pub unsent: u32,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TestItemView {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub kind: ItemKind,
    /// The question.
    pub text: Words,
    /// A text to read before the question.
    pub passage: Option<Words>,
    /// A table to read before the question.
    pub table: Option<TestTable>,
    /// A figure as SVG.
    pub svg: Option<String>,
    /// The figure in words.
    pub figure: Option<Words>,
    /// The choices.
    pub options: Vec<TestOptionView>,
    /// Key of the choice that the person made.
    pub answer: Option<String>,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TestOptionView {
    /// Its key.
    pub key: String,
    /// Words; for a figure its description.
    pub text: Words,
    /// A figure as SVG.
    pub svg: Option<String>,
}

/// Something that happened, newest first; the words are the UI's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct NoticeRow {
    /// Its id.
    pub id: Uuid,
    /// What happened.
    pub what: prakerja_protocol::application::NoticeKind,
    /// When.
    #[ts(type = "number")]
    pub at: i64,
    /// Numbers for the sentence.
    #[ts(type = "Record<string, number>")]
    pub numbers: BTreeMap<String, i64>,
    /// The office's own words.
    pub note: Option<String>,
    /// True until the person has seen it.
    pub unread: bool,
}
