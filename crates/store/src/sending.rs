//! The way of a command to central: which one is next, frozen and marked, put back, held, parked, released.

use serde_json::Value;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::ids::{blob, id_list};
use crate::outbox::{COLUMNS, FROM, read};
use crate::{OutboxRow, Store, StoreError};

/// `o` may be sent (`$1` account): the first of its lane, nothing of the lane on its way, all that it depends on done, and
/// not being taken back. A command that is being taken back does not stand before the others: its void, which is in the same
/// lane, must get past it. When it is sent is not decided here: `next_at` is only shown.
const SENDABLE: &str = "o.account = $1 and o.state in ('queued', 'blocked')
    and not exists (select 1 from outbox v where v.account = o.account and v.target = o.id and v.state <> 'done')
    and not exists (select 1 from outbox e where e.account = o.account and e.lane = o.lane and e.state <> 'done'
        and (e.state = 'sending' or (e.position < o.position and not exists (
            select 1 from outbox v where v.account = e.account and v.target = e.id and v.state <> 'done'))))
    and not exists (select 1 from outbox_dep d join outbox p on p.id = d.parent
        where d.child = o.id and p.state <> 'done')";

impl Store {
    /// At start: what was on its way when the program ended is queued again (same id, same bytes). Gives how many.
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here.
    pub async fn recover(&self) -> Result<u64, StoreError> {
        let mut write = self.write().await?;
        let done =
            sqlx::query("update outbox set state = 'queued' where state = 'sending'").execute(&mut *write).await?;
        write.commit().await?;
        Ok(done.rows_affected())
    }

    /// Freezes commands and marks them as on their way. Gives the bytes to send, oldest first: what was planned may have
    /// changed since, by a merge. A command that may not be sent is left out, so at most one of each lane is on its way.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn mark_sending(&self, account: Uuid, commands: &[Uuid], now: i64) -> Result<Vec<OutboxRow>, StoreError> {
        self.with_reserve(|| self.mark_sending_once(account, commands, now)).await
    }

    async fn mark_sending_once(
        &self,
        account: Uuid,
        commands: &[Uuid],
        now: i64,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let ids = id_list(commands);
        let mut write = self.write().await?;
        // One statement sees the state before it: two commands of one lane cannot both be first.
        let sql = format!(
            "update outbox set state = 'sending', attempts = attempts + 1, first_sent_at = coalesce(first_sent_at, $2)
             where id in (select o.id from outbox o where {SENDABLE}
                and o.id in (select unhex(value, '-') from json_each($3)))
             returning id"
        );
        let marked = sqlx::query(AssertSqlSafe(sql)).bind(blob(&account)).bind(now).bind(&ids);
        let marked = marked.fetch_all(&mut *write).await?;
        let marked: Vec<Uuid> = marked.iter().map(|row| crate::ids::id(row, "id")).collect::<Result<_, _>>()?;
        let sql = format!(
            "select {COLUMNS} {FROM} where o.account = $1 and o.id in (select unhex(value, '-') from json_each($2))
             order by o.position"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(blob(&account)).bind(id_list(&marked));
        let rows = rows.fetch_all(&mut *write).await?.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        write.commit().await?;
        Ok(rows)
    }

    /// Central had no room for these commands and gave a token for each. The first one of a command is kept: no later one
    /// can say of an earlier time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn turned_away(&self, account: Uuid, tokens: &[(Uuid, String)]) -> Result<(), StoreError> {
        self.with_reserve(|| async {
            let mut write = self.write().await?;
            for (command, token) in tokens {
                sqlx::query(
                    "update outbox set turned_away = $3
                     where account = $1 and id = $2 and turned_away is null and state <> 'done'",
                )
                .bind(blob(&account))
                .bind(blob(command))
                .bind(token)
                .execute(&mut *write)
                .await?;
            }
            write.commit().await
        })
        .await
    }

    /// Not processed: queued again. `next_at` is when central asked to have it again, 0 when it named no time. `counts` tells
    /// whether the failure counts for the back-off.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_back(
        &self,
        account: Uuid,
        commands: &[Uuid],
        class: &str,
        problem: Option<&Value>,
        next_at: i64,
        counts: bool,
    ) -> Result<u64, StoreError> {
        self.with_reserve(|| self.set_aside(account, commands, "queued", class, problem, next_at, counts)).await
    }

    /// Central waits for another command first; `next_at` as of [`Store::put_back`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn block(
        &self,
        account: Uuid,
        commands: &[Uuid],
        class: &str,
        problem: Option<&Value>,
        next_at: i64,
    ) -> Result<u64, StoreError> {
        self.with_reserve(|| self.set_aside(account, commands, "blocked", class, problem, next_at, false)).await
    }

    /// Waits until something else changes and [`Store::release`] is called.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hold(
        &self,
        account: Uuid,
        commands: &[Uuid],
        class: &str,
        problem: Option<&Value>,
    ) -> Result<u64, StoreError> {
        self.with_reserve(|| self.set_aside(account, commands, "held", class, problem, 0, false)).await
    }

    /// Needs the person; its lane stops, the others go on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn park(
        &self,
        account: Uuid,
        commands: &[Uuid],
        class: &str,
        problem: Option<&Value>,
    ) -> Result<u64, StoreError> {
        self.with_reserve(|| self.set_aside(account, commands, "parked", class, problem, 0, false)).await
    }

    /// The person asks to try again: queues what was held or parked, due at once; only those of `class` when given. Gives how
    /// many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn release(&self, account: Uuid, class: Option<&str>) -> Result<u64, StoreError> {
        let mut write = self.write().await?;
        let done = sqlx::query(
            "update outbox set state = 'queued', next_at = 0
             where account = $1 and state in ('held', 'parked') and ($2 is null or last_class = $2)",
        )
        .bind(blob(&account))
        .bind(class)
        .execute(&mut *write)
        .await?;
        write.commit().await?;
        Ok(done.rows_affected())
    }

    #[expect(clippy::too_many_arguments, reason = "private; the public verbs name them")]
    async fn set_aside(
        &self,
        account: Uuid,
        commands: &[Uuid],
        state: &str,
        class: &str,
        problem: Option<&Value>,
        next_at: i64,
        counts: bool,
    ) -> Result<u64, StoreError> {
        let mut write = self.write().await?;
        let done = sqlx::query(
            "update outbox set state = $3, last_class = $4, last_problem = $5, next_at = $6, failures = failures + $7
             where account = $1 and state <> 'done' and id in (select unhex(value, '-') from json_each($2))",
        )
        .bind(blob(&account))
        .bind(id_list(commands))
        .bind(state)
        .bind(class)
        .bind(problem.map(Value::to_string))
        .bind(next_at)
        .bind(counts)
        .execute(&mut *write)
        .await?;
        write.commit().await?;
        Ok(done.rows_affected())
    }
}
