//! Every state and every step: central allows and refuses as the table says, and a refusal changes nothing.

use prakerja_central::registration::forced;
use prakerja_domain::registration::{Facts, RegistrationState as S, Step, TestProgress};
use prakerja_domain::scheme::ConsentMoment;
use prakerja_protocol::application::WaveJoin;
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::registration::{ConsentGiven, DocumentAttach, DocumentKind, TestAnswer, TestPaper, TestSubmit};
use prakerja_protocol::sync::Command;
use uuid::Uuid;

use crate::applicant::*;
use crate::journey::journey;
use crate::started::*;

/// The demo's open wave.
const OPEN_WAVE: u32 = 73;

/// What central says to each step in each state, for [`Step::ALL`]: submit_identity attach_photo start_face send_code
/// confirm_code declare start_test answer submit join. `+` it is done; `=` it was begun and is answered the same again;
/// refused: `x` ended, `.` too early, `d` done, `w` under way. Written out here and not asked of the domain, so that
/// the two are compared.
const TABLE: [(S, &str); 21] = [
    (S::NotStarted, "++...+...."),
    (S::NikSubmitted, "w+...+...."),
    (S::NikMismatch, "++...+...."),
    (S::KkQuotaFull, "++...+...."),
    (S::NikAlreadyRecipient, "xxxxxxxxxx"),
    (S::NikMatched, "d+...+...."),
    (S::ProfileCompleted, "d+...+...."),
    (S::KtpPhotoSubmitted, "dw...+...."),
    (S::KtpPhotoRejected, "d+...+...."),
    (S::KtpPhotoAccepted, "dd+..+...."),
    (S::FacePending, "dd+..+...."),
    (S::FaceFailed, "dd+..+...."),
    (S::ManualReview, "ddw..+...."),
    (S::FaceVerified, "ddd+.+...."),
    (S::PhoneOtpSent, "ddd+++...."),
    (S::PhoneVerified, "ddddd+...."),
    (S::Ineligible, "xxxxxxxxxx"),
    (S::TestAvailable, "dddddd+..."),
    (S::TestInProgress, "dddddd=++."),
    (S::TestSubmitted, "ddddddddd."),
    (S::TestEvaluated, "ddddddddd+"),
];

/// Somebody in a state, with what the state brings along: the test that runs, and the identity that joins a wave.
async fn stands(central: &Started, (state, facts): (S, Facts), serial: u32) -> (Person, Option<TestPaper>) {
    let person = match state {
        S::TestEvaluated => matched(central, &nik(serial)).await,
        _ => with_profile(central, &nik(serial)).await,
    };
    let mut paper = None;
    if facts.test == Some(TestProgress::InProgress) {
        let before = Facts { test: None, blocked: false, ..facts };
        forced::facts(&central.central, person.id, before).await.unwrap();
        paper = Some(ok(post::<()>(&person, "/v1/test/start", Uuid::new_v4(), None).await).await);
    }
    forced::facts(&central.central, person.id, facts).await.unwrap();
    (person, paper)
}

fn attach() -> Command {
    let (document, upload) = (Uuid::now_v7(), Uuid::now_v7());
    let sha256 = "00".repeat(32);
    let key = "k".to_owned();
    Command::DocumentAttach(DocumentAttach { document, upload, kind: DocumentKind::KtpPhoto, sha256, bytes: 9, key })
}

fn join(central: &Started) -> Command {
    let scheme = central.central.schemes.present();
    let agreement = scheme.consents.iter().filter(|consent| consent.at == ConsentMoment::Join);
    let given =
        |id: &str, version: &str| ConsentGiven { id: id.to_owned(), version: version.to_owned(), given_at: NOW };
    let consents = agreement.map(|consent| given(&consent.id, &consent.version)).collect();
    Command::WaveJoin(WaveJoin { application: Uuid::now_v7(), wave: OPEN_WAVE, consents, answers: Vec::new() })
}

/// Takes a step; a letter as in [`TABLE`], `b` for blocked, and what came with a refusal.
async fn say(central: &Started, person: &Person, step: Step, paper: Option<&TestPaper>) -> (char, Option<Problem>) {
    let attempt = paper.map_or_else(Uuid::now_v7, |paper| paper.attempt);
    let pushed = match step {
        Step::SubmitIdentity => Some(submit()),
        Step::AttachPhoto => Some(command(&attach(), "doc:ktp_photo")),
        Step::Declare => Some(declare(&declared(central))),
        Step::AnswerTest => {
            let first = paper.map(|paper| (paper.items[0].id.clone(), paper.items[0].options[0].key.clone()));
            let (item, choice) = first.unwrap_or_default();
            Some(command(&Command::TestAnswer(TestAnswer { attempt, item, choice }), "test"))
        }
        Step::SubmitTest => Some(command(&Command::TestSubmit(TestSubmit { attempt }), "test")),
        Step::JoinWave => Some(command(&join(central), "apply:73")),
        Step::StartFaceCheck | Step::SendPhoneCode | Step::ConfirmPhoneCode | Step::StartTest => None,
    };
    let problem = match (pushed, step) {
        (Some(envelope), _) => person.push(&envelope).await.problem,
        (None, step) => {
            let response = match step {
                Step::StartFaceCheck => begin_face(person, Uuid::new_v4()).await,
                Step::SendPhoneCode => ask_code(person, Uuid::new_v4()).await,
                Step::ConfirmPhoneCode => confirm(person, Uuid::new_v4(), "123456").await,
                _ => post::<()>(person, "/v1/test/start", Uuid::new_v4(), None).await,
            };
            match (response.status().is_success(), step, paper) {
                (true, Step::StartTest, Some(paper)) => {
                    assert_eq!(ok::<TestPaper>(response).await, *paper);
                    return ('=', None);
                }
                (true, ..) => None,
                (false, ..) => Some(problem_of(response).await),
            }
        }
    };
    let Some(problem) = problem else { return ('+', None) };
    // The code was never sent: that is another refusal than the step's.
    if step == Step::ConfirmPhoneCode && problem.code == ProblemCode::CodeExpired {
        return ('+', None);
    }
    assert_eq!((problem.code, problem.status), (ProblemCode::StepRefused, 409), "{step:?}: {problem:?}");
    let letter = match problem.details["refusal"].as_str().unwrap() {
        "blocked" => 'b',
        "ended" => 'x',
        "too_early" => '.',
        "done" => 'd',
        "under_way" => 'w',
        other => panic!("{other}"),
    };
    (letter, Some(problem))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_step_in_every_state_is_done_or_refused_as_the_table_says() {
    let central = Started::sqlite().await;
    let mut serial = 0;
    for ((state, facts), (named, row)) in journey().into_iter().zip(TABLE) {
        assert_eq!((state, row.len()), (named, Step::ALL.len()));
        for facts in [facts, Facts { blocked: true, ..facts }] {
            // Whoever was refused stands where he or she stood, and is asked the next.
            let mut who = None;
            let mut said = String::new();
            for step in Step::ALL {
                let (person, paper) = match who.take() {
                    Some(who) => who,
                    None => {
                        serial += 10;
                        stands(&central, (state, facts), serial).await
                    }
                };
                let (letter, refusal) = say(&central, &person, step, paper.as_ref()).await;
                said.push(letter);
                if let Some(problem) = refusal {
                    assert_eq!(problem.details["state"], serde_json::to_value(state).unwrap(), "{step:?}");
                    let case = case(&person).await;
                    assert_eq!((case.facts, case.state), (facts, state), "{step:?}: a refusal changes nothing");
                    who = Some((person, paper));
                }
            }
            let expected = match (facts.blocked, state) {
                (false, _) => row,
                // The time of the one attempt goes on: what is answered meanwhile is kept.
                (true, S::TestInProgress) => "bbbbbbb++b",
                (true, _) => "bbbbbbbbbb",
            };
            assert_eq!(said, expected, "{state:?}, blocked: {}", facts.blocked);
        }
    }
    central.stop().await;
}
