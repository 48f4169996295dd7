//! How many codes an address may be sent: the first and five more, then none for two hours (the programme's rule).
//!
//! Counted per address and network over all sign-ups, with and without account alike: beginning again does not help, and a
//! stranger elsewhere uses up nobody's codes. A higher count over all networks bounds what a mailbox gets. Nothing but time
//! lowers a count, also not a right code: a stranger can read it, and would see that the address became an account.

use prakerja_protocol::problem::{Problem, ProblemCode};
use sqlx::{Sqlite, Transaction};

use super::guard::{self, Network};
use crate::clock::{ms, wait};
use crate::error::{ApiError, ApiResult};
use crate::state::Central;

/// What an address has left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Left {
    /// So many more codes.
    pub(super) resends: u32,
    /// After the last one: no other before this, Unix milliseconds.
    pub(super) locked_until: Option<i64>,
}

impl Left {
    /// Of two counts what holds for both.
    fn and(self, other: Self) -> Self {
        Self { resends: self.resends.min(other.resends), locked_until: self.locked_until.max(other.locked_until) }
    }
}

/// `code-locked`.
pub(super) fn refusal(wait_ms: u64) -> ApiError {
    Problem::new(ProblemCode::CodeLocked, 429, "too many codes were asked for").with_retry_after_ms(wait_ms).into()
}

/// The counts of an address, and how many codes are the most of each. The first one is no resend.
fn counts(central: &Central, email: &str, network: &Network) -> [(Vec<u8>, u32); 2] {
    let accounts = &central.config.accounts;
    let [here, everywhere] = guard::keys(central, email, network);
    [(here, accounts.email_otp_max_resend.saturating_add(1)), (everywhere, accounts.email_otp_max_everywhere)]
}

#[derive(Debug, Clone, Copy, sqlx::FromRow)]
struct Count {
    sent: i64,
    first_sent_at: i64,
    locked_until: Option<i64>,
}

impl Count {
    async fn read(tx: &mut Transaction<'_, Sqlite>, key: &[u8]) -> Result<Option<Self>, sqlx::Error> {
        sqlx::query_as("select sent, first_sent_at, locked_until from code_allowance where key_mac = $1")
            .bind(key)
            .fetch_optional(&mut **tx)
            .await
    }

    async fn write(self, tx: &mut Transaction<'_, Sqlite>, key: &[u8]) -> Result<(), sqlx::Error> {
        sqlx::query(
            "insert into code_allowance (key_mac, sent, first_sent_at, locked_until) values ($1, $2, $3, $4)
             on conflict (key_mac) do update
             set sent = excluded.sent, first_sent_at = excluded.first_sent_at, locked_until = excluded.locked_until",
        )
        .bind(key)
        .bind(self.sent)
        .bind(self.first_sent_at)
        .bind(self.locked_until)
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    fn left(self, most: u32) -> Left {
        Left { resends: u32::try_from(i64::from(most) - self.sent).unwrap_or(0), locked_until: self.locked_until }
    }
}

/// Takes one code of the address's allowance.
///
/// # Errors
/// `code-locked`; then neither count took anything, or one network could use up the codes of all.
pub(super) async fn take(
    tx: &mut Transaction<'_, Sqlite>,
    central: &Central,
    email: &str,
    network: &Network,
) -> ApiResult<Left> {
    let (now, lock) = (central.clock.now_ms(), ms(central.config.accounts.email_otp_lock_s));
    let mut taken = Vec::new();
    for (key, most) in counts(central, email, network) {
        let mut count = match Count::read(tx, &key).await? {
            Some(Count { locked_until: Some(until), .. }) if until > now => return Err(refusal(wait(until, now))),
            Some(count) if count.locked_until.is_none() && now - count.first_sent_at < lock => count,
            _ => Count { sent: 0, first_sent_at: now, locked_until: None },
        };
        count.sent += 1;
        // The last one begins the wait, so that it can be told with it and asking in vain does not prolong it.
        if count.left(most).resends == 0 {
            count.locked_until = Some(now + lock);
        }
        taken.push((key, count, most));
    }
    let mut left = Left { resends: u32::MAX, locked_until: None };
    for (key, count, most) in taken {
        count.write(tx, &key).await?;
        left = left.and(count.left(most));
    }
    Ok(left)
}

/// What the address has left, without taking a code.
pub(super) async fn read(
    tx: &mut Transaction<'_, Sqlite>,
    central: &Central,
    email: &str,
    network: &Network,
) -> ApiResult<Left> {
    let mut left = Left { resends: u32::MAX, locked_until: None };
    for (key, most) in counts(central, email, network) {
        let none = Count { sent: 1, first_sent_at: 0, locked_until: None };
        left = left.and(Count::read(tx, &key).await?.unwrap_or(none).left(most));
    }
    Ok(left)
}
