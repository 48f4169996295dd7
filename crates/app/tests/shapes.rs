//! The JSON that crosses into the window: a changed shape breaks this test instead of a screen.

#![allow(clippy::unwrap_used, reason = "tests stop at the first surprise")]

mod support;

use std::collections::BTreeMap;

use prakerja_app::Uuid;
use prakerja_app::ipc::*;
use prakerja_domain::enrolment::EnrolmentState;
use prakerja_domain::field::{FieldError, FieldErrorCode};
use support::{FakeKeyring, Mood, open};

fn state() -> AppState {
    AppState {
        turn: 7,
        version: "0.1.0".into(),
        settings: Settings {
            language: "id".into(),
            theme: "system".into(),
            text_percent: 100,
            photo_sending: "automatic".into(),
        },
        central: CentralView {
            url: "https://api.contoh.id".into(),
            source: "settings".into(),
            operator: Some("Pusat Contoh".into()),
            demo: true,
        },
        vault: VaultView::Broken { why: VaultProblem::KeyMissing, path: "/x/applicant.db".into() },
        account: AccountView::SignedIn { email: "sari.w@contoh.id".into(), first_name: Some("Sari".into()) },
        closing_asked: true,
        preparations: Preparations {
            connection: Some(LastCheck { verdict: Verdict::Usable, at: 1_795_000_000_000 }),
            account: true,
            personal_filled: 4,
            personal_total: 11,
            personal_submitted: false,
        },
        sync: SyncSummary {
            status: SyncStatus::Blocked,
            waiting: 3,
            needs_you: 0,
            online: Some(false),
            last_sync_at: None,
            next_try_at: Some(1_795_000_010_000),
        },
        registration: Some(prakerja_domain::registration::RegistrationState::KtpPhotoSubmitted),
        unread_notices: 2,
        member: false,
        metered: Some(true),
    }
}

#[test]
fn the_state() {
    insta::assert_json_snapshot!("state", state());
    insta::assert_json_snapshot!("event_state", AppEvent::State { state: Box::new(state()) }, { ".state" => "[state]" });
    insta::assert_json_snapshot!("event_changed", AppEvent::Changed { what: Changed::Catalogue });
}

#[test]
fn the_vault_and_the_account_in_every_state() {
    let vault = [
        VaultView::Opening,
        VaultView::NeedsPassphrase { why: KeyringTrouble::Locked },
        VaultView::Locked { by: Protection::Keyring },
        VaultView::Open { by: Protection::Passphrase },
    ];
    insta::assert_json_snapshot!("vault", vault);
    let email = || "sari.w@contoh.id".to_owned();
    let account = [
        AccountView::None,
        AccountView::AwaitingCode { email: email(), purpose: CodePurpose::Password },
        AccountView::SignInNeeded { email: email(), first_name: None },
    ];
    insta::assert_json_snapshot!("account", account);
}

#[test]
fn what_the_person_did_in_every_state() {
    let at = 1_795_000_000_000;
    let deliveries = [
        Delivery::Saved { at },
        Delivery::Waiting { at },
        Delivery::PutOff { why: PutOff::TooManyTries, until: at + 60_000, at },
        Delivery::Sending { at },
        Delivery::Received { at, receipt: "PK-2345-6789".into() },
        Delivery::NeedsYou { why: Attention::SeatFull, at },
    ];
    insta::assert_json_snapshot!("deliveries", deliveries);
    let activity = ActivityRow {
        enrolment: Uuid::from_u128(1),
        training: Uuid::from_u128(2),
        title: "Barista".into(),
        method: None,
        schedule: None,
        activity: ActivityState::Enrolled { state: EnrolmentState::SeatConfirmed },
        delivery: Delivery::Saved { at },
        command: Some(Uuid::from_u128(3)),
        cancellable: true,
    };
    insta::assert_json_snapshot!("activity", activity);
    let commands = [
        CommandWhat::Profile { fields: 14 },
        CommandWhat::Enrol { title: "Barista".into() },
        CommandWhat::CancelEnrolment { title: "Barista".into() },
        CommandWhat::Identity,
        CommandWhat::Declarations,
        CommandWhat::Test,
        CommandWhat::Join { wave: 71 },
        CommandWhat::Appeal,
        CommandWhat::Void,
        CommandWhat::Other,
    ];
    insta::assert_json_snapshot!("commands", commands);
}

#[test]
fn an_error() {
    let error = IpcError {
        code: ErrorCode::Validation,
        fields: vec![FieldError::new("nik", FieldErrorCode::WrongLength).with("expected", 16).with("actual", 15)],
        retry_after_ms: Some(3_000),
        numbers: BTreeMap::from([("attempts_left".to_owned(), 2)]),
        reference: "K7M2PQ".into(),
    };
    insta::assert_json_snapshot!("error", error);
}

#[tokio::test]
async fn a_fresh_app() {
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let app = open(folder.path(), &keyring).await;
    let (state, mut events) = app.subscribe().await.unwrap();
    insta::assert_json_snapshot!("fresh_state", state, {
        ".turn" => "[turn]", ".sync.online" => "[online]", ".sync.next_try_at" => "[time]"
    });
    insta::assert_json_snapshot!("fresh_check", app.get_check().await.unwrap());
    insta::assert_json_snapshot!("fresh_profile", app.get_profile().await.unwrap());
    insta::assert_json_snapshot!("choices", app.get_choices().await.unwrap(), { ".provinces" => "[all 38]" });

    let patch = SettingsPatch { language: Some("en".into()), ..SettingsPatch::default() };
    let changed = app.set_settings(patch).await.unwrap();
    assert_eq!(changed.settings.language, "en");
    let read = app.get_state().await.unwrap();
    assert!(state.turn < changed.turn && changed.turn < read.turn, "the window knows which is newer");
    // What subscribing gave and what follows are one story; the exchange may tell of itself in between.
    let told = async {
        loop {
            if let AppEvent::State { state } = events.recv().await.unwrap()
                && state.settings.language == "en"
            {
                return;
            }
        }
    };
    tokio::time::timeout(support::wait::DEADLINE, told).await.unwrap();
    let refused =
        app.set_settings(SettingsPatch { central_url: Some("http://contoh.id".into()), ..Default::default() });
    assert_eq!(refused.await.unwrap_err().code, ErrorCode::BadAddress);
}
