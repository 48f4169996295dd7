//! Days and hours of the programme: deadlines are in Jakarta's time (WIB, UTC+7; domain.md §2.5, "time base").

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// WIB. Fixed since 1964, so a missing time zone database must not move a deadline.
const WIB: Offset = jiff::tz::offset(7);

/// A day of every year, such as 15 December: `12-15` as text. 29 February is none, since not every year has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DayOfYear {
    month: i8,
    day: i8,
}

/// Text that is no day of every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a day of every year as MM-DD")]
pub struct NoDayOfYear;

impl DayOfYear {
    /// The day in a year.
    pub fn in_year(self, year: i16) -> Date {
        Date::new(year, self.month, self.day).unwrap_or(Date::MAX)
    }
}

impl TryFrom<String> for DayOfYear {
    type Error = NoDayOfYear;

    fn try_from(text: String) -> Result<Self, NoDayOfYear> {
        let two = |part: &str| part.len() == 2 && part.bytes().all(|digit| digit.is_ascii_digit());
        let (month, day) = text.split_once('-').filter(|(month, day)| two(month) && two(day)).ok_or(NoDayOfYear)?;
        let (month, day) = (month.parse().map_err(|_| NoDayOfYear)?, day.parse().map_err(|_| NoDayOfYear)?);
        // A year without 29 February.
        Date::new(2023, month, day).map_err(|_| NoDayOfYear)?;
        Ok(Self { month, day })
    }
}

impl From<DayOfYear> for String {
    fn from(day: DayOfYear) -> Self {
        format!("{:02}-{:02}", day.month, day.day)
    }
}

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
    fn a_day_of_every_year_is_read_as_it_is_written() {
        let day = DayOfYear::try_from("12-05".to_owned()).unwrap();
        assert_eq!(day.in_year(2026), date(2026, 12, 5));
        assert_eq!(serde_json::to_value(day).unwrap(), "12-05");
        for wrong in
            ["", "12", "12-5", "2-29", "02-29", "02-30", "13-01", "00-10", "11-31", "-1-10", "+1-10", "12-15-1"]
        {
            assert_eq!(DayOfYear::try_from(wrong.to_owned()), Err(NoDayOfYear), "{wrong:?}");
        }
    }

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
