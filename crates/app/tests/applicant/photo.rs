//! A photo that did not arrive is still here: nobody takes it again because of something that went wrong on the way.

use prakerja_app::ipc::photo::SentPhotoState;
use prakerja_app::ipc::{Attention, Delivery};
use prakerja_app::{App, Uuid};
use prakerja_domain::registration::{DocumentState, Facts, Step};
use prakerja_domain::scheme::Scheme;
use prakerja_photo::specimen::{SpecimenFault, card};
use prakerja_protocol::catalogue::Programme;
use prakerja_protocol::registration::SealingKey;
use prakerja_protocol::sealed::OpeningKey;
use prakerja_store::{CatalogueUpdate, kind};
use serde_json::{Value, json};

use super::desk::{Desk, NOW, PERSON};

/// A registration that wants a photo, and central's key.
async fn desk(key: &SealingKey) -> Desk {
    let desk = Desk::new().await;
    desk.registered(Facts::default()).await;
    programme(&desk, 1, key).await;
    desk
}

async fn programme(desk: &Desk, version: i64, key: &SealingKey) {
    let schemes = Scheme::shipped().unwrap();
    let programme = Programme { scheme: schemes[0].version.clone(), schemes, sealing_key: Some(key.clone()) };
    let update = CatalogueUpdate {
        version,
        waves: json!([]),
        programme: Some(serde_json::to_value(programme).unwrap()),
        ..CatalogueUpdate::default()
    };
    desk.with(async |store| store.apply_catalogue(&update, NOW).await.unwrap()).await;
}

async fn told(desk: &Desk, document: Uuid, more: Value) {
    let mut record = json!({ "kind": "ktp_photo", "state": "awaited", "source": "desktop", "at": NOW });
    record.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    desk.told(&[("document", document.as_u128(), record)]).await;
}

/// Chooses a photo and sends it. Gives its document.
async fn send(app: &App) -> Uuid {
    app.examine_photo(card(SpecimenFault::None, 1)).await.unwrap();
    let view = app.send_photo().await.unwrap();
    assert!(view.draft.is_none(), "it is on its way");
    view.sent.unwrap().document
}

async fn trouble(app: &App) -> Option<Attention> {
    let view = app.get_registration().await.unwrap();
    let delivery = view.steps.into_iter().find(|row| row.step == Step::AttachPhoto).unwrap().delivery;
    match delivery {
        Some(Delivery::NeedsYou { why, .. }) => Some(why),
        _ => None,
    }
}

/// Ids of the keys to which what waits is sealed.
async fn keys(desk: &Desk) -> Vec<String> {
    let waiting = desk.with(async |store| store.waiting(PERSON).await.unwrap()).await;
    let attach = waiting.iter().filter(|row| row.kind == kind::DOCUMENT_ATTACH);
    attach.map(|row| row.payload["key"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_photo_that_central_did_not_take_is_sent_again_as_it_is() {
    let desk = desk(&OpeningKey::generate().public()).await;
    let app = desk.open().await;
    let first = send(&app).await;
    assert_eq!(app.send_photo().await.unwrap().sent.unwrap().document, first, "a second click sends nothing");
    app.close().await;
    let problem = json!({ "code": "rate-limited", "status": 429, "title": "x", "retry_after_ms": 60_000 });
    desk.answered(kind::DOCUMENT_ATTACH, "rejected", Some(problem)).await;
    desk.with(async |store| store.settle_uploads(PERSON).await.unwrap()).await;

    let app = desk.open().await;
    let view = app.get_photo().await.unwrap();
    assert_eq!(view.sent, None);
    assert!(view.draft.is_some_and(|draft| draft.in_vain && draft.sendable));
    assert_eq!(trouble(&app).await, Some(Attention::TryLater));
    let view = app.send_photo().await.unwrap();
    let sent = view.sent.unwrap();
    assert!(view.draft.is_none() && sent.document != first && sent.state == SentPhotoState::Waiting);
    assert_eq!(trouble(&app).await, None);
    assert_eq!(app.get_sync().await.unwrap().waiting.len(), 1, "the refusal needs nobody any more");
    app.close().await;
    // Central has it: it is not kept any longer.
    told(&desk, sent.document, json!({ "state": "received" })).await;
    desk.with(async |store| {
        store.settle_uploads(PERSON).await.unwrap();
        assert!(store.photo_draft(PERSON).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_photo_whose_sealed_bytes_are_gone_is_sent_again_as_it_is() {
    let desk = desk(&OpeningKey::generate().public()).await;
    let app = desk.open().await;
    let first = send(&app).await;
    app.close().await;
    desk.with(async |store| {
        let upload = store.uploads(PERSON).await.unwrap().remove(0);
        store.park_upload(PERSON, upload.id, "file-changed").await.unwrap();
    })
    .await;
    let app = desk.open().await;
    let view = app.get_photo().await.unwrap();
    assert!(view.draft.is_some_and(|draft| draft.in_vain));
    assert_eq!(view.sent.unwrap().state, SentPhotoState::AttachAgain);
    let sent = app.send_photo().await.unwrap().sent.unwrap();
    assert!(sent.document != first && sent.state == SentPhotoState::Waiting);
    app.close().await;
}

#[tokio::test]
async fn a_photo_is_sealed_to_centrals_new_key_by_itself() {
    let (old, new) = (OpeningKey::generate().public(), OpeningKey::generate().public());
    let desk = desk(&old).await;
    let app = desk.open().await;
    let first = send(&app).await;
    app.close().await;
    assert_eq!(keys(&desk).await, std::slice::from_ref(&old.id));
    desk.answered(kind::DOCUMENT_ATTACH, "applied", None).await;
    told(&desk, first, json!({ "state": "rejected", "refusal": "key_gone" })).await;
    desk.with(async |store| store.settle_uploads(PERSON).await.unwrap()).await;

    let app = desk.open().await;
    app.look_at_the_clock().await.unwrap();
    let view = app.get_photo().await.unwrap();
    let sent = view.sent.unwrap();
    assert!(view.draft.is_none(), "nothing is asked of the person");
    assert_eq!((sent.document, sent.state, sent.refusal), (first, SentPhotoState::Waiting, None), "for the new key");
    app.close().await;
    assert!(keys(&desk).await.is_empty());

    programme(&desk, 2, &new).await;
    let app = desk.open().await;
    app.look_at_the_clock().await.unwrap();
    app.look_at_the_clock().await.unwrap();
    let sent = app.get_photo().await.unwrap().sent.unwrap();
    assert!(sent.document != first && sent.state == SentPhotoState::Waiting);
    app.close().await;
    assert_eq!(keys(&desk).await, [new.id], "once, to the key that central has");
}

#[tokio::test]
async fn a_photo_that_is_taken_back_before_it_left_is_still_here() {
    let desk = desk(&OpeningKey::generate().public()).await;
    let app = desk.open().await;
    send(&app).await;
    let command = app.get_sync().await.unwrap().waiting[0].command;
    app.cancel_command(command).await.unwrap();
    let view = app.get_photo().await.unwrap();
    assert!(view.sent.is_none() && view.draft.is_some_and(|draft| draft.in_vain));
    app.close().await;
    desk.with(async |store| assert!(store.uploads(PERSON).await.unwrap().is_empty())).await;
}

#[tokio::test]
async fn a_photo_that_another_computer_announced_stands_in_nobodys_way() {
    let desk = desk(&OpeningKey::generate().public()).await;
    desk.registered(Facts { ktp_photo: Some(DocumentState::Awaited), ..Facts::default() }).await;
    let elsewhere = Uuid::now_v7();
    told(&desk, elsewhere, json!({})).await;
    let app = desk.open().await;
    let sent = app.get_photo().await.unwrap().sent.unwrap();
    assert_eq!((sent.document, sent.state), (elsewhere, SentPhotoState::AwaitedElsewhere));
    let here = send(&app).await;
    let sent = app.get_photo().await.unwrap().sent.unwrap();
    assert_eq!((sent.document, sent.state), (here, SentPhotoState::Waiting), "the one from here goes");
    app.close().await;
}
