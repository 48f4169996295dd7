//! Each wave by its own scheme, and several applications beside each other.

use std::collections::BTreeMap;

use prakerja_app::ipc::ErrorCode;
use prakerja_app::ipc::wave::WaveRow;
use prakerja_app::{App, Uuid};
use prakerja_domain::admission::{TestScore, Unfit};
use prakerja_domain::application::ApplicationState;
use prakerja_domain::eligibility::Reason;
use prakerja_domain::registration::{Facts, StepRefusal, TestProgress};
use prakerja_protocol::registration::{RegistrationRecord, TestStatus};
use serde_json::{Value, json};

use super::desk::{DAY, Desk, HOUR, NOW, PERSON, complete, profile, record};

/// Of the scheme of 2020.
const OLD: u32 = 47;
/// Of the scheme of 2023.
const NEW: u32 = 73;

/// Both are open.
fn waves() -> Value {
    let wave = |number: u32, scheme: &str| {
        json!({ "number": number, "opens_at": NOW - DAY, "closes_at": NOW + DAY,
        "scheme": scheme, "quota": 1000 })
    };
    json!([wave(OLD, "2020"), wave(NEW, "2023")])
}

fn registered(scheme: &str, facts: Facts, score: Option<(usize, usize)>) -> Value {
    let mut record: RegistrationRecord = serde_json::from_value(record(facts)).unwrap();
    record.scheme = scheme.to_owned();
    record.test = Some(TestStatus {
        attempt: Uuid::from_u128(4),
        started_at: NOW - HOUR,
        ends_at: NOW,
        closes_at: None,
        submitted_at: Some(NOW),
        result_by: None,
        evaluated_at: Some(NOW),
        score: score.map(|(right, of)| TestScore { right, of, motivation: 9, motivation_of: 18 }),
    });
    serde_json::to_value(record).unwrap()
}

async fn row(app: &App, wave: u32) -> WaveRow {
    app.get_waves().await.unwrap().waves.into_iter().find(|row| row.number == wave).unwrap()
}

fn agreed() -> Vec<String> {
    vec!["card_agreement".to_owned(), "return_if_wrong".to_owned()]
}

fn other_aid(answer: bool) -> BTreeMap<String, bool> {
    BTreeMap::from([("other_aid".to_owned(), answer)])
}

#[tokio::test]
async fn each_wave_is_judged_by_its_own_scheme() {
    let not_passed = Facts { test: Some(TestProgress::NotPassed), ..complete() };
    let unfit = |reasons: &[Reason], test| Some(Unfit { reasons: reasons.to_vec(), test });
    let cases = [
        ("passed in 2023", registered("2023", complete(), Some((12, 24))), "2003-02-01", [(None, None), (None, None)]),
        (
            "not passed in 2023",
            registered("2023", not_passed, Some((3, 24))),
            "2003-02-01",
            [(None, None), (Some(StepRefusal::NotPassed), None)],
        ),
        (
            "five of fourteen in 2020",
            registered("2020", complete(), Some((5, 14))),
            "2003-02-01",
            [(None, None), (None, unfit(&[], true))],
        ),
        (
            "an old person in 2020",
            registered("2020", complete(), Some((14, 14))),
            "1950-02-01",
            [(None, None), (None, unfit(&[Reason::TooOld], false))],
        ),
        (
            "half-way",
            registered("2020", Facts { phone: None, ..complete() }, None),
            "2003-02-01",
            [(Some(StepRefusal::TooEarly), None), (Some(StepRefusal::TooEarly), None)],
        ),
    ];
    for (name, registration, birth_date, expected) in cases {
        let desk = Desk::new().await;
        desk.waves(waves()).await;
        let mut person = profile();
        person["fields"]["birth_date"] = json!(birth_date);
        desk.told(&[("profile", 1, person), ("registration", 0xA11CE, registration)]).await;
        let app = desk.open().await;
        for (wave, (refused, unfit)) in [OLD, NEW].into_iter().zip(expected) {
            let row = row(&app, wave).await;
            assert_eq!((row.refused, &row.unfit), (refused, &unfit), "{name}: {wave}");
            assert_eq!(row.joinable, refused.is_none() && unfit.is_none(), "{name}: {wave}");
            let code = match (refused, unfit) {
                (None, None) => continue,
                (Some(_), _) => ErrorCode::StepRefused,
                (None, Some(_)) => ErrorCode::SchemeUnfit,
            };
            let error = app.join_wave(wave, agreed(), other_aid(false)).await.unwrap_err();
            assert_eq!(error.code, code, "{name}: {wave}");
        }
        app.close().await;
    }
}

#[tokio::test]
async fn what_the_registration_did_not_ask_is_answered_with_joining() {
    let desk = Desk::new().await;
    desk.waves(waves()).await;
    let registration = registered("2023", complete(), Some((12, 24)));
    desk.told(&[("profile", 1, profile()), ("registration", 0xA11CE, registration)]).await;
    let app = desk.open().await;
    assert!(row(&app, NEW).await.questions.is_empty());
    let asked = row(&app, OLD).await.questions;
    assert_eq!(asked.iter().map(|it| (it.id.as_str(), it.answer)).collect::<Vec<_>>(), [("other_aid", None)]);
    assert_eq!(asked[0].excludes, Some((true, Reason::ReceivesOtherAid)));

    let missing = app.join_wave(OLD, agreed(), BTreeMap::new()).await.unwrap_err();
    let fields: Vec<_> = missing.fields.iter().map(|it| it.field.as_str()).collect();
    assert_eq!((missing.code, fields.as_slice()), (ErrorCode::Validation, &["declaration.other_aid"][..]));
    assert_eq!(app.join_wave(OLD, agreed(), other_aid(true)).await.unwrap_err().code, ErrorCode::SchemeUnfit);
    app.join_wave(OLD, agreed(), other_aid(false)).await.unwrap();
    app.close().await;
    let join = desk.with(async |store| store.waiting(PERSON).await.unwrap().remove(0)).await.payload;
    assert_eq!((&join["answers"][0]["id"], &join["answers"][0]["answer"]), (&json!("other_aid"), &json!(false)));
}

#[tokio::test]
async fn every_wave_has_its_own_application_and_the_open_one_stands_in_front() {
    let desk = Desk::new().await;
    desk.waves(waves()).await;
    let registration = registered("2023", complete(), Some((12, 24)));
    let application = |state: &str, drawn: Option<i64>| {
        let mut record = json!({ "wave": NEW, "state": state, "counted": "in_time", "received_at": NOW - HOUR,
            "blind": "00112233445566778899aabbccddeeff", "class": "general", "region": "21" });
        if let Some(at) = drawn {
            record["drawn"] = json!({ "position": 3, "of": 9, "passed_over": "total_full", "published_at": at });
        }
        record
    };
    desk.told(&[
        ("profile", 1, profile()),
        ("registration", 0xA11CE, registration),
        ("application", 7, application("not_accepted", Some(NOW - 1))),
    ])
    .await;
    let app = desk.open().await;
    assert_eq!(app.get_waves().await.unwrap().application.map(|it| it.wave), Some(NEW));
    let view = app.join_wave(OLD, agreed(), other_aid(false)).await.unwrap();
    let mine = view.application.unwrap();
    assert_eq!((mine.wave, mine.state), (OLD, None), "the lower number is the one that waits");
    let of = |wave: u32| view.waves.iter().find(|row| row.number == wave).unwrap().application.clone().unwrap();
    assert_eq!(of(NEW).state, Some(ApplicationState::NotAccepted));
    assert_eq!((of(OLD).application, of(OLD).command.is_some()), (mine.application, true), "it can be taken back");
    app.cancel_command(mine.command.unwrap()).await.unwrap();
    let view = app.get_waves().await.unwrap();
    assert_eq!(view.application.map(|it| it.wave), Some(NEW));
    assert!(view.waves.iter().any(|row| row.number == OLD && row.joinable && row.application.is_none()));
    app.close().await;
}
