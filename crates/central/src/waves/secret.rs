//! The secret of a wave, from which the blinds of its applications come. It never leaves central.

use prakerja_selection::WaveSecret;
use rand::RngCore as _;
use uuid::Uuid;

use crate::sync::{Place, Records, SyncError};

/// The secret of a wave; made when it is asked for the first time.
pub(super) async fn of(records: &mut Records<'_>, wave: u32) -> Result<WaveSecret, SyncError> {
    let known: Option<(Vec<u8>,)> = sqlx::query_as("select secret from wave_secret where wave = $1")
        .bind(i64::from(wave))
        .fetch_optional(&mut *records.tx)
        .await?;
    if let Some((sealed,)) = known {
        return Ok(WaveSecret::from_bytes(records.open(place("table/wave_secret", wave), &sealed)?));
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

/// Where something of a wave is sealed. It is nobody's.
pub(super) fn place(kind: &'static str, wave: u32) -> Place<'static> {
    Place { person: Uuid::nil(), kind, id: Uuid::from_u128(u128::from(wave)) }
}
