//! The operator's catalogue file: what a row says and when it is refused.
//!
//! Checking is pure and reports every wrong row at once, so that an operator mends a file in one go. Writing is in
//! `super::apply`; nothing is written while one row is wrong.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use prakerja_domain::province;
use prakerja_domain::training::Method;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::schemes::Schemes;

/// A catalogue file. What it does not name stays as it is; `retire` takes trainings out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueFile {
    /// Trainings, new or changed, known by their slug.
    #[serde(default)]
    pub trainings: Vec<TrainingRow>,
    /// Slugs of trainings that leave the catalogue. Enrolments in them stay.
    #[serde(default)]
    pub retire: Vec<String>,
    /// Waves, new or changed, known by their number.
    #[serde(default)]
    pub waves: Vec<WaveRow>,
    /// Provinces of the rollout, all of them, for which `wave create` makes a wave that names none; empty for the whole
    /// country, absent leaves them as they are. Waves of this file name their own.
    #[serde(default)]
    pub rollout_provinces: Option<Vec<String>>,
}

/// A training as an operator writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingRow {
    /// Stable name, `a-z0-9-`; the id is derived from it.
    pub slug: String,
    /// Title in Indonesian.
    pub title: String,
    /// What one learns.
    pub summary: String,
    /// Self-paced, webinar or in person.
    pub method: Method,
    /// Field of work.
    pub field: String,
    /// The institution that trains.
    pub institution: String,
    /// The platform that lists it.
    pub platform: String,
    /// True for the free trainings of public training centres.
    pub free: bool,
    /// Price in rupiah; 0 when free.
    pub price_idr: i64,
    /// Hours of training.
    pub hours: u32,
    /// Mean rating times ten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating_x10: Option<u32>,
    /// Number of ratings.
    #[serde(default)]
    pub ratings: u32,
    /// What one needs to bring or know.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Dates and places; none for self-paced.
    #[serde(default)]
    pub schedules: Vec<ScheduleRow>,
}

/// One run of a training as an operator writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleRow {
    /// Stable name inside the training, such as `1`. Other dates are another schedule with another key: whoever is enrolled
    /// keeps the old one.
    pub key: String,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub ends_on: Date,
    /// Time of day in words.
    pub time: String,
    /// Kemendagri province code; absent for webinars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    /// City or regency; absent for webinars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Street address; absent for webinars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// When enrolment closes, with its offset (`2026-12-01T23:59:59+07:00`).
    pub closes_at: Timestamp,
    /// Seats.
    pub capacity: i64,
    /// Seats given outside of this system before the schedule is first imported; not read afterwards.
    #[serde(default)]
    pub taken: i64,
}

/// Where nobody says it: whoever central turns away in the last minutes of a wave gets another try.
pub(crate) fn usual_grace_hours() -> u32 {
    1
}

/// A wave as an operator writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaveRow {
    /// Its number.
    pub number: u32,
    /// Opens.
    pub opens_at: Timestamp,
    /// Closes.
    pub closes_at: Timestamp,
    /// Provinces that may join; empty for all.
    #[serde(default)]
    pub provinces: Vec<String>,
    /// Scheme version.
    pub scheme: String,
    /// Single values in which the wave differs from its scheme (JSON merge patch).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overrides: Option<serde_json::Value>,
    /// Places in all.
    pub quota: u64,
    /// Most places of a province.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub region_quotas: BTreeMap<String, u64>,
    /// A request that was made in time by the device's evidence, or that central had no room for then, counts when it
    /// arrives so many hours after closing.
    #[serde(default = "usual_grace_hours")]
    pub grace_hours: u32,
    /// The results are expected by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results_expected_at: Option<Timestamp>,
}

/// A wrong row: where, and what is wrong in plain English for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Such as `trainings[3] (las-smaw)`.
    pub place: String,
    /// What is wrong.
    pub reason: String,
}

impl std::fmt::Display for RowError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

/// Id of the training with a slug: stable over imports and computers (UUIDv8 from SHA-256).
pub fn training_id(slug: &str) -> Uuid {
    derived("training", slug)
}

/// Id of a training's schedule.
pub fn schedule_id(slug: &str, key: &str) -> Uuid {
    derived("schedule", &format!("{slug}#{key}"))
}

fn derived(space: &str, name: &str) -> Uuid {
    let digest = Sha256::new().chain_update(space).chain_update([0]).chain_update(name).finalize();
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

impl CatalogueFile {
    /// Reads a file row by row.
    ///
    /// # Errors
    /// Every wrong row, in the order of the file.
    pub fn read(json: &str) -> Result<Self, Vec<RowError>> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Loose {
            #[serde(default)]
            trainings: Vec<serde_json::Value>,
            #[serde(default)]
            retire: Vec<String>,
            #[serde(default)]
            waves: Vec<serde_json::Value>,
            #[serde(default)]
            rollout_provinces: Option<Vec<String>>,
        }
        let loose: Loose = serde_json::from_str(json)
            .map_err(|error| vec![RowError { place: "file".to_owned(), reason: error.to_string() }])?;
        let mut errors = Vec::new();
        let file = Self {
            trainings: read_rows("trainings", "slug", loose.trainings, &mut errors),
            waves: read_rows("waves", "number", loose.waves, &mut errors),
            retire: loose.retire,
            rollout_provinces: loose.rollout_provinces,
        };
        if !errors.is_empty() {
            return Err(errors);
        }
        file.check()?;
        Ok(file)
    }

    /// Checks every row.
    ///
    /// # Errors
    /// Every wrong row, in the order of the file.
    pub fn check(&self) -> Result<(), Vec<RowError>> {
        let mut errors = Vec::new();
        let mut slugs = BTreeSet::new();
        for (index, row) in self.trainings.iter().enumerate() {
            let mut report = |reason: String| {
                errors.push(RowError { place: format!("trainings[{index}] ({})", row.slug), reason });
            };
            row.check(&mut report);
            if !slugs.insert(row.slug.as_str()) {
                report("the slug is in the file twice".to_owned());
            }
        }
        for (index, slug) in self.retire.iter().enumerate() {
            if slugs.contains(slug.as_str()) {
                errors.push(RowError {
                    place: format!("retire[{index}] ({slug})"),
                    reason: "the slug is also among the trainings".to_owned(),
                });
            }
        }
        let mut numbers = BTreeSet::new();
        for (index, row) in self.waves.iter().enumerate() {
            let mut report = |reason: String| {
                errors.push(RowError { place: format!("waves[{index}] ({})", row.number), reason });
            };
            if row.opens_at >= row.closes_at {
                report("closes_at is not after opens_at".to_owned());
            }
            check_provinces(&row.provinces, &mut report);
            check_provinces(&row.region_quotas.keys().cloned().collect::<Vec<_>>(), &mut report);
            if !numbers.insert(row.number) {
                report("the number is in the file twice".to_owned());
            }
        }
        check_provinces(self.rollout_provinces.as_deref().unwrap_or_default(), &mut |reason| {
            errors.push(RowError { place: "rollout_provinces".to_owned(), reason });
        });
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

impl CatalogueFile {
    /// Checks that the waves' schemes are in force, and that what they override is there.
    ///
    /// # Errors
    /// Every wrong wave, in the order of the file.
    pub fn check_schemes(&self, schemes: &Schemes) -> Result<(), Vec<RowError>> {
        let mut errors = Vec::new();
        for (index, row) in self.waves.iter().enumerate() {
            let reason = match (schemes.by_version(&row.scheme), &row.overrides) {
                (None, _) => "there is no such scheme".to_owned(),
                (Some(scheme), Some(overrides)) => match scheme.with(overrides) {
                    Ok(_) => continue,
                    Err(error) => format!("overrides: {error}"),
                },
                (Some(_), None) => continue,
            };
            errors.push(RowError { place: format!("waves[{index}] ({})", row.number), reason });
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

fn read_rows<T: serde::de::DeserializeOwned>(
    list: &str,
    name: &str,
    rows: Vec<serde_json::Value>,
    errors: &mut Vec<RowError>,
) -> Vec<T> {
    let mut read = Vec::with_capacity(rows.len());
    for (index, row) in rows.into_iter().enumerate() {
        let name = row.get(name).map(ToString::to_string).unwrap_or_default();
        match serde_json::from_value(row) {
            Ok(row) => read.push(row),
            Err(error) => errors.push(RowError {
                place: format!("{list}[{index}] ({})", name.trim_matches('"')),
                reason: error.to_string(),
            }),
        }
    }
    read
}

impl TrainingRow {
    fn check(&self, report: &mut impl FnMut(String)) {
        if !is_slug(&self.slug, 3..=80) {
            report("slug is not 3 to 80 of a-z, 0-9 and -".to_owned());
        }
        for (name, text, least, most) in [
            ("title", &self.title, 5, 150),
            ("summary", &self.summary, 20, 1_000),
            ("field", &self.field, 3, 60),
            ("institution", &self.institution, 3, 120),
            ("platform", &self.platform, 3, 60),
        ] {
            check_text(name, text, least, most, report);
        }
        match (self.free, self.price_idr) {
            (true, 0) | (false, 1..=20_000_000) => {}
            (true, _) => report("price_idr of a free training is not 0".to_owned()),
            (false, _) => report("price_idr is not 1 to 20,000,000".to_owned()),
        }
        if !(1..=2_000).contains(&self.hours) {
            report("hours is not 1 to 2,000".to_owned());
        }
        if self.rating_x10.is_some_and(|rating| !(10..=50).contains(&rating)) {
            report("rating_x10 is not 10 to 50".to_owned());
        }
        if self.rating_x10.is_some() != (self.ratings > 0) {
            report("rating_x10 and ratings go together".to_owned());
        }
        if self.needs.len() > 12 {
            report("more than 12 needs".to_owned());
        }
        for need in &self.needs {
            check_text("needs", need, 3, 200, report);
        }
        match (self.method, self.schedules.is_empty()) {
            (Method::SelfPaced, false) => report("a self-paced training has no schedules".to_owned()),
            (Method::Webinar | Method::InPerson, true) => report("a schedule is needed".to_owned()),
            _ => {}
        }
        let mut keys = BTreeSet::new();
        for schedule in &self.schedules {
            let mut report = |reason: String| report(format!("schedule {}: {reason}", schedule.key));
            schedule.check(self.method, &mut report);
            if !keys.insert(schedule.key.as_str()) {
                report("the key is there twice".to_owned());
            }
        }
    }
}

impl ScheduleRow {
    fn check(&self, method: Method, report: &mut impl FnMut(String)) {
        if !is_slug(&self.key, 1..=20) {
            report("key is not 1 to 20 of a-z, 0-9 and -".to_owned());
        }
        if self.ends_on < self.starts_on {
            report("ends_on is before starts_on".to_owned());
        }
        // The first day begins in the westernmost zone of the country: nobody joins a training that has begun.
        let begins = TimeZone::fixed(jiff::tz::offset(7)).to_timestamp(self.starts_on.at(0, 0, 0, 0));
        if begins.is_ok_and(|begins| self.closes_at > begins) {
            report("closes_at is after the beginning of the first day".to_owned());
        }
        check_text("time", &self.time, 3, 80, report);
        let place = [("province", &self.province), ("city", &self.city), ("address", &self.address)];
        for (name, value) in place {
            match (method, value) {
                (Method::InPerson, None) => report(format!("{name} is missing")),
                (Method::InPerson, Some(text)) => check_text(name, text, 2, 200, report),
                (_, Some(_)) => report(format!("{name} belongs to trainings in person only")),
                (_, None) => {}
            }
        }
        check_provinces(self.province.as_slice(), report);
        if !(1..=100_000).contains(&self.capacity) {
            report("capacity is not 1 to 100,000".to_owned());
        }
        if !(0..=self.capacity).contains(&self.taken) {
            report("taken is not 0 to capacity".to_owned());
        }
    }
}

fn is_slug(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn check_text(name: &str, text: &str, least: usize, most: usize, report: &mut impl FnMut(String)) {
    let length = text.chars().count();
    if !(least..=most).contains(&length) {
        report(format!("{name} has {length} characters, not {least} to {most}"));
    }
    if text.trim() != text || text.chars().any(char::is_control) {
        report(format!("{name} has control characters or white space around it"));
    }
}

fn check_provinces(codes: &[String], report: &mut impl FnMut(String)) {
    for code in codes {
        if province::by_code(code).is_none() {
            report(format!("{code:?} is no province"));
        }
    }
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
