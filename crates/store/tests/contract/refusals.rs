//! What asks for attention is found, however much was done since; what was taken back was never received.

use serde_json::json;

use crate::support::{NOW, SITI, Vault, id, outcome, patch};

#[tokio::test]
async fn a_refusal_is_found_behind_everything_that_was_done_since() {
    let vault = Vault::new().await;
    for n in 1..=60 {
        vault.add(&patch(n, json!({ "ktp_address": format!("Kota {n}") }))).await;
        vault.finish(outcome(n, if n == 1 { "rejected" } else { "applied" }, i64::try_from(n).unwrap())).await;
    }
    assert_eq!(vault.store.counts(SITI).await.unwrap().refused, 1);
    let refusals: Vec<_> = vault.store.refusals(SITI).await.unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(refusals, [id(1)]);
    assert!(vault.store.finished(SITI, 50).await.unwrap().iter().all(|row| row.id != id(1)));
    vault.store.acknowledge(SITI, id(1), NOW).await.unwrap();
    assert!(vault.store.refusals(SITI).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_taken_back_does_not_count_as_received() {
    let vault = Vault::new().await;
    vault.add(&patch(1, json!({ "ktp_address": "Bogor" }))).await;
    vault.finish(outcome(1, "voided", 1)).await;
    assert_eq!(vault.store.counts(SITI).await.unwrap(), prakerja_store::OutboxCounts::default());
}
