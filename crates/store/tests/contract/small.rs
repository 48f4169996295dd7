//! Device, facts, time anchor, checks.

use prakerja_store::{Anchor, CheckResult, NOBODY};
use serde_json::json;

use crate::support::{NOW, SITI, Vault, id};

#[tokio::test]
async fn a_computer_keeps_its_name() {
    let mut vault = Vault::new().await;
    let first = vault.store.device().await.unwrap();
    vault.reopen().await;
    assert_eq!(vault.store.device().await.unwrap(), first);
}

#[tokio::test]
async fn facts_are_set_changed_and_removed() {
    let vault = Vault::new().await;
    assert_eq!(vault.store.fact(NOBODY, "operator").await.unwrap(), None);
    vault.store.set_fact(NOBODY, "operator", Some("a")).await.unwrap();
    vault.store.set_fact(NOBODY, "operator", Some("b")).await.unwrap();
    vault.store.set_fact(SITI, "operator", Some("c")).await.unwrap();
    assert_eq!(vault.store.fact(NOBODY, "operator").await.unwrap().as_deref(), Some("b"));
    vault.store.set_fact(NOBODY, "operator", None).await.unwrap();
    assert_eq!(vault.store.fact(NOBODY, "operator").await.unwrap(), None);
    assert_eq!(vault.store.fact(SITI, "operator").await.unwrap().as_deref(), Some("c"));
    assert_eq!(vault.store.facts("operator").await.unwrap(), [(SITI, "c".to_owned())]);
}

#[tokio::test]
async fn the_last_anchor_is_kept() {
    let vault = Vault::new().await;
    assert_eq!(vault.store.anchor().await.unwrap(), None);
    for rtt_ms in [300, 40] {
        let anchor = Anchor { server_ms: NOW, device_ms: NOW - 5, rtt_ms, boot: id(8), steady_ms: 77 };
        vault.store.save_anchor(&anchor).await.unwrap();
        assert_eq!(vault.store.anchor().await.unwrap(), Some(anchor));
    }
}

#[tokio::test]
async fn fifty_checks_are_kept_newest_first() {
    let vault = Vault::new().await;
    assert_eq!(vault.store.last_check().await.unwrap(), None);
    for n in 0..60 {
        let check = CheckResult { at: NOW + n, verdict: "stable".into(), detail: json!({ "n": n }) };
        vault.store.save_check(&check).await.unwrap();
    }
    let checks = vault.store.checks(100).await.unwrap();
    assert_eq!(checks.len(), 50);
    assert_eq!((checks[0].at, checks[49].at), (NOW + 59, NOW + 10));
    assert_eq!(vault.store.last_check().await.unwrap().unwrap().detail, json!({ "n": 59 }));
}
