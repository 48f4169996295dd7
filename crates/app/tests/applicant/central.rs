//! The same with the real central, from the registry's match to the card: its office decides what no applicant can.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use prakerja_app::ipc::registration::TestStage;
use prakerja_app::ipc::wave::{SelectionProof, WavesView};
use prakerja_app::{Clock as _, DATABASE, ProfileField, Steady, SystemClock, Uuid};
use prakerja_central::clock::Clock as CentralClock;
use prakerja_central::middleware::Class;
use prakerja_central::registration::forced;
use prakerja_domain::application::ApplicationState;
use prakerja_domain::registration::{Facts, RegistrationState};
use prakerja_domain::wave::{Counted, WaveState};
use prakerja_store::{DatabaseKey, Store};
use prakerja_testkit::central::Central;
use tempfile::TempDir;

use super::desk::{complete, ticked};
use super::support::person::{WHOLE, save, sign_up, state};
use super::support::process::{Process, hasty};
use super::support::wait::until;
use super::support::{FakeKeyring, Mood};

/// The demo's open wave.
const OPEN: u32 = 73;

/// A central, a computer, and somebody whom the registry knows.
struct Applicant {
    central: Central,
    folder: TempDir,
    keyring: Arc<FakeKeyring>,
}

impl Applicant {
    /// With a registration that stands as these facts say.
    async fn with(facts: Facts) -> (Self, Process) {
        Self::at(Central::start().await.unwrap(), facts).await
    }

    async fn at(central: Central, facts: Facts) -> (Self, Process) {
        let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
        let process = Process::start(folder.path(), &keyring, central.base_url()).await;
        sign_up(&process, &central, "rina.m@contoh.id").await;
        for (field, value) in WHOLE {
            // The sandbox's registry knows a number that ends in 1.
            let value = if field == ProfileField::Nik { "7171014102030001" } else { value };
            save(&process, field, value.to_owned()).await;
        }
        process.ask(|app| async move { app.submit_profile().await }).await.unwrap();
        process.ask(|app| async move { app.submit_identity(ticked()).await }).await.unwrap();
        reaches(&process, RegistrationState::ProfileCompleted).await;
        process.quit().await;
        let person = person(folder.path(), &keyring).await;
        forced::facts(central.state().unwrap(), person, facts).await.unwrap();
        let process = Process::start(folder.path(), &keyring, central.base_url()).await;
        reaches(&process, facts.state()).await;
        (Self { central, folder, keyring }, process)
    }

    /// The app in a run of its own, on a computer that was started as often as this says.
    async fn in_boot(&self, boot: u128) -> Process {
        Process::start_with(self.folder.path(), &self.keyring, self.central.base_url(), |config| {
            hasty(&mut config.sync);
            config.clock = Arc::new(Boot(boot));
        })
        .await
    }

    async fn control(&self, path: &str) {
        let address = format!("{}/sandbox/control/{path}", self.central.base_url());
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = client.post(address).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }
}

async fn person(folder: &Path, keyring: &FakeKeyring) -> Uuid {
    let key = DatabaseKey::from_bytes(keyring.keys().values().next().unwrap()).unwrap();
    let store = Store::open(&folder.join(DATABASE), &key).await.unwrap();
    let person = store.current_account().await.unwrap().unwrap().id;
    store.close().await;
    person
}

async fn reaches(process: &Process, wanted: RegistrationState) {
    until("the registration moves on", || async { (state(process).await.registration == Some(wanted)).then_some(()) })
        .await;
}

/// The waves, once they are as wanted.
async fn waves(process: &Process, what: &str, wanted: impl Fn(&WavesView) -> bool) -> WavesView {
    until(what, || async {
        let view = process.ask(|app| async move { app.get_waves().await }).await.unwrap();
        wanted(&view).then_some(view)
    })
    .await
}

#[tokio::test]
async fn from_joining_to_the_card() {
    let (applicant, process) = Applicant::with(complete()).await;
    let view = waves(&process, "the waves are here", |view| view.waves.iter().any(|row| row.number == OPEN)).await;
    let wave = view.waves.iter().find(|row| row.number == OPEN).unwrap();
    assert!(wave.joinable && wave.state == WaveState::Open, "{wave:?}");
    let consents: Vec<String> = wave.consents.iter().map(|consent| consent.id.clone()).collect();
    process.ask(|app| async move { app.join_wave(OPEN, consents, BTreeMap::new()).await }).await.unwrap();
    let joined = |view: &WavesView| view.application.as_ref().is_some_and(|mine| mine.state.is_some());
    let view = waves(&process, "central has the application", joined).await;
    let mine = view.application.unwrap();
    assert_eq!((mine.state, mine.counted), (Some(ApplicationState::JoinedWaitingClose), Some(Counted::InTime)));

    applicant.control(&format!("waves/{OPEN}/select?quota=10000")).await;
    let settled = |view: &WavesView| {
        let row = view.waves.iter().find(|row| row.number == OPEN);
        let published = row.and_then(|row| row.selection.as_ref()).is_some_and(|row| row.published_at.is_some());
        published && view.application.as_ref().is_some_and(|mine| mine.drawn.is_some())
    };
    process.ask(|app| async move { app.sync_now().await }).await.unwrap();
    let view = waves(&process, "the results are here", settled).await;
    let mine = view.application.unwrap();
    assert_eq!(mine.state, Some(ApplicationState::Accepted), "there are places for everybody");
    let drawn = mine.drawn.unwrap();
    let view = process.ask(|app| async move { app.verify_selection(OPEN).await }).await.unwrap();
    let row = view.waves.iter().find(|row| row.number == OPEN).unwrap();
    let verified = row.selection.as_ref().unwrap().verified.clone().unwrap();
    let SelectionProof::Verified { position, mine, entries, .. } = verified else { panic!("{verified:?}") };
    assert_eq!((position, mine, entries), (Some(drawn.position), Some(true), drawn.of));

    let membership = until("the card is here", || async {
        process.ask(|app| async move { app.get_membership().await }).await.unwrap()
    })
    .await;
    assert!(membership.awaits_first_purchase && membership.balance_idr > 0 && !membership.reminders.is_empty());
    let number = process.ask(|app| async move { app.reveal_card_number().await }).await.unwrap();
    assert!(number.len() == 16 && membership.number_masked.ends_with(&number[12..]));
    assert!(state(&process).await.member);
    process.quit().await;
    drop(applicant.folder);
}

#[tokio::test]
async fn the_code_goes_to_the_number_that_is_shown() {
    let facts = Facts { phone: None, declarations: None, test: None, ..complete() };
    let (_applicant, process) = Applicant::with(facts).await;
    let send = async || process.ask(|app| async move { app.send_phone_code().await }).await.unwrap().code.unwrap();
    assert_eq!(send().await.ends_with, "7890");
    save(&process, ProfileField::Phone, "0812 3456 0042".to_owned()).await;
    assert_eq!(send().await.ends_with, "0042");
    until("the code is awaited", || async {
        let code = process.ask(|app| async move { app.get_phone_code().await }).await.unwrap().code;
        code.filter(|code| code.ends_with == "0042")
    })
    .await;
    process.quit().await;
}

#[tokio::test]
async fn the_test_is_taken_handed_in_and_evaluated() {
    let (applicant, process) = Applicant::with(Facts { test: None, ..complete() }).await;
    let view = process.ask(|app| async move { app.start_test().await }).await.unwrap();
    assert_eq!(view.stage, TestStage::Running);
    let paper = view.paper.unwrap();
    assert_eq!(paper.items.len(), view.items_total as usize);
    let (item, choice) = (paper.items[0].id.clone(), paper.items[0].options[0].key.clone());
    process.ask(|app| async move { app.answer_test(item, choice).await }).await.unwrap();
    // Killed in the middle: the paper and the answer are here.
    process.kill().await;
    let process = Process::start(applicant.folder.path(), &applicant.keyring, applicant.central.base_url()).await;
    let resumed = process.ask(|app| async move { app.get_test().await }).await.unwrap();
    let resumed = resumed.paper.unwrap();
    assert_eq!(resumed.items[0].answer.as_ref(), Some(&paper.items[0].options[0].key));
    assert_eq!(resumed.ends_at, paper.ends_at);
    process.ask(|app| async move { app.submit_test().await }).await.unwrap();
    let stage = until("central has evaluated it", || async {
        let view = process.ask(|app| async move { app.get_test().await }).await.unwrap();
        (!matches!(view.stage, TestStage::Running | TestStage::Submitted { .. })).then_some(view.stage)
    })
    .await;
    assert!(matches!(stage, TestStage::NotPassed { at: Some(_), .. }), "one answer is not enough: {stage:?}");
    process.quit().await;
}

/// A clock that nobody can set, of the boot that a test says.
struct Boot(u128);

impl prakerja_app::Clock for Boot {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms()
    }

    fn steady(&self) -> Steady {
        Steady { boot: Uuid::from_u128(self.0), ..SystemClock.steady() }
    }
}

#[tokio::test]
async fn who_heard_central_since_the_computer_was_started_can_prove_a_join_made_in_another_run() {
    for (name, boot, provable) in [("the same boot", 1, true), ("another boot", 2, false)] {
        let central = Central::start_with(CentralClock::fake(SystemClock.now_ms()), |_| {}).await.unwrap();
        let (mut applicant, process) = Applicant::at(central, complete()).await;
        process.quit().await;
        let started = SystemClock.now_ms();
        let process = applicant.in_boot(1).await;
        let listed = |view: &WavesView| view.waves.iter().any(|row| row.number == OPEN && row.joinable);
        let view = waves(&process, "the wave is here", listed).await;
        let wave = view.waves.into_iter().find(|row| row.number == OPEN).unwrap();
        until("central was heard", || async {
            let heard = process.ask(|app| async move { app.get_sync().await }).await.unwrap().summary.last_sync_at;
            heard.filter(|at| *at >= started)
        })
        .await;
        process.quit().await;

        // The computer is taken home, where there is no network; the app is opened anew.
        applicant.central.stop().await.unwrap();
        let process = applicant.in_boot(boot).await;
        let consents: Vec<String> = wave.consents.iter().map(|consent| consent.id.clone()).collect();
        let view =
            process.ask(|app| async move { app.join_wave(OPEN, consents, BTreeMap::new()).await }).await.unwrap();
        assert_eq!(view.provable, provable, "{name}");
        assert_eq!(view.application.unwrap().provable, Some(provable), "{name}");
        process.quit().await;

        // It comes back when the wave has closed, inside of its grace. (A demo that starts on a later day has other waves.)
        applicant.central.restart().await.unwrap();
        let clock = applicant.central.clock();
        clock.advance_ms(wave.closes_at + 3_600_000 - clock.now_ms());
        let process = applicant.in_boot(boot).await;
        let answered = |view: &WavesView| {
            view.application.as_ref().is_some_and(|mine| mine.counted.is_some() || mine.refused.is_some())
        };
        let mine = waves(&process, "central answers", answered).await.application.unwrap();
        let expected = if provable { (Some(Counted::ByEvidence), None) } else { (None, Some("wave_closed")) };
        assert_eq!((mine.counted, mine.refused.as_deref()), expected, "{name}");
        process.quit().await;
    }
}

#[tokio::test]
async fn a_join_that_central_had_no_room_for_in_time_counts_as_of_then() {
    let central = Central::start_with(CentralClock::fake(SystemClock.now_ms()), |_| {}).await.unwrap();
    let (mut applicant, process) = Applicant::at(central, complete()).await;
    let listed = |view: &WavesView| view.waves.iter().any(|row| row.number == OPEN && row.joinable);
    let view = waves(&process, "the wave is here", listed).await;
    let wave = view.waves.into_iter().find(|row| row.number == OPEN).unwrap();
    let rush = applicant.central.state().unwrap().clone();
    let places: Vec<_> = std::iter::from_fn(|| rush.admission.enter(Class::Push).ok()).collect();
    let consents: Vec<String> = wave.consents.iter().map(|consent| consent.id.clone()).collect();
    process.ask(|app| async move { app.join_wave(OPEN, consents, BTreeMap::new()).await }).await.unwrap();
    until("it was turned away, and tried once more", || async {
        let view = process.ask(|app| async move { app.get_sync().await }).await.unwrap();
        view.waiting.iter().any(|row| row.attempts >= 2).then_some(())
    })
    .await;
    // Killed before there was room: what central said is in the store.
    process.kill().await;
    let clock = applicant.central.clock();
    clock.advance_ms(wave.closes_at + 3_600_000 - clock.now_ms());
    drop((places, rush));

    let process = applicant.in_boot(9).await;
    let answered = |view: &WavesView| view.application.as_ref().is_some_and(|mine| mine.counted.is_some());
    let mine = waves(&process, "central took it", answered).await.application.unwrap();
    assert_eq!((mine.counted, mine.refused), (Some(Counted::InTime), None), "not by the device's evidence");
    let taken: i64 = sqlx::query_scalar("select received_at from application where wave = $1")
        .bind(i64::from(OPEN))
        .fetch_one(applicant.central.state().unwrap().db.read())
        .await
        .unwrap();
    assert!(taken < wave.closes_at, "as of when it was at the door");
    process.quit().await;
    applicant.central.stop().await.unwrap();
}
