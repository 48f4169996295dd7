//! Files of a person who closes the account. Their names are read in the transaction that takes the rows away, the files
//! go once it is committed: a crash in between leaves files that nothing names and nobody can open, and the sweep of
//! [`super::prune`] removes them.

use sqlx::SqliteConnection;
use uuid::Uuid;

use super::pictures::blocking;
use super::{files, pictures};
use crate::db::Id;
use crate::state::Central;

/// Names of a person's files.
#[derive(Debug)]
pub(crate) struct Kept {
    uploads: Vec<String>,
    pictures: Vec<String>,
}

/// The files that a person's rows name.
pub(crate) async fn files_of(tx: &mut SqliteConnection, person: Uuid) -> Result<Kept, sqlx::Error> {
    let uploads: Vec<String> =
        sqlx::query_scalar("select file from upload where person_id = $1").bind(Id(person)).fetch_all(&mut *tx).await?;
    // The photo of an address that was used is the document's, by the same name.
    let pictures: Vec<String> = sqlx::query_scalar(
        "select file from document where person_id = $1 and file is not null
         union select held from handover where person_id = $1 and held is not null",
    )
    .bind(Id(person))
    .fetch_all(&mut *tx)
    .await?;
    Ok(Kept { uploads, pictures })
}

/// Removes them. One that cannot be removed is swept later.
pub(crate) async fn forget(central: &Central, kept: Kept) {
    for name in kept.uploads {
        let path = central.documents.upload(&name);
        if let Err(error) = blocking(move || files::remove(&path)).await {
            tracing::warn!(?error, "an upload could not be removed");
        }
    }
    for name in kept.pictures {
        pictures::remove(central, &name).await;
    }
}
