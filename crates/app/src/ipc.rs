//! What the window may ask and what it is told: one list of commands, one set of types.
//!
//! TypeScript is generated from here into `ui/src/ipc/types.ts` (`cargo xtask codegen`), and a test fails when it is
//! stale. Times are Unix milliseconds, ids are UUID text, money is whole rupiah.

pub mod photo;
pub mod registration;
pub mod wave;

use prakerja_domain::eligibility::Reason;
use prakerja_domain::enrolment::EnrolmentState;
use prakerja_domain::field::FieldError;
use prakerja_domain::identity::IdentityWarning;
use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::RegistrationState;
use prakerja_domain::scheme::Interest;
use prakerja_domain::training::{Method, SeatBand};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;
use uuid::Uuid;

/// Every command: name, arguments, result. A test of `src-tauri` compares the adapters (names, arguments and results),
/// the app manifest and the capability with this list; `ui/src/ipc/types.ts` is generated from it.
pub const COMMANDS: &[(&str, &str, &str)] = &[
    ("get_state", "", "AppState"),
    ("set_settings", "settings: SettingsPatch", "AppState"),
    ("create_vault", "passphrase: string", "AppState"),
    ("unlock_vault", "passphrase: string | null", "AppState"),
    ("set_aside_vault", "", "AppState"),
    ("get_choices", "", "Choices"),
    ("start_check", "", "CheckView"),
    ("get_check", "", "CheckView"),
    ("stop_check", "", "CheckView"),
    ("watch_connection", "on: boolean", "null"),
    ("get_check_details", "", "string"),
    ("open_login_page", "", "null"),
    ("suggest_email", "email: string", "string | null"),
    ("sign_up", "form: SignUpForm", "PendingCode"),
    ("reset_password", "form: ResetForm", "PendingCode"),
    ("get_pending_code", "", "PendingCode | null"),
    ("confirm_code", "code: string", "AppState"),
    ("resend_code", "", "PendingCode"),
    ("abandon_sign_up", "", "AppState"),
    ("sign_in", "email: string, password: string", "AppState"),
    ("sign_out", "leaveUnsent: boolean", "AppState"),
    ("list_sessions", "", "SessionRow[]"),
    ("revoke_session", "session: string", "SessionRow[]"),
    ("close_account", "password: string", "AppState"),
    ("forget_account", "email: string", "AppState"),
    ("get_profile", "", "ProfileView"),
    ("save_profile_field", "field: ProfileField, value: string", "Saved"),
    ("check_profile_fields", "fields: ProfileField[]", "FieldCheck"),
    ("submit_profile", "", "ProfileView"),
    ("search_trainings", "query: TrainingQuery", "TrainingPage"),
    ("get_training", "training: string", "TrainingDetail"),
    ("request_enrolment", "training: string, schedule: string | null", "ActivityRow"),
    ("cancel_enrolment", "enrolment: string", "ActivityRow"),
    ("list_activities", "", "ActivityRow[]"),
    ("get_sync", "", "SyncView"),
    ("sync_now", "", "SyncView"),
    ("cancel_command", "command: string", "SyncView"),
    ("resolve_conflict", "command: string, keepMine: boolean", "SyncView"),
    ("copy_text", "text: string", "null"),
    ("get_eligibility", "", "EligibilityView"),
    ("check_eligibility", "answers: EligibilityForm", "EligibilityView"),
    ("search_regions", "level: RegionLevel, within: string | null, text: string", "RegionHit[]"),
    ("get_region", "code: string", "RegionHit[]"),
    ("get_registration", "", "RegistrationView"),
    ("submit_identity", "consents: string[]", "RegistrationView"),
    ("get_phone_code", "", "PhoneCodeState"),
    ("send_phone_code", "", "PhoneCodeState"),
    ("confirm_phone_code", "code: string", "RegistrationView"),
    ("start_face_check", "consents: string[]", "FaceSessionView"),
    ("open_link", "url: string", "null"),
    ("get_declarations", "", "DeclarationsView"),
    ("save_declaration", "id: string, answer: boolean", "DeclarationsView"),
    ("save_consent", "id: string, given: boolean", "DeclarationsView"),
    ("submit_declarations", "", "DeclarationsView"),
    ("get_test", "", "TestView"),
    ("start_test", "", "TestView"),
    ("answer_test", "item: string, choice: string", "Saved"),
    ("submit_test", "", "TestView"),
    ("submit_appeal", "text: string", "RegistrationView"),
    ("list_notices", "", "NoticeRow[]"),
    ("read_notices", "", "null"),
    ("get_waves", "", "WavesView"),
    ("join_wave", "wave: number, consents: string[], answers: { [question: string]: boolean }", "WavesView"),
    ("verify_selection", "wave: number", "WavesView"),
    ("get_membership", "", "MembershipView | null"),
    ("reveal_card_number", "", "string"),
    ("copy_card_number", "", "null"),
    ("save_deadline_calendar", "", "string"),
    ("get_photo", "", "PhotoView"),
    ("examine_photo", "photo: Uint8Array", "PhotoView"),
    ("turn_photo", "turn: QuarterTurn", "PhotoView"),
    ("discard_photo", "", "PhotoView"),
    ("send_photo", "", "PhotoView"),
    ("send_photo_now", "", "PhotoView"),
    ("start_handover", "", "HandoverView"),
];

/// Name of the one event that the window listens to; its payload is [`AppEvent`].
pub const EVENT: &str = "app";

/// Something that the window should show without having asked.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AppEvent {
    /// Account, vault, settings or the sync summary changed.
    State {
        /// The whole new state.
        state: Box<AppState>,
    },
    /// The running check moved on.
    Check {
        /// The whole check so far.
        check: Box<CheckView>,
    },
    /// Read this again.
    Changed {
        /// What changed.
        what: Changed,
    },
}

/// Things that the window reads again when told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// Trainings, waves, provinces.
    Catalogue,
    /// Enrolments and their states.
    Activities,
    /// Personal data.
    Profile,
    /// The list of what waits and what was received.
    Sync,
    /// The registration: any step of it.
    Registration,
    /// The photo of the identity card, also while its bytes travel.
    Photo,
    /// Waves, the own application, the membership.
    Waves,
    /// Something happened that the person should hear of.
    Notices,
}

/// Why a command failed. `code` selects words and a way out in the UI; nothing here is shown raw.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct IpcError {
    /// The code.
    pub code: ErrorCode,
    /// Wrong fields, with `validation`.
    pub fields: Vec<FieldError>,
    /// Wait at least so long.
    #[ts(type = "number | null")]
    pub retry_after_ms: Option<u64>,
    /// Numbers for the sentence (`attempts_left`, `count`, ...).
    #[ts(type = "Record<string, number>")]
    pub numbers: BTreeMap<String, i64>,
    /// Short reference for support, without personal data.
    pub reference: String,
}

/// A code exists because the UI has words or a way out of its own for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Fields are wrong.
    Validation,
    /// No network or central cannot be reached; what was typed is kept.
    Offline,
    /// Something else than central answered (a network that wants a login).
    NotOurServer,
    /// The secure connection failed (inspection, unknown authority).
    TlsBlocked,
    /// The secure connection failed because this computer's date is wrong.
    ClockWrong,
    /// Central asks to wait.
    Busy,
    /// Too many tries; `retry_after_ms`.
    RateLimited,
    /// This app is too old for central.
    TooOld,
    /// E-mail or password is wrong.
    WrongCredentials,
    /// The code is wrong; `attempts_left`.
    WrongCode,
    /// The code is over.
    CodeExpired,
    /// Codes are locked for a while; `retry_after_ms`.
    CodeLocked,
    /// The session is over; sign in again. Nothing is lost.
    SignInNeeded,
    /// The operator locked the account.
    AccountLocked,
    /// Things are not sent yet; `count`.
    UnsentItems,
    /// No such training, activity or command any more.
    NotFound,
    /// The person takes part or has asked already.
    AlreadyEnrolled,
    /// No seat is left, as far as this computer knows.
    SeatFull,
    /// Enrolment has closed.
    EnrolmentClosed,
    /// Paid from the training balance.
    NeedsBalance,
    /// It cannot be cancelled any more.
    NotCancellable,
    /// The central address is no https address.
    BadAddress,
    /// The data on this computer is locked: passphrase needed.
    VaultLocked,
    /// The passphrase is wrong.
    WrongPassphrase,
    /// The database cannot be used; the state says why.
    VaultBroken,
    /// Another program holds the data file for long (a backup, a virus scanner).
    VaultBusy,
    /// The disk is full.
    DiskFull,
    /// There is too little room on the disk for a photo; `numbers`: `free_mb`, `needed_mb`.
    DiskLow,
    /// The step is not possible now; something before it is open, or it is done.
    StepRefused,
    /// Another account has this identity number.
    NikTaken,
    /// Personal data is missing; `fields`.
    ProfileIncomplete,
    /// The wave is not open (yet, or any more).
    WaveNotOpen,
    /// The wave is not for this province.
    NotInRegion,
    /// The registration was made under other rules and does not fit the wave's scheme.
    SchemeUnfit,
    /// The person is a participant already, or was.
    AlreadyMember,
    /// The account stays: the person is or was a participant, and the programme must keep what it paid out.
    StillParticipant,
    /// The account stays until everybody has the result of a draw that the person takes part in.
    DrawUnderWay,
    /// The account stays on this computer as long as its session is open.
    StillSignedIn,
    /// Central was asked to close the account and nobody knows yet what became of it; this computer asks until it is known.
    ClosingUnknown,
    /// An outside party (registry, messages, face check) does not answer; `retry_after_ms`.
    PartyUnavailable,
    /// The test is over.
    TestOver,
    /// The file is no photo that can be used; `fields` says why (`photo`).
    PhotoUnusable,
    /// The key for documents is not known yet: connect once.
    NoSealingKey,
    /// A draw does not fit its commitment, or its files could not be read.
    SelectionFailed,
    /// A defect; it was written to the log.
    Internal,
}

/// All that the frame of the window shows.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct AppState {
    /// Counts up with every state that is read: answers and events come by different roads, and an older one may come last.
    pub turn: u32,
    /// Version of the app.
    pub version: String,
    /// Settings in force.
    pub settings: Settings,
    /// Where central is.
    pub central: CentralView,
    /// The encrypted database.
    pub vault: VaultView,
    /// Who uses it.
    pub account: AccountView,
    /// True from the request to close the account that is shown until it is known what became of it.
    pub closing_asked: bool,
    /// The three preparations.
    pub preparations: Preparations,
    /// Is my work safe, is it sent?
    pub sync: SyncSummary,
    /// Where the registration stands, by what central said last; absent before there is an account.
    pub registration: Option<RegistrationState>,
    /// Things that happened and that the person has not seen.
    pub unread_notices: u32,
    /// True when the account has a membership.
    pub member: bool,
    /// Bytes cost money on this connection, by what the operating system says; absent when it does not know.
    pub metered: Option<bool>,
}

/// Settings of this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Settings {
    /// `id` or `en`.
    #[ts(type = "\"id\" | \"en\"")]
    pub language: String,
    /// `system`, `light` or `dark`.
    #[ts(type = "\"system\" | \"light\" | \"dark\"")]
    pub theme: String,
    /// Text size in percent: 100, 125, 150, 200.
    pub text_percent: u32,
    /// When photos are sent: `automatic` (not where the system says that bytes cost money), `always`, `hold` (when the
    /// person says so).
    #[serde(default)]
    #[ts(type = "\"automatic\" | \"always\" | \"hold\"")]
    pub photo_sending: String,
}

/// Settings to change; absent ones stay.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct SettingsPatch {
    /// New language.
    pub language: Option<String>,
    /// New theme.
    pub theme: Option<String>,
    /// New text size.
    pub text_percent: Option<u32>,
    /// New rule for photos.
    pub photo_sending: Option<String>,
    /// New address of central; empty for the built-in one.
    pub central_url: Option<String>,
}

/// Where central is and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CentralView {
    /// Base address.
    pub url: String,
    /// `built_in`, `environment` or `settings`.
    #[ts(type = "\"built_in\" | \"environment\" | \"settings\"")]
    pub source: String,
    /// Name of the operator, once central told it.
    pub operator: Option<String>,
    /// True when central runs with demo data: nothing is real.
    pub demo: bool,
}

/// State of the encrypted database on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum VaultView {
    /// Being opened.
    Opening,
    /// No keyring keeps the key: the person chooses a recovery passphrase, or tries the keyring again.
    NeedsPassphrase {
        /// What is the matter with the keyring.
        why: KeyringTrouble,
    },
    /// A database is there; its passphrase or the computer's keyring must be unlocked.
    Locked {
        /// Where the key is.
        by: Protection,
    },
    /// In use.
    Open {
        /// Where the key is.
        by: Protection,
    },
    /// It cannot be used; the data is untouched.
    Broken {
        /// Why.
        why: VaultProblem,
        /// Where the file is, to tell support; a path under the person's own folder.
        path: String,
    },
}

/// Why the keyring does not keep the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeyringTrouble {
    /// This computer has none.
    Absent,
    /// It is locked; once it is unlocked, no passphrase is needed.
    Locked,
    /// It failed or did not answer in time.
    Failed,
}

/// Where the database key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// The operating system's keyring.
    Keyring,
    /// A key file wrapped with a passphrase (Argon2id).
    Passphrase,
}

/// Why the database cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VaultProblem {
    /// The keyring has no key for this database (or is locked and says it has none).
    KeyMissing,
    /// The key does not open it.
    WrongKey,
    /// The file is damaged.
    Damaged,
    /// A newer version of the app wrote it.
    NewerSchema,
    /// No room on the disk.
    DiskFull,
    /// Another copy of the app has it open.
    InUse,
    /// The database engine came without encryption: this build must not be used.
    NoEncryption,
    /// The folder cannot be read or written.
    NoAccess,
    /// Something else failed; nothing says that the data is harmed. It was written to the log.
    Failed,
}

/// Who uses the app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AccountView {
    /// Nobody yet.
    None,
    /// A sign-up, or another password, waits for its code.
    AwaitingCode {
        /// Address of the account.
        email: String,
        /// What the right code does.
        purpose: CodePurpose,
    },
    /// Signed in.
    SignedIn {
        /// Address of the account.
        email: String,
        /// First word of the name, when known.
        first_name: Option<String>,
    },
    /// The session is over; data stays readable, sending waits.
    SignInNeeded {
        /// Address of the account.
        email: String,
        /// First word of the name, when known.
        first_name: Option<String>,
    },
}

/// "Siapkan 3 hal".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Preparations {
    /// Internet connection: last verdict and when.
    pub connection: Option<LastCheck>,
    /// Account is verified.
    pub account: bool,
    /// Fields of the personal data that are filled in and right.
    pub personal_filled: u32,
    /// Fields of the personal data in all.
    pub personal_total: u32,
    /// True when the personal data was confirmed with check-your-answers.
    pub personal_submitted: bool,
}

/// The last finished check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LastCheck {
    /// What came out.
    pub verdict: Verdict,
    /// When.
    #[ts(type = "number")]
    pub at: i64,
}

/// What a check comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Go.
    Stable,
    /// Go; it takes a little longer.
    Usable,
    /// Better save and finish later.
    Poor,
    /// No internet.
    Offline,
    /// The name of central is not found.
    NameNotFound,
    /// The internet works, central does not answer there.
    ServerUnreachable,
    /// The network wants a login.
    Portal,
    /// The secure connection is blocked or inspected by an unknown authority.
    TlsBlocked,
    /// This computer's date is wrong.
    ClockWrong,
    /// Central answers that it is busy.
    ServerBusy,
    /// Central answers with an error.
    ServerDown,
    /// This app is too old.
    TooOld,
}

/// A check, running or done.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct CheckView {
    /// True while it runs.
    pub running: bool,
    /// The stages in order.
    pub stages: Vec<StageView>,
    /// Round trips of the quality stage and of the live watch, oldest first.
    pub samples: Vec<SampleView>,
    /// How many samples the quality stage will take.
    pub samples_planned: u32,
    /// Figures, once there are some.
    pub figures: Option<FiguresView>,
    /// What came out, once known.
    pub verdict: Option<Verdict>,
    /// Whether sign-up is `open`, `discouraged` or `stopped`.
    #[ts(type = "\"open\" | \"discouraged\" | \"stopped\"")]
    pub sign_up: String,
    /// When it looks again by itself.
    #[ts(type = "number | null")]
    pub next_at: Option<i64>,
    /// When it began.
    #[ts(type = "number | null")]
    pub started_at: Option<i64>,
    /// This computer's clock minus central's, milliseconds.
    #[ts(type = "number | null")]
    pub clock_skew_ms: Option<i64>,
    /// True while the live watch runs.
    pub watching: bool,
}

/// One stage of the check.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct StageView {
    /// Which.
    pub stage: Stage,
    /// How it stands.
    pub state: StageState,
    /// How long it took.
    #[ts(type = "number | null")]
    pub ms: Option<u64>,
    /// A fact to show beside it: host name, `ipv4`/`ipv6`, issuer, speed in bit/s. No personal data.
    pub fact: Option<String>,
}

/// Stages in order (`sync.md` §5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Name found.
    Name,
    /// Server reached.
    Reach,
    /// Secure.
    Secure,
    /// Central answers.
    Api,
    /// Does this network want a login? Only when one before failed.
    Portal,
    /// Stability.
    Quality,
    /// Upload speed.
    Upload,
}

/// State of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StageState {
    /// Not yet.
    Waiting,
    /// Now.
    Running,
    /// Good.
    Passed,
    /// Not good.
    Failed,
    /// Not needed.
    Skipped,
}

/// One try.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
pub struct SampleView {
    /// Round trip in milliseconds; absent for a failed try.
    pub ms: Option<f64>,
}

/// Figures of the quality and upload stages.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct FiguresView {
    /// Tries.
    pub tries: u32,
    /// Failed tries.
    pub failed: u32,
    /// Median round trip, milliseconds.
    pub median_ms: f64,
    /// 95th percentile, milliseconds.
    pub p95_ms: f64,
    /// Mean difference of neighbours, milliseconds.
    pub jitter_ms: f64,
    /// Upload speed in bit/s, a lower bound.
    pub upload_bps: Option<f64>,
    /// Estimated time to send the photo, seconds.
    pub photo_s: Option<f64>,
}

/// The sign-up form.
#[derive(Clone, Deserialize, TS)]
pub struct SignUpForm {
    /// Typed address.
    pub email: String,
    /// Typed password.
    pub password: String,
    /// Typed again.
    pub password_confirmation: String,
    /// Box "terms" ticked.
    pub accept_terms: bool,
    /// Box "privacy" ticked.
    pub accept_privacy: bool,
}

/// The form of a forgotten password as it was filled in.
#[derive(Clone, Deserialize, TS)]
pub struct ResetForm {
    /// Typed address.
    pub email: String,
    /// Typed new password.
    pub password: String,
    /// Typed again.
    pub password_confirmation: String,
    /// The way of the code.
    pub by: CodeChannel,
}

/// The way of a code to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CodeChannel {
    /// To the e-mail address.
    Mail,
    /// To the phone that was verified for the account.
    Sms,
}

impl From<CodeChannel> for prakerja_protocol::account::CodeChannel {
    fn from(channel: CodeChannel) -> Self {
        match channel {
            CodeChannel::Mail => Self::Mail,
            CodeChannel::Sms => Self::Sms,
        }
    }
}

/// What a code does once it is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CodePurpose {
    /// Makes the account.
    Account,
    /// Sets another password.
    Password,
}

impl From<prakerja_store::CodePurpose> for CodePurpose {
    fn from(purpose: prakerja_store::CodePurpose) -> Self {
        match purpose {
            prakerja_store::CodePurpose::Account => Self::Account,
            prakerja_store::CodePurpose::PasswordByMail | prakerja_store::CodePurpose::PasswordBySms => Self::Password,
        }
    }
}

/// A code is on its way, as far as anybody may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PendingCode {
    /// What it does once it is right.
    pub purpose: CodePurpose,
    /// The way that it went.
    pub by: CodeChannel,
    /// Address of the account.
    pub email: String,
    /// Until when it is valid, by this computer's clock.
    #[ts(type = "number")]
    pub expires_at: i64,
    /// From when another may be asked for, by this computer's clock.
    #[ts(type = "number")]
    pub resend_at: i64,
    /// How many more may be asked for.
    pub resends_left: u32,
    /// Address of the sandbox mailbox page when central runs with demo data.
    pub sandbox_mailbox: Option<String>,
}

/// One open session of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SessionRow {
    /// Its id.
    pub session: Uuid,
    /// Name of the computer.
    pub device_name: String,
    /// Opened.
    #[ts(type = "number")]
    pub created_at: i64,
    /// Last used.
    #[ts(type = "number")]
    pub used_at: i64,
    /// This computer's own.
    pub current: bool,
}

/// Choices of select fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Choices {
    /// Provinces: code and name.
    pub provinces: Vec<Choice>,
    /// Codes of marital statuses (words are in the UI).
    pub marital_statuses: Vec<String>,
    /// Fields of training: key and words, of the scheme in force.
    pub training_interests: Vec<Interest>,
    /// Codes of education levels (words are in the UI).
    pub education_levels: Vec<String>,
    /// Codes of employment statuses (words are in the UI).
    pub employment_statuses: Vec<String>,
    /// Those of them with which nobody can take part, and why.
    #[ts(type = "Record<string, Reason>")]
    pub excluding_statuses: BTreeMap<String, Reason>,
    /// Least age, of the scheme in force.
    pub min_age: u8,
    /// Greatest age, if any.
    pub max_age: Option<u8>,
}

/// Code and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Choice {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
}

/// Personal data as the form shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ProfileView {
    /// What the person typed (draft over what central has).
    #[ts(type = "Partial<Record<ProfileField, string>>")]
    pub values: BTreeMap<ProfileField, String>,
    /// What looks odd.
    pub warnings: Vec<IdentityWarning>,
    /// Last time a field was saved on this computer.
    #[ts(type = "number | null")]
    pub saved_at: Option<i64>,
    /// How the confirmed data stands; absent before it was confirmed.
    pub delivery: Option<Delivery>,
    /// True when the draft differs from what was confirmed.
    pub has_changes: bool,
    /// What central refused of the values, and why; gone once something else is typed there.
    pub refused: Vec<FieldError>,
    /// Fields that may not change any more, with what the civil registry was asked about.
    #[ts(type = "Partial<Record<ProfileField, string>>")]
    pub frozen: BTreeMap<ProfileField, String>,
    /// A conflict that the person must decide.
    pub conflict: Option<ProfileConflict>,
    /// The number that was verified, or that an application under way was made with: another one needs a code again.
    pub phone_in_use: Option<String>,
}

/// The same field was changed elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ProfileConflict {
    /// The command to resolve.
    pub command: Uuid,
    /// Field to (mine, central's).
    #[ts(type = "Partial<Record<ProfileField, [string | null, string | null]>>")]
    pub fields: BTreeMap<ProfileField, (Option<String>, Option<String>)>,
}

/// A field was saved on this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct Saved {
    /// When.
    #[ts(type = "number")]
    pub saved_at: i64,
}

/// Answer to "are these fields right?".
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct FieldCheck {
    /// Wrong fields.
    pub errors: Vec<FieldError>,
    /// What looks odd in all that is typed.
    pub warnings: Vec<IdentityWarning>,
}

/// How something that the person did stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Delivery {
    /// Saved on this computer; sending has not been tried.
    Saved {
        /// When it was saved.
        #[ts(type = "number")]
        at: i64,
    },
    /// Waits for a connection.
    Waiting {
        /// When it was saved.
        #[ts(type = "number")]
        at: i64,
    },
    /// Central asked to send it again later, which happens by itself.
    PutOff {
        /// Why.
        why: PutOff,
        /// When it is sent again.
        #[ts(type = "number")]
        until: i64,
        /// When it was saved.
        #[ts(type = "number")]
        at: i64,
    },
    /// On its way now.
    Sending {
        /// When it was saved.
        #[ts(type = "number")]
        at: i64,
    },
    /// Central has it.
    Received {
        /// Central's clock.
        #[ts(type = "number")]
        at: i64,
        /// Receipt number to read out.
        receipt: String,
    },
    /// The person must do something.
    NeedsYou {
        /// Why.
        why: Attention,
        /// When it was saved.
        #[ts(type = "number")]
        at: i64,
    },
}

/// Why central asked to send something again later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PutOff {
    /// It was tried too often.
    TooManyTries,
    /// An outside party, such as the civil registry, does not answer or is not there.
    PartyUnavailable,
}

/// What a person must do or know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// Sign in to send.
    SignIn,
    /// Update the app to send.
    UpdateApp,
    /// Central refused: no seat.
    SeatFull,
    /// Central refused: enrolment closed.
    EnrolmentClosed,
    /// Central refused: training is gone.
    TrainingUnknown,
    /// Central refused: needs the training balance.
    NeedsBalance,
    /// Central refused: takes part already.
    AlreadyEnrolled,
    /// Central refused: cannot be cancelled.
    NotCancellable,
    /// Central refused a value.
    Validation,
    /// Changed elsewhere: decide.
    Conflict,
    /// Something that this needs was refused.
    Dependency,
    /// The account is locked.
    AccountLocked,
    /// Central does not know this yet; it is tried daily.
    CentralTooOld,
    /// Central refused: the wave has closed, and the request does not count.
    WaveClosed,
    /// Central refused: the wave is not open yet, or there is none.
    WaveNotOpen,
    /// Central refused: the wave is not for this province.
    NotInRegion,
    /// Central refused: the registration does not fit the wave's scheme.
    SchemeUnfit,
    /// Central refused: a participant already.
    AlreadyMember,
    /// Central refused: something before this step is open, or it is done.
    StepRefused,
    /// Central refused: too many tries; later it may be sent again.
    TryLater,
    /// Central refused: another account has this identity number.
    NikTaken,
    /// Central refused: the test is over.
    TestOver,
    /// The file to send is gone or changed: take the photo again.
    AttachAgain,
    /// Refused for another reason; support can look it up by the receipt number.
    Refused,
}

/// Search and filters.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct TrainingQuery {
    /// Words typed.
    pub text: String,
    /// Only these methods; empty for all.
    pub methods: Vec<Method>,
    /// Only free ones.
    pub free_only: bool,
    /// Only in this province (in-person ones).
    pub province: Option<String>,
    /// Only with a seat.
    pub with_seat: bool,
    /// Skip so many.
    pub offset: u32,
    /// At most so many (1 to 100).
    pub limit: u32,
}

/// A page of trainings.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct TrainingPage {
    /// How many fit the query.
    pub total: u32,
    /// How many are stored on this computer.
    pub stored: u32,
    /// When the catalogue was last brought up to date.
    #[ts(type = "number | null")]
    pub as_of: Option<i64>,
    /// This page.
    pub rows: Vec<TrainingRow>,
}

/// A training in the list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct TrainingRow {
    /// Its id.
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// How it is held.
    pub method: Method,
    /// Institution.
    pub institution: String,
    /// Platform.
    pub platform: String,
    /// Free for everyone with an account.
    pub free: bool,
    /// Price in rupiah.
    #[ts(type = "number")]
    pub price_idr: i64,
    /// Hours.
    pub hours: u32,
    /// Rating times ten.
    pub rating_x10: Option<u32>,
    /// Number of ratings.
    pub ratings: u32,
    /// City of the next run in person.
    pub city: Option<String>,
    /// First day of the next run.
    pub starts_on: Option<String>,
    /// Best band of all runs.
    pub seats: Option<SeatBand>,
    /// The person's own activity, if any.
    pub mine: Option<ActivityState>,
}

/// A training with all there is to know.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct TrainingDetail {
    /// What the list shows.
    pub row: TrainingRow,
    /// What one learns.
    pub summary: String,
    /// Field of work.
    pub field: String,
    /// What one needs.
    pub needs: Vec<String>,
    /// Runs.
    pub schedules: Vec<ScheduleRow>,
    /// When the catalogue was last brought up to date.
    #[ts(type = "number | null")]
    pub as_of: Option<i64>,
    /// The present time by the best clock known here, when this was read.
    #[ts(type = "number")]
    pub now: i64,
}

/// A run of a training.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ScheduleRow {
    /// Its id.
    pub id: Uuid,
    /// First day.
    pub starts_on: String,
    /// Last day.
    pub ends_on: String,
    /// Time of day.
    pub time: String,
    /// City; absent for webinars.
    pub city: Option<String>,
    /// Street address; absent for webinars.
    pub address: Option<String>,
    /// Enrolment closes, by central's clock.
    #[ts(type = "number")]
    pub closes_at: i64,
    /// True when it has closed by the best clock known here.
    pub closed: bool,
    /// Seats, roughly.
    pub seats: SeatBand,
}

/// Something that the person takes part in or asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ActivityRow {
    /// Id of the enrolment.
    pub enrolment: Uuid,
    /// The training.
    pub training: Uuid,
    /// Its title.
    pub title: String,
    /// How it is held, when the catalogue knows.
    pub method: Option<Method>,
    /// The run, when there is one.
    pub schedule: Option<ScheduleRow>,
    /// What it is.
    pub activity: ActivityState,
    /// How the newest thing the person did about it stands.
    pub delivery: Delivery,
    /// The command that waits, or whose refusal the person has not taken note of.
    pub command: Option<Uuid>,
    /// True when it may be cancelled now.
    pub cancellable: bool,
}

/// State of an activity; never a programme status before central said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ActivityState {
    /// Asked for; central has not answered.
    Requested,
    /// Central said so.
    Enrolled {
        /// State there.
        state: EnrolmentState,
    },
    /// Giving it back; central has not answered.
    Cancelling,
    /// Central refused the request.
    Refused,
}

/// Is my work safe, is it sent?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SyncSummary {
    /// The one word of the indicator.
    pub status: SyncStatus,
    /// How many things wait.
    pub waiting: u32,
    /// How many need the person.
    pub needs_you: u32,
    /// Whether central could be reached at the last try.
    pub online: Option<bool>,
    /// When everything was last exchanged.
    #[ts(type = "number | null")]
    pub last_sync_at: Option<i64>,
    /// When it tries again.
    #[ts(type = "number | null")]
    pub next_try_at: Option<i64>,
}

/// The one word of the indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncStatus {
    /// Nothing was made that would have to be sent.
    Idle,
    /// Everything was received.
    AllSent,
    /// Things wait for a connection.
    Waiting,
    /// Sending.
    Sending,
    /// Something needs the person.
    NeedsYou,
    /// Central is busy; it is tried again.
    Busy,
    /// Another network answers (portal), or the secure connection is blocked.
    Blocked,
}

/// The list behind the indicator.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SyncView {
    /// The summary.
    pub summary: SyncSummary,
    /// What waits or needs the person, oldest first.
    pub waiting: Vec<CommandRow>,
    /// What was received, newest first, at most 50.
    pub received: Vec<CommandRow>,
}

/// One thing that the person did.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct CommandRow {
    /// The command's id.
    pub command: Uuid,
    /// What it is about.
    pub what: CommandWhat,
    /// How it stands.
    pub delivery: Delivery,
    /// True when it can be cancelled.
    pub cancellable: bool,
    /// How many times sending was tried.
    pub attempts: u32,
}

/// What a command is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CommandWhat {
    /// Personal data.
    Profile {
        /// How many fields.
        fields: u32,
    },
    /// Asks for a place.
    Enrol {
        /// Title of the training.
        title: String,
    },
    /// Gives a place back.
    CancelEnrolment {
        /// Title of the training.
        title: String,
    },
    /// Match with the civil registry.
    Identity,
    /// Photo of the identity card.
    Photo,
    /// Declarations and consents.
    Declarations,
    /// An answer of the test, or handing it in.
    Test,
    /// Joins a wave.
    Join {
        /// Its number.
        wave: u32,
    },
    /// Objects to a block.
    Appeal,
    /// Takes a command back.
    Void,
    /// A kind that this version does not know.
    Other,
}
