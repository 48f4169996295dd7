//! Trainings, waves and provinces: the same for everybody, versioned, cacheable.
//!
//! [`rows`] is what operators write, [`apply`] brings it into the database, [`shelf`] holds the finished answers that all
//! clients share, [`operator`] are the commands of the operator.

mod apply;
mod fixed;
mod frozen;
pub mod operator;
mod rows;
mod shelf;
pub(crate) mod waves;

use axum::Router;
use axum::routing::get;
use sha2::{Digest as _, Sha256};

pub(crate) use self::apply::apply_in;
pub use self::apply::{Applied, ApplyError, apply, touch};
pub(crate) use self::frozen::why_frozen;
pub(crate) use self::rows::usual_grace_hours;
pub use self::rows::{CatalogueFile, RowError, ScheduleRow, TrainingRow, WaveRow, schedule_id, training_id};
pub use self::shelf::Shelf;
use crate::state::{Central, StartError};

/// Routes below `/v1/catalogue`.
pub(crate) fn router() -> Router<Central> {
    Router::new().route("/v1/catalogue", get(shelf::get))
}

/// Called once before the first request (after the migrations, before [`crate::sync::start`]). Writes the demo's
/// catalogue where it is wanted.
pub(crate) async fn start(central: &Central) -> Result<Shelf, StartError> {
    if central.config.demo {
        crate::demo::seed(&central.db, central.clock.now_ms(), central.config.fast)
            .await
            .map_err(|error| StartError::Other(format!("the demo data could not be written: {error}")))?;
    }
    note_schemes(central).await?;
    Ok(Shelf::default())
}

/// Schemes are configuration: when they differ from those of the last start, the catalogue has a new version, so that
/// clients hear of them.
async fn note_schemes(central: &Central) -> Result<(), StartError> {
    let digest = scheme_digest(central)?;
    let mut tx = central.db.begin().await?;
    let known = noted_schemes(&mut tx).await?;
    if known.as_ref() == Some(&digest) {
        return Ok(());
    }
    sqlx::query(
        "insert into scheme_digest (one, digest) values (1, $1) on conflict (one) do update set digest = excluded.digest",
    )
    .bind(&digest)
    .execute(&mut *tx)
    .await?;
    // Before the first start there are no clients.
    if known.is_some() {
        waves::touch(&mut tx).await?;
        crate::sync::epoch::count(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Whether the schemes are those of the last start, for a command that works beside a central: it decides by them, too.
pub(crate) async fn has_schemes_of_last_start(central: &Central) -> Result<bool, StartError> {
    let mut connection = central.db.read().acquire().await?;
    let known = noted_schemes(&mut connection).await?;
    let digest = scheme_digest(central)?;
    Ok(known.is_none_or(|known| known == digest))
}

fn scheme_digest(central: &Central) -> Result<Vec<u8>, StartError> {
    let json = serde_json::to_vec(&central.programme()).map_err(|error| StartError::Other(error.to_string()))?;
    Ok(Sha256::digest(json).to_vec())
}

/// Their digest; `None` before the first start.
async fn noted_schemes(tx: &mut sqlx::SqliteConnection) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar("select digest from scheme_digest where one = 1").fetch_optional(tx).await
}
