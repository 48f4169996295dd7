//! The photo of the identity card, from choosing it to the office's answer.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at the first surprise")]

mod support;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use prakerja_app::error::Answer;
use prakerja_app::ipc::photo::{PhotoView, SentPhotoState};
use prakerja_app::ipc::{ErrorCode, SettingsPatch, TrainingQuery};
use prakerja_app::{Disk, ProfileField, ROOM_FOR_A_PHOTO};
use prakerja_domain::field::FieldErrorCode;
use prakerja_photo::specimen::{Specimen, SpecimenFault, card};
use prakerja_photo::{FindingKind, QuarterTurn, Severity};
use prakerja_testkit::central::Central;
use prakerja_testkit::fault_proxy::{FaultKind, FaultProxy, Plan, When};
use support::person::{save, sign_up};
use support::process::Process;
use support::wait::until;
use support::{FakeKeyring, Mood, NOBODY_THERE};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const RINA: &str = "rina.m@contoh.id";

async fn examine(process: &Process, bytes: Vec<u8>) -> Answer<PhotoView> {
    process.ask(|app| async move { app.examine_photo(bytes).await }).await
}

async fn send(process: &Process) -> Answer<PhotoView> {
    process.ask(|app| async move { app.send_photo().await }).await
}

async fn photo(process: &Process) -> PhotoView {
    process.ask(|app| async move { app.get_photo().await }).await.unwrap()
}

/// Code of a refusal, and what is wrong with the photo where that is the reason.
fn refusal(answer: Answer<PhotoView>) -> (ErrorCode, Option<FieldErrorCode>) {
    let error = answer.unwrap_err();
    (error.code, error.fields.first().map(|field| field.code))
}

async fn until_it_is(process: &Process, state: SentPhotoState) -> PhotoView {
    until("the photo's answer", || async {
        Some(photo(process).await).filter(|view| view.sent.as_ref().is_some_and(|sent| sent.state == state))
    })
    .await
}

/// Files of a folder in which a JPEG or its metadata can be read.
fn pictures_in_clear(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(pictures_in_clear(&path));
            continue;
        }
        // The database's own files come and go while it is open.
        let bytes = match std::fs::read(&path) {
            Err(gone) if gone.kind() == std::io::ErrorKind::NotFound => continue,
            read => read.unwrap(),
        };
        // Three bytes meet by chance once in sixteen megabytes: what follows them in a JPEG is looked for too.
        for clear in
            [&b"\xFF\xD8\xFF\xE0\x00\x10"[..], b"\xFF\xD8\xFF\xDB\x00", b"\xFF\xD8\xFF\xE1", b"JFIF\0", b"Exif\0\0"]
        {
            if bytes.windows(clear.len()).any(|window| window == clear) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_is_chosen_judged_turned_and_kept_without_a_network() {
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, NOBODY_THERE.into()).await;
    let empty = photo(&process).await;
    assert_eq!((empty.draft, empty.sent), (None, None));
    assert_eq!(send_error(&process).await, ErrorCode::SignInNeeded);

    let view = examine(&process, card(SpecimenFault::Sideways, 1)).await.unwrap();
    let draft = view.draft.unwrap();
    assert!(draft.preview.starts_with("data:image/jpeg;base64,/9j/"));
    assert!(draft.sendable, "sideways is a warning: {:?}", draft.findings);
    assert_ne!(draft.suggested_turn, QuarterTurn::None);
    let turn = draft.suggested_turn;
    let turned = process.ask(move |app| async move { app.turn_photo(turn).await }).await.unwrap();
    let turned = turned.draft.unwrap();
    assert_eq!((turned.width, turned.height), (draft.height, draft.width));
    assert!(turned.findings.iter().all(|finding| finding.kind != FindingKind::Sideways), "{:?}", turned.findings);

    // What is no photo does not cost the one that is here.
    let unreadable = refusal(examine(&process, b"%PDF-1.7".to_vec()).await);
    assert_eq!(unreadable, (ErrorCode::PhotoUnusable, Some(FieldErrorCode::FileType)));
    let heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic".to_vec();
    assert_eq!(refusal(examine(&process, heic).await), (ErrorCode::PhotoUnusable, Some(FieldErrorCode::HeicFile)));
    assert_eq!(photo(&process).await.draft, Some(turned.clone()));
    process.kill().await;
    let process = Process::start(folder.path(), &keyring, NOBODY_THERE.into()).await;
    assert_eq!(photo(&process).await.draft, Some(turned), "it survives a crash");
    assert_eq!(pictures_in_clear(folder.path()), Vec::<String>::new());

    let view = process.ask(|app| async move { app.discard_photo().await }).await.unwrap();
    assert_eq!(view.draft, None);
    let nothing = process.ask(|app| async move { app.turn_photo(QuarterTurn::Half).await }).await;
    assert_eq!(refusal(nothing), (ErrorCode::NotFound, None));
    process.quit().await;
    assert_eq!(pictures_in_clear(folder.path()), Vec::<String>::new());
}

async fn send_error(process: &Process) -> ErrorCode {
    process.ask(|app| async move { app.send_photo().await }).await.unwrap_err().code
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_that_is_sent_offline_arrives_by_itself_and_is_accepted() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
    // Chosen before there is an account: it belongs to the person who makes one.
    examine(&process, card(SpecimenFault::None, 1)).await.unwrap();
    sign_up(&process, &central, RINA).await;
    assert!(photo(&process).await.draft.is_some());
    until("the key for documents", || async {
        match process.ask(|app| async move { app.send_photo().await }).await {
            Err(error) if error.code == ErrorCode::NoSealingKey => None,
            other => Some(other.unwrap()),
        }
    })
    .await;
    until_it_is(&process, SentPhotoState::Accepted).await;
    let view = photo(&process).await;
    let sent = view.sent.unwrap();
    assert_eq!((sent.refusal, sent.from_phone, view.draft), (None, false, None));
    examine(&process, card(SpecimenFault::None, 2)).await.unwrap();
    assert_eq!(refusal(send(&process).await), (ErrorCode::StepRefused, None), "one is enough");
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_a_photo_waits_sealed_and_a_crash_changes_nothing() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
    sign_up(&process, &central, RINA).await;
    until("the catalogue", || async {
        let page = process
            .ask(|app| async move { app.search_trainings(TrainingQuery { limit: 1, ..Default::default() }).await })
            .await;
        page.ok().filter(|page| page.total > 0)
    })
    .await;
    proxy.cut().await.unwrap();
    examine(&process, card(SpecimenFault::None, 1)).await.unwrap();
    let sent = send(&process).await.unwrap().sent.unwrap();
    assert_eq!((sent.state, sent.sent_bytes), (SentPhotoState::Waiting, 0));
    assert!(sent.total_bytes > 50_000);
    process.kill().await;
    assert_eq!(pictures_in_clear(folder.path()), Vec::<String>::new());
    let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
    assert_eq!(photo(&process).await.sent.unwrap().document, sent.document);
    proxy.restore().await.unwrap();
    let view = until_it_is(&process, SentPhotoState::Accepted).await;
    assert_eq!(view.sent.unwrap().document, sent.document);
    process.quit().await;
    assert_eq!(pictures_in_clear(folder.path()), Vec::<String>::new());
    let left = std::fs::read_dir(folder.path().join("uploads")).unwrap().count();
    assert_eq!(left, 0, "what was answered is not kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_that_nobody_could_read_is_not_sent() {
    let central = Central::start().await.unwrap();
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, central.base_url()).await;
    sign_up(&process, &central, RINA).await;
    let draft = examine(&process, Specimen { width: 400, ..Specimen::new(SpecimenFault::None, 1) }.jpeg())
        .await
        .unwrap()
        .draft
        .unwrap();
    assert!(!draft.sendable && draft.findings[0].severity == Severity::Refuse);
    assert_eq!(refusal(send(&process).await), (ErrorCode::PhotoUnusable, Some(FieldErrorCode::NotLegible)));
    assert!(photo(&process).await.draft.is_some(), "it stays, to be looked at");
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_programmes_key_a_photo_is_kept_and_the_reason_said() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    proxy.set(Plan::fault(FaultKind::Fail, When::Always).on("/v1/catalogue")).await.unwrap();
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
    sign_up(&process, &central, RINA).await;
    examine(&process, card(SpecimenFault::None, 1)).await.unwrap();
    assert_eq!(refusal(send(&process).await), (ErrorCode::NoSealingKey, None));
    assert!(photo(&process).await.draft.is_some());
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_takes_the_photo_and_the_computer_shows_it() {
    let central = Arc::new(Central::start().await.unwrap());
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, central.base_url()).await;
    sign_up(&process, &central, RINA).await;
    let view = process.ask(|app| async move { app.start_handover().await }).await.unwrap();
    assert!(view.url.starts_with(&format!("{}/h/", central.base_url())));
    assert!(view.qr_svg.starts_with("<svg") && view.qr_svg.ends_with("</svg>"), "{}", &view.qr_svg[..60]);
    assert!(view.expires_at > 0);
    let path = view.url.strip_prefix(&central.base_url()).unwrap();
    let answer = post_photo(&central, path, &card(SpecimenFault::None, 1)).await;
    assert!(answer.contains("Foto sudah diterima"), "{answer}");
    let view = until_it_is(&process, SentPhotoState::Accepted).await;
    assert!(view.sent.unwrap().from_phone);
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_central_there_is_no_page_for_the_phone() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, proxy.base_url()).await;
    sign_up(&process, &central, RINA).await;
    proxy.cut().await.unwrap();
    let error = process.ask(|app| async move { app.start_handover().await }).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Offline);
    process.quit().await;
}

/// A form as a browser sends it.
async fn post_photo(central: &Central, path: &str, jpeg: &[u8]) -> String {
    let mut body = b"--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\
                     Content-Type: image/jpeg\r\n\r\n"
        .to_vec();
    body.extend_from_slice(jpeg);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=x\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(central.address()).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&body).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// A disk with so many bytes left.
struct Left(AtomicU64);

impl Disk for Left {
    fn free_bytes(&self, _: &Path) -> std::io::Result<u64> {
        Ok(self.0.load(Ordering::SeqCst))
    }
}

#[tokio::test]
async fn too_little_room_refuses_new_photos_and_nothing_that_is_typed() {
    let disk = Arc::new(Left(AtomicU64::new(ROOM_FOR_A_PHOTO)));
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start_with(folder.path(), &keyring, NOBODY_THERE.into(), |config| {
        config.disk = Arc::clone(&disk) as Arc<dyn Disk>;
    })
    .await;
    let chosen = examine(&process, card(SpecimenFault::None, 1)).await.unwrap().draft.unwrap();
    disk.0.store(ROOM_FOR_A_PHOTO - 1, Ordering::SeqCst);
    let refused = examine(&process, card(SpecimenFault::None, 2)).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.numbers["free_mb"], refused.numbers["needed_mb"]),
        (ErrorCode::DiskLow, 199, 200)
    );
    assert_eq!(photo(&process).await.draft.unwrap().saved_at, chosen.saved_at, "what was chosen before stays");
    save(&process, ProfileField::FullName, "Rina Marlina".into()).await;
    let profile = process.ask(|app| async move { app.get_profile().await }).await.unwrap();
    assert_eq!(profile.values[&ProfileField::FullName], "Rina Marlina", "text is kept");
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_waits_where_bytes_cost_money_until_the_person_or_the_connection_says_otherwise() {
    let central = Central::start().await.unwrap();
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, central.base_url()).await;
    process.ask(|app| async move { app.set_metered(Some(true)).await }).await;
    sign_up(&process, &central, RINA).await;
    examine(&process, card(SpecimenFault::None, 1)).await.unwrap();
    until("the key for documents", || async {
        match send(&process).await {
            Err(error) if error.code == ErrorCode::NoSealingKey => None,
            other => Some(other.unwrap()),
        }
    })
    .await;
    // The announcement is small and goes; the bytes wait, also after the app was closed.
    until("the announcement is there", || async {
        let view = process.ask(|app| async move { app.get_sync().await }).await.unwrap();
        view.waiting.is_empty().then_some(())
    })
    .await;
    let held = photo(&process).await.sent.unwrap();
    assert_eq!((held.state, held.sent_bytes), (SentPhotoState::Held, 0));
    let patch = SettingsPatch { photo_sending: Some("hold".into()), ..SettingsPatch::default() };
    process.ask(|app| async move { app.set_settings(patch).await }).await.unwrap();
    process.quit().await;
    let process = Process::start(folder.path(), &keyring, central.base_url()).await;
    until("central was heard", || async {
        let online = process.ask(|app| async move { app.get_sync().await }).await.unwrap().summary.online;
        online.filter(|online| *online)
    })
    .await;
    assert_eq!(photo(&process).await.sent.unwrap().state, SentPhotoState::Held, "by the person's own rule");

    let sent = process.ask(|app| async move { app.send_photo_now().await }).await.unwrap().sent.unwrap();
    assert_ne!(sent.state, SentPhotoState::Held);
    // The person's word outlives the app.
    process.quit().await;
    let process = Process::start(folder.path(), &keyring, central.base_url()).await;
    let arrived = until_it_is(&process, SentPhotoState::Accepted).await.sent.unwrap();
    assert_eq!(arrived.document, held.document);
    process.quit().await;
}
