//! The deadline of the first purchase, and the last day of the balance.

use std::path::Path;
use std::process::{Command, Stdio};

use jiff::Timestamp;
use prakerja_central::clock::Clock;
use prakerja_central::failpoint;
use prakerja_central::office::{audit, cases, memberships as office};
use prakerja_central::state::Central;
use prakerja_central::waves::selection::{self, Due};
use prakerja_central::waves::{Entry, MembershipChange, force_membership, ledger, revoke_overdue, withdraw_unused};
use prakerja_domain::membership::MembershipState;
use prakerja_protocol::application::{MembershipRecord, NoticeKind, NoticeRecord, Withdrawn};
use prakerja_protocol::problem::ProblemCode;

use crate::applicant::*;
use crate::draw::{VALUE, beacon, let_it_close};
use crate::started::*;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// How long after the deadline nobody is revoked, as configured by default.
pub(crate) const SETTLING: i64 = 3 * DAY;
/// How long a revocation may be undone.
const UNDO: i64 = 90 * DAY;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_misses_it_is_revoked_and_never_eligible_again() {
    let central = Started::sqlite().await;
    let person = applicant(&central).await;
    joined(&person, OPEN).await;
    let_it_close(&central);
    selection::commit(&central.central, OPEN, beacon(&central)).await.unwrap();
    selection::publish(&central.central, OPEN, VALUE, None, Due::Sandbox).await.unwrap();
    let membership = memberships(&person).await.remove(0);
    let wait = membership.first_purchase_until - central.central.clock.now_ms();
    assert!((15 * 24..=16 * 24).contains(&(wait / 3_600_000)), "{wait}");
    central.central.clock.advance_ms(wait + SETTLING);
    assert_eq!(revoke_overdue(&central.central).await.unwrap(), 0, "a report may still be on its way");
    central.central.clock.advance_ms(1);
    assert_eq!(revoke_overdue(&central.central).await.unwrap(), 1);
    assert_eq!(revoke_overdue(&central.central).await.unwrap(), 0, "once");
    let revoked = memberships(&person).await.remove(0);
    assert_eq!((revoked.state, revoked.balance_idr), (MembershipState::Revoked, 0));
    assert_eq!(told(&person).await.last(), Some(&NoticeKind::MembershipRevoked));
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query("update wave set opens_at = 0, closes_at = $1 where number = $2")
        .bind(i64::MAX / 2)
        .bind(i64::from(ANNOUNCED))
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(code(&person.push(&join(ANNOUNCED)).await), ProblemCode::AlreadyMember);
    central.stop().await;
}

/// Somebody who was appointed on a day well before the last one of the balance.
async fn participant(central: &Started) -> (Person, MembershipRecord) {
    let person = applicant(central).await;
    joined(&person, OPEN).await;
    let_it_close(central);
    selection::commit(&central.central, OPEN, beacon(central)).await.unwrap();
    selection::publish(&central.central, OPEN, VALUE, None, Due::Sandbox).await.unwrap();
    let membership = memberships(&person).await.remove(0);
    (person, membership)
}

/// The clock passes over what it cannot read, and comes to everybody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_membership_that_cannot_be_read_holds_up_nobody() {
    let central = Started::sqlite().await;
    let at = &central.central;
    let mut people = Vec::new();
    for _ in 0..4 {
        let person = applicant(&central).await;
        joined(&person, OPEN).await;
        people.push(person);
    }
    let_it_close(&central);
    selection::commit(at, OPEN, beacon(&central)).await.unwrap();
    selection::publish(at, OPEN, VALUE, None, Due::Sandbox).await.unwrap();
    people.sort_by_key(|person| person.id);
    let until = memberships(&people[0]).await.remove(0).balance_use_until.unwrap();
    for person in &people[2..] {
        let number = case_number(person).await;
        office::change(at, &number, (MembershipChange::FirstPurchase, None), None).await.unwrap();
    }
    // The first one that each of the two comes to.
    let mut tx = at.db.begin().await.unwrap();
    for person in [&people[0], &people[2]] {
        sqlx::query("update membership set content = x'00' where person_id = $1")
            .bind(prakerja_central::db::Id(person.id))
            .execute(&mut *tx)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    at.clock.advance_ms(until - at.clock.now_ms() + SETTLING + 1);
    assert_eq!((revoke_overdue(at).await.unwrap(), revoke_overdue(at).await.unwrap()), (1, 0));
    assert_eq!((withdraw_unused(at).await.unwrap(), withdraw_unused(at).await.unwrap()), (1, 0));
    let ended = [&people[1], &people[3]].map(|person| async { memberships(person).await.remove(0).balance_idr });
    assert_eq!(futures::future::join_all(ended).await, [0, 0]);
    central.stop().await;
}

async fn movements(central: &Central, person: uuid::Uuid) -> Vec<(String, i64)> {
    let mut tx = central.db.read().acquire().await.unwrap();
    let all = ledger(&mut tx, person).await.unwrap();
    all.into_iter().map(|Entry { kind, amount_idr, .. }| (kind, amount_idr)).collect()
}

fn words(movements: &[(&str, i64)]) -> Vec<(String, i64)> {
    movements.iter().map(|(kind, amount)| ((*kind).to_owned(), *amount)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_left_after_the_last_day_goes_back_once() {
    let central = Started::sqlite().await;
    let at = &central.central;
    let (person, membership) = participant(&central).await;
    let (until, balance) = (membership.balance_use_until.unwrap(), membership.balance_idr);
    assert!(until >= membership.first_purchase_until, "nobody loses it before the first purchase is due");
    assert_eq!(movements(at, person.id).await, words(&[("credited", balance)]));
    let number = case_number(&person).await;
    office::change(at, &number, (MembershipChange::FirstPurchase, None), None).await.unwrap();
    at.clock.advance_ms(until - at.clock.now_ms());
    assert_eq!(withdraw_unused(at).await.unwrap(), 0, "in its last moment");
    at.clock.advance_ms(1);
    assert_eq!(revoke_overdue(at).await.unwrap(), 0);
    assert_eq!((withdraw_unused(at).await.unwrap(), withdraw_unused(at).await.unwrap()), (1, 0), "once");
    let after = memberships(&person).await.remove(0);
    let withdrawn = Some(Withdrawn { at: until + 1, amount_idr: balance });
    assert_eq!((after.state, after.balance_idr, after.withdrawn), (MembershipState::Learning, 0, withdrawn));
    assert_eq!(movements(at, person.id).await, words(&[("credited", balance), ("unused", -balance)]));
    let notices: Vec<NoticeRecord> = of_kind(&person, "notice").await;
    let told: Vec<_> = notices.iter().filter(|it| it.what == NoticeKind::BalanceWithdrawn).collect();
    assert_eq!((told.len(), told[0].numbers["amount_idr"]), (1, balance));
    let view = cases::show(at, &number).await.unwrap();
    assert_eq!(view.ledger.iter().map(|entry| entry.amount_idr).sum::<i64>(), 0, "the office sees both");

    // The ledger itself keeps a second one out, and is not changed.
    for sql in [
        "insert into balance_entry select person_id, membership, kind, amount_idr, at + 1 from balance_entry",
        "update balance_entry set amount_idr = 1",
    ] {
        let mut tx = at.db.begin().await.unwrap();
        assert!(sqlx::query(sql).execute(&mut *tx).await.is_err(), "{sql}");
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_each_state_means_for_the_last_day_of_the_balance() {
    use MembershipState::*;
    let central = Started::sqlite().await;
    let at = &central.central;
    let (person, membership) = participant(&central).await;
    let until = membership.balance_use_until.unwrap();
    at.clock.advance_ms(until - at.clock.now_ms() + 1);
    // Whoever has bought nothing is revoked, which is another matter; a check keeps the balance where it is.
    for state in [Appointed, Onboarding, Active, Suspended, Revoked] {
        force_membership(at, person.id, state).await.unwrap();
        assert_eq!(withdraw_unused(at).await.unwrap(), 0, "{state:?}");
    }
    force_membership(at, person.id, Completed).await.unwrap();
    assert_eq!(withdraw_unused(at).await.unwrap(), 1);
    assert_eq!(memberships(&person).await.remove(0).state, BalanceForfeited);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_moves_the_last_day_and_a_revocation_ends_it() {
    let central = Started::sqlite().await;
    let at = &central.central;
    let (person, membership) = participant(&central).await;
    let until = membership.balance_use_until.unwrap();
    let number = case_number(&person).await;
    let change = async |what| {
        office::change(at, &number, (what, None), Some("Diperiksa.".to_owned())).await.unwrap();
        memberships(&person).await.remove(0)
    };
    change(MembershipChange::FirstPurchase).await;
    change(MembershipChange::Suspend).await;
    let held = until - at.clock.now_ms() + 24 * 3_600_000;
    at.clock.advance_ms(held);
    assert_eq!(withdraw_unused(at).await.unwrap(), 0, "held");
    let resumed = change(MembershipChange::Resume).await;
    assert_eq!(resumed.balance_use_until, Some(prakerja_domain::membership::later_by_ms(until, held)));
    assert_eq!(withdraw_unused(at).await.unwrap(), 0, "it runs on");
    change(MembershipChange::Suspend).await;
    let revoked = change(MembershipChange::Revoke).await;
    let balance = membership.balance_idr;
    assert_eq!(movements(at, person.id).await, words(&[("credited", balance), ("revoked", -balance)]));
    at.clock.advance_ms(2 * held);
    assert_eq!((withdraw_unused(at).await.unwrap(), revoked.balance_idr), (0, 0));
    central.stop().await;
}

const DATA: &str = "PRAKERJA_TEST_BALANCE_DATA";
const PLACE: &str = "PRAKERJA_TEST_BALANCE_PLACE";
/// Years after every last day.
const AFTER: i64 = NOW + 800 * 24 * 3_600_000;

async fn withdraw(data: &Path) {
    let central = Central::open(config(data), Clock::fake(AFTER)).await.unwrap();
    withdraw_unused(&central).await.unwrap();
    central.close().await;
}

/// The child: killed at the place that the environment names.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn withdrawing_child() {
    let (Ok(data), Ok(place)) = (std::env::var(DATA), std::env::var(PLACE)) else { return };
    failpoint::abort_at(&place, 1);
    withdraw(Path::new(&data)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_anywhere_everybody_loses_the_rest_once() {
    let central = Started::sqlite().await;
    let at = &central.central;
    // More than a page, so that a crash may fall between two.
    let mut people = Vec::new();
    for _ in 0..101 {
        let person = applicant(&central).await;
        joined(&person, OPEN).await;
        people.push(person.id);
    }
    crate::draw::set_wave(&central, 200, "{}").await;
    let_it_close(&central);
    selection::commit(at, OPEN, beacon(&central)).await.unwrap();
    selection::publish(at, OPEN, VALUE, None, Due::Sandbox).await.unwrap();
    for person in &people {
        force_membership(at, *person, MembershipState::Learning).await.unwrap();
    }
    let folder = central.folder.path().to_owned();
    central.stop().await;
    for place in failpoint::BALANCE_PLACES {
        let copy = crate::crashes::copy(&folder);
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "membership::withdrawing_child", "--nocapture"])
            .env(DATA, copy.path())
            .env(PLACE, place)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(!status.success() && status.code().is_none(), "{place} is passed: {status}");
        withdraw(copy.path()).await;
        let again = Central::open(config(copy.path()), Clock::fake(AFTER)).await.unwrap();
        let (entries, sum, notices): (i64, i64, i64) = sqlx::query_as(
            "select count(*), sum(amount_idr), (select count(*) from record where kind = 'notice') from balance_entry",
        )
        .fetch_one(again.db.read())
        .await
        .unwrap();
        // Joined, began, accepted, credited, withdrawn: five each.
        assert_eq!((entries, sum, notices), (202, 0, 505), "{place}");
        again.close().await;
    }
}

/// When the office hears of a purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heard {
    /// Before the deadline.
    InTime,
    /// After it, and before the clock revokes.
    Settling,
    /// The clock has revoked; so long ago.
    Lapsed(i64),
    /// The office has revoked.
    Revoked,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purchase_counts_by_the_time_at_which_it_was_made() {
    use Heard::{InTime, Lapsed, Revoked, Settling};
    // Bought so long after the deadline (None: not said), heard when, and whether it counts.
    let rows = [
        (None, InTime, true),
        (Some(-DAY), InTime, true),
        (Some(-60 * DAY), InTime, false),
        (Some(DAY), InTime, false),
        (None, Settling, false),
        (Some(0), Settling, true),
        (Some(1), Settling, false),
        (None, Lapsed(HOUR), false),
        (Some(0), Lapsed(HOUR), true),
        (Some(-DAY), Lapsed(UNDO), true),
        (Some(-DAY), Lapsed(UNDO + 1), false),
        (Some(1), Lapsed(HOUR), false),
        (Some(-DAY), Revoked, false),
    ];
    let central = Started::sqlite().await;
    let at = &central.central;
    let mut people = Vec::new();
    for row in rows {
        let person = applicant(&central).await;
        joined(&person, OPEN).await;
        people.push((person, row));
    }
    let_it_close(&central);
    selection::commit(at, OPEN, beacon(&central)).await.unwrap();
    selection::publish(at, OPEN, VALUE, None, Due::Sandbox).await.unwrap();
    let until = memberships(&people[0].0).await.remove(0).first_purchase_until;
    let time = |after: i64| Timestamp::from_millisecond(until + after).unwrap();
    let go_to = |ms: i64| at.clock.advance_ms(ms - at.clock.now_ms());
    let moments = [
        (InTime, until - 2 * HOUR),
        (Revoked, until - HOUR),
        (Settling, until + HOUR),
        (Lapsed(HOUR), until + SETTLING + 1 + HOUR),
        (Lapsed(UNDO), until + SETTLING + 1 + UNDO),
        (Lapsed(UNDO + 1), until + SETTLING + 1 + UNDO + 1),
    ];
    for (moment, ms) in moments {
        if moment == Lapsed(HOUR) {
            go_to(until + SETTLING + 1);
            revoke_overdue(at).await.unwrap();
        }
        go_to(ms);
        for (person, (bought, _, counts)) in people.iter().filter(|(_, (_, heard, _))| *heard == moment) {
            let number = case_number(person).await;
            if moment == Revoked {
                let note = Some("Data palsu.".to_owned());
                office::change(at, &number, (MembershipChange::Revoke, None), note).await.unwrap();
            }
            let before = memberships(person).await.remove(0);
            let change = (MembershipChange::FirstPurchase, bought.map(time));
            let result = office::change(at, &number, change, None).await;
            let after = memberships(person).await.remove(0);
            if *counts {
                assert!(result.is_ok(), "{bought:?} {moment:?}: {result:?}");
                assert_eq!((after.state, after.balance_idr), (MembershipState::Learning, 3_500_000), "{moment:?}");
                assert_eq!(told(person).await.last(), Some(&NoticeKind::FirstPurchaseRecorded), "{moment:?}");
                let undone = [("credited", 3_500_000), ("lapsed", -3_500_000), ("restored", 3_500_000)];
                let expected = if matches!(moment, Lapsed(_)) { &undone[..] } else { &undone[..1] };
                assert_eq!(movements(at, person.id).await, words(expected), "{moment:?}");
            } else {
                assert_eq!(result.unwrap_err().code(), "step-refused", "{bought:?} {moment:?}");
                assert_eq!(after, before, "{bought:?} {moment:?}");
            }
        }
    }
    let number = case_number(&people[0].0).await;
    let other = office::change(at, &number, (MembershipChange::Suspend, Some(time(0))), Some("Cek.".to_owned())).await;
    assert_eq!(other.unwrap_err().code(), "bought-at");
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_log_has_when_it_was_bought() {
    let central = Started::sqlite().await;
    let person = applicant(&central).await;
    let number = case_number(&person).await;
    let (token, bought) = ("2026-12-02T16:00:00+07:00", "2026-12-02T09:00:00Z");
    let arguments = ["case", "membership", &number, "first_purchase", "--bought-at", token];
    let (_, error) = crate::terminal::refused(&central, &arguments);
    assert!(error.contains("no such thing"), "nobody's participant: {error}");
    let log = audit::list(&central.central, 0, 10).await.unwrap();
    let row = log.iter().find(|row| row.what == "membership.first-purchase").unwrap();
    assert_eq!(row.subject, format!("case {number}, bought_at={bought}"));
    central.stop().await;
}
