//! Where the registration stands: central's word and what waits here, side by side. Against the real central as far as
//! the registry's match.

use prakerja_app::ipc::registration::RegistrationView;
use prakerja_app::ipc::{Attention, CommandWhat, Delivery, ErrorCode, PutOff};
use prakerja_app::{Clock as _, NoticeKind, ProfileField, SystemClock, Uuid};
use prakerja_domain::registration::{Facts, IdentityMatch, RegistrationState, Step, StepRefusal};
use prakerja_store::{Anchor, kind};
use prakerja_testkit::central::Central;
use serde_json::{Value, json};

use super::desk::{Desk, HOUR, NOW, PERSON, complete, profile, record, ticked};
use super::stub::{Say, Stub};
use super::support::person::{WHOLE, save, sign_up, state};
use super::support::process::Process;
use super::support::wait::until;
use super::support::{FakeKeyring, Mood};

fn step(view: &RegistrationView, step: Step) -> (Option<StepRefusal>, Option<Delivery>) {
    let row = view.steps.iter().find(|row| row.step == step).unwrap();
    (row.refused, row.delivery.clone())
}

#[tokio::test]
async fn what_waits_here_is_never_taken_for_what_central_said() {
    let desk = Desk::new().await;
    let app = desk.open().await;
    let view = app.get_registration().await.unwrap();
    assert_eq!((view.state, view.case_number, view.heard_at), (RegistrationState::NotStarted, None, None));
    assert_eq!(app.get_state().await.unwrap().registration, Some(RegistrationState::NotStarted));
    let missing = app.submit_identity(ticked()).await.unwrap_err();
    assert_eq!((missing.code, missing.fields.len()), (ErrorCode::ProfileIncomplete, WHOLE.len()));
    app.close().await;

    let mut almost = profile();
    almost["fields"].as_object_mut().unwrap().remove("phone");
    desk.told(&[("profile", 1, almost)]).await;
    let app = desk.open().await;
    let missing = app.submit_identity(ticked()).await.unwrap_err();
    assert_eq!(missing.code, ErrorCode::ProfileIncomplete, "central asks only about whom it knows whole");
    assert_eq!(missing.fields.iter().map(|it| it.field.as_str()).collect::<Vec<_>>(), ["phone"]);
    assert!(app.get_sync().await.unwrap().waiting.is_empty());
    app.close().await;

    desk.told(&[("profile", 1, profile())]).await;
    desk.registered(Facts::default()).await;
    let app = desk.open().await;
    let asked = app.get_registration().await.unwrap().steps;
    let asked = asked.into_iter().find(|row| row.step == Step::SubmitIdentity).unwrap().consents;
    assert_eq!(asked.iter().map(|it| (it.id.as_str(), it.given)).collect::<Vec<_>>(), [("data_matching", false)]);
    let unasked = app.submit_identity(vec!["truthful".to_owned()]).await.unwrap_err();
    assert_eq!((unasked.code, unasked.fields[0].field.as_str()), (ErrorCode::Validation, "consent.data_matching"));
    assert!(app.get_sync().await.unwrap().waiting.is_empty());
    app.submit_identity(ticked()).await.unwrap();
    let view = app.submit_identity(ticked()).await.unwrap();
    assert_eq!(view.state, RegistrationState::NotStarted, "central has not said anything");
    let (refused, delivery) = step(&view, Step::SubmitIdentity);
    assert_eq!(refused, Some(StepRefusal::UnderWay));
    assert!(matches!(delivery, Some(Delivery::Saved { .. } | Delivery::Waiting { .. })));
    let waiting = app.get_sync().await.unwrap().waiting;
    assert_eq!((waiting.len(), &waiting[0].what), (1, &CommandWhat::Identity), "asked twice, sent once");
    app.close().await;
}

#[tokio::test]
async fn a_mismatch_says_where_to_look_and_when_to_try_again() {
    let desk = Desk::new().await;
    let mut told = record(Facts { identity: Some(IdentityMatch::Mismatch), ..Facts::default() });
    told["identity"] =
        json!({ "at": NOW, "differs": ["kk_number", "full_name"], "tries_left": 0, "locked_until": NOW + HOUR });
    desk.told(&[("profile", 1, profile()), ("registration", 0xA11CE, told)]).await;
    let app = desk.open().await;
    let identity = app.get_registration().await.unwrap().identity.unwrap();
    assert_eq!(identity.differs, [ProfileField::KkNumber, ProfileField::FullName]);
    let early = app.submit_identity(ticked()).await.unwrap_err();
    assert_eq!((early.code, early.retry_after_ms), (ErrorCode::RateLimited, Some(3_600_000)));
    assert_eq!((identity.tries_left, identity.locked_until), (0, Some(NOW + HOUR)));
    desk.clock.set(NOW + HOUR);
    let identity = app.get_registration().await.unwrap().identity.unwrap();
    assert_eq!((identity.tries_left, identity.locked_until), (5, None), "the wait is over: as many as at first");
    app.submit_identity(ticked()).await.unwrap();
    app.close().await;
}

#[tokio::test]
async fn tries_that_were_used_long_ago_do_not_count() {
    let desk = Desk::new().await;
    let mut told = record(Facts { identity: Some(IdentityMatch::Mismatch), ..Facts::default() });
    told["identity"] = json!({ "at": NOW, "differs": [], "tries_left": 2, "locked_until": null });
    desk.told(&[("profile", 1, profile()), ("registration", 0xA11CE, told)]).await;
    let app = desk.open().await;
    for (now, expected) in [(NOW + HOUR - 1, 2), (NOW + HOUR, 5)] {
        desk.clock.set(now);
        assert_eq!(app.get_registration().await.unwrap().identity.unwrap().tries_left, expected);
    }
    app.close().await;
}

#[tokio::test]
async fn what_is_asked_about_goes_first_and_a_no_to_it_spares_the_try() {
    let desk = Desk::new().await;
    desk.told(&[("profile", 1, profile())]).await;
    desk.registered(Facts { identity: Some(IdentityMatch::Mismatch), ..Facts::default() }).await;
    let app = desk.open().await;
    app.save_profile_field(ProfileField::Nik, "2171 0141 0203 0002".into()).await.unwrap();
    app.submit_identity(ticked()).await.unwrap();
    let profile = app.get_profile().await.unwrap();
    assert_eq!((profile.has_changes, &*profile.values[&ProfileField::Nik]), (false, "2171014102030002"));
    app.close().await;
    let waiting = desk.with(async |store| store.waiting(PERSON).await.unwrap()).await;
    let kinds: Vec<_> = waiting.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(kinds, [kind::PROFILE_PATCH, kind::IDENTITY_SUBMIT]);
    assert_eq!(waiting[0].payload, json!({ "fields": { "nik": "2171014102030002" } }));
    assert_eq!(waiting[1].depends_on, [waiting[0].id]);
    let consent = json!({ "id": "data_matching", "version": "1", "given_at": NOW });
    assert_eq!(waiting[1].payload, json!({ "consents": [consent] }));

    // Central says no to the data and, for that reason, to the question.
    desk.answered(kind::PROFILE_PATCH, "conflict", None).await;
    let dependency = json!({ "code": "dependency", "status": 409, "title": "x" });
    desk.answered(kind::IDENTITY_SUBMIT, "rejected", Some(dependency)).await;
    let app = desk.open().await;
    let (refused, delivery) = step(&app.get_registration().await.unwrap(), Step::SubmitIdentity);
    assert_eq!(refused, None);
    assert!(matches!(delivery, Some(Delivery::NeedsYou { why: Attention::Dependency, .. })), "{delivery:?}");
    let undecided = app.submit_identity(ticked()).await.unwrap_err();
    assert_eq!(undecided.code, ErrorCode::StepRefused, "what central has is not what the person meant");
    let conflict = waiting[0].id;
    app.resolve_conflict(conflict, true).await.unwrap();
    app.submit_identity(ticked()).await.unwrap();
    app.close().await;
    let waiting = desk.with(async |store| store.waiting(PERSON).await.unwrap()).await;
    assert_eq!(waiting[1].depends_on, [waiting[0].id], "also a patch that the person confirmed elsewhere");
}

#[tokio::test]
async fn a_wait_is_counted_by_this_computers_clock_however_wrong_that_is() {
    let desk = Desk::new().await;
    let mut told = record(Facts { identity: Some(IdentityMatch::Mismatch), ..Facts::default() });
    told["identity"] = json!({ "at": NOW, "differs": [], "tries_left": 0, "locked_until": NOW + HOUR });
    desk.told(&[("profile", 1, profile()), ("registration", 0xA11CE, told)]).await;
    let (boot, steady_ms) = (Uuid::nil(), 0);
    let behind = Anchor { server_ms: NOW, device_ms: NOW - 5 * HOUR, rtt_ms: 10, boot, steady_ms };
    desk.with(async |store| store.save_anchor(&behind).await.unwrap()).await;
    desk.clock.set(NOW - 5 * HOUR);
    let app = desk.open().await;
    let identity = app.get_registration().await.unwrap().identity.unwrap();
    assert_eq!(identity.locked_until, Some(NOW - 4 * HOUR), "an hour from now");
    app.close().await;
}

#[tokio::test]
async fn what_central_puts_off_says_until_when() {
    const PUSH: &str = "POST /v1/sync/push";
    let stub = Stub::start().await;
    let desk = Desk::at(stub.url.clone()).await;
    desk.told(&[("profile", 1, profile())]).await;
    desk.registered(Facts::default()).await;
    stub.says(PUSH, vec![Say::Lost]);
    let app = desk.open().await;
    app.submit_identity(ticked()).await.unwrap();
    app.close().await;
    let command = desk.with(async |store| store.waiting(PERSON).await.unwrap()[0].id).await;
    let problem = |code: &str| json!({ "code": code, "status": 503, "title": "x", "retry_after_ms": HOUR });
    let result =
        json!({ "id": command, "status": "retry", "problem": problem("party-unavailable"), "retry_after_ms": HOUR });
    let answered = json!({ "epoch": Uuid::from_u128(6), "server_ms": NOW, "results": [result], "pull_hint": 0 });
    let cases = [
        (Say::Json(answered), PutOff::PartyUnavailable),
        (Say::Problem(429, problem("rate-limited")), PutOff::TooManyTries),
    ];
    for (say, expected) in cases {
        stub.says(PUSH, vec![say]);
        // The exchange goes by the computer's own clock.
        let from = SystemClock.now_ms() + HOUR;
        let app = desk.open().await;
        let until = until("central puts it off", || async {
            match step(&app.get_registration().await.unwrap(), Step::SubmitIdentity).1 {
                Some(Delivery::PutOff { why, until, .. }) if why == expected => Some(until),
                _ => None,
            }
        })
        .await;
        assert!((from..=SystemClock.now_ms() + HOUR).contains(&until), "{until} for {expected:?}");
        app.close().await;
    }
}

fn blocked() -> Value {
    let mut told = record(Facts { blocked: true, ..complete() });
    told["blocked"] = json!({ "at": NOW, "reason": "a_newer_reason", "note": "Datang ke kantor" });
    told
}

#[tokio::test]
async fn a_block_is_objected_to_once_and_answered() {
    let desk = Desk::new().await;
    desk.registered(complete()).await;
    let app = desk.open().await;
    assert_eq!(app.submit_appeal("Tolong".into()).await.unwrap_err().code, ErrorCode::StepRefused);
    app.close().await;
    desk.told(&[("registration", 0xA11CE, blocked())]).await;
    let app = desk.open().await;
    for (text, code) in [(" \n ".to_owned(), ErrorCode::Validation), ("x".repeat(2_001), ErrorCode::Validation)] {
        assert_eq!(app.submit_appeal(text).await.unwrap_err().code, code);
    }
    let view = app.submit_appeal(" Data saya benar. ".into()).await.unwrap();
    let appeal = view.appeal.unwrap();
    let view = view.blocked.unwrap();
    assert_eq!((view.reason.as_str(), view.note.as_deref()), ("other", Some("Datang ke kantor")));
    assert!(appeal.text == "Data saya benar." && appeal.granted.is_none());
    assert_eq!(app.submit_appeal("Lagi".into()).await.unwrap_err().code, ErrorCode::StepRefused, "one is open");
    app.close().await;

    desk.answered("appeal.submit", "applied", None).await;
    let answer = json!({ "text": "Data saya benar.", "received_at": NOW + 1,
        "answer": { "granted": false, "text": "Belum cukup", "at": NOW + 2 } });
    desk.told(&[("appeal", 3, answer)]).await;
    let app = desk.open().await;
    let appeal = app.get_registration().await.unwrap().appeal.unwrap();
    assert_eq!((appeal.granted, appeal.answer.as_deref()), (Some(false), Some("Belum cukup")));
    assert!(matches!(appeal.delivery, Delivery::Received { .. }) && appeal.answered_at == Some(NOW + 2));
    let again = app.submit_appeal("Ini buktinya.".into()).await;
    assert_eq!(again.unwrap_err().code, ErrorCode::StepRefused, "the decision is final");
    app.close().await;

    // Whoever is blocked anew may object anew.
    let mut anew = blocked();
    anew["blocked"]["at"] = json!(NOW + 3);
    desk.told(&[("registration", 0xA11CE, anew)]).await;
    let app = desk.open().await;
    assert_eq!(app.get_registration().await.unwrap().appeal, None);
    let view = app.submit_appeal("Ini pun keliru.".into()).await.unwrap();
    assert!(view.appeal.is_some_and(|appeal| appeal.open && appeal.text == "Ini pun keliru."));
    app.close().await;
}

#[tokio::test]
async fn the_answer_is_read_also_after_the_block() {
    let answered = |at: i64, granted: bool, text: &str| {
        json!({ "text": "Data saya benar.", "received_at": at,
            "answer": { "granted": granted, "text": text, "at": at + 1 } })
    };
    let open = json!({ "text": "Data saya benar.", "received_at": NOW + 9 });
    let (free, blocked) = (record(complete()), blocked());
    let cases = [
        ("granted, the block is lifted", &free, vec![answered(NOW, true, "Maaf.")], Some((Some(true), Some("Maaf.")))),
        ("lifted without words", &free, vec![answered(NOW, true, "")], Some((Some(true), None))),
        (
            "the newest",
            &free,
            vec![answered(NOW, false, "Belum."), answered(NOW + 5, true, "Maaf.")],
            Some((Some(true), Some("Maaf."))),
        ),
        ("nothing is answered", &free, vec![open.clone()], None),
        ("of an earlier block", &blocked, vec![answered(NOW - 5, true, "Maaf.")], None),
        ("open, of this block", &blocked, vec![answered(NOW - 5, true, "Maaf."), open], Some((None, None))),
        (
            "denied, the block stays",
            &blocked,
            vec![answered(NOW, false, "Tetap.")],
            Some((Some(false), Some("Tetap."))),
        ),
        // A restored central took the block anew, and the appeal with its receipt.
        (
            "received before, decided since",
            &blocked,
            vec![answered(NOW - 1, false, "Tetap.")],
            Some((Some(false), Some("Tetap."))),
        ),
    ];
    for (name, told, appeals, expected) in cases {
        let desk = Desk::new().await;
        desk.told(&[("registration", 0xA11CE, told.clone())]).await;
        for (nth, appeal) in (10..).zip(appeals) {
            desk.told(&[("appeal", nth, appeal)]).await;
        }
        let app = desk.open().await;
        let appeal = app.get_registration().await.unwrap().appeal;
        let said = appeal.as_ref().map(|appeal| (appeal.granted, appeal.answer.as_deref()));
        assert_eq!(said, expected, "{name}");
        app.close().await;
    }
}

#[tokio::test]
async fn an_appeal_that_central_refused_leaves_room_for_another() {
    let record = |received_at: i64, answer: Value| json!({ "text": "Dari rumah.", "received_at": received_at, "answer": answer });
    let no = |at: i64| json!({ "granted": false, "text": "Belum.", "at": at });
    let open = Value::Null;
    // Refused at NOW. The text that is shown, whether it is open, and whether it was answered.
    let refused = Some(("Data saya benar.", false, None));
    let denied = Some(("Dari rumah.", false, Some(false)));
    let cases = [
        ("nothing else is known", -9, None, refused),
        ("blocked anew since", 5, None, None),
        ("another computer's is open", -9, Some(record(NOW - 5, open.clone())), Some(("Dari rumah.", true, None))),
        ("another computer's came later", -9, Some(record(NOW + 5, open)), Some(("Dari rumah.", true, None))),
        ("the office denied since", -9, Some(record(NOW - 5, no(NOW + 5))), denied),
        ("the office had denied another computer's", -9, Some(record(NOW - 5, no(NOW - 2))), denied),
        ("of an earlier block", -9, Some(record(NOW - 15, no(NOW - 12))), refused),
    ];
    for (name, blocked_at, other, expected) in cases {
        let desk = Desk::new().await;
        let mut told = blocked();
        told["blocked"]["at"] = json!(NOW - 9);
        desk.told(&[("registration", 0xA11CE, told.clone())]).await;
        let app = desk.open().await;
        app.submit_appeal("Data saya benar.".into()).await.unwrap();
        app.close().await;
        let why = json!({ "code": "step-refused", "status": 409, "title": "x" });
        desk.answered("appeal.submit", "rejected", Some(why)).await;
        told["blocked"]["at"] = json!(NOW + blocked_at);
        desk.told(&[("registration", 0xA11CE, told)]).await;
        if let Some(other) = other {
            desk.told(&[("appeal", 10, other)]).await;
        }
        let app = desk.open().await;
        let appeal = app.get_registration().await.unwrap().appeal;
        let said = appeal.as_ref().map(|appeal| (appeal.text.as_str(), appeal.open, appeal.granted));
        assert_eq!(said, expected, "{name}");
        let is_closed = expected.is_some_and(|(_, open, granted)| open || granted == Some(false));
        let again = app.submit_appeal("Lagi".into()).await;
        assert_eq!(again.map_err(|error| error.code).err(), is_closed.then_some(ErrorCode::StepRefused), "{name}");
        app.close().await;
    }
}

#[tokio::test]
async fn a_denial_is_told_before_what_still_waits_here() {
    let desk = Desk::new().await;
    desk.told(&[("registration", 0xA11CE, blocked())]).await;
    let app = desk.open().await;
    app.submit_appeal("Data saya benar.".into()).await.unwrap();
    app.close().await;
    // Another computer's was quicker.
    let denied = json!({ "text": "Dari rumah.", "received_at": NOW + 1,
        "answer": { "granted": false, "text": "Tetap.", "at": NOW + 2 } });
    desk.told(&[("appeal", 10, denied)]).await;
    let app = desk.open().await;
    let appeal = app.get_registration().await.unwrap().appeal.unwrap();
    assert_eq!((appeal.text.as_str(), appeal.open, appeal.granted), ("Dari rumah.", false, Some(false)));
    assert_eq!(app.submit_appeal("Lagi".into()).await.unwrap_err().code, ErrorCode::StepRefused);
    app.close().await;
}

#[tokio::test]
async fn an_appeal_that_waits_for_the_person_is_open_all_the_same() {
    let stub = Stub::start().await;
    let desk = Desk::at(stub.url.clone()).await;
    desk.told(&[("registration", 0xA11CE, blocked())]).await;
    stub.says(
        "POST /v1/sync/push",
        vec![Say::Problem(426, json!({ "code": "client-too-old", "status": 426, "title": "x" }))],
    );
    let app = desk.open().await;
    app.submit_appeal("Satu.\u{b}Dua.".into()).await.unwrap();
    let appeal = until("the app is too old", || async {
        let appeal = app.get_registration().await.unwrap().appeal.unwrap();
        matches!(appeal.delivery, Delivery::NeedsYou { why: Attention::UpdateApp, .. }).then_some(appeal)
    })
    .await;
    assert_eq!((appeal.text.as_str(), appeal.open), ("Satu.\nDua.", true));
    assert_eq!(app.submit_appeal("Lagi".into()).await.unwrap_err().code, ErrorCode::StepRefused);
    app.close().await;
}

#[tokio::test]
async fn a_mismatch_is_mended_where_it_is_told_and_matched() {
    let central = Central::start().await.unwrap();
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, central.base_url()).await;
    sign_up(&process, &central, "rina.m@contoh.id").await;
    for (field, value) in WHOLE {
        // The sandbox's registry knows another name and family card for a number that ends in 6.
        let value = if field == ProfileField::Nik { "7171014102030006" } else { value };
        save(&process, field, value.to_owned()).await;
    }
    process.ask(|app| async move { app.submit_identity(ticked()).await }).await.unwrap();
    let reaches = async |wanted: RegistrationState| {
        until("the registry has answered", || async {
            (state(&process).await.registration == Some(wanted)).then_some(())
        })
        .await;
        process.ask(|app| async move { app.get_registration().await }).await.unwrap()
    };
    let identity = reaches(RegistrationState::NikMismatch).await.identity.unwrap();
    assert_eq!(identity.differs, [ProfileField::FullName, ProfileField::KkNumber]);
    let tries = identity.tries_left;
    save(&process, ProfileField::Nik, "7171014102030001".to_owned()).await;
    process.ask(|app| async move { app.submit_identity(ticked()).await }).await.unwrap();
    let view = reaches(RegistrationState::ProfileCompleted).await;
    assert_eq!(view.identity.unwrap().tries_left + 1, tries, "one try, about the number that was typed");
    process.quit().await;
}

#[tokio::test]
async fn the_registry_matches_and_the_inbox_says_so() {
    let central = Central::start().await.unwrap();
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, central.base_url()).await;
    sign_up(&process, &central, "rina.m@contoh.id").await;
    for (field, value) in WHOLE {
        // The sandbox's registry knows a number that ends in 1.
        let value = if field == ProfileField::Nik { "7171014102030001" } else { value };
        save(&process, field, value.to_owned()).await;
    }
    process.ask(|app| async move { app.submit_profile().await }).await.unwrap();
    process.ask(|app| async move { app.submit_identity(ticked()).await }).await.unwrap();
    until("the registry has answered", || async {
        let state = state(&process).await.registration;
        (state == Some(RegistrationState::ProfileCompleted)).then_some(())
    })
    .await;
    let view = process.ask(|app| async move { app.get_registration().await }).await.unwrap();
    assert!(view.case_number.is_some() && view.heard_at.is_some());
    assert_eq!(step(&view, Step::SubmitIdentity), (Some(StepRefusal::Done), None));
    assert_eq!(step(&view, Step::AttachPhoto).0, None, "the photo is next");
    let notices = process.ask(|app| async move { app.list_notices().await }).await.unwrap();
    assert!(notices.iter().any(|notice| notice.what == NoticeKind::IdentityMatched && notice.unread));
    let ids: Vec<Uuid> = notices.iter().map(|notice| notice.id).collect();
    assert_eq!(state(&process).await.unread_notices as usize, ids.len());
    process.ask(|app| async move { app.read_notices().await }).await.unwrap();
    assert_eq!(state(&process).await.unread_notices, 0);
    // Central asks for the photo first: the test cannot be begun, and nothing is claimed.
    let early = process.ask(|app| async move { app.start_test().await }).await.unwrap_err();
    assert_eq!(early.code, ErrorCode::StepRefused);
    process.quit().await;
}
