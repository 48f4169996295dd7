//! What the window shows of waves, the selection, its result and the membership.

use prakerja_domain::admission::Unfit;
use prakerja_domain::application::{ApplicationState, LeftOff, NotDrawn};
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
    /// Name of the province that counts for the person by the wave's scheme; absent while it is not known.
    pub my_province: Option<String>,
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
    /// Draws of it that were voided, oldest first. Another one follows each.
    pub voided: Vec<VoidedDraw>,
    /// True when the person may join now.
    pub joinable: bool,
}

/// A draw that central voided before its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct VoidedDraw {
    /// Digest of its commitment, hex.
    pub commitment: String,
    /// When the commitment was published.
    #[ts(type = "number")]
    pub committed_at: i64,
    /// When it was voided, as central says.
    #[ts(type = "number")]
    pub voided_at: i64,
    /// Why, in the office's words.
    pub reason: String,
    /// True when the public value could be known by then: the office may have seen the result.
    pub value_known: bool,
    /// Since when this computer had kept the commitment; absent when it had not.
    #[ts(type = "number | null")]
    pub kept_at: Option<i64>,
    /// When this computer heard that it was voided.
    #[ts(type = "number")]
    pub heard_at: i64,
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
    /// The first verification here that failed, when a later one said otherwise. It is never forgotten: a reason that comes
    /// after a finding does not undo it.
    pub failed_before: Option<EarlierFailure>,
}

/// A verification that failed, and is not the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EarlierFailure {
    /// When.
    #[ts(type = "number")]
    pub at: i64,
    /// What differed.
    pub part: ProofPart,
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
        /// What the person's entry says of the family card; absent without an entry.
        card: Option<CardOnList>,
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
        /// Which part differs.
        part: ProofPart,
    },
    /// The commitment is of a newer version than this app knows: nothing was found wrong, and nothing was proved.
    Newer {
        /// When it was looked at.
        #[ts(type = "number")]
        at: i64,
    },
}

/// What an entry of the list says of its family card. Only the family can know whether it is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CardOnList {
    /// How many more people of the card may become participants.
    pub free: u8,
    /// How many others of the card are on the list.
    pub others: u32,
}

/// Which part of a draw differs: the words of `Tampered::code`, and this app's own. Sentences are in the UI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProofPart {
    /// The commitment is not in its one form.
    CommitmentForm,
    /// The commitment does not fit its digest.
    CommitmentDigest,
    /// It is not the commitment that was kept.
    OtherCommitment,
    /// The rules cannot be drawn by, or are another wave's.
    Rules,
    /// The rules do not fit their digest.
    RulesDigest,
    /// The public value is not named, or was known already.
    BeaconRule,
    /// The list is none.
    List,
    /// The list is not the committed one.
    ListDigest,
    /// A file goes on beyond what was said.
    TooLarge,
    /// The person is not on the list, and no reason was given.
    NotListed,
    /// The person's entry is not as he or she was told.
    OwnEntry,
    /// The person's place or outcome is not as he or she was told.
    OwnPlace,
    /// The seed is not the committed one.
    Seed,
    /// The public value is not in its form.
    Beacon,
    /// The public value to compare with is none.
    KnownBeacon,
    /// The result is not in its one form.
    ResultForm,
    /// The result is of another commitment.
    ResultOfOther,
    /// The result does not fit its digest.
    ResultDigest,
    /// The counts are not those of the draw.
    Counts,
    /// The result names others as accepted.
    AcceptedDigest,
    /// The file of the accepted ones names others.
    Accepted,
    /// Something that this version does not name.
    #[serde(other)]
    Other,
}

impl ProofPart {
    /// The part of a code.
    pub(crate) fn of(code: &str) -> Self {
        serde_json::from_value(serde_json::Value::String(code.to_owned())).unwrap_or(Self::Other)
    }
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
    /// True when it was kept in time, and less than an hour before: hardly anybody could have taken it out of the office's
    /// hands by then.
    pub kept_short: bool,
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
    /// Why it is not on the list that is drawn from.
    pub left_off: Option<LeftOff>,
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
    /// Last moment to use the balance; absent for no such day.
    #[ts(type = "number | null")]
    pub balance_use_until: Option<i64>,
    /// The rest of the balance that was withdrawn after that.
    pub withdrawn: Option<WithdrawnView>,
    /// The rules that apply to the person.
    pub rules: MemberRules,
    /// Reminders to come: days before and when.
    pub reminders: Vec<ReminderView>,
    /// The present time by the best clock known here, when this was read.
    #[ts(type = "number")]
    pub now: i64,
}

/// The rest of a balance that went back to the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct WithdrawnView {
    /// When.
    #[ts(type = "number")]
    pub at: i64,
    /// How much, rupiah.
    #[ts(type = "number")]
    pub amount_idr: i64,
}

/// Rules of a wave's scheme that a participant goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct MemberRules {
    /// Days from the appointment to the first purchase.
    pub first_purchase_days: u32,
    /// Days from the end of the first training to the next purchase; who misses it loses the rest of the balance.
    pub next_purchase_days: u32,
    /// Days within which aid that one had no right to is given back.
    pub refund_days: u32,
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

#[cfg(test)]
mod tests {
    use prakerja_selection::Tampered;

    use super::ProofPart;

    #[test]
    fn every_finding_of_a_verification_has_a_part() {
        // A newer version is no finding: it has a proof of its own. The app draws nothing from a void.json.
        for code in Tampered::CODES.into_iter().filter(|code| !["version", "void"].contains(code)) {
            assert_ne!(ProofPart::of(code), ProofPart::Other, "{code}");
        }
        assert_eq!(ProofPart::of("not_yet_invented"), ProofPart::Other);
    }
}
