//! `GET /v1/catalogue`: finished answers, made once per version and shared by everybody.
//!
//! The body of a version is written and compressed once; fifty thousand clients then cost copies of a pointer. A version
//! is looked up in the database when this process changed it or a second has passed (an operator's import runs in a
//! process of its own).

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use prakerja_domain::training::{Method, SeatBand};
use prakerja_protocol::catalogue::{Catalogue, Programme, Schedule, Training, Wave};
use prakerja_protocol::problem::ProblemCode;
use serde::Deserialize;
use sqlx::Row as _;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::db::{Db, Id};
use crate::error::{ApiError, ApiResult};
use crate::state::Central;

/// A version that another process made is seen after so long.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Versions back to which there are deltas. A client that follows the catalogue asks from one of the last few; who is
/// further behind gets everything, which is written already.
const DELTAS: i64 = 256;
/// Effort of the compressor: the body is written once and read by everybody.
const ZSTD_LEVEL: i32 = 9;

/// What the catalogue's routes share.
#[derive(Debug)]
pub struct Shelf {
    version: AtomicI64,
    changed: AtomicBool,
    looked: Mutex<Instant>,
    /// One request makes an issue, the others wait for it.
    issue: tokio::sync::Mutex<Option<Arc<Issue>>>,
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            version: AtomicI64::new(0),
            changed: AtomicBool::new(true),
            looked: Mutex::new(Instant::now()),
            issue: tokio::sync::Mutex::new(None),
        }
    }
}

/// One version of the catalogue with its finished answers.
#[derive(Debug)]
struct Issue {
    version: i64,
    oldest_base: i64,
    /// Each with the version in which it changed.
    trainings: Vec<(i64, Training)>,
    gone: Vec<(i64, Uuid)>,
    waves: Vec<Wave>,
    rollout_provinces: Vec<String>,
    programme: Programme,
    /// By the version that the client has; absent for everything. Whoever asks first has an answer made, the others wait
    /// for it.
    answers: Mutex<HashMap<Option<i64>, Arc<Once>>>,
}

/// An answer that is made once.
type Once = OnceCell<Arc<Answer>>;

/// A body in both forms.
#[derive(Debug, Default)]
struct Answer {
    plain: Bytes,
    zstd: Bytes,
}

#[derive(Debug, Deserialize)]
pub(super) struct CatalogueQuery {
    since: Option<i64>,
}

pub(super) async fn get(
    State(central): State<Central>,
    headers: HeaderMap,
    query: Result<Query<CatalogueQuery>, QueryRejection>,
) -> ApiResult<Response> {
    let Query(query) = query.map_err(|_| ApiError::new(ProblemCode::Malformed, 400, "the query is not valid"))?;
    let shelf = central.catalogue.get().ok_or_else(|| ApiError::defect("no catalogue"))?;
    let issue = shelf.issue(&central).await?;
    let etag = format!("\"{}\"", issue.version);
    let fresh = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == "*" || tag == etag)
    });
    let mut response = if fresh {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let answer = issue.answer(query.since).await?;
        let mut response = if accepts_zstd(&headers) {
            let mut response = answer.zstd.clone().into_response();
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("zstd"));
            response
        } else {
            answer.plain.clone().into_response()
        };
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    };
    let headers = response.headers_mut();
    headers.insert(ETAG, HeaderValue::try_from(etag).map_err(ApiError::internal)?);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=30"));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}

fn accepts_zstd(headers: &HeaderMap) -> bool {
    headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(',')).any(
        |coding| {
            let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
            let refused = parameters.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0);
            name.trim().eq_ignore_ascii_case("zstd") && !refused
        },
    )
}

impl Shelf {
    /// This process committed a change.
    pub(crate) fn note_change(&self) {
        self.changed.store(true, Ordering::Release);
    }

    /// The newest version with its answers.
    async fn issue(&self, central: &Central) -> ApiResult<Arc<Issue>> {
        let version = self.newest(&central.db).await?;
        let mut kept = self.issue.lock().await;
        if let Some(issue) = kept.as_ref().filter(|issue| issue.version >= version) {
            return Ok(Arc::clone(issue));
        }
        let issue = Arc::new(Issue::load(central).await?);
        *kept = Some(Arc::clone(&issue));
        Ok(issue)
    }

    async fn newest(&self, db: &Db) -> ApiResult<i64> {
        let due = {
            let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
            let due = self.changed.swap(false, Ordering::AcqRel) || looked.elapsed() >= LOOK_EVERY;
            if due {
                *looked = Instant::now();
            }
            due
        };
        if due {
            let found: Result<(i64,), _> =
                sqlx::query_as("select version from catalogue_head where one = 1").fetch_one(db.read()).await;
            let (version,) = found.inspect_err(|_| self.note_change())?;
            self.version.store(version, Ordering::Release);
        }
        Ok(self.version.load(Ordering::Acquire))
    }
}

impl Issue {
    async fn load(central: &Central) -> ApiResult<Self> {
        // One transaction: version and rows belong together.
        let mut tx = central.db.read().begin().await?;
        let (version, oldest_base): (i64, i64) =
            sqlx::query_as("select version, oldest_base from catalogue_head where one = 1").fetch_one(&mut *tx).await?;
        let mut schedules: HashMap<Uuid, Vec<Schedule>> = HashMap::new();
        let rows =
            sqlx::query("select * from schedule where gone = 0 order by starts_on, key").fetch_all(&mut *tx).await?;
        for row in rows {
            let training = row.try_get::<Id, _>("training_id")?.0;
            schedules.entry(training).or_default().push(read_schedule(&row)?);
        }
        let (mut trainings, mut gone) = (Vec::new(), Vec::new());
        for row in sqlx::query("select * from training order by slug").fetch_all(&mut *tx).await? {
            let (id, changed) = (row.try_get::<Id, _>("id")?.0, row.try_get("changed_version")?);
            if row.try_get::<i64, _>("gone")? == 1 {
                gone.push((changed, id));
            } else {
                trainings.push((changed, read_training(&row, id, schedules.remove(&id).unwrap_or_default())?));
            }
        }
        let waves = super::waves::all(&mut tx).await?;
        let rollout_provinces = super::waves::rollout(&mut tx).await?;
        Ok(Self {
            version,
            oldest_base,
            trainings,
            gone,
            waves,
            rollout_provinces,
            programme: central.programme(),
            answers: Mutex::default(),
        })
    }

    /// The answer for a client that has `since`.
    async fn answer(self: &Arc<Self>, since: Option<i64>) -> ApiResult<Arc<Answer>> {
        let oldest = self.oldest_base.max(self.version - DELTAS);
        let base = since.filter(|since| (oldest..=self.version).contains(since));
        let cell = {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(answers.entry(base).or_default())
        };
        let answer = cell.get_or_try_init(|| async {
            // Compressing takes its time: not on a thread that serves requests.
            let issue = Arc::clone(self);
            let written = tokio::task::spawn_blocking(move || issue.write(base)).await;
            written.map_err(ApiError::internal)?.map(Arc::new)
        });
        Ok(Arc::clone(answer.await?))
    }

    fn write(&self, base: Option<i64>) -> ApiResult<Answer> {
        let after = base.unwrap_or(i64::MIN);
        let catalogue = Catalogue {
            version: self.version,
            base,
            trainings: self.trainings.iter().filter(|(changed, _)| *changed > after).map(|(_, t)| t.clone()).collect(),
            // Who has nothing has nothing to drop.
            gone: self
                .gone
                .iter()
                .filter(|(changed, _)| base.is_some_and(|base| *changed > base))
                .map(|(_, id)| *id)
                .collect(),
            waves: self.waves.clone(),
            rollout_provinces: self.rollout_provinces.clone(),
            programme: Some(self.programme.clone()),
        };
        let plain = serde_json::to_vec(&catalogue).map_err(ApiError::internal)?;
        let zstd = zstd::encode_all(plain.as_slice(), ZSTD_LEVEL).map_err(ApiError::internal)?;
        Ok(Answer { plain: plain.into(), zstd: zstd.into() })
    }
}

type Row = sqlx::sqlite::SqliteRow;

fn read_training(row: &Row, id: Uuid, schedules: Vec<Schedule>) -> ApiResult<Training> {
    let method: Method =
        serde_json::from_value(serde_json::Value::String(row.try_get("method")?)).map_err(ApiError::internal)?;
    Ok(Training {
        id,
        title: row.try_get("title")?,
        summary: row.try_get("summary")?,
        method,
        field: row.try_get("field")?,
        institution: row.try_get("institution")?,
        platform: row.try_get("platform")?,
        free: row.try_get::<i64, _>("free")? == 1,
        price_idr: row.try_get("price_idr")?,
        hours: small(row.try_get("hours")?),
        rating_x10: row.try_get::<Option<i64>, _>("rating_x10")?.map(small),
        ratings: small(row.try_get("ratings")?),
        needs: list(row.try_get("needs")?)?,
        schedules,
    })
}

fn read_schedule(row: &Row) -> ApiResult<Schedule> {
    Ok(Schedule {
        id: row.try_get::<Id, _>("id")?.0,
        starts_on: row.try_get("starts_on")?,
        ends_on: row.try_get("ends_on")?,
        time: row.try_get("time")?,
        province: row.try_get("province")?,
        city: row.try_get("city")?,
        address: row.try_get("address")?,
        closes_at: row.try_get("closes_at")?,
        seats: SeatBand::of(row.try_get("taken")?, row.try_get("capacity")?),
    })
}

fn list(json: String) -> ApiResult<Vec<String>> {
    serde_json::from_str(&json).map_err(ApiError::internal)
}

/// Numbers that the operator's checks keep small.
fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}
