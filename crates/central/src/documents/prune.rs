//! Forgets uploads that nobody finished, addresses of phones' pages that are over, and files that belong to nothing.

use std::collections::HashSet;
use std::time::Duration;

use super::pictures::{blocking, name_of};
use super::{files, pictures};
use crate::error::ApiResult;
use crate::state::Central;

/// A file without a row is younger than this while its request is under way.
const ORPHAN_AGE: Duration = Duration::from_secs(24 * 60 * 60);
/// Addresses are kept so long, for counting how many somebody asked for.
const HANDOVER_KEPT_MS: i64 = 60 * 60 * 1_000;

/// Rows first, then what they named; an hour's round in `housekeeping`.
///
/// # Errors
/// Database or files.
pub(crate) async fn prune(central: &Central) -> ApiResult<()> {
    let now = central.clock.now_ms();
    let mut tx = central.db.begin().await?;
    let uploads: Vec<(String,)> = sqlx::query_as("delete from upload where expires_at <= $1 returning file")
        .bind(now)
        .fetch_all(&mut *tx)
        .await?;
    let held: Vec<(Option<String>,)> =
        sqlx::query_as("delete from handover where expires_at <= $1 returning case when used_at is null then held end")
            .bind(now - HANDOVER_KEPT_MS)
            .fetch_all(&mut *tx)
            .await?;
    tx.commit().await?;
    for (name,) in uploads {
        let path = central.documents.upload(&name);
        blocking(move || files::remove(&path)).await?;
    }
    for name in held.into_iter().filter_map(|(name,)| name) {
        pictures::remove(central, &name).await;
    }
    sweep(central).await
}

/// Files that a crash left without a row.
async fn sweep(central: &Central) -> ApiResult<()> {
    let known = "select file from upload union select file from document where file is not null
                 union select held from handover where held is not null";
    for folder in [central.documents.uploads().to_owned(), central.documents.pictures().to_owned()] {
        let looked_at = folder.clone();
        let old = blocking(move || files::older_than(&looked_at, ORPHAN_AGE)).await?;
        if old.is_empty() {
            continue;
        }
        // Read after the folder: what has a row by now is known.
        let rows: Vec<(String,)> = sqlx::query_as(known).fetch_all(central.db.read()).await?;
        let known: HashSet<String> = rows.into_iter().map(|(name,)| name).collect();
        for name in old.into_iter().filter(|name| !known.contains(name_of(name))) {
            tracing::info!("a file that belongs to nothing is removed");
            let path = folder.join(name);
            blocking(move || files::remove(&path)).await?;
        }
    }
    Ok(())
}
