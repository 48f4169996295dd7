//! What others bring about: how outside events move a registration from state to state, and which come too early, too
//! late or to nobody. Each row begins in a state and follows events; `No` leaves everything as it was.

use prakerja_central::config::{Config, Review};
use prakerja_central::documents::review::{self, Decision};
use prakerja_central::error::ApiError;
use prakerja_central::registration::{forced, operator};
use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::{DocumentRefusal, FaceCheck, Facts, IdentityMatch, RegistrationState as S};
use prakerja_protocol::application::AppealSubmit;
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::registration::{BlockReason, FaceSession, TestPaper, TestSubmit};
use prakerja_protocol::sync::Command;
use uuid::Uuid;

use crate::applicant::*;
use crate::started::*;
use crate::steps::journey;
use crate::uploads;

#[derive(Debug, Clone, Copy)]
enum Event {
    /// The person asks, and the registry answers as the sandbox does for a number that ends so.
    Registry(u32),
    /// A photo comes, good enough to be looked at.
    PhotoComes,
    /// The office's word on the photo.
    Photo(bool),
    /// The person begins a check, and the provider says.
    Face(&'static str),
    /// The office's word on the face.
    OfficeFace(bool),
    CodeSent,
    Code(bool),
    /// Another number of the phone.
    OtherPhone,
    /// The answers exclude the person, or they do not.
    Declares(bool),
    TestBegins,
    TestHandedIn,
    Block,
    Unblock,
}

#[derive(Debug, Clone, Copy)]
enum Then {
    To(S),
    /// Refused with this word or code.
    No(&'static str),
}

use Event::*;
use Then::{No, To};

type Row = (S, &'static [(Event, Then)]);

const FITS: Event = Registry(1);
const DIFFERS: Event = Registry(9);
const UNKNOWN: Event = Registry(5);
const RECIPIENT: Event = Registry(8);
const FAMILY_FULL: Event = Registry(7);

const REGISTRY: &[Row] = &[
    (S::NotStarted, &[(FITS, To(S::ProfileCompleted)), (FITS, No("done"))]),
    (S::NotStarted, &[(DIFFERS, To(S::NikMismatch)), (UNKNOWN, To(S::NikMismatch)), (FITS, To(S::ProfileCompleted))]),
    (
        S::NotStarted,
        &[(FAMILY_FULL, To(S::KkQuotaFull)), (FAMILY_FULL, To(S::KkQuotaFull)), (DIFFERS, To(S::NikMismatch))],
    ),
    (S::NotStarted, &[(RECIPIENT, To(S::NikAlreadyRecipient)), (FITS, No("ended"))]),
    (S::NikMismatch, &[(RECIPIENT, To(S::NikAlreadyRecipient))]),
    (S::KkQuotaFull, &[(FITS, To(S::ProfileCompleted))]),
    (S::NikSubmitted, &[(FITS, No("under_way"))]),
    (S::NikMatched, &[(FITS, No("done"))]),
    (S::Ineligible, &[(FITS, No("ended"))]),
    (S::TestEvaluated, &[(FITS, No("done"))]),
    // What came before its turn counts when the registry has answered.
    (S::NotStarted, &[(Declares(true), To(S::NotStarted)), (FITS, To(S::Ineligible))]),
    (S::NotStarted, &[(Declares(false), To(S::NotStarted)), (FITS, To(S::ProfileCompleted))]),
    (S::NotStarted, &[(PhotoComes, To(S::NotStarted)), (FITS, To(S::KtpPhotoSubmitted))]),
    (
        S::NotStarted,
        &[(PhotoComes, To(S::NotStarted)), (Photo(true), To(S::NotStarted)), (FITS, To(S::KtpPhotoAccepted))],
    ),
];

const PHOTO: &[Row] = &[
    (
        S::ProfileCompleted,
        &[(Photo(true), No("not-found")), (PhotoComes, To(S::KtpPhotoSubmitted)), (PhotoComes, No("under_way"))],
    ),
    (
        S::ProfileCompleted,
        &[
            (PhotoComes, To(S::KtpPhotoSubmitted)),
            (Photo(true), To(S::KtpPhotoAccepted)),
            (Photo(false), No("already-applied")),
        ],
    ),
    (
        S::ProfileCompleted,
        &[
            (PhotoComes, To(S::KtpPhotoSubmitted)),
            (Photo(false), To(S::KtpPhotoRejected)),
            (Photo(true), No("already-applied")),
            (PhotoComes, To(S::KtpPhotoSubmitted)),
            (Photo(true), To(S::KtpPhotoAccepted)),
            (PhotoComes, No("done")),
        ],
    ),
];

const FACE: &[Row] = &[
    (S::ProfileCompleted, &[(Face("pass"), No("too_early"))]),
    (S::KtpPhotoAccepted, &[(Face("pass"), To(S::FaceVerified)), (Face("fail"), No("done"))]),
    (S::KtpPhotoAccepted, &[(Face("fail"), To(S::FaceFailed)), (Face("pass"), To(S::FaceVerified))]),
    (
        S::KtpPhotoAccepted,
        &[
            (OfficeFace(true), No("too_early")),
            (Face("fail"), To(S::FaceFailed)),
            (OfficeFace(true), No("too_early")),
            (Face("fail"), To(S::FaceFailed)),
            (Face("fail"), To(S::ManualReview)),
            (Face("pass"), No("under_way")),
            (OfficeFace(false), To(S::FaceFailed)),
            (Face("pass"), To(S::FaceVerified)),
            (OfficeFace(false), No("too_early")),
        ],
    ),
    (S::ManualReview, &[(OfficeFace(true), To(S::FaceVerified))]),
    (S::FacePending, &[(Face("pass"), To(S::FaceVerified))]),
    (S::Ineligible, &[(Face("pass"), No("ended"))]),
];

const REST: &[Row] = &[
    (S::KtpPhotoAccepted, &[(CodeSent, No("too_early")), (Code(true), No("too_early"))]),
    (
        S::FaceVerified,
        &[
            (Code(true), No("too_early")),
            (CodeSent, To(S::PhoneOtpSent)),
            (Code(false), No("wrong-code")),
            (Code(true), To(S::PhoneVerified)),
            (CodeSent, No("done")),
            (OtherPhone, To(S::FaceVerified)),
        ],
    ),
    (S::PhoneOtpSent, &[(OtherPhone, To(S::FaceVerified)), (Code(true), No("too_early"))]),
    (S::PhoneVerified, &[(Declares(false), To(S::TestAvailable)), (Declares(true), No("done"))]),
    (
        S::PhoneVerified,
        &[(TestBegins, No("too_early")), (Declares(true), To(S::Ineligible)), (Declares(false), No("ended"))],
    ),
    (
        S::TestAvailable,
        &[
            (TestHandedIn, No("too_early")),
            (TestBegins, To(S::TestInProgress)),
            (TestHandedIn, To(S::TestEvaluated)),
            (TestBegins, No("done")),
            (TestHandedIn, No("done")),
        ],
    ),
    // The number that was verified is another's now: the phone is open again, and nothing else.
    (S::TestEvaluated, &[(OtherPhone, To(S::FaceVerified)), (TestBegins, No("done"))]),
];

/// Somebody who lives through a row.
struct Life<'a> {
    central: &'a Started,
    person: Person,
    /// First digits of the numbers that are this person's in the sandbox, as a serial that ends in 0.
    serial: u32,
    document: Option<Uuid>,
    paper: Option<TestPaper>,
}

/// The word of a refusal: that of the step, or the code.
fn word_of(problem: &Problem) -> String {
    match problem.code {
        ProblemCode::StepRefused => problem.details["refusal"].as_str().unwrap().to_owned(),
        code => serde_json::to_value(code).unwrap().as_str().unwrap().to_owned(),
    }
}

fn office<T>(result: Result<T, ApiError>) -> Result<(), String> {
    match result {
        Ok(_) => Ok(()),
        Err(ApiError::Problem(problem)) => Err(word_of(&problem)),
        Err(other) => panic!("{other:?}"),
    }
}

async fn answer(response: reqwest::Response) -> Result<serde_json::Value, String> {
    if response.status().is_success() {
        return Ok(response.json().await.unwrap());
    }
    Err(word_of(&problem_of(response).await))
}

impl Life<'_> {
    async fn push(&self, command: &Command) -> Result<(), String> {
        let result = self.person.push(&crate::started::command(command, "row")).await;
        result.problem.map_or(Ok(()), |problem| Err(word_of(&problem)))
    }

    /// The event, until what follows from it is there.
    async fn happens(&mut self, event: Event) -> Result<(), String> {
        let (central, person) = (&self.central.central, &self.person);
        match event {
            Registry(digit) => {
                // Refused where it is frozen; what is asked about then does not matter.
                person.push(&patch(None, &[(ProfileField::Nik, Some(&nik(self.serial + digit)))])).await;
                let asked = person.push(&submit()).await;
                asked.problem.map_or(Ok(()), |problem| Err(word_of(&problem)))?;
                until(person, |case| case.facts.identity != Some(IdentityMatch::Pending)).await;
                Ok(())
            }
            PhotoComes => {
                let photo = uploads::photo(self.central, prakerja_photo::specimen::SpecimenFault::None);
                self.push(&Command::DocumentAttach(photo.attach.clone())).await?;
                uploads::send_announced(person, &photo).await;
                self.document = Some(photo.attach.document);
                Ok(())
            }
            Photo(good) => {
                let refuse = Decision::Refuse { reason: DocumentRefusal::NotOriginal, note: None };
                let decision = if good { Decision::Accept } else { refuse };
                let document = self.document.unwrap_or_else(Uuid::now_v7);
                office(review::review(central, person.id, document, decision).await)
            }
            Face(result) => {
                let session = answer(begin_face(person, Uuid::new_v4()).await).await?;
                let session: FaceSession = serde_json::from_value(session).unwrap();
                press(person, &session, result).await;
                until(person, |case| case.facts.face != Some(FaceCheck::Pending)).await;
                Ok(())
            }
            OfficeFace(verified) => office(operator::decide_face(central, person.id, verified).await),
            CodeSent => answer(ask_code(person, Uuid::new_v4()).await).await.map(drop),
            Code(right) => {
                let waits = case(person).await.state == S::PhoneOtpSent;
                let sent = if waits { code_number(self.central, PHONE, 1).await } else { String::new() };
                let wrong = if sent == "111111" { "222222" } else { "111111" };
                let typed = if right && !sent.is_empty() { sent.as_str() } else { wrong };
                answer(confirm(person, Uuid::new_v4(), typed).await).await.map(drop)
            }
            OtherPhone => {
                let changed = person.push(&patch(None, &[(ProfileField::Phone, Some("081299990000"))])).await;
                changed.problem.map_or(Ok(()), |problem| Err(word_of(&problem)))
            }
            Declares(excluding) => {
                let mut given = declared(self.central);
                given.answers.iter_mut().find(|answer| answer.id == "police").unwrap().answer = excluding;
                self.push(&Command::DeclarationsSubmit(given)).await
            }
            TestBegins => {
                let paper = answer(post::<()>(person, "/v1/test/start", Uuid::new_v4(), None).await).await?;
                self.paper = Some(serde_json::from_value(paper).unwrap());
                Ok(())
            }
            TestHandedIn => {
                let attempt = self.paper.as_ref().map_or_else(Uuid::now_v7, |paper| paper.attempt);
                self.push(&Command::TestSubmit(TestSubmit { attempt })).await?;
                until(person, |case| case.state != S::TestSubmitted).await;
                Ok(())
            }
            Block => office(operator::block(central, person.id, BlockReason::Automation, None).await),
            Unblock => office(operator::unblock(central, person.id).await),
        }
    }
}

/// A central whose office looks at photos.
async fn central() -> Started {
    let folder = tempfile::tempdir().unwrap();
    let mut config: Config = config(folder.path());
    config.documents.review = Some(Review::Office);
    Started::open(folder, config).await.unwrap()
}

fn facts_of(state: S) -> Facts {
    journey().into_iter().find(|(named, _)| *named == state).unwrap().1
}

async fn live(central: &Started, rows: &[Row]) {
    for (nth, (from, events)) in (1..).zip(rows) {
        let serial = nth * 10;
        let person = with_profile(central, &nik(serial)).await;
        let complete = case(&person).await.facts.profile_complete;
        let facts = Facts { profile_complete: complete && *from != S::NikMatched, ..facts_of(*from) };
        forced::facts(&central.central, person.id, facts).await.unwrap();
        let mut life = Life { central, person, serial, document: None, paper: None };
        for (at, (event, then)) in events.iter().enumerate() {
            let before = case(&life.person).await;
            let came = life.happens(*event).await;
            let after = case(&life.person).await;
            let place = format!("row {nth} from {from:?}, event {at}: {event:?}");
            match then {
                To(state) => assert_eq!((came, after.state), (Ok(()), *state), "{place}"),
                No(why) => {
                    assert_eq!(came, Err((*why).to_owned()), "{place}");
                    assert_eq!((after.state, after.facts), (before.state, before.facts), "{place}");
                }
            }
        }
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_registry_moves_a_registration() {
    live(&central().await, REGISTRY).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_moves_a_photo() {
    live(&central().await, PHOTO).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn provider_and_office_move_a_face_check() {
    live(&central().await, FACE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn phone_declarations_and_test_move_the_rest() {
    live(&central().await, REST).await;
}

/// States of an account after sign-up (domain.md 3.1), as far as the registration knows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Account {
    Active,
    Blocked,
    UnderAppeal,
}

#[derive(Debug, Clone, Copy)]
enum Word {
    Blocks,
    Lifts,
    Appeals,
    Grants,
    Denies,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn block_and_appeal_move_an_account_as_the_table_says() {
    use Account::{Active, Blocked, UnderAppeal};
    use Word::{Appeals, Blocks, Denies, Grants, Lifts};
    let table = [
        (Active, Blocks, Ok(Blocked)),
        (Active, Lifts, Ok(Active)),
        (Active, Appeals, Err("too_early")),
        (Active, Grants, Err("not-found")),
        (Active, Denies, Err("not-found")),
        (Blocked, Blocks, Ok(Blocked)),
        (Blocked, Lifts, Ok(Active)),
        (Blocked, Appeals, Ok(UnderAppeal)),
        (Blocked, Grants, Err("not-found")),
        (Blocked, Denies, Err("not-found")),
        (UnderAppeal, Blocks, Ok(UnderAppeal)),
        // The appeal stays open until it is answered.
        (UnderAppeal, Lifts, Ok(Active)),
        (UnderAppeal, Appeals, Err("under_way")),
        (UnderAppeal, Grants, Ok(Active)),
        (UnderAppeal, Denies, Ok(Blocked)),
    ];
    let central = central().await;
    for (from, word, to) in table {
        let mut account = Appealing { central: &central, person: central.person().await, open: None };
        let way: &[Word] = match from {
            Active => &[],
            Blocked => &[Blocks],
            UnderAppeal => &[Blocks, Appeals],
        };
        for step in way {
            account.hears(*step).await.unwrap();
        }
        let heard = account.hears(word).await;
        let expected = to.map(|_| ()).map_err(str::to_owned);
        assert_eq!((heard, account.stands().await), (expected, to.unwrap_or(from)), "{from:?} {word:?}");
    }
    central.stop().await;
}

struct Appealing<'a> {
    central: &'a Started,
    person: Person,
    open: Option<Uuid>,
}

impl Appealing<'_> {
    async fn hears(&mut self, word: Word) -> Result<(), String> {
        let (central, person) = (&self.central.central, self.person.id);
        let answered = self.open.unwrap_or_else(Uuid::now_v7);
        let done = match word {
            Word::Blocks => office(operator::block(central, person, BlockReason::TermsBroken, None).await),
            Word::Lifts => office(operator::unblock(central, person).await),
            Word::Grants => office(operator::answer_appeal(central, answered, true, "Dibuka.").await),
            Word::Denies => office(operator::answer_appeal(central, answered, false, "Tetap.").await),
            Word::Appeals => {
                let (appeal, text) = (Uuid::now_v7(), "Mohon dibuka.".to_owned());
                let sent = command(&Command::AppealSubmit(AppealSubmit { appeal, text }), "appeal");
                let refused = self.person.push(&sent).await.problem.map(|problem| word_of(&problem));
                if refused.is_none() {
                    self.open = Some(appeal);
                }
                refused.map_or(Ok(()), Err)
            }
        };
        if done.is_ok() && matches!(word, Word::Grants | Word::Denies) {
            self.open = None;
        }
        done
    }

    async fn stands(&self) -> Account {
        let blocked = case_in(&feed(&self.person).await.0).is_some_and(|case| case.facts.blocked);
        match (blocked, self.open) {
            (false, _) => Account::Active,
            (true, None) => Account::Blocked,
            (true, Some(_)) => Account::UnderAppeal,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_moves_no_state_and_is_lifted_from_each() {
    let central = central().await;
    for (nth, (state, facts)) in (1..).zip(journey()) {
        let person = with_profile(&central, &nik(nth * 10)).await;
        forced::facts(&central.central, person.id, facts).await.unwrap();
        let mut life = Life { central: &central, person, serial: nth * 10, document: None, paper: None };
        for (event, blocked) in [(Unblock, false), (Block, true), (Block, true), (Unblock, false), (Unblock, false)] {
            assert_eq!(life.happens(event).await, Ok(()));
            let case = case(&life.person).await;
            assert_eq!((case.state, case.facts), (state, Facts { blocked, ..facts }), "{event:?}");
            assert_eq!(case.blocked.is_some(), blocked);
            if blocked {
                assert_eq!(life.happens(Declares(true)).await, Err("blocked".to_owned()), "{state:?}");
            }
        }
    }
    let nobody = operator::block(&central.central, Uuid::now_v7(), BlockReason::Automation, None).await;
    assert_eq!(office(nobody), Err("not-found".to_owned()));
    central.stop().await;
}
