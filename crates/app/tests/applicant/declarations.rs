//! Declarations and consents: one by one, kept, sent as one command.

use prakerja_app::App;
use prakerja_app::ipc::{CommandWhat, Delivery, ErrorCode};
use prakerja_domain::eligibility::Reason;
use prakerja_domain::field::FieldErrorCode;
use prakerja_domain::registration::{DeclarationsOutcome, Facts, IdentityMatch};
use prakerja_domain::scheme::{SCHEME_2023, Scheme};
use prakerja_protocol::registration::DeclarationsSubmit;
use serde_json::json;

use super::desk::{Desk, PERSON};

/// Answers as somebody whom nothing excludes, agrees to everything and sends it.
async fn declares(app: &App) {
    let sheet = app.get_declarations().await.unwrap();
    for row in &sheet.questions {
        app.save_declaration(&row.id, row.excludes.is_some_and(|(excluded, _)| !excluded)).await.unwrap();
    }
    for row in &sheet.consents {
        app.save_consent(&row.id, true).await.unwrap();
    }
    app.submit_declarations().await.unwrap();
}

#[tokio::test]
async fn they_are_answered_one_by_one_and_sent_as_one_command() {
    let desk = Desk::new().await;
    let app = desk.open().await;
    let sheet = app.get_declarations().await.unwrap();
    assert!(sheet.open && sheet.questions.iter().all(|row| row.answer.is_none()), "nothing is ticked beforehand");
    assert!(sheet.consents.iter().all(|row| !row.given) && !sheet.consents.is_empty());
    assert_eq!(app.save_declaration("nonsense", true).await.unwrap_err().code, ErrorCode::NotFound);

    let missing = app.submit_declarations().await.unwrap_err();
    assert_eq!(missing.fields.len(), sheet.questions.len() + sheet.consents.len());
    let excluding = sheet.questions.iter().find(|row| row.excludes.is_some()).unwrap();
    let (excluded, reason): (bool, Reason) = excluding.excludes.unwrap();
    let shown = app.save_declaration(&excluding.id, excluded).await.unwrap();
    assert_eq!(shown.would_exclude, [reason], "said before it is sent");
    for row in &sheet.questions {
        app.save_declaration(&row.id, row.excludes.is_some_and(|(excluded, _)| !excluded)).await.unwrap();
    }
    for row in &sheet.consents {
        app.save_consent(&row.id, true).await.unwrap();
    }
    app.save_consent(&sheet.consents[0].id, false).await.unwrap();
    let missing = app.submit_declarations().await.unwrap_err();
    assert_eq!((missing.fields.len(), missing.fields[0].code), (1, FieldErrorCode::NotAccepted));
    app.close().await;

    // A restart loses nothing.
    let app = desk.open().await;
    app.save_consent(&sheet.consents[0].id, true).await.unwrap();
    let sent = app.submit_declarations().await.unwrap();
    assert!(!sent.open && sent.would_exclude.is_empty() && sent.delivery.is_some());
    assert!(sent.questions.iter().all(|row| row.answer.is_some()) && sent.consents.iter().all(|row| row.given));
    assert_eq!(app.save_declaration(&excluding.id, excluded).await.unwrap_err().code, ErrorCode::StepRefused);
    app.submit_declarations().await.unwrap();
    let waiting = app.get_sync().await.unwrap().waiting;
    assert_eq!((waiting.len(), &waiting[0].what), (1, &CommandWhat::Declarations), "asked twice, sent once");

    // Taken back, the answers stay.
    app.cancel_command(waiting[0].command).await.unwrap();
    let back = app.get_declarations().await.unwrap();
    assert!(back.open && back.delivery.is_none() && back.questions.iter().all(|row| row.answer.is_some()));
    app.submit_declarations().await.unwrap();
    app.close().await;

    let scheme = Scheme::read(SCHEME_2023).unwrap();
    let payload = desk.with(async |store| store.waiting(PERSON).await.unwrap().remove(0).payload).await;
    let payload: DeclarationsSubmit = serde_json::from_value(payload).unwrap();
    assert_eq!((payload.scheme.as_str(), payload.answers.len()), ("2023", scheme.declarations.len()));
    assert!(payload.answers.iter().all(|answer| answer.answered_at == super::desk::NOW));
}

#[tokio::test]
async fn a_refusal_opens_them_again_and_a_yes_closes_them() {
    let desk = Desk::new().await;
    let app = desk.open().await;
    declares(&app).await;
    app.close().await;
    let problem = json!({ "code": "validation", "status": 422, "title": "x" });
    desk.answered("declarations.submit", "rejected", Some(problem)).await;
    let app = desk.open().await;
    let refused = app.get_declarations().await.unwrap();
    assert!(matches!(refused.delivery, Some(Delivery::NeedsYou { .. })) && refused.open);
    assert!(refused.questions.iter().all(|row| row.answer.is_some()), "nothing that was answered is lost");
    app.close().await;

    let facts = Facts {
        identity: Some(IdentityMatch::Matched),
        declarations: Some(DeclarationsOutcome::Clear),
        ..Facts::default()
    };
    desk.registered(facts).await;
    let app = desk.open().await;
    assert!(!app.get_declarations().await.unwrap().open);
    assert_eq!(app.submit_declarations().await.unwrap_err().code, ErrorCode::StepRefused);
    app.close().await;
}

#[tokio::test]
async fn what_the_office_took_back_is_answered_anew() {
    let desk = Desk::new().await;
    let app = desk.open().await;
    declares(&app).await;
    app.close().await;
    desk.answered("declarations.submit", "applied", None).await;
    let facts = |declarations| Facts { declarations, ..Facts::default() };
    for (declarations, answered) in [(Some(DeclarationsOutcome::Clear), true), (None, false)] {
        desk.registered(facts(declarations)).await;
        let app = desk.open().await;
        let shown = app.get_declarations().await.unwrap();
        assert_eq!((shown.open, shown.delivery.is_some()), (!answered, answered));
        assert!(shown.questions.iter().all(|row| row.answer.is_some() == answered), "{declarations:?}");
        assert!(shown.consents.iter().all(|row| row.given == answered), "{declarations:?}");
        app.close().await;
    }
}
