//! Steps that need central at once: a lost answer costs nothing, a refusal is told with its numbers, a restart shows how
//! things stand.

use prakerja_app::ipc::ErrorCode;
use prakerja_app::ipc::registration::PhoneCodeState;
use prakerja_app::{App, ProfileField};
use prakerja_domain::registration::{FaceCheck, Facts, PhoneCheck};
use prakerja_store::kind;
use serde_json::{Value, json};

use super::desk::{Desk, HOUR, NOW, PERSON, complete, profile, record};
use super::stub::{Say, Stub};

const CODE: &str = "POST /v1/phone/code";
const CONFIRM: &str = "POST /v1/phone/confirm";
const FACE: &str = "POST /v1/face/sessions";

fn before_phone() -> Facts {
    Facts { phone: None, declarations: None, test: None, ..complete() }
}

fn sent() -> Say {
    Say::Json(json!({ "ends_with": "7890", "expires_in_s": 300, "resends_left": 2, "resend_after_s": 60, "tries": 3 }))
}

fn problem(status: u16, code: &str, more: Value) -> Say {
    let mut problem = json!({ "code": code, "status": status, "title": "x" });
    problem.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Say::Problem(status, problem)
}

#[tokio::test]
async fn a_code_whose_answer_was_lost_is_not_asked_for_twice() {
    let stub = Stub::start().await;
    let desk = Desk::at(stub.url.clone()).await;
    desk.registered(before_phone()).await;
    let app = desk.open().await;
    assert_eq!(app.get_phone_code().await.unwrap(), PhoneCodeState::default());
    stub.says(CODE, vec![Say::Lost]);
    assert_eq!(app.send_phone_code().await.unwrap_err().code, ErrorCode::NotOurServer);
    app.close().await;
    // Also after a restart it is the same wish, with the same key.
    let app = desk.open().await;
    stub.says(CODE, vec![sent()]);
    let state = app.send_phone_code().await.unwrap();
    let code = state.code.clone().unwrap();
    assert_eq!((code.expires_at, code.resend_at, code.tries_left), (NOW + 300_000, NOW + 60_000, 3));
    let keys: Vec<_> = stub.asked(CODE).into_iter().map(|asked| asked.key.unwrap()).collect();
    assert!(keys.len() == 2 && keys[0] == keys[1], "{keys:?}");
    // Answered: the next one is another.
    app.send_phone_code().await.unwrap();
    assert_ne!(stub.asked(CODE)[2].key.as_ref(), Some(&keys[0]));
    assert_eq!(app.get_phone_code().await.unwrap(), state);
    app.close().await;
}

#[tokio::test]
async fn wrong_codes_count_and_lock() {
    let stub = Stub::start().await;
    let desk = Desk::at(stub.url.clone()).await;
    desk.registered(Facts { phone: Some(PhoneCheck::CodeSent), ..before_phone() }).await;
    let app = desk.open().await;
    stub.says(CODE, vec![sent()]);
    app.send_phone_code().await.unwrap();
    assert_eq!(app.confirm_phone_code("12a").await.unwrap_err().code, ErrorCode::Validation);
    stub.says(
        CONFIRM,
        vec![
            problem(422, "wrong-code", json!({ "details": { "attempts_left": 2 } })),
            problem(429, "code-locked", json!({ "retry_after_ms": 3_600_000, "details": { "attempts_left": 0 } })),
        ],
    );
    let wrong = app.confirm_phone_code("111 111").await.unwrap_err();
    assert_eq!((wrong.code, wrong.numbers["attempts_left"]), (ErrorCode::WrongCode, 2));
    assert_eq!(app.get_phone_code().await.unwrap().code.unwrap().tries_left, 2);
    let locked = app.confirm_phone_code("222222").await.unwrap_err();
    assert_eq!((locked.code, locked.retry_after_ms), (ErrorCode::CodeLocked, Some(3_600_000)));
    app.close().await;
    let app = desk.open().await;
    let state = app.get_phone_code().await.unwrap();
    let tries_left = state.code.unwrap().tries_left;
    assert_eq!((state.locked_until, tries_left), (Some(NOW + HOUR), 0), "also after a restart");
    desk.clock.set(NOW + HOUR);
    assert_eq!(app.get_phone_code().await.unwrap().locked_until, None, "it is over");
    stub.says(CONFIRM, vec![Say::Json(json!({}))]);
    app.confirm_phone_code("333-333").await.unwrap();
    let state = app.get_phone_code().await.unwrap();
    assert!(state.code.is_none() && state.confirmed, "central took it, whatever its record says: {state:?}");
    let keys: Vec<_> = stub.asked(CONFIRM).into_iter().map(|asked| (asked.key.unwrap(), asked.body)).collect();
    assert_eq!(keys[2].1, json!({ "code": "333333" }));
    assert!(keys[0].0 != keys[1].0 && keys[1].0 != keys[2].0, "another code is another wish");
    app.close().await;
}

#[tokio::test]
async fn a_wait_is_known_without_a_code_and_after_a_restart() {
    let stub = Stub::start().await;
    let desk = Desk::at(stub.url.clone()).await;
    desk.registered(before_phone()).await;
    let app = desk.open().await;
    stub.says(CODE, vec![problem(429, "code-locked", json!({ "retry_after_ms": HOUR }))]);
    assert_eq!(app.send_phone_code().await.unwrap_err().code, ErrorCode::CodeLocked);
    app.close().await;
    let app = desk.open().await;
    let locked = PhoneCodeState { locked_until: Some(NOW + HOUR), ..PhoneCodeState::default() };
    assert_eq!(app.get_phone_code().await.unwrap(), locked);
    app.close().await;
}

#[tokio::test]
async fn a_wait_for_another_code_takes_nothing_from_the_one_that_is_here() {
    let stub = Stub::start().await;
    let desk = Desk::at(stub.url.clone()).await;
    desk.registered(Facts { phone: Some(PhoneCheck::CodeSent), ..before_phone() }).await;
    let app = desk.open().await;
    stub.says(CODE, vec![sent(), problem(429, "code-locked", json!({ "retry_after_ms": HOUR }))]);
    app.send_phone_code().await.unwrap();
    assert_eq!(app.send_phone_code().await.unwrap_err().code, ErrorCode::CodeLocked);
    let state = app.get_phone_code().await.unwrap();
    assert_eq!((state.locked_until, state.code.unwrap().tries_left), (Some(NOW + HOUR), 3));
    app.close().await;
}

#[tokio::test]
async fn a_code_that_was_taken_is_confirmed_until_central_says_more() {
    let stub = Stub::start().await;
    let desk = Desk::at(stub.url.clone()).await;
    desk.told(&[("profile", 1, profile()), ("registration", 0xA11CE, code_sent(Some("7890")))]).await;
    let app = desk.open().await;
    stub.says(CODE, vec![sent()]);
    app.send_phone_code().await.unwrap();
    stub.says(CONFIRM, vec![Say::Json(json!({}))]);
    app.confirm_phone_code("333333").await.unwrap();
    app.close().await;
    let app = desk.open().await;
    let confirmed = PhoneCodeState { confirmed: true, ..PhoneCodeState::default() };
    assert_eq!(app.get_phone_code().await.unwrap(), confirmed, "also after a restart");
    app.save_profile_field(ProfileField::Phone, "0812 9999 0000".into()).await.unwrap();
    assert_eq!(app.get_phone_code().await.unwrap(), PhoneCodeState::default(), "that was another number");
    app.save_profile_field(ProfileField::Phone, "0812 3456 7890".into()).await.unwrap();
    assert_eq!(app.get_phone_code().await.unwrap(), confirmed);
    app.close().await;
    desk.told(&[("registration", 0xA11CE, code_sent(None))]).await;
    let app = desk.open().await;
    assert_eq!(app.get_phone_code().await.unwrap(), PhoneCodeState::default(), "central forgot the number since");
    app.close().await;
}

/// A registration whose code went to a number that ends like this.
fn code_sent(ends_with: Option<&str>) -> Value {
    let phone = ends_with.map(|_| PhoneCheck::CodeSent);
    let mut told = record(Facts { phone, ..before_phone() });
    if let Some(ends_with) = ends_with {
        told["phone"] = json!({ "ends_with": ends_with, "verified_at": null });
    }
    told
}

#[tokio::test]
async fn a_code_to_another_number_is_not_awaited() {
    let stub = Stub::start().await;
    let desk = Desk::at(stub.url.clone()).await;
    desk.told(&[("profile", 1, profile())]).await;
    desk.registered(before_phone()).await;
    let app = desk.open().await;
    stub.says(CODE, vec![sent()]);
    app.send_phone_code().await.unwrap();
    let awaited = async |app: &App| app.get_phone_code().await.unwrap().code.is_some();
    assert!(awaited(&app).await, "central has not told of it yet, and it is shown all the same");
    app.save_profile_field(ProfileField::Phone, "0812 9999 0000".into()).await.unwrap();
    assert!(!awaited(&app).await, "it went to a number that is not shown any more");
    app.save_profile_field(ProfileField::Phone, "0812 3456 7890".into()).await.unwrap();
    assert!(awaited(&app).await);
    app.close().await;
    for (told, expected) in [(Some("7890"), true), (None, false), (Some("0000"), false), (Some("7890"), true)] {
        desk.told(&[("registration", 0xA11CE, code_sent(told))]).await;
        let app = desk.open().await;
        assert_eq!(awaited(&app).await, expected, "{told:?}");
        app.close().await;
    }
}

#[tokio::test]
async fn no_code_is_asked_for_before_central_has_the_number_that_is_shown() {
    let stub = Stub::start().await;
    let desk = Desk::at(stub.url.clone()).await;
    desk.told(&[("profile", 1, profile())]).await;
    desk.registered(before_phone()).await;
    let app = desk.open().await;
    stub.says(CODE, vec![sent()]);
    app.save_profile_field(ProfileField::Phone, "12".into()).await.unwrap();
    assert_eq!(app.send_phone_code().await.unwrap_err().code, ErrorCode::Validation);
    app.save_profile_field(ProfileField::Phone, "0812 9999 0000".into()).await.unwrap();
    app.save_profile_field(ProfileField::KtpAddress, "Jl.".into()).await.unwrap();
    assert_eq!(app.send_phone_code().await.unwrap_err().code, ErrorCode::Busy, "the stub takes no commands");
    assert!(stub.asked(CODE).is_empty(), "the old number is left in peace");
    assert!(app.get_profile().await.unwrap().has_changes, "nothing but the number was confirmed");
    app.close().await;
    let waiting = desk.with(async |store| store.waiting(PERSON).await.unwrap()).await;
    assert_eq!(waiting[0].payload, json!({ "fields": { "phone": "+6281299990000" } }));
    desk.answered(kind::PROFILE_PATCH, "applied", None).await;
    let app = desk.open().await;
    app.send_phone_code().await.unwrap();
    app.close().await;
}

#[tokio::test]
async fn the_number_that_is_relied_on_is_known_before_another_is_saved() {
    let desk = Desk::new().await;
    desk.told(&[("profile", 1, profile())]).await;
    for (facts, known) in [(Facts::default(), None), (before_phone(), None), (complete(), Some("+6281234567890"))] {
        desk.registered(facts).await;
        let app = desk.open().await;
        app.save_profile_field(ProfileField::Phone, "0812 9999 0000".into()).await.unwrap();
        assert_eq!(app.get_profile().await.unwrap().phone_in_use.as_deref(), known, "{facts:?}");
        app.close().await;
    }
}

#[tokio::test]
async fn without_a_network_the_number_waits_and_that_is_said() {
    let desk = Desk::new().await;
    desk.told(&[("profile", 1, profile())]).await;
    desk.registered(before_phone()).await;
    let app = desk.open().await;
    app.save_profile_field(ProfileField::Phone, "0812 9999 0000".into()).await.unwrap();
    assert_eq!(app.send_phone_code().await.unwrap_err().code, ErrorCode::Offline);
    app.close().await;
}

#[tokio::test]
async fn a_step_that_is_not_open_asks_nobody() {
    let stub = Stub::start().await;
    let desk = Desk::at(stub.url.clone()).await;
    desk.registered(Facts::default()).await;
    let app = desk.open().await;
    assert_eq!(app.send_phone_code().await.unwrap_err().code, ErrorCode::StepRefused);
    assert_eq!(app.start_face_check(vec!["face_check".to_owned()]).await.unwrap_err().code, ErrorCode::StepRefused);
    assert_eq!(app.start_test().await.unwrap_err().code, ErrorCode::StepRefused);
    assert!(stub.asked(CODE).is_empty() && stub.asked(FACE).is_empty());
    app.close().await;
}

#[tokio::test]
async fn the_face_check_opens_the_providers_page_and_no_other() {
    let stub = Stub::start().await;
    let desk = Desk::at(stub.url.clone()).await;
    desk.registered(Facts { face: Some(FaceCheck::Failed), phone: None, declarations: None, test: None, ..complete() })
        .await;
    let app = desk.open().await;
    let page = "https://face.contoh.example/s/Zx81?lang=id";
    assert_eq!(app.link(page).unwrap_err().code, ErrorCode::NotFound, "nobody named it yet");
    stub.says(
        FACE,
        vec![
            Say::Json(json!({ "url": "javascript:alert(1)", "expires_in_s": 600, "provider": "X", "sandbox": false })),
            Say::Json(json!({ "url": page, "expires_in_s": 600, "provider": "Contoh", "sandbox": true })),
        ],
    );
    let unasked = app.start_face_check(Vec::new()).await.unwrap_err();
    assert_eq!((unasked.code, unasked.fields[0].field.as_str()), (ErrorCode::Validation, "consent.face_check"));
    assert!(stub.asked(FACE).is_empty());
    assert_eq!(app.start_face_check(vec!["face_check".to_owned()]).await.unwrap_err().code, ErrorCode::Internal);
    let session = app.start_face_check(vec!["face_check".to_owned()]).await.unwrap();
    assert_eq!((session.url.as_str(), session.expires_at, session.sandbox), (page, NOW + 600_000, true));
    assert!(session.qr_svg.starts_with("<svg") && session.qr_svg.contains("#fff"), "{}", &session.qr_svg[..80]);
    assert_eq!(app.link(page).unwrap(), page);
    assert!(app.link("https://other.example/").is_err());
    app.close().await;
}

#[tokio::test]
async fn a_party_that_does_not_answer_is_told_as_what_it_is() {
    let stub = Stub::start().await;
    let desk = Desk::at(stub.url.clone()).await;
    desk.registered(before_phone()).await;
    let app = desk.open().await;
    stub.says(CODE, vec![problem(503, "party-unavailable", json!({ "retry_after_ms": 5_000 }))]);
    let refused = app.send_phone_code().await.unwrap_err();
    assert_eq!((refused.code, refused.retry_after_ms), (ErrorCode::PartyUnavailable, Some(5_000)));
    app.close().await;
}
