//! A program that ends without having closed its database ends well all the same.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at the first surprise")]

use std::path::Path;
use std::process::{Command, exit};

use prakerja_store::{DatabaseKey, KeyInfo, NOBODY, Protection, Store};

/// Names the folder to the child.
const FOLDER: &str = "PRAKERJA_ENDING_FOLDER";
/// Databases that the child leaves open: their connections close while the program ends.
const LEFT_OPEN: usize = 4;

async fn used(path: &Path) -> Store {
    let key = DatabaseKey::from_bytes(&[7; 32]).unwrap();
    let info = KeyInfo::new(&key, Protection::Keyring).unwrap();
    let store = Store::create(path, &key, &info).await.unwrap();
    store.save_draft(NOBODY, "profile", "full_name", "Rina", 1).await.unwrap();
    let read = || store.drafts(NOBODY, "profile");
    tokio::try_join!(read(), read(), read()).unwrap();
    store
}

/// Not a test by itself: the child of the one below.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let left_open: Vec<Store> = runtime.block_on(async {
        let mut stores = Vec::new();
        for number in 0..LEFT_OPEN {
            stores.push(used(&Path::new(&folder).join(format!("{number}.db"))).await);
        }
        stores
    });
    drop(left_open);
    runtime.shutdown_background();
    exit(0);
}

#[test]
fn connections_that_were_left_open_do_not_crash_the_end() {
    // Without a wait about one in seven crashes.
    for _ in 0..30 {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap());
        let output = child.args(["--exact", "child"]).env(FOLDER, folder.path()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
}
