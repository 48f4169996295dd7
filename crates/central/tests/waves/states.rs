//! The state machines of a wave and of a membership (domain.md §3.3, §3.5) against central: what each state allows, and what
//! it refuses. That of an application is in `applying.rs`.

use jiff::Timestamp;
use prakerja_central::office::memberships;
use prakerja_central::office::waves::{self, Changes};
use prakerja_central::waves::selection::{self, Due};
use prakerja_central::waves::{MembershipChange, force_membership, revoke_overdue, withdraw_unused};
use prakerja_domain::application::ApplicationState;
use prakerja_domain::membership::{MembershipState, later_by_ms};
use prakerja_domain::wave::WaveState;
use prakerja_protocol::application::NoticeKind;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::CommandStatus;

use crate::applicant::*;
use crate::draw::{VALUE, beacon, let_it_close};
use crate::started::*;

/// What somebody does to a wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Open,
    Set,
    /// Opens tomorrow.
    OpenLater,
    /// Closes in a month.
    CloseLater,
    /// Closed yesterday.
    CloseBefore,
    ExpectResults,
    Join,
    Close,
    Commit,
    Publish,
    Void,
}

fn in_days(central: &Started, days: i64) -> Timestamp {
    Timestamp::from_millisecond(central.central.clock.now_ms() + days * 24 * 3_600_000).unwrap()
}

/// The word of the refusal, or `ok`.
async fn act(central: &Started, act: Act) -> &'static str {
    let at = &central.central;
    let done = match act {
        Act::Open => waves::open(at, ANNOUNCED).await,
        Act::Set => {
            let all = waves::list(at).await.unwrap();
            let present = all.into_iter().find(|listed| listed.wave.number == ANNOUNCED).unwrap().wave.quota;
            waves::set(at, ANNOUNCED, Changes { quota: Some(present + 1), ..Changes::default() }).await
        }
        Act::OpenLater => {
            waves::set(at, ANNOUNCED, Changes { opens_at: Some(in_days(central, 1)), ..Changes::default() }).await
        }
        Act::CloseLater => {
            waves::set(at, ANNOUNCED, Changes { closes_at: Some(in_days(central, 30)), ..Changes::default() }).await
        }
        Act::CloseBefore => {
            waves::set(at, ANNOUNCED, Changes { closes_at: Some(in_days(central, -1)), ..Changes::default() }).await
        }
        Act::ExpectResults => {
            let changes = Changes { results_expected_at: Some(in_days(central, 40)), ..Changes::default() };
            waves::set(at, ANNOUNCED, changes).await
        }
        Act::Close => waves::close(at, ANNOUNCED).await,
        Act::Commit => {
            return selection::commit(at, ANNOUNCED, beacon(central)).await.map_or_else(|e| e.code(), |_| "ok");
        }
        Act::Publish => {
            let done = selection::publish(at, ANNOUNCED, VALUE, None, Due::Sandbox).await;
            return done.map_or_else(|error| error.code(), |_| "ok");
        }
        Act::Void => {
            let done = selection::void(at, ANNOUNCED, "Nilai publiknya hilang.").await;
            return done.map_or_else(|error| error.code(), |_| "ok");
        }
        Act::Join => {
            let result = applicant(central).await.push(&join(ANNOUNCED)).await;
            return match result.status {
                CommandStatus::Applied => "ok",
                _ => match code(&result) {
                    ProblemCode::WaveNotOpen => "wave-not-open",
                    ProblemCode::WaveClosed => "wave-closed",
                    other => panic!("{other:?}"),
                },
            };
        }
    };
    done.map_or_else(|error| error.code(), |()| "ok")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_each_state_of_a_wave_allows() {
    use Act::{Close, CloseBefore, CloseLater, Commit, ExpectResults, Join, Open, OpenLater, Publish, Set, Void};
    let central = Started::sqlite().await;
    let state = async || {
        let all = waves::list(&central.central).await.unwrap();
        all.into_iter().find(|listed| listed.wave.number == ANNOUNCED).unwrap().state
    };
    // In each state first what is refused or changes no state, then the one step that leads on. After a void two of them
    // come again, the same in everything.
    let closed = vec![
        (Open, "closed"),
        (Close, "not-open"),
        (Join, "wave-closed"),
        (Publish, "not-committed"),
        (Void, "not-committed"),
        (Set, "closed"),
        (OpenLater, "closed"),
        (CloseLater, "closed"),
        (CloseBefore, "closed"),
        (ExpectResults, "ok"),
    ];
    let selecting = vec![
        (Open, "closed"),
        (Close, "not-open"),
        (Join, "wave-closed"),
        (Set, "rows"),
        (CloseLater, "rows"),
        (Commit, "committed"),
    ];
    let rows = [
        (
            WaveState::Announced,
            vec![
                (Join, "wave-not-open"),
                (Close, "not-open"),
                (Commit, "still-open"),
                (Publish, "not-committed"),
                (Void, "not-committed"),
                (Set, "ok"),
                (OpenLater, "ok"),
                (CloseLater, "ok"),
                (ExpectResults, "ok"),
            ],
            Open,
        ),
        (
            WaveState::Open,
            vec![
                (Open, "open"),
                (Commit, "still-open"),
                (Publish, "not-committed"),
                (Void, "not-committed"),
                (Set, "ok"),
                (OpenLater, "open"),
                (CloseBefore, "open"),
                (CloseLater, "ok"),
                (ExpectResults, "ok"),
                (Join, "ok"),
                (Join, "ok"),
            ],
            Close,
        ),
        (WaveState::Closed, closed.clone(), Commit),
        (WaveState::Selecting, selecting.clone(), Void),
        // Back to where it had closed, and on with another draw.
        (WaveState::Closed, closed, Commit),
        (WaveState::Selecting, selecting, Publish),
        (
            WaveState::ResultsPublished,
            vec![
                (Open, "closed"),
                (Close, "not-open"),
                (Join, "wave-closed"),
                (Set, "rows"),
                (CloseLater, "rows"),
                (Commit, "committed"),
                (Void, "published"),
            ],
            Publish,
        ),
    ];
    for (expected, acts, next) in rows {
        assert_eq!(state().await, expected);
        for (what, word) in acts {
            assert_eq!(act(&central, what).await, word, "{expected:?} {what:?}");
            assert_eq!(state().await, expected, "{what:?} changes nothing");
        }
        let word = if expected == WaveState::ResultsPublished { "published" } else { "ok" };
        assert_eq!(act(&central, next).await, word, "{expected:?} {next:?}");
        match next {
            // A wave is open for a while.
            Open => central.central.clock.advance_ms(1_000),
            Close => let_it_close(&central),
            // The next public value is due later.
            Void => central.central.clock.advance_ms(1_000),
            _ => {}
        }
    }
    central.stop().await;
}

/// Messages that left or wait.
pub(crate) async fn messages(central: &Started) -> i64 {
    sqlx::query_scalar("select count(*) from (select id from message_outbox union select id from sandbox_message)")
        .fetch_one(central.central.db.read())
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_participant_is_not_told_to_have_failed_by_another_wave() {
    let central = Started::sqlite().await;
    let at = &central.central;
    waves::open(at, ANNOUNCED).await.unwrap();
    let person = applicant(&central).await;
    joined(&person, OPEN).await;
    joined(&person, ANNOUNCED).await;
    let other = applicant(&central).await;
    joined(&other, ANNOUNCED).await;
    // The second wave ends like the first.
    let_it_close(&central);
    waves::close(at, ANNOUNCED).await.unwrap();
    let_it_close(&central);
    let before = messages(&central).await;
    // A mail and a text to the phone each.
    for (wave, heard) in [(OPEN, 2), (ANNOUNCED, 4)] {
        selection::commit(at, wave, beacon(&central)).await.unwrap();
        selection::publish(at, wave, VALUE, None, Due::Sandbox).await.unwrap();
        assert_eq!(messages(&central).await - before, heard, "{wave}: only the other one hears of the second");
    }
    let states: Vec<prakerja_protocol::application::ApplicationRecord> = of_kind(&person, "application").await;
    assert!(states.iter().any(|it| (it.wave, it.state) == (ANNOUNCED, ApplicationState::NotAccepted)));
    assert!(!told(&person).await.contains(&NoticeKind::NotAccepted), "nor in the app");
    central.stop().await;
}

/// People who were just appointed.
async fn participants(central: &Started, count: usize) -> Vec<Person> {
    let mut people = Vec::new();
    for _ in 0..count {
        let person = applicant(central).await;
        joined(&person, OPEN).await;
        people.push(person);
    }
    let_it_close(central);
    selection::commit(&central.central, OPEN, beacon(central)).await.unwrap();
    selection::publish(&central.central, OPEN, VALUE, None, Due::Sandbox).await.unwrap();
    people
}

/// Somebody who was just appointed.
async fn participant(central: &Started) -> Person {
    participants(central, 1).await.remove(0)
}

/// What becomes of a membership by each of [`MembershipChange::ALL`] (the first purchase, a suspension, a resumption, a
/// revocation), then by the clock: once the first purchase is overdue, and once the last day of the balance is over. `None`
/// leaves everything as it was; the same state again means that only the balance is withdrawn.
type Becomes = [Option<MembershipState>; 6];

fn memberships_table() -> [(MembershipState, Becomes); 9] {
    use MembershipState::*;
    [
        (Appointed, [Some(Learning), Some(Suspended), None, Some(Revoked), Some(Revoked), Some(Revoked)]),
        (Onboarding, [Some(Learning), Some(Suspended), None, Some(Revoked), Some(Revoked), Some(Revoked)]),
        (Active, [Some(Learning), Some(Suspended), None, Some(Revoked), Some(Revoked), Some(Revoked)]),
        (Learning, [None, Some(Suspended), None, None, None, Some(Learning)]),
        (Completed, [None, Some(Suspended), None, None, None, Some(BalanceForfeited)]),
        (BalanceForfeited, [None, Some(Suspended), None, None, None, Some(BalanceForfeited)]),
        (Finished, [None, None, None, None, None, Some(Finished)]),
        (Suspended, [None, None, Some(Appointed), Some(Revoked), None, None]),
        (Revoked, [None, None, None, None, None, None]),
    ]
}

/// Revoked by the clock it is as final, but for a first purchase in time that a platform reported late.
const LAPSED: Becomes = [Some(MembershipState::Learning), None, None, None, None, None];

/// The office changes a membership, or is refused, as a cell says.
async fn changes(
    central: &Started,
    person: &Person,
    change: (MembershipChange, Option<Timestamp>),
    expected: Option<MembershipState>,
) {
    let number = case_number(person).await;
    let before = memberships(person).await.remove(0);
    let result = memberships::change(&central.central, &number, change, Some("Diperiksa.".to_owned())).await;
    let after = memberships(person).await.remove(0);
    match expected {
        Some(next) => {
            assert!(result.is_ok(), "{:?} {change:?}: {result:?}", before.state);
            assert_eq!(after.state, next, "{:?} {change:?}", before.state);
        }
        None => {
            assert_eq!(result.unwrap_err().code(), "step-refused", "{:?} {change:?}", before.state);
            assert_eq!(after, before, "{change:?}");
        }
    }
}

/// What the clock does whenever it looks.
async fn the_clock_looks(central: &Started) {
    revoke_overdue(&central.central).await.unwrap();
    withdraw_unused(&central.central).await.unwrap();
}

fn go_to(central: &Started, ms: i64) {
    central.central.clock.advance_ms(ms - central.central.clock.now_ms());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_each_state_of_a_membership_allows() {
    let central = Started::sqlite().await;
    let person = participant(&central).await;
    for (state, becomes) in memberships_table() {
        for (change, expected) in MembershipChange::ALL.into_iter().zip(becomes) {
            force_membership(&central.central, person.id, state).await.unwrap();
            changes(&central, &person, (change, None), expected).await;
        }
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_clock_makes_of_each_state_of_a_membership() {
    for column in [4, 5] {
        let central = Started::sqlite().await;
        let people = participants(&central, memberships_table().len()).await;
        for (person, (state, _)) in people.iter().zip(memberships_table()) {
            force_membership(&central.central, person.id, state).await.unwrap();
        }
        let mut before = Vec::new();
        for person in &people {
            before.push(memberships(person).await.remove(0));
        }
        let overdue = before[0].first_purchase_until + crate::membership::SETTLING;
        let last_day = before[0].balance_use_until.unwrap();
        assert!(overdue < last_day, "the two columns differ");
        let moment = if column == 4 { overdue } else { last_day };
        go_to(&central, moment + 1);
        the_clock_looks(&central).await;
        for ((person, before), (state, becomes)) in people.iter().zip(before).zip(memberships_table()) {
            let after = memberships(person).await.remove(0);
            match becomes[column] {
                Some(next) => assert_eq!((after.state, after.balance_idr), (next, 0), "{state:?} {column}"),
                None => assert_eq!(after, before, "{state:?} {column}"),
            }
        }
        central.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revocation_by_the_clock_is_undone_by_a_purchase_in_time_and_by_nothing_else() {
    let central = Started::sqlite().await;
    let person = participant(&central).await;
    let appointed = memberships(&person).await.remove(0);
    go_to(&central, appointed.first_purchase_until + crate::membership::SETTLING + 1);
    the_clock_looks(&central).await;
    let lapsed = memberships(&person).await.remove(0);
    assert_eq!((lapsed.state, lapsed.balance_idr), (MembershipState::Revoked, 0));
    let bought = Timestamp::from_millisecond(appointed.appointed_at).unwrap();
    let late = Timestamp::from_millisecond(appointed.first_purchase_until + 1).unwrap();
    for refused in [None, Some(late)] {
        changes(&central, &person, (MembershipChange::FirstPurchase, refused), None).await;
    }
    the_clock_looks(&central).await;
    assert_eq!(memberships(&person).await.remove(0), lapsed, "the clock does nothing more");
    // From the end: the first of them takes the revocation back.
    for (change, expected) in MembershipChange::ALL.into_iter().zip(LAPSED).rev() {
        let bought = (change == MembershipChange::FirstPurchase).then_some(bought);
        changes(&central, &person, (change, bought), expected).await;
    }
    assert_eq!(memberships(&person).await.remove(0).balance_idr, appointed.balance_idr);
    central.stop().await;
}

/// Nothing that central does is a step that the domain's table refuses.
#[test]
fn central_and_the_domain_have_the_same_steps() {
    use MembershipState::{Active, Learning};
    // Who buys has used the balance: on the way the membership is active.
    let by_purchase = |from: MembershipState, to| {
        to == Learning && from.may_become(Active) && Active.may_become(Learning) && from.awaits_first_purchase()
    };
    for (from, becomes) in memberships_table() {
        for to in becomes.into_iter().flatten().filter(|to| *to != from) {
            assert!(from.may_become(to) || by_purchase(from, to), "{from:?} {to:?}");
        }
    }
    let undone = MembershipState::Revoked.not_missed();
    assert!(LAPSED.into_iter().flatten().all(|to| undone.is_some_and(|from| from.may_become(to))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_purchase_that_is_recorded_keeps_the_membership() {
    let central = Started::sqlite().await;
    let person = participant(&central).await;
    let number = case_number(&person).await;
    let at = &central.central;
    memberships_change(at, &number, MembershipChange::FirstPurchase).await;
    at.clock.advance_ms(60 * 24 * 3_600_000);
    assert_eq!(prakerja_central::waves::revoke_overdue(at).await.unwrap(), 0);
    assert_eq!(memberships(&person).await.remove(0).state, MembershipState::Learning);
    assert_eq!(told(&person).await.last(), Some(&NoticeKind::FirstPurchaseRecorded));
    central.stop().await;
}

async fn memberships_change(central: &prakerja_central::state::Central, number: &str, change: MembershipChange) {
    memberships::change(central, number, (change, None), Some("Diperiksa.".to_owned())).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_deadline_stands_still_while_a_membership_is_held() {
    let central = Started::sqlite().await;
    let person = participant(&central).await;
    let number = case_number(&person).await;
    let at = &central.central;
    let blank = Some(" ".to_owned());
    let missing = memberships::change(at, &number, (MembershipChange::Suspend, None), blank).await.unwrap_err();
    assert_eq!(missing.code(), "note");
    let until = memberships(&person).await.remove(0).first_purchase_until;
    memberships_change(at, &number, MembershipChange::Suspend).await;
    let held = 40 * 24 * 3_600_000;
    at.clock.advance_ms(held);
    assert_eq!(prakerja_central::waves::revoke_overdue(at).await.unwrap(), 0, "held, not missed");
    memberships_change(at, &number, MembershipChange::Resume).await;
    let resumed = memberships(&person).await.remove(0);
    assert_eq!((resumed.state, resumed.suspended), (MembershipState::Appointed, None));
    assert_eq!(resumed.first_purchase_until, later_by_ms(until, held));
    assert_eq!(prakerja_central::waves::revoke_overdue(at).await.unwrap(), 0);
    at.clock.advance_ms(resumed.first_purchase_until - at.clock.now_ms() + crate::membership::SETTLING + 1);
    assert_eq!(prakerja_central::waves::revoke_overdue(at).await.unwrap(), 1, "and then it runs on");
    let told = told(&person).await;
    for what in [NoticeKind::MembershipSuspended, NoticeKind::MembershipResumed, NoticeKind::MembershipRevoked] {
        assert!(told.contains(&what), "{what:?} in {told:?}");
    }
    central.stop().await;
}

/// The row of domain.md §3.4 that leads from one wave to the next: nothing is typed again, and nothing is left over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_not_accepted_joins_the_next_wave_and_may_be_accepted_there() {
    let central = Started::sqlite().await;
    let at = &central.central;
    let mut people = Vec::new();
    for _ in 0..2 {
        let person = applicant(&central).await;
        joined(&person, OPEN).await;
        people.push(person);
    }
    crate::draw::set_wave(&central, 1, "{}").await;
    let_it_close(&central);
    selection::commit(at, OPEN, beacon(&central)).await.unwrap();
    selection::publish(at, OPEN, VALUE, None, Due::Sandbox).await.unwrap();
    waves::open(at, ANNOUNCED).await.unwrap();
    let first = application(&people[0]).await.state;
    let (accepted, other) = match first {
        ApplicationState::Accepted => (&people[0], &people[1]),
        _ => (&people[1], &people[0]),
    };
    assert_eq!(application(accepted).await.state, ApplicationState::Accepted);
    assert_eq!(application(other).await.state, ApplicationState::NotAccepted);
    assert_eq!(code(&accepted.push(&join(ANNOUNCED)).await), ProblemCode::AlreadyMember, "once per lifetime");
    joined(other, ANNOUNCED).await;
    let_it_close(&central);
    waves::close(at, ANNOUNCED).await.unwrap();
    let_it_close(&central);
    selection::commit(at, ANNOUNCED, beacon(&central)).await.unwrap();
    selection::publish(at, ANNOUNCED, VALUE, None, Due::Sandbox).await.unwrap();
    let both: Vec<prakerja_protocol::application::ApplicationRecord> = of_kind(other, "application").await;
    let states: std::collections::BTreeMap<_, _> = both.iter().map(|it| (it.wave, it.state)).collect();
    assert_eq!(states, [(OPEN, ApplicationState::NotAccepted), (ANNOUNCED, ApplicationState::Accepted)].into());
    assert_ne!(both[0].blind, both[1].blind, "nobody links the two");
    assert_eq!(memberships(other).await.len(), 1);
    central.stop().await;
}
