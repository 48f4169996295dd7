//! Killed at any moment: nothing half, and everything that was called saved is there.
//!
//! The parent starts this test program again as a child that saves without pause and reports each save after it returned;
//! it kills the child and looks at what is left.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use prakerja_store::{DatabaseKey, Draft, DraftChange, FeedPage, KeyInfo, NewCommand, Protection, Store};
use serde_json::json;

use crate::support::{EPOCH, NOW, SITI, command, id, outcome, put};

const FOLDER: &str = "STORE_CRASH_FOLDER";
const KEY: [u8; 32] = [42; 32];
const ROUNDS: u64 = 10;

fn step(n: u128) -> NewCommand {
    command(n, &format!("lane{}", n % 3), "x", json!({ "n": n as u64, "fill": "x".repeat(500) }))
}

/// Not a test by itself: the child of the one below, which names it. Without a folder there is nothing to do.
#[tokio::test]
async fn child() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let key = DatabaseKey::from_bytes(&KEY).unwrap();
    let store = Store::open(&Path::new(&folder).join("applicant.db"), &key).await.unwrap();
    store.recover().await.unwrap();
    // What the last kill left behind is answered first.
    for row in store.waiting(SITI).await.unwrap() {
        let n = row.id.as_u128();
        store.record_results(SITI, &[outcome(n, "applied", n as i64)], NOW).await.unwrap();
    }
    let mut n = last(&store).await;
    loop {
        n += 1;
        // What is typed, then the command that settles it, which leaves its number in another draft.
        store.save_draft(SITI, "form", "typed", &n.to_string(), NOW).await.unwrap();
        println!("\ntyped {n}");
        let save = vec![Draft { form: "mark".into(), field: "last".into(), value: n.to_string(), saved_at: NOW }];
        let change = DraftChange { save, clear_forms: vec!["form".into()], ..DraftChange::none() };
        store.enqueue(SITI, &step(n), &change).await.unwrap();
        println!("\nqueued {n}");
        store.mark_sending(SITI, &[id(n)], NOW).await.unwrap();
        store.record_results(SITI, &[outcome(n, "applied", n as i64)], NOW).await.unwrap();
        println!("\ndone {n}");
        let page = FeedPage {
            epoch: EPOCH,
            cursor: n.to_string(),
            changes: (0..20).map(|r| put(n as i64, "x", r, n as i64, json!({ "n": n as u64 }))).collect(),
        };
        store.apply_page(SITI, &page, NOW).await.unwrap();
        println!("\npage {n}");
    }
}

async fn last(store: &Store) -> u128 {
    let mark = store.drafts(SITI, "mark").await.unwrap();
    mark.first().map_or(0, |draft| draft.value.parse().unwrap())
}

/// The newest number that the child reported for each word.
#[derive(Default)]
struct Reported {
    typed: u128,
    queued: u128,
    done: u128,
    page: u128,
}

impl Reported {
    fn read(&mut self, line: &str) -> bool {
        let Some((word, n)) = line.split_once(' ') else { return false };
        let Ok(n) = n.parse() else { return false };
        match word {
            "typed" => self.typed = n,
            "queued" => self.queued = n,
            "done" => self.done = n,
            "page" => self.page = n,
            _ => return false,
        }
        true
    }
}

#[tokio::test]
async fn killed_at_any_moment_nothing_is_half_and_nothing_saved_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("applicant.db");
    let key = DatabaseKey::from_bytes(&KEY).unwrap();
    let info = KeyInfo::new(&key, Protection::Keyring).unwrap();
    Store::create(&path, &key, &info).await.unwrap().close().await;

    let mut before = 0;
    for round in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::child", "--nocapture", "--test-threads=1"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut reported = Reported::default();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Another number of reports each round, so that the kill falls on another step.
        let mut left = 9 + round * 7;
        while left > 0 {
            let line = lines.next().expect("the child went on").unwrap();
            left -= u64::from(reported.read(&line));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What it could still report before it died counts too; the last line may be cut.
        for line in lines.map_while(Result::ok) {
            reported.read(&line);
        }
        let n = check(&path, &key, &reported).await;
        assert!(n > before, "round {round} went on from {before} to {n}");
        before = n;
    }
}

async fn check(path: &Path, key: &DatabaseKey, reported: &Reported) -> u128 {
    let store = Store::open(path, key).await.unwrap();
    store.check_integrity().await.unwrap();
    let n = last(&store).await;

    // Saved is saved. One step more may have been stored without having been reported.
    assert!(n == reported.queued || n == reported.queued + 1, "queued {n}, reported {}", reported.queued);
    let typed = store.drafts(SITI, "form").await.unwrap();
    match typed.as_slice() {
        [] => assert!(n >= reported.typed, "typed {} is gone", reported.typed),
        [draft] => {
            let stored: u128 = draft.value.parse().unwrap();
            assert!(
                stored == n + 1 && stored >= reported.typed,
                "typed {stored}, command {n}, reported {}",
                reported.typed
            );
        }
        more => unreachable!("one field was typed: {more:?}"),
    }
    // Command and draft change came together, and no command is missing.
    let counts = store.counts(SITI).await.unwrap();
    assert_eq!(u128::from(counts.waiting() + counts.received), n);
    assert!(store.command(SITI, id(n)).await.unwrap().is_some());
    assert!(store.command(SITI, id(n + 1)).await.unwrap().is_none());
    assert!(u128::from(counts.received) >= reported.done);
    for row in store.finished(SITI, 3).await.unwrap() {
        assert_eq!(row.receipt.unwrap().status, row.status.unwrap(), "result and receipt came together");
    }
    // Rows and cursor came together.
    if let Some(feed) = store.feed(SITI).await.unwrap() {
        let cursor: i64 = feed.cursor.parse().unwrap();
        assert!(cursor as u128 >= reported.page);
        assert_eq!(feed.seen_seq, cursor);
        let revs: Vec<i64> = store.live_records(SITI).await.unwrap().into_iter().map(|(_, _, rev)| rev).collect();
        assert_eq!(revs, vec![cursor; 20]);
    } else {
        assert_eq!(reported.page, 0);
    }
    store.close().await;
    n
}
