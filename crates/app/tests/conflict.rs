//! The same field changed on two computers: the person decides, and nothing else is lost.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at the first surprise")]

mod support;

use prakerja_app::ProfileField;
use prakerja_app::ipc::{Attention, Delivery, ProfileView, SyncStatus};
use prakerja_testkit::central::Central;
use prakerja_testkit::fault_proxy::{FaultKind, FaultProxy, Plan, When};
use support::person::{PASSWORD, WHOLE, sign_up};
use support::process::Process;
use support::wait::until;
use support::{FakeKeyring, Mood};

const EMAIL: &str = "rina.m@contoh.id";

async fn change(process: &Process, fields: &'static [(ProfileField, &'static str)]) -> ProfileView {
    process
        .ask(move |app| async move {
            for (field, value) in fields {
                app.save_profile_field(*field, (*value).into()).await?;
            }
            app.submit_profile().await
        })
        .await
        .unwrap()
}

async fn profile_when(process: &Process, what: &str, ready: impl Fn(&ProfileView) -> bool) -> ProfileView {
    until(what, || async {
        let profile = process.ask(|app| async move { app.get_profile().await }).await.unwrap();
        ready(&profile).then_some(profile)
    })
    .await
}

fn received(profile: &ProfileView) -> bool {
    matches!(profile.delivery, Some(Delivery::Received { .. }))
}

/// A computer whose person has an account and gave all personal data.
async fn signed_up(central: &Central, folder: &std::path::Path, base: String) -> Process {
    let first = Process::start(folder, &FakeKeyring::new(Mood::Working), base).await;
    sign_up(&first, central, EMAIL).await;
    change(&first, &WHOLE).await;
    profile_when(&first, "the personal data is received", received).await;
    first
}

/// Two computers with the same person, who changed the phone on both while the first was offline. The first can send
/// again, and cannot read yet: of what the second one did it knows from the conflict alone.
async fn clash() -> (Central, FaultProxy, Process, Process, [tempfile::TempDir; 2]) {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let first = signed_up(&central, folders[0].path(), proxy.base_url()).await;

    let second = Process::start(folders[1].path(), &FakeKeyring::new(Mood::Working), central.base_url()).await;
    second.ask(|app| async move { app.sign_in(EMAIL, PASSWORD.into()).await }).await.unwrap();
    profile_when(&second, "the personal data is there", |profile| profile.values.len() == 14).await;

    proxy.cut().await.unwrap();
    change(&first, &[(ProfileField::Phone, "081111111111"), (ProfileField::KtpAddress, "Kota Bitung")]).await;
    change(&second, &[(ProfileField::Phone, "082222222222")]).await;
    profile_when(&second, "the other phone is received", received).await;
    proxy.set(Plan::fault(FaultKind::Fail, When::Always).on("/v1/sync/pull")).await.unwrap();
    (central, proxy, first, second, folders)
}

async fn decide(first: &Process, keep_mine: bool) {
    let profile = profile_when(first, "the conflict is told", |profile| profile.conflict.is_some()).await;
    assert!(matches!(profile.delivery, Some(Delivery::NeedsYou { why: Attention::Conflict, .. })));
    let conflict = profile.conflict.unwrap();
    let (mine, theirs) = &conflict.fields[&ProfileField::Phone];
    assert_eq!((mine.as_deref(), theirs.as_deref()), (Some("+6281111111111"), Some("+6282222222222")));
    assert_eq!(conflict.fields.len(), 1, "the city did not clash");
    let view = first.ask(|app| async move { app.get_sync().await }).await.unwrap();
    assert_eq!((view.summary.status, view.summary.needs_you), (SyncStatus::NeedsYou, 1));
    let command = conflict.command;
    first.ask(move |app| async move { app.resolve_conflict(command, keep_mine).await }).await.unwrap();
    let settled = |profile: &ProfileView| profile.conflict.is_none() && received(profile);
    profile_when(first, "the decision is received and settles the conflict", settled).await;
}

async fn ends_with(first: &Process, second: &Process, phone: &str) {
    let right = |profile: &ProfileView| {
        profile.conflict.is_none()
            && profile.values[&ProfileField::Phone] == phone
            && profile.values[&ProfileField::KtpAddress] == "Kota Bitung"
    };
    profile_when(first, "the decision is received", |profile| right(profile) && received(profile)).await;
    profile_when(second, "the other computer hears of it", right).await;
    let view = first.ask(|app| async move { app.get_sync().await }).await.unwrap();
    assert_eq!(view.summary.status, SyncStatus::AllSent, "{view:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mine_goes_to_central_on_top_of_what_it_has() {
    let (_central, proxy, first, second, _folders) = clash().await;
    decide(&first, true).await;
    proxy.restore().await.unwrap();
    ends_with(&first, &second, "+6281111111111").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn theirs_stays_and_what_did_not_clash_still_goes() {
    let (_central, proxy, first, second, _folders) = clash().await;
    decide(&first, false).await;
    proxy.restore().await.unwrap();
    ends_with(&first, &second, "+6282222222222").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_computer_did_is_read_when_the_window_is_looked_at_again() {
    let central = Central::start().await.unwrap();
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let first = signed_up(&central, folders[0].path(), central.base_url()).await;
    // Neither a waiting question nor the clock tells the second one anything.
    let deaf = |config: &mut prakerja_app::AppConfig| config.sync.long_poll = std::time::Duration::ZERO;
    let keyring = FakeKeyring::new(Mood::Working);
    let second = Process::start_with(folders[1].path(), &keyring, central.base_url(), deaf).await;
    second.ask(|app| async move { app.sign_in(EMAIL, PASSWORD.into()).await }).await.unwrap();
    profile_when(&second, "the personal data is there", |profile| profile.values.len() == 14).await;
    second.ask(|app| async move { app.set_foreground(false) }).await;
    change(&first, &[(ProfileField::KtpAddress, "Kota Bitung")]).await;
    profile_when(&first, "the other city is received", received).await;
    second.ask(|app| async move { app.set_foreground(true) }).await;
    let news = |profile: &ProfileView| profile.values[&ProfileField::KtpAddress] == "Kota Bitung";
    profile_when(&second, "the other computer's news", news).await;
}
