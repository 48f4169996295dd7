//! The waves as the database has them. Their state follows from the clock: it needs no row and no new version.

use prakerja_domain::wave::LateRule;
use prakerja_protocol::catalogue::Wave;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

/// A column holds what no wave has.
fn damaged(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::Decode(error.into())
}

/// All waves, oldest first.
///
/// # Errors
/// Any error of the database.
pub(crate) async fn all(tx: &mut sqlx::SqliteConnection) -> Result<Vec<Wave>, sqlx::Error> {
    let rows = sqlx::query("select * from wave order by number").fetch_all(tx).await?;
    rows.iter().map(read).collect()
}

/// One wave.
///
/// # Errors
/// Any error of the database.
pub(crate) async fn one(tx: &mut sqlx::SqliteConnection, number: u32) -> Result<Option<Wave>, sqlx::Error> {
    let row = sqlx::query("select * from wave where number = $1").bind(i64::from(number)).fetch_optional(tx).await?;
    row.as_ref().map(read).transpose()
}

/// Provinces to which the programme has been rolled out; empty for all.
///
/// # Errors
/// Any error of the database.
pub(crate) async fn rollout(tx: &mut sqlx::SqliteConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("select code from rollout_province order by code").fetch_all(tx).await
}

/// Makes the next version, because a wave changed.
///
/// # Errors
/// Any error of the database.
pub(crate) async fn touch(tx: &mut sqlx::SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query("update catalogue_head set version = version + 1 where one = 1").execute(tx).await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Result<Wave, sqlx::Error> {
    Ok(Wave {
        number: u32::try_from(row.try_get::<i64, _>("number")?).map_err(damaged)?,
        opens_at: row.try_get("opens_at")?,
        closes_at: row.try_get("closes_at")?,
        provinces: json(row.try_get("provinces")?)?.unwrap_or_default(),
        scheme: row.try_get("scheme")?,
        overrides: json(row.try_get("overrides")?)?,
        quota: u64::try_from(row.try_get::<i64, _>("quota")?).map_err(damaged)?,
        region_quotas: json(row.try_get("region_quotas")?)?.unwrap_or_default(),
        late: LateRule { grace_ms: row.try_get("grace_ms")? },
        results_expected_at: row.try_get("results_expected_at")?,
        drawing: serde_json::from_value(serde_json::Value::String(row.try_get("drawing")?)).map_err(damaged)?,
        selection: json(row.try_get("selection")?)?,
        voided: json(row.try_get("voided")?)?.unwrap_or_default(),
    })
}

/// A column that may be null.
fn json<T: serde::de::DeserializeOwned>(text: Option<String>) -> Result<Option<T>, sqlx::Error> {
    text.map(|text| serde_json::from_str(&text).map_err(damaged)).transpose()
}
