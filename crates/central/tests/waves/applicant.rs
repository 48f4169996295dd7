//! Invented people whose registration is complete, and what they do with waves.

use prakerja_central::db::Id;
use prakerja_central::registration::forced;
use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::{Facts, TestProgress};
use prakerja_domain::scheme::{ConsentMoment, SCHEME_2023, Scheme};
use prakerja_protocol::application::{ApplicationRecord, MembershipRecord, NoticeKind, NoticeRecord, WaveJoin};
use prakerja_protocol::registration::ConsentGiven;
use prakerja_protocol::sync::{Change, Command, CommandEnvelope, CommandResult, CommandStatus};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::started::*;

/// The demo's open wave.
pub(crate) const OPEN: u32 = 73;
/// The demo's wave that has closed.
pub(crate) const CLOSED: u32 = 72;
/// The demo's announced wave.
pub(crate) const ANNOUNCED: u32 = 74;

/// Everything done, the test passed.
pub(crate) fn complete() -> Facts {
    Facts::complete(TestProgress::Passed)
}

/// Some village of a province.
pub(crate) fn village(province: &str) -> String {
    let first = |code: &str| prakerja_regions::children(Some(code)).first().unwrap().code.to_owned();
    first(&first(&first(province)))
}

/// The number of a person's phone; everybody has another.
pub(crate) fn phone_of(person: &Person) -> String {
    format!("+62812{:08}", person.id.as_u128() % 100_000_000)
}

/// Somebody with facts, an address in a province, and blind indexes as the civil registry's match leaves them.
pub(crate) async fn person_with(
    central: &Started,
    facts: Facts,
    province: &str,
    (nik_index, kk_index): (&[u8], &[u8]),
) -> Person {
    let person = central.person().await;
    let (village, phone) = (village(province), phone_of(&person));
    let fields = [(ProfileField::KtpRegion, Some(village.as_str())), (ProfileField::Phone, Some(phone.as_str()))];
    let wrote = person.push(&patch(None, &fields)).await;
    assert_eq!(wrote.status, CommandStatus::Applied, "{wrote:?}");
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query(
        "insert into identity_claim (person_id, nik_index, kk_index, asked_by, state)
         values ($1, $2, $3, $4, 'matched')",
    )
    .bind(Id(person.id))
    .bind(nik_index)
    .bind(kk_index)
    .bind(Vec::new())
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    forced::facts(&central.central, person.id, facts).await.unwrap();
    person
}

/// Somebody who may join a wave, alone with the family card.
pub(crate) async fn applicant(central: &Started) -> Person {
    let (nik, kk) = (Uuid::new_v4(), Uuid::new_v4());
    person_with(central, complete(), "21", (nik.as_bytes(), kk.as_bytes())).await
}

/// The agreement of the scheme of 2023, whole.
pub(crate) fn agreement() -> Vec<ConsentGiven> {
    let scheme = Scheme::read(SCHEME_2023).unwrap();
    let wanted = scheme.consents.into_iter().filter(|consent| consent.at == ConsentMoment::Join);
    wanted.map(|consent| ConsentGiven { id: consent.id, version: consent.version, given_at: NOW }).collect()
}

pub(crate) fn join(wave: u32) -> CommandEnvelope {
    join_as(wave, Uuid::now_v7(), agreement())
}

pub(crate) fn join_as(wave: u32, application: Uuid, consents: Vec<ConsentGiven>) -> CommandEnvelope {
    command(&Command::WaveJoin(WaveJoin { application, wave, consents, answers: Vec::new() }), &format!("apply:{wave}"))
}

/// Joins, and it is applied.
pub(crate) async fn joined(person: &Person, wave: u32) -> CommandResult {
    let result = person.push(&join(wave)).await;
    assert_eq!(result.status, CommandStatus::Applied, "{result:?}");
    result
}

/// All live records of a person.
pub(crate) async fn records(person: &Person) -> Vec<Change> {
    let mut records = Vec::new();
    let mut page = person.snapshot(&[]).await;
    loop {
        records.append(&mut page.records);
        match page.next {
            None => return records,
            Some(next) => page = person.snapshot(&[("page", &next)]).await,
        }
    }
}

/// The records of a kind.
pub(crate) async fn of_kind<T: DeserializeOwned>(person: &Person, kind: &str) -> Vec<T> {
    let records = records(person).await.into_iter().filter(|record| record.kind == kind);
    records.map(|record| serde_json::from_value(record.data.unwrap()).unwrap()).collect()
}

pub(crate) async fn application(person: &Person) -> ApplicationRecord {
    of_kind(person, "application").await.remove(0)
}

pub(crate) async fn memberships(person: &Person) -> Vec<MembershipRecord> {
    of_kind(person, "membership").await
}

/// What a person was told, oldest first, without the registration's own.
pub(crate) async fn told(person: &Person) -> Vec<NoticeKind> {
    let mut notices: Vec<(i64, NoticeRecord)> = Vec::new();
    for record in records(person).await.into_iter().filter(|record| record.kind == "notice") {
        notices.push((record.seq, serde_json::from_value(record.data.unwrap()).unwrap()));
    }
    notices.sort_by_key(|(seq, _)| *seq);
    notices.into_iter().map(|(_, notice)| notice.what).collect()
}

/// Number of the case of a person.
pub(crate) async fn case_number(person: &Person) -> String {
    let mut cases: Vec<prakerja_protocol::registration::RegistrationRecord> = of_kind(person, "registration").await;
    cases.remove(0).case_number
}
