//! The rows of the outbox and the questions that may be asked about them.

use serde_json::Value;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::ids::{blob, id, json, maybe_id};
use crate::{Store, StoreError};

/// Where a command stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutboxState {
    /// Waits for its turn.
    Queued,
    /// On its way; after a restart it is [`OutboxState::Queued`] again.
    Sending,
    /// Central waits for another command first; it is tried again.
    Blocked,
    /// Waits until something else changes (sign-in, newer app): [`Store::release`].
    Held,
    /// Needs the person: stops its own lane only.
    Parked,
    /// Central answered for good.
    Done,
}

impl OutboxState {
    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Blocked => "blocked",
            Self::Held => "held",
            Self::Parked => "parked",
            Self::Done => "done",
        }
    }

    fn read(word: &str) -> Result<Self, StoreError> {
        [Self::Queued, Self::Sending, Self::Blocked, Self::Held, Self::Parked, Self::Done]
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or(StoreError::Unreadable { what: "state" })
    }
}

/// A command with all that became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxRow {
    /// Id and idempotency key.
    pub id: Uuid,
    /// The account that made it; it is never sent with another one's session.
    pub account: Uuid,
    /// Its lane.
    pub lane: String,
    /// Order among the account's commands.
    pub position: i64,
    /// Kind.
    pub kind: String,
    /// Version of the payload.
    pub v: u32,
    /// Revision of the record that the person saw.
    pub base_rev: Option<i64>,
    /// Commands that must be done before.
    pub depends_on: Vec<Uuid>,
    /// Content.
    pub payload: Value,
    /// What the device knew of time.
    pub clock: Value,
    /// Words for the list, never sent.
    pub label: Option<String>,
    /// Where it stands.
    pub state: OutboxState,
    /// How many times it was put on the wire.
    pub attempts: u32,
    /// How many failures count for the back-off.
    pub failures: u32,
    /// When central asked to have it again, by this computer's clock; 0 when it named no time.
    pub next_at: i64,
    /// Class of the last failure.
    pub last_class: Option<String>,
    /// Problem of the last failure, or of the final answer.
    pub last_problem: Option<Value>,
    /// When it was put on the wire first; from then on its bytes are frozen.
    pub first_sent_at: Option<i64>,
    /// Central's token that it had no room for it at some time: sent along, it may count as received then.
    pub turned_away: Option<String>,
    /// When it was made.
    pub created_at: i64,
    /// Final status word (`applied`, `rejected`, ...).
    pub status: Option<String>,
    /// Central's present values, with `conflict`.
    pub current: Option<Value>,
    /// When the final answer was stored.
    pub done_at: Option<i64>,
    /// When the person took note of a refusal or conflict.
    pub acknowledged_at: Option<i64>,
    /// Central's receipt.
    pub receipt: Option<Receipt>,
}

/// Central's word that it has a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Place in the person's feed.
    pub seq: Option<i64>,
    /// When the request entered central.
    pub received_at: i64,
    /// Status word.
    pub status: String,
    /// The signed text.
    pub text: Option<String>,
    /// The number to read out.
    pub number: Option<String>,
}

/// How many commands stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutboxCounts {
    /// Waiting for their turn.
    pub queued: u32,
    /// On their way.
    pub sending: u32,
    /// Central waits for another one first.
    pub blocked: u32,
    /// Waiting until something else changes.
    pub held: u32,
    /// Needing the person.
    pub parked: u32,
    /// Done, and neither refused nor taken back.
    pub received: u32,
    /// Refused or in conflict, and the person has not taken note yet.
    pub refused: u32,
}

impl OutboxCounts {
    /// Everything that central has not answered for good.
    pub fn waiting(&self) -> u32 {
        self.queued + self.sending + self.blocked + self.held + self.parked
    }
}

/// Columns of [`OutboxRow`]; the alias of `outbox` is `o`, of `receipt` `r`.
pub(crate) const COLUMNS: &str = "o.id, o.account, o.lane, o.position, o.kind, o.v, o.base_rev, o.payload, o.clock, \
     o.label, o.state, o.attempts, o.failures, o.next_at, o.last_class, o.last_problem, o.first_sent_at, o.turned_away, \
     o.created_at, o.status, o.result, o.done_at, o.acknowledged_at, r.seq as receipt_seq, r.received_at as receipt_at, \
     r.status as receipt_status, r.text as receipt_text, r.number as receipt_number, \
     (select json_group_array(hex(d.parent)) from outbox_dep d where d.child = o.id) as parents";

/// Where [`COLUMNS`] come from.
pub(crate) const FROM: &str = "from outbox o left join receipt r on r.command = o.id";

pub(crate) fn read(row: &SqliteRow) -> Result<OutboxRow, StoreError> {
    let parents: Vec<String> = json(row.try_get("parents")?, "parents")?;
    let depends_on: Result<Vec<Uuid>, _> = parents.iter().map(|text| Uuid::parse_str(text)).collect();
    let value = |column: &'static str| -> Result<Option<Value>, StoreError> {
        row.try_get::<Option<&str>, _>(column)?.map(|text| json(text, column)).transpose()
    };
    let receipt_at: Option<i64> = row.try_get("receipt_at")?;
    let receipt = match receipt_at {
        None => None,
        Some(received_at) => Some(Receipt {
            seq: row.try_get("receipt_seq")?,
            received_at,
            status: row.try_get("receipt_status")?,
            text: row.try_get("receipt_text")?,
            number: row.try_get("receipt_number")?,
        }),
    };
    Ok(OutboxRow {
        id: id(row, "id")?,
        account: id(row, "account")?,
        lane: row.try_get("lane")?,
        position: row.try_get("position")?,
        kind: row.try_get("kind")?,
        v: row.try_get("v")?,
        base_rev: row.try_get("base_rev")?,
        depends_on: depends_on.map_err(|_| StoreError::Unreadable { what: "parents" })?,
        payload: json(row.try_get("payload")?, "payload")?,
        clock: json(row.try_get("clock")?, "clock")?,
        label: row.try_get("label")?,
        state: OutboxState::read(row.try_get("state")?)?,
        attempts: row.try_get("attempts")?,
        failures: row.try_get("failures")?,
        next_at: row.try_get("next_at")?,
        last_class: row.try_get("last_class")?,
        last_problem: value("last_problem")?,
        first_sent_at: row.try_get("first_sent_at")?,
        turned_away: row.try_get("turned_away")?,
        created_at: row.try_get("created_at")?,
        status: row.try_get("status")?,
        current: value("result")?,
        done_at: row.try_get("done_at")?,
        acknowledged_at: row.try_get("acknowledged_at")?,
        receipt,
    })
}

impl Store {
    /// One command of an account.
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here.
    pub async fn command(&self, account: Uuid, command: Uuid) -> Result<Option<OutboxRow>, StoreError> {
        let sql = format!("select {COLUMNS} {FROM} where o.account = $1 and o.id = $2");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(blob(&account))
            .bind(blob(&command))
            .fetch_optional(self.readers())
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// Everything that central has not answered for good, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn waiting(&self, account: Uuid) -> Result<Vec<OutboxRow>, StoreError> {
        let sql = format!("select {COLUMNS} {FROM} where o.account = $1 and o.state <> 'done' order by o.position");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(blob(&account)).fetch_all(self.readers()).await?;
        rows.iter().map(read).collect()
    }

    /// What central answered for good, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn finished(&self, account: Uuid, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        let sql = format!(
            "select {COLUMNS} {FROM} where o.account = $1 and o.state = 'done'
             order by o.done_at desc, o.position desc limit $2"
        );
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(blob(&account)).bind(limit);
        query.fetch_all(self.readers()).await?.iter().map(read).collect()
    }

    /// Everything refused or in conflict that the person has not taken note of, oldest first: what
    /// [`OutboxCounts::refused`] counts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn refusals(&self, account: Uuid) -> Result<Vec<OutboxRow>, StoreError> {
        let sql = format!(
            "select {COLUMNS} {FROM} where o.account = $1 and o.state = 'done' and o.acknowledged_at is null
             and o.status in ('rejected', 'conflict') order by o.done_at, o.position"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(blob(&account)).fetch_all(self.readers()).await?;
        rows.iter().map(read).collect()
    }

    /// How many commands stand where.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn counts(&self, account: Uuid) -> Result<OutboxCounts, StoreError> {
        let rows = sqlx::query(
            "select state, coalesce(status in ('rejected', 'conflict'), 0) as refused,
                    acknowledged_at is not null as noted, count(*) as n
             from outbox where account = $1 and coalesce(status, '') <> 'voided' group by 1, 2, 3",
        )
        .bind(blob(&account))
        .fetch_all(self.readers())
        .await?;
        let mut counts = OutboxCounts::default();
        for row in &rows {
            let n: u32 = row.try_get("n")?;
            let (refused, noted): (bool, bool) = (row.try_get("refused")?, row.try_get("noted")?);
            let into = match OutboxState::read(row.try_get("state")?)? {
                OutboxState::Queued => &mut counts.queued,
                OutboxState::Sending => &mut counts.sending,
                OutboxState::Blocked => &mut counts.blocked,
                OutboxState::Held => &mut counts.held,
                OutboxState::Parked => &mut counts.parked,
                OutboxState::Done if refused && noted => continue,
                OutboxState::Done if refused => &mut counts.refused,
                OutboxState::Done => &mut counts.received,
            };
            *into += n;
        }
        Ok(counts)
    }

    /// The command that a waiting `command.void` takes back, for each such void: (void, target).
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn voiding(&self, account: Uuid) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
        let rows = sqlx::query(
            "select id, target from outbox where account = $1 and state <> 'done' and target is not null order by position",
        )
        .bind(blob(&account))
        .fetch_all(self.readers())
        .await?;
        rows.iter().map(|row| Ok((id(row, "id")?, maybe_id(row, "target")?.unwrap_or_default()))).collect()
    }

    /// The person took note of a refusal or a conflict: it no longer asks for attention.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn acknowledge(&self, account: Uuid, command: Uuid, now: i64) -> Result<bool, StoreError> {
        let mut write = self.write().await?;
        let done = sqlx::query(
            "update outbox set acknowledged_at = $3
             where account = $1 and id = $2 and state = 'done' and acknowledged_at is null",
        )
        .bind(blob(&account))
        .bind(blob(&command))
        .bind(now)
        .execute(&mut *write)
        .await?;
        write.commit().await?;
        Ok(done.rows_affected() > 0)
    }
}
