//! What can only be seen from inside: schema, settings of connections, newer schemas, a full disk.

use serde_json::json;
use sqlx::Row;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{DatabaseKey, DraftChange, Enqueued, KeyInfo, NewCommand, OpenError, Protection, Store, StoreError};

const SITI: Uuid = Uuid::from_u128(1);

async fn vault() -> (TempDir, DatabaseKey, Store) {
    let folder = tempfile::tempdir().unwrap();
    let key = DatabaseKey::generate().unwrap();
    let info = KeyInfo::new(&key, Protection::Keyring).unwrap();
    let store = Store::create(&folder.path().join("applicant.db"), &key, &info).await.unwrap();
    (folder, key, store)
}

fn command(n: u128, fill: usize) -> NewCommand {
    NewCommand {
        id: Uuid::from_u128(n),
        lane: format!("lane{n}"),
        kind: "x".into(),
        v: 1,
        base_rev: None,
        depends_on: Vec::new(),
        payload: json!({ "fill": "x".repeat(fill) }),
        clock: json!({}),
        label: None,
        created_at: 1,
    }
}

#[tokio::test]
async fn the_schema_is_this() {
    let (_folder, _, store) = vault().await;
    let rows = sqlx::query(
        "select name, coalesce(sql, '') as sql from sqlite_master
         where name not like 'sqlite_%' and name not like '_sqlx%' and name not like 'training_fts_%' order by type, name",
    )
    .fetch_all(store.readers())
    .await
    .unwrap();
    let text: Vec<String> = rows.iter().map(|row| row.get::<String, _>("sql").replace("\r\n", "\n")).collect();
    insta::assert_snapshot!("schema", text.join(";\n\n"));
    store.close().await;
}

#[tokio::test]
async fn every_connection_is_encrypted_durable_and_strict() {
    let (_folder, _, store) = vault().await;
    let mut write = store.write().await.unwrap();
    let mut read = store.readers().acquire().await.unwrap();
    let expected = [
        ("pragma synchronous", 2),
        ("pragma foreign_keys", 1),
        ("pragma secure_delete", 1),
        ("pragma temp_store", 2),
        ("pragma busy_timeout", 5000),
    ];
    for (pragma, value) in expected {
        let writing: i64 = sqlx::query_scalar(pragma).fetch_one(&mut *write).await.unwrap();
        let reading: i64 = sqlx::query_scalar(pragma).fetch_one(&mut *read).await.unwrap();
        assert_eq!((writing, reading), (value, value), "{pragma}");
    }
    let mode: String = sqlx::query_scalar("pragma journal_mode").fetch_one(&mut *write).await.unwrap();
    let version: String = sqlx::query_scalar("pragma cipher_version").fetch_one(&mut *write).await.unwrap();
    assert_eq!(mode, "wal");
    assert!(version.starts_with('4'), "{version}");
    let refused = sqlx::query("delete from draft").execute(&mut *read).await;
    assert!(refused.is_err(), "a reader cannot write");
    drop((read, write));
    store.close().await;
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let (folder, key, store) = vault().await;
    let mut write = store.write().await.unwrap();
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) values (9999, 'later', 1, x'00', 0)",
    )
    .execute(&mut *write)
    .await
    .unwrap();
    write.commit().await.unwrap();
    store.close().await;
    let path = folder.path().join("applicant.db");
    let before = std::fs::read(&path).unwrap();
    let result = Store::open(&path, &key).await;
    assert!(matches!(result, Err(OpenError::NewerSchema { found: 9999, known: 1 })), "{result:?}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_database_without_our_tables_is_damaged() {
    let (folder, key, store) = vault().await;
    let mut write = store.write().await.unwrap();
    sqlx::query("drop table _sqlx_migrations").execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
    store.close().await;
    let result = Store::open(&folder.path().join("applicant.db"), &key).await;
    assert!(matches!(result, Err(OpenError::Damaged)), "{result:?}");
}

#[tokio::test]
async fn even_a_slip_of_this_crate_cannot_change_a_sent_command() {
    let (_folder, _, store) = vault().await;
    store.enqueue(SITI, &command(1, 1), &DraftChange::none()).await.unwrap();
    store.mark_sending(SITI, &[Uuid::from_u128(1)], 5).await.unwrap();
    let mut write = store.write().await.unwrap();
    for change in [
        "update outbox set payload = '{}'",
        "update outbox set lane = 'y'",
        "update outbox set clock = '1'",
        "update outbox set base_rev = 9",
    ] {
        let refused = sqlx::query(change).execute(&mut *write).await.unwrap_err();
        assert!(refused.to_string().contains("frozen"), "{change}: {refused}");
    }
    drop(write);
    store.close().await;
}

/// A disk without room, as SQLite sees it: the file may not grow.
async fn limit(store: &Store, more_pages: i64) -> i64 {
    let mut writer = store.write().await.unwrap();
    let pages: i64 = sqlx::query_scalar("pragma page_count").fetch_one(&mut *writer).await.unwrap();
    let sql = format!("pragma max_page_count = {}", pages + more_pages);
    let limit: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *writer).await.unwrap();
    drop(writer);
    limit
}

#[tokio::test]
async fn on_a_full_disk_writes_fail_whole_and_go_on_when_there_is_room() {
    let (folder, key, store) = vault().await;
    limit(&store, 0).await;
    store.reserve_made().await;
    let reserve = folder.path().join("applicant.db.reserve");
    assert_eq!(reserve.metadata().unwrap().len(), 8 << 20);

    let big = DraftChange {
        save: vec![crate::Draft { form: "f".into(), field: "a".into(), value: "y".repeat(20_000), saved_at: 1 }],
        ..DraftChange::none()
    };
    let result = store.enqueue(SITI, &command(1, 20_000), &big).await;
    assert!(matches!(result, Err(StoreError::DiskFull)), "{result:?}");
    assert!(!reserve.exists(), "the reserve was given up before giving up");
    assert!(store.command(SITI, Uuid::from_u128(1)).await.unwrap().is_none());
    assert!(store.drafts(SITI, "f").await.unwrap().is_empty());

    let page = crate::FeedPage {
        epoch: Uuid::from_u128(2),
        cursor: "c".into(),
        changes: (0..40_u128)
            .map(|n| crate::FeedChange {
                seq: 1,
                kind: "x".into(),
                id: Uuid::from_u128(n),
                rev: 1,
                data: Some(json!("z".repeat(1_000))),
                by: None,
            })
            .collect(),
    };
    let result = store.apply_page(SITI, &page, 1).await;
    assert!(matches!(result, Err(StoreError::DiskFull)), "{result:?}");
    assert_eq!(store.feed(SITI).await.unwrap(), None, "no cursor without its rows");

    limit(&store, 10_000).await;
    assert_eq!(store.enqueue(SITI, &command(1, 20_000), &big).await.unwrap(), Enqueued::Added);
    assert_eq!(store.apply_page(SITI, &page, 1).await.unwrap().records, 40);
    store.check_integrity().await.unwrap();
    store.close().await;

    // The next start makes the reserve again.
    let store = Store::open(&folder.path().join("applicant.db"), &key).await.unwrap();
    store.close().await;
    assert_eq!(reserve.metadata().unwrap().len(), 8 << 20);
}

#[tokio::test]
async fn a_small_write_is_tried_again_with_the_room_of_the_reserve() {
    let (folder, _, store) = vault().await;
    store.reserve_made().await;
    let tries = std::cell::Cell::new(0);
    let attempt = || async {
        tries.set(tries.get() + 1);
        if folder.path().join("applicant.db.reserve").exists() { Err(StoreError::DiskFull) } else { Ok(7) }
    };
    assert_eq!(store.with_reserve(attempt).await.unwrap(), 7);
    assert_eq!(tries.get(), 2);
    store.close().await;
}

#[tokio::test]
async fn a_busy_file_is_tried_a_few_times() {
    let (_folder, _, store) = vault().await;
    for (busy, expected_tries, works) in [(2, 3, true), (9, 3, false)] {
        let tries = std::cell::Cell::new(0);
        let attempt = || async {
            tries.set(tries.get() + 1);
            if tries.get() > busy { Ok(7) } else { Err(StoreError::Busy) }
        };
        let result = store.with_reserve(attempt).await;
        assert_eq!((tries.get(), result.is_ok()), (expected_tries, works), "{result:?}");
    }
    store.close().await;
}

#[tokio::test]
async fn a_dropped_operation_leaves_nothing_and_the_next_one_works() {
    let (_folder, _, store) = vault().await;
    // Given up at each point at which it can be.
    for polls in 0..60 {
        let mut work = Box::pin(async {
            let mut write = store.write().await.unwrap();
            sqlx::query(
                "insert into fact (account, name, value) values (x'00000000000000000000000000000000', 'half', '')",
            )
            .execute(&mut *write)
            .await
            .unwrap();
            std::future::pending::<()>().await;
        });
        for _ in 0..polls {
            let _ = poll_once(work.as_mut()).await;
        }
        drop(work);
        store.set_fact(SITI, "whole", Some("x")).await.unwrap();
        assert_eq!(store.fact(Uuid::nil(), "half").await.unwrap(), None, "{polls} polls");
    }
    store.close().await;
}

/// Polls once and lets others run.
async fn poll_once<F: Future>(mut future: std::pin::Pin<&mut F>) -> bool {
    let ready = std::future::poll_fn(|context| std::task::Poll::Ready(future.as_mut().poll(context).is_ready())).await;
    tokio::task::yield_now().await;
    ready
}
