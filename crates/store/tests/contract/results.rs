//! Final answers, receipts, replay, forgetting.

use prakerja_store::{CommandOutcome, OutboxState};
use serde_json::json;

use crate::support::{BUDI, NONE, NOW, SITI, Vault, id, outcome, patch, request};

const DAY: i64 = 24 * 3600 * 1000;

#[tokio::test]
async fn an_answer_finishes_the_command_that_it_names_and_keeps_payload_and_receipt() {
    let mut vault = Vault::new().await;
    vault.add(&request(1, 11, 111)).await;
    vault.add(&request(2, 22, 222)).await;
    vault.send(id(1)).await;
    assert_eq!(vault.finish(outcome(1, "applied", 412)).await, [id(1)]);
    vault.reopen().await;
    let row = vault.row(id(1)).await;
    assert_eq!((row.state, row.status.as_deref(), row.done_at), (OutboxState::Done, Some("applied"), Some(NOW + 5)));
    assert_eq!(row.payload["training"], json!(id(111)));
    let receipt = row.receipt.unwrap();
    assert_eq!((receipt.seq, receipt.received_at, receipt.number.as_deref()), (Some(412), NOW + 1, Some("PK-1")));
    assert_eq!(receipt.text.as_deref(), Some("signed-1-412"));
    assert_eq!(vault.row(id(2)).await.state, OutboxState::Queued);
}

#[tokio::test]
async fn the_same_answer_again_finishes_nothing_and_renews_the_receipt() {
    let vault = Vault::new().await;
    vault.add(&request(1, 11, 111)).await;
    vault.finish(outcome(1, "applied", 412)).await;
    assert_eq!(vault.finish(outcome(1, "applied", 412)).await, NONE);
    // After a restore central gives another sequence.
    let outcomes = [outcome(1, "applied", 7), outcome(99, "applied", 8)];
    assert_eq!(vault.store.record_results(SITI, &outcomes, NOW + 99).await.unwrap(), NONE);
    let row = vault.row(id(1)).await;
    assert_eq!((row.done_at, row.receipt.unwrap().seq), (Some(NOW + 5), Some(7)));
    // Another account's answer finishes nothing.
    vault.add(&request(2, 22, 222)).await;
    assert_eq!(vault.store.record_results(BUDI, &[outcome(2, "applied", 1)], NOW).await.unwrap(), NONE);
    assert_eq!(vault.row(id(2)).await.state, OutboxState::Queued);
}

#[tokio::test]
async fn a_worse_answer_after_a_restore_is_shown_and_leaves_the_better_receipt() {
    let vault = Vault::new().await;
    vault.add(&request(1, 11, 111)).await;
    vault.finish(outcome(1, "applied", 412)).await;
    let mut refused = outcome(1, "rejected", 7);
    refused.received_at = Some(NOW + 99);
    refused.problem = Some(json!({ "code": "seat-full" }));
    for noted in [false, true] {
        assert_eq!(vault.finish(refused.clone()).await, NONE);
        let row = vault.row(id(1)).await;
        assert_eq!((row.status.as_deref(), row.last_problem), (Some("rejected"), refused.problem.clone()));
        let receipt = row.receipt.unwrap();
        let kept = (receipt.status.as_str(), receipt.seq, receipt.received_at, receipt.text.as_deref());
        assert_eq!(kept, ("applied", Some(412), NOW + 1, Some("signed-1-412")));
        // The person takes note once, not of every repeat.
        assert_eq!(vault.store.counts(SITI).await.unwrap().refused, u32::from(!noted));
        vault.store.acknowledge(SITI, id(1), NOW).await.unwrap();
    }
    // It was asked for again with its receipt, and there is a seat after all.
    vault.finish(outcome(1, "applied", 9)).await;
    let row = vault.row(id(1)).await;
    assert_eq!((row.status.as_deref(), row.receipt.unwrap().seq), (Some("applied"), Some(9)));
}

#[tokio::test]
async fn a_conflict_keeps_both_values() {
    let vault = Vault::new().await;
    vault.add(&patch(1, json!({ "ktp_address": "Bogor" }))).await;
    let mut conflict = outcome(1, "conflict", 3);
    conflict.current = Some(json!({ "ktp_address": "Depok" }));
    vault.finish(conflict).await;
    let row = vault.row(id(1)).await;
    assert_eq!(
        (row.payload["fields"]["ktp_address"].as_str(), row.current),
        (Some("Bogor"), Some(json!({ "ktp_address": "Depok" })))
    );
}

#[tokio::test]
async fn our_own_change_is_no_conflict_with_the_next_one() {
    let cases = [
        // (base of both patches, revision after the first, base of the second then)
        (Some(17), Some(18), Some(18)),
        (None, Some(1), Some(1)),
        // Somebody else wrote in between: central must compare.
        (Some(17), Some(19), Some(17)),
        (Some(17), None, Some(17)),
    ];
    for (base, rev, expected) in cases {
        let vault = Vault::new().await;
        for n in 1..=2 {
            let mut command = patch(n, json!({ "ktp_address": format!("{n}") }));
            command.base_rev = base;
            vault.add(&command).await;
            if n == 1 {
                vault.send(id(1)).await;
            }
        }
        let mut applied = outcome(1, "applied", 3);
        applied.rev = rev;
        vault.finish(applied).await;
        assert_eq!(vault.row(id(2)).await.base_rev, expected, "{base:?} {rev:?}");
    }
}

#[tokio::test]
async fn after_a_restore_the_receipts_behind_it_are_found_in_central_order() {
    let vault = Vault::new().await;
    for (n, seq) in [(1, 30), (2, 10), (3, 20)] {
        vault.add(&request(n, n * 11, n * 111)).await;
        vault.finish(outcome(n, "applied", seq)).await;
    }
    vault.add(&request(4, 44, 444)).await;
    vault.add(&request(5, 55, 555)).await;
    let mut unsigned = outcome(5, "applied", 40);
    unsigned.receipt = None;
    vault.finish(unsigned).await;
    // A refusal had no effect; the person may have decided otherwise since.
    vault.add(&request(6, 66, 666)).await;
    vault.finish(outcome(6, "rejected", 35)).await;
    let rows = vault.store.replayable_receipts(SITI, 10).await.unwrap();
    let found: Vec<_> = rows.iter().map(|row| (row.id, row.receipt.as_ref().unwrap().seq)).collect();
    assert_eq!(found, [(id(3), Some(20)), (id(1), Some(30))]);
    assert_eq!(rows[0].payload["training"], json!(id(333)));
    assert!(vault.store.replayable_receipts(BUDI, 0).await.unwrap().is_empty());
}

#[tokio::test]
async fn finished_commands_are_forgotten_after_ninety_days_and_waiting_ones_never() {
    let vault = Vault::new().await;
    for n in 1..=4 {
        vault.add(&request(n, n * 11, n * 111)).await;
    }
    vault.finish(outcome(1, "applied", 1)).await;
    vault.finish(outcome(2, "rejected", 2)).await;
    vault.finish(outcome(3, "rejected", 3)).await;
    vault.store.acknowledge(SITI, id(3), NOW).await.unwrap();
    assert_eq!(vault.store.prune(NOW + 90 * DAY).await.unwrap(), 0);
    assert_eq!(vault.store.prune(NOW + 91 * DAY).await.unwrap(), 2);
    assert!(vault.store.command(SITI, id(1)).await.unwrap().is_none());
    assert!(vault.store.command(SITI, id(2)).await.unwrap().is_some(), "the person has not seen the refusal");
    assert!(vault.store.command(SITI, id(3)).await.unwrap().is_none());
    assert!(vault.store.command(SITI, id(4)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_receipt_stays_ninety_days_although_the_date_here_was_wrong_when_it_came() {
    let vault = Vault::new().await;
    vault.add(&request(1, 11, 111)).await;
    let years_behind = NOW - 1_000 * DAY;
    vault.store.record_results(SITI, &[outcome(1, "applied", 1)], years_behind).await.unwrap();
    assert_eq!(vault.store.prune(NOW + 10 * DAY).await.unwrap(), 0);
    assert_eq!(vault.store.prune(NOW + 91 * DAY).await.unwrap(), 1);
}

#[tokio::test]
async fn the_revision_that_an_answer_named_is_kept() {
    let vault = Vault::new().await;
    vault.add(&request(1, 11, 111)).await;
    assert_eq!(vault.store.answered_rev(SITI, id(1)).await.unwrap(), None);
    let conflict = CommandOutcome { rev: Some(7), ..outcome(1, "conflict", 3) };
    vault.finish(conflict).await;
    assert_eq!(vault.store.answered_rev(SITI, id(1)).await.unwrap(), Some(7));
    assert_eq!(vault.store.answered_rev(BUDI, id(1)).await.unwrap(), None);
}
