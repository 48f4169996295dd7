//! Central comes back from an older backup: what it lost is sent again, and the people see the same as before.

use prakerja_domain::profile::ProfileField;
use prakerja_testkit::central::Central;

use crate::person::{Person, at_central, sorted};

const EMAIL: &str = "siti@example.org";

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[tokio::test]
async fn after_a_restore_everything_that_was_received_is_received_again_once() {
    let mut central = Central::start().await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &central.base_url()).await;
    let trainings = sorted(person.free_trainings(4).await);
    let before = person.enrol(trainings[0], None).await;
    assert_eq!(person.finished(before).await, "applied");

    let backup = tempfile::tempdir().unwrap();
    central.stop().await.unwrap();
    copy(central.data_dir(), backup.path());
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
    // The folder of the operator's backup, but the mark beside it still knows better.
    let database: Vec<_> = std::fs::read_dir(backup.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    for file in database.iter().filter(|path| path.file_name().is_some_and(|name| name != "epoch")) {
        std::fs::copy(file, central.data_dir().join(file.file_name().unwrap())).unwrap();
    }
    for stale in ["-wal", "-shm"] {
        for entry in std::fs::read_dir(central.data_dir()).unwrap() {
            let path = entry.unwrap().path();
            if path.to_string_lossy().ends_with(stale) && !backup.path().join(path.file_name().unwrap()).exists() {
                std::fs::remove_file(path).unwrap();
            }
        }
    }
    assert!(central.restart().await.is_err(), "central refuses a database that is behind its mark");
    central.configure(|config| config.accept_restore = true);
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
