//! What is final for everybody else, the office takes back: the person begins that part anew and is told why.

use prakerja_central::documents::review;
use prakerja_central::registration::forced;
use prakerja_central::registration::reopen::{Part, reopen};
use prakerja_domain::eligibility::Reason;
use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::{
    DocumentRefusal, DocumentState, FaceCheck, Facts, IdentityMatch, RegistrationState as S, Step, TestProgress,
};
use prakerja_photo::specimen::SpecimenFault;
use prakerja_protocol::application::{NoticeKind as N, NoticeRecord};
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::TestPaper;
use prakerja_protocol::sync::Command;
use prakerja_protocol::sync::CommandStatus::Applied;
use uuid::Uuid;

use crate::applicant::*;
use crate::journey::journey;
use crate::started::*;
use crate::uploads::{self, Seen};

const WHY: &str = "Kesalahan kami.";

/// The newest notice.
async fn told(person: &Person) -> (N, Option<String>) {
    let (changes, _) = feed(person).await;
    let notice = changes.into_iter().rev().find(|change| change.kind == "notice").unwrap();
    let notice: NoticeRecord = serde_json::from_value(notice.data.unwrap()).unwrap();
    (notice.what, notice.note)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_identity_and_what_was_checked_against_it() {
    let central = Started::sqlite().await;
    let at = &central.central;
    let holder = matched(&central, &nik(1)).await;
    let photo = uploads::photo(&central, SpecimenFault::None);
    let attached = Command::DocumentAttach(photo.attach.clone());
    assert_eq!(holder.push(&command(&attached, "doc:ktp_photo")).await.status, Applied);
    uploads::send_announced(&holder, &photo).await;
    let checked = Facts { face: Some(FaceCheck::Verified), ..case(&holder).await.facts };
    assert_eq!(checked.ktp_photo, Some(DocumentState::Accepted));
    forced::facts(at, holder.id, checked).await.unwrap();
    let picture = async || review::picture(at, holder.id, photo.attach.document).await;
    assert!(picture().await.is_ok());
    let owner = with_profile(&central, &nik(1)).await;
    assert_eq!(code(&owner.push(&submit()).await), ProblemCode::NikTaken);

    reopen(at, holder.id, Part::Identity, WHY).await.unwrap();
    assert_eq!(told(&holder).await, (N::IdentityReopened, Some(WHY.to_owned())));
    let open = case(&holder).await;
    assert_eq!((open.state, open.identity, open.face), (S::NotStarted, None, None));
    let rejected = Some(DocumentState::Rejected);
    assert_eq!((open.facts.identity, open.facts.ktp_photo, open.facts.face), (None, rejected, None));
    // The photo goes with the match, in the same words, and another one is asked for.
    assert_eq!(notices(&holder).await.last_chunk(), Some(&[N::PhotoRejected, N::IdentityReopened]));
    let record = Seen::by(&holder).await.document(photo.attach.document).unwrap();
    assert_eq!((record.state, record.note.as_deref()), (DocumentState::Rejected, Some(WHY)));
    assert_eq!(record.refusal, Some(DocumentRefusal::Other));
    assert!(picture().await.is_err(), "nobody can look at it any more");
    assert_eq!(open.facts.allows(Step::AttachPhoto, true), Ok(()));
    let corrected = patch(None, &[(ProfileField::Nik, Some(nik(11).as_str()))]);
    assert_eq!(holder.push(&corrected).await.status, Applied, "nothing is frozen");
    // The number is nobody's, and whoever has it may come.
    assert_eq!(owner.push(&submit()).await.status, Applied);
    until(&owner, |case| case.facts.identity == Some(IdentityMatch::Matched)).await;
    assert_eq!(holder.push(&submit()).await.status, Applied);
    until(&holder, |case| case.state == S::KtpPhotoRejected).await;

    // A registry that was wrong about an earlier card.
    let person = with_profile(&central, &nik(21)).await;
    let recipient = Facts { identity: Some(IdentityMatch::AlreadyRecipient), ..Facts::default() };
    forced::facts(at, person.id, recipient).await.unwrap();
    reopen(at, person.id, Part::Identity, WHY).await.unwrap();
    assert_eq!(person.push(&submit()).await.status, Applied);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn declarations_are_answered_anew_and_the_earlier_ones_are_kept() {
    let central = Started::sqlite().await;
    let at = &central.central;
    let person = matched(&central, &nik(1)).await;
    let mut wrong = declared(&central);
    wrong.answers.iter_mut().find(|answer| answer.id == "police").unwrap().answer = true;
    assert_eq!(person.push(&declare(&wrong)).await.status, Applied);
    assert_eq!(case(&person).await.state, S::Ineligible);
    reopen(at, person.id, Part::Declarations, WHY).await.unwrap();
    assert_eq!(told(&person).await, (N::DeclarationsReopened, Some(WHY.to_owned())));
    let open = case(&person).await;
    assert_eq!((open.state, open.facts.declarations, open.declarations), (S::ProfileCompleted, None, None));

    // What the personal data says stands, and once it says otherwise the answers are still to be given.
    let works_as = |status: &'static str| patch(None, &[(ProfileField::EmploymentStatus, Some(status))]);
    person.push(&works_as("student")).await;
    reopen(at, person.id, Part::Declarations, WHY).await.unwrap();
    let student = case(&person).await;
    assert_eq!((student.state, student.declarations.unwrap().reasons), (S::Ineligible, vec![Reason::NotTargetGroup]));
    person.push(&works_as("employee")).await;
    assert_eq!(case(&person).await.facts.declarations, None);
    assert_eq!(person.push(&declare(&declared(&central))).await.status, Applied);
    assert_eq!(case(&person).await.declarations.unwrap().reasons, []);
    let kept: Vec<(Option<i64>,)> =
        sqlx::query_as("select taken_back_at from declaration where person_id = $1 order by id")
            .bind(prakerja_central::db::Id(person.id))
            .fetch_all(at.db.read())
            .await
            .unwrap();
    assert_eq!(kept, [(Some(NOW),), (None,)]);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_is_begun_anew() {
    let central = Started::sqlite().await;
    let at = &central.central;
    let person = with_profile(&central, &nik(1)).await;
    let (_, facts) = journey().into_iter().find(|(state, _)| *state == S::TestAvailable).unwrap();
    forced::facts(at, person.id, facts).await.unwrap();
    let start = async || post::<()>(&person, "/v1/test/start", Uuid::new_v4(), None).await;
    let first: TestPaper = ok(start().await).await;
    let failed = Facts { test: Some(TestProgress::NotPassed), ..facts };
    forced::facts(at, person.id, failed).await.unwrap();
    let refused = problem_of(start().await).await;
    assert_eq!((refused.code, refused.details["refusal"].as_str()), (ProblemCode::StepRefused, Some("done")));
    reopen(at, person.id, Part::Test, WHY).await.unwrap();
    assert_eq!(told(&person).await, (N::TestReopened, Some(WHY.to_owned())));
    let open = case(&person).await;
    assert_eq!((open.state, open.test), (S::TestAvailable, None));
    let second: TestPaper = ok(start().await).await;
    assert_ne!(first.attempt, second.attempt);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_is_nothing_to_take_back_before_it_was_done() {
    let central = Started::sqlite().await;
    let person = with_profile(&central, &nik(1)).await;
    let before = feed(&person).await.0.len();
    for part in [Part::Identity, Part::Declarations, Part::Test] {
        assert!(reopen(&central.central, person.id, part, WHY).await.is_err(), "{part:?}");
        assert!(reopen(&central.central, Uuid::new_v4(), part, WHY).await.is_err(), "{part:?}: nobody of that id");
    }
    assert_eq!(feed(&person).await.0.len(), before);
    central.stop().await;
}
