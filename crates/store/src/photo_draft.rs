//! The photo that was chosen and judged: one for each account, inside the encrypted database. It stays until central has
//! it, so that nobody has to take it again because of something that went wrong on the way.

use sqlx::Row;
use uuid::Uuid;

use crate::ids::{blob, maybe_id};
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
    /// The document as which it was sent last; `None` before the first time.
    pub document: Option<Uuid>,
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
                "insert into photo_draft (account, jpeg, preview, judged, saved_at, document)
                 values ($1, $2, $3, $4, $5, $6)
                 on conflict (account) do update set jpeg = excluded.jpeg, preview = excluded.preview,
                     judged = excluded.judged, saved_at = excluded.saved_at, document = excluded.document,
                     released = excluded.released",
            )
            .bind(blob(&account))
            .bind(&draft.jpeg)
            .bind(&draft.preview)
            .bind(&draft.judged)
            .bind(draft.saved_at)
            .bind(draft.document.as_ref().map(blob))
            .execute(&mut *write)
            .await?;
            write.commit().await
        })
        .await
    }

    /// The photo that central does not have yet, if any.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn photo_draft(&self, account: Uuid) -> Result<Option<PhotoDraft>, StoreError> {
        let row = sqlx::query("select jpeg, preview, judged, saved_at, document from photo_draft where account = $1")
            .bind(blob(&account))
            .fetch_optional(self.readers())
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(PhotoDraft {
            jpeg: row.try_get("jpeg")?,
            preview: row.try_get("preview")?,
            judged: row.try_get("judged")?,
            saved_at: row.try_get("saved_at")?,
            document: maybe_id(&row, "document")?,
        }))
    }

    /// The document as which the photo was sent that central does not have yet; without its bytes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn photo_on_its_way(&self, account: Uuid) -> Result<Option<Uuid>, StoreError> {
        let row = sqlx::query("select document from photo_draft where account = $1")
            .bind(blob(&account))
            .fetch_optional(self.readers())
            .await?;
        row.map_or(Ok(None), |row| maybe_id(&row, "document"))
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

/// Forgets photos that central's records have an answer to: the document is there, was refused for what is on it, or
/// another one took its place. One that was sealed to a key that central does not have any more is sealed again.
pub(crate) async fn settle(write: &mut Guard, account: Uuid) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "delete from photo_draft where account = $1 and document is not null and exists (
             select 1 from record r where r.account = photo_draft.account and r.kind = 'document' and case
                 when r.id <> photo_draft.document then json_extract(r.data, '$.state') in ('received', 'accepted')
                 when r.data is null then true
                 when json_extract(r.data, '$.state') = 'rejected' then json_extract(r.data, '$.refusal') is not 'key_gone'
                 else json_extract(r.data, '$.state') in ('received', 'accepted') end)",
    )
    .bind(blob(&account))
    .execute(&mut **write)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Gives the photo that was chosen before there was an account to the person who has one now; the newer one stays.
pub(crate) async fn adopt(write: &mut Guard, person: Uuid) -> Result<(), StoreError> {
    sqlx::query(
        "insert into photo_draft (account, jpeg, preview, judged, saved_at)
         select $1, jpeg, preview, judged, saved_at from photo_draft where account = $2
         on conflict (account) do update set jpeg = excluded.jpeg, preview = excluded.preview,
             judged = excluded.judged, saved_at = excluded.saved_at, document = excluded.document,
             released = excluded.released
         where excluded.saved_at > saved_at",
    )
    .bind(blob(&person))
    .bind(blob(&NOBODY))
    .execute(&mut **write)
    .await?;
    sqlx::query("delete from photo_draft where account = $1").bind(blob(&NOBODY)).execute(&mut **write).await?;
    Ok(())
}
