//! NIK (identity number) and KK (family-card number).
//!
//! NIK is `PP RR DD | DDMMYY | SSSS`: region of first issue, birth date with 40 added to a woman's day, serial
//! (domain.md §2.4, S43). KK is `PP RR DD | DDMMYY | SSSS`: region and day of its issue, nothing added for anybody
//! (domain.md §2.3). Only what can never be true is an error; what merely looks odd is a warning, because old numbers with
//! odd data exist and only the civil registry decides.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::field::{FieldError, FieldErrorCode, digits};
use crate::profile::Gender;
use crate::province;

/// Digits of both numbers.
pub const DIGITS: usize = 16;

/// Reads a NIK; spaces, dots and dashes are tolerated.
///
/// # Errors
/// `required`, `not_digits`, `wrong_length`, `invalid_date` or `zero_serial` on the field `nik`.
pub fn parse_nik(raw: &str) -> Result<String, FieldError> {
    let text = digits("nik", raw, DIGITS)?;
    if NikParts::of(&text).is_none_or(|parts| !parts.has_calendar_day()) {
        return Err(FieldError::new("nik", FieldErrorCode::InvalidDate));
    }
    if text.ends_with("0000") {
        return Err(FieldError::new("nik", FieldErrorCode::ZeroSerial));
    }
    Ok(text)
}

/// Reads a family-card number; spaces, dots and dashes are tolerated.
///
/// # Errors
/// `required`, `not_digits`, `wrong_length` or `zero_serial` on the field `kk_number`.
pub fn parse_kk_number(raw: &str) -> Result<String, FieldError> {
    let text = digits("kk_number", raw, DIGITS)?;
    if text.ends_with("0000") {
        return Err(FieldError::new("kk_number", FieldErrorCode::ZeroSerial));
    }
    Ok(text)
}

/// What a NIK says of its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NikParts {
    /// Day of the month, 1 to 31.
    pub day: i8,
    /// Month, 1 to 12.
    pub month: i8,
    /// Last two digits of the year.
    pub year2: i16,
    /// Gender, from the day.
    pub gender: Gender,
}

impl NikParts {
    /// Takes a 16-digit number apart; `None` when day or month are out of range.
    pub fn of(nik: &str) -> Option<Self> {
        let number = |range: std::ops::Range<usize>| nik.get(range)?.parse::<i16>().ok();
        let (day, month, year2) = (number(6..8)?, number(8..10)?, number(10..12)?);
        let (day, gender) = if day > 40 { (day - 40, Gender::Female) } else { (day, Gender::Male) };
        let in_range = (1..=31).contains(&day) && (1..=12).contains(&month);
        in_range.then(|| Self {
            day: i8::try_from(day).unwrap_or(1),
            month: i8::try_from(month).unwrap_or(1),
            year2,
            gender,
        })
    }

    /// True when the day exists in the month in at least one of the two centuries.
    fn has_calendar_day(self) -> bool {
        [1900, 2000].iter().any(|century| Date::new(century + self.year2, self.month, self.day).is_ok())
    }
}

/// Something that looks odd and is still accepted: "please look again".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum IdentityWarning {
    /// The NIK's first two digits are no province.
    UnknownProvince,
    /// The first four digits of NIK or family-card number are no regency or city of today. Numbers keep the codes of the
    /// day of their issue, and regencies were divided and renumbered since.
    UnknownRegion,
    /// Birth date and NIK differ.
    BirthDateDiffers,
    /// Gender and NIK differ.
    GenderDiffers,
    /// Family-card number and NIK are the same.
    KkSameAsNik,
    /// The middle of the family-card number is no day of the calendar.
    KkDateOdd,
}

/// Compares a valid NIK with the rest of what was typed.
pub fn warnings(
    nik: &str,
    kk_number: Option<&str>,
    birth: Option<Date>,
    gender: Option<Gender>,
) -> Vec<IdentityWarning> {
    let mut found = Vec::new();
    let Some(parts) = NikParts::of(nik) else { return found };
    let of_no_province = nik.get(..2).is_none_or(|code| province::by_code(code).is_none());
    if of_no_province {
        found.push(IdentityWarning::UnknownProvince);
    }
    if !of_no_province && !of_known_regency(nik) || kk_number.is_some_and(|kk| !of_known_regency(kk)) {
        found.push(IdentityWarning::UnknownRegion);
    }
    if birth.is_some_and(|b| (b.day(), b.month(), b.year() % 100) != (parts.day, parts.month, parts.year2)) {
        found.push(IdentityWarning::BirthDateDiffers);
    }
    if gender.is_some_and(|g| g != parts.gender) {
        found.push(IdentityWarning::GenderDiffers);
    }
    if kk_number == Some(nik) {
        found.push(IdentityWarning::KkSameAsNik);
    } else if kk_number.is_some_and(|kk| !has_issue_day(kk)) {
        found.push(IdentityWarning::KkDateOdd);
    }
    found
}

fn of_known_regency(number: &str) -> bool {
    number.get(..4).is_some_and(|code| prakerja_regions::find(code).is_some())
}

/// True when digits 7 to 12 of a family-card number are a day of the calendar.
fn has_issue_day(kk_number: &str) -> bool {
    NikParts::of(kk_number).is_some_and(|parts| parts.gender == Gender::Male && parts.has_calendar_day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn niks_are_read_or_refused() {
        let cases = [
            ("3578080102030001", Ok("3578080102030001")),
            ("3578 0841 0203 0001", Ok("3578084102030001")),
            ("3578.0841.0203-0001", Ok("3578084102030001")),
            ("3578082902040001", Ok("3578082902040001")),
            ("3578082902030001", Err(FieldErrorCode::InvalidDate)),
            ("3578083202030001", Err(FieldErrorCode::InvalidDate)),
            ("3578087202030001", Err(FieldErrorCode::InvalidDate)),
            ("3578080013030001", Err(FieldErrorCode::InvalidDate)),
            ("3578080102030000", Err(FieldErrorCode::ZeroSerial)),
            ("357808010203000", Err(FieldErrorCode::WrongLength)),
            ("35780801020300011", Err(FieldErrorCode::WrongLength)),
            ("35780801O2030001", Err(FieldErrorCode::NotDigits)),
            ("٣٥٧٨٠٨٠١٠٢٠٣٠٠٠١", Err(FieldErrorCode::NotDigits)),
            ("", Err(FieldErrorCode::Required)),
        ];
        for (typed, expected) in cases {
            assert_eq!(parse_nik(typed).as_deref().map_err(|e| e.code), expected, "{typed}");
        }
    }

    #[test]
    fn family_card_numbers_are_read_or_refused() {
        let cases = [
            ("2171 0105 0618 0007", Ok("2171010506180007")),
            ("2171010506180000", Err(FieldErrorCode::ZeroSerial)),
            ("217101050618000", Err(FieldErrorCode::WrongLength)),
            ("KK21710105061800", Err(FieldErrorCode::NotDigits)),
            (" ", Err(FieldErrorCode::Required)),
        ];
        for (typed, expected) in cases {
            assert_eq!(parse_kk_number(typed).as_deref().map_err(|e| e.code), expected, "{typed}");
        }
    }

    #[test]
    fn odd_data_is_a_warning_and_no_error() {
        use IdentityWarning::*;
        let woman = "2171014102030001";
        let cases = [
            (woman, Some("2171010506180007"), Some(date(2003, 2, 1)), Some(Gender::Female), vec![]),
            (woman, None, Some(date(2003, 2, 2)), None, vec![BirthDateDiffers]),
            (woman, None, Some(date(1903, 2, 1)), None, vec![]),
            (woman, None, None, Some(Gender::Male), vec![GenderDiffers]),
            (woman, Some(woman), None, None, vec![KkSameAsNik]),
            ("9971014102030001", None, None, None, vec![UnknownProvince]),
            // There is no 2179; Merauke was 9101 before Papua was divided.
            ("2179014102030001", None, None, None, vec![UnknownRegion]),
            ("9101014102030001", None, None, None, vec![UnknownRegion]),
            (woman, Some("2179010506180007"), None, None, vec![UnknownRegion]),
            (woman, Some("9971010506180007"), None, None, vec![UnknownRegion]),
            ("2179014102030001", Some("2179010506180007"), None, None, vec![UnknownRegion]),
            ("9971014102030001", Some("9971010506180007"), None, None, vec![UnknownProvince, UnknownRegion]),
            (woman, Some("2171012902000007"), None, None, vec![]),
            (woman, Some("2171012902190007"), None, None, vec![KkDateOdd]),
            (woman, Some("2171013106180007"), None, None, vec![KkDateOdd]),
            (woman, Some("2171010513180007"), None, None, vec![KkDateOdd]),
            // Nobody adds 40 on a family card.
            (woman, Some("2171014506180007"), None, None, vec![KkDateOdd]),
        ];
        for (nik, kk, birth, gender, expected) in cases {
            assert_eq!(warnings(nik, kk, birth, gender), expected, "{nik}");
        }
    }
}
