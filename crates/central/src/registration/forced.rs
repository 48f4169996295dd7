//! Puts a person into a state that others would have to bring about, for tests of what each state allows. In builds for
//! development and tests only, like the places of `failpoint`.

use prakerja_domain::admission::TestScore;
use prakerja_domain::registration::{Facts, PhoneCheck};
use prakerja_protocol::registration::{DeclarationsStatus, PhoneStatus, TestStatus};
use uuid::Uuid;

use super::case::Case;
use crate::error::ApiResult;
use crate::state::Central;
use crate::sync::Change;

/// Replaces the facts and tells the person.
///
/// # Errors
/// Any error of the database.
pub async fn facts(central: &Central, person: Uuid, facts: Facts) -> ApiResult<()> {
    let mut change = Change::begin(central).await?;
    let records = &mut change.records(person);
    let mut case = Case::load(records, person).await?;
    case.record.facts = facts;
    case.record.phone = facts.phone.map(|phone| PhoneStatus {
        ends_with: "0000".to_owned(),
        verified_at: (phone == PhoneCheck::Verified).then_some(records.at),
    });
    case.save(records).await?;
    change.commit().await
}

/// As [`facts`], for a registration that was made under a scheme, with a score of its test.
///
/// # Errors
/// Any error of the database.
pub async fn registered(
    central: &Central,
    person: Uuid,
    facts: Facts,
    scheme: &str,
    score: Option<TestScore>,
) -> ApiResult<()> {
    let mut change = Change::begin(central).await?;
    let records = &mut change.records(person);
    let mut case = Case::load(records, person).await?;
    (case.record.facts, case.record.scheme) = (facts, scheme.to_owned());
    case.record.test = Some(ended(records.at, score));
    case.save(records).await?;
    change.commit().await
}

/// As [`facts`], with the records that a test and declarations leave behind.
///
/// # Errors
/// Any error of the database.
pub async fn final_facts(central: &Central, person: Uuid, facts: Facts) -> ApiResult<()> {
    let mut change = Change::begin(central).await?;
    let records = &mut change.records(person);
    let mut case = Case::load(records, person).await?;
    case.record.facts = facts;
    case.record.test = facts.test.map(|_| ended(records.at, None));
    case.record.declarations =
        facts.declarations.map(|_| DeclarationsStatus { received_at: records.at, reasons: Vec::new() });
    case.save(records).await?;
    change.commit().await
}

/// A test that ended at once.
fn ended(at: i64, score: Option<TestScore>) -> TestStatus {
    TestStatus {
        attempt: Uuid::nil(),
        started_at: at,
        ends_at: at,
        closes_at: None,
        submitted_at: Some(at),
        result_by: None,
        evaluated_at: Some(at),
        score,
    }
}
