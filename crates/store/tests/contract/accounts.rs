//! Sessions: one account is current, and nobody's queue is lost or sent by another.

use prakerja_store::{CodePurpose, CodeState, NOBODY, PendingSignUp, Session, Tokens};
use secrecy::ExposeSecret;
use uuid::Uuid;

use crate::support::{BUDI, EPOCH, NOW, SITI, Vault, id, patch};

const HERE: &str = "https://api.contoh.example";

pub(crate) fn session(account: Uuid, email: &str) -> Session {
    Session {
        account,
        email: email.into(),
        origin: HERE.into(),
        session: id(77),
        tokens: tokens("access-1", "refresh-1"),
        epoch: Some(EPOCH),
        receipt_key: Some("key".into()),
    }
}

fn tokens(access: &str, refresh: &str) -> Tokens {
    Tokens { access: access.into(), access_expires_at: NOW + 900_000, refresh: refresh.into() }
}

fn sign_up(n: u128) -> PendingSignUp {
    PendingSignUp {
        id: id(n),
        purpose: CodePurpose::PasswordBySms,
        email: "siti@contoh.example".into(),
        origin: HERE.into(),
        body: "{}".into(),
        code: None,
        created_at: NOW,
    }
}

const CODE: CodeState = CodeState { expires_at: NOW + 1, resend_at: NOW + 2, resends_left: 5 };

#[tokio::test]
async fn a_session_survives_a_restart_and_ends_the_sign_up() {
    let mut vault = Vault::new().await;
    assert!(vault.store.current_account().await.unwrap().is_none());
    vault.store.save_sign_up(&sign_up(1)).await.unwrap();
    vault.store.save_draft(NOBODY, "profile", "full_name", "Siti", NOW).await.unwrap();
    vault.store.sign_in(&session(SITI, "siti@contoh.example"), true, NOW).await.unwrap();
    vault.reopen().await;
    let account = vault.store.current_account().await.unwrap().unwrap();
    assert_eq!((account.id, account.email.as_str(), account.signed_in), (SITI, "siti@contoh.example", true));
    assert_eq!((account.session, account.epoch), (Some(id(77)), Some(EPOCH)));
    assert_eq!(account.tokens.unwrap().refresh.expose_secret(), "refresh-1");
    assert!(vault.store.sign_up().await.unwrap().is_none());
    assert_eq!(vault.store.drafts(SITI, "profile").await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_draft_belongs_to_whoever_is_current_when_it_is_written() {
    let vault = Vault::new().await;
    let store = &vault.store;
    store.save_current_draft("profile", "ktp_address", "Bogor", NOW).await.unwrap();
    store.sign_in(&session(SITI, "siti@contoh.example"), false, NOW).await.unwrap();
    store.save_current_draft("profile", "ktp_address", "Depok", NOW).await.unwrap();
    store.sign_out(SITI).await.unwrap();
    store.save_current_draft("profile", "ktp_address", "Medan", NOW).await.unwrap();
    assert_eq!(store.drafts(SITI, "profile").await.unwrap()[0].value, "Depok");
    assert_eq!(store.drafts(NOBODY, "profile").await.unwrap()[0].value, "Medan");
}

#[tokio::test]
async fn a_session_with_another_central_rests_until_that_one_is_in_use_again() {
    let vault = Vault::new().await;
    let store = &vault.store;
    store.use_origin(HERE).await.unwrap();
    store.sign_in(&session(SITI, "siti@contoh.example"), false, NOW).await.unwrap();
    assert!(store.current_account().await.unwrap().unwrap().signed_in);

    store.use_origin("https://other.contoh.example").await.unwrap();
    for account in [store.current_account().await.unwrap().unwrap(), store.account(SITI).await.unwrap().unwrap()] {
        assert_eq!((account.id, account.origin.as_str()), (SITI, HERE));
        assert!(!account.signed_in && account.tokens.is_none(), "shown, and nothing of it can be sent");
    }

    store.use_origin(HERE).await.unwrap();
    let account = store.current_account().await.unwrap().unwrap();
    assert!(account.signed_in);
    assert_eq!(account.tokens.unwrap().refresh.expose_secret(), "refresh-1");
}

#[tokio::test]
async fn tokens_are_renewed_only_while_the_session_is_open() {
    let vault = Vault::new().await;
    vault.store.sign_in(&session(SITI, "siti@contoh.example"), false, NOW).await.unwrap();
    assert!(vault.store.renew_tokens(SITI, Some(id(77)), &tokens("access-2", "refresh-2")).await.unwrap());
    let account = vault.store.current_account().await.unwrap().unwrap();
    assert_eq!(account.tokens.unwrap().access.expose_secret(), "access-2");

    vault.store.end_session(SITI, Some(id(77))).await.unwrap();
    let account = vault.store.current_account().await.unwrap().unwrap();
    assert!(!account.signed_in && account.tokens.is_none(), "still shown, can no longer send");
    // A refresh that was on its way when the session ended must not open it again.
    assert!(!vault.store.renew_tokens(SITI, Some(id(77)), &tokens("access-3", "refresh-3")).await.unwrap());
    assert!(vault.store.current_account().await.unwrap().unwrap().tokens.is_none());
}

#[tokio::test]
async fn what_comes_late_for_an_old_session_leaves_the_new_one_alone() {
    let vault = Vault::new().await;
    vault.store.sign_in(&session(SITI, "siti@contoh.example"), false, NOW).await.unwrap();
    let anew = Session { session: id(78), ..session(SITI, "siti@contoh.example") };
    vault.store.sign_in(&anew, false, NOW + 1).await.unwrap();
    assert!(!vault.store.renew_tokens(SITI, Some(id(77)), &tokens("old", "old")).await.unwrap());
    vault.store.end_session(SITI, Some(id(77))).await.unwrap();
    let account = vault.store.account(SITI).await.unwrap().unwrap();
    assert_eq!((account.signed_in, account.session), (true, Some(id(78))));
    assert_eq!(account.tokens.unwrap().access.expose_secret(), "access-1");
}

#[tokio::test]
async fn signing_out_keeps_what_the_person_has_not_sent() {
    let vault = Vault::new().await;
    vault.store.sign_in(&session(SITI, "siti@contoh.example"), false, NOW).await.unwrap();
    vault.add(&patch(1, serde_json::json!({ "full_name": "Siti" }))).await;
    vault.store.sign_out(SITI).await.unwrap();
    assert!(vault.store.current_account().await.unwrap().is_none());

    vault.store.sign_in(&session(BUDI, "budi@contoh.example"), false, NOW + 1).await.unwrap();
    assert_eq!(vault.store.current_account().await.unwrap().unwrap().id, BUDI);
    assert!(vault.next(BUDI).await.is_empty(), "never sent by another");
    assert!(vault.store.command(BUDI, id(1)).await.unwrap().is_none());
    assert!(vault.store.mark_sending(BUDI, &[id(1)], NOW).await.unwrap().is_empty());
    assert_eq!(vault.store.counts(SITI).await.unwrap().waiting(), 1);
    let left = vault.store.account(SITI).await.unwrap().unwrap();
    assert_eq!((left.id, left.signed_in), (SITI, false));

    // Signing out an account that is not current leaves the current one.
    vault.store.sign_out(SITI).await.unwrap();
    assert_eq!(vault.store.current_account().await.unwrap().unwrap().id, BUDI);
}

#[tokio::test]
async fn a_sign_up_keeps_its_id_and_body_until_it_is_over() {
    let mut vault = Vault::new().await;
    vault.store.save_sign_up(&sign_up(1)).await.unwrap();
    vault.reopen().await;
    let waiting = vault.store.sign_up().await.unwrap().unwrap();
    assert_eq!((waiting.id, waiting.body.expose_secret(), waiting.code), (id(1), "{}", None));
    assert!(vault.store.keep_code(id(1), CODE).await.unwrap());
    assert_eq!(vault.store.sign_up().await.unwrap().unwrap().code, Some(CODE));
    let earlier = vault.store.save_sign_up(&sign_up(2)).await.unwrap().unwrap();
    assert_eq!((earlier.id, earlier.code), (id(1), Some(CODE)));
    assert_eq!(vault.store.sign_up().await.unwrap().unwrap().id, id(2));
    vault.store.clear_sign_up().await.unwrap();
    assert!(vault.store.sign_up().await.unwrap().is_none());
}

#[tokio::test]
async fn an_answer_that_comes_late_changes_no_other_sign_up() {
    let vault = Vault::new().await;
    let store = &vault.store;
    store.save_sign_up(&sign_up(1)).await.unwrap();
    store.save_sign_up(&sign_up(2)).await.unwrap();
    assert!(!store.keep_code(id(1), CODE).await.unwrap());
    store.take_sign_up_back(id(1), Some(&sign_up(9))).await.unwrap();
    let waiting = store.sign_up().await.unwrap().unwrap();
    assert_eq!((waiting.id, waiting.code), (id(2), None), "the newer one is as it was");
    store.clear_sign_up().await.unwrap();
    assert!(!store.keep_code(id(2), CODE).await.unwrap());
    store.take_sign_up_back(id(2), Some(&sign_up(1))).await.unwrap();
    assert!(store.sign_up().await.unwrap().is_none(), "what was given up stays so");
}

#[tokio::test]
async fn a_sign_up_that_is_taken_back_makes_room_for_the_one_before() {
    let vault = Vault::new().await;
    let store = &vault.store;
    store.save_sign_up(&sign_up(1)).await.unwrap();
    store.take_sign_up_back(id(1), None).await.unwrap();
    assert!(store.sign_up().await.unwrap().is_none());
    let elsewhere = PendingSignUp { origin: "https://other.contoh.example".into(), ..sign_up(2) };
    store.save_sign_up(&elsewhere).await.unwrap();
    store.use_origin(HERE).await.unwrap();
    assert!(store.sign_up().await.unwrap().is_none(), "it rests");
    let earlier = store.save_sign_up(&sign_up(3)).await.unwrap();
    store.take_sign_up_back(id(3), earlier.as_ref()).await.unwrap();
    store.use_origin(&elsewhere.origin).await.unwrap();
    assert_eq!(store.sign_up().await.unwrap().unwrap().id, id(2));
}

#[tokio::test]
async fn with_an_account_goes_the_code_that_its_address_waits_for_with_the_same_central() {
    let vault = Vault::new().await;
    let store = &vault.store;
    for (origin, stays) in [(HERE, false), ("https://other.contoh.example", true)] {
        store.sign_in(&session(SITI, "siti@contoh.example"), false, NOW).await.unwrap();
        store.save_sign_up(&PendingSignUp { origin: origin.into(), ..sign_up(1) }).await.unwrap();
        store.forget(SITI).await.unwrap();
        assert_eq!(store.sign_up().await.unwrap().is_some(), stays, "{origin}");
    }
}

#[tokio::test]
async fn accounts_are_found_by_their_address_while_their_central_is_in_use() {
    let vault = Vault::new().await;
    let store = &vault.store;
    let other = "https://other.contoh.example";
    for account in [session(SITI, "siti@contoh.example"), session(BUDI, "budi@contoh.example")] {
        store.sign_in(&account, false, NOW).await.unwrap();
    }
    let found = async |email, origin| {
        let found = store.accounts_of(email, origin).await.unwrap();
        found.into_iter().map(|account| (account.id, account.signed_in)).collect::<Vec<_>>()
    };
    store.sign_out(SITI).await.unwrap();
    assert_eq!(found("siti@contoh.example", HERE).await, [(SITI, false)]);
    assert_eq!(found("budi@contoh.example", HERE).await, [(BUDI, true)]);
    assert!(found("rina@contoh.example", HERE).await.is_empty());
    assert!(found("siti@contoh.example", other).await.is_empty());
    store.use_origin(other).await.unwrap();
    assert!(found("siti@contoh.example", HERE).await.is_empty());
}

#[tokio::test]
async fn secrets_are_not_printed() {
    let text = format!("{:?} {:?}", session(SITI, "siti@contoh.example"), sign_up(1));
    assert!(!text.contains("access-1") && !text.contains("refresh-1"), "{text}");
    let key = prakerja_store::DatabaseKey::from_bytes(&[7; 32]).unwrap();
    assert_eq!(format!("{key:?}"), "DatabaseKey(..)");
}
