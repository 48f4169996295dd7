//! A database that was put back from a backup is noticed, and starts a new epoch when the operator says so.

use std::path::Path;

use prakerja_central::catalogue::CatalogueFile;
use prakerja_central::clock::Clock;
use prakerja_central::db::Id;
use prakerja_central::state::Central;
use prakerja_central::sync::accept_restore;
use prakerja_central::{catalogue, demo};
use prakerja_domain::profile::ProfileField::FullName;
use prakerja_protocol::catalogue::Catalogue;
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::sync::CommandEnvelope;
use prakerja_protocol::sync::CommandStatus::{Applied, Rejected};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use crate::started::*;

/// A copy of the folder of a central that has stopped.
fn backup(data: &Path) -> TempDir {
    let backup = tempfile::tempdir().unwrap();
    copy(data, backup.path(), |_| true);
    backup
}

/// Puts a backup back; the file `epoch` stays as it is, unless `everything` is put back.
fn put_back(backup: &TempDir, data: &Path, everything: bool) {
    for rest in ["central.db-wal", "central.db-shm"] {
        let _ = std::fs::remove_file(data.join(rest));
    }
    copy(backup.path(), data, |name| everything || name != "epoch");
}

fn copy(from: &Path, to: &Path, wanted: impl Fn(&str) -> bool) {
    for entry in std::fs::read_dir(from).unwrap() {
        let name = entry.unwrap().file_name();
        // Folders of documents: none in these tests.
        if from.join(&name).is_file() && wanted(name.to_str().unwrap()) {
            std::fs::copy(from.join(&name), to.join(&name)).unwrap();
        }
    }
}

async fn refusal(data: &Path) -> String {
    Central::open(config(data), Clock::fake(NOW)).await.unwrap_err().to_string()
}

/// What a device is told that shows its cursor.
async fn told(person: &Person, cursor: &str) -> Problem {
    let problem = refused(person.get("/v1/sync/pull").query(&[("cursor", cursor)])).await;
    assert_eq!((problem.status, problem.code), (410, ProblemCode::EpochChanged));
    problem
}

fn again(command: &CommandEnvelope, receipt: Option<String>) -> CommandEnvelope {
    CommandEnvelope { receipt, ..command.clone() }
}

pub(crate) async fn an_older_database_is_refused_until_accepted(central: &Started) {
    let sari = central.person().await;
    let data = central.folder.path();
    sari.push(&patch(None, &[(FullName, Some("Sari"))])).await;
    let known = sari.pull(None).await.cursor;
    let catalogue: Catalogue = read(central.get("/v1/catalogue")).await;
    // A backup of the running database, then more work, then the backup is put back.
    let copied = tempfile::tempdir().unwrap();
    let file = copied.path().join("central.db");
    sqlx::query("vacuum into $1").bind(file.to_str().unwrap()).execute(&file_of(data).await).await.unwrap();
    let lost = request(demo::FREE_ONE_SEAT, Some(1));
    assert_eq!(sari.push(&lost).await.status, Applied);
    let ahead = sari.pull(None).await.cursor;
    let early = accept_restore(data, NOW).await.unwrap_err().to_string();
    assert!(early.contains("stop it first"), "{early}");
    central.stop().await;
    put_back(&copied, data, false);
    let error = refusal(data).await;
    assert!(error.contains("prakerja-central accept-restore"), "{error}");

    let epoch = accept_restore(data, NOW + 5).await.unwrap();
    assert_ne!(epoch, central.central.epoch);
    let restored = Again::start(data, NOW + 5).await;
    assert_eq!(restored.central.epoch, epoch);
    let sari = sari.at(&restored.base);
    for cursor in [&known, &ahead] {
        let problem = told(&sari, cursor).await;
        assert_eq!(problem.details["epoch"], json!(epoch));
        assert_eq!(
            (&problem.details["restored_to_seq"], &problem.details["restored_at"]),
            (&json!(1), &json!(NOW + 5))
        );
    }
    // A push that knows the old epoch is told as much.
    let mut batch = sari.batch(std::slice::from_ref(&lost));
    batch.epoch = Some(central.central.epoch);
    let problem = problem_of(sari.post(serde_json::to_vec(&batch).unwrap()).await).await;
    assert_eq!(problem.code, ProblemCode::EpochChanged);
    assert_eq!(problem.details, told(&sari, &known).await.details);
    // The same bytes again bring back what was lost; what was not lost is replayed.
    let result = sari.push(&lost).await;
    assert_eq!((result.status, result.replayed, result.seq), (Applied, false, Some(2)));
    // No version of the lost time is taken for one of the new.
    let url = format!("{}/v1/catalogue?since={}", restored.base, catalogue.version + 1);
    let everything: Catalogue = read(sari.http.get(url)).await;
    assert!(everything.base.is_none() && everything.version > catalogue.version + 1);
    restored.stop().await;
    // Accepted is accepted.
    let next = Central::open(config(data), Clock::fake(NOW)).await.unwrap();
    assert_eq!(next.epoch, epoch);
    next.close().await;
}

pub(crate) async fn a_file_that_does_not_fit_is_refused_until_accepted(central: &Started) {
    let data = central.folder.path();
    central.person().await.push(&patch(None, &[(FullName, Some("Sari"))])).await;
    central.stop().await;
    let file = data.join("epoch");
    let right = std::fs::read_to_string(&file).unwrap();
    let (epoch, commits) = right.trim().split_once(' ').unwrap();
    assert_eq!(epoch, central.central.epoch.to_string());
    let ahead = format!("{epoch} {}", commits.parse::<i64>().unwrap() + 1);
    for wrong in [format!("{} 0", Uuid::new_v4()), ahead, "nonsense".to_owned(), String::new()] {
        std::fs::write(&file, &wrong).unwrap();
        let error = refusal(data).await;
        assert!(error.contains("accept-restore"), "{wrong}: {error}");
    }
    std::fs::remove_file(&file).unwrap();
    assert!(refusal(data).await.contains("accept-restore"), "the file is missing");
    std::fs::write(&file, &right).unwrap();
    Central::open(config(data), Clock::fake(NOW)).await.unwrap().close().await;
    // A file that a power cut damaged is accepted like a missing one.
    std::fs::write(&file, "nonsense").unwrap();
    let epoch = accept_restore(data, NOW).await.unwrap();
    let next = Central::open(config(data), Clock::fake(NOW)).await.unwrap();
    assert_eq!(next.epoch, epoch);
    next.close().await;
    let nowhere = tempfile::tempdir().unwrap();
    assert!(accept_restore(nowhere.path(), NOW).await.is_err(), "there is no database");
    assert!(!nowhere.path().join("central.db").exists());
}

pub(crate) async fn a_folder_that_was_put_back_whole_is_noticed_by_its_clients(central: &Started) {
    let data = central.folder.path();
    let sari = central.person().await;
    sari.push(&patch(None, &[(FullName, Some("Sari"))])).await;
    central.stop().await;
    let backup = backup(data);
    let first = Again::start(data, NOW).await;
    let lost = request(demo::FREE_ROOMY, Some(1));
    assert_eq!(sari.at(&first.base).push(&lost).await.status, Applied);
    let ahead = sari.at(&first.base).pull(None).await.cursor;
    first.stop().await;

    // File and database fit each other, and central cannot know.
    put_back(&backup, data, true);
    let second = Again::start(data, NOW).await;
    assert_eq!(second.central.epoch, central.central.epoch);
    let sari = sari.at(&second.base);
    assert_eq!(told(&sari, &ahead).await.details["restored_to_seq"], json!(0), "ahead of the feed");
    let other = central.device_on(&second.central, &second.base, sari.id).await;
    for (phone, seq) in [("081255550001", 2), ("081255550002", 3)] {
        let other_work = patch(Some(1), &[(prakerja_domain::profile::ProfileField::Phone, Some(phone))]);
        assert_eq!(other.push(&other_work).await.seq, Some(seq));
        assert_eq!(told(&sari, &ahead).await.details["restored_to_seq"], json!(0), "other work stands at {seq}");
    }
    // What the device then does brings everything back, and its new cursor is a good one.
    assert_eq!(sari.push(&lost).await.status, Applied);
    let cursor = sari.snapshot(&[]).await.cursor;
    let page = sari.pull(Some(&cursor)).await;
    assert!(page.changes.is_empty());
    assert!(sari.pull(Some(&page.cursor)).await.changes.is_empty());
    second.stop().await;

    // The same folder once more, and this time the operator says so before anybody comes.
    put_back(&backup, data, true);
    let epoch = accept_restore(data, NOW + 7).await.unwrap();
    let third = Again::start(data, NOW + 7).await;
    let problem = told(&sari.at(&third.base), &ahead).await;
    assert_eq!((&problem.details["epoch"], &problem.details["restored_to_seq"]), (&json!(epoch), &json!(1)));
    third.stop().await;
}

pub(crate) async fn a_second_restore_remembers_the_first(central: &Started) {
    let data = central.folder.path();
    let sari = central.person().await;
    let name = |name| patch(None, &[(FullName, Some(name))]);
    sari.push(&name("Ani")).await;
    central.stop().await;
    let early = backup(data);
    let before = Again::start(data, NOW).await;
    sari.at(&before.base).push(&name("Budi")).await;
    let away = sari.at(&before.base).pull(None).await.cursor;
    before.stop().await;

    let mut versions = Vec::new();
    for at in [NOW + 1, NOW + 2] {
        put_back(&early, data, false);
        accept_restore(data, at).await.unwrap();
        let restored = Again::start(data, at).await;
        let catalogue: Catalogue = read(sari.http.get(format!("{}/v1/catalogue", restored.base))).await;
        versions.push(catalogue.version);
        let sari = sari.at(&restored.base);
        sari.push_all(&["Citra", "Dewi", "Eka"].map(name)).await;
        restored.stop().await;
    }
    assert_ne!(versions[0], versions[1], "one backup put back twice");
    // A later backup, put back, too: whoever was away all the time still has to send what the first restore lost.
    let late = backup(data);
    put_back(&late, data, false);
    accept_restore(data, NOW + 3).await.unwrap();
    let restored = Again::start(data, NOW + 3).await;
    assert_eq!(told(&sari.at(&restored.base), &away).await.details["restored_to_seq"], json!(1));
    restored.stop().await;
}

pub(crate) async fn a_receipt_proves_the_day(central: &Started) {
    let data = central.folder.path();
    let (sari, budi) = (central.person().await, central.person().await);
    // Enrolment closes late this evening.
    let closes_at = NOW + 11 * 60 * 60 * 1_000;
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query("update schedule set closes_at = $1 where id = $2")
        .bind(closes_at)
        .bind(Id(run(demo::FREE_ROOMY, 1)))
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    central.stop().await;
    let backup = backup(data);
    let evening = Again::start(data, closes_at - 60_000).await;
    let asked = [(); 4].map(|()| request(demo::FREE_ROOMY, Some(1)));
    let mut receipts = Vec::new();
    for (command, person) in asked.iter().zip([&sari, &budi, &sari, &sari]) {
        receipts.push(person.at(&evening.base).push(command).await.receipt.unwrap());
    }
    evening.stop().await;

    put_back(&backup, data, false);
    let morning = closes_at + 8 * 60 * 60 * 1_000;
    accept_restore(data, morning).await.unwrap();
    let restored = Again::start(data, morning).await;
    let sari = sari.at(&restored.base);
    let other = || request(demo::FREE_ROOMY, Some(1));
    let changed = CommandEnvelope { payload: other().payload, ..asked[2].clone() };
    let refusals = [
        ("no receipt", again(&asked[3], None)),
        ("not signed", again(&other(), Some("x".to_owned()))),
        ("of another command", again(&other(), Some(receipts[0].clone()))),
        ("of another person", again(&asked[1], Some(receipts[1].clone()))),
        ("of other content", again(&changed, Some(receipts[2].clone()))),
    ];
    for (name, command) in refusals {
        let result = sari.push(&command).await;
        assert_eq!((result.status, code(&result)), (Rejected, ProblemCode::EnrolmentClosed), "{name}");
        assert_eq!(result.received_at, Some(morning), "{name}");
    }
    let result = sari.push(&again(&asked[0], Some(receipts[0].clone()))).await;
    assert_eq!((result.status, result.received_at), (Applied, Some(closes_at - 60_000)));
    let change = sari.pull(None).await.changes.pop().unwrap();
    assert_eq!(change.data.unwrap()["received_at"], json!(closes_at - 60_000));
    restored.stop().await;
}

pub(crate) async fn an_import_is_missed_when_it_is_gone(central: &Started) {
    let data = central.folder.path();
    central.stop().await;
    let backup = backup(data);
    let running = Again::start(data, NOW).await;
    let retire = CatalogueFile { retire: vec![demo::FREE_CLOSED.to_owned()], ..CatalogueFile::default() };
    catalogue::apply(&running.central.db, &retire).await.unwrap();
    running.stop().await;
    put_back(&backup, data, false);
    assert!(refusal(data).await.contains("accept-restore"));
}

async fn file_of(data: &Path) -> sqlx::SqlitePool {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(data.join("central.db"));
    sqlx::SqlitePool::connect_with(options).await.unwrap()
}
