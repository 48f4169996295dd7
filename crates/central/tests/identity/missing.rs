//! Without an outside party central runs, and the step that needs it says so.

use prakerja_domain::registration::{DocumentState, FaceCheck, Facts, IdentityMatch};
use prakerja_protocol::problem::ProblemCode::PartyUnavailable;
use uuid::Uuid;

use crate::adapters;
use crate::applicant::*;
use crate::started::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_without_their_party_answer_party_unavailable_and_change_nothing() {
    let central = adapters::central(None, None, None).await;
    let person = with_profile(&central, &nik(1)).await;
    let refused = person.push(&submit()).await;
    assert_eq!(code(&refused), PartyUnavailable);
    assert!(refused.problem.unwrap().retry_after_ms.is_some());
    let mut facts = Facts {
        identity: Some(IdentityMatch::Matched),
        ktp_photo: Some(DocumentState::Accepted),
        ..case(&person).await.facts
    };
    prakerja_central::registration::forced::facts(&central.central, person.id, facts).await.unwrap();
    assert_eq!(problem_of(begin_face(&person, Uuid::new_v4()).await).await.code, PartyUnavailable);
    facts.face = Some(FaceCheck::Verified);
    prakerja_central::registration::forced::facts(&central.central, person.id, facts).await.unwrap();
    assert_eq!(problem_of(ask_code(&person, Uuid::new_v4()).await).await.code, PartyUnavailable);
    assert_eq!(case(&person).await.facts, facts);
    // The sandbox's pages are a demo's only.
    assert_eq!(central.get("/sandbox/face/0123").send().await.unwrap().status(), 404);
    central.stop().await;
}
