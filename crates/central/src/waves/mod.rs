//! Waves: joining them, their selection, and what follows for whom it takes.
//!
//! [`join`] carries out `wave.join`. [`selection`] commits to a list and publishes the draw of `prakerja-selection`;
//! [`public`] serves its files to everybody. [`membership`] appoints, and revokes whoever missed the first purchase;
//! [`balance`] is the ledger, and withdraws what is left after its last day; every later change of a membership goes through
//! [`standing`]; [`reclass`] follows a whitelist that changes. When a
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
mod reclass;
pub(crate) mod secret;
pub mod selection;
mod standing;

use std::time::Duration;

pub use self::balance::{Entry, ledger, withdraw_unused};
pub(crate) use self::join::join;
pub use self::membership::revoke_overdue;
pub(crate) use self::reclass::reclass;
pub use self::secret::{BlindCheck, Recomputed};
#[cfg(debug_assertions)]
pub use self::standing::force_membership;
pub use self::standing::{MembershipChange, change_membership};

use crate::state::Central;

/// Selections and memberships are looked through so often.
const LOOK: Duration = Duration::from_secs(60);

/// Starts what runs beside the requests: what was interrupted goes on, and missed first purchases are noticed.
pub(crate) fn start(central: &Central) {
    central.tasks.spawn(go_on(central.clone()));
    central.tasks.spawn(revoke(central.clone()));
    if central.config.demo && central.config.fast {
        central.tasks.spawn(conductor::run(central.clone()));
    }
}

/// A full disk or a damaged row stops a selection only until it is mended.
async fn go_on(central: Central) {
    loop {
        let moved = central.clock.moved();
        if let Err(error) = selection::resume(&central).await {
            tracing::error!(%error, "an interrupted selection cannot go on; it is tried again");
        }
        tokio::select! {
            () = central.stopping.cancelled() => return,
            () = moved => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

async fn revoke(central: Central) {
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
