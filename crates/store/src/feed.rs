//! Pages of the feed: rows and cursor in one transaction, so that no change is skipped and none counts twice.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sqlx::Row;
use uuid::Uuid;

use crate::ids::{blob, id};
use crate::transaction::Guard;
use crate::{Store, StoreError};

/// One changed record.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedChange {
    /// Place in the person's feed.
    pub seq: i64,
    /// Kind of record.
    pub kind: String,
    /// The record.
    pub id: Uuid,
    /// Its revision; one that is not newer than the stored one changes nothing.
    pub rev: i64,
    /// Its content; absent when it is gone.
    pub data: Option<Value>,
    /// The command that caused it.
    pub by: Option<Uuid>,
}

/// A page.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedPage {
    /// Epoch of central's database.
    pub epoch: Uuid,
    /// From where to go on.
    pub cursor: String,
    /// Changes; their order does not matter.
    pub changes: Vec<FeedChange>,
}

/// What a page did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// How many records are new or changed.
    pub records: u64,
    /// Their kinds.
    pub kinds: BTreeSet<String>,
}

/// Up to where the feed was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Epoch of central's database.
    pub epoch: Uuid,
    /// From where to go on; opaque.
    pub cursor: String,
    /// The newest sequence whose effect is in the records.
    pub seen_seq: i64,
    /// When it was read last.
    pub as_of: i64,
}

impl Store {
    /// Up to where the feed was read; absent before the first page.
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here.
    pub async fn feed(&self, account: Uuid) -> Result<Option<Feed>, StoreError> {
        let row = sqlx::query("select epoch, cursor, seen_seq, as_of from feed where account = $1")
            .bind(blob(&account))
            .fetch_optional(self.readers())
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Feed {
            epoch: id(&row, "epoch")?,
            cursor: row.try_get("cursor")?,
            seen_seq: row.try_get("seen_seq")?,
            as_of: row.try_get("as_of")?,
        }))
    }

    /// Applies a page: rows, cursor, and which commands' effects were seen.
    ///
    /// # Errors
    /// [`StoreError::OtherEpoch`] when the page is of another epoch; nothing was applied then.
    pub async fn apply_page(&self, account: Uuid, page: &FeedPage, now: i64) -> Result<Applied, StoreError> {
        let mut write = self.write().await?;
        let known = sqlx::query("select epoch from feed where account = $1")
            .bind(blob(&account))
            .fetch_optional(&mut *write)
            .await?;
        if let Some(row) = known
            && id(&row, "epoch")? != page.epoch
        {
            return Err(StoreError::OtherEpoch);
        }
        let applied = put_records(&mut write, Target::Record, account, &page.changes).await?;
        mark_seen(&mut write, account, &page.changes).await?;
        let seen = page.changes.iter().map(|change| change.seq).max().unwrap_or(0);
        sqlx::query(
            "insert into feed (account, epoch, cursor, seen_seq, as_of) values ($1, $2, $3, $4, $5)
             on conflict (account) do update set cursor = excluded.cursor,
                 seen_seq = max(seen_seq, excluded.seen_seq), as_of = excluded.as_of",
        )
        .bind(blob(&account))
        .bind(blob(&page.epoch))
        .bind(&page.cursor)
        .bind(seen)
        .bind(now)
        .execute(&mut *write)
        .await?;
        write.commit().await?;
        Ok(applied)
    }
}

/// Where rows of central go.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// What the window shows.
    Record,
    /// A snapshot that is not whole yet.
    Shadow,
}

impl Target {
    fn statement(self) -> &'static str {
        macro_rules! put_into {
            ($table:literal) => {
                concat!(
                    "insert into ",
                    $table,
                    " (account, kind, id, rev, seq, data)
                     select $1, value ->> 'kind', unhex(value ->> 'id', '-'), value ->> 'rev', value ->> 'seq',
                            value ->> 'data'
                     from json_each($2) where true
                     on conflict (account, kind, id) do update
                     set rev = excluded.rev, seq = excluded.seq, data = excluded.data where excluded.rev > rev
                     returning kind, id"
                )
            };
        }
        match self {
            Self::Record => put_into!("record"),
            Self::Shadow => put_into!("record_shadow"),
        }
    }
}

/// Puts rows where they are newer; one statement a page.
pub(crate) async fn put_records(
    write: &mut Guard,
    target: Target,
    account: Uuid,
    changes: &[FeedChange],
) -> Result<Applied, StoreError> {
    // The content travels as text within the JSON, so that SQLite keeps it verbatim.
    let rows: Vec<Value> = changes
        .iter()
        .map(|change| {
            json!({
                "kind": change.kind, "id": change.id, "rev": change.rev, "seq": change.seq,
                "data": change.data.as_ref().map(Value::to_string),
            })
        })
        .collect();
    let rows = sqlx::query(target.statement())
        .bind(blob(&account))
        .bind(Value::from(rows).to_string())
        .fetch_all(&mut **write)
        .await?;
    let mut changed = BTreeSet::new();
    for row in &rows {
        changed.insert((row.try_get::<String, _>("kind")?, id(row, "id")?));
    }
    Ok(Applied { records: changed.len() as u64, kinds: changed.into_iter().map(|(kind, _)| kind).collect() })
}

/// The feed shows what these commands did: their overlays fall away in the same transaction.
pub(crate) async fn mark_seen(write: &mut Guard, account: Uuid, changes: &[FeedChange]) -> Result<(), StoreError> {
    let causes: Vec<Uuid> = changes.iter().filter_map(|change| change.by).collect();
    if causes.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "update outbox set seen = 1
         where account = $1 and seen = 0 and id in (select unhex(value, '-') from json_each($2))",
    )
    .bind(blob(&account))
    .bind(crate::ids::id_list(&causes))
    .execute(&mut **write)
    .await?;
    Ok(())
}
