//! `declarations.submit`: the applicant's answers and consents, kept as long as the account, with the device's and with
//! central's time.
//!
//! What the personal data says against a person (a student) stands beside the answers as long as it says so.

use std::collections::BTreeMap;

use prakerja_domain::declaration;
use prakerja_domain::eligibility::Reason;
use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::profile::{self, Fields};
use prakerja_domain::registration::{DeclarationsOutcome, Step};
use prakerja_domain::scheme::{ConsentMoment, Scheme};
use prakerja_protocol::application::NoticeKind;
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::registration::{DeclarationsStatus, DeclarationsSubmit};
use uuid::Uuid;

use super::case::Case;
use super::{Saved, Settled, notice};
use crate::db::Id;
use crate::sync::{Place, Records, SyncError};

/// Carries out `declarations.submit`.
pub(crate) async fn submit(records: &mut Records<'_>, person: Uuid, given: &DeclarationsSubmit) -> Settled {
    let mut case = Case::load(records, person).await?;
    let scheme = case.scheme(records.central);
    if let Err(problem) = case.allows(Step::Declare, &scheme) {
        return Ok(Err(problem));
    }
    if given.scheme != scheme.version {
        return Ok(Err(wrong(vec![FieldError::new("scheme", FieldErrorCode::UnknownOption)])));
    }
    let asked = || scheme.consents_at(ConsentMoment::Declarations);
    let unknown = given.consents.iter().find(|consent| asked().all(|known| known.id != consent.id));
    if unknown.is_some() || given.consents.len() > asked().count() {
        return Ok(Err(wrong(vec![FieldError::new("consents", FieldErrorCode::UnknownOption)])));
    }
    let consents: BTreeMap<String, String> =
        given.consents.iter().map(|consent| (consent.id.clone(), consent.version.clone())).collect();
    let mut reasons = match declaration::check(&scheme, &given.answers, &consents) {
        Ok(reasons) => reasons,
        Err(fields) => return Ok(Err(wrong(fields))),
    };
    let of_profile = profile::exclusion(&records.profile(person).await?);
    reasons.extend(of_profile.filter(|reason| !reasons.contains(reason)));
    let excluded = !reasons.is_empty();
    keep(records, person, given).await?;
    case.record.facts.declarations =
        Some(if excluded { DeclarationsOutcome::Excluded } else { DeclarationsOutcome::Clear });
    case.record.declarations = Some(DeclarationsStatus { received_at: records.at, reasons });
    let saved = case.save(records).await?;
    notice::tell(records, person, NoticeKind::DeclarationsReceived, &[], None).await?;
    if excluded {
        notice::tell(records, person, NoticeKind::Ineligible, &[], None).await?;
    }
    Ok(Ok(Saved::from(saved)))
}

/// Lets the reasons of a case follow the personal data. True when the person is excluded from now on.
pub(super) async fn follow(records: &mut Records<'_>, case: &mut Case, typed: &Fields) -> Result<bool, SyncError> {
    let before = case.record.declarations.clone();
    let mut reasons = before.as_ref().map(|status| status.reasons.clone()).unwrap_or_default();
    let known = reasons.contains(&Reason::NotTargetGroup);
    match profile::exclusion(typed) {
        Some(reason) if !reasons.contains(&reason) => reasons.push(reason),
        // Unless a declaration of an operator's scheme has the same reason: what was declared stays.
        None if known && !declares(&case.scheme(records.central), Reason::NotTargetGroup) => {
            reasons.retain(|reason| *reason != Reason::NotTargetGroup);
        }
        _ => return Ok(false),
    }
    let given: i64 =
        sqlx::query_scalar("select count(*) from declaration where person_id = $1 and taken_back_at is null")
            .bind(Id(case.person))
            .fetch_one(&mut *records.tx)
            .await?;
    let was = case.record.facts.declarations;
    let outcome = match (reasons.is_empty(), given > 0) {
        (false, _) => Some(DeclarationsOutcome::Excluded),
        (true, true) => Some(DeclarationsOutcome::Clear),
        (true, false) => None,
    };
    let received_at = before.map_or(records.at, |status| status.received_at);
    case.record.facts.declarations = outcome;
    case.record.declarations = outcome.map(|_| DeclarationsStatus { received_at, reasons });
    Ok(outcome == Some(DeclarationsOutcome::Excluded) && was != outcome)
}

/// Takes the answers back: they are kept, and count no more.
pub(super) async fn take_back(records: &mut Records<'_>, case: &mut Case) -> Result<(), SyncError> {
    sqlx::query("update declaration set taken_back_at = $1 where person_id = $2 and taken_back_at is null")
        .bind(records.at)
        .bind(Id(case.person))
        .execute(&mut *records.tx)
        .await?;
    (case.record.facts.declarations, case.record.declarations) = (None, None);
    Ok(())
}

fn declares(scheme: &Scheme, reason: Reason) -> bool {
    scheme.declarations.iter().any(|question| question.reason == Some(reason))
}

/// Keeps answers and consents as they were given.
pub(crate) async fn keep(records: &mut Records<'_>, person: Uuid, given: &DeclarationsSubmit) -> Result<(), SyncError> {
    let id = Uuid::now_v7();
    let sealed = records.seal(Place { person, kind: "table/declaration", id }, given)?;
    sqlx::query("insert into declaration (person_id, id, scheme, received_at, content) values ($1, $2, $3, $4, $5)")
        .bind(Id(person))
        .bind(Id(id))
        .bind(&given.scheme)
        .bind(records.at)
        .bind(sealed)
        .execute(&mut *records.tx)
        .await?;
    Ok(())
}

fn wrong(fields: Vec<FieldError>) -> Problem {
    Problem::new(ProblemCode::Validation, 422, "the declarations are not valid").with_fields(fields)
}
