//! What can only be seen from inside: that no table is left out when an account is forgotten.

use serde_json::json;
use uuid::Uuid;

use crate::ids::blob;
use crate::{
    CommandOutcome, DatabaseKey, DraftChange, FeedChange, FeedPage, KeyInfo, NOBODY, NewCommand, NewUpload, PhotoDraft,
    Protection, Session, SnapshotPage, Store, Tokens, kind,
};

const SITI: Uuid = Uuid::from_u128(0x51);
const BUDI: Uuid = Uuid::from_u128(0xB0);
const EPOCH: Uuid = Uuid::from_u128(0xE);

fn command(id: u128, lane: &str, kind: &str, depends_on: Vec<Uuid>) -> NewCommand {
    NewCommand {
        id: Uuid::from_u128(id),
        lane: lane.into(),
        kind: kind.into(),
        v: 1,
        base_rev: None,
        depends_on,
        payload: json!({ "fields": { "full_name": "Siti" } }),
        clock: json!({}),
        label: None,
        created_at: 1,
    }
}

fn record(id: u128) -> FeedChange {
    let (kind, data) = ("notice".to_owned(), Some(json!({ "n": 1 })));
    FeedChange { seq: 1, kind, id: Uuid::from_u128(id), rev: 1, data, by: None }
}

/// Puts a row of the account into every table that can have one. `n` tells the ids of accounts apart.
async fn fill(store: &Store, account: Uuid, n: u128) {
    let session = Session {
        account,
        email: format!("{n}@contoh.example"),
        origin: "https://api.contoh.example".into(),
        session: Uuid::from_u128(n + 1),
        tokens: Tokens { access: "access".into(), access_expires_at: 1, refresh: "refresh".into() },
        epoch: Some(EPOCH),
        receipt_key: None,
    };
    store.sign_in(&session, false, 1).await.unwrap();
    store.set_fact(account, "told", Some("1")).await.unwrap();
    store.save_draft(account, "profile", "full_name", "Siti", 1).await.unwrap();
    let photo = PhotoDraft { jpeg: vec![1], preview: vec![2], judged: "{}".into(), saved_at: 1, document: None };
    store.save_photo_draft(account, &photo).await.unwrap();
    let (none, after) = (DraftChange::none(), vec![Uuid::from_u128(n + 2)]);
    store.enqueue(account, &command(n + 2, "one", "x", Vec::new()), &none).await.unwrap();
    store.enqueue(account, &command(n + 3, "two", "x", after), &none).await.unwrap();
    let outcome = CommandOutcome {
        command: Uuid::from_u128(n + 2),
        status: "applied".into(),
        rev: None,
        seq: Some(1),
        received_at: Some(2),
        receipt: Some("signed".into()),
        number: Some("PK".into()),
        problem: None,
        current: None,
    };
    store.record_results(account, &[outcome], 3).await.unwrap();
    let file = store.keep_sealed(vec![7; 20]).await.unwrap();
    let upload =
        NewUpload { id: Uuid::from_u128(n + 4), document: Uuid::from_u128(n + 5), kind: "ktp_photo".into(), file };
    let attach = command(n + 6, "doc:ktp_photo", kind::DOCUMENT_ATTACH, Vec::new());
    store.enqueue_upload(account, &attach, &upload).await.unwrap();
    let page = FeedPage { epoch: EPOCH, cursor: "c".into(), changes: vec![record(n + 7)] };
    store.apply_page(account, &page, 1).await.unwrap();
    let (records, next) = (vec![record(n + 8)], Some("next".into()));
    let page = SnapshotPage { epoch: EPOCH, as_of_seq: 1, records, next, cursor: "d".into() };
    store.apply_snapshot_page(account, &page, 1).await.unwrap();
}

/// Rows of an account by table, of every table that has a column for it.
async fn rows(store: &Store, account: Uuid) -> Vec<(String, i64)> {
    let tables: Vec<(String, String)> = sqlx::query_as(
        "select m.name, c.name from sqlite_master m, pragma_table_info(m.name) c
         where m.type = 'table' and (c.name = 'account' or (m.name = 'account' and c.name = 'id'))
         order by m.name",
    )
    .fetch_all(store.readers())
    .await
    .unwrap();
    let mut counted = Vec::new();
    for (table, column) in tables {
        let sql = format!("select count(*) from {table} where {column} = $1");
        let query = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(blob(&account));
        counted.push((table, query.fetch_one(store.readers()).await.unwrap()));
    }
    counted
}

async fn count(store: &Store, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(store.readers()).await.unwrap()
}

fn files(store: &Store) -> usize {
    std::fs::read_dir(store.path().with_file_name("uploads")).unwrap().count()
}

#[tokio::test]
async fn nothing_of_the_account_stays_and_everything_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let key = DatabaseKey::generate().unwrap();
    let info = KeyInfo::new(&key, Protection::Keyring).unwrap();
    let store = Store::create(&folder.path().join("applicant.db"), &key, &info).await.unwrap();
    fill(&store, BUDI, 1_000).await;
    store.save_draft(NOBODY, "profile", "full_name", "Rina", 1).await.unwrap();
    fill(&store, SITI, 2_000).await;
    let (budi, nobody) = (rows(&store, BUDI).await, rows(&store, NOBODY).await);
    let empty: Vec<_> = rows(&store, SITI).await.into_iter().filter(|(_, rows)| *rows == 0).collect();
    assert!(empty.is_empty(), "tables that this test does not fill: {empty:?}");
    let dependencies = "select count(*) from outbox_dep";
    assert_eq!((count(&store, dependencies).await, files(&store)), (2, 2));

    // The second time finds nothing and is no error.
    for was_current in [true, false] {
        assert_eq!(store.forget(SITI).await.unwrap(), was_current);
        let left: Vec<_> = rows(&store, SITI).await.into_iter().filter(|(_, rows)| *rows > 0).collect();
        assert!(left.is_empty(), "{left:?}");
        assert_eq!((rows(&store, BUDI).await, rows(&store, NOBODY).await), (budi.clone(), nobody.clone()));
        assert_eq!((count(&store, dependencies).await, files(&store)), (1, 1));
        assert!(store.current_account().await.unwrap().is_none());
    }
    store.close().await;
}

#[tokio::test]
async fn whoever_is_current_stays_so() {
    let folder = tempfile::tempdir().unwrap();
    let key = DatabaseKey::generate().unwrap();
    let info = KeyInfo::new(&key, Protection::Keyring).unwrap();
    let store = Store::create(&folder.path().join("applicant.db"), &key, &info).await.unwrap();
    fill(&store, SITI, 1_000).await;
    fill(&store, BUDI, 2_000).await;
    assert!(!store.forget(SITI).await.unwrap());
    assert_eq!(store.current_account().await.unwrap().unwrap().id, BUDI);
    let log = folder.path().join("applicant.db-wal");
    assert_eq!(log.metadata().map_or(0, |found| found.len()), 0, "the log held what was forgotten");
    store.close().await;
}
