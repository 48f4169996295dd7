//! Personal data: which fields there are, what each accepts, what still misses.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::eligibility::{EmploymentStatus, Reason};
use crate::field::{FieldError, FieldErrorCode, digits, line};
use crate::identity::{self, IdentityWarning};
use crate::scheme::{RegionBy, Scheme};
use crate::{birth_date, name, phone};

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
    /// Street, number, RT/RW as on the identity card.
    KtpAddress,
    /// Kemendagri code of the village on the identity card, ten digits: province, regency, district and village are its
    /// first two, four, six and ten.
    KtpRegion,
    /// `yes` when the person lives where the identity card says, else `no`.
    DomicileSameAsKtp,
    /// Street, number, RT/RW of the present address.
    DomicileAddress,
    /// Village of the present address, like [`ProfileField::KtpRegion`].
    DomicileRegion,
    /// Highest schooling.
    EducationLevel,
    /// Marital status as on the identity card.
    MaritalStatus,
    /// How many people the person provides for, 0 to 20.
    DependantsCount,
    /// Working or not, and how.
    EmploymentStatus,
    /// Keys of fields of training, one to five, with commas between them.
    TrainingInterests,
}

impl ProfileField {
    /// All fields in the order of the form.
    pub const ALL: [Self; 16] = [
        Self::FullName,
        Self::Nik,
        Self::KkNumber,
        Self::BirthDate,
        Self::Gender,
        Self::Phone,
        Self::KtpAddress,
        Self::KtpRegion,
        Self::DomicileSameAsKtp,
        Self::DomicileAddress,
        Self::DomicileRegion,
        Self::EducationLevel,
        Self::MaritalStatus,
        Self::DependantsCount,
        Self::EmploymentStatus,
        Self::TrainingInterests,
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
            Self::KtpAddress => "ktp_address",
            Self::KtpRegion => "ktp_region",
            Self::DomicileSameAsKtp => "domicile_same_as_ktp",
            Self::DomicileAddress => "domicile_address",
            Self::DomicileRegion => "domicile_region",
            Self::EducationLevel => "education_level",
            Self::MaritalStatus => "marital_status",
            Self::DependantsCount => "dependants_count",
            Self::EmploymentStatus => "employment_status",
            Self::TrainingInterests => "training_interests",
        }
    }

    /// The field with a name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }

    /// Reads a typed value and gives it in normal form.
    ///
    /// # Errors
    /// What is wrong, on this field.
    pub fn parse(self, raw: &str, intake: &Intake<'_>) -> Result<String, FieldError> {
        match self {
            Self::FullName => name::parse(raw),
            Self::Nik => identity::parse_nik(raw),
            Self::KkNumber => identity::parse_kk_number(raw),
            Self::BirthDate => {
                let date = birth_date::parse(raw)?;
                if !intake.registered {
                    birth_date::check_age(date, &intake.scheme.eligibility, intake.today)?;
                }
                Ok(date.to_string())
            }
            Self::Gender => choice(self, raw, &["male", "female"]),
            Self::Phone => phone::parse(raw),
            Self::KtpAddress | Self::DomicileAddress => street(self, raw),
            Self::KtpRegion | Self::DomicileRegion => village(self, raw),
            Self::DomicileSameAsKtp => choice(self, raw, &["yes", "no"]),
            Self::EducationLevel => choice(self, raw, &EDUCATION_LEVELS),
            Self::MaritalStatus => choice(self, raw, &MARITAL_STATUSES),
            Self::DependantsCount => dependants(raw),
            Self::EmploymentStatus => choice(self, raw, &EMPLOYMENT_STATUSES),
            Self::TrainingInterests => interests(raw, intake.scheme),
        }
    }
}

/// Fields that belong to a match with the civil registry: asked about, or printed on the card that was matched.
pub const MATCHED_FIELDS: [ProfileField; 5] =
    [ProfileField::FullName, ProfileField::Nik, ProfileField::KkNumber, ProfileField::BirthDate, ProfileField::Gender];

/// What the check of a value depends on besides the value.
#[derive(Debug, Clone, Copy)]
pub struct Intake<'a> {
    /// The day in Jakarta.
    pub today: Date,
    /// The scheme in force.
    pub scheme: &'a Scheme,
    /// True once the civil registry was asked about the birth date and did not say no: the age counts at registration
    /// (domain.md §2.3), and a birthday since changes nothing.
    pub registered: bool,
}

/// Choices of [`ProfileField::EducationLevel`].
pub const EDUCATION_LEVELS: [&str; 8] = ["none", "sd", "smp", "sma_smk", "d1_d3", "d4_s1", "s2", "s3"];

/// Choices of [`ProfileField::EmploymentStatus`], derived from the law's target groups (domain.md §2.3).
pub const EMPLOYMENT_STATUSES: [&str; 7] =
    ["job_seeker", "laid_off", "furloughed", "employee", "non_wage_worker", "micro_small_business", "student"];

/// Choices of [`ProfileField::MaritalStatus`]: those of the identity card.
pub const MARITAL_STATUSES: [&str; 4] = ["single", "married", "divorced", "widowed"];

/// Most people that one provides for (domain.md §2.3).
pub const DEPENDANTS_MAX: i64 = 20;

/// Most fields of training that one may name.
pub const INTERESTS_MAX: usize = 5;

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

fn street(field: ProfileField, raw: &str) -> Result<String, FieldError> {
    let address = line(field.as_str(), raw, 300)?;
    if address.chars().count() < 5 {
        return Err(FieldError::new(field.as_str(), FieldErrorCode::TooShort).with("min", 5));
    }
    Ok(address)
}

/// A village that there is. While it is being chosen the draft holds the code of what was chosen so far.
fn village(field: ProfileField, raw: &str) -> Result<String, FieldError> {
    let code = digits(field.as_str(), raw, 10)?;
    match prakerja_regions::find(&code) {
        Some(_) => Ok(code),
        None => Err(FieldError::new(field.as_str(), FieldErrorCode::UnknownOption)),
    }
}

fn dependants(raw: &str) -> Result<String, FieldError> {
    let field = ProfileField::DependantsCount.as_str();
    let text = line(field, raw, 3)?;
    let number: i64 = text.parse().map_err(|_| FieldError::new(field, FieldErrorCode::NotDigits))?;
    if (0..=DEPENDANTS_MAX).contains(&number) {
        Ok(number.to_string())
    } else {
        let most = usize::try_from(DEPENDANTS_MAX).unwrap_or_default();
        Err(FieldError::new(field, FieldErrorCode::OutOfRange).with("min", 0).with("max", most))
    }
}

fn interests(raw: &str, scheme: &Scheme) -> Result<String, FieldError> {
    let field = ProfileField::TrainingInterests.as_str();
    let keys: BTreeSet<&str> = raw.split(',').map(str::trim).filter(|key| !key.is_empty()).collect();
    if keys.is_empty() {
        return Err(FieldError::new(field, FieldErrorCode::Required));
    }
    if keys.len() > INTERESTS_MAX {
        return Err(FieldError::new(field, FieldErrorCode::TooMany).with("max", INTERESTS_MAX));
    }
    let known = |key: &&str| scheme.training_interests.iter().any(|interest| interest.key == **key);
    if keys.iter().all(known) {
        Ok(keys.into_iter().collect::<Vec<_>>().join(","))
    } else {
        Err(FieldError::new(field, FieldErrorCode::UnknownOption))
    }
}

/// Personal data in normal form, by field.
pub type Fields = BTreeMap<ProfileField, String>;

/// The fields that must be there: all, but the present address only of a person who lives elsewhere than the identity
/// card says.
pub fn needed(typed: &Fields) -> Vec<ProfileField> {
    let elsewhere = typed.get(&ProfileField::DomicileSameAsKtp).is_some_and(|answer| answer.trim() == "no");
    let of_those = [ProfileField::DomicileAddress, ProfileField::DomicileRegion];
    ProfileField::ALL.into_iter().filter(|field| elsewhere || !of_those.contains(field)).collect()
}

/// The village whose province counts for a wave; `None` while it is not known.
pub fn region(fields: &Fields, by: RegionBy) -> Option<&str> {
    let elsewhere = fields.get(&ProfileField::DomicileSameAsKtp).is_some_and(|answer| answer == "no");
    let field = match by {
        RegionBy::Domicile if elsewhere => ProfileField::DomicileRegion,
        RegionBy::Domicile | RegionBy::Ktp => ProfileField::KtpRegion,
    };
    fields.get(&field).map(String::as_str)
}

/// Checks one step or the whole form: every field in `wanted` must be there and right.
///
/// # Errors
/// All wrong fields in the order of the form.
pub fn check(typed: &Fields, wanted: &[ProfileField], intake: &Intake<'_>) -> Result<Fields, Vec<FieldError>> {
    let mut right = Fields::new();
    let mut wrong = Vec::new();
    for field in wanted {
        match field.parse(typed.get(field).map_or("", String::as_str), intake) {
            Ok(value) => {
                right.insert(*field, value);
            }
            Err(error) => wrong.push(error),
        }
    }
    if wrong.is_empty() { Ok(right) } else { Err(wrong) }
}

/// Why personal data excludes its person, if it does: the same rule as before any typing ([`crate::eligibility::check`]).
/// Age is no reason here, because a birth date that excludes is refused as a value.
pub fn exclusion(fields: &Fields) -> Option<Reason> {
    let status = fields.get(&ProfileField::EmploymentStatus)?.clone();
    serde_json::from_value::<EmploymentStatus>(status.into()).ok()?.exclusion()
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
        let scheme = Scheme::read(crate::scheme::SCHEME_2023).unwrap();
        let intake = Intake { today: date(2026, 11, 23), scheme: &scheme, registered: false };
        let long = "x".repeat(301);
        let cases = [
            (F::Gender, "female", Ok("female")),
            (F::Gender, "perempuan", Err(UnknownOption)),
            (F::Gender, "", Err(Required)),
            (F::KtpRegion, "2171041003", Ok("2171041003")),
            (F::KtpRegion, "21.71.04.1003", Ok("2171041003")),
            (F::KtpRegion, "2171", Err(WrongLength)),
            (F::DomicileRegion, "9971041003", Err(UnknownOption)),
            (F::DomicileRegion, "", Err(Required)),
            (F::DomicileSameAsKtp, "yes", Ok("yes")),
            (F::DomicileSameAsKtp, "ya", Err(UnknownOption)),
            (F::KtpAddress, "Jl. Ahmad Yani No. 5, RT 01/RW 02", Ok("Jl. Ahmad Yani No. 5, RT 01/RW 02")),
            (F::KtpAddress, "Jl.\nMerdeka\n10", Ok("Jl. Merdeka 10")),
            (F::DomicileAddress, "Jl.", Err(TooShort)),
            (F::KtpAddress, long.as_str(), Err(TooLong)),
            (F::KtpAddress, "Jl. \u{202e}Merdeka", Err(InvalidCharacters)),
            (F::MaritalStatus, "married", Ok("married")),
            (F::MaritalStatus, "kawin", Err(UnknownOption)),
            (F::DependantsCount, " 2 ", Ok("2")),
            (F::DependantsCount, "20", Ok("20")),
            (F::DependantsCount, "21", Err(OutOfRange)),
            (F::DependantsCount, "-1", Err(OutOfRange)),
            (F::DependantsCount, "dua", Err(NotDigits)),
            (F::TrainingInterests, "sales, office,sales", Ok("office,sales")),
            (F::TrainingInterests, "office,sales,design,food,farming,business", Err(TooMany)),
            (F::TrainingInterests, "flying", Err(UnknownOption)),
            (F::TrainingInterests, " , ", Err(Required)),
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
            let read = field.parse(typed, &intake);
            assert_eq!(read.as_deref().map_err(|e| e.code), expected, "{field:?} {typed}");
            if let Err(error) = read {
                assert_eq!(error.field, field.as_str());
            }
        }
    }

    #[test]
    fn the_age_counts_at_registration() {
        let scheme = Scheme::read(crate::scheme::SCHEME_2023).unwrap();
        let cases = [
            ("the last day of 64", date(2026, 1, 31), false, None),
            ("the 65th birthday", date(2026, 2, 1), false, Some(FieldErrorCode::TooOld)),
            ("the 65th birthday, registered before", date(2026, 2, 1), true, None),
            ("years later, registered before", date(2031, 2, 1), true, None),
            ("the day before 18", date(1979, 1, 31), false, Some(FieldErrorCode::TooYoung)),
            ("the 18th birthday", date(1979, 2, 1), false, None),
        ];
        for (name, today, registered, expected) in cases {
            let intake = Intake { today, scheme: &scheme, registered };
            let read = ProfileField::BirthDate.parse("1961-02-01", &intake);
            assert_eq!(read.err().map(|error| error.code), expected, "{name}");
            // What is no date is none at any time.
            assert!(ProfileField::BirthDate.parse("1961-02-30", &intake).is_err(), "{name}");
        }
    }

    #[test]
    fn a_whole_form_names_every_missing_field_in_order() {
        let scheme = Scheme::read(crate::scheme::SCHEME_2023).unwrap();
        let intake = Intake { today: date(2026, 11, 23), scheme: &scheme, registered: false };
        let elsewhere = Fields::from([(ProfileField::DomicileSameAsKtp, "no".to_owned())]);
        let errors = check(&elsewhere, &needed(&elsewhere), &intake).unwrap_err();
        let names: Vec<_> = errors.iter().map(|e| e.field.as_str()).collect();
        let missing = ProfileField::ALL.into_iter().filter(|field| *field != ProfileField::DomicileSameAsKtp);
        assert_eq!(names, missing.map(ProfileField::as_str).collect::<Vec<_>>());
        assert!(errors.iter().all(|e| e.code == FieldErrorCode::Required));
    }

    #[test]
    fn a_present_address_is_needed_of_who_lives_elsewhere() {
        let same = |answer: &str| Fields::from([(ProfileField::DomicileSameAsKtp, answer.to_owned())]);
        assert_eq!(needed(&same("no")).len(), 16);
        for without in [needed(&same("yes")), needed(&Fields::new())] {
            assert_eq!(without.len(), 14);
            assert!(
                !without.contains(&ProfileField::DomicileRegion) && !without.contains(&ProfileField::DomicileAddress)
            );
        }
    }

    #[test]
    fn the_province_is_that_of_the_address_that_the_scheme_names() {
        let lives = |same: Option<&str>, domicile: Option<&str>| {
            let typed = [
                (ProfileField::KtpRegion, Some("2171041003")),
                (ProfileField::DomicileSameAsKtp, same),
                (ProfileField::DomicileRegion, domicile),
            ];
            typed.into_iter().filter_map(|(field, value)| Some((field, value?.to_owned()))).collect::<Fields>()
        };
        let cases = [
            (lives(Some("no"), Some("5171031001")), RegionBy::Ktp, Some("2171041003")),
            (lives(Some("no"), Some("5171031001")), RegionBy::Domicile, Some("5171031001")),
            (lives(Some("yes"), Some("5171031001")), RegionBy::Domicile, Some("2171041003")),
            (lives(None, None), RegionBy::Domicile, Some("2171041003")),
            (lives(Some("no"), None), RegionBy::Domicile, None),
            (Fields::new(), RegionBy::Ktp, None),
        ];
        for (fields, by, expected) in cases {
            assert_eq!(region(&fields, by), expected, "{by:?} {fields:?}");
        }
    }

    #[test]
    fn students_are_excluded_and_no_other_status_is() {
        for status in EMPLOYMENT_STATUSES {
            let fields = Fields::from([(ProfileField::EmploymentStatus, status.to_owned())]);
            assert_eq!(exclusion(&fields), (status == "student").then_some(Reason::NotTargetGroup), "{status}");
        }
        assert_eq!(exclusion(&Fields::new()), None);
    }

    #[test]
    fn names_of_fields_read_back() {
        for field in ProfileField::ALL {
            assert_eq!(ProfileField::by_name(field.as_str()), Some(field));
            assert_eq!(serde_json::to_value(field).unwrap(), field.as_str());
        }
    }
}
