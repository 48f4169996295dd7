//! Two recipients on a family card, and once per lifetime.

use prakerja_central::db::Id;
use prakerja_domain::registration::RegistrationState as S;

use crate::applicant::*;
use crate::started::*;

/// What the selection does: the person becomes a recipient.
async fn appoint(central: &Started, person: &Person) {
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query(
        "insert into recipient (nik_index, kk_index, person_id, wave, appointed_at)
         select nik_index, kk_index, person_id, 48, $1 from identity_claim where person_id = $2",
    )
    .bind(NOW)
    .bind(Id(person.id))
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

async fn asks(central: &Started, serial: u32) -> (Person, S) {
    let person = with_profile(central, &nik(serial)).await;
    person.push(&submit()).await;
    let case = until(&person, |case| case.state != S::NikSubmitted && case.state != S::NotStarted).await;
    (person, case.state)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_card_has_two_recipients_and_a_person_is_one_once() {
    let central = Started::sqlite().await;
    for serial in [1, 2] {
        let (person, state) = asks(&central, serial).await;
        assert_eq!(state, S::ProfileCompleted);
        appoint(&central, &person).await;
    }
    let (third, state) = asks(&central, 3).await;
    assert_eq!(state, S::KkQuotaFull);
    // Another family card, written down by mistake before, is another family.
    let other = patch(None, &[(prakerja_domain::profile::ProfileField::KkNumber, Some("2171010506180008"))]);
    third.push(&other).await;
    third.push(&submit()).await;
    until(&third, |case| case.state == S::ProfileCompleted).await;

    // A recipient whose account is gone is one all the same.
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query("delete from identity_claim where person_id in (select person_id from recipient)")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(asks(&central, 1).await.1, S::NikAlreadyRecipient);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recipients_from_before_this_central_count_on_the_family_card() {
    let central = Started::sqlite().await;
    // The sandbox knows of one recipient on this person's card.
    let (person, state) = asks(&central, 4).await;
    assert_eq!(state, S::ProfileCompleted);
    assert_eq!(asks(&central, 1).await.1, S::ProfileCompleted, "a place is left");
    appoint(&central, &person).await;
    assert_eq!(asks(&central, 2).await.1, S::KkQuotaFull, "one before, and one here");
    central.stop().await;
}
