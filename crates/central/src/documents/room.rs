//! Room on the disk for uploads that are not finished. Counted is what is stored, not what was announced: whoever announces
//! and never sends takes nothing from anybody. When it is full, uploads give way that nobody has gone on with for long.

use super::uploads::forget;
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::state::Central;

/// An upload that was not gone on with for so long gives way. Its app begins it anew.
const IDLE_MS: i64 = 60 * 60 * 1_000;

/// Makes room for an upload of `bytes`, the longest idle giving way first.
///
/// # Errors
/// `busy` when all that is here is being sent.
pub(super) async fn make(central: &Central, bytes: i64) -> ApiResult<()> {
    let limit = i64::try_from(central.config.documents.uploads_bytes).unwrap_or(i64::MAX);
    let (stored,): (i64,) =
        sqlx::query_as("select coalesce(sum(stored), 0) from upload").fetch_one(central.db.read()).await?;
    let mut missing = stored.saturating_add(bytes) - limit;
    if missing <= 0 {
        return Ok(());
    }
    let idle: Vec<(Id, Id, String, i64)> = sqlx::query_as(
        "select person_id, id, file, stored from upload where stored > 0 and touched_at <= $1 order by touched_at, id",
    )
    .bind(central.clock.now_ms() - IDLE_MS)
    .fetch_all(central.db.read())
    .await?;
    for (Id(person), Id(id), file, stored) in idle {
        tracing::info!(upload = %id, "an upload that nobody goes on with gives way");
        // A part of it that arrives in this moment finds no file, and its app hears that the upload is gone.
        forget(central, person, id, &file).await?;
        missing -= stored;
        if missing <= 0 {
            return Ok(());
        }
    }
    Err(ApiError::busy(60_000))
}
