//! Face checks by the sandbox: tries, the office, and starting anew.

use prakerja_central::registration::operator;
use prakerja_domain::registration::{FaceCheck, RegistrationState as S};
use prakerja_protocol::application::NoticeKind as N;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::FaceSession;
use uuid::Uuid;

use crate::applicant::*;
use crate::started::*;

async fn fails(person: &Person, left: u32) {
    let session = face_session(person).await;
    press(person, &session, "fail").await;
    let case = until(person, |case| case.facts.face != Some(FaceCheck::Pending)).await;
    assert_eq!(case.face.unwrap().tries_left, left);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_three_failures_a_person_of_the_office_decides() {
    let central = Started::sqlite().await;
    for verified in [true, false] {
        let person = with_photo(&central, &nik(if verified { 1 } else { 2 })).await;
        let refused = operator::decide_face(&central.central, person.id, true).await;
        assert!(refused.is_err(), "nothing waits for a decision");
        for left in (0..3).rev() {
            fails(&person, left).await;
        }
        assert_eq!(case(&person).await.state, S::ManualReview);
        let waits = problem_of(begin_face(&person, Uuid::new_v4()).await).await;
        assert_eq!((waits.code, waits.details["refusal"].as_str()), (ProblemCode::StepRefused, Some("under_way")));
        operator::decide_face(&central.central, person.id, verified).await.unwrap();
        let told = notices(&person).await;
        if verified {
            assert_eq!(case(&person).await.state, S::FaceVerified);
            assert_eq!(told[2..], [N::FaceFailed, N::FaceFailed, N::FaceManualReview, N::FaceVerified]);
        } else {
            assert_eq!(case(&person).await.state, S::FaceFailed);
            assert_eq!(told[5], N::FaceFailed);
            // All tries again.
            fails(&person, 2).await;
        }
    }
    assert!(operator::decide_face(&central.central, Uuid::new_v4(), true).await.is_err(), "nobody of that id");
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_request_has_the_same_page_and_another_one_counts_instead() {
    let central = Started::sqlite().await;
    let person = with_photo(&central, &nik(1)).await;
    let key = Uuid::new_v4();
    let first: FaceSession = ok(begin_face(&person, key).await).await;
    let again: FaceSession = ok(begin_face(&person, key).await).await;
    assert_eq!(first, again);
    // The phone's battery was empty: another page, and what happens on the first one is not heard.
    let second = face_session(&person).await;
    assert_ne!(first.url, second.url);
    press(&person, &first, "fail").await;
    press(&person, &second, "pass").await;
    // The second press on a page changes nothing.
    press(&person, &second, "fail").await;
    until(&person, |case| case.facts.face == Some(FaceCheck::Verified)).await;
    assert_eq!(notices(&person).await[2..], [N::FaceVerified]);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_that_nobody_finishes_costs_no_try() {
    let central = Started::sqlite().await;
    let person = with_photo(&central, &nik(1)).await;
    face_session(&person).await;
    central.central.clock.advance_ms(17 * 60_000);
    let case = until(&person, |case| case.facts.face != Some(FaceCheck::Pending)).await;
    assert_eq!((case.state, case.face.unwrap().tries_left), (S::KtpPhotoAccepted, 3));
    fails(&person, 2).await;
    face_session(&person).await;
    central.central.clock.advance_ms(17 * 60_000);
    let case = until(&person, |case| case.facts.face != Some(FaceCheck::Pending)).await;
    assert_eq!((case.state, case.face.unwrap().tries_left), (S::FaceFailed, 2));
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_works_on_any_phone_and_says_what_it_is() {
    let central = Started::sqlite().await;
    let person = with_photo(&central, &nik(1)).await;
    let session = face_session(&person).await;
    let response = person.http.get(&session.url).send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["referrer-policy"], "no-referrer");
    let page = response.text().await.unwrap();
    assert!(page.contains("SANDBOX") && page.contains("viewport") && page.matches("<button").count() == 2);
    assert!(!page.contains("<script"), "it works without scripts");
    let odd = press_at(&person, &session.url, "maybe").await;
    assert_eq!(odd.status(), 404);
    let strange = format!("{}/sandbox/face/0123", central.base);
    assert_eq!(person.http.get(&strange).send().await.unwrap().status(), 404);
    assert_eq!(press_at(&person, &strange, "pass").await.status(), 404);
    central.stop().await;
}
