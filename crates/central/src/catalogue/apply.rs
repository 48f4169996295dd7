//! Brings an operator's file into the database: what is the same stays, what differs gets the next version.

use prakerja_domain::training::Method;
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::rows::{CatalogueFile, RowError, ScheduleRow, TrainingRow, schedule_id, training_id};
use super::{fixed, frozen};
use crate::db::{Db, Id};
use crate::schemes::Schemes;

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Applied {
    /// Trainings that were new.
    pub added: usize,
    /// Trainings that differed.
    pub changed: usize,
    /// Trainings that left the catalogue.
    pub retired: usize,
    /// Waves and provinces that differed.
    pub others: usize,
    /// The catalogue's version now.
    pub version: i64,
}

/// Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// Rows are wrong.
    #[error("{} rows are wrong", .0.len())]
    Rows(Vec<RowError>),
    /// The database refused.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A row could not be written as JSON.
    #[error("a row cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// Writes an operator's file in one transaction. A wave goes forward only and keeps its rules once it has closed; of one to
/// which somebody has applied it changes neither scheme nor classes nor places: that is `wave set`'s, which is noted value
/// by value.
///
/// # Errors
/// [`ApplyError`]; then nothing changed.
pub(crate) async fn import(db: &Db, schemes: &Schemes, file: &CatalogueFile, now: i64) -> Result<Applied, ApplyError> {
    file.check_schemes(schemes).map_err(ApplyError::Rows)?;
    let mut tx = db.begin().await?;
    for wrong in [frozen::rows(&mut tx, file, now).await?, fixed::applied_to(&mut tx, file, schemes).await?] {
        if !wrong.is_empty() {
            return Err(ApplyError::Rows(wrong));
        }
    }
    let applied = apply_in(&mut tx, file).await?;
    tx.commit().await?;
    Ok(applied)
}

/// Writes a checked file in one transaction.
///
/// # Errors
/// [`ApplyError`]; then nothing changed.
pub async fn apply(db: &Db, file: &CatalogueFile) -> Result<Applied, ApplyError> {
    let mut tx = db.begin().await?;
    let applied = apply_in(&mut tx, file).await?;
    tx.commit().await?;
    Ok(applied)
}

/// As [`apply`], inside a transaction.
pub(crate) async fn apply_in(tx: &mut sqlx::SqliteConnection, file: &CatalogueFile) -> Result<Applied, ApplyError> {
    file.check().map_err(ApplyError::Rows)?;
    let (version,): (i64,) =
        sqlx::query_as("select version from catalogue_head where one = 1").fetch_one(&mut *tx).await?;
    let next = version + 1;
    let mut applied = Applied { version, ..Applied::default() };
    let mut wrong = Vec::new();
    for (index, row) in file.trainings.iter().enumerate() {
        let digest = digest(row)?;
        let known: Option<(Vec<u8>, i64)> = sqlx::query_as("select digest, gone from training where id = $1")
            .bind(Id(training_id(&row.slug)))
            .fetch_optional(&mut *tx)
            .await?;
        match known {
            Some((same, 0)) if same == digest => continue,
            Some(_) => applied.changed += 1,
            None => applied.added += 1,
        }
        for schedule in &row.schedules {
            if let Some(taken) = seats_above(tx, row, schedule).await? {
                wrong.push(RowError {
                    place: format!("trainings[{index}] ({})", row.slug),
                    reason: format!("schedule {}: capacity is below the {taken} seats that are taken", schedule.key),
                });
            }
        }
        if wrong.is_empty() {
            write_training(tx, row, &digest, next).await?;
        }
    }
    for (index, slug) in file.retire.iter().enumerate() {
        let retired = sqlx::query("update training set gone = 1, changed_version = $1 where slug = $2 and gone = 0")
            .bind(next)
            .bind(slug)
            .execute(&mut *tx)
            .await?;
        if retired.rows_affected() == 1 {
            applied.retired += 1;
        } else if !known_slug(tx, slug).await? {
            wrong.push(RowError { place: format!("retire[{index}] ({slug})"), reason: "no such training".to_owned() });
        }
    }
    if !wrong.is_empty() {
        return Err(ApplyError::Rows(wrong));
    }
    for wrong in [fixed::drawn(tx, file).await?, fixed::left_out(tx, file).await?] {
        if !wrong.is_empty() {
            return Err(ApplyError::Rows(wrong));
        }
    }
    applied.others += write_waves(tx, file).await?;
    applied.others += write_provinces(tx, file).await?;
    if applied.added + applied.changed + applied.retired + applied.others > 0 {
        sqlx::query("update catalogue_head set version = $1 where one = 1").bind(next).execute(&mut *tx).await?;
        applied.version = next;
        crate::sync::epoch::count(tx).await?;
    }
    Ok(applied)
}

/// Makes the next version because a training's seats moved to another band.
///
/// # Errors
/// Any error of the database.
pub async fn touch(tx: &mut sqlx::SqliteConnection, training: Uuid) -> Result<(), sqlx::Error> {
    let (version,): (i64,) =
        sqlx::query_as("update catalogue_head set version = version + 1 where one = 1 returning version")
            .fetch_one(&mut *tx)
            .await?;
    sqlx::query("update training set changed_version = $1 where id = $2")
        .bind(version)
        .bind(Id(training))
        .execute(&mut *tx)
        .await?;
    Ok(())
}

fn digest(row: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    Ok(Sha256::digest(serde_json::to_vec(row)?).to_vec())
}

async fn known_slug(tx: &mut sqlx::SqliteConnection, slug: &str) -> Result<bool, sqlx::Error> {
    let row: Option<(i64,)> =
        sqlx::query_as("select gone from training where slug = $1").bind(slug).fetch_optional(tx).await?;
    Ok(row.is_some())
}

/// The seats that are taken, where the row has fewer.
async fn seats_above(
    tx: &mut sqlx::SqliteConnection,
    row: &TrainingRow,
    schedule: &ScheduleRow,
) -> Result<Option<i64>, sqlx::Error> {
    let taken: Option<(i64,)> = sqlx::query_as("select taken from schedule where id = $1 and taken > $2")
        .bind(Id(schedule_id(&row.slug, &schedule.key)))
        .bind(schedule.capacity)
        .fetch_optional(tx)
        .await?;
    Ok(taken.map(|(taken,)| taken))
}

async fn write_training(
    tx: &mut sqlx::SqliteConnection,
    row: &TrainingRow,
    digest: &[u8],
    version: i64,
) -> Result<(), ApplyError> {
    let id = training_id(&row.slug);
    sqlx::query(
        "insert into training (id, slug, title, summary, method, field, institution, platform, free, price_idr, hours,
                               rating_x10, ratings, needs, digest, changed_version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         on conflict (id) do update set
             title = excluded.title, summary = excluded.summary, method = excluded.method, field = excluded.field,
             institution = excluded.institution, platform = excluded.platform, free = excluded.free,
             price_idr = excluded.price_idr, hours = excluded.hours, rating_x10 = excluded.rating_x10,
             ratings = excluded.ratings, needs = excluded.needs, digest = excluded.digest,
             changed_version = excluded.changed_version, gone = 0",
    )
    .bind(Id(id))
    .bind(&row.slug)
    .bind(&row.title)
    .bind(&row.summary)
    .bind(method_word(row.method))
    .bind(&row.field)
    .bind(&row.institution)
    .bind(&row.platform)
    .bind(i64::from(row.free))
    .bind(row.price_idr)
    .bind(i64::from(row.hours))
    .bind(row.rating_x10.map(i64::from))
    .bind(i64::from(row.ratings))
    .bind(serde_json::to_string(&row.needs)?)
    .bind(digest)
    .bind(version)
    .execute(&mut *tx)
    .await?;
    // Schedules that the row no longer has stay for the enrolments in them, out of sight.
    sqlx::query("update schedule set gone = 1 where training_id = $1").bind(Id(id)).execute(&mut *tx).await?;
    for schedule in &row.schedules {
        write_schedule(tx, row, schedule).await?;
    }
    Ok(())
}

async fn write_schedule(
    tx: &mut sqlx::SqliteConnection,
    row: &TrainingRow,
    schedule: &ScheduleRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into schedule (id, training_id, key, starts_on, ends_on, time, province, city, address, closes_at,
                               capacity, taken)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict (id) do update set
             starts_on = excluded.starts_on, ends_on = excluded.ends_on, time = excluded.time,
             province = excluded.province, city = excluded.city, address = excluded.address,
             closes_at = excluded.closes_at, capacity = excluded.capacity, gone = 0",
    )
    .bind(Id(schedule_id(&row.slug, &schedule.key)))
    .bind(Id(training_id(&row.slug)))
    .bind(&schedule.key)
    .bind(schedule.starts_on.to_string())
    .bind(schedule.ends_on.to_string())
    .bind(&schedule.time)
    .bind(&schedule.province)
    .bind(&schedule.city)
    .bind(&schedule.address)
    .bind(schedule.closes_at.as_millisecond())
    .bind(schedule.capacity)
    .bind(schedule.taken)
    .execute(&mut *tx)
    .await?;
    Ok(())
}

async fn write_waves(tx: &mut sqlx::SqliteConnection, file: &CatalogueFile) -> Result<usize, ApplyError> {
    let mut changed = 0;
    for wave in &file.waves {
        let written = sqlx::query(
            "insert into wave
                 (number, opens_at, closes_at, provinces, scheme, overrides, quota, region_quotas, grace_ms, results_expected_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             on conflict (number) do update set
                 opens_at = excluded.opens_at, closes_at = excluded.closes_at, provinces = excluded.provinces,
                 scheme = excluded.scheme, overrides = excluded.overrides, quota = excluded.quota,
                 region_quotas = excluded.region_quotas, grace_ms = excluded.grace_ms,
                 results_expected_at = excluded.results_expected_at
             where wave.opens_at <> excluded.opens_at or wave.closes_at <> excluded.closes_at
                or wave.provinces <> excluded.provinces or wave.scheme <> excluded.scheme
                or coalesce(wave.overrides, '') <> coalesce(excluded.overrides, '') or wave.quota <> excluded.quota
                or wave.region_quotas <> excluded.region_quotas or wave.grace_ms <> excluded.grace_ms
                or coalesce(wave.results_expected_at, 0) <> coalesce(excluded.results_expected_at, 0)",
        )
        .bind(i64::from(wave.number))
        .bind(wave.opens_at.as_millisecond())
        .bind(wave.closes_at.as_millisecond())
        .bind(serde_json::to_string(&wave.provinces)?)
        .bind(&wave.scheme)
        .bind(wave.overrides.as_ref().map(ToString::to_string))
        .bind(i64::try_from(wave.quota).unwrap_or(i64::MAX))
        .bind(serde_json::to_string(&wave.region_quotas)?)
        .bind(i64::from(wave.grace_hours) * 3_600_000)
        .bind(wave.results_expected_at.map(|at| at.as_millisecond()))
        .execute(&mut *tx)
        .await?;
        changed += usize::from(written.rows_affected() > 0);
    }
    Ok(changed)
}

async fn write_provinces(tx: &mut sqlx::SqliteConnection, file: &CatalogueFile) -> Result<usize, ApplyError> {
    let Some(wanted) = &file.rollout_provinces else { return Ok(0) };
    let known: Vec<(String,)> = sqlx::query_as("select code from rollout_province").fetch_all(&mut *tx).await?;
    let mut changed = 0;
    for (code,) in known.iter().filter(|(code,)| !wanted.contains(code)) {
        sqlx::query("delete from rollout_province where code = $1").bind(code).execute(&mut *tx).await?;
        changed += 1;
    }
    for code in wanted {
        let written = sqlx::query("insert into rollout_province (code) values ($1) on conflict (code) do nothing")
            .bind(code)
            .execute(&mut *tx)
            .await?;
        changed += usize::from(written.rows_affected() > 0);
    }
    Ok(changed)
}

/// The word of a method in the database, as on the wire.
pub(super) fn method_word(method: Method) -> &'static str {
    match method {
        Method::SelfPaced => "self_paced",
        Method::Webinar => "webinar",
        Method::InPerson => "in_person",
    }
}
