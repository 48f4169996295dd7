//! Birth date and age.

use jiff::civil::Date;

use crate::field::{FieldError, FieldErrorCode};
use crate::scheme::EligibilityRules;

/// Reads `2003-02-01`.
///
/// # Errors
/// `required` or `invalid_date` on the field `birth_date`; years before 1900 are no birth dates of living people.
pub fn parse(raw: &str) -> Result<Date, FieldError> {
    let text = raw.trim();
    if text.is_empty() || text == "--" {
        return Err(FieldError::new("birth_date", FieldErrorCode::Required));
    }
    let invalid = || FieldError::new("birth_date", FieldErrorCode::InvalidDate);
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return Err(invalid()) };
    let digits = |s: &str, max: usize| (1..=max).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    if year.len() != 4 || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return Err(invalid());
    }
    let (Ok(year), Ok(month), Ok(day)) = (year.parse(), month.parse(), day.parse()) else { return Err(invalid()) };
    let date = Date::new(year, month, day).map_err(|_| invalid())?;
    if date.year() < 1900 { Err(invalid()) } else { Ok(date) }
}

/// Full years between birth and `today`.
pub fn age(birth: Date, today: Date) -> i16 {
    let years = today.year() - birth.year();
    if (today.month(), today.day()) < (birth.month(), birth.day()) { years - 1 } else { years }
}

/// Checks the age at registration by the rules of a scheme (domain.md §2.1). `today` is the day in Jakarta.
///
/// # Errors
/// `in_future`, `too_young` or `too_old` on the field `birth_date`.
pub fn check_age(birth: Date, rules: &EligibilityRules, today: Date) -> Result<(), FieldError> {
    let error = |code| FieldError::new("birth_date", code);
    if birth > today {
        return Err(error(FieldErrorCode::InFuture));
    }
    let years = age(birth, today);
    if years < i16::from(rules.min_age) {
        return Err(error(FieldErrorCode::TooYoung).with("min", rules.min_age.into()));
    }
    match rules.max_age {
        Some(max) if years > i16::from(max) => Err(error(FieldErrorCode::TooOld).with("max", max.into())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_are_read_or_refused() {
        let cases = [
            ("2003-02-01", Ok(date(2003, 2, 1))),
            ("2003-2-1", Ok(date(2003, 2, 1))),
            ("2004-02-29", Ok(date(2004, 2, 29))),
            ("2003-02-29", Err(FieldErrorCode::InvalidDate)),
            ("2003-13-01", Err(FieldErrorCode::InvalidDate)),
            ("2003-00-01", Err(FieldErrorCode::InvalidDate)),
            ("03-02-01", Err(FieldErrorCode::InvalidDate)),
            ("1899-12-31", Err(FieldErrorCode::InvalidDate)),
            ("2003-02", Err(FieldErrorCode::InvalidDate)),
            ("+003-02-01", Err(FieldErrorCode::InvalidDate)),
            ("besok", Err(FieldErrorCode::InvalidDate)),
            ("--", Err(FieldErrorCode::Required)),
            ("", Err(FieldErrorCode::Required)),
        ];
        for (typed, expected) in cases {
            assert_eq!(parse(typed).map_err(|e| e.code), expected, "{typed}");
        }
    }

    #[test]
    fn age_counts_from_the_birthday_on() {
        let today = date(2026, 11, 23);
        let rules = EligibilityRules { min_age: 18, max_age: Some(64), other_aid_allowed: true };
        let cases = [
            (date(2008, 11, 23), Ok(())),
            (date(2008, 11, 24), Err(FieldErrorCode::TooYoung)),
            (date(1962, 11, 23), Ok(())),
            (date(1961, 11, 24), Ok(())),
            (date(1961, 11, 23), Err(FieldErrorCode::TooOld)),
            (date(2026, 11, 24), Err(FieldErrorCode::InFuture)),
            (date(2004, 2, 29), Ok(())),
        ];
        for (birth, expected) in cases {
            assert_eq!(check_age(birth, &rules, today).map_err(|e| e.code), expected, "{birth}");
        }
        let without_limit = EligibilityRules { max_age: None, ..rules };
        assert_eq!(check_age(date(1930, 1, 1), &without_limit, today), Ok(()));
    }
}
