//! Every change of a membership's state (state machine 3.5 of the programme). Each asks the domain's table first; the clock
//! and the office come through here alike.

use prakerja_domain::membership::{MembershipState, later_by_ms};
use prakerja_protocol::application::{MembershipRecord, NoticeKind, Suspension, Withdrawn};
use prakerja_protocol::problem::{Problem, ProblemCode};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::balance::{self, Movement};
use crate::clock::ms;
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::registration::{case, notice};
use crate::state::Central;
use crate::sync::{Change, Place, Records, SyncError};
use crate::word::word;

/// The record's kind in the feed.
pub(super) const KIND: &str = "membership";

/// What is done to a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum MembershipChange {
    /// The first training was bought, at a platform that told the office: the deadline is met.
    FirstPurchase,
    /// It is held for a check; the clocks of the first purchase and of the balance stand still.
    Suspend,
    /// The check is over: back to where it stood.
    Resume,
    /// It is taken back. Final.
    Revoke,
}

impl MembershipChange {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::FirstPurchase, Self::Suspend, Self::Resume, Self::Revoke];
}

/// Why a membership was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotAllowed {
    /// Not from where it stands.
    #[error("not from here")]
    State,
    /// A purchase of tomorrow.
    #[error("a purchase is not in the future")]
    Future,
    /// A purchase without a balance.
    #[error("it was bought before the appointment")]
    TooEarly,
    /// The deadline had passed.
    #[error("it was bought after the deadline")]
    TooLate,
    /// The clock revoked it too long ago.
    #[error("the report comes too late to undo the revocation")]
    Final,
}

/// A row of `membership`.
#[derive(Debug, FromRow)]
pub(super) struct Row {
    person_id: Id,
    id: Id,
    rev: i64,
    lapsed_at: Option<i64>,
    lapsed_idr: Option<i64>,
    content: Vec<u8>,
}

impl Row {
    pub(super) fn person(&self) -> Uuid {
        self.person_id.0
    }

    /// Its place among all memberships, for whoever reads page by page.
    pub(super) fn key(&self) -> (Id, Id) {
        (self.person_id, self.id)
    }
}

/// Before every membership.
pub(super) const FIRST: (Id, Id) = (Id(Uuid::nil()), Id(Uuid::nil()));

/// What the clock took when the first purchase was missed.
#[derive(Debug, Clone, Copy)]
struct Lapsed {
    at: i64,
    balance_idr: i64,
}

/// A membership as it is kept.
#[derive(Debug)]
pub(super) struct Kept {
    person: Uuid,
    id: Uuid,
    rev: i64,
    lapsed: Option<Lapsed>,
    record: MembershipRecord,
}

impl Kept {
    /// Opens a row.
    pub(super) fn open(records: &Records<'_>, row: Row) -> Result<Self, SyncError> {
        let lapsed = row.lapsed_at.zip(row.lapsed_idr).map(|(at, balance_idr)| Lapsed { at, balance_idr });
        let record = records.open(place(row.person(), row.id.0), &row.content)?;
        Ok(Self { person: row.person(), id: row.id.0, rev: row.rev, lapsed, record })
    }

    /// Opens a row that the clock has come to. One that cannot be opened holds up nobody else: it is logged with its case, so
    /// that the office can mend it.
    pub(super) async fn open_or_name(records: &mut Records<'_>, row: Row) -> Result<Option<Self>, SyncError> {
        let person = row.person();
        match Self::open(records, row) {
            Ok(kept) => Ok(Some(kept)),
            Err(error) => {
                name(records, person, error).await?;
                Ok(None)
            }
        }
    }

    /// The membership of a person that counts: the one that lives, else the newest.
    async fn of(records: &mut Records<'_>, person: Uuid) -> Result<Option<Self>, SyncError> {
        let rows: Vec<Row> = sqlx::query_as(
            "select person_id, id, rev, lapsed_at, lapsed_idr, content from membership where person_id = $1",
        )
        .bind(Id(person))
        .fetch_all(&mut *records.tx)
        .await?;
        let all = rows.into_iter().map(|row| Self::open(records, row)).collect::<Result<Vec<_>, _>>()?;
        Ok(all.into_iter().max_by_key(|it| (it.record.state.is_live(), it.record.appointed_at)))
    }

    /// Changes it and tells the person; `bought_at` is when the first training was bought (now, where the office does not
    /// say), `note` are the office's words. Refused, nothing changes.
    async fn change(
        &mut self,
        records: &mut Records<'_>,
        (change, bought_at): (MembershipChange, Option<i64>),
        note: Option<String>,
    ) -> Result<Result<(), NotAllowed>, SyncError> {
        let (lapsed, before) = (self.lapsed.is_some(), self.record.balance_idr);
        if change == MembershipChange::FirstPurchase
            && let Err(why) = self.bought(bought_at, (records.at, ms(records.central.config.memberships.undo_s)))
        {
            return Ok(Err(why));
        }
        let had = self.record.balance_idr;
        let what = match self.step(change, records.at) {
            Ok(what) => what,
            Err(why) => return Ok(Err(why)),
        };
        let membership = (self.person, self.id);
        // The purchase undid a revocation by the clock.
        if lapsed && self.lapsed.is_none() {
            balance::enter(records, membership, Movement::Restored, had - before).await?;
        }
        if change == MembershipChange::Revoke {
            balance::enter(records, membership, Movement::Revoked, -had).await?;
        }
        self.save(records).await?;
        let wave = [("wave", i64::from(self.record.wave))];
        notice::tell(records, self.person, what, &wave, note).await?;
        Ok(Ok(()))
    }

    /// Revokes it, since the first purchase was missed as far as anybody said. The notice names the deadline: that tells the
    /// clock's revocation from one by the office.
    ///
    /// False where the record does not stand where its row does: it is logged with its case.
    pub(super) async fn lapse(mut self, records: &mut Records<'_>) -> Result<bool, SyncError> {
        let lapsed = Lapsed { at: records.at, balance_idr: self.record.balance_idr };
        let what = match self.step(MembershipChange::Revoke, records.at) {
            Ok(what) => what,
            Err(why) => {
                name(records, self.person, why).await?;
                return Ok(false);
            }
        };
        self.lapsed = Some(lapsed);
        balance::enter(records, (self.person, self.id), Movement::Lapsed, -lapsed.balance_idr).await?;
        self.save(records).await?;
        let until = self.record.first_purchase_until;
        let numbers = [("wave", i64::from(self.record.wave)), ("first_purchase_until", until)];
        notice::tell(records, self.person, what, &numbers, None).await?;
        Ok(true)
    }

    /// Whether a purchase counts as the first one in time. A revocation for want of its report is undone.
    fn bought(&mut self, bought_at: Option<i64>, (now, undo_ms): (i64, i64)) -> Result<(), NotAllowed> {
        let lapsed = match self.record.state {
            // What was revoked needs the time: "now" is always too late.
            MembershipState::Revoked => Some(self.lapsed.filter(|_| bought_at.is_some()).ok_or(NotAllowed::State)?),
            state if state.awaits_first_purchase() => None,
            _ => return Ok(()),
        };
        let at = bought_at.unwrap_or(now);
        if at > now {
            return Err(NotAllowed::Future);
        }
        if at < self.record.appointed_at {
            return Err(NotAllowed::TooEarly);
        }
        if at > self.record.first_purchase_until {
            return Err(NotAllowed::TooLate);
        }
        if let Some(lapsed) = lapsed {
            if now > lapsed.at.saturating_add(undo_ms) {
                return Err(NotAllowed::Final);
            }
            let undone = self.record.state.not_missed().ok_or(NotAllowed::State)?;
            (self.record.state, self.record.balance_idr) = (undone, lapsed.balance_idr);
            self.lapsed = None;
        }
        Ok(())
    }

    /// Takes the steps of a change by the domain's table. Says what the person is told.
    fn step(&mut self, change: MembershipChange, now: i64) -> Result<NoticeKind, NotAllowed> {
        let before = self.record.clone();
        let way = match change {
            // Who buys has used the balance, whether or not the introduction was watched.
            MembershipChange::FirstPurchase if before.state.awaits_first_purchase() => {
                vec![MembershipState::Active, MembershipState::Learning]
            }
            MembershipChange::FirstPurchase => vec![MembershipState::Learning],
            MembershipChange::Suspend => vec![MembershipState::Suspended],
            MembershipChange::Resume => vec![before.suspended.ok_or(NotAllowed::State)?.from],
            MembershipChange::Revoke => vec![MembershipState::Revoked],
        };
        // Only a resumption leads out of a check, and the office may end it for ever.
        let held = before.state == MembershipState::Suspended;
        if held && !matches!(change, MembershipChange::Resume | MembershipChange::Revoke) {
            return Err(NotAllowed::State);
        }
        for next in way {
            // Already where a step of the way leads.
            if next == self.record.state && next == MembershipState::Active {
                continue;
            }
            if !self.record.state.may_become(next) {
                self.record = before;
                return Err(NotAllowed::State);
            }
            self.record.state = next;
        }
        Ok(match change {
            MembershipChange::FirstPurchase => NoticeKind::FirstPurchaseRecorded,
            MembershipChange::Suspend => {
                self.record.suspended = Some(Suspension { from: before.state, at: now });
                NoticeKind::MembershipSuspended
            }
            MembershipChange::Resume => {
                if let Some(suspension) = self.record.suspended.take() {
                    let paused = now.saturating_sub(suspension.at);
                    if suspension.from.awaits_first_purchase() {
                        self.record.first_purchase_until = later_by_ms(self.record.first_purchase_until, paused);
                    }
                    self.record.balance_use_until =
                        self.record.balance_use_until.map(|until| later_by_ms(until, paused));
                }
                NoticeKind::MembershipResumed
            }
            MembershipChange::Revoke => {
                (self.record.balance_idr, self.record.suspended) = (0, None);
                NoticeKind::MembershipRevoked
            }
        })
    }

    /// Withdraws what is left of the balance, whose last day is over, and tells the person.
    pub(super) async fn withdraw(&mut self, records: &mut Records<'_>) -> Result<(), SyncError> {
        let amount_idr = self.record.balance_idr;
        balance::enter(records, (self.person, self.id), Movement::Unused, -amount_idr).await?;
        self.record.balance_idr = 0;
        self.record.withdrawn = Some(Withdrawn { at: records.at, amount_idr });
        // Who is still learning learns on.
        if self.record.state.may_become(MembershipState::BalanceForfeited) {
            self.record.state = MembershipState::BalanceForfeited;
        }
        self.save(records).await?;
        let numbers = [("wave", i64::from(self.record.wave)), ("amount_idr", amount_idr)];
        notice::tell(records, self.person, NoticeKind::BalanceWithdrawn, &numbers, None).await?;
        Ok(())
    }

    async fn save(&mut self, records: &mut Records<'_>) -> Result<(), SyncError> {
        self.rev += 1;
        sqlx::query(
            "update membership set state = $1, rev = $2, first_purchase_until = $3, balance_until = $4, lapsed_at = $5,
                    lapsed_idr = $6, content = $7
             where person_id = $8 and id = $9",
        )
        .bind(word(self.record.state))
        .bind(self.rev)
        .bind(self.record.first_purchase_until)
        .bind(balance_until(&self.record))
        .bind(self.lapsed.map(|lapsed| lapsed.at))
        .bind(self.lapsed.map(|lapsed| lapsed.balance_idr))
        .bind(records.seal(place(self.person, self.id), &self.record)?)
        .bind(Id(self.person))
        .bind(Id(self.id))
        .execute(&mut *records.tx)
        .await?;
        records.put(self.person, (KIND, self.id, self.rev), &self.record).await?;
        Ok(())
    }
}

/// Logs what is wrong with the membership of a person, by the number of the case.
async fn name(records: &mut Records<'_>, person: Uuid, error: impl std::fmt::Display + Send) -> Result<(), SyncError> {
    let case = case::number_of(records.tx, person).await?;
    tracing::error!(case, %error, "a membership is passed over by the clock");
    Ok(())
}

/// Changes the membership of a person on behalf of the office. With `bought_at` a first purchase counts by that time: in
/// time, it also undoes a revocation by the clock.
///
/// # Errors
/// `not-found` without a membership, `step-refused` where it may not change like this, or any error of the database.
pub async fn change_membership(
    central: &Central,
    person: Uuid,
    (change, bought_at): (MembershipChange, Option<i64>),
    note: Option<String>,
) -> ApiResult<()> {
    let mut work = Change::begin(central).await?;
    let records = &mut work.records(person);
    let mut kept = Kept::of(records, person).await?.ok_or_else(ApiError::not_found)?;
    if let Err(why) = kept.change(records, (change, bought_at), note).await? {
        let title = format!("not allowed: the membership is {}, {why}", word(kept.record.state));
        return Err(Problem::new(ProblemCode::StepRefused, 409, title).into());
    }
    work.commit().await
}

/// Puts the membership of a person into a state, for tests of what each state allows. In builds for development and tests
/// only.
///
/// # Errors
/// `not-found`, or any error of the database.
#[cfg(debug_assertions)]
pub async fn force_membership(central: &Central, person: Uuid, state: MembershipState) -> ApiResult<()> {
    let mut work = Change::begin(central).await?;
    let records = &mut work.records(person);
    let mut kept = Kept::of(records, person).await?.ok_or_else(ApiError::not_found)?;
    let held = state == MembershipState::Suspended;
    kept.record.suspended = held.then_some(Suspension { from: MembershipState::Appointed, at: records.at });
    (kept.record.state, kept.lapsed) = (state, None);
    kept.save(records).await?;
    work.commit().await
}

/// Until when the balance may be used, as the database keeps it: nothing to withdraw has no end.
pub(super) fn balance_until(record: &MembershipRecord) -> Option<i64> {
    record.balance_use_until.filter(|_| record.balance_idr > 0)
}

pub(super) fn place(person: Uuid, id: Uuid) -> Place<'static> {
    Place { person, kind: "table/membership", id }
}
