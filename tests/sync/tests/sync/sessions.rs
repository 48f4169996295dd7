//! Tokens and sessions end at the worst moments.

use std::time::Duration;

use prakerja_central::clock::Clock;
use prakerja_sync::core::Session;
use prakerja_testkit::central::Central;
use prakerja_testkit::clock::real_now_ms;
use prakerja_testkit::fault_proxy::{FaultKind, FaultProxy, Plan, When};

use crate::person::{Person, at_central, sorted};

const EMAIL: &str = "siti@example.org";

async fn central_with_a_clock() -> Central {
    Central::start_with(Clock::fake(real_now_ms()), |_| {}).await.unwrap()
}

fn pass(central: &Central, time: Duration) {
    central.clock().advance_ms(i64::try_from(time.as_millis()).unwrap());
}

#[tokio::test]
async fn a_token_that_runs_out_in_the_middle_is_renewed_and_the_same_command_goes_again() {
    let central = central_with_a_clock().await;
    let person = Person::signed_up(&central, EMAIL, &central.base_url()).await;
    let trainings = sorted(person.free_trainings(3).await);
    for training in &trainings {
        pass(&central, Duration::from_secs(16 * 60));
        let command = person.enrol(*training, None).await;
        assert_eq!(person.finished(command).await, "applied");
    }
    assert_eq!(person.sync.status().session, Session::Active);
    person.caught_up().await;
    assert_eq!(at_central(&central, EMAIL).await.trainings, trainings);
}

#[tokio::test]
async fn a_lost_answer_to_a_renewal_does_not_sign_anybody_out() {
    let central = central_with_a_clock().await;
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &proxy.base_url()).await;
    let training = person.free_trainings(1).await[0];
    proxy.set(Plan::fault(FaultKind::LoseAnswer, When::Next(2)).on("/v1/sessions/refresh")).await.unwrap();
    pass(&central, Duration::from_secs(16 * 60));
    let command = person.enrol(training, None).await;
    assert_eq!(person.finished(command).await, "applied");
    assert_eq!(proxy.counters().faults, 2);
    assert_eq!(person.sync.status().session, Session::Active);
    assert_eq!(person.accounts().sessions().await.unwrap().len(), 1);
}

#[tokio::test]
async fn many_requests_with_an_old_token_renew_it_once() {
    let central = central_with_a_clock().await;
    let person = Person::signed_up(&central, EMAIL, &central.base_url()).await;
    pass(&central, Duration::from_secs(16 * 60));
    let asked = (0..20).map(|_| {
        let accounts = person.accounts();
        async move { accounts.sessions().await.unwrap().len() }
    });
    assert_eq!(futures::future::join_all(asked).await, vec![1; 20], "nobody was taken for a thief");
}

#[tokio::test]
async fn a_session_that_was_ended_elsewhere_keeps_the_queue_until_the_person_signs_in() {
    let central = Central::start().await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &central.base_url()).await;
    let training = person.free_trainings(1).await[0];
    let other = Person::new(EMAIL, &central.base_url()).await;
    other.sign_in().await;
    let sessions = other.accounts().sessions().await.unwrap();
    let first = sessions.iter().find(|session| !session.current).unwrap().session;
    other.accounts().end_session(first).await.unwrap();
    let command = person.enrol(training, None).await;
    person.until_status("the end of the session", |status| status.session == Session::Ended).await;
    assert_eq!(person.sync.status().waiting, 1);
    assert!(!person.store.current_account().await.unwrap().unwrap().signed_in);
    person.sign_in().await;
    assert_eq!(person.finished(command).await, "applied");
}

#[tokio::test]
async fn what_one_person_left_waiting_never_travels_with_another_person_s_session() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let mut siti = Person::signed_up(&central, EMAIL, &proxy.base_url()).await;
    let training = siti.free_trainings(1).await[0];
    let first = siti.account().await;
    proxy.cut().await.unwrap();
    siti.enrol(training, None).await;
    siti.accounts().sign_out().await.unwrap();
    proxy.restore().await.unwrap();

    siti.email = "budi@example.org".to_owned();
    siti.sign_up(&central).await;
    siti.caught_up().await;
    assert_eq!(siti.store.waiting(first).await.unwrap().len(), 1, "it waits for its own person");
    assert!(at_central(&central, "budi@example.org").await.trainings.is_empty());

    siti.accounts().sign_out().await.unwrap();
    siti.email = EMAIL.to_owned();
    siti.sign_in().await;
    siti.caught_up().await;
    assert_eq!(at_central(&central, EMAIL).await.trainings, [training]);
}
