//! How often codes for another password may be typed wrong for an address in a day, whatever the requests: each code has its
//! own few tries, and whoever asks for code after code would guess one in the end.
//!
//! Counted per address and network, and higher over all networks, as [`super::guard`] does and for its reasons: else a stranger
//! could keep anybody from ever setting another password. Addresses without account are counted the same.

use sqlx::SqliteConnection;

use super::guard::{self, Network};
use crate::error::ApiResult;
use crate::registration::tries::{self, Rule};
use crate::state::Central;

const WHAT: &[u8] = b"wrong codes for another password";

/// Until when no code of the address counts, the right one neither.
pub(super) async fn locked_until(
    tx: &mut SqliteConnection,
    central: &Central,
    email: &str,
    network: &Network,
) -> ApiResult<Option<i64>> {
    let mut until = None;
    for key in guard::keys(central, email, network) {
        until = until.max(tries::locked_until(tx, central, &[WHAT, &key]).await?);
    }
    Ok(until)
}

/// Counts a wrong code.
pub(super) async fn count(
    tx: &mut SqliteConnection,
    central: &Central,
    email: &str,
    network: &Network,
) -> ApiResult<()> {
    let accounts = &central.config.accounts;
    let most = [accounts.reset_max_wrong_per_day, accounts.reset_max_wrong_per_day_everywhere];
    for (key, most) in guard::keys(central, email, network).into_iter().zip(most) {
        let rule = Rule { most, window_ms: super::DAY_MS };
        tries::take(tx, central, &[WHAT, &key], rule).await?;
    }
    Ok(())
}
