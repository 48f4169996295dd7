//! Invented people with complete personal data, and what they do.

use prakerja_central::registration::forced;
use prakerja_domain::declaration::DeclarationAnswer;
use prakerja_domain::profile::ProfileField::{self, *};
use prakerja_domain::registration::{DocumentState, FaceCheck, Facts, IdentityMatch};
use prakerja_domain::scheme::{ConsentMoment, SCHEME_2023, Scheme};
use prakerja_protocol::application::{NoticeKind, NoticeRecord};
use prakerja_protocol::registration::{
    ConsentGiven, DeclarationsSubmit, FaceSession, IdentitySubmit, NewFaceSession, PhoneCodeSent, RegistrationRecord,
};
use prakerja_protocol::sync::{Change, Command, CommandEnvelope, CommandResult, CommandStatus, Page};
use reqwest::Response;
use serde::Serialize;
use uuid::Uuid;

use crate::started::*;

pub(crate) const PHONE: &str = "+6281234567890";
pub(crate) const KK: &str = "2171010506180007";

/// Synthetic numbers of women born on 1 February 2003.
pub(crate) fn nik(serial: u32) -> String {
    format!("217101410203{serial:04}")
}

/// Complete personal data.
pub(crate) fn complete(nik: &str) -> Vec<(ProfileField, String)> {
    [
        (FullName, "Sari Wulandari"),
        (Nik, nik),
        (KkNumber, KK),
        (BirthDate, "2003-02-01"),
        (Gender, "female"),
        (Phone, PHONE),
        (KtpAddress, "Jl. Melati Sunyi 17, RT 01/RW 02"),
        (KtpRegion, "2171041003"),
        (DomicileSameAsKtp, "yes"),
        (EducationLevel, "sma_smk"),
        (MaritalStatus, "single"),
        (DependantsCount, "0"),
        (EmploymentStatus, "job_seeker"),
        (TrainingInterests, "office"),
    ]
    .map(|(field, value)| (field, value.to_owned()))
    .to_vec()
}

pub(crate) fn patch_of(fields: &[(ProfileField, String)]) -> CommandEnvelope {
    let fields: Vec<_> = fields.iter().map(|(field, value)| (*field, Some(value.as_str()))).collect();
    patch(None, &fields)
}

/// What the schemes ask to consent to at a moment.
pub(crate) fn consents(moment: ConsentMoment) -> Vec<ConsentGiven> {
    let scheme = Scheme::read(SCHEME_2023).unwrap();
    let given =
        |id: &str, version: &str| ConsentGiven { id: id.into(), version: version.into(), given_at: NOW - 4_000 };
    scheme.consents_at(moment).map(|consent| given(&consent.id, &consent.version)).collect()
}

pub(crate) fn submit() -> CommandEnvelope {
    command(&Command::IdentitySubmit(IdentitySubmit { consents: consents(ConsentMoment::Identity) }), "profile")
}

/// Somebody whose personal data is complete.
pub(crate) async fn with_profile(central: &Started, nik: &str) -> Person {
    let person = central.person().await;
    let result = person.push(&patch_of(&complete(nik))).await;
    assert_eq!(result.status, CommandStatus::Applied, "{result:?}");
    person
}

/// Somebody whom the registry knows.
pub(crate) async fn matched(central: &Started, nik: &str) -> Person {
    let person = with_profile(central, nik).await;
    assert_eq!(person.push(&submit()).await.status, CommandStatus::Applied);
    until(&person, |case| case.facts.identity == Some(IdentityMatch::Matched)).await;
    person
}

/// Somebody whose photo was accepted, by means that are not this test's.
pub(crate) async fn with_photo(central: &Started, nik: &str) -> Person {
    let person = matched(central, nik).await;
    let facts = case(&person).await.facts;
    let facts = Facts { ktp_photo: Some(DocumentState::Accepted), ..facts };
    forced::facts(&central.central, person.id, facts).await.unwrap();
    person
}

/// Somebody whose face was verified as well: the phone comes next.
pub(crate) async fn with_face(central: &Started, nik: &str) -> Person {
    let person = with_photo(central, nik).await;
    let facts = Facts { face: Some(FaceCheck::Verified), ..case(&person).await.facts };
    forced::facts(&central.central, person.id, facts).await.unwrap();
    person
}

/// All changes of a person's feed.
pub(crate) async fn feed(person: &Person) -> (Vec<Change>, String) {
    let mut page = person.pull(None).await;
    let mut changes = std::mem::take(&mut page.changes);
    while page.more {
        page = person.pull(Some(&page.cursor)).await;
        changes.append(&mut page.changes);
    }
    (changes, page.cursor)
}

pub(crate) fn case_in(changes: &[Change]) -> Option<RegistrationRecord> {
    let change = changes.iter().rev().find(|change| change.kind == "registration")?;
    Some(serde_json::from_value(change.data.clone().unwrap()).unwrap())
}

/// The newest registration record.
pub(crate) async fn case(person: &Person) -> RegistrationRecord {
    case_in(&feed(person).await.0).expect("there is no case yet")
}

/// Waits by long-polls until the case is as wanted.
pub(crate) async fn until(person: &Person, wanted: impl Fn(&RegistrationRecord) -> bool) -> RegistrationRecord {
    let (mut changes, mut cursor) = feed(person).await;
    for _ in 0..5 {
        if let Some(case) = case_in(&changes).filter(&wanted) {
            return case;
        }
        let page: Page = read(person.get("/v1/sync/pull").query(&[("cursor", cursor.as_str()), ("wait", "10")])).await;
        changes.extend(page.changes);
        cursor = page.cursor;
    }
    panic!("it never came so: {:?}", case_in(&changes));
}

/// What the person was told, in order.
pub(crate) async fn notices(person: &Person) -> Vec<NoticeKind> {
    let (changes, _) = feed(person).await;
    let notices = changes.into_iter().filter(|change| change.kind == "notice");
    notices.map(|change| serde_json::from_value::<NoticeRecord>(change.data.unwrap()).unwrap().what).collect()
}

/// `POST` with a key.
pub(crate) async fn post<T: Serialize>(person: &Person, path: &str, key: Uuid, body: Option<&T>) -> Response {
    let request = person.post_to(path).header("idempotency-key", format!("\"{key}\""));
    let request = match body {
        Some(body) => request.json(body),
        None => request,
    };
    request.send().await.unwrap()
}

pub(crate) async fn ask_code(person: &Person, key: Uuid) -> Response {
    post::<()>(person, "/v1/phone/code", key, None).await
}

pub(crate) async fn code_sent(person: &Person) -> PhoneCodeSent {
    ok(ask_code(person, Uuid::new_v4()).await).await
}

pub(crate) async fn confirm(person: &Person, key: Uuid, code: &str) -> Response {
    post(person, "/v1/phone/confirm", key, Some(&serde_json::json!({ "code": code }))).await
}

pub(crate) async fn begin_face(person: &Person, key: Uuid) -> Response {
    let consents = consents(ConsentMoment::Face).into_iter().map(|given| (given.id, given.version)).collect();
    post(person, "/v1/face/sessions", key, Some(&NewFaceSession { consents })).await
}

pub(crate) async fn face_session(person: &Person) -> FaceSession {
    ok(begin_face(person, Uuid::new_v4()).await).await
}

/// Sends a form of the sandbox's page.
pub(crate) async fn press_at(person: &Person, url: &str, outcome: &str) -> Response {
    person.http.post(format!("{url}?outcome={outcome}")).send().await.unwrap()
}

/// Presses a button of the sandbox's page.
pub(crate) async fn press(person: &Person, session: &FaceSession, outcome: &str) {
    let response = press_at(person, &session.url, outcome).await;
    let (status, page) = (response.status(), response.text().await.unwrap());
    assert!(status == 200 && page.contains("SANDBOX"), "{status} {page}");
}

/// Reads a 200.
pub(crate) async fn ok<T: serde::de::DeserializeOwned>(response: Response) -> T {
    assert_eq!(response.status(), 200, "{}", response.text().await.unwrap());
    response.json().await.unwrap()
}

/// Codes that were sent to a phone, newest first.
pub(crate) async fn codes(central: &Started, phone: &str) -> Vec<String> {
    let messages: serde_json::Value = read(central.get("/sandbox/mailbox.json").query(&[("to", phone)])).await;
    let messages = messages.as_array().unwrap().clone();
    messages.iter().map(|message| message["code"].as_str().unwrap().to_owned()).collect()
}

/// Waits for so many codes to a phone and gives the newest.
pub(crate) async fn code_number(central: &Started, phone: &str, count: usize) -> String {
    for _ in 0..2_000 {
        let codes = codes(central, phone).await;
        if codes.len() >= count {
            return codes[0].clone();
        }
        tokio::task::yield_now().await;
    }
    panic!("the code never came");
}

/// Answers that exclude nobody, and every consent.
pub(crate) fn declared(central: &Started) -> DeclarationsSubmit {
    let scheme: &Scheme = central.central.schemes.present();
    let answers = scheme.declarations.iter().map(|question| DeclarationAnswer {
        id: question.id.clone(),
        version: question.version.clone(),
        answer: question.excluded.is_some_and(|excluded| !excluded),
        answered_at: NOW - 5_000,
    });
    let consents = scheme.consents.iter().filter(|consent| consent.at == ConsentMoment::Declarations);
    let consents = consents.map(|consent| ConsentGiven {
        id: consent.id.clone(),
        version: consent.version.clone(),
        given_at: NOW - 4_000,
    });
    DeclarationsSubmit { scheme: scheme.version.clone(), answers: answers.collect(), consents: consents.collect() }
}

pub(crate) fn declare(given: &DeclarationsSubmit) -> CommandEnvelope {
    command(&Command::DeclarationsSubmit(given.clone()), "declarations")
}

pub(crate) fn detail(result: &CommandResult, name: &str) -> String {
    result.problem.as_ref().unwrap().details[name].as_str().unwrap().to_owned()
}
