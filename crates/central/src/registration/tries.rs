//! How often something may be tried: so many times in a window, then a wait. What is counted (a person, an identity
//! number over all accounts, a phone) is kept as a MAC only.
//!
//! A window begins with its first try and is never prolonged; the try that uses it up begins the wait.

use sqlx::SqliteConnection;

use super::blind;
use crate::error::ApiResult;
use crate::state::Central;

/// What is counted and how often.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    /// Tries in a window; at least 1.
    pub(crate) most: u32,
    /// Length of the window and of the wait, milliseconds.
    pub(crate) window_ms: i64,
}

/// What a try gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Try {
    /// It may go on. `locked_until` is set when it was the last one.
    Granted { left: u32, locked_until: Option<i64> },
    /// Not before this, Unix milliseconds.
    Locked { until: i64 },
}

/// Takes one try.
pub(crate) async fn take(
    tx: &mut SqliteConnection,
    central: &Central,
    what: &[&[u8]],
    rule: Rule,
) -> Result<Try, sqlx::Error> {
    let (key, now) = (blind::key(central).mac(what).to_vec(), central.clock.now_ms());
    let row: Option<(i64, i64, Option<i64>)> =
        sqlx::query_as("select tries, ends_at, locked_until from tries where key_mac = $1")
            .bind(&key)
            .fetch_optional(&mut *tx)
            .await?;
    let (tries, ends_at) = match row {
        Some((_, _, Some(until))) if until > now => return Ok(Try::Locked { until }),
        Some((tries, ends_at, None)) if ends_at > now => (tries + 1, ends_at),
        _ => (1, now + rule.window_ms),
    };
    let locked_until = (tries >= i64::from(rule.most)).then_some(now + rule.window_ms);
    sqlx::query(
        "insert into tries (key_mac, tries, ends_at, locked_until) values ($1, $2, $3, $4)
         on conflict (key_mac) do update
         set tries = excluded.tries, ends_at = excluded.ends_at, locked_until = excluded.locked_until",
    )
    .bind(&key)
    .bind(tries)
    .bind(ends_at)
    .bind(locked_until)
    .execute(&mut *tx)
    .await?;
    Ok(Try::Granted { left: u32::try_from(i64::from(rule.most) - tries).unwrap_or(0), locked_until })
}

/// Until when a count is locked, if it is; takes no try.
pub(crate) async fn locked_until(
    tx: &mut SqliteConnection,
    central: &Central,
    what: &[&[u8]],
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar("select locked_until from tries where key_mac = $1 and locked_until > $2")
        .bind(blind::key(central).mac(what).to_vec())
        .bind(central.clock.now_ms())
        .fetch_optional(tx)
        .await
}

/// Whether anything was counted in a window that runs; takes no try.
pub(crate) async fn is_counted(
    tx: &mut SqliteConnection,
    central: &Central,
    what: &[&[u8]],
) -> Result<bool, sqlx::Error> {
    let counted: i64 = sqlx::query_scalar("select count(*) from tries where key_mac = $1 and ends_at > $2")
        .bind(blind::key(central).mac(what).to_vec())
        .bind(central.clock.now_ms())
        .fetch_one(tx)
        .await?;
    Ok(counted > 0)
}

/// Takes one try of two counts: both or, when either is used up, none.
pub(crate) async fn take_both(
    tx: &mut SqliteConnection,
    central: &Central,
    (first, second): (&[&[u8]], &[&[u8]]),
    rule: Rule,
) -> Result<Try, sqlx::Error> {
    for what in [first, second] {
        if let Some(until) = locked_until(tx, central, what).await? {
            return Ok(Try::Locked { until });
        }
    }
    Ok(match (take(tx, central, first, rule).await?, take(tx, central, second, rule).await?) {
        (Try::Granted { left, locked_until }, Try::Granted { left: other, locked_until: until }) => {
            Try::Granted { left: left.min(other), locked_until: locked_until.max(until) }
        }
        (Try::Locked { until }, _) | (_, Try::Locked { until }) => Try::Locked { until },
    })
}

/// Forgets what cannot matter any more.
///
/// # Errors
/// Any error of the database.
pub(crate) async fn prune(central: &Central) -> ApiResult<()> {
    let mut tx = central.db.begin().await?;
    sqlx::query("delete from tries where ends_at <= $1 and (locked_until is null or locked_until <= $1)")
        .bind(central.clock.now_ms())
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}
