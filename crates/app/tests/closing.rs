//! Closing the account from the window: what is refused changes nothing, and afterwards nobody was ever here.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at the first surprise")]

mod support;

use std::time::Duration;

use prakerja_app::ipc::{AccountView, AppEvent, AppState, ErrorCode, IpcError};
use prakerja_central::db::Id;
use prakerja_testkit::central::Central;
use prakerja_testkit::fault_proxy::{FaultKind, FaultProxy, Plan, When};
use support::person::{PASSWORD, WHOLE, profile, save, sign_up, state};
use support::process::Process;
use support::queue::store;
use support::wait::until;
use support::{FakeKeyring, Mood};

const RINA: &str = "rina.m@contoh.id";
const BUDI: &str = "budi.s@contoh.id";

async fn close(process: &Process, password: &'static str) -> Result<AppState, IpcError> {
    process.ask(move |app| async move { app.close_account(password.into()).await }).await
}

async fn forget(process: &Process, email: &'static str) -> Result<AppState, IpcError> {
    process.ask(move |app| async move { app.forget_account(email).await }).await
}

async fn people(central: &Central) -> Vec<Id> {
    let db = &central.state().unwrap().db;
    sqlx::query_scalar("select id from person").fetch_all(db.read()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_the_person_stays_on_this_computer_or_at_central() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
    sign_up(&process, &central, RINA).await;
    let person = people(&central).await[0].0;
    // What waits does not stop it.
    proxy.set(Plan::fault(FaultKind::Fail, When::Always).on("/v1/sync/push")).await.unwrap();
    for (field, value) in WHOLE {
        save(&process, field, value.into()).await;
    }
    process.ask(|app| async move { app.submit_profile().await }).await.unwrap();

    for (password, code) in [("", ErrorCode::Validation), ("Bukan-ini-99", ErrorCode::WrongCredentials)] {
        assert_eq!(close(&process, password).await.unwrap_err().code, code);
    }
    let long: &'static str = Box::leak("x".repeat(201).into_boxed_str());
    assert_eq!(close(&process, long).await.unwrap_err().code, ErrorCode::WrongCredentials);
    proxy.cut().await.unwrap();
    assert_eq!(close(&process, PASSWORD).await.unwrap_err().code, ErrorCode::Offline);
    let now = state(&process).await;
    assert!(matches!(now.account, AccountView::SignedIn { .. }), "{:?}", now.account);
    assert_eq!((now.sync.waiting, profile(&process).await.values.len()), (1, WHOLE.len()), "nothing is lost");

    // Central does it, and its answer is lost.
    proxy.set(Plan::fault(FaultKind::LoseAnswer, When::Next(1)).on("/v1/accounts/current")).await.unwrap();
    let after = close(&process, PASSWORD).await.unwrap();
    assert_eq!((&after.account, after.registration), (&AccountView::None, None));
    assert_eq!((after.sync.waiting, after.unread_notices, after.preparations.personal_filled), (0, 0, 0));
    assert!(profile(&process).await.values.is_empty());
    assert!(people(&central).await.is_empty());
    assert_eq!(close(&process, PASSWORD).await.unwrap_err().code, ErrorCode::SignInNeeded, "there is nobody");
    process.quit().await;
    let kept = store(folder.path(), &keyring).await;
    assert!(kept.account(person).await.unwrap().is_none());
    assert!(kept.records(person, "notice").await.unwrap().is_empty());
    kept.close().await;

    // Whoever comes next begins anew, under the same address, too.
    let process = Process::start(folder.path(), &keyring, central.base_url()).await;
    sign_up(&process, &central, RINA).await;
    assert!(profile(&process).await.values.is_empty());
    assert_ne!(people(&central).await[0].0, person);
    process.quit().await;
}

/// Asks to close the account, and the network breaks down while the request is under way. Closed, it has arrived.
async fn break_off(process: &Process, central: &Central, proxy: &FaultProxy, closed: bool) {
    let fault = if closed { FaultKind::LoseAnswer } else { FaultKind::Fail };
    let before = proxy.counters().faults;
    let plan = Plan::fault(fault, When::Always).on("/v1/accounts/current").round_trip(Duration::from_secs(1));
    proxy.set(plan).await.unwrap();
    let breaking = async {
        until("it is under way", || async {
            let is_there = if closed { people(central).await.is_empty() } else { proxy.counters().faults > before };
            is_there.then_some(())
        })
        .await;
        proxy.cut().await.unwrap();
    };
    let (refused, ()) = tokio::join!(close(process, PASSWORD), breaking);
    assert_eq!(refused.unwrap_err().code, ErrorCode::ClosingUnknown);
    assert_eq!(people(central).await.is_empty(), closed);
    assert!(state(process).await.closing_asked);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_a_closing_is_asked_until_it_is_known() {
    // Whether the request has arrived, and whether this computer asks by itself or before the next try.
    for (closed, by_itself) in [(true, true), (true, false), (false, true), (false, false)] {
        let central = Central::start().await.unwrap();
        let proxy = FaultProxy::start(central.address()).await.unwrap();
        let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
        let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
        sign_up(&process, &central, RINA).await;
        save(&process, WHOLE[0].0, WHOLE[0].1.into()).await;
        let person = people(&central).await[0].0;
        break_off(&process, &central, &proxy, closed).await;
        process.kill().await;
        let mut process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
        assert!(!profile(&process).await.values.is_empty(), "nothing is lost before it is known");
        assert!(state(&process).await.closing_asked);
        if by_itself {
            process.kill().await;
            proxy.restore().await.unwrap();
            process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
        } else {
            proxy.restore().await.unwrap();
            let code = close(&process, "Bukan-ini-99").await.map_err(|refused| refused.code).err();
            // By now it may have asked by itself: nobody is there.
            let expected = [None, Some(ErrorCode::SignInNeeded)];
            assert!(
                if closed { expected.contains(&code) } else { code == Some(ErrorCode::WrongCredentials) },
                "{code:?}"
            );
        }
        until("the account is gone, or the session that was opened to close it", || async {
            if closed {
                return matches!(state(&process).await.account, AccountView::None).then_some(());
            }
            let sessions = process.ask(|app| async move { app.list_sessions().await }).await.ok()?;
            (sessions.len() == 1).then_some(())
        })
        .await;
        until("it to be known", || async { (!state(&process).await.closing_asked).then_some(()) }).await;
        process.quit().await;
        let kept = store(folder.path(), &keyring).await;
        assert_eq!(kept.account(person).await.unwrap().is_none(), closed);
        assert!(kept.facts("closing").await.unwrap().is_empty());
        kept.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_hears_that_it_was_asked_and_what_became_of_it() {
    for closed in [false, true] {
        let central = Central::start().await.unwrap();
        let proxy = FaultProxy::start(central.address()).await.unwrap();
        let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
        let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
        sign_up(&process, &central, RINA).await;
        let mut told = process.ask(|app| async move { app.events() }).await;
        let mut hears = async |asked: bool, there: bool| {
            let heard = async {
                loop {
                    let AppEvent::State { state } = told.recv().await.unwrap() else { continue };
                    if state.closing_asked == asked && matches!(state.account, AccountView::None) != there {
                        return;
                    }
                }
            };
            tokio::time::timeout(Duration::from_secs(20), heard).await.expect("the window is told");
        };
        break_off(&process, &central, &proxy, closed).await;
        hears(true, true).await;
        proxy.restore().await.unwrap();
        hears(false, !closed).await;
        process.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_a_closed_account_is_removed_where_its_session_is_over() {
    let central = Central::start().await.unwrap();
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, central.base_url()).await;
    assert_eq!(forget(&process, RINA).await.unwrap_err().code, ErrorCode::NotFound);
    sign_up(&process, &central, RINA).await;
    save(&process, WHOLE[0].0, WHOLE[0].1.into()).await;
    let person = people(&central).await[0].0;
    assert_eq!(forget(&process, RINA).await.unwrap_err().code, ErrorCode::StillSignedIn);

    let (elsewhere, other) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let second = Process::start(elsewhere.path(), &other, central.base_url()).await;
    second.ask(|app| async move { app.sign_in(RINA, PASSWORD.into()).await }).await.unwrap();
    close(&second, PASSWORD).await.unwrap();
    second.quit().await;
    process.ask(|app| async move { app.sync_now().await }).await.unwrap();
    until("the session is over", || async {
        matches!(state(&process).await.account, AccountView::SignInNeeded { .. }).then_some(())
    })
    .await;
    assert!(!profile(&process).await.values.is_empty(), "it can be read here");
    let after = forget(&process, RINA).await.unwrap();
    assert_eq!((after.account, after.preparations.personal_filled), (AccountView::None, 0));
    process.quit().await;
    let kept = store(folder.path(), &keyring).await;
    assert!(kept.account(person).await.unwrap().is_none());
    kept.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signed_out_is_removed_by_the_address_and_nobody_else() {
    let central = Central::start().await.unwrap();
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, central.base_url()).await;
    sign_up(&process, &central, RINA).await;
    let rina = people(&central).await[0];
    save(&process, WHOLE[0].0, WHOLE[0].1.into()).await;
    process.ask(|app| async move { app.sign_out(true).await }).await.unwrap();
    sign_up(&process, &central, BUDI).await;
    let budi = people(&central).await.into_iter().find(|person| *person != rina).unwrap();
    save(&process, WHOLE[0].0, "Budi".into()).await;

    let wrong = [
        ("", ErrorCode::Validation),
        ("rina", ErrorCode::Validation),
        ("siapa@contoh.id", ErrorCode::NotFound),
        (BUDI, ErrorCode::StillSignedIn),
    ];
    for (email, code) in wrong {
        let refused = forget(&process, email).await.unwrap_err();
        assert_eq!(refused.code, code, "{email}");
        assert!(refused.fields.iter().all(|error| error.field == "email"), "{email}");
    }
    // As people write it.
    let after = forget(&process, " Rina.M@Contoh.id ").await.unwrap();
    assert!(matches!(after.account, AccountView::SignedIn { .. }), "{:?}", after.account);
    assert_eq!(forget(&process, RINA).await.unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(profile(&process).await.values[&WHOLE[0].0], "Budi");
    let sessions = process.ask(|app| async move { app.list_sessions().await }).await.unwrap();
    assert_eq!((sessions.len(), people(&central).await.len()), (1, 2), "central hears nothing of it");
    process.quit().await;
    let kept = store(folder.path(), &keyring).await;
    assert!(kept.account(rina.0).await.unwrap().is_none());
    assert!(kept.drafts(rina.0, "profile").await.unwrap().is_empty());
    assert!(kept.account(budi.0).await.unwrap().is_some());
    kept.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_central_refuses_has_its_own_word() {
    let central = Central::start().await.unwrap();
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, central.base_url()).await;
    sign_up(&process, &central, RINA).await;
    let person = people(&central).await[0];
    let draw = "insert into application
             (person_id, id, wave, rev, blind, class, region, counted, received_at, nik_index, kk_index)
         values ($1, randomblob(16), 73, 1, randomblob(16), 'general', '21', 'in_time', 1, randomblob(32), x'00')";
    let membership = "insert into membership
             (person_id, id, wave, rev, state, number_index, first_purchase_until, content)
         values ($1, randomblob(16), 73, 1, 'revoked', randomblob(32), 1, x'00')";
    let mut tx = central.state().unwrap().db.begin().await.unwrap();
    sqlx::query(
        "insert into selection (wave, seed, beacon, beacon_due_at, committed_at, scheme)
         values (73, x'00', 'SANDBOX', 9000000000000, 1, '{}')",
    )
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    for (row, code) in [(draw, ErrorCode::DrawUnderWay), (membership, ErrorCode::StillParticipant)] {
        let mut tx = central.state().unwrap().db.begin().await.unwrap();
        sqlx::query(row).bind(person).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(close(&process, PASSWORD).await.unwrap_err().code, code);
    }
    assert!(matches!(state(&process).await.account, AccountView::SignedIn { .. }));
    process.quit().await;
}
