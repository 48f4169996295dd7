//! Trainings, waves and provinces: the same for everybody, versioned, cacheable.
//!
//! [`rows`] is what operators write, [`apply`] brings it into the database, [`shelf`] holds the finished answers that all
//! clients share, [`operator`] are the commands of the operator.

mod apply;
pub mod operator;
mod rows;
mod shelf;
pub(crate) mod waves;

use axum::Router;
use axum::routing::get;

pub(crate) use self::apply::apply_in;
pub use self::apply::{Applied, ApplyError, apply, touch};
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
        crate::demo::seed(&central.db, central.clock.now_ms())
            .await
            .map_err(|error| StartError::Other(format!("the demo data could not be written: {error}")))?;
    }
    Ok(Shelf::default())
}
