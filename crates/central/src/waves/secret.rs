//! The secret of a wave, from which the blinds of its applications come. It leaves central only into the hands of an auditor
//! (`wave-secret export`), and ends when objections are over (`wave-secret destroy`).

use prakerja_selection::WaveSecret;
use rand::RngCore as _;
use serde::Serialize;
use uuid::Uuid;

use crate::db::{Db, Id};
use crate::sync::{Place, Records, Sealer, SyncError};

/// The secret of a wave; made when it is asked for the first time.
pub(super) async fn of(records: &mut Records<'_>, wave: u32) -> Result<WaveSecret, SyncError> {
    let known: Option<(Option<Vec<u8>>,)> = sqlx::query_as("select secret from wave_secret where wave = $1")
        .bind(i64::from(wave))
        .fetch_optional(&mut *records.tx)
        .await?;
    match known {
        Some((Some(sealed),)) => {
            return Ok(WaveSecret::from_bytes(records.open(place("table/wave_secret", wave), &sealed)?));
        }
        // Of a wave whose results are published: nobody joins it.
        Some((None,)) => return Err(SyncError::Damaged),
        None => {}
    }
    let mut secret = [0_u8; 32];
    rand::rngs::OsRng.fill_bytes(&mut secret);
    sqlx::query("insert into wave_secret (wave, secret) values ($1, $2)")
        .bind(i64::from(wave))
        .bind(records.seal(place("table/wave_secret", wave), &secret)?)
        .execute(&mut *records.tx)
        .await?;
    Ok(WaveSecret::from_bytes(secret))
}

/// The secret of a wave as the office finds it. Without `Debug`: it must not get into a log.
pub(crate) enum Found {
    /// Nobody has applied.
    None,
    /// It is there: its bytes.
    Kept([u8; 32]),
    /// It was destroyed.
    Destroyed,
}

/// Looks for the secret of a wave.
pub(crate) async fn find(tx: &mut sqlx::SqliteConnection, sealer: &Sealer, wave: u32) -> Result<Found, SyncError> {
    let row: Option<(Option<Vec<u8>>,)> = sqlx::query_as("select secret from wave_secret where wave = $1")
        .bind(i64::from(wave))
        .fetch_optional(tx)
        .await?;
    Ok(match row {
        None => Found::None,
        Some((Some(sealed),)) => Found::Kept(sealer.open(place("table/wave_secret", wave), &sealed)?),
        Some((None,)) => Found::Destroyed,
    })
}

/// Takes the secret out of the database. False when it was gone.
pub(crate) async fn destroy(db: &Db, wave: u32, at: i64) -> Result<bool, sqlx::Error> {
    let mut tx = db.begin().await?;
    // Free pages would keep the sealed bytes.
    sqlx::query("pragma secure_delete = on").execute(&mut *tx).await?;
    let gone =
        sqlx::query("update wave_secret set secret = null, destroyed_at = $1 where wave = $2 and secret is not null")
            .bind(at)
            .bind(i64::from(wave))
            .execute(&mut *tx)
            .await?;
    tx.commit().await?;
    Ok(gone.rows_affected() == 1)
}

/// Whether the blind of an application is the one that its wave's secret gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Recomputed {
    /// It is.
    Fits,
    /// It is not: two people under one blind would be fraud.
    Differs,
    /// The secret was destroyed: nobody can say any more.
    SecretDestroyed,
}

/// The blind of an application, recomputed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlindCheck {
    /// The wave.
    pub wave: u32,
    /// What came out.
    pub recomputed: Recomputed,
}

/// Recomputes the blinds of a person's applications.
pub(crate) async fn check_blinds(
    tx: &mut sqlx::SqliteConnection,
    sealer: &Sealer,
    person: Uuid,
) -> Result<Vec<BlindCheck>, SyncError> {
    let rows: Vec<(i64, Id, Vec<u8>)> =
        sqlx::query_as("select wave, id, blind from application where person_id = $1 order by wave")
            .bind(Id(person))
            .fetch_all(&mut *tx)
            .await?;
    let mut checks = Vec::with_capacity(rows.len());
    for (wave, application, blind) in rows {
        let wave = u32::try_from(wave).map_err(|_| SyncError::Damaged)?;
        let recomputed = match find(tx, sealer, wave).await? {
            Found::Kept(secret) => {
                let expected = WaveSecret::from_bytes(secret).blind(application.0.as_bytes());
                if blind == expected.as_bytes() { Recomputed::Fits } else { Recomputed::Differs }
            }
            Found::None => Recomputed::Differs,
            Found::Destroyed => Recomputed::SecretDestroyed,
        };
        checks.push(BlindCheck { wave, recomputed });
    }
    Ok(checks)
}

/// Where something of a wave is sealed. It is nobody's.
pub(super) fn place(kind: &'static str, wave: u32) -> Place<'static> {
    Place { person: Uuid::nil(), kind, id: Uuid::from_u128(u128::from(wave)) }
}
