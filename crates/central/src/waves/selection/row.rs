//! The row of a selection: what was decided, and how far it came.

use prakerja_domain::scheme::Scheme;
use prakerja_protocol::application::{SelectionFiles, VoidedSelection};
use prakerja_selection::{Beacon, Seed};
use rand::RngCore as _;
use serde::Serialize;
use sqlx::FromRow;

use super::SelectionError;
use crate::state::Central;
use crate::sync::Change;
use crate::waves::secret;

/// A row of `selection`.
#[derive(Debug, FromRow)]
pub(super) struct Row {
    pub(super) wave: i64,
    seed: Vec<u8>,
    beacon: String,
    beacon_due_at: i64,
    pub(super) committed_at: i64,
    scheme: String,
    pub(super) digest: Option<String>,
    pub(super) told_to: Option<Vec<u8>>,
    pub(super) told_at: Option<i64>,
    pub(super) beacon_value: Option<String>,
    pub(super) decree: Option<String>,
    pub(super) published_at: Option<i64>,
    pub(super) settled_to: Option<Vec<u8>>,
    pub(super) settled_at: Option<i64>,
}

impl Row {
    pub(super) fn wave(&self) -> u32 {
        u32::try_from(self.wave).unwrap_or(0)
    }

    pub(super) fn beacon(&self) -> Beacon {
        Beacon { description: self.beacon.clone(), due_at_ms: self.beacon_due_at }
    }

    /// The scheme of the wave as it was when the selection began.
    pub(super) fn scheme(&self) -> Result<Scheme, SelectionError> {
        serde_json::from_str(&self.scheme).map_err(|_| SelectionError::Scheme(self.wave()))
    }

    /// The secret of the draw.
    pub(super) fn seed(&self, central: &Central) -> Result<Seed, SelectionError> {
        let sealer = central.sealer()?;
        let place = secret::place("table/selection", self.wave());
        let bytes = sealer.open(place, &self.seed).map_err(|error| SelectionError::Row(error.to_string()))?;
        Ok(Seed::from_bytes(bytes))
    }
}

/// The row of a wave.
pub(super) async fn of(tx: &mut sqlx::SqliteConnection, wave: u32) -> Result<Option<Row>, sqlx::Error> {
    sqlx::query_as("select * from selection where wave = $1").bind(i64::from(wave)).fetch_optional(tx).await
}

/// Selections that are under way, or were interrupted.
pub(super) async fn unfinished(central: &Central) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as("select * from selection where settled_at is null order by wave").fetch_all(central.db.read()).await
}

/// Begins a selection: from now on nobody joins the wave, and its scheme is this one. Of a selection that was begun and
/// never published nothing stays: another secret, another public value.
pub(super) async fn begin(
    change: &mut Change,
    (wave, scheme): (u32, &Scheme),
    beacon: &Beacon,
    at: i64,
) -> Result<(), SelectionError> {
    sqlx::query("delete from selection where wave = $1 and digest is null")
        .bind(i64::from(wave))
        .execute(&mut **change.tx())
        .await?;
    let mut seed = [0_u8; 32];
    rand::rngs::OsRng.fill_bytes(&mut seed);
    let sealed = change.sealer().seal(secret::place("table/selection", wave), &seed);
    let sealed = sealed.map_err(|error| SelectionError::Row(error.to_string()))?;
    let scheme = serde_json::to_string(scheme).map_err(|error| SelectionError::Row(error.to_string()))?;
    sqlx::query(
        "insert into selection (wave, seed, beacon, beacon_due_at, committed_at, scheme)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(i64::from(wave))
    .bind(sealed)
    .bind(&beacon.description)
    .bind(beacon.due_at_ms)
    .bind(at)
    .bind(scheme)
    .execute(&mut **change.tx())
    .await?;
    Ok(())
}

/// Notes that the files are there. False when the selection was begun anew meanwhile: they are of another secret.
pub(super) async fn committed(change: &mut Change, begun: &Row, files: &SelectionFiles) -> Result<bool, sqlx::Error> {
    let noted = sqlx::query("update selection set digest = $1, committed_at = $2 where wave = $3 and seed = $4")
        .bind(&files.commitment)
        .bind(files.committed_at)
        .bind(begun.wave)
        .bind(&begun.seed)
        .execute(&mut **change.tx())
        .await?;
    Ok(noted.rows_affected() == 1)
}

/// How far a selection is, for the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// The wave.
    pub wave: u32,
    /// Applications that were received.
    pub applications: i64,
    /// Of them those that arrived after the end and count by the evidence of the device.
    pub by_evidence: i64,
    /// Of them accepted.
    pub accepted: i64,
    /// Of them not accepted.
    pub not_accepted: i64,
    /// Digest of the commitment.
    pub commitment: Option<String>,
    /// The public value that will be mixed in.
    pub beacon: Option<String>,
    /// When it is known, Unix milliseconds.
    pub beacon_due_at: Option<i64>,
    /// When the list was closed.
    pub committed_at: Option<i64>,
    /// When the results were published.
    pub published_at: Option<i64>,
    /// When the last person had the result.
    pub settled_at: Option<i64>,
    /// Draws that were voided, oldest first.
    pub voided: Vec<VoidedSelection>,
}

/// How far the selection of a wave is.
///
/// # Errors
/// [`SelectionError::WaveUnknown`], or any error of the database.
pub async fn progress(central: &Central, wave: u32) -> Result<Progress, SelectionError> {
    let mut tx = central.db.read().begin().await?;
    let listed = crate::catalogue::waves::one(&mut tx, wave).await?.ok_or(SelectionError::WaveUnknown(wave))?;
    let (applications, by_evidence, accepted, not_accepted): (i64, i64, i64, i64) = sqlx::query_as(
        "select count(*), count(case when counted = 'by_evidence' then 1 end),
                count(case when state = 'accepted' then 1 end),
                count(case when state = 'not_accepted' then 1 end) from application where wave = $1",
    )
    .bind(i64::from(wave))
    .fetch_one(&mut *tx)
    .await?;
    let row = of(&mut tx, wave).await?;
    let row = row.as_ref();
    Ok(Progress {
        wave,
        applications,
        by_evidence,
        accepted,
        not_accepted,
        commitment: row.and_then(|row| row.digest.clone()),
        beacon: row.map(|row| row.beacon.clone()),
        beacon_due_at: row.map(|row| row.beacon_due_at),
        committed_at: row.map(|row| row.committed_at),
        published_at: row.and_then(|row| row.published_at),
        settled_at: row.and_then(|row| row.settled_at),
        voided: listed.voided,
    })
}
