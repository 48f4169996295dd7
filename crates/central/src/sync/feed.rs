//! The person's feed: what changed, in the order in which it became visible.
//!
//! The sequence is taken under the person's own row, which stays locked to the commit, so a reader can never
//! pass a number that appears later. Contents are sealed; pages and hashes are read in one transaction.

use prakerja_protocol::sync::{Change, Op, Page, SnapshotPage, state_hash};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::Connection;
use super::error::SyncError;
use super::seal::{Place, Sealer};
use super::token::{Cursor, SnapshotPlace, Tokens};
use crate::db::Id;

/// Something that happened to a record.
pub(super) struct NewChange<'a, T> {
    pub(super) person: Uuid,
    /// `profile`, `enrolment`, ...
    pub(super) kind: &'static str,
    pub(super) id: Uuid,
    pub(super) rev: i64,
    pub(super) data: &'a T,
    pub(super) by: Option<Uuid>,
    /// Unix milliseconds.
    pub(super) at: i64,
}

/// Appends a put to the feed and makes it the record's newest state. Returns its sequence.
pub(super) async fn put<T: Serialize>(
    tx: &mut Connection,
    sealer: &Sealer,
    change: NewChange<'_, T>,
) -> Result<i64, SyncError> {
    let person = Id(change.person);
    let (seq,): (i64,) = sqlx::query_as("update person set feed_seq = feed_seq + 1 where id = $1 returning feed_seq")
        .bind(person)
        .fetch_one(&mut *tx)
        .await?;
    let data = sealer.seal(place(change.person, change.kind, change.id), change.data)?;
    sqlx::query(
        "insert into feed_row (person_id, seq, kind, record_id, rev, op, data, by_command, at)
         values ($1, $2, $3, $4, $5, 'put', $6, $7, $8)",
    )
    .bind(person)
    .bind(seq)
    .bind(change.kind)
    .bind(Id(change.id))
    .bind(change.rev)
    .bind(&data)
    .bind(change.by.map(Id))
    .bind(change.at)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "insert into record (person_id, kind, id, rev, data, changed_seq) values ($1, $2, $3, $4, $5, $6)
         on conflict (person_id, kind, id) do update
         set rev = excluded.rev, data = excluded.data, changed_seq = excluded.changed_seq, deleted_at = null",
    )
    .bind(person)
    .bind(change.kind)
    .bind(Id(change.id))
    .bind(change.rev)
    .bind(&data)
    .bind(seq)
    .execute(&mut *tx)
    .await?;
    Ok(seq)
}

/// Appends a deletion to the feed; the record leaves its tombstone. Returns its sequence.
pub(super) async fn delete(tx: &mut Connection, change: NewChange<'_, ()>) -> Result<i64, SyncError> {
    let person = Id(change.person);
    let (seq,): (i64,) = sqlx::query_as("update person set feed_seq = feed_seq + 1 where id = $1 returning feed_seq")
        .bind(person)
        .fetch_one(&mut *tx)
        .await?;
    sqlx::query(
        "insert into feed_row (person_id, seq, kind, record_id, rev, op, by_command, at)
         values ($1, $2, $3, $4, $5, 'del', $6, $7)",
    )
    .bind(person)
    .bind(seq)
    .bind(change.kind)
    .bind(Id(change.id))
    .bind(change.rev)
    .bind(change.by.map(Id))
    .bind(change.at)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "update record set rev = $1, data = null, changed_seq = $2, deleted_at = $3
         where person_id = $4 and kind = $5 and id = $6",
    )
    .bind(change.rev)
    .bind(seq)
    .bind(change.at)
    .bind(person)
    .bind(change.kind)
    .bind(Id(change.id))
    .execute(&mut *tx)
    .await?;
    Ok(seq)
}

/// Where a person's feed stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// Newest sequence; 0 before the first.
    pub(super) seq: i64,
    /// Rows up to here were pruned.
    pub(super) floor: i64,
    /// Lowest head at an accepted restore.
    pub(super) restored: Option<i64>,
}

/// Reads the head of a person's feed. Of an account that was closed it is that of an empty one.
pub(super) async fn head(tx: &mut Connection, person: Uuid) -> Result<Head, SyncError> {
    Ok(find_head(tx, person).await?.unwrap_or_default())
}

/// The same; none of an account that was closed.
pub(super) async fn find_head(tx: &mut Connection, person: Uuid) -> Result<Option<Head>, SyncError> {
    let row: Option<(i64, i64, Option<i64>)> =
        sqlx::query_as("select feed_seq, feed_floor, restored_seq from person where id = $1")
            .bind(Id(person))
            .fetch_optional(&mut *tx)
            .await?;
    Ok(row.map(|(seq, floor, restored)| Head { seq, floor, restored }))
}

/// The command behind a change; none before the first change and for what was pruned.
pub(super) async fn command_at(tx: &mut Connection, person: Uuid, seq: i64) -> Result<Option<Uuid>, SyncError> {
    let row: Option<(Option<Id>,)> =
        sqlx::query_as("select by_command from feed_row where person_id = $1 and seq = $2")
            .bind(Id(person))
            .bind(seq)
            .fetch_optional(&mut *tx)
            .await?;
    Ok(row.and_then(|(by,)| by).map(|by| by.0))
}

type Row = (i64, String, Id, i64, String, Option<Vec<u8>>, Option<Id>);

/// Reads one page after `after`, whose command is `by`. The caller has checked that the feed still reaches back so far.
pub(super) async fn page(
    tx: &mut Connection,
    (sealer, tokens, epoch): (&Sealer, &Tokens, Uuid),
    person: Uuid,
    (after, by, head): (i64, Option<Uuid>, i64),
    limit: usize,
) -> Result<Page, SyncError> {
    let rows: Vec<Row> = sqlx::query_as(
        "select seq, kind, record_id, rev, op, data, by_command from feed_row
         where person_id = $1 and seq > $2 order by seq limit $3",
    )
    .bind(Id(person))
    .bind(after)
    .bind(i64::try_from(limit + 1).unwrap_or(i64::MAX))
    .fetch_all(&mut *tx)
    .await?;
    let more = rows.len() > limit;
    let changes =
        rows.into_iter().take(limit).map(|row| read_row(sealer, person, row)).collect::<Result<Vec<_>, _>>()?;
    // On the last page the cursor moves to the head even where no row carries that number.
    let seq = if more { changes.last().map_or(after, |change| change.seq) } else { head.max(after) };
    let by = changes.last().map_or(by, |change| change.by);
    let state_hash = if more { None } else { Some(hash(tx, person).await?) };
    Ok(Page { epoch, changes, cursor: tokens.write(&Cursor { epoch, person, seq, by }), more, state_hash })
}

/// Digest of all live records of a person.
async fn hash(tx: &mut Connection, person: Uuid) -> Result<String, SyncError> {
    let rows: Vec<(String, Id, i64)> =
        sqlx::query_as("select kind, id, rev from record where person_id = $1 and deleted_at is null")
            .bind(Id(person))
            .fetch_all(&mut *tx)
            .await?;
    Ok(state_hash(rows.iter().map(|(kind, id, rev)| (kind.as_str(), id.0, *rev))))
}

/// Reads one page of all live records after `place`.
pub(super) async fn snapshot(
    tx: &mut Connection,
    (sealer, tokens, epoch): (&Sealer, &Tokens, Uuid),
    person: Uuid,
    (as_of_seq, after): (i64, Option<(String, Uuid)>),
    limit: usize,
) -> Result<SnapshotPage, SyncError> {
    let (kind, id) = after.unwrap_or_default();
    type Live = (i64, String, Id, i64, Option<Vec<u8>>);
    let rows: Vec<Live> = sqlx::query_as(
        "select changed_seq, kind, id, rev, data from record
         where person_id = $1 and deleted_at is null and (kind > $2 or (kind = $2 and id > $3))
         order by kind, id limit $4",
    )
    .bind(Id(person))
    .bind(kind)
    .bind(Id(id))
    .bind(i64::try_from(limit + 1).unwrap_or(i64::MAX))
    .fetch_all(&mut *tx)
    .await?;
    let more = rows.len() > limit;
    let put =
        |(seq, kind, id, rev, data): Live| read_row(sealer, person, (seq, kind, id, rev, "put".to_owned(), data, None));
    let records = rows.into_iter().take(limit).map(put).collect::<Result<Vec<_>, _>>()?;
    let next = records
        .last()
        .filter(|_| more)
        .map(|last| tokens.write(&SnapshotPlace { epoch, person, as_of_seq, kind: last.kind.clone(), id: last.id }));
    let by = command_at(tx, person, as_of_seq).await?;
    let cursor = tokens.write(&Cursor { epoch, person, seq: as_of_seq, by });
    Ok(SnapshotPage { epoch, as_of_seq, records, next, cursor })
}

fn read_row(sealer: &Sealer, person: Uuid, row: Row) -> Result<Change, SyncError> {
    let (seq, kind, id, rev, op, data, by) = row;
    let id = id.0;
    let data: Option<Value> = match data {
        Some(sealed) => Some(sealer.open(place(person, &kind, id), &sealed)?),
        None => None,
    };
    let by = by.map(|by| by.0);
    let op = if op == "del" { Op::Del } else { Op::Put };
    Ok(Change { seq, kind, id, rev, op, data, by })
}

fn place(person: Uuid, kind: &str, id: Uuid) -> Place<'_> {
    Place { person, kind, id }
}
