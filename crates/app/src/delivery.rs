//! How something that the person did stands, in the words of the window. Pure: commands and the state of the exchange in,
//! words out.
//!
//! "Saved on this computer" and "received by the office" are never mixed: only a final answer of central gives
//! [`Delivery::Received`].

use prakerja_domain::field::FieldError;
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::receipt::Receipt;
use prakerja_store::{OutboxCounts, OutboxRow, OutboxState};
use prakerja_sync::core::Session;
use prakerja_sync::executor::SyncStatus;
use prakerja_sync::failure::Class;
use serde::Deserialize as _;
use uuid::Uuid;

use crate::ipc::{Attention, Delivery, PutOff, SyncStatus as Word, SyncSummary};

/// How the exchange with central stands, with times as Unix milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    /// When this was read, on the clock by which commands are put off.
    pub(crate) now: i64,
    /// Whether central takes what this person sends.
    pub(crate) session: Session,
    /// Commands on the wire.
    pub(crate) sending: Vec<Uuid>,
    /// Whether central was reached at the newest try.
    pub(crate) online: Option<bool>,
    /// What stands in the way.
    pub(crate) obstacle: Option<Class>,
    /// When it is tried again, with an obstacle.
    pub(crate) next_try_at: Option<i64>,
    /// When everything was last exchanged.
    pub(crate) last_sync_at: Option<i64>,
}

impl Standing {
    /// How it stands now.
    pub(crate) fn at(now: i64, status: SyncStatus) -> Self {
        Self {
            now,
            session: status.session,
            sending: status.sending,
            online: status.online,
            obstacle: status.obstacle,
            next_try_at: status.next_try_at,
            last_sync_at: status.last_sync_at,
        }
    }

    /// How a command stands.
    pub(crate) fn delivery(&self, command: &OutboxRow) -> Delivery {
        let at = command.created_at;
        let needs = |why| Delivery::NeedsYou { why, at };
        match command.state {
            OutboxState::Done => finished(command),
            OutboxState::Sending => Delivery::Sending { at },
            _ if self.sending.contains(&command.id) => Delivery::Sending { at },
            OutboxState::Parked | OutboxState::Held => match problem(command) {
                Some(code) => needs(attention(code)),
                None => self.in_the_way().map_or(Delivery::Waiting { at }, needs),
            },
            OutboxState::Queued | OutboxState::Blocked => match self.in_the_way() {
                Some(why) => needs(why),
                None if problem(command) == Some(ProblemCode::UnsupportedVersion) => needs(Attention::CentralTooOld),
                None if command.next_at > self.now
                    && let Some(why) = problem(command).and_then(put_off) =>
                {
                    Delivery::PutOff { why, until: command.next_at, at }
                }
                None if self.waits(command) => Delivery::Waiting { at },
                None => Delivery::Saved { at },
            },
        }
    }

    /// True when sending was tried, or is known to be impossible at present.
    fn waits(&self, command: &OutboxRow) -> bool {
        command.attempts > 0 || self.online == Some(false) || self.obstacle.is_some()
    }

    /// What only the person can change and stops everything.
    fn in_the_way(&self) -> Option<Attention> {
        match (self.session, self.obstacle) {
            (Session::Ended, _) => Some(Attention::SignIn),
            (Session::Locked, _) | (_, Some(Class::AccountLocked)) => Some(Attention::AccountLocked),
            (_, Some(Class::ClientTooOld)) => Some(Attention::UpdateApp),
            _ => None,
        }
    }

    /// The indicator.
    pub(crate) fn summary(&self, counts: &OutboxCounts, signed_out: bool) -> SyncSummary {
        let waiting = counts.waiting();
        let stopped = waiting > 0 && (signed_out || self.in_the_way().is_some());
        let needs_you = counts.parked + counts.refused + u32::from(stopped && counts.parked == 0);
        let status = if needs_you > 0 {
            Word::NeedsYou
        } else if waiting == 0 {
            if counts.received > 0 { Word::AllSent } else { Word::Idle }
        } else if !self.sending.is_empty() {
            Word::Sending
        } else {
            match self.obstacle {
                Some(Class::Overload) => Word::Busy,
                Some(class) if class == Class::NotOurServer || class.is_tls() => Word::Blocked,
                _ => Word::Waiting,
            }
        };
        SyncSummary {
            status,
            waiting,
            needs_you,
            online: self.online,
            last_sync_at: self.last_sync_at,
            next_try_at: self.next_try_at,
        }
    }
}

/// False for what has nothing to say any more: taken back, or refused and the person took note. Neither was received.
pub(crate) fn stands(command: &OutboxRow) -> bool {
    match command.status.as_deref() {
        Some("voided") => false,
        Some("rejected") => command.acknowledged_at.is_none(),
        _ => true,
    }
}

/// How something that [`stands`] ended.
fn finished(command: &OutboxRow) -> Delivery {
    let at = command.created_at;
    match command.status.as_deref() {
        Some("conflict") if command.acknowledged_at.is_none() => Delivery::NeedsYou { why: Attention::Conflict, at },
        Some("rejected") => {
            let why = problem(command).map_or(Attention::Refused, attention);
            Delivery::NeedsYou { why, at }
        }
        _ => {
            let receipt = command.receipt.as_ref();
            Delivery::Received {
                at: receipt.map(|receipt| receipt.received_at).or(command.done_at).unwrap_or(at),
                receipt: receipt
                    .and_then(|receipt| receipt.number.clone())
                    .unwrap_or_else(|| Receipt::number(command.id)),
            }
        }
    }
}

fn problem(command: &OutboxRow) -> Option<ProblemCode> {
    let problem = command.last_problem.as_ref()?;
    serde_json::from_value::<Problem>(problem.clone()).ok().map(|problem| problem.code)
}

/// Why central asks to send something again later, when it says more than that it is busy.
fn put_off(code: ProblemCode) -> Option<PutOff> {
    match code {
        ProblemCode::RateLimited => Some(PutOff::TooManyTries),
        ProblemCode::PartyUnavailable => Some(PutOff::PartyUnavailable),
        _ => None,
    }
}

/// The fields that central named when it refused a command.
pub(crate) fn named_fields(command: &OutboxRow) -> Vec<FieldError> {
    let problem = command.last_problem.as_ref().and_then(|problem| Problem::deserialize(problem).ok());
    problem.map(|problem| problem.fields).unwrap_or_default()
}

/// What a person must do or know when central answers with this code.
fn attention(code: ProblemCode) -> Attention {
    match code {
        ProblemCode::TokenExpired | ProblemCode::SessionRevoked => Attention::SignIn,
        ProblemCode::ClientTooOld => Attention::UpdateApp,
        ProblemCode::SeatFull => Attention::SeatFull,
        ProblemCode::EnrolmentClosed => Attention::EnrolmentClosed,
        ProblemCode::TrainingUnknown => Attention::TrainingUnknown,
        ProblemCode::NeedsBalance => Attention::NeedsBalance,
        ProblemCode::AlreadyEnrolled => Attention::AlreadyEnrolled,
        ProblemCode::NotCancellable => Attention::NotCancellable,
        ProblemCode::Validation => Attention::Validation,
        ProblemCode::Dependency => Attention::Dependency,
        ProblemCode::AccountLocked => Attention::AccountLocked,
        ProblemCode::UnsupportedVersion => Attention::CentralTooOld,
        ProblemCode::WaveClosed => Attention::WaveClosed,
        ProblemCode::WaveNotOpen | ProblemCode::WaveUnknown => Attention::WaveNotOpen,
        ProblemCode::NotInRegion => Attention::NotInRegion,
        ProblemCode::SchemeUnfit => Attention::SchemeUnfit,
        ProblemCode::AlreadyMember => Attention::AlreadyMember,
        ProblemCode::StepRefused | ProblemCode::ProfileIncomplete => Attention::StepRefused,
        ProblemCode::RateLimited => Attention::TryLater,
        ProblemCode::NikTaken => Attention::NikTaken,
        ProblemCode::TestOver => Attention::TestOver,
        ProblemCode::UploadGone | ProblemCode::DigestMismatch => Attention::AttachAgain,
        _ => Attention::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn command(state: OutboxState) -> OutboxRow {
        OutboxRow {
            id: Uuid::from_u128(1),
            account: Uuid::from_u128(2),
            lane: "profile".into(),
            position: 1,
            kind: "profile.patch".into(),
            v: 1,
            base_rev: None,
            depends_on: Vec::new(),
            payload: json!({"fields": {}}),
            clock: json!({}),
            label: None,
            state,
            attempts: 0,
            failures: 0,
            next_at: 0,
            last_class: None,
            last_problem: None,
            first_sent_at: None,
            turned_away: None,
            created_at: 7,
            status: None,
            current: None,
            done_at: None,
            acknowledged_at: None,
            receipt: None,
        }
    }

    fn standing() -> Standing {
        Standing {
            now: 50,
            session: Session::Active,
            sending: Vec::new(),
            online: Some(true),
            obstacle: None,
            next_try_at: None,
            last_sync_at: None,
        }
    }

    fn refused(code: ProblemCode) -> Option<serde_json::Value> {
        serde_json::to_value(Problem::new(code, 409, "no")).ok()
    }

    #[test]
    fn what_is_not_sent_is_saved_or_waits() {
        let queued = command(OutboxState::Queued);
        let offline = Standing { online: Some(false), ..standing() };
        let portal = Standing { obstacle: Some(Class::NotOurServer), ..standing() };
        let tried = OutboxRow { attempts: 1, ..queued.clone() };
        let put_off =
            |code| OutboxRow { attempts: 1, next_at: 70, last_problem: refused(code), ..command(OutboxState::Queued) };
        let some_time = OutboxRow { next_at: 0, ..put_off(ProblemCode::RateLimited) };
        let over = Standing { now: 70, ..standing() };
        let later = |why| Delivery::PutOff { why, until: 70, at: 7 };
        let on_the_wire = Standing { sending: vec![queued.id], ..standing() };
        let cases = [
            (standing(), queued.clone(), Delivery::Saved { at: 7 }),
            (offline, queued.clone(), Delivery::Waiting { at: 7 }),
            (portal, queued.clone(), Delivery::Waiting { at: 7 }),
            (standing(), tried, Delivery::Waiting { at: 7 }),
            (on_the_wire, queued, Delivery::Sending { at: 7 }),
            (standing(), command(OutboxState::Sending), Delivery::Sending { at: 7 }),
            (standing(), put_off(ProblemCode::Busy), Delivery::Waiting { at: 7 }),
            (standing(), some_time, Delivery::Waiting { at: 7 }),
            (standing(), put_off(ProblemCode::RateLimited), later(PutOff::TooManyTries)),
            (standing(), put_off(ProblemCode::PartyUnavailable), later(PutOff::PartyUnavailable)),
            (over, put_off(ProblemCode::PartyUnavailable), Delivery::Waiting { at: 7 }),
        ];
        for (standing, command, expected) in cases {
            assert_eq!(standing.delivery(&command), expected, "{standing:?} {command:?}");
        }
    }

    #[test]
    fn what_only_the_person_can_change_is_said() {
        let queued = command(OutboxState::Queued);
        let session = |session| Standing { session, ..standing() };
        let obstacle = |class| Standing { obstacle: Some(class), ..standing() };
        let parked = OutboxRow { last_problem: refused(ProblemCode::TooLarge), ..command(OutboxState::Parked) };
        let newer = OutboxRow { last_problem: refused(ProblemCode::UnsupportedVersion), ..queued.clone() };
        let cases = [
            (session(Session::Ended), queued.clone(), Attention::SignIn),
            (session(Session::Locked), queued.clone(), Attention::AccountLocked),
            (obstacle(Class::ClientTooOld), queued, Attention::UpdateApp),
            (standing(), parked, Attention::Refused),
            (standing(), newer, Attention::CentralTooOld),
        ];
        for (standing, command, why) in cases {
            assert_eq!(standing.delivery(&command), Delivery::NeedsYou { why, at: 7 });
        }
    }

    #[test]
    fn only_a_final_answer_is_received() {
        let done =
            |status: &str| OutboxRow { status: Some(status.into()), done_at: Some(9), ..command(OutboxState::Done) };
        let receipt = prakerja_store::Receipt {
            seq: Some(1),
            received_at: 8,
            status: "applied".into(),
            text: None,
            number: Some("PK-AAAA-BBBB".into()),
        };
        let applied = OutboxRow { receipt: Some(receipt), ..done("applied") };
        let late = OutboxRow { last_problem: refused(ProblemCode::WaveClosed), ..done("rejected") };
        let over = OutboxRow { last_problem: refused(ProblemCode::TestOver), ..done("rejected") };
        let taken = OutboxRow { last_problem: refused(ProblemCode::NikTaken), ..done("rejected") };
        let often = OutboxRow { last_problem: refused(ProblemCode::RateLimited), ..done("rejected") };
        let full = OutboxRow { last_problem: refused(ProblemCode::SeatFull), ..done("rejected") };
        let decided = OutboxRow { acknowledged_at: Some(10), ..done("conflict") };
        let number = Receipt::number(Uuid::from_u128(1));
        let needs = |why| Delivery::NeedsYou { why, at: 7 };
        let cases = [
            (applied, Delivery::Received { at: 8, receipt: "PK-AAAA-BBBB".into() }),
            (done("applied"), Delivery::Received { at: 9, receipt: number.clone() }),
            (full, needs(Attention::SeatFull)),
            (late, needs(Attention::WaveClosed)),
            (over, needs(Attention::TestOver)),
            (taken, needs(Attention::NikTaken)),
            (often, needs(Attention::TryLater)),
            (done("rejected"), needs(Attention::Refused)),
            (done("conflict"), needs(Attention::Conflict)),
            (decided, Delivery::Received { at: 9, receipt: number }),
        ];
        for (command, expected) in cases {
            assert!(stands(&command), "{command:?}");
            assert_eq!(standing().delivery(&command), expected, "{command:?}");
        }
        let noted = OutboxRow { acknowledged_at: Some(10), ..done("rejected") };
        assert!(!stands(&noted) && !stands(&done("voided")), "neither asks for anything, and neither was received");
    }

    #[test]
    fn the_indicator_has_one_word() {
        let none = OutboxCounts::default();
        let waiting = OutboxCounts { queued: 2, ..none };
        let obstacle = |class| Standing { obstacle: Some(class), ..standing() };
        let sending = Standing { sending: vec![Uuid::from_u128(1)], ..standing() };
        let cases = [
            (standing(), none, false, Word::Idle, 0),
            (standing(), OutboxCounts { received: 3, ..none }, false, Word::AllSent, 0),
            (standing(), waiting, false, Word::Waiting, 0),
            (sending, waiting, false, Word::Sending, 0),
            (obstacle(Class::Network), waiting, false, Word::Waiting, 0),
            (obstacle(Class::Overload), waiting, false, Word::Busy, 0),
            (obstacle(Class::NotOurServer), waiting, false, Word::Blocked, 0),
            (obstacle(Class::TlsUnknownAuthority), waiting, false, Word::Blocked, 0),
            (obstacle(Class::NotOurServer), none, false, Word::Idle, 0),
            (obstacle(Class::ClientTooOld), waiting, false, Word::NeedsYou, 1),
            (standing(), waiting, true, Word::NeedsYou, 1),
            (standing(), OutboxCounts { parked: 1, ..waiting }, true, Word::NeedsYou, 1),
            (standing(), OutboxCounts { refused: 1, ..none }, false, Word::NeedsYou, 1),
        ];
        for (standing, counts, signed_out, status, needs_you) in cases {
            let summary = standing.summary(&counts, signed_out);
            assert_eq!((summary.status, summary.needs_you), (status, needs_you), "{standing:?} {counts:?}");
        }
    }
}
