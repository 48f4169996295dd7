//! The test: begun with a connection, answered without one, handed in by the clock.

use prakerja_app::App;
use prakerja_app::Uuid;
use prakerja_app::ipc::ErrorCode;
use prakerja_app::ipc::registration::{TestStage, TestView};
use prakerja_domain::registration::{Facts, TestProgress};
use serde_json::{Value, json};

use super::desk::{DAY, Desk, NOW, PERSON, complete, record};
use super::stub::{Say, Stub};
use super::support::wait::until;

const START: &str = "POST /v1/test/start";
const MINUTES: i64 = 60_000;
const ATTEMPT: Uuid = Uuid::from_u128(0x7E57);
const ENDS: i64 = NOW + 60 * MINUTES;
const CLOSES: i64 = ENDS + 2 * DAY;

fn paper() -> Value {
    let words = |text: &str| json!({ "id": text, "en": text });
    let item = |id: &str| {
        json!({ "id": id, "kind": "verbal", "text": words(id),
            "options": [{ "key": "a", "text": words("A") }, { "key": "b", "text": words("B") }] })
    };
    json!({ "attempt": ATTEMPT, "items": [item("v1"), item("v2"), item("v3")], "started_at": NOW, "ends_at": ENDS,
        "closes_at": CLOSES, "answers": { "v3": "b" } })
}

fn available() -> Facts {
    Facts { test: None, ..complete() }
}

/// A registration whose test stands so.
fn with_test(progress: TestProgress, more: &Value) -> Value {
    let mut told = record(Facts { test: Some(progress), ..complete() });
    told["test"] = json!({ "attempt": ATTEMPT, "started_at": NOW, "ends_at": ENDS });
    told["test"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    told
}

async fn begun() -> (Stub, Desk, App) {
    let stub = Stub::start().await;
    let desk = Desk::at(stub.url.clone()).await;
    desk.registered(available()).await;
    let app = desk.open().await;
    assert_eq!(app.get_test().await.unwrap().stage, TestStage::Available);
    stub.says(START, vec![Say::Json(paper())]);
    let view = app.start_test().await.unwrap();
    assert_eq!(view.stage, TestStage::Running);
    (stub, desk, app)
}

fn answers(view: &TestView) -> Vec<Option<&str>> {
    view.paper.as_ref().unwrap().items.iter().map(|item| item.answer.as_deref()).collect()
}

/// Commands that wait, in the order in which they will be sent.
async fn waiting(desk: &Desk) -> Vec<(String, Value)> {
    let rows = desk.with(async |store| store.waiting(PERSON).await.unwrap()).await;
    assert!(rows.iter().all(|row| row.lane == format!("test:{ATTEMPT}")));
    rows.into_iter().map(|row| (row.kind, row.payload)).collect()
}

#[tokio::test]
async fn neither_the_network_nor_a_restart_costs_an_answer() {
    let (stub, desk, app) = begun().await;
    assert_eq!(answers(&app.get_test().await.unwrap()), [None, None, Some("b")]);
    // From here on central answers nothing any more.
    app.answer_test("v1".into(), "a".into()).await.unwrap();
    app.answer_test("v2".into(), "a".into()).await.unwrap();
    app.answer_test("v1".into(), "b".into()).await.unwrap();
    for (item, choice) in [("v9", "a"), ("v1", "z")] {
        let refused = app.answer_test(item.into(), choice.into()).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::NotFound);
    }
    app.close().await;
    desk.clock.set(NOW + 10 * MINUTES);
    let app = desk.open().await;
    let resumed = app.get_test().await.unwrap();
    assert_eq!((resumed.stage, answers(&resumed)), (TestStage::Running, vec![Some("b"), Some("a"), Some("b")]));
    let paper = resumed.paper.unwrap();
    assert_eq!((paper.ends_at, paper.now), (ENDS, NOW + 10 * MINUTES));
    assert!(paper.unsent >= 2);
    assert_eq!(resumed.arrive_by, Some(ENDS), "without evidence of their time there is no grace");
    let again = app.start_test().await.unwrap();
    assert_eq!((again.stage, stub.asked(START).len()), (TestStage::Running, 1), "the paper is here");

    let done = app.submit_test().await.unwrap();
    let TestStage::Submitted { at, result_by, unsent } = done.stage else { panic!("{:?}", done.stage) };
    assert_eq!((at, done.now), (Some(NOW + 10 * MINUTES), NOW + 10 * MINUTES));
    assert!(result_by.is_none() && unsent >= 2 && done.paper.is_none(), "nobody knows when it will arrive");
    app.submit_test().await.unwrap();
    assert_eq!(app.answer_test("v1".into(), "a".into()).await.unwrap_err().code, ErrorCode::TestOver);
    app.close().await;
    let commands = waiting(&desk).await;
    let last = |item: &str| commands.iter().rev().find(|(_, payload)| payload["item"] == item).unwrap().1.clone();
    assert_eq!((&last("v1")["choice"], &last("v2")["choice"]), (&json!("b"), &json!("a")));
    let ends: Vec<_> = commands.iter().filter(|(kind, _)| kind == "test.submit").collect();
    assert!(ends.len() == 1 && commands.last() == Some(ends[0]), "handed in once, behind all answers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_answer_gets_behind_the_handing_in() {
    for _ in 0..5 {
        let (_stub, desk, app) = begun().await;
        let answers: Vec<_> = (0..12)
            .map(|nth| {
                let (app, item, choice) = (app.clone(), ["v1", "v2", "v3"][nth % 3], ["a", "b"][nth % 2]);
                tokio::spawn(async move { app.answer_test(item.into(), choice.into()).await })
            })
            .collect();
        let handed_in = tokio::spawn({
            let app = app.clone();
            async move { app.submit_test().await }
        });
        handed_in.await.unwrap().unwrap();
        for answer in answers {
            let answer = answer.await.unwrap();
            assert!(answer.is_ok() || answer.unwrap_err().code == ErrorCode::TestOver);
        }
        app.close().await;
        let kinds: Vec<_> = waiting(&desk).await.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds.iter().position(|kind| kind == "test.submit"), Some(kinds.len() - 1), "{kinds:?}");
    }
}

#[tokio::test]
async fn what_shows_its_time_may_arrive_later() {
    let (stub, desk, app) = begun().await;
    assert_eq!(app.get_test().await.unwrap().arrive_by, None, "nothing waits");
    app.close().await;
    stub.tells(NOW + MINUTES);
    let app = desk.open().await;
    until("central tells its time", || async { app.get_test().await.unwrap().paper.filter(|paper| paper.certain) })
        .await;
    app.answer_test("v1".into(), "a".into()).await.unwrap();
    assert_eq!(app.get_test().await.unwrap().arrive_by, Some(CLOSES));
    app.close().await;
}

#[tokio::test]
async fn a_refused_answer_is_counted_until_a_later_one_is_taken() {
    let (_stub, desk, app) = begun().await;
    let over = || Some(json!({ "code": "test-over", "status": 409, "title": "over" }));
    app.answer_test("v1".into(), "a".into()).await.unwrap();
    app.answer_test("v2".into(), "a".into()).await.unwrap();
    app.close().await;
    desk.answered("test.answer", "rejected", over()).await;
    desk.answered("test.answer", "rejected", over()).await;
    let app = desk.open().await;
    let view = app.get_test().await.unwrap();
    assert_eq!((view.refused, view.arrive_by, view.paper.unwrap().unsent), (2, None, 0));
    app.answer_test("v2".into(), "b".into()).await.unwrap();
    assert_eq!(app.get_test().await.unwrap().refused, 1, "the newest answer decides");
    app.close().await;
    desk.answered("test.answer", "applied", None).await;
    for progress in [TestProgress::Submitted, TestProgress::NotPassed] {
        desk.told(&[("registration", 0xA11CE, with_test(progress, &json!({ "submitted_at": NOW + 5 })))]).await;
        let app = desk.open().await;
        assert_eq!(app.get_test().await.unwrap().refused, 1, "also after the paper is gone");
        app.close().await;
    }
}

#[tokio::test]
async fn what_is_over_is_handed_in_by_itself() {
    let (stub, desk, app) = begun().await;
    app.answer_test("v1".into(), "a".into()).await.unwrap();
    app.close().await;
    // Nobody opens the test: central's clock is enough, and this computer's does not matter.
    stub.tells(ENDS + MINUTES);
    let app = desk.open().await;
    until("it is handed in", || async {
        app.look_at_the_clock().await.unwrap();
        let waiting = app.get_sync().await.unwrap().waiting;
        (waiting.len() == 2).then_some(())
    })
    .await;
    app.look_at_the_clock().await.unwrap();
    let view = app.get_test().await.unwrap();
    let TestStage::Submitted { at, .. } = view.stage else { panic!("{:?}", view.stage) };
    assert_eq!(at, Some(ENDS), "not later than its end");
    assert_eq!(app.answer_test("v1".into(), "b".into()).await.unwrap_err().code, ErrorCode::TestOver);
    app.close().await;
    let kinds: Vec<_> = waiting(&desk).await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["test.answer", "test.submit"]);
}

#[tokio::test]
async fn a_clock_that_somebody_set_ends_no_test() {
    let (stub, desk, app) = begun().await;
    app.answer_test("v1".into(), "a".into()).await.unwrap();
    app.close().await;
    desk.clock.set(ENDS + DAY);
    let app = desk.open().await;
    app.look_at_the_clock().await.unwrap();
    let view = app.get_test().await.unwrap();
    let paper = view.paper.unwrap();
    assert!(view.stage == TestStage::Running && paper.now > paper.ends_at && !paper.certain, "central has not spoken");
    app.answer_test("v2".into(), "b".into()).await.unwrap();
    app.close().await;
    let kinds: Vec<_> = waiting(&desk).await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["test.answer", "test.answer"], "nothing was handed in");

    stub.tells(NOW + 10 * MINUTES);
    let app = desk.open().await;
    let paper =
        until("central tells its time", || async { app.get_test().await.unwrap().paper.filter(|paper| paper.certain) })
            .await;
    assert!(paper.now >= NOW + 10 * MINUTES && paper.now < ENDS, "{}", paper.now);
    app.answer_test("v1".into(), "b".into()).await.unwrap();
    app.close().await;
    assert!(waiting(&desk).await.iter().all(|(kind, _)| kind == "test.answer"));
}

#[tokio::test]
async fn the_stage_follows_central_and_runs_never_ahead() {
    let (_stub, desk, app) = begun().await;
    app.submit_test().await.unwrap();
    app.close().await;
    let cases = [
        (with_test(TestProgress::InProgress, &json!({})), None),
        (
            with_test(TestProgress::Submitted, &json!({ "submitted_at": NOW + 5, "result_by": NOW + 9 })),
            Some(TestStage::Submitted { at: Some(NOW + 5), result_by: Some(NOW + 9), unsent: 0 }),
        ),
        (
            with_test(TestProgress::NotPassed, &json!({ "submitted_at": NOW + 5, "evaluated_at": NOW + 7 })),
            Some(TestStage::NotPassed { at: Some(NOW + 7), may_join: !must_pass() }),
        ),
        (
            with_test(TestProgress::Passed, &json!({ "submitted_at": NOW + 5, "evaluated_at": NOW + 7 })),
            Some(TestStage::Passed { at: Some(NOW + 7) }),
        ),
    ];
    for (told, expected) in cases {
        desk.told(&[("registration", 0xA11CE, told)]).await;
        let app = desk.open().await;
        let stage = app.get_test().await.unwrap().stage;
        match expected {
            Some(expected) => assert_eq!(stage, expected),
            None => assert!(matches!(stage, TestStage::Submitted { .. }), "handed in here: {stage:?}"),
        }
        app.close().await;
    }
}

fn must_pass() -> bool {
    prakerja_domain::scheme::Scheme::read(prakerja_domain::scheme::SCHEME_2023).unwrap().test.must_pass
}

#[tokio::test]
async fn a_test_that_central_took_back_can_be_begun_anew() {
    let (stub, desk, app) = begun().await;
    app.answer_test("v1".into(), "a".into()).await.unwrap();
    app.submit_test().await.unwrap();
    app.close().await;
    // A record from before the start says nothing about it.
    desk.registered(available()).await;
    let app = desk.open().await;
    assert!(matches!(app.get_test().await.unwrap().stage, TestStage::Submitted { .. }));
    app.close().await;

    let mut taken_back = record(available());
    taken_back["since"] = json!(NOW + MINUTES);
    desk.told(&[("registration", 0xA11CE, taken_back)]).await;
    let app = desk.open().await;
    let view = app.get_test().await.unwrap();
    assert_eq!((view.stage, view.paper, view.refused), (TestStage::Available, None, 0));
    assert_eq!(app.answer_test("v1".into(), "b".into()).await.unwrap_err().code, ErrorCode::StepRefused);
    let mut another = paper();
    another["attempt"] = json!(Uuid::from_u128(0x7E58));
    another["started_at"] = json!(NOW + 2 * MINUTES);
    another["answers"] = json!({});
    stub.says(START, vec![Say::Json(another)]);
    let view = app.start_test().await.unwrap();
    assert_eq!(
        (view.stage, answers(&view)),
        (TestStage::Running, vec![None, None, None]),
        "nothing of the old one is left"
    );
    app.close().await;
    let left = desk.with(async |store| store.waiting(PERSON).await.unwrap()).await;
    assert!(left.iter().all(|row| row.first_sent_at.is_some()), "what was never sent is not sent any more");
}

#[tokio::test]
async fn a_test_that_a_restored_central_knows_nothing_of_can_be_begun_anew() {
    let (_stub, desk, app) = begun().await;
    app.answer_test("v1".into(), "a".into()).await.unwrap();
    app.close().await;
    // The state of the registration is as old as it was: nothing in it is newer than the start.
    desk.restored(record(available())).await;
    let app = desk.open().await;
    let view = app.get_test().await.unwrap();
    assert_eq!((view.stage, view.paper), (TestStage::Available, None));
    app.close().await;
    let left = desk.with(async |store| store.waiting(PERSON).await.unwrap()).await;
    assert!(left.iter().all(|row| row.first_sent_at.is_some()), "what was never sent is not sent any more");
}

#[tokio::test]
async fn a_handing_in_that_was_refused_is_not_repeated_by_itself() {
    let (stub, desk, app) = begun().await;
    app.submit_test().await.unwrap();
    app.close().await;
    let over = json!({ "code": "test-over", "status": 409, "title": "over" });
    desk.answered("test.submit", "rejected", Some(over)).await;
    stub.tells(ENDS + MINUTES);
    let app = desk.open().await;
    // The person takes note of the refusal; the clock says that the test is over.
    let refused = app.get_sync().await.unwrap().waiting[0].command;
    app.cancel_command(refused).await.unwrap();
    until("central tells its time", || async {
        app.look_at_the_clock().await.unwrap();
        matches!(app.get_test().await.unwrap().stage, TestStage::Submitted { .. }).then_some(())
    })
    .await;
    assert!(app.get_sync().await.unwrap().waiting.is_empty());
    app.close().await;
}

#[tokio::test]
async fn a_test_that_was_begun_elsewhere_goes_on_here() {
    let stub = Stub::start().await;
    let desk = Desk::at(stub.url.clone()).await;
    desk.told(&[("registration", 0xA11CE, with_test(TestProgress::InProgress, &json!({})))]).await;
    let app = desk.open().await;
    let view = app.get_test().await.unwrap();
    assert!(view.stage == TestStage::Running && view.paper.is_none(), "its paper is not here");
    assert!(app.start_test().await.is_err(), "without a connection it cannot come");
    stub.says("GET /v1/test", vec![Say::Json(paper())]);
    let view = app.start_test().await.unwrap();
    assert_eq!(answers(&view), [None, None, Some("b")], "with the answers that arrived");
    assert!(stub.asked(START).is_empty());
    app.close().await;
}
