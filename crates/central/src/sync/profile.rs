//! `profile.patch`: personal data, merged field by field.
//!
//! A field conflicts when it was changed after the revision that the person saw (`base_rev`), to another value, by
//! another device. A device's own earlier change is no conflict: its commands come in order, so the person who typed
//! the second value had typed the first one on the same computer, whether or not the feed has told it the new revision.

use std::collections::BTreeMap;

use prakerja_domain::calendar::jakarta_day;
use prakerja_domain::profile::{Fields, Intake, ProfileField};
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::{ProfilePatch, ProfileRecord};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::Connection;
use super::carry::Context;
use super::error::SyncError;
use super::feed::{self, NewChange};
use super::outcome::{Outcome, problem};
use super::records::Records;
use super::seal::{Place, Sealer};
use crate::db::Id;
use crate::registration::case::Case;
use crate::registration::identity;

/// What is stored for one field; the row of a cleared field stays, because its revision still counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct StoredField {
    value: Option<String>,
    rev: i64,
    device: Uuid,
}

/// Personal data as stored, sealed as a whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Stored {
    fields: BTreeMap<ProfileField, StoredField>,
}

/// What a patch does to stored data.
#[derive(Debug, PartialEq)]
enum Merge {
    /// These fields change.
    Change(BTreeMap<ProfileField, Option<String>>),
    /// Everything has these values already.
    Nothing,
    /// These fields were changed by others meanwhile; central's values.
    Conflict(BTreeMap<ProfileField, Option<String>>),
}

/// Carries out a patch.
pub(super) async fn patch(
    cx: &mut Context<'_>,
    patch: ProfilePatch,
    base_rev: Option<i64>,
) -> Result<Outcome, SyncError> {
    if patch.fields.is_empty() {
        return Ok(Outcome::rejected(ProblemCode::Malformed, "the patch names no field"));
    }
    let person = cx.person;
    // As everywhere else: the rules under which the person began hold, not those that came into force since.
    let case = Case::load(&mut Records::of_command(cx), person).await?;
    let scheme = case.scheme(cx.central);
    let registered = case.record.facts.freezes_identity();
    let intake = Intake { today: jakarta_day(cx.received_at), scheme: &scheme, registered };
    let mut wanted = BTreeMap::new();
    let mut wrong = Vec::new();
    for (field, typed) in &patch.fields {
        match typed.as_deref().map(|text| field.parse(text, &intake)).transpose() {
            Ok(value) => {
                wanted.insert(*field, value);
            }
            Err(error) => wrong.push(error),
        }
    }
    if !wrong.is_empty() {
        return Ok(Outcome::refused(problem(ProblemCode::Validation, "fields are wrong").with_fields(wrong)));
    }
    let (rev, mut stored) = load(cx.tx, cx.sealer, person).await?;
    match merge(&stored, wanted, (base_rev, rev), cx.device) {
        Merge::Nothing => Ok(Outcome::applied(Some(rev), None)),
        Merge::Conflict(current) => {
            let current = current.into_iter().map(|(field, value)| (field.as_str().to_owned(), value.into()));
            Ok(Outcome::conflict(rev, Value::Object(current.collect())))
        }
        Merge::Change(changes) => {
            let frozen = identity::frozen(&mut Records::of_command(cx), person, changes.keys().copied()).await?;
            if !frozen.is_empty() {
                return Ok(Outcome::refused(problem(ProblemCode::Validation, "fields are frozen").with_fields(frozen)));
            }
            let rev = rev + 1;
            let phone = changes.contains_key(&ProfileField::Phone);
            for (field, value) in changes {
                stored.fields.insert(field, StoredField { value, rev, device: cx.device });
            }
            let seq = save(cx, rev, &stored).await?;
            identity::profile_changed(&mut Records::of_command(cx), person, phone).await?;
            Ok(Outcome::applied(Some(rev), Some(seq)))
        }
    }
}

/// `rev` is the revision that is stored. A `base_rev` beyond it was seen in a time that a restore undid: it proves nothing.
fn merge(
    stored: &Stored,
    wanted: BTreeMap<ProfileField, Option<String>>,
    (base_rev, rev): (Option<i64>, i64),
    device: Uuid,
) -> Merge {
    let base_rev = base_rev.filter(|base| *base <= rev).unwrap_or(0);
    let mut conflicts = BTreeMap::new();
    let mut changes = BTreeMap::new();
    for (field, value) in wanted {
        let present = stored.fields.get(&field);
        if present.and_then(|p| p.value.as_ref()) == value.as_ref() {
            continue;
        }
        match present {
            Some(p) if p.rev > base_rev && p.device != device => {
                conflicts.insert(field, p.value.clone());
            }
            _ => {
                changes.insert(field, value);
            }
        }
    }
    match (conflicts.is_empty(), changes.is_empty()) {
        (false, _) => Merge::Conflict(conflicts),
        (true, true) => Merge::Nothing,
        (true, false) => Merge::Change(changes),
    }
}

/// Present values of a person's fields.
pub(super) async fn fields(tx: &mut Connection, sealer: &Sealer, person: Uuid) -> Result<Fields, SyncError> {
    let (_, stored) = load(tx, sealer, person).await?;
    Ok(stored.fields.into_iter().filter_map(|(field, s)| s.value.map(|value| (field, value))).collect())
}

async fn load(tx: &mut Connection, sealer: &Sealer, person: Uuid) -> Result<(i64, Stored), SyncError> {
    let row: Option<(i64, Vec<u8>)> = sqlx::query_as("select rev, content from profile where person_id = $1")
        .bind(Id(person))
        .fetch_optional(&mut *tx)
        .await?;
    match row {
        None => Ok((0, Stored::default())),
        Some((rev, sealed)) => Ok((rev, sealer.open(place(person), &sealed)?)),
    }
}

async fn save(cx: &mut Context<'_>, rev: i64, stored: &Stored) -> Result<i64, SyncError> {
    let sealed = cx.sealer.seal(place(cx.person), stored)?;
    sqlx::query(
        "insert into profile (person_id, rev, content) values ($1, $2, $3)
         on conflict (person_id) do update set rev = excluded.rev, content = excluded.content",
    )
    .bind(Id(cx.person))
    .bind(rev)
    .bind(sealed)
    .execute(&mut *cx.tx)
    .await?;
    let fields = stored.fields.iter().filter_map(|(field, s)| s.value.clone().map(|value| (*field, value)));
    let record = ProfileRecord { fields: fields.collect() };
    // One profile per person: the record's id is the person's.
    let change = NewChange {
        person: cx.person,
        kind: "profile",
        id: cx.person,
        rev,
        data: &record,
        by: Some(cx.command),
        at: cx.received_at,
    };
    feed::put(cx.tx, cx.sealer, change).await
}

fn place(person: Uuid) -> Place<'static> {
    Place { person, kind: "table/profile", id: person }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProfileField::{FullName, KtpAddress, Phone};

    const HERE: Uuid = Uuid::from_u128(1);
    const THERE: Uuid = Uuid::from_u128(2);

    fn stored(fields: &[(ProfileField, Option<&str>, i64, Uuid)]) -> Stored {
        let fields = fields.iter().map(|(field, value, rev, device)| {
            (*field, StoredField { value: value.map(str::to_owned), rev: *rev, device: *device })
        });
        Stored { fields: fields.collect() }
    }

    fn values(fields: &[(ProfileField, Option<&str>)]) -> BTreeMap<ProfileField, Option<String>> {
        fields.iter().map(|(field, value)| (*field, value.map(str::to_owned))).collect()
    }

    #[test]
    fn fields_merge_or_conflict() {
        let sari = stored(&[
            (FullName, Some("Sari"), 1, THERE),
            (Phone, Some("+62811"), 3, THERE),
            (KtpAddress, None, 4, HERE),
        ]);
        type Case<'a> = (&'a str, &'a [(ProfileField, Option<&'a str>)], i64, Merge);
        let cases: [Case<'_>; 10] = [
            (
                "seen and changed",
                &[(FullName, Some("Sari W"))],
                1,
                Merge::Change(values(&[(FullName, Some("Sari W"))])),
            ),
            (
                "not seen, other field",
                &[(KtpAddress, Some("Batam"))],
                0,
                Merge::Change(values(&[(KtpAddress, Some("Batam"))])),
            ),
            (
                "not seen, same field",
                &[(Phone, Some("+62899"))],
                2,
                Merge::Conflict(values(&[(Phone, Some("+62811"))])),
            ),
            ("not seen, same value", &[(Phone, Some("+62811"))], 0, Merge::Nothing),
            ("seen and cleared", &[(Phone, None)], 3, Merge::Change(values(&[(Phone, None)]))),
            ("not seen and cleared", &[(Phone, None)], 2, Merge::Conflict(values(&[(Phone, Some("+62811"))]))),
            (
                "own earlier change",
                &[(KtpAddress, Some("Bintan"))],
                0,
                Merge::Change(values(&[(KtpAddress, Some("Bintan"))])),
            ),
            (
                "one conflict holds all back",
                &[(FullName, Some("Ani")), (KtpAddress, Some("Bintan"))],
                0,
                Merge::Conflict(values(&[(FullName, Some("Sari"))])),
            ),
            ("absent and cleared", &[(ProfileField::Nik, None)], 0, Merge::Nothing),
            (
                "seen in a time that was lost",
                &[(FullName, Some("Ani"))],
                5,
                Merge::Conflict(values(&[(FullName, Some("Sari"))])),
            ),
        ];
        for (name, wanted, base, expected) in cases {
            assert_eq!(merge(&sari, values(wanted), (Some(base), 4), HERE), expected, "{name}");
        }
    }
}
