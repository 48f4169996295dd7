//! The deadline of the first purchase.

use jiff::Timestamp;
use prakerja_central::office::{audit, memberships as office};
use prakerja_central::waves::selection::{self, Due};
use prakerja_central::waves::{MembershipChange, revoke_overdue};
use prakerja_domain::membership::MembershipState;
use prakerja_protocol::application::NoticeKind;
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
