//! The vault never loses what is in it: no new key over an old database, no reset, each trouble with its own name.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests stop at the first surprise")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use prakerja_app::ipc::{AppEvent, ErrorCode, KeyringTrouble, Protection, TrainingQuery, VaultProblem, VaultView};
use prakerja_app::{App, DATABASE, ProfileField};
use sqlx::{ConnectOptions, Connection};
use support::wait::until;
use support::{FakeKeyring, Mood, open};

const NAME: &str = "Sari Wulandari";
const PASSPHRASE: &str = "kuda hijau minum teh";

async fn vault(app: &App) -> VaultView {
    app.get_state().await.unwrap().vault
}

async fn type_name(app: &App) {
    app.save_profile_field(ProfileField::FullName, NAME.into()).await.unwrap();
}

async fn typed_name(app: &App) -> Option<String> {
    app.get_profile().await.unwrap().values.get(&ProfileField::FullName).cloned()
}

fn is_broken(view: &VaultView, problem: VaultProblem) -> bool {
    matches!(view, VaultView::Broken { why, .. } if *why == problem)
}

/// A data folder with a database in which something was typed.
async fn used(keyring: &std::sync::Arc<FakeKeyring>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path(), keyring).await;
    type_name(&app).await;
    app.close().await;
    folder
}

const SIDE_FILES: [&str; 2] = ["keyinfo.json", "keyinfo-copy.json"];

/// Removes a file, or writes nonsense into it.
fn spoil(file: &Path, content: Option<&str>) {
    match content {
        None => fs::remove_file(file).unwrap(),
        Some(content) => fs::write(file, content).unwrap(),
    }
}

fn set_aside(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("set-aside-")).collect()
}

#[tokio::test]
async fn a_first_run_makes_one_key_and_later_runs_use_it() {
    let keyring = FakeKeyring::new(Mood::Working);
    let folder = used(&keyring).await;
    assert_eq!(keyring.keys().len(), 1, "one key, and no probe is left");
    let app = open(folder.path(), &keyring).await;
    assert_eq!(vault(&app).await, VaultView::Open { by: Protection::Keyring });
    assert_eq!(typed_name(&app).await.as_deref(), Some(NAME));
    assert_eq!(keyring.keys().len(), 1);
}

#[tokio::test]
async fn a_locked_keyring_that_looks_empty_never_leads_to_a_new_key() {
    for mood in [Mood::LockedAndSilent, Mood::Locked, Mood::Absent, Mood::Stuck, Mood::Forgetful] {
        let keyring = FakeKeyring::new(Mood::Working);
        let folder = used(&keyring).await;
        let (keys, bytes) = (keyring.keys(), fs::read(folder.path().join(DATABASE)).unwrap());

        keyring.set_mood(mood);
        let app = open(folder.path(), &keyring).await;
        assert_eq!(vault(&app).await, VaultView::Locked { by: Protection::Keyring }, "{mood:?}");
        assert_eq!(app.get_profile().await.unwrap_err().code, ErrorCode::VaultLocked);
        let again = app.unlock_vault(None).await.unwrap();
        assert_eq!(again.vault, VaultView::Locked { by: Protection::Keyring }, "{mood:?}");
        assert_eq!(app.create_vault(PASSPHRASE.into()).await.unwrap_err().code, ErrorCode::VaultBroken);

        keyring.set_mood(Mood::Working);
        assert_eq!(keyring.keys(), keys, "no key was made or lost: {mood:?}");
        assert_eq!(fs::read(folder.path().join(DATABASE)).unwrap(), bytes, "the file was not touched: {mood:?}");
        let opened = app.unlock_vault(None).await.unwrap();
        assert_eq!(opened.vault, VaultView::Open { by: Protection::Keyring }, "{mood:?}");
        assert_eq!(typed_name(&app).await.as_deref(), Some(NAME));
    }
}

#[tokio::test]
async fn a_lost_key_is_told_and_starting_anew_keeps_the_old_files() {
    let keyring = FakeKeyring::new(Mood::Working);
    let folder = used(&keyring).await;
    let (keys, bytes) = (keyring.keys(), fs::read(folder.path().join(DATABASE)).unwrap());
    keyring.replace(BTreeMap::new());

    let app = open(folder.path(), &keyring).await;
    let broken = vault(&app).await;
    assert!(is_broken(&broken, VaultProblem::KeyMissing), "{broken:?}");
    assert!(matches!(broken, VaultView::Broken { path, .. } if path.ends_with(DATABASE)));
    assert_eq!(app.get_profile().await.unwrap_err().code, ErrorCode::VaultBroken);
    assert!(keyring.keys().is_empty(), "no key was made");

    let anew = app.set_aside_vault().await.unwrap();
    assert_eq!(anew.vault, VaultView::Open { by: Protection::Keyring });
    assert_eq!(typed_name(&app).await, None, "a new database is empty");
    let [aside] = &set_aside(folder.path())[..] else { panic!("one folder with the old files") };
    assert_eq!(fs::read(aside.join(DATABASE)).unwrap(), bytes, "renamed, not changed");
    app.close().await;

    // The key comes back (a restored keyring): the old files still open.
    keyring.replace(keys);
    let old = open(aside, &keyring).await;
    assert_eq!(typed_name(&old).await.as_deref(), Some(NAME));
}

#[tokio::test]
async fn a_wrong_key_is_told_apart_from_a_damaged_file() {
    let keyring = FakeKeyring::new(Mood::Working);
    let folder = used(&keyring).await;
    let right = keyring.keys();
    keyring.replace(right.keys().map(|name| (name.clone(), vec![7; 32])).collect());
    let app = open(folder.path(), &keyring).await;
    assert!(is_broken(&vault(&app).await, VaultProblem::WrongKey));

    keyring.replace(right);
    let database = folder.path().join(DATABASE);
    let mut bytes = fs::read(&database).unwrap();
    bytes.iter_mut().for_each(|byte| *byte ^= 0x5a);
    fs::write(&database, &bytes).unwrap();
    let app = open(folder.path(), &keyring).await;
    assert!(is_broken(&vault(&app).await, VaultProblem::Damaged), "{:?}", vault(&app).await);
    assert_eq!(fs::read(&database).unwrap(), bytes, "nothing was repaired behind anybody's back");
}

#[tokio::test]
async fn pages_without_their_database_are_no_first_run() {
    let keyring = FakeKeyring::new(Mood::Working);
    let folder = used(&keyring).await;
    fs::rename(folder.path().join(DATABASE), folder.path().join("elsewhere")).unwrap();
    fs::write(folder.path().join(format!("{DATABASE}-wal")), b"newest pages").unwrap();
    let app = open(folder.path(), &keyring).await;
    assert!(is_broken(&vault(&app).await, VaultProblem::Damaged));
    assert_eq!(keyring.keys().len(), 1, "no key was made");
    app.set_aside_vault().await.unwrap();
    let [aside] = &set_aside(folder.path())[..] else { panic!("one folder with the old files") };
    assert_eq!(fs::read(aside.join(format!("{DATABASE}-wal"))).unwrap(), b"newest pages");
}

#[tokio::test]
async fn side_files_of_a_database_that_was_moved_away_are_kept() {
    let keyring = FakeKeyring::new(Mood::Working);
    let folder = used(&keyring).await;
    let elsewhere = tempfile::tempdir().unwrap();
    fs::rename(folder.path().join(DATABASE), elsewhere.path().join(DATABASE)).unwrap();
    let info = fs::read(folder.path().join("keyinfo.json")).unwrap();
    let app = open(folder.path(), &keyring).await;
    assert_eq!(vault(&app).await, VaultView::Open { by: Protection::Keyring });
    let [aside] = &set_aside(folder.path())[..] else { panic!("one folder with the old side files") };
    assert_eq!(fs::read(aside.join("keyinfo.json")).unwrap(), info);
}

#[tokio::test]
async fn a_database_without_its_side_file_is_never_written_over() {
    let keyring = FakeKeyring::new(Mood::Working);
    for content in [None, Some(""), Some("{"), Some(r#"{"version":9}"#)] {
        let folder = used(&keyring).await;
        let bytes = fs::read(folder.path().join(DATABASE)).unwrap();
        for side in SIDE_FILES {
            spoil(&folder.path().join(side), content);
        }
        let app = open(folder.path(), &keyring).await;
        assert!(is_broken(&vault(&app).await, VaultProblem::KeyMissing), "{content:?}: {:?}", vault(&app).await);
        assert_eq!(fs::read(folder.path().join(DATABASE)).unwrap(), bytes);
    }
}

#[tokio::test]
async fn one_lost_side_file_is_no_lost_key() {
    let keyring = FakeKeyring::new(Mood::Working);
    for side in SIDE_FILES {
        for content in [None, Some(""), Some("{"), Some(r#"{"version":9}"#)] {
            let folder = used(&keyring).await;
            spoil(&folder.path().join(side), content);
            let app = open(folder.path(), &keyring).await;
            assert_eq!(typed_name(&app).await.as_deref(), Some(NAME), "{side}: {content:?}");
        }
    }
}

#[tokio::test]
async fn a_new_key_file_stays_with_its_database() {
    let keyring = FakeKeyring::new(Mood::Absent);
    // What a person who moved the database away may have left, or a crash while it was set aside.
    for left in [&["keyinfo.json"][..], &["keyinfo-copy.json"], &["keyfile.json"], &["keyinfo.json", "keyfile.json"]] {
        let folder = tempfile::tempdir().unwrap();
        let app = open(folder.path(), &keyring).await;
        app.create_vault(PASSPHRASE.into()).await.unwrap();
        app.close().await;
        for file in [DATABASE, "keyinfo.json", "keyinfo-copy.json", "keyfile.json"] {
            if !left.contains(&file) {
                fs::remove_file(folder.path().join(file)).unwrap();
            }
        }
        let app = open(folder.path(), &keyring).await;
        let made = app.create_vault(PASSPHRASE.into()).await.unwrap();
        assert_eq!(made.vault, VaultView::Open { by: Protection::Passphrase }, "{left:?}");
        type_name(&app).await;
        app.close().await;
        let [aside] = &set_aside(folder.path())[..] else { panic!("one folder with the old files") };
        assert_eq!(fs::read_dir(aside).unwrap().count(), left.len(), "{left:?}");

        let app = open(folder.path(), &keyring).await;
        app.unlock_vault(Some(PASSPHRASE.into())).await.unwrap();
        assert_eq!(typed_name(&app).await.as_deref(), Some(NAME), "{left:?}");
    }
}

#[tokio::test]
async fn two_copies_of_the_app_do_not_choose_two_passphrases() {
    let keyring = FakeKeyring::new(Mood::Absent);
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (open(folder.path(), &keyring).await, open(folder.path(), &keyring).await);
    first.create_vault(PASSPHRASE.into()).await.unwrap();
    type_name(&first).await;
    first.close().await;
    // Its window still asks, and the first one has let go of the folder.
    let late = second.create_vault("seribu kunang kunang".into()).await.unwrap();
    assert!(is_broken(&late.vault, VaultProblem::InUse), "{:?}", late.vault);
    assert!(set_aside(folder.path()).is_empty(), "nothing of the first one was moved");
    let again = second.unlock_vault(None).await.unwrap();
    assert_eq!(again.vault, VaultView::Locked { by: Protection::Passphrase });
    second.unlock_vault(Some(PASSPHRASE.into())).await.unwrap();
    assert_eq!(typed_name(&second).await.as_deref(), Some(NAME));
}

#[tokio::test]
async fn a_keyring_that_was_locked_at_the_first_start_is_tried_again() {
    let keyring = FakeKeyring::new(Mood::LockedAndSilent);
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path(), &keyring).await;
    assert_eq!(vault(&app).await, VaultView::NeedsPassphrase { why: KeyringTrouble::Locked });
    let still = app.unlock_vault(None).await.unwrap();
    assert_eq!(still.vault, VaultView::NeedsPassphrase { why: KeyringTrouble::Locked });
    keyring.set_mood(Mood::Working);
    let opened = app.unlock_vault(None).await.unwrap();
    assert_eq!(opened.vault, VaultView::Open { by: Protection::Keyring });
    assert_eq!(keyring.keys().len(), 1);
    assert!(!folder.path().join("keyfile.json").exists());
}

/// Flips one bit in every page from `first` on.
fn damage(database: &Path, first: usize) -> Vec<u8> {
    let mut bytes = fs::read(database).unwrap();
    bytes.iter_mut().skip(first * 4096 + 100).step_by(4096).for_each(|byte| *byte ^= 1);
    // In place: the open file is this one.
    let mut file = fs::File::options().write(true).open(database).unwrap();
    std::io::Write::write_all(&mut file, &bytes).unwrap();
    bytes
}

#[tokio::test]
async fn one_damaged_page_is_told_at_the_start_and_leaves_a_way_out() {
    let keyring = FakeKeyring::new(Mood::Working);
    let folder = used(&keyring).await;
    let database = folder.path().join(DATABASE);
    // Only the last page, which no start needs.
    let pages = fs::metadata(&database).unwrap().len() / 4096;
    let bytes = damage(&database, usize::try_from(pages).unwrap() - 1);
    let app = open(folder.path(), &keyring).await;
    assert!(is_broken(&vault(&app).await, VaultProblem::Damaged), "{:?}", vault(&app).await);
    assert_eq!(fs::read(&database).unwrap(), bytes, "kept as it was");
    let anew = app.set_aside_vault().await.unwrap();
    assert_eq!(anew.vault, VaultView::Open { by: Protection::Keyring });
    let [aside] = &set_aside(folder.path())[..] else { panic!("one folder with the old files") };
    assert_eq!(fs::read(aside.join(DATABASE)).unwrap(), bytes);
}

#[tokio::test]
async fn pages_that_break_while_the_app_runs_are_told_and_leave_a_way_out() {
    let keyring = FakeKeyring::new(Mood::Working);
    let folder = used(&keyring).await;
    let app = open(folder.path(), &keyring).await;
    let events = std::cell::RefCell::new(app.events());
    damage(&folder.path().join(DATABASE), 1);
    let told = until("the damage is told", || async {
        // What the window asks for; some of it is still in memory.
        let _ = app.search_trainings(TrainingQuery::default()).await;
        let _ = app.get_profile().await;
        let _ = app.get_sync().await;
        match events.borrow_mut().try_recv() {
            Ok(AppEvent::State { state }) if !matches!(state.vault, VaultView::Open { .. }) => Some(state.vault),
            _ => None,
        }
    })
    .await;
    assert!(is_broken(&told, VaultProblem::Damaged), "{told:?}");
    assert_eq!(app.get_profile().await.unwrap_err().code, ErrorCode::VaultBroken);
    let anew = app.set_aside_vault().await.unwrap();
    assert_eq!(anew.vault, VaultView::Open { by: Protection::Keyring });
}

#[tokio::test]
async fn a_newer_schema_is_left_to_the_newer_app() {
    let keyring = FakeKeyring::new(Mood::Working);
    let folder = used(&keyring).await;
    let digits: String = keyring.keys().values().next().unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(folder.path().join(DATABASE))
        .pragma("key", format!("\"x'{digits}'\""));
    let mut connection = options.connect().await.unwrap();
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values (9999, 'of the future', 1, x'00', 0)",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
    let app = open(folder.path(), &keyring).await;
    assert!(is_broken(&vault(&app).await, VaultProblem::NewerSchema), "{:?}", vault(&app).await);
}

#[tokio::test]
async fn two_copies_of_the_app_do_not_share_a_database() {
    let keyring = FakeKeyring::new(Mood::Working);
    let folder = used(&keyring).await;
    let first = open(folder.path(), &keyring).await;
    let second = open(folder.path(), &keyring).await;
    assert!(is_broken(&vault(&second).await, VaultProblem::InUse));
    assert_eq!(second.set_aside_vault().await.unwrap_err().code, ErrorCode::VaultBroken);
    assert!(set_aside(folder.path()).is_empty(), "the other copy works with these files");
    first.close().await;
    assert_eq!(second.unlock_vault(None).await.unwrap().vault, VaultView::Open { by: Protection::Keyring });
}

#[tokio::test]
async fn without_a_keyring_a_passphrase_guards_the_key() {
    use KeyringTrouble::{Absent, Failed, Locked};
    for (mood, why) in [
        (Mood::Absent, Absent),
        (Mood::LockedAndSilent, Locked),
        (Mood::Locked, Locked),
        (Mood::Forgetful, Failed),
        (Mood::Stuck, Failed),
    ] {
        let keyring = FakeKeyring::new(mood);
        let folder = tempfile::tempdir().unwrap();
        let app = open(folder.path(), &keyring).await;
        assert_eq!(vault(&app).await, VaultView::NeedsPassphrase { why }, "{mood:?}");
        assert!(!folder.path().join(DATABASE).exists());
        keyring.set_mood(Mood::Absent);
        for (passphrase, code) in [("pendek", "too_short"), ("aaaaaaaaaaaaaaaa", "too_easy")] {
            let error = app.create_vault(passphrase.into()).await.unwrap_err();
            let shown = serde_json::to_value(&error).unwrap();
            assert_eq!((&shown["code"], &shown["fields"][0]["field"]), (&"validation".into(), &"passphrase".into()));
            assert_eq!(shown["fields"][0]["code"], code);
        }
        let made = app.create_vault(PASSPHRASE.into()).await.unwrap();
        assert_eq!(made.vault, VaultView::Open { by: Protection::Passphrase });
        type_name(&app).await;
        app.close().await;

        let app = open(folder.path(), &keyring).await;
        assert_eq!(vault(&app).await, VaultView::Locked { by: Protection::Passphrase });
        assert_eq!(app.get_profile().await.unwrap_err().code, ErrorCode::VaultLocked);
        let wrong = app.unlock_vault(Some("kuda hijau minum kopi".into())).await.unwrap_err();
        assert_eq!(wrong.code, ErrorCode::WrongPassphrase);
        assert_eq!(vault(&app).await, VaultView::Locked { by: Protection::Passphrase });
        let opened = app.unlock_vault(Some(PASSPHRASE.into())).await.unwrap();
        assert_eq!(opened.vault, VaultView::Open { by: Protection::Passphrase });
        assert_eq!(typed_name(&app).await.as_deref(), Some(NAME));
    }
}

#[tokio::test]
async fn a_damaged_key_file_is_no_wrong_passphrase() {
    let keyring = FakeKeyring::new(Mood::Absent);
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path(), &keyring).await;
    app.create_vault(PASSPHRASE.into()).await.unwrap();
    app.close().await;
    fs::write(folder.path().join("keyfile.json"), "{").unwrap();
    let app = open(folder.path(), &keyring).await;
    let state = app.unlock_vault(Some(PASSPHRASE.into())).await.unwrap();
    assert!(is_broken(&state.vault, VaultProblem::KeyMissing), "{:?}", state.vault);
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_told() {
    let keyring = FakeKeyring::new(Mood::Working);
    let folder = tempfile::tempdir().unwrap();
    // A file where the folder should be: no rights are needed to see this fail.
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    let app = open(&file, &keyring).await;
    assert!(is_broken(&vault(&app).await, VaultProblem::NoAccess), "{:?}", vault(&app).await);
}
