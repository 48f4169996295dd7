//! The feed and snapshots: rows and cursor together, duplicates and disorder harmless.

use std::collections::BTreeMap;

use prakerja_store::{FeedChange, FeedPage, SnapshotPage, SnapshotProgress, SnapshotStep, StoreError};
use proptest::prelude::*;
use serde_json::json;

use crate::support::{BUDI, EPOCH, NOW, SITI, Vault, enrolment, gone, id, put};

#[tokio::test]
async fn a_page_stores_rows_and_cursor_and_keeps_unknown_members() {
    let mut vault = Vault::new().await;
    assert_eq!(vault.store.feed(SITI).await.unwrap(), None);
    let data = enrolment(111, "seat_confirmed");
    let applied = vault
        .page("c1", vec![put(5, "enrolment", 1, 3, data.clone()), put(6, "profile", 2, 1, json!({ "fields": {} }))])
        .await;
    assert_eq!(
        (applied.records, applied.kinds.into_iter().collect::<Vec<_>>()),
        (2, vec!["enrolment".into(), "profile".into()])
    );
    vault.reopen().await;
    let record = vault.store.record(SITI, "enrolment", id(1)).await.unwrap().unwrap();
    assert_eq!((record.rev, record.data), (3, data));
    let feed = vault.store.feed(SITI).await.unwrap().unwrap();
    assert_eq!((feed.epoch, feed.cursor.as_str(), feed.seen_seq, feed.as_of), (EPOCH, "c1", 6, NOW));
    assert!(vault.store.feed(BUDI).await.unwrap().is_none());
    assert!(vault.store.records(BUDI, "enrolment").await.unwrap().is_empty());
}

#[tokio::test]
async fn only_a_newer_revision_changes_a_record() {
    let vault = Vault::new().await;
    let steps = [
        (put(1, "x", 1, 3, json!("three")), 1, Some("three")),
        (put(1, "x", 1, 3, json!("again")), 0, Some("three")),
        (put(2, "x", 1, 2, json!("older")), 0, Some("three")),
        (gone(3, "x", 1, 4), 1, None),
        (put(2, "x", 1, 3, json!("late")), 0, None),
        (put(4, "x", 1, 5, json!("back")), 1, Some("back")),
    ];
    for (n, (change, changed, expected)) in steps.into_iter().enumerate() {
        assert_eq!(vault.page(&format!("c{n}"), vec![change]).await.records, changed, "step {n}");
        let record = vault.store.record(SITI, "x", id(1)).await.unwrap();
        assert_eq!(record.as_ref().map(|record| record.data.as_str().unwrap()), expected, "step {n}");
    }
    assert_eq!(vault.store.live_records(SITI).await.unwrap(), [("x".to_owned(), id(1), 5)]);
    assert_eq!(vault.store.feed(SITI).await.unwrap().unwrap().seen_seq, 4);
}

#[tokio::test]
async fn a_page_of_another_epoch_changes_nothing() {
    let vault = Vault::new().await;
    vault.page("c1", vec![put(1, "x", 1, 1, json!(1))]).await;
    let page = FeedPage { epoch: id(999), cursor: "c2".into(), changes: vec![put(2, "x", 1, 2, json!(2))] };
    let result = vault.store.apply_page(SITI, &page, NOW).await;
    assert!(matches!(result, Err(StoreError::OtherEpoch)), "{result:?}");
    assert_eq!(vault.store.feed(SITI).await.unwrap().unwrap().cursor, "c1");
    assert_eq!(vault.store.record(SITI, "x", id(1)).await.unwrap().unwrap().rev, 1);
}

fn snapshot(seq: i64, changes: Vec<FeedChange>, next: Option<&str>) -> SnapshotPage {
    SnapshotPage {
        epoch: id(2),
        as_of_seq: seq,
        records: changes,
        next: next.map(Into::into),
        cursor: format!("s{seq}"),
    }
}

#[tokio::test]
async fn a_snapshot_replaces_the_records_only_when_it_is_whole() {
    let mut vault = Vault::new().await;
    vault.page("c1", vec![put(1, "x", 1, 9, json!("old")), put(2, "x", 2, 9, json!("old"))]).await;
    let page = snapshot(7, vec![put(5, "x", 1, 1, json!("new"))], Some("p2"));
    assert_eq!(vault.store.apply_snapshot_page(SITI, &page, NOW).await.unwrap(), SnapshotStep::More);
    assert_eq!(vault.store.record(SITI, "x", id(1)).await.unwrap().unwrap().data, json!("old"));

    // Interrupted: it goes on where it was.
    vault.reopen().await;
    let progress = vault.store.snapshot_progress(SITI).await.unwrap();
    assert_eq!(progress, Some(SnapshotProgress { epoch: id(2), as_of_seq: 7, next: "p2".into() }));
    // The page came twice.
    for _ in 0..2 {
        let page = snapshot(7, vec![put(6, "x", 3, 1, json!("new"))], Some("p3"));
        assert_eq!(vault.store.apply_snapshot_page(SITI, &page, NOW).await.unwrap(), SnapshotStep::More);
    }
    let step = vault.store.apply_snapshot_page(SITI, &snapshot(7, vec![], None), NOW + 1).await.unwrap();
    assert_eq!(step, SnapshotStep::Swapped);
    let live: Vec<_> =
        vault.store.live_records(SITI).await.unwrap().into_iter().map(|(_, id, rev)| (id, rev)).collect();
    assert_eq!(live, [(id(1), 1), (id(3), 1)], "also lower revisions: central was restored");
    let feed = vault.store.feed(SITI).await.unwrap().unwrap();
    assert_eq!((feed.epoch, feed.cursor.as_str(), feed.seen_seq, feed.as_of), (id(2), "s7", 7, NOW + 1));
    assert_eq!(vault.store.snapshot_progress(SITI).await.unwrap(), None);
}

#[tokio::test]
async fn a_snapshot_of_another_moment_starts_over() {
    let vault = Vault::new().await;
    vault
        .store
        .apply_snapshot_page(SITI, &snapshot(7, vec![put(1, "x", 1, 1, json!(7))], Some("p2")), NOW)
        .await
        .unwrap();
    vault
        .store
        .apply_snapshot_page(SITI, &snapshot(8, vec![put(1, "x", 2, 1, json!(8))], Some("p2")), NOW)
        .await
        .unwrap();
    vault.store.apply_snapshot_page(BUDI, &snapshot(1, vec![put(1, "x", 9, 1, json!(1))], None), NOW).await.unwrap();
    assert_eq!(vault.store.snapshot_progress(SITI).await.unwrap().unwrap().as_of_seq, 8);
    vault.store.apply_snapshot_page(SITI, &snapshot(8, vec![], None), NOW).await.unwrap();
    assert_eq!(vault.store.live_records(SITI).await.unwrap(), [("x".to_owned(), id(2), 1)]);
    assert_eq!(vault.store.snapshot_progress(SITI).await.unwrap(), None);
    assert_eq!(vault.store.live_records(SITI).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_snapshot_on_an_empty_store_is_the_first_state() {
    let vault = Vault::new().await;
    let page = snapshot(3, vec![put(1, "x", 1, 1, json!(1))], None);
    assert_eq!(vault.store.apply_snapshot_page(SITI, &page, NOW).await.unwrap(), SnapshotStep::Swapped);
    assert_eq!(vault.store.live_records(SITI).await.unwrap().len(), 1);
}

/// A history of few records with rising revisions, as central makes it.
fn history() -> impl Strategy<Value = Vec<FeedChange>> {
    prop::collection::vec((0..4_u128, prop::bool::weighted(0.2)), 1..25).prop_map(|steps| {
        let mut revs = [0_i64; 4];
        let step = |(n, (record, deletes)): (usize, (u128, bool))| {
            let rev = &mut revs[record as usize];
            *rev += 1;
            let seq = n as i64 + 1;
            if deletes { gone(seq, "x", record, *rev) } else { put(seq, "x", record, *rev, json!({ "rev": *rev })) }
        };
        steps.into_iter().enumerate().map(step).collect()
    })
}

/// The same history as a bad connection delivers it: every change at least once, some again, in any order, in pages.
fn delivery() -> impl Strategy<Value = (Vec<FeedChange>, Vec<Vec<FeedChange>>)> {
    history().prop_flat_map(|changes| {
        let doubled = [changes.clone(), changes.clone()].concat();
        let kept = (prop::collection::vec(any::<bool>(), changes.len()), Just(changes.clone()));
        let shuffled = (Just(doubled).prop_shuffle(), kept).prop_map(move |(doubled, (keep, all))| {
            let mut seen = vec![0; all.len() + 1];
            doubled
                .into_iter()
                .filter(|change| {
                    let times = &mut seen[change.seq as usize];
                    *times += 1;
                    *times == 1 || keep[change.seq as usize - 1]
                })
                .collect::<Vec<_>>()
        });
        (Just(changes), shuffled, 1..6_usize)
            .prop_map(|(changes, shuffled, size)| (changes, shuffled.chunks(size).map(<[_]>::to_vec).collect()))
    })
}

#[test]
fn any_delivery_of_a_history_gives_the_same_records() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let vault = runtime.block_on(Vault::new());
    let config = ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let result = runner.run(&delivery(), |(changes, pages)| {
        runtime.block_on(deliver(&vault, &changes, pages));
        Ok(())
    });
    runtime.block_on(vault.store.close());
    result.unwrap();
}

/// Each delivery goes to an account of its own.
async fn deliver(vault: &Vault, changes: &[FeedChange], pages: Vec<Vec<FeedChange>>) {
    let account = uuid::Uuid::new_v4();
    for page in pages {
        let page = FeedPage { epoch: EPOCH, cursor: "c".into(), changes: page };
        vault.store.apply_page(account, &page, NOW).await.unwrap();
    }
    let mut expected = BTreeMap::new();
    for change in changes {
        match change.data {
            Some(_) => expected.insert(change.id, change.rev),
            None => expected.remove(&change.id),
        };
    }
    let live = vault.store.live_records(account).await.unwrap();
    assert_eq!(live.into_iter().map(|(_, id, rev)| (id, rev)).collect::<BTreeMap<_, _>>(), expected);
    for record in vault.store.records(account, "x").await.unwrap() {
        assert_eq!(record.data, json!({ "rev": record.rev }));
    }
    assert_eq!(vault.store.feed(account).await.unwrap().unwrap().seen_seq, changes.len() as i64);
}
