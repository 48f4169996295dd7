//! A store in a temporary folder, and short words for what tests make.

use std::path::PathBuf;

use prakerja_store::{
    CommandOutcome, DatabaseKey, DraftChange, Enqueued, FeedChange, FeedPage, KeyInfo, NewCommand, OpenError,
    OutboxRow, Protection, Store, kind,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) const NOW: i64 = 1_795_000_000_000;
pub(crate) const SITI: Uuid = Uuid::from_u128(0x5171);
pub(crate) const BUDI: Uuid = Uuid::from_u128(0xB0D1);
pub(crate) const EPOCH: Uuid = Uuid::from_u128(0xE);

/// Says what could not be tried here, past the capture of tests that pass: nothing is skipped silently.
pub(crate) fn skipped(why: &str) {
    let _ = std::io::Write::write_all(&mut std::io::stdout(), format!("SKIPPED: {why}\n").as_bytes());
}

/// No commands.
pub(crate) const NONE: [Uuid; 0] = [];

pub(crate) struct Vault {
    pub(crate) folder: TempDir,
    pub(crate) key: DatabaseKey,
    pub(crate) store: Store,
}

impl Vault {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = DatabaseKey::generate().unwrap();
        let info = KeyInfo::new(&key, Protection::Keyring).unwrap();
        let store = Store::create(&folder.path().join("applicant.db"), &key, &info).await.unwrap();
        Self { folder, key, store }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("applicant.db")
    }

    /// Closes the store in an orderly way and gives the folder.
    pub(crate) async fn close(self) -> (TempDir, DatabaseKey) {
        self.store.close().await;
        (self.folder, self.key)
    }

    /// As after a restart of the program.
    pub(crate) async fn reopen(&mut self) {
        self.store.close().await;
        self.store = Store::open(&self.path(), &self.key).await.unwrap();
    }

    pub(crate) async fn open_again(&self) -> Result<Store, OpenError> {
        Store::open(&self.path(), &self.key).await
    }

    pub(crate) async fn add(&self, command: &NewCommand) -> Enqueued {
        self.store.enqueue(SITI, command, &DraftChange::none()).await.unwrap()
    }

    pub(crate) async fn row(&self, id: Uuid) -> OutboxRow {
        self.store.command(SITI, id).await.unwrap().unwrap()
    }

    /// What may be sent, asked of a copy: nothing changes by asking.
    pub(crate) async fn next(&self, account: Uuid) -> Vec<Uuid> {
        let copy = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(self.folder.path()).unwrap().map(Result::unwrap) {
            std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
        }
        let store = Store::open(&copy.path().join("applicant.db"), &self.key).await.unwrap();
        let waiting: Vec<_> = store.waiting(account).await.unwrap().iter().map(|row| row.id).collect();
        let marked = store.mark_sending(account, &waiting, NOW).await.unwrap();
        store.close().await;
        marked.iter().map(|row| row.id).collect()
    }

    pub(crate) async fn send(&self, id: Uuid) -> OutboxRow {
        let mut rows = self.store.mark_sending(SITI, &[id], NOW).await.unwrap();
        assert_eq!(rows.len(), 1, "{id} may be sent");
        rows.remove(0)
    }

    pub(crate) async fn finish(&self, outcome: CommandOutcome) -> Vec<Uuid> {
        self.store.record_results(SITI, &[outcome], NOW + 5).await.unwrap()
    }

    pub(crate) async fn page(&self, cursor: &str, changes: Vec<FeedChange>) -> prakerja_store::Applied {
        let page = FeedPage { epoch: EPOCH, cursor: cursor.into(), changes };
        self.store.apply_page(SITI, &page, NOW).await.unwrap()
    }
}

pub(crate) fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub(crate) fn command(n: u128, lane: &str, kind: &str, payload: Value) -> NewCommand {
    NewCommand {
        id: id(n),
        lane: lane.into(),
        kind: kind.into(),
        v: 1,
        base_rev: None,
        depends_on: Vec::new(),
        payload,
        clock: json!({ "queued_wall_ms": NOW }),
        label: None,
        created_at: NOW,
    }
}

pub(crate) fn patch(n: u128, fields: Value) -> NewCommand {
    command(n, "profile", kind::PROFILE_PATCH, json!({ "fields": fields }))
}

pub(crate) fn request(n: u128, enrolment: u128, training: u128) -> NewCommand {
    let payload = json!({ "enrolment": id(enrolment), "training": id(training) });
    let mut command = command(n, &format!("enrol:{}", id(training)), kind::ENROLMENT_REQUEST, payload);
    command.label = Some(format!("Pelatihan {training}"));
    command
}

pub(crate) fn cancel(n: u128, enrolment: u128, training: u128) -> NewCommand {
    command(n, &format!("enrol:{}", id(training)), kind::ENROLMENT_CANCEL, json!({ "enrolment": id(enrolment) }))
}

pub(crate) fn void(n: u128, target: &NewCommand) -> NewCommand {
    command(n, &target.lane, kind::VOID, json!({ "target": target.id }))
}

pub(crate) fn outcome(n: u128, status: &str, seq: i64) -> CommandOutcome {
    CommandOutcome {
        command: id(n),
        status: status.into(),
        rev: None,
        seq: Some(seq),
        received_at: Some(NOW + 1),
        receipt: Some(format!("signed-{n}-{seq}")),
        number: Some(format!("PK-{n}")),
        problem: None,
        current: None,
    }
}

pub(crate) fn put(seq: i64, kind: &str, n: u128, rev: i64, data: Value) -> FeedChange {
    FeedChange { seq, kind: kind.into(), id: id(n), rev, data: Some(data), by: None }
}

pub(crate) fn gone(seq: i64, kind: &str, n: u128, rev: i64) -> FeedChange {
    FeedChange { seq, kind: kind.into(), id: id(n), rev, data: None, by: None }
}

pub(crate) fn enrolment(training: u128, state: &str) -> Value {
    json!({ "training": id(training), "state": state, "title": "Barista", "received_at": NOW + 1, "later": { "x": [1, null] } })
}
