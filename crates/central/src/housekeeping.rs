//! Work that comes back: old rows and recovered rate limits are dropped.

use std::time::Duration;

use crate::state::Central;

const RATES: Duration = Duration::from_secs(60);
/// Old rows go once an hour.
const ROUNDS_PER_PRUNE: u64 = 60;

/// Starts the task; it ends when central stops.
pub(crate) fn start(central: &Central) {
    central.tasks.spawn(run(central.clone()));
}

async fn run(central: Central) {
    for round in 0_u64.. {
        if round % ROUNDS_PER_PRUNE == 0
            && let Err(error) = crate::accounts::prune(&central).await
        {
            tracing::error!(?error, "old rows could not be removed");
        }
        // At the start it was done before anybody is served.
        if round % ROUNDS_PER_PRUNE == 0
            && round > 0
            && let Err(error) = crate::accounts::catch_up(&central).await
        {
            tracing::error!(?error, "closed accounts could not be looked through");
        }
        if round % ROUNDS_PER_PRUNE == 0
            && let Err(error) = crate::registration::tries::prune(&central).await
        {
            tracing::error!(?error, "old counts could not be removed");
        }
        if round % ROUNDS_PER_PRUNE == 0
            && let Err(error) = crate::documents::prune(&central).await
        {
            tracing::error!(?error, "old uploads could not be removed");
        }
        tokio::select! {
            () = central.stopping.cancelled() => return,
            () = tokio::time::sleep(RATES) => central.rates.clean(),
        }
    }
}
