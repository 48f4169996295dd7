//! Every change of a membership's state (state machine 3.5 of the programme). Each asks the domain's table first; the clock
//! and the office come through here alike.

use prakerja_domain::membership::{MembershipState, later_by_ms};
use prakerja_protocol::application::{MembershipRecord, NoticeKind, Suspension, Withdrawn};
use prakerja_protocol::problem::{Problem, ProblemCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::balance::{self, Movement};
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::registration::notice;
use crate::state::Central;
use crate::sync::{Change, Place, Records, SyncError};

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

/// The change is not allowed where the membership stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotFromHere;

/// A membership as it is kept.
#[derive(Debug)]
pub(super) struct Kept {
    person: Uuid,
    id: Uuid,
    rev: i64,
    record: MembershipRecord,
}

impl Kept {
    /// Opens a row.
    pub(super) fn open(
        records: &Records<'_>,
        (person, id): (Uuid, Uuid),
        rev: i64,
        sealed: &[u8],
    ) -> Result<Self, SyncError> {
        Ok(Self { person, id, rev, record: records.open(place(person, id), sealed)? })
    }

    /// The membership of a person that counts: the one that lives, else the newest.
    async fn of(records: &mut Records<'_>, person: Uuid) -> Result<Option<Self>, SyncError> {
        let rows: Vec<(Id, i64, Vec<u8>)> =
            sqlx::query_as("select id, rev, content from membership where person_id = $1")
                .bind(Id(person))
                .fetch_all(&mut *records.tx)
                .await?;
        let open = |(id, rev, sealed): (Id, i64, Vec<u8>)| Self::open(records, (person, id.0), rev, &sealed);
        let all = rows.into_iter().map(open).collect::<Result<Vec<_>, _>>()?;
        Ok(all.into_iter().max_by_key(|it| (it.record.state.is_live(), it.record.appointed_at)))
    }

    /// Changes it and tells the person; `note` are the office's words. Refused, nothing changes.
    pub(super) async fn change(
        &mut self,
        records: &mut Records<'_>,
        change: MembershipChange,
        note: Option<String>,
    ) -> Result<Result<(), NotFromHere>, SyncError> {
        let before = self.record.clone();
        let way = match change {
            // Who buys has used the balance, whether or not the introduction was watched.
            MembershipChange::FirstPurchase if before.state.awaits_first_purchase() => {
                vec![MembershipState::Active, MembershipState::Learning]
            }
            MembershipChange::FirstPurchase => vec![MembershipState::Learning],
            MembershipChange::Suspend => vec![MembershipState::Suspended],
            MembershipChange::Resume => match before.suspended {
                Some(suspension) => vec![suspension.from],
                None => return Ok(Err(NotFromHere)),
            },
            MembershipChange::Revoke => vec![MembershipState::Revoked],
        };
        // Only a resumption leads out of a check, and the office may end it for ever.
        let held = before.state == MembershipState::Suspended;
        if held && !matches!(change, MembershipChange::Resume | MembershipChange::Revoke) {
            return Ok(Err(NotFromHere));
        }
        for next in way {
            // Already where a step of the way leads.
            if next == self.record.state && next == MembershipState::Active {
                continue;
            }
            if !self.record.state.may_become(next) {
                self.record = before;
                return Ok(Err(NotFromHere));
            }
            self.record.state = next;
        }
        let what = match change {
            MembershipChange::FirstPurchase => NoticeKind::FirstPurchaseRecorded,
            MembershipChange::Suspend => {
                self.record.suspended = Some(Suspension { from: before.state, at: records.at });
                NoticeKind::MembershipSuspended
            }
            MembershipChange::Resume => {
                if let Some(suspension) = self.record.suspended.take() {
                    let paused = records.at.saturating_sub(suspension.at);
                    if suspension.from.awaits_first_purchase() {
                        self.record.first_purchase_until = later_by_ms(self.record.first_purchase_until, paused);
                    }
                    self.record.balance_use_until =
                        self.record.balance_use_until.map(|until| later_by_ms(until, paused));
                }
                NoticeKind::MembershipResumed
            }
            MembershipChange::Revoke => {
                balance::enter(records, (self.person, self.id), Movement::Revoked, -self.record.balance_idr).await?;
                (self.record.balance_idr, self.record.suspended) = (0, None);
                NoticeKind::MembershipRevoked
            }
        };
        self.save(records).await?;
        let wave = [("wave", i64::from(self.record.wave))];
        notice::tell(records, self.person, what, &wave, note).await?;
        Ok(Ok(()))
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
            "update membership set state = $1, rev = $2, first_purchase_until = $3, balance_until = $4, content = $5
             where person_id = $6 and id = $7",
        )
        .bind(word(self.record.state))
        .bind(self.rev)
        .bind(self.record.first_purchase_until)
        .bind(balance_until(&self.record))
        .bind(records.seal(place(self.person, self.id), &self.record)?)
        .bind(Id(self.person))
        .bind(Id(self.id))
        .execute(&mut *records.tx)
        .await?;
        records.put(self.person, (KIND, self.id, self.rev), &self.record).await?;
        Ok(())
    }
}

/// Changes the membership of a person on behalf of the office.
///
/// # Errors
/// `not-found` without a membership, `step-refused` where it may not change like this, or any error of the database.
pub async fn change_membership(
    central: &Central,
    person: Uuid,
    change: MembershipChange,
    note: Option<String>,
) -> ApiResult<()> {
    let mut work = Change::begin(central).await?;
    let records = &mut work.records(person);
    let mut kept = Kept::of(records, person).await?.ok_or_else(ApiError::not_found)?;
    if kept.change(records, change, note).await?.is_err() {
        let state = word(kept.record.state);
        return Err(
            Problem::new(ProblemCode::StepRefused, 409, format!("not allowed: the membership is {state}")).into()
        );
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
    kept.record.state = state;
    kept.save(records).await?;
    work.commit().await
}

/// Until when the balance may be used, as the database keeps it: nothing to withdraw has no end.
pub(super) fn balance_until(record: &MembershipRecord) -> Option<i64> {
    record.balance_use_until.filter(|_| record.balance_idr > 0)
}

/// The state as the database keeps it.
pub(super) fn word(state: MembershipState) -> String {
    serde_json::to_value(state).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

pub(super) fn place(person: Uuid, id: Uuid) -> Place<'static> {
    Place { person, kind: "table/membership", id }
}
