//! The check as the window drives it: it looks again by itself, watches while a form is open, stops when told.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at the first surprise")]

mod support;

use prakerja_app::ipc::{AppEvent, CheckView, ErrorCode, SettingsPatch, StageState, Verdict};
use prakerja_protocol::probe::ProbeBudget;
use prakerja_testkit::central::Central;
use prakerja_testkit::fault_proxy::{FaultProxy, Mode, Plan, Portal};
use support::process::Process;
use support::wait::until;
use support::{FakeKeyring, Mood};
use tokio::sync::broadcast::Receiver;

async fn central() -> (Central, FaultProxy) {
    // As many tries as a live verdict is made of, so that the few that fail here weigh as they would in real life.
    let quick = ProbeBudget { count: 30, interval_ms: 2, total_ms: 5_000, timeout_ms: 1_000, watch_ms: 1_000 };
    let central = Central::start_with(prakerja_central::clock::Clock::System, |config| config.probe_budget = quick);
    let central = central.await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    (central, proxy)
}

async fn check(process: &Process) -> CheckView {
    process.ask(|app| async move { app.get_check().await }).await.unwrap()
}

async fn verdict(process: &Process, wanted: &[Verdict]) -> CheckView {
    until("the verdict", || async {
        let view = check(process).await;
        view.verdict.is_some_and(|verdict| wanted.contains(&verdict)).then_some(view)
    })
    .await
}

/// Waits for an event that fits.
async fn told<T>(events: &mut Receiver<AppEvent>, mut fits: impl FnMut(AppEvent) -> Option<T>) -> T {
    let waiting = async {
        loop {
            if let Some(found) = fits(events.recv().await.unwrap()) {
                return found;
            }
        }
    };
    tokio::time::timeout(support::wait::DEADLINE, waiting).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_that_opens_is_noticed_without_a_click() {
    let (_central, proxy) = central().await;
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
    proxy.set(Plan::mode(Mode::Portal(Portal::Redirect))).await.unwrap();
    process.ask(|app| async move { app.start_check().await }).await.unwrap();
    let view = verdict(&process, &[Verdict::Portal]).await;
    assert_eq!(view.sign_up, "stopped");
    let view = until("the next look is planned", || async {
        let view = check(&process).await;
        view.next_at.is_some().then_some(view)
    })
    .await;
    assert!(!view.running);
    proxy.restore().await.unwrap();
    let view = verdict(&process, &[Verdict::Stable, Verdict::Usable]).await;
    assert_eq!(view.sign_up, "open");
    let state = process.ask(|app| async move { app.get_state().await }).await.unwrap();
    assert_eq!(state.preparations.connection.map(|last| last.verdict), view.verdict);
    process.quit().await;

    // It is remembered, and so is what central said of itself.
    let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
    let state = process.ask(|app| async move { app.get_state().await }).await.unwrap();
    assert_eq!(state.preparations.connection.map(|last| last.verdict), view.verdict);
    assert!(state.central.demo);
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_looks_often_when_nobody_sees_it() {
    let (_central, proxy) = central().await;
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
    proxy.set(Plan::mode(Mode::Portal(Portal::Html))).await.unwrap();
    let mut events = process.ask(|app| async move { app.events() }).await;
    process.ask(|app| async move { app.start_check().await }).await.unwrap();
    let planned = |event: AppEvent| match event {
        AppEvent::Check { check } if !check.running => check.next_at.map(|at| at - check.started_at.unwrap()),
        _ => None,
    };
    // The screen was left: the check goes on, the next one is far away.
    let alone = told(&mut events, planned).await;
    assert!(alone >= 20_000, "{alone}");
    // The screen is opened again.
    check(&process).await;
    let seen = told(&mut events, planned).await;
    assert!(seen < alone - 5_000, "{seen} {alone}");
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_that_nobody_asked_for_keeps_the_verdict_on_the_screen() {
    let (_central, proxy) = central().await;
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
    proxy.set(Plan::mode(Mode::Portal(Portal::Html))).await.unwrap();
    process.ask(|app| async move { app.start_check().await }).await.unwrap();
    verdict(&process, &[Verdict::Portal]).await;
    let mut events = process.ask(|app| async move { app.events() }).await;
    let view = told(&mut events, |event| match event {
        AppEvent::Check { check } if check.running => Some(check),
        _ => None,
    })
    .await;
    assert_eq!((view.verdict, view.sign_up.as_str()), (Some(Verdict::Portal), "stopped"));
    assert!(view.next_at.is_some());
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_live_watch_sees_the_network_go_and_come() {
    let (_central, proxy) = central().await;
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
    // Without a check before, it begins with one.
    process.ask(|app| async move { app.watch_connection(true).await }).await.unwrap();
    let good = [Verdict::Stable, Verdict::Usable];
    let view = verdict(&process, &good).await;
    assert!(view.watching);
    let tries = view.samples.len();
    until("the watch goes on", || async { (check(&process).await.samples.len() > tries).then_some(()) }).await;
    proxy.cut().await.unwrap();
    let bad = [Verdict::Poor, Verdict::Offline, Verdict::ServerUnreachable];
    let mut events = process.ask(|app| async move { app.events() }).await;
    let view = verdict(&process, &bad).await;
    assert!(view.samples.iter().any(|sample| sample.ms.is_none()), "the failed try is shown");
    // Frame and details say what the screen says.
    told(&mut events, |event| match event {
        AppEvent::State { state } => state.preparations.connection.filter(|last| bad.contains(&last.verdict)),
        _ => None,
    })
    .await;
    let details = process.ask(|app| async move { app.get_check_details().await }).await.unwrap();
    assert!(!details.contains("(stable)") && !details.contains("(usable)"), "{details}");
    proxy.restore().await.unwrap();
    verdict(&process, &good).await;
    let state = process.ask(|app| async move { app.get_state().await }).await.unwrap();
    assert!(good.contains(&state.preparations.connection.unwrap().verdict));
    // The next form opens before this one has closed.
    process.ask(|app| async move { app.watch_connection(true).await }).await.unwrap();
    process.ask(|app| async move { app.watch_connection(false).await }).await.unwrap();
    assert!(check(&process).await.watching);
    process.ask(|app| async move { app.watch_connection(false).await }).await.unwrap();
    until("the watch has ended", || async { (!check(&process).await.watching).then_some(()) }).await;
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_stops_when_told_and_follows_the_address() {
    let (central, proxy) = central().await;
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
    proxy.set(Plan::mode(Mode::Blackhole)).await.unwrap();
    let mut events = process.ask(|app| async move { app.events() }).await;
    let begun = process.ask(|app| async move { app.start_check().await }).await.unwrap();
    assert!(begun.running && begun.started_at.is_some());
    let again = process.ask(|app| async move { app.start_check().await }).await.unwrap();
    assert_eq!(again.started_at, begun.started_at, "one check at a time");
    let stopped = process.ask(|app| async move { app.stop_check().await }).await.unwrap();
    assert!(!stopped.running && stopped.verdict.is_none() && stopped.next_at.is_none());
    assert!(stopped.stages.iter().all(|stage| stage.state != StageState::Running));
    told(&mut events, |event| match event {
        AppEvent::Check { check } if !check.running => Some(()),
        _ => None,
    })
    .await;
    proxy.set(Plan::mode(Mode::BadGateway)).await.unwrap();
    process.ask(|app| async move { app.start_check().await }).await.unwrap();
    verdict(&process, &[Verdict::ServerDown]).await;

    // Another address in the settings: the next check, and everything else, goes there.
    let url = central.base_url();
    let patch = SettingsPatch { central_url: Some(url.clone()), ..SettingsPatch::default() };
    let state = process.ask(|app| async move { app.set_settings(patch).await }).await.unwrap();
    assert_eq!((state.central.url, state.central.source.as_str()), (url, "settings"));
    // What was found of the one before says nothing about it.
    assert_eq!(state.preparations.connection, None);
    let view = check(&process).await;
    assert!(!view.running && view.verdict.is_none() && view.started_at.is_none() && view.next_at.is_none());
    assert_eq!(process.ask(|app| async move { app.get_check_details().await }).await.unwrap(), "");
    process.ask(|app| async move { app.start_check().await }).await.unwrap();
    verdict(&process, &[Verdict::Stable, Verdict::Usable]).await;
    until("the catalogue comes from there", || async {
        let page = process.ask(|app| async move { app.search_trainings(Default::default()).await }).await.unwrap();
        (page.stored > 0).then_some(())
    })
    .await;
    let bad = SettingsPatch { central_url: Some("http://contoh.id".into()), ..SettingsPatch::default() };
    let refused = process.ask(|app| async move { app.set_settings(bad).await }).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::BadAddress);
    process.quit().await;
}
