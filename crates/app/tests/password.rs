//! A forgotten password: another one by mail or to the phone, on a computer that never saw the person and on one that did.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at the first surprise")]

mod support;

use std::time::Duration;

use prakerja_app::ProfileField;
use prakerja_app::ipc::{AccountView, AppEvent, CodeChannel, CodePurpose, ErrorCode, PendingCode, ResetForm};
use prakerja_central::clock::Clock;
use prakerja_central::registration::forced;
use prakerja_domain::field::FieldErrorCode;
use prakerja_domain::registration::{Facts, TestProgress};
use prakerja_testkit::central::Central;
use prakerja_testkit::fault_proxy::{FaultKind, FaultProxy, Plan, When};
use support::person::{PASSWORD, WHOLE, begin_sign_up, profile, save, sign_up, state};
use support::process::Process;
use support::wait::until;
use support::{FakeKeyring, Mood};
use tempfile::TempDir;

const EMAIL: &str = "rina.m@contoh.id";
/// Rina's, as central has it.
const PHONE: &str = "+6281234567890";
const OTHER: &str = "Sapi8biru-makan";

/// A computer.
struct Computer {
    folder: TempDir,
    keyring: std::sync::Arc<FakeKeyring>,
}

impl Computer {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), keyring: FakeKeyring::new(Mood::Working) }
    }

    async fn open(&self, central: &Central) -> Process {
        Process::start(self.folder.path(), &self.keyring, central.base_url()).await
    }
}

fn form(password: &str, by: CodeChannel) -> ResetForm {
    ResetForm { email: EMAIL.into(), password: password.into(), password_confirmation: password.into(), by }
}

async fn reset(process: &Process, by: CodeChannel) -> PendingCode {
    process.ask(move |app| async move { app.reset_password(form(OTHER, by)).await }).await.unwrap()
}

/// Somebody whose personal data is at central.
async fn registered(computer: &Computer, central: &Central) -> Process {
    let process = computer.open(central).await;
    sign_up(&process, central, EMAIL).await;
    for (field, value) in WHOLE {
        save(&process, field, value.to_owned()).await;
    }
    process.ask(|app| async move { app.submit_profile().await }).await.unwrap();
    until("the personal data is at central", || async { (state(&process).await.sync.waiting == 0).then_some(()) })
        .await;
    process
}

async fn confirm(process: &Process, code: String) {
    process.ask(move |app| async move { app.confirm_code(&code).await }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_password_opens_the_account_elsewhere_and_closes_it_here() {
    let central = Central::start().await.unwrap();
    let (old, new) = (Computer::new(), Computer::new());
    let first = registered(&old, &central).await;
    let second = new.open(&central).await;
    // Somebody else's, typed on that computer before.
    save(&second, ProfileField::FullName, "Orang Lain".to_owned()).await;
    let pending = reset(&second, CodeChannel::Mail).await;
    assert_eq!(
        (pending.purpose, pending.by, pending.email.as_str()),
        (CodePurpose::Password, CodeChannel::Mail, EMAIL)
    );
    second.quit().await;

    // The code is awaited after a restart, too.
    let second = new.open(&central).await;
    let AccountView::AwaitingCode { email, purpose } = state(&second).await.account else {
        panic!("no code is awaited")
    };
    assert_eq!((email.as_str(), purpose), (EMAIL, CodePurpose::Password));
    let again = second.ask(|app| async move { app.get_pending_code().await }).await.unwrap().unwrap();
    assert_eq!(again, pending);
    let code = central.code_for(EMAIL).await.unwrap();
    confirm(&second, code).await;
    let values = until("the personal data is there", || async {
        let values = profile(&second).await.values;
        (values.len() == WHOLE.len()).then_some(values)
    })
    .await;
    assert_eq!(values[&ProfileField::FullName], "Rina Marlina");

    // The other computer keeps what it has, and asks for the new password.
    until("the session is over", || async {
        matches!(state(&first).await.account, AccountView::SignInNeeded { .. }).then_some(())
    })
    .await;
    assert_eq!(profile(&first).await.values.len(), WHOLE.len());
    let refused = first.ask(|app| async move { app.sign_in(EMAIL, PASSWORD.into()).await }).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::WrongCredentials);
    first.ask(|app| async move { app.sign_in(EMAIL, OTHER.into()).await }).await.unwrap();
    assert!(matches!(state(&first).await.account, AccountView::SignedIn { .. }));
    first.quit().await;
    second.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_goes_to_the_phone_that_was_verified_and_to_no_other() {
    let central = Central::start_with(Clock::System, |config| {
        config.accounts.resend_after_s = 0;
        config.accounts.reset_phone_age_s = 0;
    });
    let central = central.await.unwrap();
    let computer = Computer::new();
    let process = registered(&computer, &central).await;
    let person: prakerja_central::db::Id =
        sqlx::query_scalar("select id from person").fetch_one(central.state().unwrap().db.read()).await.unwrap();
    process.ask(|app| async move { app.sign_out(false).await }).await.unwrap();

    // Typed and not verified: a mail says so.
    let pending = reset(&process, CodeChannel::Sms).await;
    assert_eq!((pending.purpose, pending.by), (CodePurpose::Password, CodeChannel::Sms));
    let mail = central.wait_for_mails(EMAIL, 2).await.unwrap().remove(0);
    assert_eq!((mail.subject.as_str(), mail.code), ("Kode tidak bisa dikirim lewat SMS", None));
    assert!(central.mails(PHONE).await.unwrap().is_empty());

    forced::facts(central.state().unwrap(), person.0, Facts::complete(TestProgress::Passed)).await.unwrap();
    process.ask(|app| async move { app.abandon_sign_up().await }).await.unwrap();
    reset(&process, CodeChannel::Sms).await;
    let code = central.code_for(PHONE).await.unwrap();
    confirm(&process, code).await;
    assert!(matches!(state(&process).await.account, AccountView::SignedIn { .. }));
    let told = central.wait_for_mails(EMAIL, 3).await.unwrap().remove(0);
    assert_eq!((told.subject.as_str(), told.code), ("Kata sandi kamu sudah diganti", None));
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_hears_what_waits_for_a_code_also_when_the_form_failed() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let computer = Computer::new();
    let process = Process::start(computer.folder.path(), &computer.keyring, proxy.base_url()).await;
    begin_sign_up(&process, EMAIL).await;
    let mut told = process.ask(|app| async move { app.events() }).await;
    proxy.set(Plan::fault(FaultKind::Fail, When::Always).on("/v1/passwords")).await.unwrap();
    let asked = process.ask(|app| async move { app.reset_password(form(OTHER, CodeChannel::Mail)).await }).await;
    assert_eq!(asked.unwrap_err().code, ErrorCode::Offline);
    let heard = async {
        loop {
            if let AppEvent::State { state } = told.recv().await.unwrap()
                && state.account == AccountView::None
            {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), heard).await.expect("what waits now has no code yet");
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_names_every_wrong_field_and_nothing_is_sent() {
    use FieldErrorCode::*;
    let central = Central::start().await.unwrap();
    let process = Computer::new().open(&central).await;
    let cases = [
        ("", "", "", vec![("email", Required), ("password", Required)]),
        ("rina", OTHER, OTHER, vec![("email", InvalidEmail)]),
        (EMAIL, "pendek", "pendek", vec![("password", TooShort)]),
        (EMAIL, OTHER, PASSWORD, vec![("password_confirmation", Mismatch)]),
    ];
    for (email, password, again, expected) in cases {
        let form = ResetForm {
            email: email.into(),
            password: password.into(),
            password_confirmation: again.into(),
            by: CodeChannel::Mail,
        };
        let error = process.ask(|app| async move { app.reset_password(form).await }).await.unwrap_err();
        let named: Vec<_> = error.fields.iter().map(|error| (error.field.as_str(), error.code)).collect();
        assert_eq!(named, expected, "{email} {password}");
    }
    assert!(process.ask(|app| async move { app.get_pending_code().await }).await.unwrap().is_none());
    process.quit().await;
}
