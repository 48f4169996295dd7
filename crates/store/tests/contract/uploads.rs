//! Documents on their way, and the photo that was not sent yet.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use prakerja_store::{FeedChange, NewCommand, NewUpload, PhotoDraft, SealedFile, UploadState, kind};
use serde_json::json;
use uuid::Uuid;

use crate::support::{BUDI, NOW, SITI, Vault, id, outcome, put};

const SEALED: &[u8] = b"sealed bytes that say nothing";

fn announce(number: u128) -> NewCommand {
    NewCommand {
        id: id(number),
        lane: "doc:ktp_photo".into(),
        kind: kind::DOCUMENT_ATTACH.into(),
        v: 1,
        base_rev: None,
        depends_on: Vec::new(),
        payload: json!({ "document": id(number + 100), "upload": id(number + 200) }),
        clock: json!({}),
        label: None,
        created_at: NOW,
    }
}

fn upload(number: u128, file: SealedFile) -> NewUpload {
    NewUpload { id: id(number + 200), document: id(number + 100), kind: "ktp_photo".into(), file }
}

/// Keeps bytes and puts them on their way. Gives the file.
async fn send(vault: &Vault, number: u128) -> SealedFile {
    let file = vault.store.keep_sealed(SEALED.to_vec()).await.unwrap();
    vault.store.enqueue_upload(SITI, &announce(number), &upload(number, file.clone())).await.unwrap();
    file
}

fn path(vault: &Vault, file: &SealedFile) -> PathBuf {
    vault.folder.path().join("uploads").join(&file.name)
}

fn document(number: u128, seq: i64, rev: i64, state: &str) -> FeedChange {
    put(seq, "document", number + 100, rev, json!({ "state": state }))
}

#[tokio::test]
async fn an_upload_is_stored_with_the_command_that_announces_it_and_survives_a_restart() {
    let mut vault = Vault::new().await;
    let file = send(&vault, 1).await;
    assert_eq!((file.bytes, file.sha256.len()), (SEALED.len() as u64, 64));
    vault.reopen().await;
    let uploads = vault.store.open_uploads(SITI).await.unwrap();
    assert_eq!(uploads.len(), 1);
    let row = &uploads[0];
    assert_eq!((row.id, row.document, row.command, row.sent), (id(201), id(101), id(1), 0));
    assert_eq!((row.state, &row.file), (UploadState::Open, &file));
    assert_eq!(vault.row(id(1)).await.kind, kind::DOCUMENT_ATTACH);
    assert!(vault.store.is_whole(&file).await.unwrap());
    assert_eq!(vault.store.read_part(&file, 7, 5).await.unwrap().unwrap(), b"bytes");
    assert_eq!(vault.store.read_part(&file, 20, 500).await.unwrap().unwrap(), &SEALED[20..]);
    vault.store.enqueue_upload(SITI, &announce(1), &upload(1, file.clone())).await.unwrap();
    assert_eq!(vault.store.uploads(SITI).await.unwrap().len(), 1, "the same command again changes nothing");
    assert!(path(&vault, &file).exists());
}

#[tokio::test]
async fn what_the_person_wants_sent_now_is_this_document_and_no_later_one() {
    let mut vault = Vault::new().await;
    send(&vault, 1).await;
    let released = async |vault: &Vault| vault.store.open_uploads(SITI).await.unwrap()[0].released;
    assert!(!released(&vault).await);
    vault.store.send_uploads_now(BUDI).await.unwrap();
    assert!(!released(&vault).await, "somebody else's word");
    vault.store.send_uploads_now(SITI).await.unwrap();
    vault.reopen().await;
    assert!(released(&vault).await, "also after a restart");
    send(&vault, 2).await;
    assert!(!released(&vault).await);
}

#[tokio::test]
async fn a_photo_that_is_sealed_again_is_still_sent_now_and_another_one_is_not() {
    let vault = Vault::new().await;
    vault.store.save_photo_draft(SITI, &photo()).await.unwrap();
    send(&vault, 1).await;
    vault.store.send_uploads_now(SITI).await.unwrap();
    let lost = json!({ "state": "rejected", "refusal": "key_gone" });
    vault.page("c", vec![put(1, "document", 101, 1, lost)]).await;
    vault.store.settle_uploads(SITI).await.unwrap();
    assert!(vault.store.uploads(SITI).await.unwrap().is_empty());
    for (number, now) in [(2, true), (3, false)] {
        send(&vault, number).await;
        assert_eq!(vault.store.open_uploads(SITI).await.unwrap()[0].released, now, "{number}");
        vault.store.save_photo_draft(SITI, &photo()).await.unwrap();
    }
}

#[tokio::test]
async fn a_file_that_is_gone_or_changed_is_noticed() {
    let vault = Vault::new().await;
    let file = send(&vault, 1).await;
    fs::write(path(&vault, &file), b"other").unwrap();
    assert!(!vault.store.is_whole(&file).await.unwrap());
    fs::remove_file(path(&vault, &file)).unwrap();
    assert!(!vault.store.is_whole(&file).await.unwrap());
    assert_eq!(vault.store.read_part(&file, 0, 5).await.unwrap(), None);
    vault.store.park_upload(SITI, id(201), "file-changed").await.unwrap();
    let row = vault.store.upload(SITI, id(201)).await.unwrap().unwrap();
    assert_eq!((row.state, row.problem.as_deref()), (UploadState::Parked, Some("file-changed")));
}

#[tokio::test]
async fn a_newer_photo_takes_the_place_of_one_that_is_still_here() {
    let vault = Vault::new().await;
    let first = send(&vault, 1).await;
    let second = send(&vault, 2).await;
    let ids: Vec<Uuid> = vault.store.uploads(SITI).await.unwrap().iter().map(|row| row.id).collect();
    assert_eq!(ids, [id(202)]);
    assert_eq!(vault.store.command(SITI, id(1)).await.unwrap(), None, "never sent, never made");
    assert!(!path(&vault, &first).exists() && path(&vault, &second).exists());
    // One that was on the wire keeps its place before the newer one.
    vault.store.mark_sending(SITI, &[id(2)], NOW).await.unwrap();
    send(&vault, 3).await;
    assert!(vault.store.command(SITI, id(2)).await.unwrap().is_some());
}

#[tokio::test]
async fn bytes_are_forgotten_when_central_has_answered_and_not_before() {
    let vault = Vault::new().await;
    for (number, state, kept) in
        [(1, "awaited", true), (2, "received", true), (3, "accepted", false), (4, "rejected", false)]
    {
        let file = send(&vault, number).await;
        vault.store.upload_complete(SITI, id(number + 200)).await.unwrap();
        vault.page(&format!("c{number}"), vec![document(number, i64::try_from(number).unwrap(), 1, state)]).await;
        vault.store.settle_uploads(SITI).await.unwrap();
        assert_eq!(path(&vault, &file).exists(), kept, "{state}");
        assert_eq!(vault.store.uploads(SITI).await.unwrap().is_empty(), !kept, "{state}");
        // Out of the way of the next.
        vault.page("gone", vec![FeedChange { data: None, rev: 9, ..document(number, 9, 9, state) }]).await;
    }
}

#[tokio::test]
async fn bytes_are_forgotten_when_another_photo_is_accepted_or_the_announcement_refused() {
    let vault = Vault::new().await;
    send(&vault, 1).await;
    vault.page("c", vec![document(7, 1, 1, "received")]).await;
    vault.store.settle_uploads(SITI).await.unwrap();
    assert!(vault.store.uploads(SITI).await.unwrap().is_empty(), "a phone sent one");
    send(&vault, 2).await;
    vault.page("d", vec![FeedChange { data: None, ..document(7, 2, 2, "received") }]).await;
    vault.store.settle_uploads(SITI).await.unwrap();
    assert_eq!(vault.store.uploads(SITI).await.unwrap().len(), 1);
    vault.finish(outcome(2, "rejected", 3)).await;
    vault.store.settle_uploads(SITI).await.unwrap();
    assert!(vault.store.uploads(SITI).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_complete_counts_again_after_a_restore_of_central() {
    let vault = Vault::new().await;
    vault.page("c", vec![]).await;
    send(&vault, 1).await;
    vault.store.upload_sent(SITI, id(201), 5).await.unwrap();
    assert_eq!(vault.store.open_uploads(SITI).await.unwrap()[0].sent, 5);
    vault.store.upload_complete(SITI, id(201)).await.unwrap();
    assert!(vault.store.open_uploads(SITI).await.unwrap().is_empty());
    let snapshot = prakerja_store::SnapshotPage {
        epoch: id(0xEE),
        as_of_seq: 0,
        records: vec![document(1, 1, 1, "awaited")],
        next: None,
        cursor: "new".into(),
    };
    vault.store.apply_snapshot_page(SITI, &snapshot, NOW).await.unwrap();
    assert_eq!(vault.store.open_uploads(SITI).await.unwrap().len(), 1, "it may have lost it");
    vault.store.upload_complete(SITI, id(201)).await.unwrap();
    assert!(vault.store.open_uploads(SITI).await.unwrap().is_empty());
}

#[tokio::test]
async fn files_that_nobody_names_are_swept_after_a_day() {
    let vault = Vault::new().await;
    assert_eq!(vault.store.sweep_uploads().await.unwrap(), 0, "there is no folder yet");
    let named = send(&vault, 1).await;
    let orphan = vault.store.keep_sealed(SEALED.to_vec()).await.unwrap();
    let young = vault.store.keep_sealed(SEALED.to_vec()).await.unwrap();
    for old in [&named, &orphan] {
        let file = fs::File::options().write(true).open(path(&vault, old)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(25 * 60 * 60)).unwrap();
    }
    assert_eq!(vault.store.sweep_uploads().await.unwrap(), 1);
    assert!(path(&vault, &named).exists() && path(&vault, &young).exists() && !path(&vault, &orphan).exists());
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_reads_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let vault = Vault::new().await;
    let file = send(&vault, 1).await;
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path(&vault, &file)), 0o600);
    assert_eq!(mode(vault.folder.path().join("uploads")), 0o700);
}

/// A chosen photo.
fn photo() -> PhotoDraft {
    let jpeg = [&b"\xFF\xD8\xFF\xE1Exif"[..], &[0x5A; 300_000]].concat();
    let preview = b"\xFF\xD8\xFFsmall".to_vec();
    PhotoDraft { jpeg, preview, judged: "{}".into(), saved_at: NOW, document: None }
}

#[tokio::test]
async fn a_photo_is_kept_encrypted_until_central_has_it() {
    let mut vault = Vault::new().await;
    let draft = photo();
    vault.store.save_photo_draft(SITI, &draft).await.unwrap();
    vault.reopen().await;
    assert_eq!(vault.store.photo_draft(SITI).await.unwrap().as_ref(), Some(&draft));
    for entry in fs::read_dir(vault.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap_or_default();
        for clear in [&b"\xFF\xD8\xFF\xE1Exif"[..], &[0x5A; 64]] {
            assert!(!bytes.windows(clear.len()).any(|window| window == clear), "{}", path.display());
        }
    }
    assert_eq!(vault.store.photo_on_its_way(SITI).await.unwrap(), None);
    send(&vault, 1).await;
    let sent = PhotoDraft { document: Some(id(101)), ..draft.clone() };
    assert_eq!(vault.store.photo_draft(SITI).await.unwrap().as_ref(), Some(&sent), "it may be needed again");
    assert_eq!(vault.store.photo_on_its_way(SITI).await.unwrap(), Some(id(101)));
    vault.finish(outcome(1, "rejected", 1)).await;
    vault.store.settle_uploads(SITI).await.unwrap();
    assert!(vault.store.uploads(SITI).await.unwrap().is_empty());
    assert_eq!(vault.store.photo_draft(SITI).await.unwrap(), Some(sent), "central has not taken it");
    vault.store.discard_photo_draft(SITI).await.unwrap();
    assert_eq!(vault.store.photo_draft(SITI).await.unwrap(), None);
}

#[tokio::test]
async fn a_photo_is_forgotten_by_centrals_word_alone() {
    let rejected = |refusal: &str| Some(json!({ "state": "rejected", "refusal": refusal }));
    let state = |state: &str| Some(json!({ "state": state }));
    for (document, data, kept) in [
        (101, state("awaited"), true),
        (101, rejected("key_gone"), true),
        (101, rejected("glare"), false),
        (101, state("received"), false),
        (101, state("accepted"), false),
        (101, None, false),
        (107, rejected("glare"), true),
        (107, state("awaited"), true),
        (107, state("received"), false),
        (107, None, true),
    ] {
        let vault = Vault::new().await;
        vault.store.save_photo_draft(SITI, &photo()).await.unwrap();
        vault.store.settle_uploads(SITI).await.unwrap();
        send(&vault, 1).await;
        let told = FeedChange { data: data.clone(), ..put(1, "document", document, 1, json!({})) };
        vault.page("c", vec![told]).await;
        vault.store.settle_uploads(SITI).await.unwrap();
        assert_eq!(vault.store.photo_draft(SITI).await.unwrap().is_some(), kept, "{document} {data:?}");
    }
}
