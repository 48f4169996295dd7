//! Signing up, signing in and a forgotten password: address, boxes and the code from the mail, while a sign-up waits for its code.

use std::collections::BTreeMap;

use prakerja_app::ipc::{self, ResetForm, SignUpForm};
use prakerja_app::{ProfileField, Uuid};
use prakerja_protocol::account::{
    CodeChannel, ConfirmCode, Consent, Language, PasswordReset, SignInStart, SignUp, SignUpStart,
};
use prakerja_protocol::password::StretchParams;
use prakerja_testkit::central::Central;

use super::support::person::{PASSWORD, begin_sign_up, profile, save};
use super::support::process::Process;
use super::support::{FakeKeyring, Mood};
use super::table::{Asked, rows};
use super::{alike, by_central, kept};

const BUDI: &str = "budi.s@contoh.id";
/// Both boxes of a sign-up.
const BOTH: [&str; 2] = ["terms", "privacy"];

fn form(email: &str, ticked: &[String]) -> SignUpForm {
    let is_ticked = |id: &str| ticked.iter().any(|it| it == id);
    SignUpForm {
        email: email.into(),
        password: PASSWORD.into(),
        password_confirmation: PASSWORD.into(),
        accept_terms: is_ticked("terms"),
        accept_privacy: is_ticked("privacy"),
    }
}

/// The same form as it travels. The password record is looked at last.
fn sent(email: &str, ticked: &[String]) -> SignUp {
    let consent = |id: &String| Consent { id: id.clone(), version: "2026-11".into(), accepted_at: 1 };
    SignUp {
        sign_up: Uuid::now_v7(),
        email: email.into(),
        upload: String::new(),
        stretch: StretchParams { memory_kib: 8 * 1024, passes: 1, lanes: 1 },
        language: Language::Id,
        consents: ticked.iter().map(consent).collect(),
    }
}

/// The form of a forgotten password.
fn reset(email: &str) -> ResetForm {
    let password = PASSWORD.to_owned();
    ResetForm {
        email: email.into(),
        password: password.clone(),
        password_confirmation: password,
        by: ipc::CodeChannel::Mail,
    }
}

/// The same as it travels.
fn reset_sent(email: &str) -> PasswordReset {
    PasswordReset {
        reset: Uuid::now_v7(),
        email: email.into(),
        upload: String::new(),
        stretch: StretchParams { memory_kib: 8 * 1024, passes: 1, lanes: 1 },
        language: Language::Id,
        by: CodeChannel::Mail,
    }
}

/// What a refusal at sign-up could cost.
#[derive(Debug, PartialEq)]
struct Before {
    /// The sign-up that waits for its code, here.
    pending: (String, i64, i64, u32),
    /// The same at central.
    sign_ups: String,
    mails: usize,
    drafts: BTreeMap<ProfileField, String>,
}

async fn before_the_account(process: &Process, central: &Central) -> Before {
    let pending = process.ask(|app| async move { app.get_pending_code().await }).await.unwrap().unwrap();
    let sign_ups = "select json_group_array(json_array(hex(id), email, consents, hex(code_mac), code_sent_at,
                                                       code_expires_at, wrong_codes, hex(wrong_mac), confirmed_at))
                    from sign_up";
    Before {
        pending: (pending.email, pending.expires_at, pending.resend_at, pending.resends_left),
        sign_ups: kept(central, sign_ups).await,
        mails: central.mails(BUDI).await.unwrap().len(),
        drafts: profile(process).await.values,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_forms_of_sign_up_are_refused_alike() {
    let central = Central::start().await.unwrap();
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, central.base_url()).await;
    // A draft may be wrong.
    for (field, value) in [(ProfileField::FullName, "Budi Santoso"), (ProfileField::Nik, "2171")] {
        save(&process, field, value.to_owned()).await;
    }
    let typed = profile(&process).await.values;
    begin_sign_up(&process, BUDI).await;
    central.wait_for_mails(BUDI, 1).await.unwrap();
    let sign_up = Uuid::parse_str(&kept(&central, "select hex(id) from sign_up").await).unwrap();
    let before = before_the_account(&process, &central).await;
    let both = BOTH.map(str::to_owned);

    for bad in rows(Asked::Email) {
        let email = bad.typed();
        let wanted = form(&email, &both);
        let by_app = process.ask(|app| async move { app.sign_up(wanted).await }).await.unwrap_err();
        let start = SignUpStart { email: email.clone(), request: String::new() };
        alike(&bad, &by_app, &by_central(&central, "/v1/accounts/start", None, &start).await);
        alike(&bad, &by_app, &by_central(&central, "/v1/accounts", None, &sent(&email, &both)).await);
        let wanted = reset(&email);
        let by_app = process.ask(|app| async move { app.reset_password(wanted).await }).await.unwrap_err();
        alike(&bad, &by_app, &by_central(&central, "/v1/passwords", None, &reset_sent(&email)).await);
        let start = SignInStart { email: email.clone(), request: String::new() };
        let by_app = process.ask(|app| async move { app.sign_in(&email, PASSWORD.into()).await }).await.unwrap_err();
        alike(&bad, &by_app, &by_central(&central, "/v1/sessions/start", None, &start).await);
        assert_eq!(before_the_account(&process, &central).await, before, "{:?}", bad.given);
    }
    for bad in rows(Asked::SignUp) {
        let wanted = form(BUDI, &bad.given);
        let by_app = process.ask(|app| async move { app.sign_up(wanted).await }).await.unwrap_err();
        alike(&bad, &by_app, &by_central(&central, "/v1/accounts", None, &sent(BUDI, &bad.given)).await);
        assert_eq!(before_the_account(&process, &central).await, before, "{:?}", bad.given);
    }
    for bad in rows(Asked::EmailCode) {
        let code = bad.typed();
        let body = ConfirmCode { code: code.clone(), device_name: "Komputer uji".into() };
        let by_app = process.ask(|app| async move { app.confirm_code(&code).await }).await.unwrap_err();
        alike(&bad, &by_app, &by_central(&central, &format!("/v1/accounts/{sign_up}/code"), None, &body).await);
        assert_eq!(before_the_account(&process, &central).await, before, "{:?}", bad.given);
    }

    // The sign-up goes on as if nothing had been.
    let code = central.code_for(BUDI).await.unwrap();
    process.ask(|app| async move { app.confirm_code(&code).await }).await.unwrap();
    assert_eq!(profile(&process).await.values, typed);
    process.quit().await;
}
