//! The task that sends what waits. A message is deleted when it was sent, refused for good, or over.
//!
//! What is over first leaves first: a code is worth minutes, a result weeks, and a wave queues a hundred thousand results.
//!
//! A message is *leased* before it is sent: its next try is moved into the future, durably. When the disk is full that fails,
//! and nothing is sent; otherwise a message that left but could not be deleted would leave again and again.

use std::time::Duration;

use rand::Rng;
use sqlx::FromRow;
use tokio::task::JoinSet;

use super::{Message, Outlet, PhoneOutlet, open};
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::state::Central;

/// Messages on their way at the same time: one slow conversation does not hold the others up.
const AT_ONCE: usize = 8;
/// Longest time of one try.
const TRY: Duration = Duration::from_secs(90);
/// A leased message whose fate was not noted is tried again after so long, in milliseconds. Longer than [`TRY`].
const LEASE_MS: i64 = 5 * 60 * 1000;
/// The task looks by itself at least so often.
const LOOK: Duration = Duration::from_secs(30);
/// Longest wait for messages on their way when central stops.
const DRAIN: Duration = Duration::from_secs(5);
/// Longest wait between two tries of a message, in milliseconds.
const LONGEST_RETRY_MS: i64 = 5 * 60 * 1000;

#[derive(FromRow)]
struct Waiting {
    id: Id,
    sealed: Vec<u8>,
    /// Tries with this one.
    attempts: i64,
}

/// How a message fared.
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
    // Leases of a central that was killed.
    if let Err(error) = release(&central).await {
        tracing::error!(?error, "messages could not be released");
    }
    let mut flying = JoinSet::new();
    loop {
        let moved = central.clock.moved();
        central.notifier.bell.take_off();
        let pause = match lease(&central, AT_ONCE - flying.len()).await {
            Ok((due, pause)) => {
                for waiting in due {
                    flying.spawn(handle(central.clone(), waiting));
                }
                pause
            }
            Err(error) => {
                tracing::error!(?error, "messages could not be read");
                LOOK
            }
        };
        tokio::select! {
            () = central.stopping.cancelled() => break,
            Some(_) = flying.join_next() => {}
            () = central.notifier.bell.heard() => {}
            () = moved => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    // What is cut off here is sent again after the next start.
    let _ = tokio::time::timeout(DRAIN, async { while flying.join_next().await.is_some() {} }).await;
}

async fn release(central: &Central) -> ApiResult<()> {
    let mut tx = central.db.begin().await?;
    sqlx::query("update message_outbox set next_at = $1 where next_at > $1")
        .bind(central.clock.now_ms())
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Drops what is over and takes up to `room` messages that are due. Also returns how long nothing will be.
async fn lease(central: &Central, room: usize) -> ApiResult<(Vec<Waiting>, Duration)> {
    if room == 0 {
        return Ok((Vec::new(), LOOK));
    }
    let now = central.clock.now_ms();
    let mut tx = central.db.begin().await?;
    sqlx::query("delete from message_outbox where expires_at <= $1").bind(now).execute(&mut *tx).await?;
    let due = sqlx::query_as::<_, Waiting>(
        "update message_outbox set attempts = attempts + 1, next_at = $1
         where id in (select id from message_outbox where next_at <= $2 order by expires_at, id limit $3)
         returning id, sealed, attempts",
    )
    .bind(now + LEASE_MS)
    .bind(now)
    .bind(i64::try_from(room).unwrap_or(i64::MAX))
    .fetch_all(&mut *tx)
    .await?;
    let next: Option<i64> = sqlx::query_scalar("select min(next_at) from message_outbox").fetch_one(&mut *tx).await?;
    tx.commit().await?;
    let until = next.map(|next| u64::try_from(next - now).unwrap_or(0));
    let pause = until.map_or(LOOK, Duration::from_millis).clamp(Duration::from_millis(50), LOOK);
    Ok((due, pause))
}

async fn handle(central: Central, waiting: Waiting) {
    let sent = match open(&central.secrets.mails, &waiting.sealed) {
        Some(message) => tokio::time::timeout(TRY, send(&central, waiting.id, &message)).await.unwrap_or(Sent::Later),
        None => {
            tracing::error!(message = %waiting.id.0, "a waiting message cannot be read with this secrets file; it is dropped");
            Sent::Never
        }
    };
    if let Err(error) = note(&central, &waiting, &sent).await {
        tracing::error!(?error, ?sent, "the fate of a message could not be noted; it is tried again in a while");
    }
}

async fn note(central: &Central, waiting: &Waiting, sent: &Sent) -> ApiResult<()> {
    let mut tx = central.db.begin().await?;
    if matches!(sent, Sent::Later) {
        sqlx::query("update message_outbox set next_at = $1 where id = $2")
            .bind(central.clock.now_ms() + retry_ms(waiting.attempts - 1))
            .bind(waiting.id)
            .execute(&mut *tx)
            .await?;
    } else {
        sqlx::query("delete from message_outbox where id = $1").bind(waiting.id).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn send(central: &Central, id: Id, message: &Message) -> Sent {
    match message {
        Message::Mail(mail) => match &central.notifier.outlet {
            Outlet::Smtp(smtp) => smtp.send(id.0, mail).await,
            Outlet::Sandbox => super::sandbox::keep(central, id, message).await,
            Outlet::Nowhere => Sent::Later,
        },
        Message::Sms(sms) => match central.notifier.phones.of(&sms.scheme) {
            PhoneOutlet::Gateway(gateway) => gateway.send(id.0, sms).await,
            PhoneOutlet::Sandbox => super::sandbox::keep(central, id, message).await,
            // Queued by an operator's command, which does not know what this central is configured for.
            PhoneOutlet::Nowhere => Sent::Never,
            PhoneOutlet::Elsewhere => Sent::Later,
        },
    }
}

/// 1 s, 2 s, 4 s, ... with a jitter of a quarter, at most five minutes.
fn retry_ms(attempts: i64) -> i64 {
    let base = (1_000_i64 << attempts.clamp(0, 20)).min(LONGEST_RETRY_MS);
    base + rand::thread_rng().gen_range(0..=base / 4)
}

impl From<ApiError> for Sent {
    fn from(error: ApiError) -> Self {
        tracing::error!(?error, "a message could not be kept");
        Self::Later
    }
}
