//! The ledger of the balances: what was credited and what went back to the state. Each entry is written with the record that
//! shows it, in one transaction, and the database keeps a second one of its kind out.
//!
//! What trainings cost is not in here: they are bought at the platforms, which hold the money.

use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::standing::{FIRST, Kept, Row};
use crate::db::Id;
use crate::error::ApiResult;
use crate::failpoint;
use crate::state::Central;
use crate::sync::{Change, Records, SyncError};

/// Memberships in one transaction.
const PAGE: i64 = 100;

/// A movement of a balance.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct Entry {
    /// `credited` with the appointment, `lapsed` with a revocation by the clock, `restored` when that one is undone, `revoked`
    /// with one by the office, `unused` after the last day to use it.
    pub kind: String,
    /// Whole rupiah; less than nothing for what went back to the state.
    pub amount_idr: i64,
    /// When, Unix milliseconds.
    pub at: i64,
}

/// Why a balance moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Movement {
    Credited,
    Lapsed,
    Restored,
    Revoked,
    Unused,
}

impl Movement {
    fn word(self) -> &'static str {
        match self {
            Self::Credited => "credited",
            Self::Lapsed => "lapsed",
            Self::Restored => "restored",
            Self::Revoked => "revoked",
            Self::Unused => "unused",
        }
    }
}

/// Writes a movement; one of nothing is none.
pub(super) async fn enter(
    records: &mut Records<'_>,
    (person, membership): (Uuid, Uuid),
    movement: Movement,
    amount_idr: i64,
) -> Result<(), SyncError> {
    if amount_idr == 0 {
        return Ok(());
    }
    sqlx::query("insert into balance_entry (person_id, membership, kind, amount_idr, at) values ($1, $2, $3, $4, $5)")
        .bind(Id(person))
        .bind(Id(membership))
        .bind(movement.word())
        .bind(amount_idr)
        .bind(records.at)
        .execute(&mut *records.tx)
        .await?;
    Ok(())
}

/// The movements of a person's balances, oldest first.
///
/// # Errors
/// Any error of the database.
pub async fn ledger(tx: &mut sqlx::SqliteConnection, person: Uuid) -> Result<Vec<Entry>, sqlx::Error> {
    sqlx::query_as("select kind, amount_idr, at from balance_entry where person_id = $1 order by at, kind")
        .bind(Id(person))
        .fetch_all(tx)
        .await
}

/// Memberships whose last day to use the balance is over. Whoever is held for a check keeps it meanwhile, and whoever has
/// bought nothing is revoked first.
const LEFT: &str = "
    select person_id, id, rev, lapsed_at, lapsed_idr, content from membership
    where balance_until < $1 and state in ('learning', 'completed', 'balance_forfeited', 'finished')
    and (person_id, id) > ($2, $3) order by person_id, id limit $4";

/// Withdraws what is left of balances whose last day is over, and tells their people. One that cannot be read is passed over
/// and logged.
///
/// # Errors
/// Any error of the database; what was withdrawn before stays.
pub async fn withdraw_unused(central: &Central) -> ApiResult<u64> {
    let (mut withdrawn, mut after) = (0, FIRST);
    loop {
        let now = central.clock.now_ms();
        let left = |(person, id): (Id, Id), limit: i64| {
            sqlx::query_as::<_, Row>(LEFT).bind(now).bind(person).bind(id).bind(limit)
        };
        // Looked for without the writing connection: mostly there is nobody.
        if left(after, 1).fetch_optional(central.db.read()).await?.is_none() {
            return Ok(withdrawn);
        }
        let mut change = Change::begin(central).await?;
        for row in left(after, PAGE).fetch_all(&mut **change.tx()).await? {
            after = row.key();
            let records = &mut change.records(row.person());
            if let Some(mut kept) = Kept::open_or_name(records, row).await? {
                kept.withdraw(records).await?;
                withdrawn += 1;
            }
        }
        failpoint::hit("balance.page_written");
        change.commit().await?;
        failpoint::hit("balance.page_committed");
    }
}
