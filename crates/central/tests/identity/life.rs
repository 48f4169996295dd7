//! What others bring about, as a test may let it happen: the registry answers, the office decides, a code comes.

use prakerja_central::documents::review::{self, Decision};
use prakerja_central::error::ApiError;
use prakerja_central::registration::operator;
use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::{DocumentRefusal, FaceCheck, IdentityMatch, RegistrationState as S};
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::registration::{BlockReason, FaceSession, TestPaper, TestSubmit};
use prakerja_protocol::sync::Command;
use uuid::Uuid;

use crate::applicant::*;
use crate::started::*;
use crate::uploads;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Event {
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

use Event::*;

/// Somebody who lives through a row.
pub(crate) struct Life<'a> {
    central: &'a Started,
    pub(crate) person: Person,
    /// First digits of the numbers that are this person's in the sandbox, as a serial that ends in 0.
    serial: u32,
    document: Option<Uuid>,
    paper: Option<TestPaper>,
}

/// The word of a refusal: that of the step, or the code.
pub(crate) fn word_of(problem: &Problem) -> String {
    match problem.code {
        ProblemCode::StepRefused => problem.details["refusal"].as_str().unwrap().to_owned(),
        code => serde_json::to_value(code).unwrap().as_str().unwrap().to_owned(),
    }
}

pub(crate) fn office<T>(result: Result<T, ApiError>) -> Result<(), String> {
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

impl<'a> Life<'a> {
    pub(crate) fn new(central: &'a Started, person: Person, serial: u32) -> Self {
        Self { central, person, serial, document: None, paper: None }
    }

    async fn push(&self, command: &Command) -> Result<(), String> {
        let result = self.person.push(&crate::started::command(command, "row")).await;
        result.problem.map_or(Ok(()), |problem| Err(word_of(&problem)))
    }

    /// The event, until what follows from it is there.
    pub(crate) async fn happens(&mut self, event: Event) -> Result<(), String> {
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
            Unblock => office(operator::unblock(central, person.id, None).await),
        }
    }
}
