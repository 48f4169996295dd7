//! The public catalogue: the same for everybody, cacheable by anyone.
//!
//! | Request | Answer |
//! |---|---|
//! | `GET /v1/catalogue` | 200 [`Catalogue`] with `base` absent: everything; `ETag: "<version>"`; 304 for `If-None-Match` |
//! | `GET /v1/catalogue?since=<version>` | 200 [`Catalogue`] with `base`: only what changed; everything when `since` is too old |

use prakerja_domain::scheme::Scheme;
use prakerja_domain::training::{Method, SeatBand};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use crate::application::Wave;
use crate::registration::SealingKey;

/// Everything, or what changed since `base`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Version that the client has after applying this.
    pub version: i64,
    /// Version that this builds upon; absent for everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<i64>,
    /// Trainings, new or changed.
    pub trainings: Vec<Training>,
    /// Trainings that are gone (with `base` only).
    #[serde(default)]
    pub gone: Vec<Uuid>,
    /// Waves, always all of them.
    pub waves: Vec<Wave>,
    /// Provinces in which the programme is rolled out at present (Kemendagri codes), always all of them; empty for the whole
    /// country. New waves are for these; each wave says its own.
    pub rollout_provinces: Vec<String>,
    /// Schemes and keys; an older central sends none, and the shipped schemes hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub programme: Option<Programme>,
}

/// What the programme asks for and pays, and the key for its documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Programme {
    /// All schemes in force.
    pub schemes: Vec<Scheme>,
    /// Version of the scheme for people who have joined no wave.
    pub scheme: String,
    /// Key to which documents are sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealing_key: Option<SealingKey>,
}

/// A training with everything that a person needs to choose it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Training {
    /// Its id.
    pub id: Uuid,
    /// Title in Indonesian.
    pub title: String,
    /// What one learns, in Indonesian.
    pub summary: String,
    /// Self-paced, webinar or in person.
    pub method: Method,
    /// Field of work, such as `Administrasi`.
    pub field: String,
    /// The institution that trains.
    pub institution: String,
    /// The platform that lists it.
    pub platform: String,
    /// True for the free trainings of public training centres, open to everyone with an account.
    pub free: bool,
    /// Price in rupiah; 0 when free.
    pub price_idr: i64,
    /// Hours of training.
    pub hours: u32,
    /// Mean rating times ten (47 is 4.7); absent without ratings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating_x10: Option<u32>,
    /// Number of ratings.
    pub ratings: u32,
    /// What one needs to bring or know.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Dates and places; empty for self-paced.
    #[serde(default)]
    pub schedules: Vec<Schedule>,
}

/// One run of a training.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Its id.
    pub id: Uuid,
    /// First day, `2026-12-07`.
    pub starts_on: String,
    /// Last day.
    pub ends_on: String,
    /// Time of day in words, such as `08.00–15.00 WIB`.
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
    /// Enrolment closes, Unix milliseconds.
    pub closes_at: i64,
    /// How many seats are left, roughly: a hint, never a promise.
    pub seats: SeatBand,
}
