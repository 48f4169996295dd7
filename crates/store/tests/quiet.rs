//! Neither the log nor the terminal learns the key or anything typed. In a program of its own: the log is the whole process's.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, also in what tests share")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use prakerja_store::{DatabaseKey, KeyInfo, NOBODY, OpenError, Protection, Store, TrainingQuery};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

const KEY: [u8; 32] = [0x5a; 32];
const NIK: &str = "3201014502030001";
const FOLDER: &str = "STORE_QUIET_FOLDER";

/// Keeps everything that anybody logs, at every level.
#[derive(Clone, Default)]
struct Everything(Arc<Mutex<String>>);

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Fields(&mut self.0.lock().unwrap()));
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Fields(&mut self.0.lock().unwrap()));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut Fields(&mut self.0.lock().unwrap()));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn neither_key_nor_typed_text_is_logged() {
    let log = Everything::default();
    tracing::subscriber::set_global_default(log.clone()).unwrap();
    tracing::trace!("the log works");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("applicant.db");
    let key = DatabaseKey::from_bytes(&KEY).unwrap();
    let info = KeyInfo::new(&key, Protection::Keyring).unwrap();
    let store = Store::create(&path, &key, &info).await.unwrap();
    store.save_draft(NOBODY, "profile", "nik", NIK, 1).await.unwrap();
    let query = TrainingQuery { text: NIK.into(), ..TrainingQuery::default() };
    store.search_trainings(&query).await.unwrap();
    let shown = format!("{store:?} {key:?}");
    store.close().await;
    std::fs::write(&path, [1; 8192]).unwrap();
    let error = Store::open(&path, &key).await.unwrap_err();
    let shown = format!("{shown} {error:?} {error}");

    let log = log.0.lock().unwrap().clone() + &shown;
    assert!(log.contains("the log works"));
    let hex: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    for secret in [&hex, &hex.to_uppercase(), NIK, "90, 90, 90, 90"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

/// Not a test by itself: the child of the one below, which names it.
#[tokio::test]
async fn child() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let other = DatabaseKey::from_bytes(&[1; 32]).unwrap();
    let result = Store::open(&Path::new(&folder).join("applicant.db"), &other).await;
    assert!(matches!(result, Err(OpenError::WrongKey)), "{result:?}");
}

#[tokio::test]
async fn a_wrong_key_prints_nothing_on_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("applicant.db");
    let key = DatabaseKey::from_bytes(&KEY).unwrap();
    let info = KeyInfo::new(&key, Protection::Keyring).unwrap();
    Store::create(&path, &key, &info).await.unwrap().close().await;
    // Without the side file SQLCipher itself has to find out.
    KeyInfo::paths(&path).iter().for_each(|file| std::fs::remove_file(file).unwrap());
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
