//! What time it is: by this computer, by central, and which day that is in Jakarta.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz;
use prakerja_store::{Anchor, Store};

/// This computer's clock, which may be wrong.
pub trait Clock: Send + Sync + 'static {
    /// Now, Unix milliseconds.
    fn now_ms(&self) -> i64;
}

/// The clock of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }
}

/// The best time known here: this computer's clock, put right by what central told when it was last heard.
pub(crate) async fn best_now(store: &Store, heard: Option<i64>, device_ms: i64) -> i64 {
    match heard {
        Some(server_ms) => server_ms,
        None => store.anchor().await.ok().flatten().map_or(device_ms, |anchor| put_right(&anchor, device_ms)),
    }
}

/// Adds the difference that the two clocks had. A clock that was set since makes this wrong by as much as that, which is
/// no worse than not knowing; central decides in any case.
fn put_right(anchor: &Anchor, device_ms: i64) -> i64 {
    device_ms.saturating_add(anchor.server_ms.saturating_sub(anchor.device_ms))
}

/// The day in Jakarta (UTC+7, no summer time): ages and deadlines are counted there.
pub(crate) fn day_in_jakarta(ms: i64) -> Date {
    let moment = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    tz::offset(7).to_datetime(moment).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_begins_at_seventeen_hours_of_the_day_before_in_greenwich() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
        assert_eq!(day_in_jakarta(at("2026-11-23T16:59:59Z")), date(2026, 11, 23));
        assert_eq!(day_in_jakarta(at("2026-11-23T17:00:00Z")), date(2026, 11, 24));
        assert_eq!(day_in_jakarta(i64::MIN), date(1970, 1, 1), "nonsense is no crash");
    }

    #[test]
    fn a_clock_years_behind_is_put_right() {
        let anchor = Anchor { server_ms: 1_795_000_000_000, device_ms: 1_500_000_000_000, rtt_ms: 50 };
        assert_eq!(put_right(&anchor, 1_500_000_060_000), 1_795_000_060_000);
    }
}
