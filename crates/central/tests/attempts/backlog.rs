//! Many results at once, some of which cannot be had.

use prakerja_central::db::Id;
use uuid::Uuid;

use crate::seat::*;
use crate::started::*;

/// More than central reads in one go.
const BROKEN: usize = 230;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attempts_that_cannot_be_evaluated_keep_nobody_waiting() {
    let central = Started::sqlite().await;
    let mut tx = central.central.db.begin().await.unwrap();
    for _ in 0..BROKEN {
        let (person, attempt) = (Uuid::new_v4(), Uuid::new_v4());
        sqlx::query(
            "insert into person (id, email, password_file, stretch_memory_kib, stretch_passes, stretch_lanes, created_at)
             values ($1, $2, $3, 1, 1, 1, $4)",
        )
        .bind(Id(person))
        .bind(format!("{person}@example.test"))
        .bind(Vec::new())
        .bind(NOW)
        .execute(&mut *tx)
        .await
        .unwrap();
        // Older than anybody's, and sealed with no key that central has.
        sqlx::query(
            "insert into test_attempt (person_id, id, started_at, ends_at, closes_at, submitted_at, content)
             values ($1, $2, $3, $3, $3, $3, $4)",
        )
        .bind(Id(person))
        .bind(Id(attempt))
        .bind(NOW - HOUR)
        .bind(vec![0_u8; 64])
        .execute(&mut *tx)
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
    let people = [candidate(&central).await, candidate(&central).await];
    for person in &people {
        let paper = begun(person).await;
        applied(person, &answer(&paper, 0, None)).await;
        applied(person, &hand_in(&paper)).await;
    }
    for person in &people {
        assert!(evaluated(person).await.test.unwrap().evaluated_at.is_some());
    }
    let left: i64 = sqlx::query_scalar("select count(*) from test_attempt where evaluated_at is null")
        .fetch_one(central.central.db.read())
        .await
        .unwrap();
    assert_eq!(left, i64::try_from(BROKEN).unwrap(), "they are kept and tried again");
    central.stop().await;
}
