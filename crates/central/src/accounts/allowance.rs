//! How many codes an address may be sent: the first and five more, then none for two hours (the programme's rule).
//!
//! Counted per address over all sign-ups, with and without account alike: beginning again does not help. Nothing but time
//! lowers the count, also not a right code: a stranger can read it, and would see that the address became an account.

use prakerja_protocol::problem::{Problem, ProblemCode};
use sqlx::{Row, Sqlite, Transaction};

use crate::clock::{ms, wait};
use crate::error::{ApiError, ApiResult};
use crate::state::Central;

/// What a request for a code gets. Both must be committed.
#[derive(Debug)]
pub(super) enum Allowance {
    /// A code may be sent.
    Granted(Left),
    /// Not before so many milliseconds.
    Locked { wait_ms: u64 },
}

/// What an address has left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Left {
    /// So many more codes.
    pub(super) resends: u32,
    /// After the last one: no other before this, Unix milliseconds.
    pub(super) locked_until: Option<i64>,
}

impl Allowance {
    /// `code-locked`.
    pub(super) fn refusal(wait_ms: u64) -> ApiError {
        Problem::new(ProblemCode::CodeLocked, 429, "too many codes were asked for").with_retry_after_ms(wait_ms).into()
    }
}

/// Key of an address.
pub(super) fn address(central: &Central, email: &str) -> Vec<u8> {
    central.secrets.addresses.mac(&[b"address", email.as_bytes()]).to_vec()
}

/// Takes one code of the address's allowance.
pub(super) async fn take(tx: &mut Transaction<'_, Sqlite>, central: &Central, email: &str) -> ApiResult<Allowance> {
    let accounts = &central.config.accounts;
    let (now, lock, most) = (central.clock.now_ms(), ms(accounts.email_otp_lock_s), accounts.email_otp_max_resend);
    let address = address(central, email);
    let row = sqlx::query("select sent, first_sent_at, locked_until from code_allowance where address_mac = $1")
        .bind(&address)
        .fetch_optional(&mut **tx)
        .await?;
    let (mut sent, mut first_sent_at, mut locked_until) = match row {
        Some(row) => (row.try_get("sent")?, row.try_get("first_sent_at")?, row.try_get("locked_until")?),
        None => (0_i64, now, None::<i64>),
    };
    if let Some(until) = locked_until
        && until > now
    {
        return Ok(Allowance::Locked { wait_ms: wait(until, now) });
    }
    if locked_until.is_some() || now - first_sent_at >= lock {
        (sent, first_sent_at, locked_until) = (0, now, None);
    }
    sent += 1;
    let resends = left(most, sent);
    // The last one begins the wait, so that it can be told with it and asking in vain does not prolong it.
    if resends == 0 {
        locked_until = Some(now + lock);
    }
    sqlx::query(
        "insert into code_allowance (address_mac, sent, first_sent_at, locked_until) values ($1, $2, $3, $4)
         on conflict (address_mac) do update
         set sent = excluded.sent, first_sent_at = excluded.first_sent_at, locked_until = excluded.locked_until",
    )
    .bind(&address)
    .bind(sent)
    .bind(first_sent_at)
    .bind(locked_until)
    .execute(&mut **tx)
    .await?;
    Ok(Allowance::Granted(Left { resends, locked_until }))
}

/// What the address has left, without taking a code.
pub(super) async fn read(tx: &mut Transaction<'_, Sqlite>, central: &Central, email: &str) -> ApiResult<Left> {
    let row: Option<(i64, Option<i64>)> =
        sqlx::query_as("select sent, locked_until from code_allowance where address_mac = $1")
            .bind(address(central, email))
            .fetch_optional(&mut **tx)
            .await?;
    let (sent, locked_until) = row.unwrap_or((1, None));
    Ok(Left { resends: left(central.config.accounts.email_otp_max_resend, sent), locked_until })
}

/// The first code is no resend.
fn left(most: u32, sent: i64) -> u32 {
    u32::try_from(i64::from(most) + 1 - sent).unwrap_or(0)
}
