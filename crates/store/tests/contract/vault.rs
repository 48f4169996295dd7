//! Opening: each trouble has its own name, and none changes a byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use prakerja_store::{DatabaseKey, KeyInfo, OpenError, Protection, Store};

use crate::support::{NOW, SITI, Vault, skipped};

/// Every file of a folder, to see that nothing was touched. The lock file is no content.
fn content(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| !entry.file_name().to_string_lossy().ends_with(".lock"))
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect()
}

#[tokio::test]
async fn a_new_database_opens_again_with_its_key() {
    let vault = Vault::new().await;
    let device = vault.store.device().await.unwrap();
    vault.store.save_draft(SITI, "profile", "full_name", "Siti", NOW).await.unwrap();
    let (folder, key) = vault.close().await;
    let store = Store::open(&folder.path().join("applicant.db"), &key).await.unwrap();
    assert_eq!(store.device().await.unwrap(), device);
    assert_eq!(store.drafts(SITI, "profile").await.unwrap().len(), 1);
    store.check_integrity().await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_folder_with_odd_characters_is_as_good_as_any() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("Budi Santoso #1 100% é&x=y");
    fs::create_dir(&folder).unwrap();
    let path = folder.join("applicant.db");
    let key = DatabaseKey::generate().unwrap();
    let store = Store::create(&path, &key, &KeyInfo::new(&key, Protection::Keyring).unwrap()).await.unwrap();
    store.close().await;
    Store::open(&path, &key).await.unwrap().close().await;
    assert!(path.is_file());
}

#[tokio::test]
async fn a_new_key_is_never_made_over_a_database() {
    let (folder, _) = Vault::new().await.close().await;
    let before = content(folder.path());
    let key = DatabaseKey::generate().unwrap();
    let info = KeyInfo::new(&key, Protection::Passphrase).unwrap();
    let result = Store::create(&folder.path().join("applicant.db"), &key, &info).await;
    assert!(matches!(result, Err(OpenError::AlreadyExists)), "{result:?}");
    assert_eq!(content(folder.path()), before);
}

#[tokio::test]
async fn an_absent_database_is_missing_and_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let key = DatabaseKey::generate().unwrap();
    let result = Store::open(&folder.path().join("applicant.db"), &key).await;
    assert!(matches!(result, Err(OpenError::Missing)), "{result:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_wrong_key_is_told_from_damage_and_changes_nothing() {
    let (folder, key) = Vault::new().await.close().await;
    let path = folder.path().join("applicant.db");
    let before = content(folder.path());
    let other = DatabaseKey::generate().unwrap();
    let result = Store::open(&path, &other).await;
    assert!(matches!(result, Err(OpenError::WrongKey)), "{result:?}");
    assert_eq!(content(folder.path()), before);

    // Without the side file nothing proves that the key is right: still no damage is claimed.
    KeyInfo::paths(&path).iter().for_each(|file| fs::remove_file(file).unwrap());
    let result = Store::open(&path, &other).await;
    assert!(matches!(result, Err(OpenError::WrongKey)), "{result:?}");
    Store::open(&path, &key).await.unwrap().close().await;
}

#[tokio::test]
async fn a_damaged_file_is_named_damaged_and_kept() {
    let vault = Vault::new().await;
    for n in 0..200 {
        vault.store.save_draft(SITI, "profile", &format!("field-{n}"), &"x".repeat(200), NOW).await.unwrap();
    }
    let (folder, key) = vault.close().await;
    let path = folder.path().join("applicant.db");
    let whole = fs::read(&path).unwrap();
    let pages = whole.len() / 4096;
    assert!(pages > 20, "{pages} pages");

    // One flipped bit in any page is found before anybody works with the file.
    for page in 0..pages {
        let mut damaged = whole.clone();
        damaged[page * 4096 + 100] ^= 1;
        fs::write(&path, &damaged).unwrap();
        let result = Store::open(&path, &key).await;
        assert!(matches!(result, Err(OpenError::Damaged)), "page {page}: {result:?}");
        assert_eq!(fs::read(&path).unwrap(), damaged, "page {page}: kept as it was");
    }

    for (what, bytes) in [
        ("empty", Vec::new()),
        ("half a page", whole[..2048].to_vec()),
        ("half", whole[..pages / 2 * 4096].to_vec()),
        ("text", b"this is no database, it is a sentence ".repeat(300)),
        ("zeros", vec![0; whole.len()]),
    ] {
        fs::write(&path, &bytes).unwrap();
        let result = Store::open(&path, &key).await;
        assert!(matches!(result, Err(OpenError::Damaged)), "{what}: {result:?}");
        assert_eq!(fs::read(&path).unwrap(), bytes, "{what}: kept as it was");
    }

    fs::write(&path, &whole).unwrap();
    Store::open(&path, &key).await.unwrap().close().await;
}

#[tokio::test]
async fn a_plain_database_is_not_taken_for_ours() {
    let (folder, key) = Vault::new().await.close().await;
    let path = folder.path().join("applicant.db");
    let mut plain = b"SQLite format 3\0".to_vec();
    plain.resize(8192, 0);
    fs::write(&path, plain).unwrap();
    let result = Store::open(&path, &key).await;
    assert!(matches!(result, Err(OpenError::Damaged)), "{result:?}");
}

#[tokio::test]
async fn a_second_opener_is_told_that_it_is_in_use() {
    let vault = Vault::new().await;
    let result = vault.open_again().await;
    assert!(matches!(result, Err(OpenError::InUse)), "{result:?}");
    let clone = vault.store.clone();
    vault.store.close().await;
    // Closing lets the next one in, also while a clone of the handle is still around.
    let store = vault.open_again().await.unwrap();
    assert!(matches!(clone.device().await, Err(prakerja_store::StoreError::Closed)));
    store.close().await;
}

#[tokio::test]
async fn folders_that_cannot_be_used_are_no_access() {
    let folder = tempfile::tempdir().unwrap();
    let key = DatabaseKey::generate().unwrap();
    let info = KeyInfo::new(&key, Protection::Keyring).unwrap();
    let absent = folder.path().join("absent").join("applicant.db");
    let result = Store::create(&absent, &key, &info).await;
    assert!(matches!(result, Err(OpenError::NoAccess(_))), "{result:?}");

    let folder_in_place = folder.path().join("applicant.db");
    fs::create_dir(&folder_in_place).unwrap();
    fs::write(folder_in_place.join("x"), "x").unwrap();
    let result = Store::open(&folder_in_place, &key).await;
    assert!(matches!(result, Err(OpenError::NoAccess(_))), "{result:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_only_may_be_read_is_no_access() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, key) = Vault::new().await.close().await;
    let path = folder.path().join("applicant.db");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o500)).unwrap();
    let may_write = fs::OpenOptions::new().append(true).open(&path).is_ok();
    if may_write {
        skipped("the superuser may write everything; a disk that may only be read is tried in `full_disk`");
        return;
    }
    let result = Store::open(&path, &key).await;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    assert!(matches!(result, Err(OpenError::NoAccess(_))), "{result:?}");
}

#[tokio::test]
async fn what_a_crash_while_creating_left_is_no_obstacle() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("applicant.db");
    fs::write(folder.path().join("applicant.db.creating"), "half").unwrap();
    fs::write(folder.path().join("applicant.db.creating-journal"), "half").unwrap();
    let key = DatabaseKey::generate().unwrap();
    let info = KeyInfo::new(&key, Protection::Keyring).unwrap();
    let store = Store::create(&path, &key, &info).await.unwrap();
    assert_eq!(KeyInfo::read(&path).unwrap(), Some(info));
    store.close().await;
    assert!(!folder.path().join("applicant.db.creating").exists());
    assert!(!folder.path().join("applicant.db-wal").exists(), "an orderly end leaves one file");
}

#[cfg(unix)]
#[tokio::test]
async fn only_this_user_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let vault = Vault::new().await;
    vault.store.save_draft(SITI, "profile", "full_name", "Siti", NOW).await.unwrap();
    for name in ["applicant.db", "applicant.db-wal", "keyinfo.json", "keyinfo-copy.json"] {
        let mode = fs::metadata(vault.folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}: {mode:o}");
    }
    vault.store.close().await;
}

/// Windows and services need futures that may move between threads.
#[tokio::test]
async fn operations_run_on_any_thread() {
    let vault = Vault::new().await;
    let store = vault.store.clone();
    tokio::spawn(async move {
        store.save_draft(SITI, "profile", "full_name", "Siti", NOW).await.unwrap();
        let command = crate::support::patch(1, serde_json::json!({ "full_name": "Siti" }));
        store.enqueue(SITI, &command, &prakerja_store::DraftChange::clear("profile")).await.unwrap();
        store.mark_sending(SITI, &[command.id], NOW).await.unwrap();
        store.record_results(SITI, &[crate::support::outcome(1, "applied", 1)], NOW).await.unwrap();
        store.search_trainings(&prakerja_store::TrainingQuery::default()).await.unwrap();
        store.activities(SITI).await.unwrap();
    })
    .await
    .unwrap();
    vault.store.close().await;
}
