//! Memberships: the appointment of whoever was accepted, and the end for whoever missed the first purchase.

use prakerja_domain::membership::{MembershipState, balance_use_until_ms, first_purchase_until_ms};
use prakerja_domain::scheme::Scheme;
use prakerja_protocol::application::{MembershipRecord, NoticeKind};
use rand::Rng as _;
use uuid::Uuid;

use super::application::Application;
use super::balance::{self, Movement};
use super::standing::{FIRST, KIND, Kept, Row, balance_until, place};
use crate::clock::ms;
use crate::db::Id;
use crate::error::ApiResult;
use crate::registration::{blind, notice};
use crate::state::Central;
use crate::sync::{Change, Records, SyncError};
use crate::word::word;

/// Digits of the number of a card.
const DIGITS: usize = 16;
/// Memberships in one transaction.
const PAGE: i64 = 100;

/// What an appointment is made by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Appointment<'a> {
    pub(super) wave: u32,
    pub(super) scheme: &'a Scheme,
    pub(super) decree: &'a str,
    /// When the results were published, Unix milliseconds.
    pub(super) at: i64,
}

/// Makes an accepted applicant a participant: number, balance, deadline, and an entry among the recipients for ever.
pub(super) async fn appoint(
    records: &mut Records<'_>,
    application: &Application,
    by: Appointment<'_>,
) -> Result<(), SyncError> {
    let (person, id) = (application.person(), Uuid::now_v7());
    let rules = &by.scheme.membership;
    let first_purchase_until = first_purchase_until_ms(by.at, rules.first_purchase_days);
    let mut record = MembershipRecord {
        state: MembershipState::Appointed,
        prakerja_number: String::new(),
        balance_idr: by.scheme.money.training_aid_idr,
        scheme: by.scheme.version.clone(),
        wave: by.wave,
        decree: by.decree.to_owned(),
        appointed_at: by.at,
        first_purchase_until,
        reminder_days: rules.reminder_days.clone(),
        balance_use_until: rules.balance_use_until.map(|day| balance_use_until_ms(by.at, first_purchase_until, day)),
        withdrawn: None,
        suspended: None,
    };
    // Two of 9 * 10^15 numbers are hardly ever the same; the database makes sure.
    loop {
        record.prakerja_number = new_number();
        let index = blind::card(records.central, &record.prakerja_number);
        let taken: Option<(i64,)> = sqlx::query_as("select 1 from membership where number_index = $1")
            .bind(&index)
            .fetch_optional(&mut *records.tx)
            .await?;
        if taken.is_some() {
            continue;
        }
        sqlx::query(
            "insert into membership
                 (person_id, id, wave, rev, state, number_index, first_purchase_until, balance_until, content)
             values ($1, $2, $3, 1, $4, $5, $6, $7, $8)",
        )
        .bind(Id(person))
        .bind(Id(id))
        .bind(i64::from(by.wave))
        .bind(word(record.state))
        .bind(index)
        .bind(record.first_purchase_until)
        .bind(balance_until(&record))
        .bind(records.seal(place(person, id), &record)?)
        .execute(&mut *records.tx)
        .await?;
        break;
    }
    sqlx::query(
        "insert into recipient (nik_index, kk_index, person_id, wave, appointed_at) values ($1, $2, $3, $4, $5)",
    )
    .bind(&application.nik_index)
    .bind(&application.kk_index)
    .bind(Id(person))
    .bind(i64::from(by.wave))
    .bind(by.at)
    .execute(&mut *records.tx)
    .await?;
    balance::enter(records, (person, id), Movement::Credited, record.balance_idr).await?;
    records.put(person, (KIND, id, 1), &record).await?;
    let amount = [("amount_idr", record.balance_idr), ("wave", i64::from(by.wave))];
    notice::tell(records, person, NoticeKind::BalanceCredited, &amount, None).await?;
    Ok(())
}

/// Memberships whose first purchase was missed.
const OVERDUE: &str = "
    select person_id, id, rev, lapsed_at, lapsed_idr, content from membership
    where state in ('appointed', 'onboarding', 'active') and first_purchase_until < $1 and (person_id, id) > ($2, $3)
    order by person_id, id limit $4";

/// Revokes memberships whose first purchase was missed, once the reports of platforms had their time. Their people stay
/// among the recipients: never eligible again. One that cannot be read is passed over and logged.
///
/// # Errors
/// Any error of the database; what was revoked before stays.
pub async fn revoke_overdue(central: &Central) -> ApiResult<u64> {
    let settling = ms(central.config.memberships.settling_s);
    let (mut revoked, mut after) = (0, FIRST);
    loop {
        let missed = central.clock.now_ms().saturating_sub(settling);
        let overdue = |(person, id): (Id, Id), limit: i64| {
            sqlx::query_as::<_, Row>(OVERDUE).bind(missed).bind(person).bind(id).bind(limit)
        };
        // Looked for without the writing connection: mostly there is nobody.
        if overdue(after, 1).fetch_optional(central.db.read()).await?.is_none() {
            return Ok(revoked);
        }
        let mut change = Change::begin(central).await?;
        for row in overdue(after, PAGE).fetch_all(&mut **change.tx()).await? {
            after = row.key();
            let records = &mut change.records(row.person());
            if let Some(kept) = Kept::open_or_name(records, row).await? {
                revoked += u64::from(kept.lapse(records).await?);
            }
        }
        change.commit().await?;
    }
}

/// 16 digits from the system's randomness, the first of them not 0.
fn new_number() -> String {
    let mut rng = rand::rngs::OsRng;
    let first = char::from(b'1' + rng.gen_range(0..9_u8));
    std::iter::once(first).chain((1..DIGITS).map(|_| char::from(b'0' + rng.gen_range(0..10_u8)))).collect()
}
