//! What belongs to whom: drafts of different persons, sessions of different centrals, text that is typed meanwhile.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at the first surprise")]

mod support;

use std::sync::{Arc, Mutex};

use prakerja_app::ProfileField;
use prakerja_app::ipc::{AccountView, ErrorCode, SettingsPatch, SyncStatus};
use prakerja_testkit::central::Central;
use prakerja_testkit::fault_proxy::FaultProxy;
use support::person::{PASSWORD, WHOLE, begin_sign_up, profile, save, sign_up, state};
use support::process::Process;
use support::wait::until;
use support::{FakeKeyring, Mood};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

const RINA: &str = "rina.m@contoh.id";
const BUDI: &str = "budi.s@contoh.id";

async fn start(central: &str) -> (Process, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &FakeKeyring::new(Mood::Working), central.to_owned()).await;
    (process, folder)
}

async fn sign_in(process: &Process, email: &'static str) {
    process.ask(move |app| async move { app.sign_in(email, PASSWORD.into()).await }).await.unwrap();
}

async fn sign_out(process: &Process) {
    process.ask(|app| async move { app.sign_out(true).await }).await.unwrap();
}

async fn typed_name(process: &Process) -> Option<String> {
    profile(process).await.values.get(&ProfileField::FullName).cloned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_person_typed_does_not_go_to_the_next_who_signs_in() {
    let central = Central::start().await.unwrap();
    let (process, _folder) = start(&central.base_url()).await;
    sign_up(&process, &central, BUDI).await;
    sign_out(&process).await;

    // Somebody without an account begins, and Budi signs in on the same computer.
    save(&process, ProfileField::FullName, "Rina Marlina".into()).await;
    sign_in(&process, BUDI).await;
    assert_eq!(typed_name(&process).await, None, "it is not his");
    sign_out(&process).await;
    assert_eq!(typed_name(&process).await.as_deref(), Some("Rina Marlina"), "and it is not lost");
    sign_up(&process, &central, RINA).await;
    assert_eq!(typed_name(&process).await.as_deref(), Some("Rina Marlina"), "who makes an account goes on");
    sign_out(&process).await;
    assert_eq!(typed_name(&process).await, None);
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_while_the_data_is_confirmed_stays() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let (process, _folder) = start(&proxy.base_url()).await;
    sign_up(&process, &central, RINA).await;
    proxy.cut().await.unwrap();
    for (field, value) in WHOLE {
        save(&process, field, value.into()).await;
    }
    for turn in 0..40 {
        let street = format!("Jl. Anggrek No. {turn}");
        // One that is sent, and one that is not needed of somebody who lives where the card says.
        let field = if turn % 2 == 0 { ProfileField::KtpAddress } else { ProfileField::DomicileAddress };
        let confirmed = process.ask(|app| async move { app.submit_profile().await });
        let (_, confirmed) = tokio::join!(save(&process, field, street.clone()), confirmed);
        confirmed.unwrap();
        assert_eq!(profile(&process).await.values[&field], street, "turn {turn}");
    }
    process.quit().await;
}

/// Somebody else's server: it notes what it is asked and answers nothing.
async fn stranger() -> (String, Arc<Mutex<Vec<String>>>) {
    // By name: the same computer, and another origin than `127.0.0.1`.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let notes = Arc::clone(&notes);
            tokio::spawn(async move {
                let mut bytes = vec![0; 64 << 10];
                let read = stream.read(&mut bytes).await.unwrap_or(0);
                if read == 0 {
                    return;
                }
                notes.lock().unwrap().push(String::from_utf8_lossy(&bytes[..read]).to_lowercase());
            });
        }
    });
    (address, asked)
}

async fn use_central(process: &Process, url: String) {
    let patch = SettingsPatch { central_url: Some(url), ..SettingsPatch::default() };
    process.ask(|app| async move { app.set_settings(patch).await }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_central_gets_neither_the_session_nor_the_queue() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let (process, _folder) = start(&proxy.base_url()).await;
    sign_up(&process, &central, RINA).await;
    proxy.cut().await.unwrap();
    for (field, value) in WHOLE {
        save(&process, field, value.into()).await;
    }
    process.ask(|app| async move { app.submit_profile().await }).await.unwrap();

    let (address, asked) = stranger().await;
    use_central(&process, address).await;
    let now = state(&process).await;
    assert!(matches!(now.account, AccountView::SignInNeeded { .. }), "{:?}", now.account);
    assert_eq!((now.sync.status, now.sync.waiting), (SyncStatus::NeedsYou, 1));
    assert_eq!(typed_name(&process).await.as_deref(), Some("Rina Marlina"), "readable as before");
    process.ask(|app| async move { app.sync_now().await }).await.unwrap();
    let refused = process.ask(|app| async move { app.list_sessions().await }).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::SignInNeeded);
    until("the other host is asked for public things", || async {
        let asked = asked.lock().unwrap();
        (asked.len() > 2).then_some(())
    })
    .await;
    let asked = asked.lock().unwrap().clone();
    assert!(asked.iter().all(|request| request.contains("/v1/catalogue")), "{asked:?}");
    assert!(!asked.iter().any(|request| request.contains("authorization") || request.contains("bearer")), "{asked:?}");

    // Back again: the session was only resting.
    proxy.restore().await.unwrap();
    use_central(&process, String::new()).await;
    assert!(matches!(state(&process).await.account, AccountView::SignedIn { .. }));
    until("what waited is received", || async {
        (state(&process).await.sync.status == SyncStatus::AllSent).then_some(())
    })
    .await;
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_central_hears_nothing_of_a_sign_up_that_waits_for_its_code() {
    let central = Central::start().await.unwrap();
    let (process, _folder) = start(&central.base_url()).await;
    begin_sign_up(&process, RINA).await;
    let code = central.code_for(RINA).await.unwrap();

    let (address, asked) = stranger().await;
    use_central(&process, address).await;
    assert_eq!(state(&process).await.account, AccountView::None);
    let typed = code.clone();
    assert!(process.ask(move |app| async move { app.confirm_code(&typed).await }).await.is_err());
    assert!(process.ask(|app| async move { app.get_pending_code().await }).await.unwrap().is_none());
    let asked = asked.lock().unwrap().clone();
    assert!(asked.iter().all(|request| request.contains("/v1/catalogue")), "{asked:?}");

    // Back again: it goes on where it was.
    use_central(&process, String::new()).await;
    process.ask(move |app| async move { app.confirm_code(&code).await }).await.unwrap();
    assert!(matches!(state(&process).await.account, AccountView::SignedIn { .. }));
    process.quit().await;
}
