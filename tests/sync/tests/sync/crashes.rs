//! The program is killed at every place of an exchange, as by a power cut. The killed program is this test binary itself,
//! started as a child on the same data folder.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use prakerja_central::clock::Clock;
use prakerja_domain::profile::ProfileField;
use prakerja_sync::failpoint::{self, PLACES};
use prakerja_testkit::central::Central;
use prakerja_testkit::clock::real_now_ms;
use tokio::process::Command;

use crate::person::{Person, at_central, open, quick, sorted, start};

const EMAIL: &str = "siti@example.org";
const FOLDER: &str = "PRAKERJA_TEST_FOLDER";
const BASE: &str = "PRAKERJA_TEST_BASE";
const FAILPOINT: &str = "PRAKERJA_FAILPOINT";
const PASS: &str = "PRAKERJA_FAILPOINT_PASS";

/// The child: runs the exchange until it is killed, or until there is nothing left to do.
#[tokio::test]
async fn child() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let (place, pass) = (std::env::var(FAILPOINT).unwrap(), std::env::var(PASS).unwrap());
    failpoint::abort_at(&place, pass.parse().unwrap());
    let store = open(Path::new(&folder)).await;
    let sync = start(&store, &std::env::var(BASE).unwrap(), quick(), Vec::new()).await;
    let person = Person { store, sync, email: EMAIL.to_owned(), base: String::new(), folder: None };
    person.caught_up().await;
    person.sync.shutdown().await;
}

/// Runs the child; says whether it was killed.
async fn run_killed(folder: &Path, base: &str, place: &str, pass: u32) -> bool {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crashes::child", "--nocapture"])
        .env(FOLDER, folder)
        .env(BASE, base)
        .env(FAILPOINT, place)
        .env(PASS, pass.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(Duration::from_secs(60), child).await.expect("the child ends").unwrap();
    assert!(
        output.status.code().is_none() || output.status.success(),
        "the child failed otherwise: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    !output.status.success()
}

#[tokio::test]
async fn killed_at_every_place_of_an_exchange_nothing_is_lost_and_nothing_done_twice() {
    let central = Central::start_with(Clock::fake(real_now_ms()), |_| {}).await.unwrap();
    let base = central.base_url();
    let mut person = Person::signed_up(&central, EMAIL, &base).await;
    let trainings = sorted(person.free_trainings(2 * PLACES.len()).await);
    let mut names = 0;
    let mut killed = Vec::new();
    for (number, training) in trainings.iter().enumerate() {
        let (place, pass) = (PLACES[number % PLACES.len()], 1 + u32::try_from(number / PLACES.len()).unwrap());
        person.sync.shutdown().await;
        // Made while nothing runs, so that the child has something to do at every place.
        let enrolment = person.enrol(*training, None).await;
        let patch = person.write(ProfileField::FullName, &format!("Siti {}", "c".repeat(number + 1))).await;
        names += 1;
        person.store.close().await;
        if place.starts_with("refresh") {
            central.clock().advance_ms(16 * 60 * 1_000);
        }
        let folder = person.folder.as_ref().unwrap().path().to_owned();
        if run_killed(&folder, &base, place, pass).await {
            killed.push((place, pass));
        }
        person.store = open(&folder).await;
        person.sync = start(&person.store, &base, quick(), Vec::new()).await;
        assert_eq!(person.finished(enrolment).await, "applied", "{place}");
        assert_eq!(person.finished(patch).await, "applied", "{place}");
        person.caught_up().await;
    }
    for place in PLACES.iter().filter(|place| !place.starts_with("snapshot")) {
        assert!(killed.contains(&(place, 1)), "{place} was never passed: {killed:?}");
    }
    let there = at_central(&central, EMAIL).await;
    assert_eq!((there.trainings, there.profile_rev), (trainings, names));
}

#[tokio::test]
async fn killed_while_the_records_are_read_for_the_first_time_they_are_read_in_the_end() {
    let central = Central::start().await.unwrap();
    let base = central.base_url();
    let first = Person::signed_up(&central, EMAIL, &base).await;
    let trainings = sorted(first.free_trainings(3).await);
    for training in &trainings {
        let command = first.enrol(*training, None).await;
        assert_eq!(first.finished(command).await, "applied");
    }
    for place in ["snapshot.answered", "snapshot.committed"] {
        let mut person = Person::new(EMAIL, "http://127.0.0.1:9").await;
        // Signed in, but nothing read: the child reads it first.
        person.sync.shutdown().await;
        let folder = person.folder.as_ref().unwrap().path().to_owned();
        person.sync = start(&person.store, &base, quick(), Vec::new()).await;
        person.sync.shutdown().await;
        sign_in_only(&person, &base).await;
        person.store.close().await;
        assert!(run_killed(&folder, &base, place, 1).await, "{place} is passed");
        person.store = open(&folder).await;
        person.sync = start(&person.store, &base, quick(), Vec::new()).await;
        let account = person.account().await;
        person
            .until("the records", async || person.store.activities(account).await.unwrap().len() == trainings.len())
            .await;
        person.sync.shutdown().await;
    }
}

/// Opens a session in the store without reading anything: the exchange of another computer does the talking.
async fn sign_in_only(person: &Person, base: &str) {
    let other = Person::new(EMAIL, base).await;
    other.sign_in().await;
    let account = other.store.current_account().await.unwrap().unwrap();
    other.sync.shutdown().await;
    let session = prakerja_store::Session {
        account: account.id,
        email: account.email,
        origin: account.origin,
        session: account.session.unwrap(),
        tokens: account.tokens.unwrap(),
        epoch: account.epoch,
        receipt_key: account.receipt_key,
    };
    person.store.sign_in(&session, false, 1).await.unwrap();
}
