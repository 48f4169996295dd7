//! An applicant's data and choices, from a TOML file. All of them are invented.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::Outcome;

/// One invented person.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applicant {
    /// Language that they choose: `id` or `en`.
    pub language: String,
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
    /// What they type into the form.
    pub data: PersonalData,
    /// Trainings that they ask for.
    pub enrol: Vec<Choice>,
}

/// Typed personal data.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonalData {
    /// Name as on the card.
    pub full_name: String,
    /// Identity number as typed.
    pub nik: String,
    /// Family-card number as typed.
    pub kk_number: String,
    /// Day, month and year as typed.
    pub birth_date: [String; 3],
    /// `male` or `female`.
    pub gender: String,
    /// Mobile number as typed.
    pub phone: String,
    /// Where the identity card says that they live.
    pub ktp: Place,
    /// Where they live, when it is elsewhere.
    #[serde(default)]
    pub domicile: Option<Place>,
    /// Code of the marital status.
    pub marital_status: String,
    /// How many people they provide for.
    pub dependants_count: String,
    /// Keys of the fields of training that they like.
    pub training_interests: Vec<String>,
    /// Code of the education level.
    pub education_level: String,
    /// Code of the employment status.
    pub employment_status: String,
}

/// An address.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// What they type to find the village.
    pub search: String,
    /// Its Kemendagri code.
    pub village: String,
    /// Its name.
    pub name: String,
    /// Street address.
    pub address: String,
}

/// A training, found by search.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What they type into the search field.
    pub search: String,
    /// Words that the row of the list must show: title and institution.
    pub row: Vec<String>,
    /// `self_paced`, `webinar` or `in_person`.
    pub method: String,
}

impl Applicant {
    /// Reads a file.
    pub fn read(path: &Path) -> Outcome<Self> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| format!("{} is no applicant: {error}", path.display()))
    }

    /// The same person with a slip of the finger in the last figure of the NIK. The sandbox of the civil registry says
    /// of numbers that end so that name and family-card number do not belong to them (docs/adapters.md).
    #[must_use]
    pub fn mistyped(&self) -> Self {
        let mut other = self.clone();
        other.data.nik.pop();
        other.data.nik.push('6');
        other
    }

    /// The mobile number in E.164.
    pub fn phone_number(&self) -> String {
        let digits: String = self.data.phone.chars().filter(char::is_ascii_digit).collect();
        format!("+62{}", digits.trim_start_matches("62").trim_start_matches('0'))
    }

    /// Reads all files of `tests/journeys/applicants` of the checkout that this runs in, by name.
    pub fn read_all() -> Outcome<Vec<(String, Self)>> {
        let folder = Path::new("tests/journeys/applicants");
        let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        files.sort();
        files
            .iter()
            .map(|file| Ok((file.file_stem().unwrap_or_default().to_string_lossy().into_owned(), Self::read(file)?)))
            .collect()
    }
}
