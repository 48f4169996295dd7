//! The deadline of the first purchase.

use prakerja_central::waves::selection::{self, Due};
use prakerja_domain::membership::MembershipState;
use prakerja_protocol::application::NoticeKind;
use prakerja_protocol::problem::ProblemCode;

use crate::applicant::*;
use crate::draw::{VALUE, beacon, let_it_close};
use crate::started::*;

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
    central.central.clock.advance_ms(wait);
    assert_eq!(prakerja_central::waves::revoke_overdue(&central.central).await.unwrap(), 0, "in its last moment");
    central.central.clock.advance_ms(1);
    assert_eq!(prakerja_central::waves::revoke_overdue(&central.central).await.unwrap(), 1);
    assert_eq!(prakerja_central::waves::revoke_overdue(&central.central).await.unwrap(), 0, "once");
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
