//! A seat that somebody else got first: the person is told, takes note, and the list is clean.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at the first surprise")]

mod support;

use prakerja_app::ipc::{ActivityRow, ActivityState, Attention, Delivery, ErrorCode};
use prakerja_central::catalogue::training_id;
use prakerja_central::demo::FREE_ONE_SEAT;
use prakerja_testkit::central::Central;
use prakerja_testkit::fault_proxy::FaultProxy;
use support::person::{sign_up, state};
use support::process::Process;
use support::wait::until;
use support::{FakeKeyring, Mood};

async fn ask_for_the_seat(process: &Process) -> ActivityRow {
    let training = training_id(FREE_ONE_SEAT);
    let detail = until("the catalogue is here", || async {
        match process.ask(move |app| async move { app.get_training(training).await }).await {
            Ok(detail) => Some(detail),
            Err(error) => (error.code != ErrorCode::NotFound).then(|| panic!("{error:?}")),
        }
    });
    let run = detail.await.schedules[0].id;
    process.ask(move |app| async move { app.request_enrolment(training, Some(run)).await }).await.unwrap()
}

async fn activities(process: &Process) -> Vec<ActivityRow> {
    process.ask(|app| async move { app.list_activities().await }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_second_is_told_and_takes_note() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let keyring = || FakeKeyring::new(Mood::Working);
    let second = Process::start(folders[0].path(), &keyring(), proxy.base_url()).await;
    sign_up(&second, &central, "rina.m@contoh.id").await;
    until("the catalogue is here", || async {
        let training = training_id(FREE_ONE_SEAT);
        second.ask(move |app| async move { app.get_training(training).await }).await.ok()
    })
    .await;
    proxy.cut().await.unwrap();
    ask_for_the_seat(&second).await;

    let first = Process::start(folders[1].path(), &keyring(), central.base_url()).await;
    sign_up(&first, &central, "budi.s@contoh.id").await;
    ask_for_the_seat(&first).await;
    until("the seat is taken", || async {
        matches!(activities(&first).await[0].activity, ActivityState::Enrolled { .. }).then_some(())
    })
    .await;
    first.quit().await;

    proxy.restore().await.unwrap();
    let refused = until("the refusal is here", || async {
        activities(&second).await.into_iter().find(|row| row.activity == ActivityState::Refused)
    })
    .await;
    assert!(matches!(refused.delivery, Delivery::NeedsYou { why: Attention::SeatFull, .. }), "{:?}", refused.delivery);
    assert_eq!(state(&second).await.sync.needs_you, 1);
    let command = refused.command.expect("there is something to take note of");
    second.ask(move |app| async move { app.cancel_command(command).await }).await.unwrap();
    assert!(activities(&second).await.is_empty());
    assert_eq!(state(&second).await.sync.needs_you, 0);
    second.quit().await;
}
