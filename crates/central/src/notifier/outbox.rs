//! The task that sends what waits. A mail is deleted when it was sent, refused for good, or over.

use std::time::Duration;

use rand::Rng;
use sqlx::FromRow;

use super::{Mail, Outlet, open};
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::state::Central;

/// Mails of one round.
const BATCH: i64 = 20;
/// The task looks by itself at least so often.
const LOOK: Duration = Duration::from_secs(30);
/// Longest wait between two tries of a mail, in milliseconds.
const LONGEST_RETRY_MS: i64 = 5 * 60 * 1000;

#[derive(FromRow)]
struct Waiting {
    id: Id,
    sealed: Vec<u8>,
    attempts: i64,
}

/// How a mail fared.
#[derive(Debug)]
pub(super) enum Sent {
    /// It left.
    Yes,
    /// It will never leave.
    Never,
    /// Another time.
    Later,
}

/// Runs until central stops.
pub(super) async fn run(central: Central) {
    loop {
        let pause = match round(&central).await {
            Ok(pause) => pause,
            Err(error) => {
                tracing::error!(?error, "mails could not be read");
                LOOK
            }
        };
        tokio::select! {
            () = central.stopping.cancelled() => return,
            () = central.notifier.wake.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Sends what is due. Returns how long nothing will be.
async fn round(central: &Central) -> ApiResult<Duration> {
    loop {
        let now = central.clock.now_ms();
        let due = sqlx::query_as::<_, Waiting>(
            "select id, sealed, attempts from mail_outbox where next_at <= $1 order by next_at limit $2",
        )
        .bind(now)
        .bind(BATCH)
        .fetch_all(central.db.read())
        .await?;
        if due.is_empty() {
            break;
        }
        for waiting in due {
            if central.stopping.is_cancelled() {
                return Ok(LOOK);
            }
            handle(central, waiting).await?;
        }
    }
    let next: Option<i64> =
        sqlx::query_scalar("select min(next_at) from mail_outbox").fetch_one(central.db.read()).await?;
    let until = next.map(|next| u64::try_from(next - central.clock.now_ms()).unwrap_or(0));
    Ok(until.map_or(LOOK, Duration::from_millis).clamp(Duration::from_millis(50), LOOK))
}

async fn handle(central: &Central, waiting: Waiting) -> ApiResult<()> {
    let sent = match open(&central.secrets.mails, &waiting.sealed) {
        Some(mail) => send(central, waiting.id, &mail).await,
        None => Sent::Never,
    };
    let now = central.clock.now_ms();
    let mut tx = central.db.begin().await?;
    if matches!(sent, Sent::Later) {
        let wait = retry_ms(waiting.attempts);
        sqlx::query("update mail_outbox set attempts = attempts + 1, next_at = $1 where id = $2")
            .bind(now + wait)
            .bind(waiting.id)
            .execute(&mut *tx)
            .await?;
        sqlx::query("delete from mail_outbox where id = $1 and expires_at <= next_at")
            .bind(waiting.id)
            .execute(&mut *tx)
            .await?;
    } else {
        sqlx::query("delete from mail_outbox where id = $1").bind(waiting.id).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn send(central: &Central, id: Id, mail: &Mail) -> Sent {
    match &central.notifier.outlet {
        Outlet::Smtp(smtp) => smtp.send(mail).await,
        Outlet::Sandbox => super::sandbox::keep(central, id, mail).await,
        Outlet::Nowhere => Sent::Later,
    }
}

/// 1 s, 2 s, 4 s, ... with a jitter of a quarter, at most five minutes.
fn retry_ms(attempts: i64) -> i64 {
    let base = (1_000_i64 << attempts.clamp(0, 20)).min(LONGEST_RETRY_MS);
    base + rand::thread_rng().gen_range(0..=base / 4)
}

impl From<ApiError> for Sent {
    fn from(error: ApiError) -> Self {
        tracing::error!(?error, "a mail could not be kept");
        Self::Later
    }
}
