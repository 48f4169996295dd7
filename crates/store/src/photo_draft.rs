//! The photo that was chosen, judged and not sent yet: one for each account, inside the encrypted database.

use sqlx::Row;
use uuid::Uuid;

use crate::ids::blob;
use crate::transaction::Guard;
use crate::{NOBODY, Store, StoreError};

/// A photo as it was made ready.
#[derive(Clone, PartialEq, Eq)]
pub struct PhotoDraft {
    /// The photo, upright and without metadata.
    pub jpeg: Vec<u8>,
    /// The small one for the window.
    pub preview: Vec<u8>,
    /// What was found in it, as JSON; the store does not read it.
    pub judged: String,
    /// When it was chosen or turned.
    pub saved_at: i64,
}

impl std::fmt::Debug for PhotoDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PhotoDraft")
            .field("bytes", &self.jpeg.len())
            .field("saved_at", &self.saved_at)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Keeps the photo in place of the one before.
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here.
    pub async fn save_photo_draft(&self, account: Uuid, draft: &PhotoDraft) -> Result<(), StoreError> {
        self.with_reserve(|| async {
            let mut write = self.write().await?;
            sqlx::query(
                "insert into photo_draft (account, jpeg, preview, judged, saved_at) values ($1, $2, $3, $4, $5)
                 on conflict (account) do update set jpeg = excluded.jpeg, preview = excluded.preview,
                     judged = excluded.judged, saved_at = excluded.saved_at",
            )
            .bind(blob(&account))
            .bind(&draft.jpeg)
            .bind(&draft.preview)
            .bind(&draft.judged)
            .bind(draft.saved_at)
            .execute(&mut *write)
            .await?;
            write.commit().await
        })
        .await
    }

    /// The photo that was not sent, if any.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn photo_draft(&self, account: Uuid) -> Result<Option<PhotoDraft>, StoreError> {
        let row = sqlx::query("select jpeg, preview, judged, saved_at from photo_draft where account = $1")
            .bind(blob(&account))
            .fetch_optional(self.readers())
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(PhotoDraft {
            jpeg: row.try_get("jpeg")?,
            preview: row.try_get("preview")?,
            judged: row.try_get("judged")?,
            saved_at: row.try_get("saved_at")?,
        }))
    }

    /// The person does not want it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn discard_photo_draft(&self, account: Uuid) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        sqlx::query("delete from photo_draft where account = $1").bind(blob(&account)).execute(&mut *write).await?;
        write.commit().await
    }
}

/// Gives the photo that was chosen before there was an account to the person who has one now; the newer one stays.
pub(crate) async fn adopt(write: &mut Guard, person: Uuid) -> Result<(), StoreError> {
    sqlx::query(
        "insert into photo_draft (account, jpeg, preview, judged, saved_at)
         select $1, jpeg, preview, judged, saved_at from photo_draft where account = $2
         on conflict (account) do update set jpeg = excluded.jpeg, preview = excluded.preview,
             judged = excluded.judged, saved_at = excluded.saved_at
         where excluded.saved_at > saved_at",
    )
    .bind(blob(&person))
    .bind(blob(&NOBODY))
    .execute(&mut **write)
    .await?;
    sqlx::query("delete from photo_draft where account = $1").bind(blob(&NOBODY)).execute(&mut **write).await?;
    Ok(())
}
