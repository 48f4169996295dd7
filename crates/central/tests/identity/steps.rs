//! Every state and every step: central allows and refuses as the domain's table says. (Steps of documents, test and waves
//! have rooms and tests of their own.)

use prakerja_central::registration::forced;
use prakerja_domain::registration::{
    DeclarationsOutcome, DocumentState, FaceCheck, Facts, IdentityMatch, PhoneCheck, RegistrationState as S, Step,
    StepRefusal, TestProgress,
};
use prakerja_protocol::problem::{Problem, ProblemCode};
use uuid::Uuid;

use crate::applicant::*;
use crate::started::*;

/// Facts of each state, in order.
fn journey() -> Vec<(S, Facts)> {
    let mut facts = Facts::default();
    let mut all = vec![(S::NotStarted, facts)];
    let mut push = |state, change: &dyn Fn(&mut Facts)| {
        change(&mut facts);
        assert_eq!(facts.state(), state);
        all.push((state, facts));
    };
    push(S::NikSubmitted, &|f| f.identity = Some(IdentityMatch::Pending));
    push(S::NikMismatch, &|f| f.identity = Some(IdentityMatch::Mismatch));
    push(S::KkQuotaFull, &|f| f.identity = Some(IdentityMatch::KkQuotaFull));
    push(S::NikAlreadyRecipient, &|f| f.identity = Some(IdentityMatch::AlreadyRecipient));
    push(S::NikMatched, &|f| f.identity = Some(IdentityMatch::Matched));
    push(S::ProfileCompleted, &|f| f.profile_complete = true);
    push(S::KtpPhotoSubmitted, &|f| f.ktp_photo = Some(DocumentState::Received));
    push(S::KtpPhotoRejected, &|f| f.ktp_photo = Some(DocumentState::Rejected));
    push(S::KtpPhotoAccepted, &|f| f.ktp_photo = Some(DocumentState::Accepted));
    push(S::FacePending, &|f| f.face = Some(FaceCheck::Pending));
    push(S::FaceFailed, &|f| f.face = Some(FaceCheck::Failed));
    push(S::ManualReview, &|f| f.face = Some(FaceCheck::ManualReview));
    push(S::FaceVerified, &|f| f.face = Some(FaceCheck::Verified));
    push(S::PhoneOtpSent, &|f| f.phone = Some(PhoneCheck::CodeSent));
    push(S::PhoneVerified, &|f| f.phone = Some(PhoneCheck::Verified));
    push(S::Ineligible, &|f| f.declarations = Some(DeclarationsOutcome::Excluded));
    push(S::TestAvailable, &|f| f.declarations = Some(DeclarationsOutcome::Clear));
    push(S::TestInProgress, &|f| f.test = Some(TestProgress::InProgress));
    push(S::TestSubmitted, &|f| f.test = Some(TestProgress::Submitted));
    push(S::TestEvaluated, &|f| f.test = Some(TestProgress::Passed));
    all
}

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
