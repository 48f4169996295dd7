//! `identity.submit` and the registry's answers.

use prakerja_domain::profile::{self, Fields, Intake, ProfileField};
use prakerja_domain::registration::{IdentityMatch, RegistrationState as S};
use prakerja_protocol::application::NoticeKind;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::CommandStatus::{Applied, Rejected, Retry};

use crate::adapters::{central, fits};
use crate::applicant::*;
use crate::started::*;
use crate::stub::{Answer, Stub};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_of_the_registry_has_its_state_and_its_notice() {
    let central = Started::sqlite().await;
    use IdentityMatch as M;
    use NoticeKind as N;
    use ProfileField::*;
    let cases = [
        (1, M::Matched, S::ProfileCompleted, N::IdentityMatched, vec![]),
        (9, M::Mismatch, S::NikMismatch, N::IdentityMismatch, vec![BirthDate]),
        (6, M::Mismatch, S::NikMismatch, N::IdentityMismatch, vec![FullName, KkNumber]),
        (5, M::Mismatch, S::NikMismatch, N::IdentityMismatch, vec![Nik]),
        (8, M::AlreadyRecipient, S::NikAlreadyRecipient, N::AlreadyRecipient, vec![]),
        (7, M::KkQuotaFull, S::KkQuotaFull, N::KkQuotaFull, vec![]),
    ];
    for (serial, found, state, notice, differs) in cases {
        let person = with_profile(&central, &nik(serial)).await;
        assert_eq!(person.push(&submit()).await.status, Applied, "{serial}");
        let case = until(&person, |case| case.facts.identity.is_some_and(|identity| identity != M::Pending)).await;
        assert_eq!((case.facts.identity, case.state), (Some(found), state), "{serial}");
        let status = case.identity.unwrap();
        assert_eq!((status.differs, status.tries_left, status.locked_until), (differs, 4, None), "{serial}");
        assert_eq!(notices(&person).await, [N::IdentitySubmitted, notice], "{serial}");
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn incomplete_data_is_refused_with_the_fields_that_the_app_would_name() {
    let central = Started::sqlite().await;
    let scheme = central.central.schemes.present().clone();
    let intake = Intake { today: jiff::civil::date(2026, 11, 23), scheme: &scheme, registered: false };
    let whole = complete(&nik(1));
    for left_out in 0..whole.len() {
        let person = central.person().await;
        let mut some = whole.clone();
        some.remove(left_out);
        assert_eq!(person.push(&patch_of(&some)).await.status, Applied);
        let fields: Fields = some.into_iter().collect();
        let expected = profile::check(&fields, &profile::needed(&fields), &intake).unwrap_err();
        let refused = person.push(&submit()).await;
        assert_eq!((refused.status, code(&refused)), (Rejected, ProblemCode::ProfileIncomplete), "{left_out}");
        assert_eq!(refused.problem.unwrap().fields, expected, "{left_out}");
        assert!(notices(&person).await.is_empty());
    }
    // Nothing is lost by a refusal, and nothing was counted: the same person may ask once everything is there.
    let person = central.person().await;
    assert_eq!(code(&person.push(&submit()).await), ProblemCode::ProfileIncomplete);
    person.push(&patch_of(&whole)).await;
    assert_eq!(person.push(&submit()).await.status, Applied);
    assert_eq!(case(&person).await.identity.unwrap().tries_left, 4);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_of_age_when_typing_may_be_too_old_when_asking() {
    let central = Started::sqlite().await;
    let person = central.person().await;
    let mut fields = complete("2171012411610003");
    fields[3].1 = "1961-11-24".to_owned();
    assert_eq!(person.push(&patch_of(&fields)).await.status, Applied);
    // A day later it is the 65th birthday.
    central.central.clock.advance_ms(24 * 60 * 60 * 1_000);
    let refused = person.push(&submit()).await;
    assert_eq!(code(&refused), ProblemCode::ProfileIncomplete);
    assert_eq!(refused.problem.unwrap().fields[0].field, "birth_date");
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_identity_number_has_one_account() {
    let central = Started::sqlite().await;
    let first = matched(&central, &nik(1)).await;
    let second = with_profile(&central, &nik(1)).await;
    let refused = second.push(&submit()).await;
    assert_eq!((refused.status, code(&refused)), (Rejected, ProblemCode::NikTaken));
    assert_eq!(case(&second).await.facts.identity, None);
    assert_eq!(case(&second).await.identity.unwrap().tries_left, 4, "the other account's tries are its own");
    assert!(!format!("{refused:?}").contains(&nik(1)));
    // A number that was not matched is nobody's: its holder may come.
    let stranger = with_profile(&central, &nik(9)).await;
    stranger.push(&submit()).await;
    until(&stranger, |case| case.state == S::NikMismatch).await;
    let holder = with_profile(&central, &nik(9)).await;
    assert_eq!(holder.push(&submit()).await.status, Applied);
    assert_eq!(case(&first).await.facts.identity, Some(IdentityMatch::Matched));
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_that_is_being_asked_about_for_another_is_no_final_no() {
    let stub = Stub::start(Answer::Status(500)).await;
    let central = central(Some(&stub), None, None).await;
    let stranger = with_profile(&central, &nik(1)).await;
    assert_eq!(stranger.push(&submit()).await.status, Applied);
    stub.next().await;
    let holder = with_profile(&central, &nik(1)).await;
    let asked = submit();
    let before = feed(&holder).await.0.len();
    for _ in 0..6 {
        let waits = holder.push(&asked).await;
        assert_eq!((waits.status, code(&waits), waits.retry_after_ms), (Retry, ProblemCode::RateLimited, Some(60_000)));
    }
    assert_eq!(feed(&holder).await.0.len(), before, "nothing came of it, and no try is lost");
    // The registry says no to the stranger, and the very same command is carried out.
    stub.usually(Answer::Json(serde_json::json!({
        "request": "$request", "nik": "equal", "kk_number": "equal", "full_name": "different", "birth_date": "equal",
    })));
    central.central.clock.advance_ms(7 * 60_000);
    until(&stranger, |case| case.state == S::NikMismatch).await;
    stub.usually(fits());
    assert_eq!(holder.push(&asked).await.status, Applied);
    let matched = until(&holder, |case| case.facts.identity == Some(IdentityMatch::Matched)).await;
    assert_eq!(matched.identity.unwrap().tries_left, 4);
    // Now it is somebody's.
    assert_eq!(code(&stranger.push(&submit()).await), ProblemCode::NikTaken);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_command_again_asks_once() {
    let central = Started::sqlite().await;
    let person = with_profile(&central, &nik(1)).await;
    let asked = submit();
    assert_eq!(person.push(&asked).await.status, Applied);
    let again = person.push(&asked).await;
    assert!(again.replayed && again.status == Applied);
    until(&person, |case| case.facts.identity == Some(IdentityMatch::Matched)).await;
    let refused = person.push(&submit()).await;
    assert_eq!((code(&refused), detail(&refused, "refusal").as_str()), (ProblemCode::StepRefused, "done"));
    assert_eq!(notices(&person).await, [NoticeKind::IdentitySubmitted, NoticeKind::IdentityMatched]);
    central.stop().await;
}
