//! What the person does enters the outbox, in one transaction with the drafts that it settles.
//!
//! Only commands that were never on the wire are merged or annihilated (`sync.md` §3.6): one that was sent once may be at
//! central already, and is taken back by a `command.void` instead.

use serde_json::Value;
use sqlx::{Row, SqliteConnection};
use uuid::Uuid;

use crate::command::payload_id;
use crate::draft::write_changes;
use crate::ids::{blob, id, id_list, json};
use crate::transaction::Guard;
use crate::{DraftChange, NewCommand, Store, StoreError, kind};

/// What became of a new command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enqueued {
    /// It waits on its own.
    Added,
    /// It was merged into an older command that was never sent; the new id is not used.
    Merged {
        /// The older command.
        into: Uuid,
    },
    /// It took back a command that was never sent: neither will be.
    Annihilated {
        /// The older command.
        with: Uuid,
    },
    /// This id is in the outbox already; nothing changed.
    Known,
}

/// What became of a wish to take a command back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Withdrawn {
    /// It was never sent and is gone, with those that depended on it.
    Removed {
        /// Those that depended on it.
        also: Vec<Uuid>,
    },
    /// It was sent once: only a `command.void` can take it back.
    Sent,
    /// Central answered already.
    Done,
    /// There is none.
    Unknown,
}

/// A question that waits, to be asked behind a patch instead.
#[derive(Debug, Clone, PartialEq)]
pub struct AskAgain {
    /// The question as it waits.
    pub asked: Uuid,
    /// Takes it back when it was sent once.
    pub void: NewCommand,
    /// The same question anew; `None` when it cannot be read any more, so that it is only taken back.
    pub question: Option<NewCommand>,
}

impl Store {
    /// Stores a command and the change of drafts that goes with it.
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here; then neither was stored.
    pub async fn enqueue(
        &self,
        account: Uuid,
        command: &NewCommand,
        drafts: &DraftChange,
    ) -> Result<Enqueued, StoreError> {
        self.with_reserve(|| self.enqueue_once(account, command, drafts)).await
    }

    async fn enqueue_once(
        &self,
        account: Uuid,
        command: &NewCommand,
        drafts: &DraftChange,
    ) -> Result<Enqueued, StoreError> {
        let mut write = self.write().await?;
        let outcome = add(&mut write, account, command, drafts).await?;
        write.commit().await?;
        Ok(outcome)
    }

    /// Stores a patch like [`Store::enqueue`], and asks behind it again what waits to be asked about the same: in front of the
    /// patch it would be about what is not so any more. What central answered meanwhile is not asked again.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing changed.
    pub async fn correct(
        &self,
        account: Uuid,
        patch: &NewCommand,
        drafts: &DraftChange,
        again: &AskAgain,
    ) -> Result<Enqueued, StoreError> {
        self.with_reserve(|| self.correct_once(account, patch, drafts, again)).await
    }

    async fn correct_once(
        &self,
        account: Uuid,
        patch: &NewCommand,
        drafts: &DraftChange,
        again: &AskAgain,
    ) -> Result<Enqueued, StoreError> {
        let mut write = self.write().await?;
        let taken_back = match take_off(&mut write, account, again.asked).await? {
            Withdrawn::Removed { .. } => true,
            Withdrawn::Sent => {
                insert(&mut write, account, &again.void).await?;
                true
            }
            Withdrawn::Done | Withdrawn::Unknown => false,
        };
        let outcome = add(&mut write, account, patch, drafts).await?;
        if taken_back && let Some(question) = &again.question {
            insert(&mut write, account, question).await?;
            let about = if let Enqueued::Merged { into } = outcome { into } else { patch.id };
            insert_dependencies(&mut write, question.id, &[about]).await?;
        }
        write.commit().await?;
        Ok(outcome)
    }

    /// Takes back a command that was never sent.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn withdraw(&self, account: Uuid, command: Uuid) -> Result<Withdrawn, StoreError> {
        let mut write = self.write().await?;
        let withdrawn = take_off(&mut write, account, command).await?;
        write.commit().await?;
        Ok(withdrawn)
    }
}

/// Stores a command, in the place of an older one where it belongs there.
async fn add(
    write: &mut Guard,
    account: Uuid,
    command: &NewCommand,
    drafts: &DraftChange,
) -> Result<Enqueued, StoreError> {
    if is_known(write, command.id).await? {
        return Ok(Enqueued::Known);
    }
    write_changes(write, account, drafts).await?;
    let outcome = match command.kind.as_str() {
        kind::PROFILE_PATCH => merge(write, account, command).await?,
        kind::ENROLMENT_CANCEL => annihilate(write, account, command).await?,
        kind::TEST_ANSWER => replace_answer(write, account, command).await?,
        _ => None,
    };
    match outcome {
        Some(outcome) => Ok(outcome),
        None => {
            insert(write, account, command).await?;
            Ok(Enqueued::Added)
        }
    }
}

/// Takes off what was never sent.
async fn take_off(write: &mut Guard, account: Uuid, command: Uuid) -> Result<Withdrawn, StoreError> {
    let row = sqlx::query("select state, first_sent_at is not null as sent from outbox where account = $1 and id = $2")
        .bind(blob(&account))
        .bind(blob(&command))
        .fetch_optional(&mut **write)
        .await?;
    let Some(row) = row else { return Ok(Withdrawn::Unknown) };
    if row.try_get::<&str, _>("state")? == "done" {
        return Ok(Withdrawn::Done);
    }
    if row.try_get("sent")? {
        return Ok(Withdrawn::Sent);
    }
    // What depends on it waited for it, so it was never sent either.
    let rows = sqlx::query(
        "with recursive gone (id) as (
             select $1 union select d.child from outbox_dep d join gone on d.parent = gone.id
         )
         delete from outbox where id in (select id from gone) and first_sent_at is null returning id",
    )
    .bind(blob(&command))
    .fetch_all(&mut **write)
    .await?;
    let gone: Vec<Uuid> = rows.iter().map(|row| id(row, "id")).collect::<Result<_, _>>()?;
    Ok(Withdrawn::Removed { also: gone.into_iter().filter(|id| *id != command).collect() })
}

/// True when this id is in the outbox already.
pub(crate) async fn is_known(connection: &mut SqliteConnection, command: Uuid) -> Result<bool, StoreError> {
    let found: i64 = sqlx::query_scalar("select count(*) from outbox where id = $1")
        .bind(blob(&command))
        .fetch_one(connection)
        .await?;
    Ok(found > 0)
}

/// Adds the fields to the last patch of the lane, when that was never sent and was made on the same revision: with another
/// one central could not tell which fields the person saw changed.
async fn merge(write: &mut Guard, account: Uuid, command: &NewCommand) -> Result<Option<Enqueued>, StoreError> {
    let last = sqlx::query(
        "select id, kind, v, base_rev, payload, first_sent_at is null as fresh from outbox o
         where account = $1 and lane = $2 and state <> 'done'
           and not exists (select 1 from outbox v where v.account = o.account and v.target = o.id and v.state <> 'done')
         order by position desc limit 1",
    )
    .bind(blob(&account))
    .bind(&command.lane)
    .fetch_optional(&mut **write)
    .await?;
    let Some(last) = last else { return Ok(None) };
    let fits = last.try_get::<bool, _>("fresh")?
        && last.try_get::<&str, _>("kind")? == command.kind
        && last.try_get::<u32, _>("v")? == command.v
        && last.try_get::<Option<i64>, _>("base_rev")? == command.base_rev;
    let mut payload: Value = json(last.try_get("payload")?, "payload")?;
    let (Some(into), Some(fields)) = (
        payload.get_mut("fields").and_then(Value::as_object_mut),
        command.payload.get("fields").and_then(Value::as_object),
    ) else {
        return Ok(None);
    };
    if !fits {
        return Ok(None);
    }
    into.extend(fields.iter().map(|(field, value)| (field.clone(), value.clone())));
    let older = id(&last, "id")?;
    sqlx::query("update outbox set payload = $2, clock = $3 where id = $1")
        .bind(blob(&older))
        .bind(payload.to_string())
        .bind(command.clock.to_string())
        .execute(&mut **write)
        .await?;
    insert_dependencies(write, older, &command.depends_on).await?;
    Ok(Some(Enqueued::Merged { into: older }))
}

/// Puts a later answer to the same item of a test in the place of the one before that was never sent: only the last one
/// counts, and it was given when it was given. One that can show its time is not given up for one that cannot: arriving
/// late, only the first would count.
async fn replace_answer(
    write: &mut Guard,
    account: Uuid,
    command: &NewCommand,
) -> Result<Option<Enqueued>, StoreError> {
    let Some(item) = command.payload.get("item").and_then(Value::as_str) else { return Ok(None) };
    let older = sqlx::query(
        "update outbox set payload = $6, clock = $7, created_at = $8
         where id = (
                 select id from outbox a
                 where account = $1 and lane = $2 and kind = $3 and v = $4 and state <> 'done' and first_sent_at is null
                   and json_extract(payload, '$.item') = $5
                   and not exists (select 1 from outbox o where o.account = $1 and o.target = a.id and o.state <> 'done')
                 order by position desc limit 1
             )
           and ($9 or json_extract(clock, '$.anchor_server_ms') is null)
         returning id",
    )
    .bind(blob(&account))
    .bind(&command.lane)
    .bind(kind::TEST_ANSWER)
    .bind(command.v)
    .bind(item)
    .bind(command.payload.to_string())
    .bind(command.clock.to_string())
    .bind(command.created_at)
    .bind(command.clock.get("anchor_server_ms").is_some_and(Value::is_number))
    .fetch_optional(&mut **write)
    .await?;
    older.map(|row| Ok(Enqueued::Merged { into: id(&row, "id")? })).transpose()
}

/// Removes the request that this cancels, when it was never sent and nothing else depends on it.
async fn annihilate(write: &mut Guard, account: Uuid, command: &NewCommand) -> Result<Option<Enqueued>, StoreError> {
    let Some(enrolment) = payload_id(&command.payload, "enrolment") else { return Ok(None) };
    let gone = sqlx::query(
        "delete from outbox where account = $1 and kind = $2 and state <> 'done' and first_sent_at is null
           and json_extract(payload, '$.enrolment') = $3
           and not exists (select 1 from outbox_dep d where d.parent = outbox.id)
         returning id",
    )
    .bind(blob(&account))
    .bind(kind::ENROLMENT_REQUEST)
    .bind(enrolment.to_string())
    .fetch_optional(&mut **write)
    .await?;
    gone.map(|row| Ok(Enqueued::Annihilated { with: id(&row, "id")? })).transpose()
}

/// Puts a command at the end of the outbox.
pub(crate) async fn insert(write: &mut Guard, account: Uuid, command: &NewCommand) -> Result<(), StoreError> {
    let target = if command.kind == kind::VOID { payload_id(&command.payload, "target") } else { None };
    sqlx::query(
        "insert into outbox (id, account, lane, position, kind, v, base_rev, payload, clock, label, target, state, created_at)
         values ($1, $2, $3, (select coalesce(max(position), 0) + 1 from outbox where account = $2),
                 $4, $5, $6, $7, $8, $9, $10, 'queued', $11)",
    )
    .bind(blob(&command.id))
    .bind(blob(&account))
    .bind(&command.lane)
    .bind(&command.kind)
    .bind(command.v)
    .bind(command.base_rev)
    .bind(command.payload.to_string())
    .bind(command.clock.to_string())
    .bind(&command.label)
    .bind(target.as_ref().map(blob))
    .bind(command.created_at)
    .execute(&mut **write)
    .await?;
    insert_dependencies(write, command.id, &command.depends_on).await
}

async fn insert_dependencies(write: &mut Guard, child: Uuid, parents: &[Uuid]) -> Result<(), StoreError> {
    if parents.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "insert or ignore into outbox_dep (child, parent)
         select $1, unhex(value, '-') from json_each($2) where unhex(value, '-') <> $1",
    )
    .bind(blob(&child))
    .bind(id_list(parents))
    .execute(&mut **write)
    .await?;
    Ok(())
}
