//! Personal data: which fields there are, what each accepts, what still misses.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::field::{FieldError, FieldErrorCode, line};
use crate::identity::{self, IdentityWarning};
use crate::{birth_date, name, phone, province};

/// A field of the personal data, named as on the wire and in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum ProfileField {
    /// Name as on the identity card.
    FullName,
    /// Identity number.
    Nik,
    /// Family-card number.
    KkNumber,
    /// Birth date, `2003-02-01`.
    BirthDate,
    /// `male` or `female`.
    Gender,
    /// Mobile number.
    Phone,
    /// Province code of the present address.
    Province,
    /// City or regency.
    City,
    /// Street, number, RT/RW.
    Address,
    /// Highest schooling.
    EducationLevel,
    /// Working or not, and how.
    EmploymentStatus,
}

impl ProfileField {
    /// All fields in the order of the form.
    pub const ALL: [Self; 11] = [
        Self::FullName,
        Self::Nik,
        Self::KkNumber,
        Self::BirthDate,
        Self::Gender,
        Self::Phone,
        Self::Province,
        Self::City,
        Self::Address,
        Self::EducationLevel,
        Self::EmploymentStatus,
    ];

    /// The field's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FullName => "full_name",
            Self::Nik => "nik",
            Self::KkNumber => "kk_number",
            Self::BirthDate => "birth_date",
            Self::Gender => "gender",
            Self::Phone => "phone",
            Self::Province => "province",
            Self::City => "city",
            Self::Address => "address",
            Self::EducationLevel => "education_level",
            Self::EmploymentStatus => "employment_status",
        }
    }

    /// The field with a name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }

    /// Reads a typed value and gives it in normal form. `today` is the day in Jakarta, for the age.
    ///
    /// # Errors
    /// What is wrong, on this field.
    pub fn parse(self, raw: &str, today: Date) -> Result<String, FieldError> {
        match self {
            Self::FullName => name::parse(raw),
            Self::Nik => identity::parse_nik(raw),
            Self::KkNumber => identity::parse_kk_number(raw),
            Self::BirthDate => {
                let date = birth_date::parse(raw)?;
                birth_date::check_age(date, today)?;
                Ok(date.to_string())
            }
            Self::Gender => choice(self, raw, &["male", "female"]),
            Self::Phone => phone::parse(raw),
            Self::Province => {
                let code = line(self.as_str(), raw, 2)?;
                province::by_code(&code)
                    .map(|_| code)
                    .ok_or_else(|| FieldError::new(self.as_str(), FieldErrorCode::UnknownOption))
            }
            Self::City => {
                let city = line(self.as_str(), raw, 100)?;
                let allowed = |c: char| c.is_ascii_alphabetic() || " '.,-()".contains(c);
                if city.chars().all(allowed) && city.chars().any(|c| c.is_ascii_alphabetic()) {
                    Ok(city)
                } else {
                    Err(FieldError::new(self.as_str(), FieldErrorCode::InvalidCharacters))
                }
            }
            Self::Address => {
                let address = line(self.as_str(), raw, 300)?;
                if address.chars().count() < 5 {
                    return Err(FieldError::new(self.as_str(), FieldErrorCode::TooShort).with("min", 5));
                }
                Ok(address)
            }
            Self::EducationLevel => choice(self, raw, &EDUCATION_LEVELS),
            Self::EmploymentStatus => choice(self, raw, &EMPLOYMENT_STATUSES),
        }
    }
}

/// Choices of [`ProfileField::EducationLevel`].
pub const EDUCATION_LEVELS: [&str; 8] = ["none", "sd", "smp", "sma_smk", "d1_d3", "d4_s1", "s2", "s3"];

/// Choices of [`ProfileField::EmploymentStatus`], derived from the law's target groups (domain.md §2.3).
pub const EMPLOYMENT_STATUSES: [&str; 7] =
    ["job_seeker", "laid_off", "furloughed", "employee", "non_wage_worker", "micro_small_business", "student"];

/// Gender as on the identity card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Gender {
    /// Laki-laki.
    Male,
    /// Perempuan.
    Female,
}

fn choice(field: ProfileField, raw: &str, choices: &[&str]) -> Result<String, FieldError> {
    let text = raw.trim();
    if text.is_empty() {
        Err(FieldError::new(field.as_str(), FieldErrorCode::Required))
    } else if choices.contains(&text) {
        Ok(text.to_owned())
    } else {
        Err(FieldError::new(field.as_str(), FieldErrorCode::UnknownOption))
    }
}

/// Personal data in normal form, by field.
pub type Fields = BTreeMap<ProfileField, String>;

/// Checks one step or the whole form: every field in `wanted` must be there and right.
///
/// # Errors
/// All wrong fields in the order of the form.
pub fn check(typed: &Fields, wanted: &[ProfileField], today: Date) -> Result<Fields, Vec<FieldError>> {
    let mut right = Fields::new();
    let mut wrong = Vec::new();
    for field in wanted {
        match field.parse(typed.get(field).map_or("", String::as_str), today) {
            Ok(value) => {
                right.insert(*field, value);
            }
            Err(error) => wrong.push(error),
        }
    }
    if wrong.is_empty() { Ok(right) } else { Err(wrong) }
}

/// What looks odd in data that [`check`] accepted.
pub fn warnings(fields: &Fields) -> Vec<IdentityWarning> {
    let Some(nik) = fields.get(&ProfileField::Nik) else { return Vec::new() };
    let birth = fields.get(&ProfileField::BirthDate).and_then(|text| birth_date::parse(text).ok());
    let gender = match fields.get(&ProfileField::Gender).map(String::as_str) {
        Some("male") => Some(Gender::Male),
        Some("female") => Some(Gender::Female),
        _ => None,
    };
    identity::warnings(nik, fields.get(&ProfileField::KkNumber).map(String::as_str), birth, gender)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_field_has_its_table() {
        use FieldErrorCode::*;
        use ProfileField as F;
        let today = date(2026, 11, 23);
        let long = "x".repeat(301);
        let cases = [
            (F::Gender, "female", Ok("female")),
            (F::Gender, "perempuan", Err(UnknownOption)),
            (F::Gender, "", Err(Required)),
            (F::Province, "21", Ok("21")),
            (F::Province, "99", Err(UnknownOption)),
            (F::Province, "211", Err(TooLong)),
            (F::City, "Kota Batam", Ok("Kota Batam")),
            (F::City, "Kab. Kepulauan Siau (Tagulandang)", Ok("Kab. Kepulauan Siau (Tagulandang)")),
            (F::City, "<i>Batam</i>", Err(InvalidCharacters)),
            (F::Address, "Jl. Ahmad Yani No. 5, RT 01/RW 02", Ok("Jl. Ahmad Yani No. 5, RT 01/RW 02")),
            (F::Address, "Jl.\nMerdeka\n10", Ok("Jl. Merdeka 10")),
            (F::Address, "Jl.", Err(TooShort)),
            (F::Address, long.as_str(), Err(TooLong)),
            (F::Address, "Jl. \u{202e}Merdeka", Err(InvalidCharacters)),
            (F::EducationLevel, "sma_smk", Ok("sma_smk")),
            (F::EducationLevel, "SMA", Err(UnknownOption)),
            (F::EmploymentStatus, "laid_off", Ok("laid_off")),
            (F::EmploymentStatus, "astronaut", Err(UnknownOption)),
            (F::BirthDate, "2003-2-1", Ok("2003-02-01")),
            (F::BirthDate, "2010-01-01", Err(TooYoung)),
            (F::FullName, "Sari", Ok("Sari")),
            (F::Phone, "0812 3456 7890", Ok("+6281234567890")),
        ];
        for (field, typed, expected) in cases {
            let read = field.parse(typed, today);
            assert_eq!(read.as_deref().map_err(|e| e.code), expected, "{field:?} {typed}");
            if let Err(error) = read {
                assert_eq!(error.field, field.as_str());
            }
        }
    }

    #[test]
    fn a_whole_form_names_every_missing_field_in_order() {
        let errors = check(&Fields::new(), &ProfileField::ALL, date(2026, 11, 23)).unwrap_err();
        let names: Vec<_> = errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(names, ProfileField::ALL.map(ProfileField::as_str));
        assert!(errors.iter().all(|e| e.code == FieldErrorCode::Required));
    }

    #[test]
    fn names_of_fields_read_back() {
        for field in ProfileField::ALL {
            assert_eq!(ProfileField::by_name(field.as_str()), Some(field));
            assert_eq!(serde_json::to_value(field).unwrap(), field.as_str());
        }
    }
}
