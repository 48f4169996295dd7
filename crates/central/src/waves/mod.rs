//! Waves: joining them, their selection, and what follows for whom it takes.
//!
//! [`join`] carries out `wave.join`. [`selection`] commits to a list and publishes the draw of `prakerja-selection`;
//! [`public`] serves its files to everybody. [`membership`] appoints, and revokes whoever missed the first purchase; [`balance`] is the ledger, and withdraws what is left after its last day; every later change
//! of a membership goes through [`standing`]. When a
//! wave is open follows from its times and the clock: nothing here turns it. [`conductor`], [`invented`] and [`control`] are
//! the demo's.

mod applicant;
mod application;
mod balance;
mod conductor;
pub(crate) mod control;
mod invented;
mod join;
mod membership;
mod message;
pub(crate) mod public;
pub(crate) mod secret;
pub mod selection;
mod standing;

use std::time::Duration;

pub use self::balance::{Entry, ledger, withdraw_unused};
pub(crate) use self::join::join;
pub use self::membership::revoke_overdue;
pub use self::secret::{BlindCheck, Recomputed};
#[cfg(debug_assertions)]
pub use self::standing::force_membership;
pub use self::standing::{MembershipChange, change_membership};

use crate::state::Central;

/// Memberships are looked through so often.
const LOOK: Duration = Duration::from_secs(60);

/// Starts what runs beside the requests: what a stop interrupted goes on, and missed first purchases are noticed.
pub(crate) fn start(central: &Central) {
    central.tasks.spawn(run(central.clone()));
    if central.config.demo && central.config.fast {
        central.tasks.spawn(conductor::run(central.clone()));
    }
}

async fn run(central: Central) {
    if let Err(error) = selection::resume(&central).await {
        tracing::error!(%error, "an interrupted selection could not go on; run its command again");
    }
    loop {
        // In this order: whoever is revoked has no rest of a balance.
        if let Err(error) = revoke_overdue(&central).await {
            tracing::error!(?error, "missed first purchases could not be noted");
        }
        if let Err(error) = withdraw_unused(&central).await {
            tracing::error!(?error, "balances whose last day is over could not be withdrawn");
        }
        tokio::select! {
            () = central.stopping.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}
