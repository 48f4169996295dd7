//! Every span of time and every limit of the core.

use std::time::Duration;

use prakerja_protocol::limits;

use super::Millis;

pub(super) const SECOND: Millis = 1_000;
pub(super) const MINUTE: Millis = 60 * SECOND;
pub(super) const HOUR: Millis = 60 * MINUTE;

/// Every span of time that the core uses, in milliseconds. The default is what `sync.md` says; tests shorten it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// First step of the back-off; doubles with each failure.
    pub backoff_unit: Millis,
    /// Largest step of the back-off.
    pub backoff_cap: Millis,
    /// Least jitter on top of a wait that central asked for.
    pub overload_spread: Millis,
    /// Time between two exchanges when nothing happens (drawn ± 25 %).
    pub periodic: Millis,
    /// Spread of the first try after the connection was lost, while the window is looked at.
    pub spread_foreground: Millis,
    /// The same, while it is not.
    pub spread_background: Millis,
    /// Time to the next try when the secure connection is blocked.
    pub tls_recheck: Millis,
    /// Time to the next try when this program or one command is too old or too new for central.
    pub version_recheck: Millis,
    /// Time to the next try when the account is locked.
    pub locked_recheck: Millis,
    /// Time to the next try after the store failed.
    pub local_recheck: Millis,
    /// A request without any outcome is given up after this.
    pub watchdog: Millis,
    /// Snapshots that may be begun within an hour.
    pub resets_per_hour: usize,
    /// Replayed commands are spread over this time.
    pub replay_spread: Millis,
    /// How long central may keep a pull waiting for news; zero for none.
    pub long_poll: Duration,
    /// Largest batch.
    pub batch_limit: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            backoff_unit: SECOND,
            backoff_cap: 300 * SECOND,
            overload_spread: 5 * SECOND,
            periodic: 15 * MINUTE,
            spread_foreground: 3 * SECOND,
            spread_background: 120 * SECOND,
            tls_recheck: 5 * MINUTE,
            version_recheck: 24 * HOUR,
            locked_recheck: HOUR,
            local_recheck: 10 * SECOND,
            watchdog: 5 * MINUTE,
            resets_per_hour: 2,
            replay_spread: 30 * MINUTE,
            long_poll: Duration::from_secs(limits::LONG_POLL_SECONDS),
            batch_limit: limits::PUSH_COMMANDS,
        }
    }
}
