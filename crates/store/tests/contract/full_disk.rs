//! A disk without room, and one that may only be read: a small file system of its own, where this user may mount one.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use prakerja_store::{DatabaseKey, KeyInfo, OpenError, Protection, Store};

use crate::support::{NOW, SITI, skipped};

/// Twelve megabytes: the database and its reserve.
struct SmallDisk(PathBuf, #[expect(dead_code, reason = "removed with it")] tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("disk");
        fs::create_dir(&path).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=12m", "tmpfs"]).arg(&path).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self(path, folder))
    }

    /// Fills what is left.
    fn fill(&self) {
        let name = format!("fill-{}", fs::read_dir(&self.0).unwrap().count());
        let mut file = fs::File::create(self.0.join(name)).unwrap();
        for size in [1 << 16, 1 << 12, 1] {
            while file.write_all(&vec![7; size]).is_ok() {}
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn reserve(database: &Path) -> PathBuf {
    database.with_extension("db.reserve")
}

#[tokio::test]
async fn a_full_disk_at_the_start_takes_the_reserve_and_is_named_when_there_is_none() {
    let Some(disk) = SmallDisk::mount() else {
        skipped("this user may not mount a small file system to fill");
        return;
    };
    let path = disk.0.join("applicant.db");
    let key = DatabaseKey::generate().unwrap();
    let store = Store::create(&path, &key, &KeyInfo::new(&key, Protection::Keyring).unwrap()).await.unwrap();
    store.save_draft(SITI, "profile", "full_name", "Siti", NOW).await.unwrap();
    store.close().await;
    assert_eq!(fs::metadata(reserve(&path)).unwrap().len(), 8 << 20);

    disk.fill();
    let store = Store::open(&path, &key).await.unwrap();
    assert_eq!(store.drafts(SITI, "profile").await.unwrap().len(), 1);
    store.save_draft(SITI, "profile", "ktp_address", "Bogor", NOW).await.unwrap();
    store.close().await;

    let _ = fs::remove_file(reserve(&path));
    disk.fill();
    let result = Store::open(&path, &key).await;
    assert!(matches!(result, Err(OpenError::DiskFull)), "{result:?}");
    for entry in fs::read_dir(&disk.0).unwrap().map(|entry| entry.unwrap()) {
        if entry.file_name().to_string_lossy().starts_with("fill-") {
            fs::remove_file(entry.path()).unwrap();
        }
    }
    let store = Store::open(&path, &key).await.unwrap();
    assert_eq!(store.drafts(SITI, "profile").await.unwrap().len(), 2);
    store.close().await;
}

#[tokio::test]
async fn a_disk_that_may_only_be_read_is_no_access() {
    let Some(disk) = SmallDisk::mount() else {
        skipped("this user may not mount a file system that may only be read");
        return;
    };
    let path = disk.0.join("applicant.db");
    let key = DatabaseKey::generate().unwrap();
    let store = Store::create(&path, &key, &KeyInfo::new(&key, Protection::Keyring).unwrap()).await.unwrap();
    store.close().await;
    // The file of its lock is open for writing until then.
    drop(store);
    assert!(Command::new("mount").args(["-o", "remount,ro"]).arg(&disk.0).status().unwrap().success());
    let result = Store::open(&path, &key).await;
    assert!(matches!(result, Err(OpenError::NoAccess(_))), "{result:?}");
}
