//! Nothing is asked of an office or a provider before the person has consented to it (UU PDP, articles 20 to 24).

use prakerja_domain::field::FieldErrorCode;
use prakerja_domain::registration::{RegistrationState as S, Step};
use prakerja_domain::scheme::ConsentMoment;
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::registration::{FaceSession, IdentitySubmit, NewFaceSession};
use prakerja_protocol::sync::{Command, CommandEnvelope, CommandStatus::Applied};
use uuid::Uuid;

use crate::applicant::*;
use crate::started::*;

/// What is refused for want of a consent, by the consent's name.
fn named(problem: &Problem) -> Vec<(&str, FieldErrorCode)> {
    assert_eq!((problem.code, problem.status), (ProblemCode::Validation, 422));
    problem.fields.iter().map(|error| (error.field.as_str(), error.code)).collect()
}

/// Consents as they are kept: name, version, the device's time, central's.
async fn kept(central: &Started, person: &Person) -> Vec<(String, String, i64, i64)> {
    sqlx::query_as(
        "select consent, version, accepted_at, received_at from consent
         where person_id = $1 and consent like 'registration.%' order by consent",
    )
    .bind(person.id.as_bytes().to_vec())
    .fetch_all(central.central.db.read())
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_registry_is_asked_only_about_whoever_consented() {
    let central = Started::sqlite().await;
    let person = with_profile(&central, &nik(1)).await;
    let mut of_other_words = consents(ConsentMoment::Identity);
    of_other_words[0].version = "0".to_owned();
    for consents in [Vec::new(), consents(ConsentMoment::Face), of_other_words] {
        let unasked = Command::IdentitySubmit(IdentitySubmit { consents });
        let refused: CommandEnvelope = command(&unasked, "profile");
        let result = person.push(&refused).await;
        let refused = named(result.problem.as_ref().unwrap());
        assert_eq!(refused, [("consent.data_matching", FieldErrorCode::NotAccepted)]);
    }
    assert!(prakerja_central::errands::operator::waiting(&central.central.db).await.unwrap().is_empty());
    assert_eq!(kept(&central, &person).await, []);
    // What was refused cost no try.
    assert_eq!(person.push(&submit()).await.status, Applied);
    assert_eq!(case(&person).await.identity.unwrap().tries_left, 4);
    let expected = ("registration.data_matching".to_owned(), "1".to_owned(), NOW - 4_000, NOW);
    assert_eq!(kept(&central, &person).await, [expected]);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_face_is_checked_only_of_whoever_consented() {
    let central = Started::sqlite().await;
    let person = with_photo(&central, &nik(1)).await;
    let of = |id: &str, version: &str| NewFaceSession { consents: [(id.to_owned(), version.to_owned())].into() };
    for unasked in [NewFaceSession::default(), of("data_matching", "1"), of("face_check", "0")] {
        let refused = problem_of(post(&person, "/v1/face/sessions", Uuid::new_v4(), Some(&unasked)).await).await;
        assert_eq!(named(&refused), [("consent.face_check", FieldErrorCode::NotAccepted)]);
    }
    let before = case(&person).await;
    assert_eq!((before.state, before.facts.allows(Step::StartFaceCheck, true)), (S::KtpPhotoAccepted, Ok(())));
    ok::<FaceSession>(begin_face(&person, Uuid::new_v4()).await).await;
    let expected = ("registration.face_check".to_owned(), "1".to_owned(), NOW, NOW);
    assert_eq!(kept(&central, &person).await[1], expected);
    central.stop().await;
}
