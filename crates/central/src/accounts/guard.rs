//! How often a password may be tried per address.
//!
//! With OPAQUE the *first* step is the guess: whoever gets an evaluation can check one password on his own machine and
//! never needs to send the second step. So first steps are counted, of sign-in and of sign-up alike: both evaluate with
//! the address's key, and a sign-up would otherwise be an oracle without limit. An address without account is counted the
//! same, so that a lock does not give anything away.
//!
//! Counted per address and network: otherwise a stranger could lock anybody out. A higher count over all networks bounds
//! what many of them can guess together.
//!
//! A right password takes its own try back and leaves the others: a stranger can read the count, and forgetting it would
//! show that somebody has an account. For the same reason a window begins with its first try and is never prolonged.

use axum::Extension;
use sqlx::{Row, Sqlite, Transaction};

use crate::clock::{ms, wait};
use crate::error::{ApiError, ApiResult};
use crate::middleware::ClientAddress;
use crate::state::Central;

/// A try that was taken; the attempt keeps it to give it back.
pub(super) type Key = Vec<u8>;

/// The network that a request came from.
pub(super) type Network = Option<Extension<ClientAddress>>;

/// What an address is counted by: with the network that asks, and over all networks.
pub(super) fn keys(central: &Central, email: &str, network: &Network) -> [Key; 2] {
    let network = network.map(|Extension(ClientAddress(network))| network.to_string()).unwrap_or_default();
    let here = central.secrets.addresses.mac(&[b"address and network", email.as_bytes(), network.as_bytes()]).to_vec();
    [here, everywhere(central, email)]
}

fn everywhere(central: &Central, email: &str) -> Key {
    central.secrets.addresses.mac(&[b"address", email.as_bytes()]).to_vec()
}

/// Takes one try. The caller commits in any case, and then returns the refusal if there is one.
pub(super) async fn take(
    tx: &mut Transaction<'_, Sqlite>,
    central: &Central,
    email: &str,
    network: &Network,
) -> ApiResult<Result<Key, ApiError>> {
    let [here, everywhere] = keys(central, email, network);
    let accounts = &central.config.accounts;
    // What is refused here does not count there, or one network could use up the tries of all.
    for (key, most) in [(&here, accounts.password_max_tries), (&everywhere, accounts.password_max_tries_everywhere)] {
        if let Err(refused) = count(tx, central, key, most).await? {
            return Ok(Err(refused));
        }
    }
    Ok(Ok(here))
}

async fn count(
    tx: &mut Transaction<'_, Sqlite>,
    central: &Central,
    key: &[u8],
    most: u32,
) -> ApiResult<Result<(), ApiError>> {
    let (now, lock) = (central.clock.now_ms(), ms(central.config.accounts.password_lock_s));
    let row = sqlx::query("select tries, began_at, locked_until from password_guard where key_mac = $1")
        .bind(key)
        .fetch_optional(&mut **tx)
        .await?;
    let (tries, began_at, locked_until) = match row {
        Some(row) => (row.try_get("tries")?, row.try_get("began_at")?, row.try_get("locked_until")?),
        None => (0_i64, now, None::<i64>),
    };
    if let Some(until) = locked_until
        && until > now
    {
        return Ok(Err(ApiError::rate_limited(wait(until, now))));
    }
    let fresh = locked_until.is_some() || now - began_at >= lock;
    let (tries, began_at) = if fresh { (1, now) } else { (tries + 1, began_at) };
    let locked_until = (tries > i64::from(most)).then_some(now + lock);
    sqlx::query(
        "insert into password_guard (key_mac, tries, began_at, locked_until) values ($1, $2, $3, $4)
         on conflict (key_mac) do update
         set tries = excluded.tries, began_at = excluded.began_at, locked_until = excluded.locked_until",
    )
    .bind(key)
    .bind(tries)
    .bind(began_at)
    .bind(locked_until)
    .execute(&mut **tx)
    .await?;
    Ok(locked_until.map_or(Ok(()), |until| Err(ApiError::rate_limited(wait(until, now)))))
}

/// Gives a try back: its password was right, so it was no guess.
pub(super) async fn give_back(
    tx: &mut Transaction<'_, Sqlite>,
    central: &Central,
    email: &str,
    key: &[u8],
) -> ApiResult<()> {
    for key in [key, &everywhere(central, email)] {
        sqlx::query("update password_guard set tries = tries - 1 where key_mac = $1 and tries > 0")
            .bind(key)
            .execute(&mut **tx)
            .await?;
        // The window of the next stranger must not begin with this try.
        sqlx::query("delete from password_guard where key_mac = $1 and tries = 0 and locked_until is null")
            .bind(key)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}
