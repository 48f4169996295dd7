//! What the window shows of waves, the selection, its result and the membership.

use prakerja_domain::admission::Unfit;
use prakerja_domain::application::{ApplicationState, NotDrawn};
use prakerja_domain::membership::MembershipState;
use prakerja_domain::registration::StepRefusal;
use prakerja_domain::scheme::PriorityClass;
use prakerja_domain::wave::{Counted, WaveState};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::Delivery;
use super::registration::{ConsentRow, DeclarationRow};

/// Waves and the person's own application: two separate lines, since both at once confused people.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct WavesView {
    /// Waves that are not history: open, announced, or with an application of this person; newest first.
    pub waves: Vec<WaveRow>,
    /// True when none is open: a normal state with a screen of its own.
    pub none_open: bool,
    /// The next wave that opens.
    #[ts(type = "number | null")]
    pub next_opens_at: Option<i64>,
    /// The application that says most: the one that was accepted, else one that is not settled, else the latest. Each wave
    /// has its own in its row.
    pub application: Option<ApplicationView>,
    /// Why the registration admits to no wave now, whatever its scheme; absent when it does.
    pub refused: Option<StepRefusal>,
    /// True when the person is a participant already, or was one.
    pub member: bool,
    /// Name of the province that counts for the person; absent while it is not known.
    pub my_province: Option<String>,
    /// True when this computer can prove at which time of central's a button is pressed now: since it was started, the app
    /// has heard central's time, and no clock jumped.
    pub provable: bool,
    /// When the waves were last brought up to date.
    #[ts(type = "number | null")]
    pub as_of: Option<i64>,
    /// The present time by the best clock known here, when this was read.
    #[ts(type = "number")]
    pub now: i64,
}

/// A wave.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct WaveRow {
    /// Its number.
    pub number: u32,
    /// Where it stands, by the best clock known here.
    pub state: WaveState,
    /// Opens.
    #[ts(type = "number")]
    pub opens_at: i64,
    /// Closes.
    #[ts(type = "number")]
    pub closes_at: i64,
    /// A request made in time counts when it arrives until then; absent when only arrival counts.
    #[ts(type = "number | null")]
    pub late_until: Option<i64>,
    /// The results are expected by then.
    #[ts(type = "number | null")]
    pub results_expected_at: Option<i64>,
    /// Places in all.
    #[ts(type = "number")]
    pub quota: u64,
    /// Places of the person's province, where it has a quota of its own.
    #[ts(type = "number | null")]
    pub my_region_quota: Option<u64>,
    /// Names of the provinces that may join; empty for all.
    pub provinces: Vec<String>,
    /// True when the person's province may join; absent while the province is not known.
    pub for_me: Option<bool>,
    /// Version of its scheme.
    pub scheme: String,
    /// What a participant gets in all, rupiah.
    #[ts(type = "number")]
    pub total_idr: i64,
    /// Balance for trainings, rupiah.
    #[ts(type = "number")]
    pub training_aid_idr: i64,
    /// Days to the first purchase.
    pub first_purchase_days: u32,
    /// The agreement to join.
    pub consents: Vec<ConsentRow>,
    /// What this wave's scheme asks and the registration did not: answered with joining.
    pub questions: Vec<DeclarationRow>,
    /// Why the registration does not admit to this wave now.
    pub refused: Option<StepRefusal>,
    /// What of the registration does not fit this wave's scheme.
    pub unfit: Option<Unfit>,
    /// The person's application to this wave.
    pub application: Option<ApplicationView>,
    /// The draw, once its commitment is public.
    pub selection: Option<SelectionRow>,
    /// True when the person may join now.
    pub joinable: bool,
}

/// The public draw of a wave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SelectionRow {
    /// Digest of the commitment, hex.
    pub commitment: String,
    /// Applications in the draw.
    #[ts(type = "number")]
    pub entries: u64,
    /// Bytes that a full verification downloads.
    #[ts(type = "number")]
    pub download_bytes: u64,
    /// When the commitment was published.
    #[ts(type = "number")]
    pub committed_at: i64,
    /// When the result was published.
    #[ts(type = "number | null")]
    pub published_at: Option<i64>,
    /// The last verification on this computer.
    pub verified: Option<SelectionProof>,
}

/// What this computer found when it recomputed a draw. It is kept as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum SelectionProof {
    /// The person's entry is on the committed list as expected; the draw has not happened.
    Listed {
        /// When it was looked at.
        #[ts(type = "number")]
        at: i64,
        /// Applications on the list.
        #[ts(type = "number")]
        entries: u64,
        /// True when the person is not on it, as central said (blocked, a participant already): no fault of the list.
        off_list: bool,
        /// What was fixed before the draw.
        sealed: Sealed,
    },
    /// Everything was recomputed and fits.
    Verified {
        /// When.
        #[ts(type = "number")]
        at: i64,
        /// Applications in the draw.
        #[ts(type = "number")]
        entries: u64,
        /// Accepted ones.
        #[ts(type = "number")]
        accepted: u64,
        /// The person's own place in the order, if he or she took part.
        #[ts(type = "number | null")]
        position: Option<u64>,
        /// Whether the person was accepted.
        mine: Option<bool>,
        /// True when the person was not on the list, as central said. Everything else was recomputed all the same.
        off_list: bool,
        /// The public value that the result names, to compare with its own source.
        beacon: String,
        /// What was fixed before the draw.
        sealed: Sealed,
    },
    /// Something does not fit: the result must not be believed.
    Failed {
        /// When.
        #[ts(type = "number")]
        at: i64,
        /// Which part differs (`list_digest`, `seed`, `accepted`, `not_listed`, ...; words are in the UI).
        part: String,
    },
}

/// What a commitment fixed about the public value, and since when this computer has kept the commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Sealed {
    /// Which public value is mixed in, in the commitment's own words.
    pub beacon: String,
    /// When the value becomes known.
    #[ts(type = "number")]
    pub beacon_due_at: i64,
    /// When this computer kept the commitment.
    #[ts(type = "number")]
    pub kept_at: i64,
    /// True when it was kept before the value could be known. If not, everything that was recomputed only shows that the
    /// files fit each other.
    pub kept_in_time: bool,
}

/// An application of the person.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ApplicationView {
    /// Its id.
    pub application: Uuid,
    /// The wave.
    pub wave: u32,
    /// Where it stands; absent before central said so.
    pub state: Option<ApplicationState>,
    /// How it was counted.
    pub counted: Option<Counted>,
    /// How the request stands.
    pub delivery: Delivery,
    /// Why central refused it (`wave_closed`, `not_in_region`, ...; words are in the UI).
    pub refused: Option<String>,
    /// The pseudonym on the wave's public list, hex.
    pub blind: Option<String>,
    /// The class in which it is drawn.
    pub class: Option<PriorityClass>,
    /// Place in the draw.
    pub drawn: Option<DrawnView>,
    /// True when the request carries a proof of the time at which it was made; absent once central has answered.
    pub provable: Option<bool>,
    /// The command, while it can be taken back.
    pub command: Option<Uuid>,
}

/// What the draw gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DrawnView {
    /// Place in the order, from 1.
    #[ts(type = "number")]
    pub position: u64,
    /// Applications in the draw.
    #[ts(type = "number")]
    pub of: u64,
    /// Why it was passed over.
    pub passed_over: Option<NotDrawn>,
    /// When the results were published.
    #[ts(type = "number")]
    pub published_at: i64,
}

/// The membership of a participant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct MembershipView {
    /// Where it stands.
    pub state: MembershipState,
    /// The card number, masked: `**** **** **** 1234`.
    pub number_masked: String,
    /// What is left for trainings, rupiah.
    #[ts(type = "number")]
    pub balance_idr: i64,
    /// Version of the scheme.
    pub scheme: String,
    /// The wave.
    pub wave: u32,
    /// Number of the appointment decree.
    pub decree: String,
    /// When the person was appointed.
    #[ts(type = "number")]
    pub appointed_at: i64,
    /// Last moment of the first purchase.
    #[ts(type = "number")]
    pub first_purchase_until: i64,
    /// True while the first purchase is awaited.
    pub awaits_first_purchase: bool,
    /// Reminders to come: days before and when.
    pub reminders: Vec<ReminderView>,
    /// The present time by the best clock known here, when this was read.
    #[ts(type = "number")]
    pub now: i64,
}

/// A reminder to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct ReminderView {
    /// Days before the deadline.
    pub days: u32,
    /// When.
    #[ts(type = "number")]
    pub at: i64,
}
