//! The person's whole state, fetched in pages beside the records and put in their place in one transaction.
//!
//! An interrupted snapshot goes on with the next page; one of another epoch or sequence starts over.

use sqlx::Row;
use uuid::Uuid;

use crate::feed::{Target, mark_seen, put_records};
use crate::ids::{blob, id};
use crate::transaction::Guard;
use crate::{FeedChange, Store, StoreError};

/// A page of a snapshot.
#[derive(Debug, Clone, PartialEq)]
pub struct SnapshotPage {
    /// Epoch of central's database.
    pub epoch: Uuid,
    /// The sequence that all its pages describe.
    pub as_of_seq: i64,
    /// Living records.
    pub records: Vec<FeedChange>,
    /// Token of the next page; absent on the last.
    pub next: Option<String>,
    /// Cursor to pull from after the last page.
    pub cursor: String,
}

/// A snapshot that is not whole yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotProgress {
    /// Epoch of central's database.
    pub epoch: Uuid,
    /// The sequence that it describes.
    pub as_of_seq: i64,
    /// Token of the page to fetch next.
    pub next: String,
}

/// What a page did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SnapshotStep {
    /// More pages are needed; the window still shows the old records.
    More,
    /// It was the last one: the records were replaced, the feed goes on from its cursor.
    Swapped,
}

impl Store {
    /// The snapshot that was interrupted, if any.
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here.
    pub async fn snapshot_progress(&self, account: Uuid) -> Result<Option<SnapshotProgress>, StoreError> {
        let row = sqlx::query("select epoch, as_of_seq, next from snapshot where account = $1")
            .bind(blob(&account))
            .fetch_optional(self.readers())
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(SnapshotProgress {
            epoch: id(&row, "epoch")?,
            as_of_seq: row.try_get("as_of_seq")?,
            next: row.try_get("next")?,
        }))
    }

    /// Stores a page; with the last one the records are replaced.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn apply_snapshot_page(
        &self,
        account: Uuid,
        page: &SnapshotPage,
        now: i64,
    ) -> Result<SnapshotStep, StoreError> {
        let mut write = self.write().await?;
        let same: i64 =
            sqlx::query_scalar("select count(*) from snapshot where account = $1 and epoch = $2 and as_of_seq = $3")
                .bind(blob(&account))
                .bind(blob(&page.epoch))
                .bind(page.as_of_seq)
                .fetch_one(&mut *write)
                .await?;
        if same == 0 {
            discard(&mut write, account).await?;
        }
        put_records(&mut write, Target::Shadow, account, &page.records).await?;
        let step = match &page.next {
            Some(next) => {
                sqlx::query(
                    "insert or replace into snapshot (account, epoch, as_of_seq, next) values ($1, $2, $3, $4)",
                )
                .bind(blob(&account))
                .bind(blob(&page.epoch))
                .bind(page.as_of_seq)
                .bind(next)
                .execute(&mut *write)
                .await?;
                SnapshotStep::More
            }
            None => {
                swap(&mut write, account, page, now).await?;
                SnapshotStep::Swapped
            }
        };
        mark_seen(&mut write, account, &page.records).await?;
        write.commit().await?;
        Ok(step)
    }
}

async fn swap(write: &mut Guard, account: Uuid, page: &SnapshotPage, now: i64) -> Result<(), StoreError> {
    for statement in [
        "delete from record where account = $1",
        "insert into record (account, kind, id, rev, seq, data)
         select account, kind, id, rev, seq, data from record_shadow where account = $1",
    ] {
        sqlx::query(statement).bind(blob(&account)).execute(&mut **write).await?;
    }
    sqlx::query("insert or replace into feed (account, epoch, cursor, seen_seq, as_of) values ($1, $2, $3, $4, $5)")
        .bind(blob(&account))
        .bind(blob(&page.epoch))
        .bind(&page.cursor)
        .bind(page.as_of_seq)
        .bind(now)
        .execute(&mut **write)
        .await?;
    discard(write, account).await
}

async fn discard(write: &mut Guard, account: Uuid) -> Result<(), StoreError> {
    for statement in ["delete from record_shadow where account = $1", "delete from snapshot where account = $1"] {
        sqlx::query(statement).bind(blob(&account)).execute(&mut **write).await?;
    }
    Ok(())
}
