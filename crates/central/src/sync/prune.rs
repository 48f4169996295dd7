//! Forgets what is older than the feed's memory. A client that was away longer takes a snapshot.

use std::time::Duration;

use crate::state::Central;

/// Feed rows, tombstones and result bodies are kept so long (`sync.md` §3.4 and §3.5). Keys of commands are kept for ever.
const KEPT_MS: i64 = 400 * 24 * 60 * 60 * 1_000;
/// Once a day is enough for a memory of 400.
const EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// Prunes at start and then daily, until central stops.
pub(super) async fn run(central: Central) {
    let mut daily = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            _ = daily.tick() => {}
            () = central.stopping.cancelled() => return,
        }
        if let Err(error) = prune(&central, central.clock.now_ms() - KEPT_MS).await {
            tracing::error!(%error, "old feed rows were not pruned");
        }
    }
}

/// Forgets everything before `cutoff_ms`.
async fn prune(central: &Central, cutoff_ms: i64) -> Result<(), sqlx::Error> {
    let mut tx = central.db.begin().await?;
    sqlx::query(
        "update person
         set feed_floor = (select max(seq) from feed_row where feed_row.person_id = person.id and feed_row.at < $1)
         where id in (select person_id from feed_row where at < $1)",
    )
    .bind(cutoff_ms)
    .execute(&mut *tx)
    .await?;
    for statement in [
        "delete from feed_row where at < $1",
        "delete from record where deleted_at < $1",
        "update command_log set result = null, evidence = null where received_at < $1 and result is not null",
    ] {
        sqlx::query(statement).bind(cutoff_ms).execute(&mut *tx).await?;
    }
    tx.commit().await
}
