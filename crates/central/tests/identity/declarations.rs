//! Declarations: one by one, in the words that hold, once, kept for ever.

use std::collections::BTreeMap;

use prakerja_central::config::Config;
use prakerja_domain::declaration::{self, DeclarationAnswer};
use prakerja_domain::eligibility::Reason;
use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::{DeclarationsOutcome, RegistrationState as S};
use prakerja_protocol::application::NoticeKind as N;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::DeclarationsSubmit;
use prakerja_protocol::sync::CommandEnvelope;
use prakerja_protocol::sync::CommandStatus::{Applied, Rejected};

use crate::applicant::*;
use crate::started::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_domain_refuses_is_refused_with_the_same_fields() {
    let central = Started::sqlite().await;
    let person = central.person().await;
    let scheme = central.central.schemes.present().clone();
    let right = declared(&central);
    let mut cases: Vec<DeclarationsSubmit> = Vec::new();
    for nth in 0..right.answers.len() {
        let mut one = right.clone();
        one.answers.remove(nth);
        cases.push(one);
        let mut one = right.clone();
        one.answers[nth].version = "0".to_owned();
        cases.push(one);
        let mut one = right.clone();
        one.answers.push(DeclarationAnswer { answer: true, ..right.answers[nth].clone() });
        cases.push(one);
    }
    for nth in 0..right.consents.len() {
        let mut one = right.clone();
        one.consents.remove(nth);
        cases.push(one);
        let mut one = right.clone();
        one.consents[nth].version = "0".to_owned();
        cases.push(one);
    }
    let mut unknown = right.clone();
    unknown.answers.push(DeclarationAnswer { id: "astronaut".to_owned(), ..right.answers[0].clone() });
    cases.push(unknown);
    cases.push(DeclarationsSubmit { answers: vec![], consents: vec![], ..right.clone() });
    for given in cases {
        let consents: BTreeMap<String, String> =
            given.consents.iter().map(|consent| (consent.id.clone(), consent.version.clone())).collect();
        let expected = declaration::check(&scheme, &given.answers, &consents).unwrap_err();
        let refused = person.push(&declare(&given)).await;
        assert_eq!((refused.status, code(&refused)), (Rejected, ProblemCode::Validation));
        assert_eq!(refused.problem.unwrap().fields, expected);
    }
    for (given, field) in [
        (DeclarationsSubmit { scheme: "2019".to_owned(), ..right.clone() }, "scheme"),
        (
            DeclarationsSubmit { consents: [right.consents.clone(), right.consents.clone()].concat(), ..right.clone() },
            "consents",
        ),
    ] {
        let refused = person.push(&declare(&given)).await;
        assert_eq!(refused.problem.unwrap().fields[0].field, field);
    }
    assert!(notices(&person).await.is_empty());
    assert_eq!(person.push(&declare(&right)).await.status, Applied);
    let again = person.push(&declare(&right)).await;
    assert_eq!((code(&again), detail(&again, "refusal").as_str()), (ProblemCode::StepRefused, "done"));
    assert_eq!(notices(&person).await, [N::DeclarationsReceived]);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_excluded_answer_ends_the_registration_with_its_reason() {
    let central = Started::sqlite().await;
    let scheme = central.central.schemes.present().clone();
    for question in scheme.declarations.iter().filter(|question| question.excluded.is_some()) {
        let person = central.person().await;
        let mut given = declared(&central);
        let answer = given.answers.iter_mut().find(|answer| answer.id == question.id).unwrap();
        answer.answer = question.excluded.unwrap();
        assert_eq!(person.push(&declare(&given)).await.status, Applied);
        let declared = case(&person).await;
        assert_eq!(declared.declarations.unwrap().reasons, question.reason.into_iter().collect::<Vec<_>>());
        // Nobody is led on to what is in vain, before the match as after it.
        assert_eq!(declared.state, S::Ineligible);
        let refused = person.push(&submit()).await;
        assert_eq!((code(&refused), detail(&refused, "refusal").as_str()), (ProblemCode::StepRefused, "ended"));
        assert_eq!(notices(&person).await, [N::DeclarationsReceived, N::Ineligible]);
    }
    let person = matched(&central, &nik(1)).await;
    let mut given = declared(&central);
    given.answers.iter_mut().find(|answer| answer.id == "police").unwrap().answer = true;
    person.push(&declare(&given)).await;
    assert_eq!(case(&person).await.state, S::Ineligible);
    // Kept as they were given, with both times.
    let kept: Vec<(String, i64, Vec<u8>)> =
        sqlx::query_as("select scheme, received_at, content from declaration where person_id = $1")
            .bind(prakerja_central::db::Id(person.id))
            .fetch_all(central.central.db.read())
            .await
            .unwrap();
    assert_eq!((kept.len(), kept[0].0.as_str(), kept[0].1), (1, "2023", NOW));
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_no_citizen_is_refused_and_the_word_is_no() {
    for version in ["2020", "2023"] {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { scheme: version.to_owned(), ..config(folder.path()) };
        let central = Started::open(folder, config).await.unwrap();
        let person = matched(&central, &nik(1)).await;
        let mut given = declared(&central);
        let answer = given.answers.iter_mut().find(|answer| answer.id == "citizen").unwrap();
        assert!(answer.answer, "a citizen says yes");
        answer.answer = false;
        assert_eq!(person.push(&declare(&given)).await.status, Applied);
        let case = case(&person).await;
        assert_eq!((case.state, case.declarations.unwrap().reasons), (S::Ineligible, vec![Reason::NotCitizen]));
        central.stop().await;
    }
}

fn works_as(status: &str) -> CommandEnvelope {
    patch(None, &[(ProfileField::EmploymentStatus, Some(status))])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn students_are_ineligible_once_the_registry_knows_them_and_as_long_as_they_say_so() {
    let central = Started::sqlite().await;
    let student = with_profile(&central, &nik(1)).await;
    student.push(&works_as("student")).await;
    assert_eq!(case(&student).await.facts.declarations, None, "nothing is decided before the match");
    assert_eq!(student.push(&submit()).await.status, Applied);
    let judged = until(&student, |case| case.state == S::Ineligible).await;
    assert_eq!(judged.declarations.unwrap().reasons, [Reason::NotTargetGroup]);
    let refused = student.push(&declare(&declared(&central))).await;
    assert_eq!((code(&refused), detail(&refused, "refusal").as_str()), (ProblemCode::StepRefused, "ended"));
    // Whoever has finished school says so, and stands where he or she stood.
    student.push(&works_as("job_seeker")).await;
    let back = case(&student).await;
    assert_eq!((back.state, back.facts.declarations, back.declarations), (S::ProfileCompleted, None, None));
    assert_eq!(student.push(&declare(&declared(&central))).await.status, Applied);
    student.push(&works_as("student")).await;
    assert_eq!(case(&student).await.state, S::Ineligible);
    student.push(&works_as("laid_off")).await;
    assert_eq!(case(&student).await.facts.declarations, Some(DeclarationsOutcome::Clear), "what was declared is kept");
    assert_eq!(
        notices(&student).await,
        [N::IdentitySubmitted, N::IdentityMatched, N::Ineligible, N::DeclarationsReceived, N::Ineligible]
    );

    // With the declarations, and beside a reason of theirs that nothing takes away.
    let person = with_profile(&central, &nik(2)).await;
    person.push(&works_as("student")).await;
    let mut given = declared(&central);
    given.answers.iter_mut().find(|answer| answer.id == "police").unwrap().answer = true;
    assert_eq!(person.push(&declare(&given)).await.status, Applied);
    let both = case(&person).await.declarations.unwrap().reasons;
    assert_eq!(both, [Reason::Police, Reason::NotTargetGroup]);
    person.push(&works_as("employee")).await;
    let last = case(&person).await;
    assert_eq!((last.state, last.declarations.unwrap().reasons), (S::Ineligible, vec![Reason::Police]));

    // Before the match, too, what is typed takes its reason back with it.
    let person = with_profile(&central, &nik(3)).await;
    person.push(&works_as("student")).await;
    assert_eq!(person.push(&declare(&declared(&central))).await.status, Applied);
    assert_eq!(case(&person).await.state, S::Ineligible);
    person.push(&works_as("employee")).await;
    assert_eq!(case(&person).await.state, S::NotStarted);
    assert_eq!(person.push(&submit()).await.status, Applied);
    until(&person, |case| case.state == S::ProfileCompleted).await;
    central.stop().await;
}
