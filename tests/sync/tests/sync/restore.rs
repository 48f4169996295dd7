//! Central comes back from an older backup: what it lost is sent again, and the people see the same as before.

use std::path::Path;

use prakerja_central::catalogue::{self, CatalogueFile, schedule_id, training_id};
use prakerja_domain::profile::ProfileField;
use prakerja_testkit::central::Central;
use tempfile::TempDir;

use crate::person::{Person, at_central, sorted};

const EMAIL: &str = "siti@example.org";
/// 23 November 2026, 12.00 WIB.
const NOW: i64 = 1_795_410_000_000;

/// A copy of the folder of a central that has stopped.
pub(crate) fn backup(central: &Central) -> TempDir {
    let backup = tempfile::tempdir().unwrap();
    copy(central.data_dir(), backup.path(), &|_| true);
    backup
}

/// Puts a backup back; the file `epoch` stays as it is, unless `everything` is put back.
pub(crate) fn put_back(backup: &TempDir, central: &Central, everything: bool) {
    let data = central.data_dir();
    for rest in ["central.db-wal", "central.db-shm"] {
        let _ = std::fs::remove_file(data.join(rest));
    }
    copy(backup.path(), data, &|name| everything || name != "epoch");
}

fn copy(from: &Path, to: &Path, wanted: &dyn Fn(&str) -> bool) {
    for entry in std::fs::read_dir(from).unwrap() {
        let name = entry.unwrap().file_name();
        let (name, path) = (&name, from.join(&name));
        if path.is_dir() {
            std::fs::create_dir_all(to.join(name)).unwrap();
            copy(&path, &to.join(name), &|_| true);
        } else if wanted(name.to_str().unwrap()) {
            std::fs::copy(from.join(name), to.join(name)).unwrap();
        }
    }
}

/// A training with one date.
fn closing(closes_at: &str) -> CatalogueFile {
    let file = serde_json::json!({ "trainings": [{
        "slug": "las-batam", "title": "Las Listrik Dasar", "summary": "Belajar mengelas dari nol sampai bisa.",
        "method": "in_person", "field": "Teknik", "institution": "BLK Batam", "platform": "SISNAKER", "free": true,
        "price_idr": 0, "hours": 40,
        "schedules": [{
            "key": "a", "starts_on": "2026-12-07", "ends_on": "2026-12-11", "time": "08.00-15.00 WIB", "province": "21",
            "city": "Kota Batam", "address": "Jl. Industri No. 1", "closes_at": closes_at, "capacity": 5,
        }],
    }] });
    CatalogueFile::read(&file.to_string()).unwrap()
}

pub(crate) async fn accept(central: &Central) {
    prakerja_central::sync::accept_restore(central.data_dir(), central.clock().now_ms()).await.unwrap();
}

#[tokio::test]
async fn after_a_restore_everything_that_was_received_is_received_again_once() {
    let mut central = Central::start().await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &central.base_url()).await;
    let trainings = sorted(person.free_trainings(4).await);
    let before = person.enrol(trainings[0], None).await;
    assert_eq!(person.finished(before).await, "applied");

    central.stop().await.unwrap();
    let backup = backup(&central);
    central.restart().await.unwrap();

    let mut lost = vec![person.write(ProfileField::FullName, "Siti").await];
    for training in &trainings[1..3] {
        lost.push(person.enrol(*training, None).await);
    }
    for command in &lost {
        assert_eq!(person.finished(*command).await, "applied");
    }
    person.caught_up().await;

    central.stop().await.unwrap();
    // The operator's backup, but the mark beside it stays and knows better.
    put_back(&backup, &central, false);
    assert!(central.restart().await.is_err(), "central refuses a database that is behind its mark");
    accept(&central).await;
    central.restart().await.unwrap();

    let pending = person.enrol(trainings[3], None).await;
    assert_eq!(person.finished(pending).await, "applied");
    let account = person.account().await;
    person
        .until("the new epoch", async || {
            let feed = person.store.feed(account).await.unwrap();
            feed.is_some_and(|feed| Some(feed.epoch) == central.state().map(|central| central.epoch))
        })
        .await;
    person.caught_up().await;
    let there = at_central(&central, EMAIL).await;
    assert_eq!(there.trainings, trainings, "nothing is lost, nothing is there twice");
    assert_eq!(there.profile[&ProfileField::FullName], "Siti");
    let mut shown: Vec<_> =
        person.store.activities(account).await.unwrap().iter().map(|activity| activity.training).collect();
    shown.sort_unstable();
    assert_eq!(shown, trainings, "and the person sees the same as central");
}

#[tokio::test]
async fn a_folder_that_was_put_back_whole_is_noticed_by_the_people_who_come_back() {
    for accepted in [false, true] {
        let mut central = Central::start().await.unwrap();
        let person = Person::signed_up(&central, EMAIL, &central.base_url()).await;
        let trainings = sorted(person.free_trainings(3).await);
        central.stop().await.unwrap();
        let backup = backup(&central);
        central.restart().await.unwrap();
        let lost = [person.enrol(trainings[0], None).await, person.enrol(trainings[1], None).await];
        for command in lost {
            assert_eq!(person.finished(command).await, "applied");
        }
        person.caught_up().await;

        central.stop().await.unwrap();
        put_back(&backup, &central, true);
        if accepted {
            accept(&central).await;
        }
        // Meanwhile the person asked for more: at central it takes the place of what was lost.
        let pending = person.enrol(trainings[2], None).await;
        central.restart().await.unwrap();
        assert_eq!(person.finished(pending).await, "applied");
        let account = person.account().await;
        let other = Person::new(EMAIL, &central.base_url()).await;
        other.sign_in().await;
        let there = async || other.store.activities(account).await.unwrap().len();
        other.until("everything to be at central again", async || there().await == 3).await;
        person.caught_up().await;
        assert_eq!(at_central(&central, EMAIL).await.trainings, trainings, "accepted: {accepted}");
        let shown = person.store.activities(account).await.unwrap();
        assert_eq!(shown.len(), 3, "accepted: {accepted}");
    }
}

#[tokio::test]
async fn whoever_was_in_time_before_a_restore_is_in_time_after_it() {
    let mut central = Central::start_with(prakerja_central::clock::Clock::fake(NOW), |_| {}).await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &central.base_url()).await;
    let (training, schedule) = (training_id("las-batam"), schedule_id("las-batam", "a"));
    // Enrolment closes in an hour.
    catalogue::apply(&central.state().unwrap().db, &closing("2026-11-23T13:00:00+07:00")).await.unwrap();
    central.stop().await.unwrap();
    let backup = backup(&central);
    central.restart().await.unwrap();
    let command = person.enrol(training, Some(schedule)).await;
    assert_eq!(person.finished(command).await, "applied");
    person.caught_up().await;

    central.stop().await.unwrap();
    put_back(&backup, &central, false);
    central.clock().advance_ms(2 * 60 * 60 * 1_000);
    accept(&central).await;
    central.restart().await.unwrap();
    let account = person.account().await;
    person
        .until("the new epoch", async || {
            let feed = person.store.feed(account).await.unwrap();
            feed.is_some_and(|feed| Some(feed.epoch) == central.state().map(|central| central.epoch))
        })
        .await;
    let row = person.row(command).await;
    assert_eq!((row.status.as_deref(), row.receipt.unwrap().received_at), (Some("applied"), NOW));
    assert_eq!(at_central(&central, EMAIL).await.trainings, [training]);
}

#[tokio::test]
async fn an_account_that_a_restore_lost_is_noticed() {
    let mut central = Central::start().await.unwrap();
    central.stop().await.unwrap();
    let backup = backup(&central);
    central.restart().await.unwrap();
    let person = Person::new(EMAIL, &central.base_url()).await;
    person.sign_up(&central).await;
    central.stop().await.unwrap();
    put_back(&backup, &central, false);
    assert!(central.restart().await.is_err(), "an account was made since");
}
