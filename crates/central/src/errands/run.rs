//! The task that runs errands. Like a message, an errand is *leased* before it is run: its next try is moved into the
//! future, durably, so that a crash repeats it later and a full disk repeats nothing.

use std::time::Duration;

use rand::Rng as _;
use sqlx::FromRow;
use tokio::task::JoinSet;

use super::{Errand, Fate, Kind};
use crate::clock::wait;
use crate::db::Id;
use crate::error::ApiResult;
use crate::state::Central;

/// Errands under way at the same time: one slow party does not hold the others up.
const AT_ONCE: usize = 16;
/// Longest time of one try.
const TRY: Duration = Duration::from_secs(90);
/// A leased errand whose fate was not noted is tried again after so long, in milliseconds. Longer than [`TRY`].
const LEASE_MS: i64 = 5 * 60 * 1000;
/// The task looks by itself at least so often.
const LOOK: Duration = Duration::from_secs(30);
/// Longest wait for errands under way when central stops.
const DRAIN: Duration = Duration::from_secs(5);
/// Longest wait between two tries, in milliseconds.
const LONGEST_RETRY_MS: i64 = 5 * 60 * 1000;
/// From so many failures in a row on, each is logged as an error: somebody should look.
const ALARMING: i64 = 8;

#[derive(FromRow)]
struct Waiting {
    id: Id,
    person_id: Id,
    kind: String,
    content: Vec<u8>,
    /// End of the lease.
    next_at: i64,
    failures: i64,
}

/// Runs until central stops.
pub(super) async fn run(central: Central) {
    // Leases of a central that was killed.
    if let Err(error) = release(&central).await {
        tracing::error!(?error, "errands could not be released");
    }
    let mut under_way = JoinSet::new();
    loop {
        // Before the look: a test that moves its clock meanwhile is noticed.
        let moved = central.clock.moved();
        central.errands.bell.take_off();
        let pause = match lease(&central, AT_ONCE - under_way.len()).await {
            Ok((due, pause)) => {
                for waiting in due {
                    under_way.spawn(handle(central.clone(), waiting));
                }
                pause
            }
            Err(error) => {
                tracing::error!(?error, "errands could not be read");
                LOOK
            }
        };
        tokio::select! {
            () = central.stopping.cancelled() => break,
            Some(_) = under_way.join_next() => {}
            () = central.errands.bell.heard() => {}
            () = moved => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    // What is cut off here is run again after the next start.
    let _ = tokio::time::timeout(DRAIN, async { while under_way.join_next().await.is_some() {} }).await;
}

async fn release(central: &Central) -> ApiResult<()> {
    let mut tx = central.db.begin().await?;
    sqlx::query("update errand set next_at = $1 where next_at > $1")
        .bind(central.clock.now_ms())
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Takes up to `room` errands that are due. Also returns how long none will be.
async fn lease(central: &Central, room: usize) -> ApiResult<(Vec<Waiting>, Duration)> {
    if room == 0 {
        return Ok((Vec::new(), LOOK));
    }
    let now = central.clock.now_ms();
    let mut tx = central.db.begin().await?;
    let due = sqlx::query_as::<_, Waiting>(
        "update errand set next_at = $1
         where id in (select id from errand where next_at <= $2 order by next_at, id limit $3)
         returning id, person_id, kind, content, next_at, failures",
    )
    .bind(now + LEASE_MS)
    .bind(now)
    .bind(i64::try_from(room).unwrap_or(i64::MAX))
    .fetch_all(&mut *tx)
    .await?;
    let next: Option<i64> = sqlx::query_scalar("select min(next_at) from errand").fetch_one(&mut *tx).await?;
    tx.commit().await?;
    let until = next.map(|next| wait(next, now));
    let pause = until.map_or(LOOK, Duration::from_millis).clamp(Duration::from_millis(50), LOOK);
    Ok((due, pause))
}

async fn handle(central: Central, waiting: Waiting) {
    let fate = match Kind::by_name(&waiting.kind) {
        Some(kind) => {
            let (id, person) = (waiting.id.0, waiting.person_id.0);
            let errand = Errand { id, person, kind, sealed: waiting.content };
            tokio::time::timeout(TRY, errand.kind.handle(&central, &errand))
                .await
                .unwrap_or_else(|_| Fate::failed("time-out"))
        }
        // Of a newer central that was here before.
        None => Fate::failed("unknown kind"),
    };
    if let Err(error) = note(&central, (waiting.id, waiting.next_at), waiting.failures, &fate).await {
        tracing::error!(?error, "the fate of an errand could not be noted; it is run again in a while");
    }
    if let Fate::Failed { code } = fate {
        let (errand, kind, failures) = (waiting.id.0, waiting.kind, waiting.failures + 1);
        if failures < ALARMING {
            tracing::warn!(%errand, kind, code, failures, "an outside party did not answer");
        } else {
            tracing::error!(%errand, kind, code, failures, "an outside party does not answer for long");
        }
    }
}

/// An errand that was hurried meanwhile (its lease is not ours any more) stays due.
async fn note(central: &Central, (id, lease): (Id, i64), failures: i64, fate: &Fate) -> ApiResult<()> {
    let (wait, failures, code) = match fate {
        Fate::Done => {
            let mut tx = central.db.begin().await?;
            sqlx::query("delete from errand where id = $1").bind(id).execute(&mut *tx).await?;
            tx.commit().await?;
            return Ok(());
        }
        Fate::Again(wait) => (*wait, 0, None),
        Fate::Failed { code } => (retry_ms(failures), failures + 1, Some(code)),
    };
    let mut tx = central.db.begin().await?;
    sqlx::query(
        "update errand set next_at = case when next_at = $1 then $2 else next_at end, failures = $3, last_failure = $4
         where id = $5",
    )
    .bind(lease)
    .bind(central.clock.now_ms() + wait)
    .bind(failures)
    .bind(code)
    .bind(id)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// 1 s, 2 s, 4 s, ... with a jitter of a quarter, at most five minutes.
fn retry_ms(failures: i64) -> i64 {
    let base = (1_000_i64 << failures.clamp(0, 20)).min(LONGEST_RETRY_MS);
    base + rand::thread_rng().gen_range(0..=base / 4)
}
