//! What is remembered of a closed account: the bare id, for whoever got no answer and for a backup that is put back.

use std::path::{Path, PathBuf};
use std::time::Duration;

use prakerja_central::clock::Clock;
use prakerja_central::registration::forced;
use prakerja_domain::registration::{Facts, TestProgress};
use prakerja_protocol::account::AccountClosed;
use prakerja_testkit::central::Central;
use uuid::Uuid;

use crate::applicant::{case, matched, nik};
use crate::client::{Client, PASSWORD, count};
use crate::close::{EMAIL, ID_STAYS, IN_THE_MIDDLE, PATH, close, found, write};
use crate::started::{NOW, Started, config};

/// As whoever asked to close it hears it, without a session.
async fn is_closed(client: &Client, account: Uuid) -> bool {
    let answer = client.get(&format!("/v1/accounts/{account}/closed"), None).await.expect(200);
    serde_json::from_value::<AccountClosed>(answer.json).unwrap().closed
}

#[tokio::test]
async fn only_a_closed_account_is_called_closed() {
    let central = Central::start_with(Clock::fake(NOW), |_| {}).await.unwrap();
    let client = Client::new(&central);
    let session = client.sign_up(&central, EMAIL).await;
    assert!(!is_closed(&client, session.person).await);
    assert!(!is_closed(&client, Uuid::from_u128(7)).await, "an id that central does not know");
    client.delete("/v1/sessions/current", &session.access_token).await.expect(204);
    assert!(!is_closed(&client, session.person).await);
    client.delete(PATH, &client.sign_in(EMAIL).await.access_token).await.expect(204);
    assert!(is_closed(&client, session.person).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_hangs_up_is_closed_and_noted_and_nothing_stays_in_the_file() {
    let central = Central::start_with(Clock::fake(NOW), |_| {}).await.unwrap();
    let client = Client::new(&central);
    let sari = client.sign_up(&central, EMAIL).await;
    // Its tokens have arrived: nothing is noted of the next request.
    client.get("/v1/sessions", Some(&sari.access_token)).await.expect(200);
    let db = &central.state().unwrap().db;
    let others = db.begin().await.unwrap();
    let closing = client.delete(PATH, &sari.access_token);
    tokio::time::timeout(Duration::from_millis(300), closing).await.expect_err("it waits for the others");
    drop(others);
    let file = |name: &str| std::fs::read(central.data_dir().join(name)).unwrap_or_default();
    let done = async {
        while String::from_utf8_lossy(&file("closed-accounts")).trim() != sari.person.to_string()
            || count(&central, "select count(*) from closed_account where noted = 1").await != 1
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), done).await.expect("noted although nobody waits");
    let overwritten = async {
        while ["central.db", "central.db-wal"]
            .iter()
            .any(|name| file(name).windows(16).any(|bytes| bytes == sari.session.as_bytes()))
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), overwritten).await.expect("no bytes of it in the file");
}

#[tokio::test]
async fn what_was_closed_and_not_noted_is_noted_at_the_next_start() {
    let mut central = Central::start_with(Clock::fake(NOW), |_| {}).await.unwrap();
    let id = Uuid::from_u128(7);
    write(&central.state().unwrap().db, "insert into closed_account (id, noted) values ($1, 0)", id).await;
    central.restart().await.unwrap();
    let noted = async {
        while count(&central, "select count(*) from closed_account where noted = 1").await != 1 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), noted).await.expect("noted");
    let file = std::fs::read_to_string(central.data_dir().join("closed-accounts")).unwrap();
    assert_eq!(file.trim(), id.to_string());
}

#[tokio::test]
async fn a_backup_of_the_middle_of_a_draw_keeps_its_list_until_it_is_settled() {
    let mut central = Central::start_with(Clock::fake(NOW), |_| {}).await.unwrap();
    let client = Client::new(&central);
    let sari = client.sign_up(&central, EMAIL).await;
    let draw = "insert into selection (wave, seed, beacon, beacon_due_at, committed_at, scheme)
         select 73, x'00', 'SANDBOX', 9000000000000, 1, '{}' where $1 is not null";
    let application = IN_THE_MIDDLE[8];
    let db = central.state().unwrap().db.clone();
    for statement in [draw, application] {
        write(&db, statement, sari.person).await;
    }
    std::fs::write(central.data_dir().join("closed-accounts"), sari.person.to_string()).unwrap();
    drop(db);
    central.stop().await.unwrap();
    prakerja_central::sync::accept_restore(central.data_dir(), central.clock().now_ms()).await.unwrap();
    central.restart().await.unwrap();
    assert_eq!(count(&central, "select count(*) from application").await, 1, "on the list");
    assert!(!is_closed(&client, sari.person).await);
    write(&central.state().unwrap().db, "update selection set settled_at = 1 where $1 is not null", sari.person).await;
    central.restart().await.unwrap();
    assert_eq!(count(&central, "select count(*) from person").await, 0, "closed once the draw is settled");
    assert!(is_closed(&client, sari.person).await);
}

#[tokio::test]
async fn what_a_backup_brings_back_is_closed_again_before_anybody_is_served() {
    let mut central = Central::start_with(Clock::fake(NOW), |_| {}).await.unwrap();
    let client = Client::new(&central);
    let sari = client.sign_up(&central, EMAIL).await;
    let budi = client.sign_up(&central, "budi@contoh.id").await;
    let (file, backup) = (central.data_dir().join("central.db"), central.data_dir().join("backup.db"));
    central.stop().await.unwrap();
    std::fs::copy(&file, &backup).unwrap();
    central.restart().await.unwrap();
    client.delete(PATH, &sari.access_token).await.expect(204);
    central.stop().await.unwrap();
    std::fs::copy(&backup, &file).unwrap();
    prakerja_central::sync::accept_restore(central.data_dir(), central.clock().now_ms()).await.unwrap();
    central.restart().await.unwrap();
    assert_eq!(found(&central.state().unwrap().db, sari.person.as_bytes()).await, ID_STAYS);
    assert!(is_closed(&client, sari.person).await);
    assert!(client.prepare_sign_in(EMAIL, PASSWORD).await.is_none());
    client.get("/v1/sessions", Some(&budi.access_token)).await.expect(200);
}

/// Stops it, does that to its folder and starts it again.
async fn reopened(central: Started, meanwhile: impl AsyncFnOnce(&Path)) -> Started {
    central.stop().await;
    let Started { folder, .. } = central;
    meanwhile(folder.path()).await;
    let config = config(folder.path());
    Started::open(folder, config).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_attempt_outlives_a_backup_that_is_put_back() {
    let central = Started::sqlite().await;
    let person = matched(&central, &nik(1)).await;
    let facts = Facts { test: Some(TestProgress::NotPassed), ..case(&person).await.facts };
    forced::final_facts(&central.central, person.id, facts).await.unwrap();
    let copy = |from: PathBuf, to: PathBuf| std::fs::copy(from, to).unwrap();
    let central = reopened(central, async |data: &Path| {
        copy(data.join("central.db"), data.join("backup.db"));
    });
    let central = central.await;
    assert_eq!(close(&central.device_of(person.id).await).send().await.unwrap().status(), 204);
    let central = reopened(central, async |data: &Path| {
        copy(data.join("backup.db"), data.join("central.db"));
        prakerja_central::sync::accept_restore(data, NOW).await.unwrap();
    });
    let central = central.await;
    let again = matched(&central, &nik(1)).await;
    assert_eq!(case(&again).await.facts.test, Some(TestProgress::NotPassed));
    central.stop().await;
}
