//! Waves: joining them, their selection, and what follows for whom it takes.
//!
//! [`join`] carries out `wave.join`. [`selection`] commits to a list and publishes the draw of `prakerja-selection`;
//! [`public`] serves its files to everybody. [`membership`] appoints, and revokes whoever missed the first purchase; every later change
//! of a membership goes through [`standing`]. When a
//! wave is open follows from its times and the clock: nothing here turns it. [`conductor`], [`invented`] and [`control`] are
//! the demo's.

mod applicant;
mod application;
mod conductor;
pub(crate) mod control;
mod invented;
mod join;
mod membership;
mod message;
pub(crate) mod public;
mod secret;
pub mod selection;
mod standing;

use std::time::Duration;

pub(crate) use self::join::join;
pub use self::membership::revoke_overdue;
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
        if let Err(error) = revoke_overdue(&central).await {
            tracing::error!(?error, "missed first purchases could not be noted");
        }
        tokio::select! {
            () = central.stopping.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}
