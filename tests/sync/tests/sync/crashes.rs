//! The program is killed at every place of an exchange, as by a power cut. The killed program is this test binary itself,
//! started as a child on the same data folder.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use prakerja_central::clock::Clock;
use prakerja_domain::profile::ProfileField;
use prakerja_sync::core::Session;
use prakerja_sync::failpoint::{self, LAST_WORDS, PLACES};
use prakerja_testkit::central::Central;
use prakerja_testkit::clock::real_now_ms;
use prakerja_testkit::fault_proxy::{FaultKind, FaultProxy, Plan, When};
use tokio::process::Command;

use crate::person::{Person, at_central, books, open, quick, sorted, start};

const EMAIL: &str = "siti@example.org";
pub(crate) const FOLDER: &str = "PRAKERJA_TEST_FOLDER";
pub(crate) const BASE: &str = "PRAKERJA_TEST_BASE";
pub(crate) const FAILPOINT: &str = "PRAKERJA_FAILPOINT";
pub(crate) const PASS: &str = "PRAKERJA_FAILPOINT_PASS";
const HOW: &str = "PRAKERJA_FAILPOINT_HOW";
pub(crate) const CENTRAL: &str = "PRAKERJA_TEST_CENTRAL";

/// The child: runs the exchange until it is killed, or until there is nothing left to do.
#[tokio::test]
async fn child() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let (place, pass) = (std::env::var(FAILPOINT).unwrap(), std::env::var(PASS).unwrap());
    let arm = match std::env::var(HOW).unwrap().as_str() {
        "fail" => failpoint::fail_at,
        "panic" => failpoint::panic_at,
        _ => failpoint::abort_at,
    };
    arm(&place, pass.parse().unwrap());
    let store = open(Path::new(&folder)).await;
    let sync = start(&store, &std::env::var(BASE).unwrap(), quick(), Vec::new()).await;
    let person = Person { store, sync, email: EMAIL.to_owned(), base: String::new(), folder: None };
    person.caught_up().await;
    person.sync.shutdown().await;
    // The threads of the database must be gone before the process ends: the C library cleans up its cryptography then.
    person.store.close().await;
}

async fn run(folder: &Path, base: &str, place: &str, pass: u32, how: &str) -> bool {
    run_child("crashes::child", folder, base, place, pass, how).await
}

/// Whether a process ended as `std::process::abort` ends it, by which the places where it may be killed do it.
pub(crate) fn was_aborted(status: ExitStatus) -> bool {
    // STATUS_STACK_BUFFER_OVERRUN: what Windows says of `__fastfail`.
    const FAST_FAIL: i32 = 0xC000_0409_u32.cast_signed();
    if cfg!(windows) { status.code() == Some(FAST_FAIL) } else { status.code().is_none() }
}

/// Runs a test of this binary as a child; says whether it ended by itself.
pub(crate) async fn run_child(test: &str, folder: &Path, base: &str, place: &str, pass: u32, how: &str) -> bool {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(FOLDER, folder)
        .env(BASE, base)
        .env(FAILPOINT, place)
        .env(PASS, pass.to_string())
        .env(HOW, how)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(Duration::from_secs(60), child).await.expect("the child ends").unwrap();
    assert!(
        was_aborted(output.status) || output.status.success(),
        "the child failed otherwise: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.status.success()
}

/// Runs the child; says whether it was killed.
async fn run_killed(folder: &Path, base: &str, place: &str, pass: u32) -> bool {
    !run(folder, base, place, pass, "abort").await
}

#[tokio::test]
async fn killed_at_every_place_of_an_exchange_nothing_is_lost_and_nothing_done_twice() {
    let central = Central::start_with(Clock::fake(real_now_ms()), |_| {}).await.unwrap();
    let base = central.base_url();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let through = proxy.base_url();
    let mut person = Person::signed_up(&central, EMAIL, &base).await;
    let trainings = sorted(person.free_trainings(PLACES.len()).await);
    let before = books(&central).await;
    let mut names = 0;
    let (mut killed, mut asked) = (Vec::new(), Vec::new());
    for (number, (pass, place)) in [1, 2].into_iter().flat_map(|pass| PLACES.map(|place| (pass, place))).enumerate() {
        person.sync.shutdown().await;
        // Made while nothing runs, so that the child has something to do at every place.
        let enrolment = match trainings.get(number) {
            Some(training) => person.enrol(*training, None).await,
            // In the second round the places are given back.
            None => person.cancel(asked[number - trainings.len()]).await,
        };
        asked.push(enrolment);
        let patch = person.write(ProfileField::FullName, &format!("Siti {}", "c".repeat(number + 1))).await;
        names += 1;
        person.store.close().await;
        if place.starts_with("refresh") {
            central.clock().advance_ms(16 * 60 * 1_000);
        }
        let folder = person.folder.as_ref().unwrap().path().to_owned();
        // The second way to central loses the answer of the first push: for the places of a failure.
        let fails = matches!(place, "push.failed" | "push.put-back");
        if fails {
            proxy.set(Plan::fault(FaultKind::LoseAnswer, When::Next(1)).on("/v1/sync/push")).await.unwrap();
        }
        let way = if fails { &through } else { &base };
        if run_killed(&folder, way, place, pass).await {
            killed.push((place, pass));
        }
        person.store = open(&folder).await;
        person.sync = start(&person.store, &base, quick(), Vec::new()).await;
        assert_eq!(person.finished(enrolment).await, "applied", "{place}");
        assert_eq!(person.finished(patch).await, "applied", "{place}");
        person.caught_up().await;
        if number + 1 == trainings.len() {
            assert_eq!(at_central(&central, EMAIL).await.trainings, trainings);
        }
    }
    for place in PLACES.iter().filter(|place| !place.starts_with("snapshot")) {
        assert!(killed.contains(&(place, 1)), "{place} was never passed: {killed:?}");
    }
    let there = at_central(&central, EMAIL).await;
    assert_eq!((there.trainings, there.profile_rev), (Vec::new(), names));
    let after = books(&central).await;
    assert_eq!((after.commands - before.commands, after.effects - before.effects), (2 * names, 2 * names));
}

#[tokio::test]
async fn what_the_store_or_a_defect_breaks_once_is_mended_by_the_same_run() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let base = proxy.base_url();
    let mut person = Person::signed_up(&central, EMAIL, &base).await;
    let trainings = sorted(person.free_trainings(3).await);
    let before = books(&central).await;
    let cases = [("push.named", "fail", 0), ("push.named", "panic", 0), ("push.failed", "fail", 1)];
    for ((place, how, lost), training) in cases.into_iter().zip(&trainings) {
        person.sync.shutdown().await;
        let command = person.enrol(*training, None).await;
        person.store.close().await;
        proxy.set(Plan::fault(FaultKind::LoseAnswer, When::Next(lost)).on("/v1/sync/push")).await.unwrap();
        let folder = person.folder.as_ref().unwrap().path().to_owned();
        assert!(run(&folder, &base, place, 1, how).await, "{how} at {place}: it goes on");
        person.store = open(&folder).await;
        let row = person.row(command).await;
        assert_eq!((row.status.as_deref(), row.attempts), (Some("applied"), 2), "{how} at {place}");
    }
    let after = books(&central).await;
    assert_eq!((after.commands - before.commands, after.effects - before.effects), (3, 3));
}

#[tokio::test]
async fn killed_while_a_command_is_parked_it_is_parked_in_the_end_and_the_others_go_on() {
    let central = Central::start().await.unwrap();
    let base = central.base_url();
    for (number, place) in LAST_WORDS.iter().filter(|place| place.starts_with("park")).enumerate() {
        let mut person = Person::signed_up(&central, &format!("orang{number}@example.org"), &base).await;
        let training = person.free_trainings(1).await[0];
        person.sync.shutdown().await;
        // Larger than any request may be: central refuses it as a whole.
        let huge = person.write(ProfileField::DomicileAddress, &"a".repeat(300 * 1024)).await;
        person.store.close().await;
        let folder = person.folder.as_ref().unwrap().path().to_owned();
        assert!(run_killed(&folder, &base, place, 1).await, "{place} is passed");
        person.store = open(&folder).await;
        person.sync = start(&person.store, &base, quick(), Vec::new()).await;
        person.until_status("the huge one to be parked", |status| status.parked == 1).await;
        let command = person.enrol(training, None).await;
        assert_eq!(person.finished(command).await, "applied", "{place}");
        assert_eq!(person.row(huge).await.status, None, "{place}: kept");
    }
}

#[tokio::test]
async fn killed_while_the_end_of_a_session_is_stored_the_queue_is_kept_for_the_next_one() {
    let central = Central::start().await.unwrap();
    let base = central.base_url();
    for (number, place) in LAST_WORDS.iter().filter(|place| place.starts_with("session")).enumerate() {
        let email = format!("orang{number}@example.org");
        let mut person = Person::signed_up(&central, &email, &base).await;
        let training = person.free_trainings(1).await[0];
        person.sync.shutdown().await;
        let command = person.enrol(training, None).await;
        person.store.close().await;
        let other = Person::new(&email, &base).await;
        other.sign_in().await;
        let sessions = other.accounts().sessions().await.unwrap();
        let first = sessions.iter().find(|session| !session.current).unwrap().session;
        other.accounts().end_session(first).await.unwrap();
        other.sync.shutdown().await;

        let folder = person.folder.as_ref().unwrap().path().to_owned();
        assert!(run_killed(&folder, &base, place, 1).await, "{place} is passed");
        person.store = open(&folder).await;
        person.sync = start(&person.store, &base, quick(), Vec::new()).await;
        person.until_status("the end of the session", |status| status.session == Session::Ended).await;
        person.sign_in().await;
        assert_eq!(person.finished(command).await, "applied", "{place}");
        assert_eq!(at_central(&central, &email).await.trainings, [training]);
    }
}

/// The other child: central, until it is killed.
#[tokio::test]
async fn central_child() {
    let Ok(folder) = std::env::var(CENTRAL) else { return };
    prakerja_central::failpoint::abort_at(&std::env::var(FAILPOINT).unwrap(), 1);
    let address = std::env::var(BASE).unwrap().parse().unwrap();
    let _central = Central::start_on(address, Clock::System, |config| config.data = folder.into()).await.unwrap();
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn central_killed_before_and_after_its_commit_loses_nothing_and_does_nothing_twice() {
    let mut central = Central::start().await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &central.base_url()).await;
    let trainings = sorted(person.free_trainings(2).await);
    let before = books(&central).await;
    for (place, training) in prakerja_central::failpoint::PLACES.into_iter().zip(&trainings) {
        central.stop().await.unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crashes::central_child", "--nocapture"])
            .env(CENTRAL, central.data_dir())
            .env(BASE, central.address().to_string())
            .env(FAILPOINT, place)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let commands = [person.enrol(*training, None).await, person.write(ProfileField::FullName, place).await];
        let ended = tokio::time::timeout(Duration::from_secs(60), child.unwrap().wait()).await;
        let status = ended.expect("central is killed").unwrap();
        assert!(was_aborted(status), "{place}: {status}");
        central.restart().await.unwrap();
        for command in commands {
            assert_eq!(person.finished(command).await, "applied", "{place}");
        }
        person.caught_up().await;
    }
    let there = at_central(&central, EMAIL).await;
    assert_eq!((there.trainings, there.profile_rev), (trainings, 2));
    let after = books(&central).await;
    assert_eq!((after.commands - before.commands, after.effects - before.effects), (4, 4));
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
