//! The main job without a window: check, sign up, work offline, be killed, come back, be received once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at the first surprise")]

mod support;

use std::collections::BTreeSet;

use prakerja_app::ProfileField;
use prakerja_app::ipc::{
    AccountView, ActivityRow, ActivityState, Attention, Delivery, ErrorCode, SignUpForm, SyncStatus, TrainingQuery,
    TrainingRow, Verdict,
};
use prakerja_domain::training::Method;
use prakerja_protocol::probe::ProbeBudget;
use prakerja_testkit::central::Central;
use prakerja_testkit::fault_proxy::{FaultProxy, Mode, Plan, Portal};
use support::process::Process;
use support::wait::until;
use support::{FakeKeyring, Mood, found_in_clear};

const EMAIL: &str = "sari.w@contoh.id";
const PASSWORD: &str = "Kuda7hijau-minum";

/// An invented person; the number is of a form that no card has (its province is real, its serial is not in use).
const PERSON: [(ProfileField, &str); 16] = [
    (ProfileField::FullName, "Sari Wulandari"),
    (ProfileField::Nik, "2171 0141 0203 0007"),
    (ProfileField::KkNumber, "2171010102030004"),
    (ProfileField::BirthDate, "2003-2-1"),
    (ProfileField::Gender, "female"),
    (ProfileField::Phone, "0812 3456 7890"),
    (ProfileField::KtpAddress, "Jl. Melati No. 4"),
    (ProfileField::KtpRegion, "2171041003"),
    (ProfileField::DomicileSameAsKtp, "no"),
    (ProfileField::DomicileAddress, "Jl. Kenanga No. 12, RT 03/RW 05"),
    (ProfileField::DomicileRegion, "2171041003"),
    (ProfileField::EducationLevel, "sma_smk"),
    (ProfileField::MaritalStatus, "married"),
    (ProfileField::DependantsCount, "2"),
    (ProfileField::EmploymentStatus, "job_seeker"),
    (ProfileField::TrainingInterests, "office, sales"),
];

/// What of it must be in no file in clear.
const TYPED: [&str; 9] = [
    "Wulandari",
    "2171 0141 0203 0007",
    "2171014102030007",
    "2171010102030004",
    "0812 3456 7890",
    "+6281234567890",
    "Kenanga",
    EMAIL,
    PASSWORD,
];

async fn central() -> (Central, FaultProxy) {
    let quick = ProbeBudget { count: 3, interval_ms: 20, total_ms: 5_000, timeout_ms: 2_000, watch_ms: 1_000 };
    let central = Central::start_with(prakerja_central::clock::Clock::System, |config| config.probe_budget = quick);
    let central = central.await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    (central, proxy)
}

fn form() -> SignUpForm {
    SignUpForm {
        email: " Sari.W@Contoh.id ".into(),
        password: PASSWORD.into(),
        password_confirmation: PASSWORD.into(),
        accept_terms: true,
        accept_privacy: true,
    }
}

async fn sign_up(process: &Process, central: &Central) {
    let pending = process.ask(|app| async move { app.sign_up(form()).await }).await.unwrap();
    assert_eq!(pending.email, EMAIL);
    let code = central.code_for(EMAIL).await.unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let refused = process.ask(move |app| async move { app.confirm_code(wrong).await }).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::WrongCode);
    assert!(refused.numbers["attempts_left"] > 0);
    let state = process.ask(move |app| async move { app.confirm_code(&code).await }).await.unwrap();
    assert!(matches!(state.account, AccountView::SignedIn { email, .. } if email == EMAIL));
    assert!(state.preparations.account);
}

/// Waits for the catalogue; a free training to learn at home and one to go to.
async fn two_trainings(process: &Process) -> [TrainingRow; 2] {
    let find = |method| {
        let query = TrainingQuery {
            methods: vec![method],
            free_only: true,
            with_seat: true,
            limit: 1,
            ..TrainingQuery::default()
        };
        async move {
            until("the catalogue is here", || async {
                let query = query.clone();
                let page = process.ask(|app| async move { app.search_trainings(query).await }).await.unwrap();
                page.rows.into_iter().next()
            })
            .await
        }
    };
    [find(Method::SelfPaced).await, find(Method::InPerson).await]
}

async fn fill_in(process: &Process) {
    for (field, value) in PERSON {
        process.ask(move |app| async move { app.save_profile_field(field, value.into()).await }).await.unwrap();
    }
}

async fn enrol(process: &Process, training: &TrainingRow) -> ActivityRow {
    let id = training.id;
    let detail = process.ask(move |app| async move { app.get_training(id).await }).await.unwrap();
    let run = detail.schedules.iter().find(|run| !run.closed && run.seats != prakerja_domain::training::SeatBand::Full);
    let run = run.map(|run| run.id);
    process.ask(move |app| async move { app.request_enrolment(id, run).await }).await.unwrap()
}

async fn activities(process: &Process) -> Vec<ActivityRow> {
    process.ask(|app| async move { app.list_activities().await }).await.unwrap()
}

fn not_sent(delivery: &Delivery) -> bool {
    matches!(delivery, Delivery::Saved { .. } | Delivery::Waiting { .. } | Delivery::Sending { .. })
}

#[tokio::test(flavor = "multi_thread")]
async fn work_made_offline_survives_a_kill_and_is_received_exactly_once() {
    let (central, proxy) = central().await;
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;

    // Check.
    process.ask(|app| async move { app.start_check().await }).await.unwrap();
    let check = until("the check ends", || async {
        let check = process.ask(|app| async move { app.get_check().await }).await.unwrap();
        (!check.running && check.verdict.is_some()).then_some(check)
    })
    .await;
    assert!(matches!(check.verdict, Some(Verdict::Stable | Verdict::Usable)), "{check:?}");
    assert_eq!(check.sign_up, "open");
    let details = process.ask(|app| async move { app.get_check_details().await }).await.unwrap();
    assert!(details.contains("127.0.0.1"), "{details}");
    let state = process.ask(|app| async move { app.get_state().await }).await.unwrap();
    assert!(state.central.demo && state.central.operator.is_some());
    assert_eq!(state.preparations.connection.map(|last| last.verdict), check.verdict);

    // Account; the catalogue comes by itself.
    sign_up(&process, &central).await;
    let trainings = two_trainings(&process).await;

    // No network: everything goes on.
    proxy.cut().await.unwrap();
    let early = process.ask(|app| async move { app.submit_profile().await }).await.unwrap_err();
    assert_eq!((early.code, early.fields.len()), (ErrorCode::Validation, 14), "nothing was typed yet");
    fill_in(&process).await;
    let confirmed = process.ask(|app| async move { app.submit_profile().await }).await.unwrap();
    assert!(confirmed.delivery.as_ref().is_some_and(not_sent), "{:?}", confirmed.delivery);
    assert!(!confirmed.has_changes);
    let asked = [enrol(&process, &trainings[0]).await, enrol(&process, &trainings[1]).await];
    assert!(asked.iter().all(|row| row.activity == ActivityState::Requested && not_sent(&row.delivery)), "{asked:?}");
    let id = trainings[0].id;
    let twice = process.ask(move |app| async move { app.request_enrolment(id, None).await }).await.unwrap_err();
    assert_eq!(twice.code, ErrorCode::AlreadyEnrolled);

    assert_eq!(found_in_clear(folder.path(), &TYPED), Vec::<String>::new());
    process.kill().await;

    // Started again, still offline: everything is there.
    let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
    let state = process.ask(|app| async move { app.get_state().await }).await.unwrap();
    assert!(matches!(&state.account, AccountView::SignedIn { first_name: Some(name), .. } if name == "Sari"));
    assert_eq!((state.preparations.personal_filled, state.preparations.personal_submitted), (16, true));
    assert_eq!((state.sync.waiting, state.sync.needs_you), (3, 0));
    let profile = process.ask(|app| async move { app.get_profile().await }).await.unwrap();
    assert_eq!(profile.values[&ProfileField::Phone], "+6281234567890");
    assert_eq!(profile.values.len(), 16);
    let rows = activities(&process).await;
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row.activity == ActivityState::Requested && not_sent(&row.delivery)), "{rows:?}");

    // Network back, without a click: received.
    proxy.restore().await.unwrap();
    let view = until("everything is received", || async {
        let view = process.ask(|app| async move { app.get_sync().await }).await.unwrap();
        let done = view.summary.status == SyncStatus::AllSent && view.waiting.is_empty() && view.received.len() == 3;
        done.then_some(view)
    })
    .await;
    let receipts: BTreeSet<_> = view
        .received
        .iter()
        .map(|row| match &row.delivery {
            Delivery::Received { receipt, .. } => receipt.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(receipts.len(), 3, "each its own receipt");
    let rows = until("the places are confirmed", || async {
        let rows = activities(&process).await;
        rows.iter().all(|row| matches!(row.activity, ActivityState::Enrolled { .. })).then_some(rows)
    })
    .await;
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| matches!(row.delivery, Delivery::Received { .. })));
    let profile = process.ask(|app| async move { app.get_profile().await }).await.unwrap();
    assert!(matches!(profile.delivery, Some(Delivery::Received { .. })));
    assert_eq!(found_in_clear(folder.path(), &TYPED), Vec::<String>::new());
    process.quit().await;
    assert_eq!(found_in_clear(folder.path(), &TYPED), Vec::<String>::new());

    // Another computer sees what central has: each thing once.
    let other = tempfile::tempdir().unwrap();
    let process = Process::start(other.path(), &FakeKeyring::new(Mood::Working), central.base_url()).await;
    process.ask(|app| async move { app.sign_in(EMAIL, PASSWORD.into()).await }).await.unwrap();
    let rows = until("central's records are here", || async {
        let rows = activities(&process).await;
        (!rows.is_empty()).then_some(rows)
    })
    .await;
    assert_eq!(rows.len(), 2);
    let trainings: BTreeSet<_> = trainings.iter().map(|training| training.id).collect();
    assert_eq!(rows.iter().map(|row| row.training).collect::<BTreeSet<_>>(), trainings);
    let there = until("the personal data is here", || async {
        let there = process.ask(|app| async move { app.get_profile().await }).await.unwrap();
        (!there.values.is_empty()).then_some(there)
    })
    .await;
    assert_eq!(there.values, profile.values);
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_before_there_is_an_account_survives_a_kill_and_becomes_the_persons() {
    let (central, proxy) = central().await;
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
    fill_in(&process).await;
    let early = process.ask(|app| async move { app.submit_profile().await }).await.unwrap_err();
    assert_eq!(early.code, ErrorCode::SignInNeeded);
    process.kill().await;

    let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
    let typed = process.ask(|app| async move { app.get_profile().await }).await.unwrap();
    assert_eq!(typed.values.len(), 16, "nothing typed is lost");
    assert_eq!(typed.values[&ProfileField::Phone], "0812 3456 7890", "exactly as it was typed");
    sign_up(&process, &central).await;
    let state = process.ask(|app| async move { app.get_state().await }).await.unwrap();
    assert_eq!(state.preparations.personal_filled, 16);
    process.ask(|app| async move { app.submit_profile().await }).await.unwrap();
    until("the personal data is received", || async {
        let profile = process.ask(|app| async move { app.get_profile().await }).await.unwrap();
        matches!(profile.delivery, Some(Delivery::Received { .. })).then_some(())
    })
    .await;
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_wants_a_login_harms_nothing_and_is_named() {
    let (central, proxy) = central().await;
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
    sign_up(&process, &central).await;
    let [training, _] = two_trainings(&process).await;

    proxy.set(Plan::mode(Mode::Portal(Portal::Html))).await.unwrap();
    let blocked = process.ask(|app| async move { app.sign_in(EMAIL, PASSWORD.into()).await }).await.unwrap_err();
    assert_eq!(blocked.code, ErrorCode::NotOurServer);
    enrol(&process, &training).await;
    let summary = until("the obstacle is named", || async {
        let summary = process.ask(|app| async move { app.get_sync().await }).await.unwrap().summary;
        (summary.status == SyncStatus::Blocked).then_some(summary)
    })
    .await;
    assert_eq!((summary.waiting, summary.needs_you), (1, 0));
    process.ask(|app| async move { app.start_check().await }).await.unwrap();
    let check = until("the check ends", || async {
        let check = process.ask(|app| async move { app.get_check().await }).await.unwrap();
        check.verdict.is_some().then_some(check)
    })
    .await;
    assert_eq!((check.verdict, check.sign_up.as_str()), (Some(Verdict::Portal), "stopped"));
    let page = process.ask(|app| async move { app.login_page() }).await.unwrap();
    assert_eq!(page, format!("{}/generate_204", proxy.base_url()));

    proxy.restore().await.unwrap();
    until("the place is confirmed", || async {
        let rows = activities(&process).await;
        rows.iter().all(|row| matches!(row.activity, ActivityState::Enrolled { .. })).then_some(())
    })
    .await;
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_taken_back_and_a_place_given_back() {
    let (central, proxy) = central().await;
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    // A computer that waits long before it tries again: what was tried once is frozen and could not vanish.
    let hour = 3_600_000;
    let process = Process::start_with(folder.path(), &keyring, proxy.base_url(), |config| {
        let times = &mut config.sync;
        (times.backoff_unit, times.backoff_cap, times.spread_foreground) = (hour, hour, hour);
    })
    .await;
    sign_up(&process, &central).await;
    let [training, _] = two_trainings(&process).await;

    // Never sent: both are gone.
    proxy.cut().await.unwrap();
    until("the loss of the network is seen", || async {
        let view = process.ask(|app| async move { app.get_sync().await }).await.unwrap();
        (view.summary.online == Some(false)).then_some(())
    })
    .await;
    let asked = enrol(&process, &training).await;
    let enrolment = asked.enrolment;
    process.ask(move |app| async move { app.cancel_enrolment(enrolment).await }).await.unwrap();
    assert!(activities(&process).await.is_empty(), "it never left this computer");
    let missing = process.ask(move |app| async move { app.cancel_enrolment(enrolment).await }).await.unwrap_err();
    assert_eq!(missing.code, ErrorCode::NotFound);

    // Received, then given back.
    let asked = enrol(&process, &training).await;
    let refused = process.ask(|app| async move { app.sign_out(false).await }).await.unwrap_err();
    assert_eq!((refused.code, refused.numbers["count"]), (ErrorCode::UnsentItems, 1));
    proxy.restore().await.unwrap();
    process.ask(|app| async move { app.sync_now().await }).await.unwrap();
    let enrolment = asked.enrolment;
    until("the place is confirmed", || async {
        let rows = activities(&process).await;
        matches!(rows[0].activity, ActivityState::Enrolled { .. }).then_some(())
    })
    .await;
    let given_back = process.ask(move |app| async move { app.cancel_enrolment(enrolment).await }).await.unwrap();
    assert!(!given_back.cancellable);
    until("central took it back", || async {
        use prakerja_domain::enrolment::EnrolmentState::Cancelled;
        let rows = activities(&process).await;
        (rows[0].activity == ActivityState::Enrolled { state: Cancelled }).then_some(())
    })
    .await;
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_keeps_everything_and_asks_to_sign_in() {
    let (central, proxy) = central().await;
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
    sign_up(&process, &central).await;
    let [training, _] = two_trainings(&process).await;
    let sessions = process.ask(|app| async move { app.list_sessions().await }).await.unwrap();
    assert_eq!(sessions.len(), 1);
    assert!(sessions[0].current);

    proxy.cut().await.unwrap();
    enrol(&process, &training).await;
    // Ended on another computer meanwhile.
    let other = tempfile::tempdir().unwrap();
    let elsewhere = Process::start(other.path(), &FakeKeyring::new(Mood::Working), central.base_url()).await;
    elsewhere.ask(|app| async move { app.sign_in(EMAIL, PASSWORD.into()).await }).await.unwrap();
    let session = sessions[0].session;
    let left = elsewhere.ask(move |app| async move { app.revoke_session(session).await }).await.unwrap();
    assert_eq!(left.len(), 1);
    elsewhere.quit().await;
    proxy.restore().await.unwrap();

    let state = until("the end of the session is seen", || async {
        let state = process.ask(|app| async move { app.get_state().await }).await.unwrap();
        matches!(state.account, AccountView::SignInNeeded { .. }).then_some(state)
    })
    .await;
    assert_eq!((state.sync.status, state.sync.waiting), (SyncStatus::NeedsYou, 1));
    let rows = activities(&process).await;
    assert!(matches!(rows[0].delivery, Delivery::NeedsYou { why: Attention::SignIn, .. }), "{:?}", rows[0].delivery);
    let wrong = process.ask(|app| async move { app.sign_in(EMAIL, "Salah12345".into()).await }).await.unwrap_err();
    assert_eq!(wrong.code, ErrorCode::WrongCredentials);
    process.ask(|app| async move { app.sign_in(EMAIL, PASSWORD.into()).await }).await.unwrap();
    until("the place is confirmed", || async {
        let rows = activities(&process).await;
        matches!(rows[0].activity, ActivityState::Enrolled { .. }).then_some(())
    })
    .await;
    process.quit().await;
}

#[test]
fn the_invented_person_is_right_on_every_day_of_the_tests() {
    // The year is written down so that a table with ages does not rot.
    let today = jiff::civil::date(2026, 11, 23);
    let typed = PERSON.iter().map(|(field, value)| (*field, (*value).to_owned())).collect();
    let scheme = prakerja_domain::scheme::Scheme::read(prakerja_domain::scheme::SCHEME_2023).unwrap();
    let intake = prakerja_domain::profile::Intake { today, scheme: &scheme, registered: false };
    prakerja_domain::profile::check(&typed, &ProfileField::ALL, &intake).unwrap();
}

#[test]
fn the_search_for_clear_text_finds_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("below")).unwrap();
    std::fs::write(folder.path().join("below/log"), format!("… {EMAIL} …")).unwrap();
    let found = found_in_clear(folder.path(), &TYPED);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with(EMAIL));
}
