//! Bad photos: what the app refuses, central refuses too when a changed app seals and sends it all the same; what the app
//! only warns of, central takes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at the first surprise")]

mod support;

use prakerja_app::Uuid;
use prakerja_app::error::Answer;
use prakerja_app::ipc::ErrorCode;
use prakerja_app::ipc::photo::{PhotoView, SentPhotoState};
use prakerja_domain::field::FieldErrorCode;
use prakerja_domain::registration::DocumentRefusal;
use prakerja_photo::specimen::{Specimen, SpecimenFault, card};
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::registration::{DocumentAttach, DocumentKind};
use prakerja_protocol::sealed::{Place, seal};
use prakerja_protocol::upload::MAX_BYTES;
use prakerja_store::{NewCommand, NewUpload, OutboxRow, kind};
use prakerja_testkit::central::Central;
use support::person::sign_up;
use support::process::Process;
use support::queue::store;
use support::wait::until;
use support::{FakeKeyring, Mood};

const RINA: &str = "rina.m@contoh.id";

/// What nobody may send: why the app refuses it, and what central says of it.
fn refused() -> Vec<(&'static str, Vec<u8>, FieldErrorCode, DocumentRefusal)> {
    let whole = card(SpecimenFault::None, 1);
    let small = Specimen { width: 400, ..Specimen::new(SpecimenFault::None, 1) }.jpeg();
    let heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic".to_vec();
    vec![
        ("an empty file", Vec::new(), FieldErrorCode::Required, DocumentRefusal::Format),
        ("a PDF", b"%PDF-1.7".to_vec(), FieldErrorCode::FileType, DocumentRefusal::Format),
        ("a GIF", b"GIF89a".to_vec(), FieldErrorCode::FileType, DocumentRefusal::Format),
        ("HEIC, as some phones keep it", heic, FieldErrorCode::HeicFile, DocumentRefusal::Format),
        ("cut short", whole[..whole.len() / 2].to_vec(), FieldErrorCode::FileDamaged, DocumentRefusal::Format),
        ("too small to read", small, FieldErrorCode::NotLegible, DocumentRefusal::Blurred),
    ]
}

async fn by_the_app(process: &Process, photo: Vec<u8>) -> Answer<PhotoView> {
    process.ask(|app| async move { app.examine_photo(photo).await }).await?;
    process.ask(|app| async move { app.send_photo().await }).await
}

/// Seals a photo that the app did not make and puts it on its way. The app is closed.
async fn smuggle(folder: &std::path::Path, keyring: &FakeKeyring, central: &Central, photo: &[u8]) -> Uuid {
    let key = central.state().unwrap().secrets.documents[0].public();
    let (document, upload) = (Uuid::now_v7(), Uuid::now_v7());
    let sealed = seal(&key, Place { document, kind: DocumentKind::KtpPhoto }, photo).unwrap();
    let store = store(folder, keyring).await;
    let account = store.current_account().await.unwrap().unwrap().id;
    let file = store.keep_sealed(sealed).await.unwrap();
    let attach = DocumentAttach {
        document,
        upload,
        kind: DocumentKind::KtpPhoto,
        sha256: file.sha256.clone(),
        bytes: file.bytes,
        key: key.id.clone(),
    };
    let command = NewCommand {
        id: Uuid::now_v7(),
        lane: "doc:ktp_photo".into(),
        kind: kind::DOCUMENT_ATTACH.into(),
        v: 1,
        base_rev: None,
        depends_on: Vec::new(),
        payload: serde_json::to_value(&attach).unwrap(),
        clock: serde_json::json!({ "queued_wall_ms": 1 }),
        label: None,
        created_at: 1,
    };
    let upload = NewUpload { id: upload, document, kind: DocumentKind::KtpPhoto.as_str().into(), file };
    store.enqueue_upload(account, &command, &upload).await.unwrap();
    store.close().await;
    document
}

/// Why central refused commands, and nobody has taken note. The app is closed.
async fn refusals(folder: &std::path::Path, keyring: &FakeKeyring) -> Vec<ProblemCode> {
    let store = store(folder, keyring).await;
    let account = store.current_account().await.unwrap().unwrap().id;
    let rows = store.refusals(account).await.unwrap();
    store.close().await;
    let code = |row: OutboxRow| serde_json::from_value::<Problem>(row.last_problem.unwrap()).unwrap().code;
    rows.into_iter().map(code).collect()
}

/// How the app shows a document once there is nothing more to wait for.
async fn answered(process: &Process, document: Uuid) -> (SentPhotoState, Option<DocumentRefusal>) {
    let settled = [SentPhotoState::Accepted, SentPhotoState::Rejected, SentPhotoState::AttachAgain];
    until("central's answer to the photo", || async {
        let view = process.ask(|app| async move { app.get_photo().await }).await.unwrap();
        let sent = view.sent.filter(|sent| sent.document == document && settled.contains(&sent.state))?;
        Some((sent.state, sent.refusal))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_app_refuses_central_refuses() {
    let central = Central::start().await.unwrap();
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let mut process = Process::start(folder.path(), &keyring, central.base_url()).await;
    sign_up(&process, &central, RINA).await;
    for (name, photo, code, refusal) in refused() {
        let error = by_the_app(&process, photo.clone()).await.unwrap_err();
        let why = error.fields.first().map(|field| (field.field.as_str(), field.code));
        assert_eq!((error.code, why), (ErrorCode::PhotoUnusable, Some(("photo", code))), "{name}");
        process.quit().await;
        let document = smuggle(folder.path(), &keyring, &central, &photo).await;
        process = Process::start(folder.path(), &keyring, central.base_url()).await;
        let said = answered(&process, document).await;
        assert_eq!(said, (SentPhotoState::Rejected, Some(refusal)), "{name}");
    }

    // More bytes than any photo has: refused before they travel.
    let endless = vec![0; usize::try_from(MAX_BYTES).unwrap() + 1];
    process.quit().await;
    smuggle(folder.path(), &keyring, &central, &endless).await;
    process = Process::start(folder.path(), &keyring, central.base_url()).await;
    until("the announcement is answered", || async {
        let state = process.ask(|app| async move { app.get_state().await }).await.unwrap();
        (state.sync.waiting == 0).then_some(())
    })
    .await;
    process.quit().await;
    assert_eq!(refusals(folder.path(), &keyring).await, [ProblemCode::TooLarge]);

    // Nothing of it is in the way of a good one.
    process = Process::start(folder.path(), &keyring, central.base_url()).await;
    let view = by_the_app(&process, card(SpecimenFault::None, 2)).await.unwrap();
    assert_eq!(answered(&process, view.sent.unwrap().document).await, (SentPhotoState::Accepted, None));
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_app_lets_go_central_takes() {
    for fault in SpecimenFault::ALL {
        let central = Central::start().await.unwrap();
        let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
        let process = Process::start(folder.path(), &keyring, central.base_url()).await;
        sign_up(&process, &central, RINA).await;
        let photo = card(fault, 1);
        match by_the_app(&process, photo.clone()).await {
            Ok(view) => {
                let said = answered(&process, view.sent.unwrap().document).await;
                assert_eq!(said, (SentPhotoState::Accepted, None), "{fault:?}");
                process.quit().await;
            }
            Err(error) => {
                assert_eq!(error.code, ErrorCode::PhotoUnusable, "{fault:?}");
                process.quit().await;
                let document = smuggle(folder.path(), &keyring, &central, &photo).await;
                let process = Process::start(folder.path(), &keyring, central.base_url()).await;
                assert_eq!(answered(&process, document).await.0, SentPhotoState::Rejected, "{fault:?}");
                process.quit().await;
            }
        }
    }
}
