//! Every state and every step: central allows and refuses as the domain's table says. (Steps of documents, test and waves
//! have rooms and tests of their own.)

use prakerja_central::registration::forced;
use prakerja_domain::registration::{Facts, Step, StepRefusal};
use prakerja_protocol::problem::{Problem, ProblemCode};
use uuid::Uuid;

use crate::applicant::*;
use crate::journey::journey;
use crate::started::*;

const STEPS: [Step; 5] =
    [Step::SubmitIdentity, Step::StartFaceCheck, Step::SendPhoneCode, Step::ConfirmPhoneCode, Step::Declare];

/// Takes a step; the problem, if there is one.
async fn take(central: &Started, person: &Person, step: Step) -> Option<Problem> {
    let response = match step {
        Step::SubmitIdentity => return person.push(&submit()).await.problem,
        Step::Declare => return person.push(&declare(&declared(central))).await.problem,
        Step::StartFaceCheck => begin_face(person, Uuid::new_v4()).await,
        Step::SendPhoneCode => ask_code(person, Uuid::new_v4()).await,
        _ => confirm(person, Uuid::new_v4(), "123456").await,
    };
    if response.status().is_success() { None } else { Some(problem_of(response).await) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn central_allows_and_refuses_as_the_table_says() {
    let central = Started::sqlite().await;
    let journey = journey();
    assert_eq!(journey.len(), 21);
    let (mut allowed, mut refused, mut serial) = (0, 0, 10);
    for (state, facts) in journey {
        for facts in [facts, Facts { blocked: true, ..facts }] {
            for step in STEPS {
                serial += 10;
                let person = with_profile(&central, &nik(serial)).await;
                forced::facts(&central.central, person.id, facts).await.unwrap();
                let problem = take(&central, &person, step).await;
                match facts.allows(step, true) {
                    // The code was never sent: that is another refusal than the table's.
                    Ok(()) if step == Step::ConfirmPhoneCode => {
                        allowed += 1;
                        assert_eq!(problem.unwrap().code, ProblemCode::CodeExpired, "{state:?}");
                    }
                    Ok(()) => {
                        allowed += 1;
                        assert_eq!(problem, None, "{state:?} {step:?}");
                    }
                    Err(refusal) => {
                        refused += 1;
                        let problem = problem.unwrap_or_else(|| panic!("{state:?} allows {step:?}"));
                        assert_eq!(
                            (problem.code, problem.status),
                            (ProblemCode::StepRefused, 409),
                            "{state:?} {step:?}"
                        );
                        assert_eq!(
                            problem.details["refusal"],
                            serde_json::to_value(refusal).unwrap(),
                            "{state:?} {step:?}"
                        );
                        assert_eq!(problem.details["state"], serde_json::to_value(state).unwrap(), "{step:?}");
                        assert_eq!(facts.blocked, refusal == StepRefusal::Blocked);
                        let case = case(&person).await;
                        assert_eq!((case.facts, case.state), (facts, state), "a refusal changes nothing");
                    }
                }
            }
        }
    }
    assert_eq!((allowed, refused), (ALLOWED, 210 - ALLOWED));
    central.stop().await;
}

/// Plus signs in the columns of [`STEPS`] in the domain's table.
const ALLOWED: i32 = 3 + 3 + 2 + 1 + 15;
