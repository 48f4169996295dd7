//! A database that was put back from a backup is noticed, and starts a new epoch when the operator says so.

use prakerja_central::clock::Clock;
use prakerja_central::demo;
use prakerja_central::state::Central;
use prakerja_domain::profile::ProfileField::FullName;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::CommandStatus::Applied;
use serde_json::json;
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::started::*;

pub(crate) async fn an_older_database_is_refused_until_accepted(central: &Started) {
    let sari = central.person().await;
    let data = central.folder.path();
    sari.push(&patch(None, &[(FullName, Some("Sari"))])).await;
    let known = sari.pull(None).await.cursor;
    let catalogue: prakerja_protocol::catalogue::Catalogue = read(central.get("/v1/catalogue")).await;
    // A backup of the running database, then more work, then the backup is put back.
    let backup = data.join("backup.db");
    sqlx::query("vacuum into $1").bind(backup.to_str().unwrap()).execute(&file_of(data).await).await.unwrap();
    let lost = request(demo::FREE_ONE_SEAT, Some("1"));
    assert_eq!(sari.push(&lost).await.status, Applied);
    let ahead = sari.pull(None).await.cursor;
    central.stop().await;
    // Starting again on the right database is nothing special.
    let same = Central::open(config(data), Clock::fake(NOW)).await.unwrap();
    assert_eq!(same.epoch, central.central.epoch);
    same.close().await;
    std::fs::copy(&backup, data.join("central.db")).unwrap();
    for rest in ["central.db-wal", "central.db-shm"] {
        let _ = std::fs::remove_file(data.join(rest));
    }
    let error = Central::open(config(data), Clock::fake(NOW)).await.unwrap_err().to_string();
    assert!(error.contains("--accept-restore"), "{error}");

    let mut accepting = config(data);
    accepting.accept_restore = true;
    let restored = Central::open(accepting, Clock::fake(NOW + 5)).await.unwrap();
    let epoch = restored.epoch;
    assert_ne!(epoch, central.central.epoch);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(prakerja_central::serve(restored, listener, async move {
        let _ = stopped.await;
    }));
    let sari = sari.at(&base);
    for cursor in [&known, &ahead] {
        let problem = refused(sari.get("/v1/sync/pull").query(&[("cursor", cursor.as_str())])).await;
        assert_eq!((problem.status, problem.code), (410, ProblemCode::EpochChanged));
        assert_eq!(problem.details["epoch"], json!(epoch));
        assert_eq!(
            (&problem.details["restored_to_seq"], &problem.details["restored_at"]),
            (&json!(1), &json!(NOW + 5))
        );
    }
    // The same bytes again bring back what was lost; what was not lost is replayed.
    let again = sari.push(&lost).await;
    assert_eq!((again.status, again.replayed, again.seq), (Applied, false, Some(2)));
    // No version of the lost time is taken for one of the new.
    let url = format!("{base}/v1/catalogue?since={}", catalogue.version + 1);
    let everything: prakerja_protocol::catalogue::Catalogue = read(sari.http.get(url)).await;
    assert!(everything.base.is_none() && everything.version > catalogue.version + 1);
    let _ = stop.send(());
    serving.await.unwrap();
    // Accepted is accepted.
    let next = Central::open(config(data), Clock::fake(NOW)).await.unwrap();
    assert_eq!(next.epoch, epoch);
    next.close().await;
}

pub(crate) async fn a_foreign_epoch_is_refused(central: &Started) {
    let data = central.folder.path();
    central.person().await.push(&patch(None, &[(FullName, Some("Sari"))])).await;
    central.stop().await;
    let file = data.join("epoch");
    let right = std::fs::read_to_string(&file).unwrap();
    for wrong in [format!("{} 0", Uuid::new_v4()), right.replace(" 1", " 2"), "nonsense".to_owned()] {
        std::fs::write(&file, wrong).unwrap();
        assert!(Central::open(config(data), Clock::fake(NOW)).await.is_err());
    }
    std::fs::remove_file(&file).unwrap();
    assert!(Central::open(config(data), Clock::fake(NOW)).await.is_err(), "the file is missing");
    std::fs::write(&file, right).unwrap();
    Central::open(config(data), Clock::fake(NOW)).await.unwrap().close().await;
}

async fn file_of(data: &std::path::Path) -> sqlx::SqlitePool {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(data.join("central.db"));
    sqlx::SqlitePool::connect_with(options).await.unwrap()
}
