//! Consents that come before what they are about: the match with the civil registry, the face check. Each is kept with the
//! version of its words and the device's and central's time.

use std::collections::BTreeMap;

use prakerja_domain::declaration;
use prakerja_domain::scheme::{ConsentMoment, Scheme};
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::registration::ConsentGiven;
use uuid::Uuid;

use crate::db::Id;
use crate::sync::{Records, SyncError};

/// Whether everything was consented to that the scheme asks for at a moment.
///
/// # Errors
/// `validation` with `not_accepted` on each `consent.<id>`.
#[expect(clippy::result_large_err, reason = "a refusal goes on as it is, into a result or an answer")]
pub(crate) fn check(scheme: &Scheme, moment: ConsentMoment, given: &[ConsentGiven]) -> Result<(), Problem> {
    let given: BTreeMap<_, _> = given.iter().map(|given| (given.id.clone(), given.version.clone())).collect();
    declaration::check_consents(scheme, moment, &given)
        .map_err(|fields| Problem::new(ProblemCode::Validation, 422, "a consent is missing").with_fields(fields))
}

/// Keeps the consents of a moment that the scheme asks for; whatever else was sent is no consent. The first time counts.
pub(crate) async fn keep(
    records: &mut Records<'_>,
    person: Uuid,
    (scheme, moment): (&Scheme, ConsentMoment),
    given: &[ConsentGiven],
) -> Result<(), SyncError> {
    for consent in scheme.consents_at(moment) {
        let is_given = |given: &&ConsentGiven| given.id == consent.id && given.version == consent.version;
        let Some(given) = given.iter().find(is_given) else { continue };
        sqlx::query(
            "insert into consent (person_id, consent, version, accepted_at, received_at) values ($1, $2, $3, $4, $5)
             on conflict do nothing",
        )
        .bind(Id(person))
        .bind(format!("registration.{}", consent.id))
        .bind(&consent.version)
        .bind(given.given_at)
        .bind(records.at)
        .execute(&mut *records.tx)
        .await?;
    }
    Ok(())
}
