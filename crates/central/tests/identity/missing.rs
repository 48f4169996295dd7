//! Without an outside party central runs, and the step that needs it says so.

use prakerja_central::config::{self, Config};
use prakerja_domain::registration::{DocumentState, FaceCheck, Facts, IdentityMatch};
use prakerja_protocol::problem::ProblemCode::PartyUnavailable;
use prakerja_protocol::sync::CommandStatus::{Applied, Retry};
use uuid::Uuid;

use crate::adapters;
use crate::applicant::*;
use crate::started::*;
use crate::stub::Stub;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_without_their_party_answer_party_unavailable_and_change_nothing() {
    let central = adapters::central(None, None, None).await;
    let person = with_profile(&central, &nik(1)).await;
    let asked = submit();
    let waits = person.push(&asked).await;
    assert_eq!((waits.status, code(&waits)), (Retry, PartyUnavailable));
    assert_eq!(waits.retry_after_ms, Some(60 * 60 * 1_000));
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waited_for_a_party_is_carried_out_once_there_is_one() {
    let first = adapters::central(None, None, None).await;
    let person = with_profile(&first, &nik(1)).await;
    let asked = submit();
    assert_eq!(person.push(&asked).await.status, Retry);
    first.stop().await;
    let registry = Stub::start(adapters::fits()).await;
    let Started { folder, .. } = first;
    let config = Config {
        demo: false,
        registry: Some(config::Registry { url: registry.url.clone(), token: None, timeout_s: 1 }),
        ..config(folder.path())
    };
    let second = Started::open(folder, config).await.unwrap();
    let person = person.at(&second.base);
    assert_eq!(person.push(&asked).await.status, Applied);
    until(&person, |case| case.facts.identity == Some(IdentityMatch::Matched)).await;
    second.stop().await;
}
