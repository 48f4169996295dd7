//! A block or an exclusion while the test runs: the appeal may be granted and the exclusion end, so nothing of the attempt
//! may be lost meanwhile.

use prakerja_central::registration::operator;
use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::{RegistrationState, TestProgress};
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::BlockReason;
use prakerja_protocol::sync::CommandStatus;

use crate::registrant::case;
use crate::seat::*;
use crate::started::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_costs_no_answer_of_a_running_test() {
    let central = Started::sqlite().await;
    let person = candidate(&central).await;
    let paper = begun(&person).await;
    applied(&person, &answer(&paper, 0, None)).await;
    operator::block(&central.central, person.id, BlockReason::Proxy, None).await.unwrap();
    applied(&person, &answer(&paper, 1, None)).await;
    applied(&person, &hand_in(&paper)).await;
    let case = evaluated(&person).await;
    assert!(case.facts.blocked && case.facts.test == Some(TestProgress::NotPassed), "{:?}", case.facts);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exclusion_costs_no_answer_of_a_running_test() {
    let central = Started::sqlite().await;
    let person = candidate(&central).await;
    let paper = begun(&person).await;
    applied(&person, &patch(None, &[(ProfileField::EmploymentStatus, Some("student"))])).await;
    assert_eq!(case(&person).await.state, RegistrationState::Ineligible);
    applied(&person, &answer(&paper, 0, None)).await;
    applied(&person, &hand_in(&paper)).await;
    assert_eq!(evaluated(&person).await.state, RegistrationState::Ineligible);
    applied(&person, &patch(None, &[(ProfileField::EmploymentStatus, Some("job_seeker"))])).await;
    assert_eq!(case(&person).await.facts.test, Some(TestProgress::NotPassed), "as it was handed in");
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_blocked_starts_no_test() {
    let central = Started::sqlite().await;
    let person = candidate(&central).await;
    operator::block(&central.central, person.id, BlockReason::Proxy, None).await.unwrap();
    let response = crate::registrant::post::<()>(&person, "/v1/test/start", uuid::Uuid::new_v4(), None).await;
    assert_eq!(problem_of(response).await.code, ProblemCode::StepRefused);
    assert_eq!(case(&person).await.facts.test, None);
    let other = begun(&candidate(&central).await).await;
    let result = person.push(&answer(&other, 0, None)).await;
    assert_eq!((result.status, code(&result)), (CommandStatus::Rejected, ProblemCode::StepRefused));
    central.stop().await;
}
