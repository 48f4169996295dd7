//! Days and hours of the programme: deadlines are in Jakarta's time (WIB, UTC+7; domain.md §2.5, "time base").

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

/// WIB. Fixed since 1964, so a missing time zone database must not move a deadline.
const WIB: Offset = jiff::tz::offset(7);

/// The day in Jakarta at a time, Unix milliseconds; nonsense is the first day of 1970.
pub fn jakarta_day(ms: i64) -> Date {
    WIB.to_datetime(Timestamp::from_millisecond(ms).unwrap_or_default()).date()
}

/// The last second of a day in Jakarta, Unix milliseconds.
pub fn end_of_day_ms(day: Date) -> i64 {
    ms(day.at(23, 59, 59, 0))
}

/// A full hour of a day in Jakarta, Unix milliseconds; `hour` is 0 to 23.
pub fn at_ms(day: Date, hour: i8) -> i64 {
    ms(day.at(hour.clamp(0, 23), 0, 0, 0))
}

fn ms(time: DateTime) -> i64 {
    WIB.to_timestamp(time).map_or(i64::MAX, Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_day_turns_at_midnight_in_jakarta() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
        assert_eq!(jakarta_day(at("2026-11-23T16:59:59Z")), date(2026, 11, 23));
        assert_eq!(jakarta_day(at("2026-11-23T17:00:00Z")), date(2026, 11, 24));
        assert_eq!(end_of_day_ms(date(2026, 11, 23)), at("2026-11-23T16:59:59Z"));
        assert_eq!(at_ms(date(2026, 11, 23), 9), at("2026-11-23T02:00:00Z"));
        assert_eq!(jakarta_day(i64::MIN), date(1970, 1, 1), "nonsense is no crash");
    }
}
