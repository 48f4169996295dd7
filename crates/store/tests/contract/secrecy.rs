//! No file in the folder holds what was typed in clear, also not while the store is open.

use std::fs;
use std::path::Path;

use prakerja_store::{CodePurpose, DraftChange, KeyFile, NOBODY, PendingSignUp, Session, Tokens};
use secrecy::SecretString;
use serde_json::json;

use crate::support::{EPOCH, NOW, SITI, Vault, enrolment, id, outcome, patch, put, request};

const NAME: &str = "Siti Rahmawati Kusumaningrum";
const NIK: &str = "3201014502030001";
const EMAIL: &str = "siti.rahmawati@contoh.example";
const REFRESH: &str = "refresh-token-zyxwvutsrq";
const PASSPHRASE: &str = "kucing kuda kereta 77";

fn search(folder: &Path, key: &[u8; 32]) -> (usize, Vec<String>) {
    let mut found = Vec::new();
    let mut files = 0;
    let key_hex = hex(key);
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let mut secrets: Vec<(String, Vec<u8>)> =
        vec![("key".into(), key.to_vec()), ("key in hex".into(), key_hex.into_bytes())];
    for text in [NAME, NIK, EMAIL, REFRESH, PASSPHRASE, "Rahmawati", "Barista", "profile.patch", "create table"] {
        secrets.push((text.into(), text.as_bytes().to_vec()));
        secrets.push((format!("{text} as UTF-16"), utf16(text)));
    }
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "lock") {
            continue;
        }
        files += 1;
        let bytes = fs::read(&path).unwrap();
        for (what, secret) in &secrets {
            if bytes.windows(secret.len()).any(|window| window == secret) {
                found.push(format!("{what} in {}", path.display()));
            }
        }
    }
    (files, found)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn no_file_holds_typed_text_or_the_key() {
    let vault = Vault::new().await;
    let key = *vault.key.expose();
    KeyFile::wrap(&vault.key, id(1), &SecretString::from(PASSPHRASE)).unwrap().write(&vault.path()).unwrap();
    let store = &vault.store;
    store.save_draft(NOBODY, "profile", "full_name", NAME, NOW).await.unwrap();
    store.save_draft(NOBODY, "profile", "nik", NIK, NOW).await.unwrap();
    let sign_up = PendingSignUp {
        id: id(1),
        purpose: CodePurpose::Account,
        email: EMAIL.into(),
        origin: "https://api.contoh.example".into(),
        body: EMAIL.into(),
        code: None,
        created_at: NOW,
    };
    store.save_sign_up(&sign_up).await.unwrap();
    let session = Session {
        account: SITI,
        email: EMAIL.into(),
        origin: "https://api.contoh.example".into(),
        session: id(3),
        tokens: Tokens { access: REFRESH.into(), access_expires_at: NOW, refresh: REFRESH.into() },
        epoch: Some(EPOCH),
        receipt_key: None,
    };
    store.sign_in(&session, true, NOW).await.unwrap();
    let command = patch(1, json!({ "full_name": NAME, "nik": NIK }));
    store.enqueue(SITI, &command, &DraftChange::clear("profile")).await.unwrap();
    vault.add(&request(2, 22, 222)).await;
    vault.finish(outcome(2, "applied", 1)).await;
    vault
        .page(
            "c",
            vec![
                put(1, "enrolment", 22, 1, enrolment(222, "scheduled")),
                put(2, "profile", 1, 1, json!({ "n": NAME })),
            ],
        )
        .await;
    store.activities(SITI).await.unwrap();

    let (files, found) = search(vault.folder.path(), &key);
    assert!(files >= 4, "database, log, index, side file: {files}");
    assert!(vault.folder.path().join("applicant.db-wal").metadata().unwrap().len() > 0);
    assert_eq!(found, Vec::<String>::new());

    let (folder, _) = vault.close().await;
    let (_, found) = search(folder.path(), &key);
    assert_eq!(found, Vec::<String>::new());
    let first = fs::read(folder.path().join("applicant.db")).unwrap();
    assert_ne!(&first[..15], b"SQLite format 3");

    // The search itself finds what is there.
    fs::write(folder.path().join("leak.txt"), format!("x{NIK}x")).unwrap();
    assert_eq!(search(folder.path(), &key).1.len(), 1);
}
