//! Typed text: kept exactly, per person, adopted by the one who gets an account.

use prakerja_store::{Draft, DraftChange, NOBODY};

use crate::accounts::session;
use crate::support::{BUDI, NOW, SITI, Vault};

async fn values(vault: &Vault, account: uuid::Uuid, form: &str) -> Vec<(String, String)> {
    let mut drafts = vault.store.drafts(account, form).await.unwrap();
    drafts.sort_by(|a, b| a.field.cmp(&b.field));
    drafts.into_iter().map(|draft| (draft.field, draft.value)).collect()
}

#[tokio::test]
async fn text_comes_back_exactly_as_typed_after_a_restart() {
    let mut vault = Vault::new().await;
    let typed = ["", " Siti  ", "<b>'; drop table draft; --", "नमस्ते 👋🏽 e\u{301}", "a\nb\tc\"\\", &"x".repeat(100_000)];
    for (n, text) in typed.iter().enumerate() {
        vault.store.save_draft(SITI, "profile", &format!("field{n}"), text, NOW + n as i64).await.unwrap();
    }
    vault.reopen().await;
    let drafts = vault.store.drafts(SITI, "profile").await.unwrap();
    assert_eq!(drafts.len(), typed.len());
    for (n, text) in typed.iter().enumerate() {
        let expected = Draft {
            form: "profile".into(),
            field: format!("field{n}"),
            value: (*text).into(),
            saved_at: NOW + n as i64,
        };
        assert!(drafts.contains(&expected), "{n}");
    }
}

#[tokio::test]
async fn the_last_text_of_a_field_counts_and_persons_are_apart() {
    let vault = Vault::new().await;
    vault.store.save_draft(SITI, "profile", "ktp_address", "Bandung", NOW).await.unwrap();
    vault.store.save_draft(SITI, "profile", "ktp_address", "Banda Aceh", NOW + 1).await.unwrap();
    vault.store.save_draft(SITI, "sign_up", "city", "other form", NOW).await.unwrap();
    vault.store.save_draft(BUDI, "profile", "ktp_address", "Medan", NOW).await.unwrap();
    assert_eq!(values(&vault, SITI, "profile").await, [("ktp_address".into(), "Banda Aceh".into())]);
    assert_eq!(values(&vault, BUDI, "profile").await, [("ktp_address".into(), "Medan".into())]);
    assert_eq!(values(&vault, NOBODY, "profile").await, []);
}

#[tokio::test]
async fn several_fields_change_at_once() {
    let vault = Vault::new().await;
    for field in ["a", "b", "c"] {
        vault.store.save_draft(SITI, "profile", field, "old", NOW).await.unwrap();
    }
    let save = vec![Draft { form: "profile".into(), field: "d".into(), value: "new".into(), saved_at: NOW }];
    let read = vault.store.drafts(SITI, "profile").await.unwrap();
    let settled = read.into_iter().filter(|draft| draft.field == "b").collect();
    let change = DraftChange { save, settled, ..DraftChange::none() };
    vault.store.change_drafts(SITI, &change).await.unwrap();
    let left: Vec<String> = values(&vault, SITI, "profile").await.into_iter().map(|(field, _)| field).collect();
    assert_eq!(left, ["a", "c", "d"]);
    vault.store.change_drafts(SITI, &DraftChange::clear("profile")).await.unwrap();
    assert_eq!(values(&vault, SITI, "profile").await, []);
}

#[tokio::test]
async fn what_was_typed_after_the_drafts_were_read_stays() {
    let vault = Vault::new().await;
    vault.store.save_draft(SITI, "profile", "ktp_address", "Bogor", NOW).await.unwrap();
    vault.store.save_draft(SITI, "profile", "address", "old street", NOW).await.unwrap();
    let read = vault.store.drafts(SITI, "profile").await.unwrap();
    vault.store.save_draft(SITI, "profile", "address", "new street", NOW).await.unwrap();
    vault.store.save_draft(SITI, "profile", "phone", "0812", NOW).await.unwrap();
    vault.store.change_drafts(SITI, &DraftChange::settle(&read)).await.unwrap();
    let expected = [("address", "new street"), ("phone", "0812")];
    assert_eq!(values(&vault, SITI, "profile").await, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
}

#[tokio::test]
async fn what_nobody_typed_goes_to_the_person_and_the_newer_text_stays() {
    let vault = Vault::new().await;
    vault.store.save_draft(NOBODY, "profile", "full_name", "Siti", NOW).await.unwrap();
    vault.store.save_draft(NOBODY, "profile", "ktp_address", "Bogor", NOW).await.unwrap();
    vault.store.save_draft(NOBODY, "profile", "address", "new street", NOW + 9).await.unwrap();
    vault.store.save_draft(SITI, "profile", "ktp_address", "Depok", NOW + 1).await.unwrap();
    vault.store.save_draft(SITI, "profile", "address", "old street", NOW + 1).await.unwrap();
    vault.store.sign_in(&session(SITI, "siti@contoh.example"), true, NOW).await.unwrap();
    let expected = [("address", "new street"), ("full_name", "Siti"), ("ktp_address", "Depok")];
    assert_eq!(values(&vault, SITI, "profile").await, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert_eq!(values(&vault, NOBODY, "profile").await, []);
    vault.store.sign_in(&session(BUDI, "budi@contoh.example"), true, NOW).await.unwrap();
    assert_eq!(values(&vault, BUDI, "profile").await, []);
}
