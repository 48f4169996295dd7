//! Membership (kepesertaan, state machine 3.5) as far as the appointment: later states belong to trainings and incentives.
//!
//! The clock of the first purchase runs from the appointment. Deadlines are days in Jakarta: the last one ends at midnight
//! there (domain.md §2.5, "time base").

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::{DayOfYear, at_ms, end_of_day_ms, jakarta_day};

/// Where a membership stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum MembershipState {
    /// Appointed (ditetapkan): number and balance are there.
    Appointed,
    /// The introduction was begun.
    Onboarding,
    /// The balance can be used; the clock of the first purchase runs.
    Active,
    /// At least one training was bought.
    Learning,
    /// The first training is done and rated.
    Completed,
    /// The rest of the balance is gone: the next purchase was missed, or the last day to use it is over.
    BalanceForfeited,
    /// Over.
    Finished,
    /// Held for a check.
    Suspended,
    /// The first purchase was missed, or the office took it back. Final; only a first purchase in time that was reported late
    /// makes it as if the clock had never revoked.
    Revoked,
}

impl MembershipState {
    /// Whether it may become `next`.
    pub fn may_become(self, next: Self) -> bool {
        use MembershipState::*;
        match (self, next) {
            (Revoked | Finished, _) => false,
            (Suspended, Suspended) => false,
            (_, Suspended) | (Suspended, _) => true,
            (Appointed, Onboarding | Active | Revoked) => true,
            (Onboarding, Active | Revoked) => true,
            (Active, Learning | Revoked) => true,
            (Learning, Completed) => true,
            (Completed, BalanceForfeited | Finished) => true,
            (BalanceForfeited, Finished) => true,
            _ => false,
        }
    }

    /// Where a revocation for a missed first purchase leads when that purchase turns out to have been made in time. No step:
    /// what domain.md §3.5 asks of one ("first purchase missed") was never so, and it is taken back. A revocation that was
    /// right is final.
    pub fn not_missed(self) -> Option<Self> {
        (self == Self::Revoked).then_some(Self::Active)
    }

    /// True while the person is a participant: no other wave can be joined.
    pub fn is_live(self) -> bool {
        !matches!(self, Self::Finished | Self::Revoked)
    }

    /// True while the first purchase is awaited.
    pub fn awaits_first_purchase(self) -> bool {
        matches!(self, Self::Appointed | Self::Onboarding | Self::Active)
    }
}

/// Last moment of the first purchase: the end of the day that is `days` after the appointment.
pub fn first_purchase_until_ms(appointed_at: i64, days: u32) -> i64 {
    end_of_day_after_ms(appointed_at, days)
}

/// Last moment of the next purchase: the end of the day that is `days` after the first training was done (domain.md §2.5,
/// `next_purchase_days`).
pub fn next_purchase_until_ms(completed_at: i64, days: u32) -> i64 {
    end_of_day_after_ms(completed_at, days)
}

/// Until when aid that one had no right to is given back: the end of the day that is `days` after one was told (domain.md
/// §2.5, `refund_days`).
pub fn refund_until_ms(told_at: i64, days: u32) -> i64 {
    end_of_day_after_ms(told_at, days)
}

fn end_of_day_after_ms(at: i64, days: u32) -> i64 {
    end_of_day_ms(jakarta_day(at).checked_add(i64::from(days).days()).unwrap_or(Date::MAX))
}

/// Last moment to use the balance: the end of `day` in the year of the appointment (domain.md §2.5, `balance_use_until`);
/// whoever is appointed after it has the day of the next year. Nobody loses it while the first purchase is awaited: who is
/// appointed a few days before has as long as for that.
pub fn balance_use_until_ms(appointed_at: i64, first_purchase_until: i64, day: DayOfYear) -> i64 {
    let appointed = jakarta_day(appointed_at);
    let this_year = day.in_year(appointed.year());
    let last = if appointed <= this_year { this_year } else { day.in_year(appointed.year().saturating_add(1)) };
    end_of_day_ms(last).max(first_purchase_until)
}

/// A deadline that did not run for a while, such as during a check: later by as long, to the end of the day.
pub fn later_by_ms(until: i64, paused_ms: i64) -> i64 {
    end_of_day_ms(jakarta_day(until.saturating_add(paused_ms.max(0))))
}

/// Times at which a deadline is called to mind: nine in the morning in Jakarta, so many days before its day. Only those
/// after `from`, earliest first.
pub fn reminders_ms(until: i64, days_before: &[u32], from: i64) -> Vec<(u32, i64)> {
    let day = jakarta_day(until);
    let mut times: Vec<(u32, i64)> = days_before
        .iter()
        .filter_map(|before| {
            let on = day.checked_sub(i64::from(*before).days()).ok()?;
            Some((*before, at_ms(on, 9)))
        })
        .filter(|(_, at)| *at > from)
        .collect();
    times.sort_by_key(|(_, at)| *at);
    times
}

#[cfg(test)]
mod tests {
    use super::MembershipState::*;
    use super::*;
    use jiff::Timestamp;

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn the_table_of_transitions() {
        let all = [Appointed, Onboarding, Active, Learning, Completed, BalanceForfeited, Finished, Suspended, Revoked];
        let rows = [
            (Appointed, vec![Onboarding, Active, Suspended, Revoked]),
            (Onboarding, vec![Active, Suspended, Revoked]),
            (Active, vec![Learning, Suspended, Revoked]),
            (Learning, vec![Completed, Suspended]),
            (Completed, vec![BalanceForfeited, Finished, Suspended]),
            (BalanceForfeited, vec![Finished, Suspended]),
            (Finished, vec![]),
            (Suspended, vec![Appointed, Onboarding, Active, Learning, Completed, BalanceForfeited, Finished, Revoked]),
            (Revoked, vec![]),
        ];
        for (from, allowed) in rows {
            for to in all {
                assert_eq!(from.may_become(to), allowed.contains(&to), "{from:?} {to:?}");
            }
            assert_eq!(from.not_missed(), (from == Revoked).then_some(Active), "{from:?}");
        }
    }

    #[test]
    fn the_first_purchase_ends_at_midnight_in_jakarta() {
        // 23:30 on 1 December in Jakarta is still that day; half past midnight is the next.
        let cases = [
            ("2026-12-01T16:30:00Z", 15, "2026-12-16T16:59:59Z"),
            ("2026-12-01T17:30:00Z", 15, "2026-12-17T16:59:59Z"),
            ("2026-12-01T03:00:00Z", 30, "2026-12-31T16:59:59Z"),
        ];
        for (appointed, days, until) in cases {
            assert_eq!(first_purchase_until_ms(ms(appointed), days), ms(until), "{appointed}");
        }
    }

    #[test]
    fn the_next_purchase_and_a_refund_count_days_in_jakarta() {
        let cases = [
            ("2026-12-01T16:30:00Z", 15, "2026-12-16T16:59:59Z"),
            ("2026-12-01T17:30:00Z", 15, "2026-12-17T16:59:59Z"),
            ("2026-12-15T03:00:00Z", 60, "2027-02-13T16:59:59Z"),
            ("2028-01-31T03:00:00Z", 60, "2028-03-31T16:59:59Z"),
        ];
        for (at, days, until) in cases {
            assert_eq!(next_purchase_until_ms(ms(at), days), ms(until), "{at}");
            assert_eq!(refund_until_ms(ms(at), days), ms(until), "{at}");
        }
    }

    #[test]
    fn the_balance_ends_on_a_day_of_the_year() {
        let cases = [
            // The day of the year of the appointment, in both schemes.
            ("2026-03-02T03:00:00Z", 30, "12-15", "2026-12-15T16:59:59Z"),
            ("2026-03-02T03:00:00Z", 15, "11-30", "2026-11-30T16:59:59Z"),
            // Too late for the first purchase: as long as that is awaited.
            ("2026-11-28T03:00:00Z", 15, "11-30", "2026-12-13T16:59:59Z"),
            ("2026-11-30T16:59:59Z", 15, "11-30", "2026-12-15T16:59:59Z"),
            // After the day, also by a second in Jakarta: that of the next year.
            ("2026-11-30T17:00:00Z", 15, "11-30", "2027-11-30T16:59:59Z"),
            ("2026-12-31T16:59:59Z", 15, "11-30", "2027-11-30T16:59:59Z"),
            ("2026-12-31T17:00:00Z", 15, "11-30", "2027-11-30T16:59:59Z"),
        ];
        for (appointed, days, day, until) in cases {
            let first = first_purchase_until_ms(ms(appointed), days);
            let day = DayOfYear::try_from(day.to_owned()).unwrap();
            assert_eq!(balance_use_until_ms(ms(appointed), first, day), ms(until), "{appointed}");
        }
    }

    #[test]
    fn a_deadline_that_stood_still_is_later_by_as_long() {
        let until = ms("2026-12-16T16:59:59Z");
        let hour = 3_600_000;
        for (paused, expected) in [
            (0, "2026-12-16T16:59:59Z"),
            (-hour, "2026-12-16T16:59:59Z"),
            (hour, "2026-12-17T16:59:59Z"),
            (5 * 24 * hour, "2026-12-21T16:59:59Z"),
        ] {
            assert_eq!(later_by_ms(until, paused), ms(expected), "{paused}");
        }
    }

    #[test]
    fn reminders_come_on_the_mornings_before() {
        let until = ms("2026-12-16T16:59:59Z");
        let days = [10, 5, 3, 1];
        let all = reminders_ms(until, &days, 0);
        let expected = [
            (10, ms("2026-12-06T02:00:00Z")),
            (5, ms("2026-12-11T02:00:00Z")),
            (3, ms("2026-12-13T02:00:00Z")),
            (1, ms("2026-12-15T02:00:00Z")),
        ];
        assert_eq!(all, expected);
        assert_eq!(reminders_ms(until, &days, ms("2026-12-11T02:00:00Z")), expected[2..]);
    }
}
