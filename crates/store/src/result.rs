//! Final answers: a command is done by an answer that names it, and by nothing else.

use std::time::Duration;

use serde_json::Value;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::ids::{blob, id};
use crate::outbox::{COLUMNS, FROM, read};
use crate::transaction::Guard;
use crate::{OutboxRow, Store, StoreError, kind};

/// How long finished commands, their payloads and receipts are kept, for replay after central was restored.
const KEPT: Duration = Duration::from_secs(90 * 24 * 3600);

/// A final answer.
#[derive(Debug, Clone, PartialEq)]
pub struct CommandOutcome {
    /// The command that it names.
    pub command: Uuid,
    /// Status word: `applied`, `waitlisted`, `rejected`, `conflict`, `voided`.
    pub status: String,
    /// New revision of the record that it changed; with `conflict`, the revision of central's present values.
    pub rev: Option<i64>,
    /// Its place in the person's feed.
    pub seq: Option<i64>,
    /// When the request entered central.
    pub received_at: Option<i64>,
    /// The signed receipt.
    pub receipt: Option<String>,
    /// The number to read out.
    pub number: Option<String>,
    /// Why not.
    pub problem: Option<Value>,
    /// Central's present values, with `conflict`.
    pub current: Option<Value>,
}

impl Store {
    /// Stores final answers. A repeated answer (a replay) renews the receipt. When a restore of central made the answer
    /// worse, the person is told of the new one, and the receipt of the better one stays: it is the proof. An applied
    /// `command.void` finishes its target as `voided`. Gives the commands that are done by this call.
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here.
    pub async fn record_results(
        &self,
        account: Uuid,
        outcomes: &[CommandOutcome],
        now: i64,
    ) -> Result<Vec<Uuid>, StoreError> {
        self.with_reserve(|| self.record_results_once(account, outcomes, now)).await
    }

    async fn record_results_once(
        &self,
        account: Uuid,
        outcomes: &[CommandOutcome],
        now: i64,
    ) -> Result<Vec<Uuid>, StoreError> {
        let mut write = self.write().await?;
        let mut finished = Vec::new();
        for outcome in outcomes {
            record(&mut write, account, outcome, now, &mut finished).await?;
        }
        write.commit().await?;
        Ok(finished)
    }

    /// Finished commands that central may have lost by a restore: those that had an effect, with a receipt and a sequence
    /// after `after_seq`, in the order of central. They are pushed again with the same id and bytes. What was refused had
    /// no effect, and the person may have decided otherwise since.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn replayable_receipts(&self, account: Uuid, after_seq: i64) -> Result<Vec<OutboxRow>, StoreError> {
        let sql = format!(
            "select {COLUMNS} {FROM} where o.account = $1 and o.state = 'done' and r.text is not null and r.seq > $2
               and r.status in ('applied', 'waitlisted')
             order by r.seq"
        );
        let query = sqlx::query(AssertSqlSafe(sql)).bind(blob(&account)).bind(after_seq);
        query.fetch_all(self.readers()).await?.iter().map(read).collect()
    }

    /// The revision that a command's final answer named; with `conflict` that of central's values, which may be newer than
    /// the record here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn answered_rev(&self, account: Uuid, command: Uuid) -> Result<Option<i64>, StoreError> {
        let query = sqlx::query_scalar("select rev from outbox where account = $1 and id = $2");
        let rev: Option<Option<i64>> =
            query.bind(blob(&account)).bind(blob(&command)).fetch_optional(self.readers()).await?;
        Ok(rev.flatten())
    }

    /// Forgets commands that were finished more than 90 days ago, unless a refusal or conflict was not taken note of.
    /// What central received less than 90 days ago stays although this computer's clock says otherwise. Gives how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn prune(&self, now: i64) -> Result<u64, StoreError> {
        let before = now.saturating_sub(i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX));
        let mut write = self.write().await?;
        let done = sqlx::query(
            "delete from outbox where state = 'done' and done_at < $1
               and (acknowledged_at is not null or status not in ('rejected', 'conflict'))
               and not exists (select 1 from receipt r where r.command = outbox.id and r.received_at >= $1)",
        )
        .bind(before)
        .execute(&mut *write)
        .await?;
        write.commit().await?;
        Ok(done.rows_affected())
    }
}

async fn record(
    write: &mut Guard,
    account: Uuid,
    outcome: &CommandOutcome,
    now: i64,
    finished: &mut Vec<Uuid>,
) -> Result<(), StoreError> {
    let row = sqlx::query(
        "select kind, lane, position, base_rev, target, state, r.status as attested
         from outbox left join receipt r on r.command = id and r.text is not null
         where outbox.account = $1 and id = $2",
    )
    .bind(blob(&account))
    .bind(blob(&outcome.command))
    .fetch_optional(&mut **write)
    .await?;
    // An answer to a command that is not (or no longer) here: nothing to finish.
    let Some(row) = row else { return Ok(()) };
    let was_done = row.try_get::<&str, _>("state")? == "done";
    let worse = row.try_get::<Option<&str>, _>("attested")?.is_some_and(|held| worth(&outcome.status) < worth(held));
    sqlx::query(
        "update outbox set state = 'done', status = $3, result = $4, last_problem = $5, rev = $7, last_class = null,
                first_sent_at = coalesce(first_sent_at, $6), done_at = coalesce(done_at, $6),
                acknowledged_at = case when status = $3 then acknowledged_at end
         where account = $1 and id = $2",
    )
    .bind(blob(&account))
    .bind(blob(&outcome.command))
    .bind(&outcome.status)
    .bind(outcome.current.as_ref().map(Value::to_string))
    .bind(outcome.problem.as_ref().map(Value::to_string))
    .bind(now)
    .bind(outcome.rev)
    .execute(&mut **write)
    .await?;
    if let Some(received_at) = outcome.received_at.filter(|_| !worse) {
        sqlx::query(
            "insert into receipt (command, account, seq, received_at, status, text, number)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (command) do update set seq = coalesce(excluded.seq, seq), received_at = excluded.received_at,
                 status = excluded.status, text = coalesce(excluded.text, text), number = coalesce(excluded.number, number)",
        )
        .bind(blob(&outcome.command))
        .bind(blob(&account))
        .bind(outcome.seq)
        .bind(received_at)
        .bind(&outcome.status)
        .bind(&outcome.receipt)
        .bind(&outcome.number)
        .execute(&mut **write)
        .await?;
    }
    if was_done {
        return Ok(());
    }
    finished.push(outcome.command);
    let kind: &str = row.try_get("kind")?;
    if kind == kind::VOID && outcome.status == "applied" {
        finish_target(write, account, crate::ids::maybe_id(&row, "target")?, now, finished).await?;
    }
    if kind == kind::PROFILE_PATCH && outcome.status == "applied" {
        let base: Option<i64> = row.try_get("base_rev")?;
        let lane: &str = row.try_get("lane")?;
        rebase(write, account, lane, row.try_get("position")?, base, outcome.rev).await?;
    }
    Ok(())
}

/// What a status word is worth to the person.
fn worth(status: &str) -> u8 {
    match status {
        "applied" => 2,
        "waitlisted" => 1,
        _ => 0,
    }
}

async fn finish_target(
    write: &mut Guard,
    account: Uuid,
    target: Option<Uuid>,
    now: i64,
    finished: &mut Vec<Uuid>,
) -> Result<(), StoreError> {
    let rows = sqlx::query(
        "update outbox set state = 'done', status = 'voided', done_at = $3
         where account = $1 and id = $2 and state <> 'done' returning id",
    )
    .bind(blob(&account))
    .bind(target.as_ref().map(blob))
    .bind(now)
    .fetch_all(&mut **write)
    .await?;
    for row in &rows {
        finished.push(id(row, "id")?);
    }
    Ok(())
}

/// The patches behind an applied one were made on the revision before it. When nobody else wrote in between (the revision
/// grew by one), they are of the new revision; otherwise central would report our own change as a conflict.
async fn rebase(
    write: &mut Guard,
    account: Uuid,
    lane: &str,
    position: i64,
    base: Option<i64>,
    rev: Option<i64>,
) -> Result<(), StoreError> {
    let Some(rev) = rev.filter(|rev| *rev == base.unwrap_or(0) + 1) else { return Ok(()) };
    sqlx::query(
        "update outbox set base_rev = $5
         where account = $1 and lane = $2 and position > $3 and base_rev is $4 and kind = 'profile.patch'
           and state <> 'done' and first_sent_at is null",
    )
    .bind(blob(&account))
    .bind(lane)
    .bind(position)
    .bind(base)
    .bind(rev)
    .execute(&mut **write)
    .await?;
    Ok(())
}
