//! What the tests of the app share: a data folder, keyrings that behave and misbehave, and an app on both.

#![allow(unreachable_pub, missing_docs, reason = "nobody outside of the tests sees this")]
#![allow(dead_code, reason = "every test program uses a part")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at the first surprise")]

pub mod keyring;
pub mod notifier;
pub mod person;
pub mod process;
pub mod queue;
pub mod wait;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use prakerja_app::keys::KeyStore;
use prakerja_app::{App, AppConfig, SystemClock, SystemDisk};

pub use keyring::{FakeKeyring, Mood};
pub use notifier::Heard;

/// A central that nobody reaches, since nothing listens there: a test without one of its own asks nobody.
pub const NOBODY_THERE: &str = "http://127.0.0.1:9";

/// How long a keyring that does not answer is waited for; any other one gets the time that a busy computer needs.
fn patience(keyring: &FakeKeyring) -> Duration {
    if keyring.is_stuck() { Duration::from_millis(500) } else { Duration::from_secs(30) }
}

/// A configuration on a data folder.
pub fn config(folder: &Path, keyring: &Arc<FakeKeyring>) -> AppConfig {
    AppConfig {
        data_dir: folder.to_owned(),
        documents_dir: folder.join("documents"),
        central: Some(NOBODY_THERE.into()),
        key_store: Arc::clone(keyring) as Arc<dyn KeyStore>,
        key_patience: patience(keyring),
        version: "0.1.0".into(),
        os: "test".into(),
        device_name: "Komputer uji".into(),
        clock: Arc::new(SystemClock),
        disk: Arc::new(SystemDisk),
        notifier: Arc::new(Heard::default()),
        sync: prakerja_app::SyncTimes::default(),
    }
}

/// An app on a data folder, with its database opened as far as it goes.
pub async fn open(folder: &Path, keyring: &Arc<FakeKeyring>) -> App {
    App::open(config(folder, keyring)).await
}

/// Everything in clear that must not be found in any file of a data folder.
pub fn found_in_clear(folder: &Path, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let holds = |word: &&&str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
            found.extend(words.iter().filter(holds).map(|word| format!("{word} in {}", path.display())));
        }
    }
    found
}
