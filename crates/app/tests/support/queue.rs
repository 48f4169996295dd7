//! Commands that the app itself would never make: put into the queue of a closed app, as a changed or broken program
//! would, and central's answers to them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use prakerja_app::{DATABASE, Uuid};
use prakerja_protocol::problem::Problem;
use prakerja_store::{DatabaseKey, DraftChange, NewCommand, OutboxRow, Store};
use prakerja_testkit::central::Central;
use serde_json::Value;

use super::FakeKeyring;
use super::process::Process;
use super::wait::until;

/// The store of a closed app.
pub async fn store(folder: &Path, keyring: &FakeKeyring) -> Store {
    let key = DatabaseKey::from_bytes(keyring.keys().values().next().unwrap()).unwrap();
    Store::open(&folder.join(DATABASE), &key).await.unwrap()
}

/// Puts commands into the queue of a closed app.
pub async fn smuggle(folder: &Path, keyring: &FakeKeyring, commands: &[(&str, Value)]) {
    let store = store(folder, keyring).await;
    let account = store.current_account().await.unwrap().unwrap().id;
    for (number, (kind, payload)) in commands.iter().enumerate() {
        let command = NewCommand {
            id: Uuid::now_v7(),
            // A lane of its own, so that one refusal is not in the way of the next.
            lane: format!("lane-{number}"),
            kind: (*kind).into(),
            v: 1,
            base_rev: None,
            depends_on: Vec::new(),
            payload: payload.clone(),
            clock: serde_json::json!({ "queued_wall_ms": 1 }),
            label: Some(number.to_string()),
            created_at: 1,
        };
        store.enqueue(account, &command, &DraftChange::none()).await.unwrap();
    }
    store.close().await;
}

/// The app again, once central has answered everything in its queue.
pub async fn answered(folder: &Path, keyring: &Arc<FakeKeyring>, central: &Central) -> Process {
    let process = Process::start(folder, keyring, central.base_url()).await;
    until("central answered every command", || async {
        let state = process.ask(|app| async move { app.get_state().await }).await.unwrap();
        (state.sync.waiting == 0).then_some(())
    })
    .await;
    process
}

/// What central said of each smuggled command of a kind, by number. The app is closed.
pub async fn verdicts(folder: &Path, keyring: &FakeKeyring, kind: &str) -> BTreeMap<usize, (String, Option<Problem>)> {
    let store = store(folder, keyring).await;
    let account = store.current_account().await.unwrap().unwrap().id;
    let rows = store.finished(account, 1_000).await.unwrap();
    store.close().await;
    let verdict = |row: OutboxRow| {
        let problem = row.last_problem.map(|problem| serde_json::from_value(problem).unwrap());
        Some((row.label?.parse().unwrap(), (row.status?, problem)))
    };
    rows.into_iter().filter(|row| row.kind == kind).filter_map(verdict).collect()
}
