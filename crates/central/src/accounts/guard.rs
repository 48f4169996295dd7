//! How often a password may be tried per address.
//!
//! With OPAQUE the *first* step is the guess: whoever gets an evaluation can check one password on his own machine and
//! never needs to send the second step. So first steps are counted, of sign-in and of sign-up alike: both evaluate with
//! the address's key, and a sign-up would otherwise be an oracle without limit. A right password forgets the count. An
//! address without account is counted the same, so that a lock does not give anything away.

use sqlx::{Row, Sqlite, Transaction};

use super::allowance::address;
use super::{ms, wait};
use crate::error::{ApiError, ApiResult};
use crate::state::Central;

/// Takes one try. The caller commits in any case, and then returns the refusal if there is one.
pub(super) async fn take(
    tx: &mut Transaction<'_, Sqlite>,
    central: &Central,
    email: &str,
) -> ApiResult<Result<(), ApiError>> {
    let accounts = &central.config.accounts;
    let (now, lock) = (central.clock.now_ms(), ms(accounts.password_lock_s));
    let address = address(central, email);
    let row = sqlx::query("select tries, last_try_at, locked_until from password_guard where address_mac = $1")
        .bind(&address)
        .fetch_optional(&mut **tx)
        .await?;
    let (tries, last_try_at, locked_until) = match row {
        Some(row) => (row.try_get("tries")?, row.try_get("last_try_at")?, row.try_get("locked_until")?),
        None => (0_i64, now, None::<i64>),
    };
    if let Some(until) = locked_until
        && until > now
    {
        return Ok(Err(ApiError::rate_limited(wait(until, now))));
    }
    let fresh = locked_until.is_some() || now - last_try_at >= lock;
    let tries = if fresh { 1 } else { tries + 1 };
    let locked_until = (tries > i64::from(accounts.password_max_tries)).then_some(now + lock);
    sqlx::query(
        "insert into password_guard (address_mac, tries, last_try_at, locked_until) values ($1, $2, $3, $4)
         on conflict (address_mac) do update
         set tries = excluded.tries, last_try_at = excluded.last_try_at, locked_until = excluded.locked_until",
    )
    .bind(&address)
    .bind(tries)
    .bind(now)
    .bind(locked_until)
    .execute(&mut **tx)
    .await?;
    Ok(locked_until.map_or(Ok(()), |until| Err(ApiError::rate_limited(wait(until, now)))))
}

/// Forgets the count: the person has shown to be the right one.
pub(super) async fn clear(tx: &mut Transaction<'_, Sqlite>, central: &Central, email: &str) -> ApiResult<()> {
    sqlx::query("delete from password_guard where address_mac = $1")
        .bind(address(central, email))
        .execute(&mut **tx)
        .await?;
    Ok(())
}
