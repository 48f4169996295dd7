//! Face checks by the sandbox: tries, the office, and starting anew.

use prakerja_central::errands::operator as errands;
use prakerja_central::registration::operator;
use prakerja_domain::registration::{FaceCheck, RegistrationState as S};
use prakerja_protocol::application::NoticeKind as N;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::{FaceSession, RegistrationRecord};
use serde_json::json;
use uuid::Uuid;

use crate::adapters::{self, fits};
use crate::applicant::*;
use crate::started::*;
use crate::stub::{Answer, Stub};

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
async fn the_same_request_has_the_same_page_and_another_one_has_its_own() {
    let central = Started::sqlite().await;
    let person = with_photo(&central, &nik(1)).await;
    let key = Uuid::new_v4();
    let first: FaceSession = ok(begin_face(&person, key).await).await;
    let again: FaceSession = ok(begin_face(&person, key).await).await;
    assert_eq!(first, again);
    // The phone's battery was empty: another page.
    let second = face_session(&person).await;
    assert_ne!(first.url, second.url);
    assert_eq!(case(&person).await.face.unwrap().tries_left, 3, "what nobody finished costs nothing");
    press(&person, &second, "pass").await;
    // The second press on a page changes nothing.
    press(&person, &second, "fail").await;
    until(&person, |case| case.facts.face == Some(FaceCheck::Verified)).await;
    assert_eq!(notices(&person).await[2..], [N::FaceVerified]);
    central.stop().await;
}

/// The check's errand has asked once and waits five seconds before it asks again.
async fn asked_once(central: &Started) {
    for _ in 0..100_000 {
        let (waiting,): (i64,) =
            sqlx::query_as("select count(*) from errand where kind = 'face' and next_at > $1 and next_at < $1 + 60000")
                .bind(central.central.clock.now_ms())
                .fetch_one(central.central.db.read())
                .await
                .unwrap();
        if waiting == 1 {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("the provider was never asked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_begins_anew_leaves_no_result_behind() {
    let made = |id: &str| Answer::Json(json!({ "id": id, "url": format!("https://wajah.example.org/{id}") }));
    let result = |word: &str| Answer::Json(json!({ "result": word }));
    let (registry, provider) = (Stub::start(fits()).await, Stub::start(result("pending")).await);
    let central = adapters::central(Some(&registry), None, Some(&provider)).await;
    let fails = with_photo(&central, &nik(1)).await;
    for (id, left) in [("a", 3), ("b", 2), ("c", 1)] {
        if left < 3 {
            // Failed at the provider, and begun anew before anybody asked for the result.
            provider.then(result("failed"));
        }
        provider.then(made(id));
        ok::<FaceSession>(begin_face(&fails, Uuid::new_v4()).await).await;
        asked_once(&central).await;
        let case = case(&fails).await;
        assert_eq!((case.state, case.face.unwrap().tries_left), (S::FacePending, left));
    }
    provider.then(result("failed"));
    let refused = problem_of(begin_face(&fails, Uuid::new_v4()).await).await;
    assert_eq!((refused.code, refused.details["refusal"].as_str()), (ProblemCode::StepRefused, Some("under_way")));
    assert_eq!(case(&fails).await.state, S::ManualReview);
    assert_eq!(notices(&fails).await[2..], [N::FaceFailed, N::FaceFailed, N::FaceManualReview]);

    let passes = with_photo(&central, &nik(2)).await;
    provider.then(made("d"));
    ok::<FaceSession>(begin_face(&passes, Uuid::new_v4()).await).await;
    asked_once(&central).await;
    // While it is not known how the check stands no other begins.
    provider.then(Answer::Status(500));
    let silent = problem_of(begin_face(&passes, Uuid::new_v4()).await).await;
    assert_eq!((silent.code, silent.retry_after_ms), (ProblemCode::PartyUnavailable, Some(30_000)));
    provider.then(result("passed"));
    let done = problem_of(begin_face(&passes, Uuid::new_v4()).await).await;
    assert_eq!((done.code, done.details["refusal"].as_str()), (ProblemCode::StepRefused, Some("done")));
    assert_eq!(case(&passes).await.state, S::FaceVerified);
    assert_eq!(notices(&passes).await[2..], [N::FaceVerified]);
    central.stop().await;
}

/// Time goes on until the case is as wanted.
async fn in_time(
    central: &Started,
    person: &Person,
    wanted: impl Fn(&RegistrationRecord) -> bool,
) -> RegistrationRecord {
    for _ in 0..300 {
        let case = case(person).await;
        if wanted(&case) {
            return case;
        }
        central.central.clock.advance_ms(1_000);
    }
    panic!("it never came so: {:?}", case(person).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_decided_on_an_earlier_page_counts_as_well() {
    let central = Started::sqlite().await;
    for (last, state, told) in [
        ("pass", S::FaceVerified, vec![N::FaceFailed, N::FaceVerified]),
        ("fail", S::ManualReview, vec![N::FaceFailed, N::FaceFailed, N::FaceManualReview]),
    ] {
        let person = with_photo(&central, &nik(if last == "pass" { 1 } else { 2 })).await;
        let pages = [face_session(&person).await, face_session(&person).await, face_session(&person).await];
        press(&person, &pages[0], "fail").await;
        let failed = in_time(&central, &person, |case| case.face.as_ref().unwrap().tries_left == 2).await;
        assert_eq!(failed.state, S::FacePending, "the newest page is open");
        if last == "fail" {
            press(&person, &pages[2], "fail").await;
            until(&person, |case| case.state == S::FaceFailed).await;
        }
        press(&person, &pages[1], last).await;
        in_time(&central, &person, |case| case.state == state).await;
        // Neither the page that nobody finished nor time undoes it.
        for _ in 0..300 {
            if errands::waiting(&central.central.db).await.unwrap().is_empty() {
                break;
            }
            // A page is over after sixteen minutes; its errand looks every five seconds.
            central.central.clock.advance_ms(10_000);
            tokio::task::yield_now().await;
        }
        assert_eq!(errands::waiting(&central.central.db).await.unwrap(), []);
        assert_eq!((case(&person).await.state, notices(&person).await.split_off(2)), (state, told));
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_begins_ten_checks_in_an_hour() {
    let central = Started::sqlite().await;
    let person = with_photo(&central, &nik(1)).await;
    let last = Uuid::new_v4();
    for key in (0..9).map(|_| Uuid::new_v4()).chain([last]) {
        ok::<FaceSession>(begin_face(&person, key).await).await;
    }
    let refused = problem_of(begin_face(&person, Uuid::new_v4()).await).await;
    assert_eq!((refused.code, refused.retry_after_ms), (ProblemCode::RateLimited, Some(60 * 60 * 1_000)));
    // A repeat of a request is none.
    ok::<FaceSession>(begin_face(&person, last).await).await;
    let other = with_photo(&central, &nik(2)).await;
    face_session(&other).await;
    central.central.clock.advance_ms(60 * 60 * 1_000);
    face_session(&person).await;
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
