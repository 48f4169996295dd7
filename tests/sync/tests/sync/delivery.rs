//! Everything arrives, once.

use prakerja_domain::profile::ProfileField;
use prakerja_testkit::central::Central;
use prakerja_testkit::fault_proxy::{FaultKind, FaultProxy, Plan, When};

use crate::person::{Person, at_central, books, sorted};

const EMAIL: &str = "siti@example.org";

#[tokio::test]
async fn what_a_person_does_is_received_with_a_receipt_that_verifies() {
    let central = Central::start().await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &central.base_url()).await;
    let training = person.free_trainings(1).await[0];
    let command = person.enrol(training, None).await;
    assert_eq!(person.finished(command).await, "applied");
    let receipt = person.row(command).await.receipt.expect("a receipt");
    assert!(receipt.text.is_some() && receipt.number.is_some_and(|number| number.starts_with("PK-")));
    assert_eq!(person.sync.status().unverified_receipts, 0);
    person.caught_up().await;
    assert_eq!(at_central(&central, EMAIL).await.trainings, [training]);
}

#[tokio::test]
async fn two_enrolments_and_personal_data_made_offline_are_received_once_without_a_click() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let mut person = Person::signed_up(&central, EMAIL, &proxy.base_url()).await;
    let trainings = sorted(person.free_trainings(2).await);
    proxy.cut().await.unwrap();
    let mut made = vec![person.write(ProfileField::FullName, "Siti").await];
    for training in &trainings {
        made.push(person.enrol(*training, None).await);
    }
    person.until_status("the outage to be noticed", |status| status.online == Some(false)).await;
    person.reopen().await;
    assert_eq!(person.store.waiting(person.account().await).await.unwrap().len(), 3, "everything is still here");
    proxy.restore().await.unwrap();
    for command in made {
        assert_eq!(person.finished(command).await, "applied");
    }
    person.caught_up().await;
    let there = at_central(&central, EMAIL).await;
    assert_eq!(there.trainings, trainings);
    assert_eq!((there.profile_rev, there.profile[&ProfileField::FullName].as_str()), (1, "Siti"));
}

#[tokio::test]
async fn lost_answers_and_doubled_requests_of_every_kind_change_nothing() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &proxy.base_url()).await;
    let trainings = sorted(person.free_trainings(8).await);
    let before = books(&central).await;
    let kinds = [FaultKind::LoseAnswer, FaultKind::Duplicate, FaultKind::Fail, FaultKind::BadGateway];
    let paths = ["/v1/sync/push", "/v1/sync/pull"];
    let rounds = paths.into_iter().flat_map(|path| kinds.map(|kind| (path, kind)));
    let (mut kept, mut made) = (Vec::new(), 0);
    for (number, ((path, kind), training)) in rounds.zip(&trainings).enumerate() {
        let fault = || Plan::fault(kind, When::Next(1)).on(path);
        let asked = meets(&proxy, fault(), async || person.enrol(*training, None).await).await;
        assert_eq!(person.finished(asked).await, "applied", "{kind:?} on {path}");
        let name = format!("Siti {}", "a".repeat(number + 1));
        let named = meets(&proxy, fault(), async || person.write(ProfileField::FullName, &name).await).await;
        assert_eq!(person.finished(named).await, "applied", "{kind:?} on {path}");
        made += 2;
        if number % 2 == 0 {
            kept.push(*training);
        } else {
            let cancelled = meets(&proxy, fault(), async || person.cancel(asked).await).await;
            assert_eq!(person.finished(cancelled).await, "applied", "{kind:?} on {path}");
            made += 1;
        }
    }
    person.caught_up().await;
    let there = at_central(&central, EMAIL).await;
    assert_eq!((there.trainings, there.profile_rev), (sorted(kept), 8));
    let after = books(&central).await;
    assert_eq!((after.commands - before.commands, after.effects - before.effects), (made, made));
}

/// Does something while a plan is in force, and goes on when its fault was met.
async fn meets(proxy: &FaultProxy, plan: Plan, work: impl AsyncFn() -> uuid::Uuid) -> uuid::Uuid {
    let before = proxy.counters().faults;
    proxy.set(plan).await.unwrap();
    let command = work().await;
    proxy.wait_until(|seen| seen.faults > before).await.unwrap();
    command
}

#[tokio::test]
async fn with_every_third_request_going_wrong_twenty_commands_arrive_once() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &proxy.base_url()).await;
    let trainings = sorted(person.free_trainings(20).await);
    let share = 1.0 / 3.0;
    let mut commands = Vec::new();
    for (seed, kind) in
        [FaultKind::LoseAnswer, FaultKind::Duplicate, FaultKind::Fail, FaultKind::BadGateway].into_iter().enumerate()
    {
        proxy.set(Plan::fault(kind, When::Random { share, seed: seed as u64 })).await.unwrap();
        for training in trainings.iter().skip(seed * 5).take(5) {
            commands.push(person.enrol(*training, None).await);
        }
        for command in &commands {
            assert_eq!(person.finished(*command).await, "applied");
        }
    }
    proxy.restore().await.unwrap();
    person.caught_up().await;
    assert_eq!(at_central(&central, EMAIL).await.trainings, trainings);
}

#[tokio::test]
async fn a_command_that_failed_once_is_sent_although_nobody_does_anything() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &proxy.base_url()).await;
    let training = person.free_trainings(1).await[0];
    proxy.set(Plan::fault(FaultKind::Fail, When::Next(1)).on("/v1/sync/push")).await.unwrap();
    let command = person.enrol(training, None).await;
    assert_eq!(person.finished(command).await, "applied");
    assert_eq!(proxy.counters().faults, 1);
    assert_eq!(person.row(command).await.attempts, 2);
}

#[tokio::test]
async fn central_may_be_killed_and_restarted_in_the_middle() {
    let mut central = Central::start().await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &central.base_url()).await;
    let trainings = sorted(person.free_trainings(6).await);
    let mut commands = Vec::new();
    for (number, training) in trainings.iter().enumerate() {
        commands.push(person.enrol(*training, None).await);
        if number % 2 == 0 {
            central.kill().await.unwrap();
            commands.push(person.write(ProfileField::FullName, &format!("Siti {}", "b".repeat(number))).await);
            central.restart().await.unwrap();
        }
    }
    person
        .until("the queue to be empty", async || person.store.waiting(person.account().await).await.unwrap().is_empty())
        .await;
    person.caught_up().await;
    let there = at_central(&central, EMAIL).await;
    assert_eq!(there.trainings, trainings);
    assert_eq!(there.profile[&ProfileField::FullName], "Siti bbbb");
}

#[tokio::test]
async fn what_one_computer_does_the_other_shows_without_a_click() {
    let central = Central::start().await.unwrap();
    let one = Person::signed_up(&central, EMAIL, &central.base_url()).await;
    let other = Person::new(EMAIL, &central.base_url()).await;
    other.sign_in().await;
    other.caught_up().await;
    let training = one.free_trainings(1).await[0];
    one.enrol(training, None).await;
    let account = other.account().await;
    other.until("the activity", async || !other.store.activities(account).await.unwrap().is_empty()).await;
}
