//! Personal data after central or the registry had its say: nothing that was typed is lost, nothing old comes back, and what
//! may not change any more says so before it is sent.

use prakerja_app::ipc::{Attention, Delivery, ErrorCode, ProfileView};
use prakerja_app::{App, ProfileField};
use prakerja_domain::eligibility::Reason;
use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::registration::{Facts, IdentityMatch};
use prakerja_store::kind;
use serde_json::{Value, json};

use super::desk::{Desk, NOW, PERSON, complete, profile, record, ticked};

/// A computer whose person's data is complete at central.
async fn desk(facts: Facts) -> Desk {
    let desk = Desk::new().await;
    desk.told(&[("profile", 1, profile())]).await;
    desk.registered(facts).await;
    desk
}

async fn types(app: &App, fields: &[(ProfileField, &str)]) {
    for (field, value) in fields {
        app.save_profile_field(*field, (*value).to_owned()).await.unwrap();
    }
}

async fn confirms(app: &App, fields: &[(ProfileField, &str)]) -> ProfileView {
    types(app, fields).await;
    app.submit_profile().await.unwrap()
}

fn refused(field: &str, code: &str) -> Option<Value> {
    let fields = json!([{ "field": field, "code": code, "params": {} }]);
    Some(json!({ "code": "validation", "status": 422, "title": "x", "fields": fields }))
}

/// Field and code of everything that is wrong.
fn named(errors: &[FieldError]) -> Vec<(&str, FieldErrorCode)> {
    errors.iter().map(|error| (error.field.as_str(), error.code)).collect()
}

#[tokio::test]
async fn what_central_refused_stays_in_the_form_and_is_named() {
    let desk = desk(Facts::default()).await;
    let app = desk.open().await;
    let typed = [(ProfileField::Phone, "081299990000"), (ProfileField::KtpAddress, "Jl. Mawar No. 7")];
    confirms(&app, &typed).await;
    app.close().await;
    desk.answered(kind::PROFILE_PATCH, "rejected", refused("phone", "invalid_phone")).await;

    let app = desk.open().await;
    let view = app.get_profile().await.unwrap();
    assert!(matches!(view.delivery, Some(Delivery::NeedsYou { why: Attention::Validation, .. })), "{view:?}");
    assert_eq!(view.values[&ProfileField::Phone], "+6281299990000");
    assert_eq!(view.values[&ProfileField::KtpAddress], "Jl. Mawar No. 7", "also what was not wrong");
    assert!(view.has_changes, "it is not at central");
    assert_eq!(named(&view.refused), [("phone", FieldErrorCode::InvalidPhone)]);

    // Corrected and sent again, with what was right all the time; the refusal is settled.
    types(&app, &[(ProfileField::Phone, "081299990001")]).await;
    assert_eq!(app.get_profile().await.unwrap().refused, [], "something else stands there");
    let view = app.submit_profile().await.unwrap();
    assert!(!view.has_changes && view.refused.is_empty());
    let waiting = app.get_sync().await.unwrap().waiting;
    assert_eq!(waiting.len(), 1, "the old refusal asks for nothing more: {waiting:?}");
    app.close().await;
    let waiting = desk.with(async |store| store.waiting(PERSON).await.unwrap()).await;
    assert_eq!(
        waiting[0].payload,
        json!({ "fields": { "phone": "+6281299990001", "ktp_address": "Jl. Mawar No. 7" } })
    );
}

#[tokio::test]
async fn what_is_sent_again_as_it_was_refused_is_sent() {
    let desk = desk(Facts::default()).await;
    let app = desk.open().await;
    confirms(&app, &[(ProfileField::KtpAddress, "Jl. Mawar No. 7")]).await;
    app.close().await;
    desk.answered(kind::PROFILE_PATCH, "rejected", refused("ktp_address", "too_short")).await;
    let app = desk.open().await;
    let view = app.submit_profile().await.unwrap();
    assert!(matches!(view.delivery, Some(Delivery::Saved { .. } | Delivery::Waiting { .. })), "{view:?}");
    assert_eq!(app.get_sync().await.unwrap().waiting.len(), 1);
    app.close().await;
}

#[tokio::test]
async fn taking_note_of_an_old_refusal_brings_nothing_old_back() {
    let desk = desk(Facts::default()).await;
    let app = desk.open().await;
    confirms(&app, &[(ProfileField::Phone, "081299990000"), (ProfileField::KtpAddress, "Jl. Mawar No. 7")]).await;
    app.close().await;
    let first = desk.with(async |store| store.waiting(PERSON).await.unwrap().remove(0).id).await;
    desk.answered(kind::PROFILE_PATCH, "rejected", refused("ktp_address", "too_short")).await;
    // The number alone is confirmed anew, as the step of the code does: the refusal stays open for the address.
    let later = json!({ "fields": { "phone": "+6281299990001" } });
    desk.with(async |store| {
        let command = prakerja_store::NewCommand {
            id: prakerja_app::Uuid::now_v7(),
            lane: "profile".into(),
            kind: kind::PROFILE_PATCH.into(),
            v: 1,
            base_rev: None,
            depends_on: Vec::new(),
            payload: later,
            clock: json!({ "queued_wall_ms": NOW }),
            label: None,
            created_at: NOW,
        };
        store.enqueue(PERSON, &command, &prakerja_store::DraftChange::none()).await.unwrap();
    })
    .await;
    let app = desk.open().await;
    app.cancel_command(first).await.unwrap();
    let view = app.get_profile().await.unwrap();
    assert_eq!(view.values[&ProfileField::Phone], "+6281299990001", "the newer one");
    assert_eq!(view.values[&ProfileField::KtpAddress], "Jl. Mawar No. 7", "nobody said anything newer");
    app.close().await;
}

#[tokio::test]
async fn what_is_being_taken_back_can_be_confirmed_again() {
    let desk = desk(Facts::default()).await;
    let app = desk.open().await;
    confirms(&app, &[(ProfileField::KtpAddress, "Jl. Mawar No. 7")]).await;
    app.close().await;
    let sent = desk
        .with(async |store| {
            let sent = store.waiting(PERSON).await.unwrap().remove(0).id;
            store.mark_sending(PERSON, &[sent], NOW).await.unwrap();
            store.put_back(PERSON, &[sent], "network", None, NOW, true).await.unwrap();
            sent
        })
        .await;
    let app = desk.open().await;
    app.cancel_command(sent).await.unwrap();
    let view = app.get_profile().await.unwrap();
    assert!(view.has_changes, "it is a draft again");
    app.submit_profile().await.unwrap();
    app.close().await;
    let waiting = desk.with(async |store| store.waiting(PERSON).await.unwrap()).await;
    let kinds: Vec<_> = waiting.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(kinds, [kind::PROFILE_PATCH, kind::VOID, kind::PROFILE_PATCH], "the void does not take it along");
    assert_eq!(waiting[2].payload, json!({ "fields": { "ktp_address": "Jl. Mawar No. 7" } }));
}

#[tokio::test]
async fn what_was_matched_may_not_change_and_says_so_here() {
    for identity in [IdentityMatch::Pending, IdentityMatch::Matched] {
        let desk = desk(Facts { identity: Some(identity), ..Facts::default() }).await;
        let app = desk.open().await;
        let view = app.get_profile().await.unwrap();
        assert_eq!(view.frozen.len(), 5, "{identity:?}");
        assert_eq!(view.frozen[&ProfileField::Nik], "2171014102030001");
        types(&app, &[(ProfileField::Nik, "2171 0141 0203 0002"), (ProfileField::KtpAddress, "Jl. Mawar No. 7")]).await;
        let frozen = [("nik", FieldErrorCode::Frozen)];
        let check = app.check_profile_fields(vec![ProfileField::Nik, ProfileField::KtpAddress]).await.unwrap();
        assert_eq!(named(&check.errors), frozen);
        let error = app.submit_profile().await.unwrap_err();
        assert_eq!((error.code, named(&error.fields)), (ErrorCode::Validation, frozen.to_vec()));
        // As it was matched, however it is written.
        types(&app, &[(ProfileField::Nik, "2171 0141 0203 0001")]).await;
        app.submit_profile().await.unwrap();
        app.close().await;
    }
    let desk = desk(Facts { identity: Some(IdentityMatch::Mismatch), ..Facts::default() }).await;
    let app = desk.open().await;
    assert!(app.get_profile().await.unwrap().frozen.is_empty(), "that is to be corrected");
    app.close().await;
}

#[tokio::test]
async fn a_correction_goes_in_front_of_the_question_that_waits() {
    let desk = desk(Facts::default()).await;
    // Behind other windows nothing is tried for a while: what is not sent stays not sent.
    let app = desk.open_unseen().await;
    app.submit_identity(ticked()).await.unwrap();
    confirms(&app, &[(ProfileField::KtpAddress, "Jl. Mawar No. 7")]).await;
    confirms(&app, &[(ProfileField::Nik, "2171014102030002")]).await;
    app.close().await;
    let waiting = desk.with(async |store| store.waiting(PERSON).await.unwrap()).await;
    let kinds: Vec<_> = waiting.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(kinds, [kind::PROFILE_PATCH, kind::IDENTITY_SUBMIT], "asked once, about what is right");
    assert_eq!(
        waiting[0].payload,
        json!({ "fields": { "ktp_address": "Jl. Mawar No. 7", "nik": "2171014102030002" } })
    );
    assert_eq!(waiting[1].depends_on, [waiting[0].id]);

    // One that may have reached central is taken back there; what central does in the meantime, it does not burn a try.
    let question = waiting[1].id;
    desk.with(async |store| {
        store.record_results(PERSON, &[applied(waiting[0].id)], NOW).await.unwrap();
        store.mark_sending(PERSON, &[question], NOW).await.unwrap();
        store.put_back(PERSON, &[question], "network", None, NOW, true).await.unwrap();
    })
    .await;
    let app = desk.open_unseen().await;
    confirms(&app, &[(ProfileField::Nik, "2171014102030003")]).await;
    app.close().await;
    let waiting = desk.with(async |store| store.waiting(PERSON).await.unwrap()).await;
    let kinds: Vec<_> = waiting.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(kinds, [kind::IDENTITY_SUBMIT, kind::VOID, kind::PROFILE_PATCH, kind::IDENTITY_SUBMIT]);
    assert_eq!(waiting[3].depends_on, [waiting[2].id]);
}

fn applied(command: prakerja_app::Uuid) -> prakerja_store::CommandOutcome {
    prakerja_store::CommandOutcome {
        command,
        status: "applied".into(),
        problem: None,
        current: None,
        rev: Some(2),
        seq: Some(50),
        received_at: Some(NOW),
        receipt: None,
        number: None,
    }
}

#[tokio::test]
async fn the_rules_are_those_under_which_the_person_began() {
    // Without an upper age in 2020, with one in 2023.
    for (scheme, expected) in [("2020", vec![]), ("2023", vec![("birth_date", FieldErrorCode::TooOld)])] {
        let desk = Desk::new().await;
        let mut told = record(Facts::default());
        told["scheme"] = scheme.into();
        desk.told(&[("profile", 1, profile()), ("registration", 0xA11CE, told)]).await;
        let app = desk.open().await;
        types(&app, &[(ProfileField::BirthDate, "1930-02-01")]).await;
        let check = app.check_profile_fields(vec![ProfileField::BirthDate]).await.unwrap();
        assert_eq!(named(&check.errors), expected, "{scheme}");
        assert_eq!(app.get_choices().await.unwrap().max_age.is_some(), scheme == "2023");
        app.close().await;
    }
}

#[tokio::test]
async fn a_status_that_excludes_is_told_before_anything_is_sent() {
    let desk = desk(Facts { identity: Some(IdentityMatch::Matched), declarations: None, ..complete() }).await;
    let app = desk.open().await;
    let choices = app.get_choices().await.unwrap();
    assert_eq!(choices.excluding_statuses, [("student".to_owned(), Reason::NotTargetGroup)].into());
    assert_eq!(app.get_declarations().await.unwrap().would_exclude, []);
    types(&app, &[(ProfileField::EmploymentStatus, "student")]).await;
    assert_eq!(app.get_declarations().await.unwrap().would_exclude, [Reason::NotTargetGroup]);
    app.close().await;
}
