//! The demo: its control routes, and `--fast`, where everything goes by itself.

use std::time::Duration;

use prakerja_central::clock::Clock;
use prakerja_central::state::Central;
use prakerja_domain::application::ApplicationState;
use prakerja_domain::wave::WaveState;
use prakerja_protocol::application::ApplicationRecord;
use prakerja_protocol::sync::CommandStatus;
use serde_json::Value;

use crate::applicant::*;
use crate::schemes::join_with;
use crate::started::*;

const PATIENCE: Duration = Duration::from_secs(240);

async fn control(central: &Started, path: &str) -> (u16, Value) {
    let response =
        reqwest::Client::new().post(format!("{}/sandbox/control/{path}", central.base)).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn journeys_decide_what_a_wave_gives() {
    let central = Started::sqlite().await;
    let (one, two) = (applicant(&central).await, applicant(&central).await);
    joined(&one, OPEN).await;
    joined(&two, OPEN).await;
    let (status, body) = control(&central, "waves/73/select?quota=1").await;
    assert_eq!((status, &body["sandbox"], &body["accepted"]), (200, &Value::Bool(true), &Value::from(1)), "{body}");
    let states = [application(&one).await.state, application(&two).await.state];
    assert_eq!(states.iter().filter(|state| **state == ApplicationState::Accepted).count(), 1, "{states:?}");
    assert_eq!(control(&central, "waves/73/close").await.0, 409);
    assert_eq!(control(&central, "waves/74/open").await.0, 200);
    let again = if states[0] == ApplicationState::Accepted { two } else { one };
    joined(&again, ANNOUNCED).await;
    let (status, _) = control(&central, "waves/74/close?grace_s=60").await;
    assert_eq!(status, 200);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fast_demo_goes_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    (config.fast, config.fast_close_after_s) = (true, 0);
    let central = Started::open(folder, config).await.unwrap();
    let person = applicant(&central).await;
    // The agreement has the same words in both schemes; that of 2020 asks one question more.
    let result = person.push(&join_with(47, &[false])).await;
    assert_eq!(result.status, CommandStatus::Applied, "{result:?}");
    let settled = async {
        loop {
            // The hour of the value comes when the test says so.
            central.central.clock.advance_ms(1_000);
            let applications: Vec<ApplicationRecord> = of_kind(&person, "application").await;
            if applications[0].state.is_settled() {
                return applications;
            }
            tokio::task::yield_now().await;
        }
    };
    let applications = tokio::time::timeout(PATIENCE, settled).await.expect("settled in time");
    assert_eq!(applications[0].state, ApplicationState::Accepted, "there are places for everybody");
    let membership = memberships(&person).await.remove(0);
    assert_eq!((membership.scheme.as_str(), membership.balance_idr), ("2020", 1_000_000));
    let others = applications[0].drawn.as_ref().unwrap().of;
    assert!(others > 20, "{others} took part");
    central.stop().await;
}

/// Goes on until a wave is open that is none of the fast demo's first ones.
async fn next_wave(central: &Started) -> u32 {
    let opened = async {
        loop {
            central.central.clock.advance_ms(1_000);
            let waves = prakerja_central::office::waves::list(&central.central).await.unwrap();
            if let Some(next) = waves.iter().find(|it| it.wave.number > 74 && it.state == WaveState::Open) {
                return next.wave.number;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, opened).await.expect("there is always a wave to join")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plain_demo_that_is_started_fast_becomes_a_fast_one_that_never_ends() {
    let plain = Started::sqlite().await;
    let early = applicant(&plain).await;
    joined(&early, OPEN).await;
    plain.stop().await;
    let Started { folder, .. } = plain;
    let mut config = config(folder.path());
    (config.fast, config.fast_close_after_s) = (true, 0);
    let central = Started::open(folder, config).await.unwrap();
    let waves = prakerja_central::office::waves::list(&central.central).await.unwrap();
    let quotas: Vec<(u32, u64)> = waves.iter().map(|it| (it.wave.number, it.wave.quota)).collect();
    assert_eq!(quotas, [(47, 5_000), (72, 200), (73, 200), (74, 5_000)], "what was joined stays");
    // Wave 73 is drawn for the early one, 74 opens and is drawn for the next; then there is another.
    let settled = async |person: &Person| {
        let settled = async {
            loop {
                central.central.clock.advance_ms(1_000);
                let all: Vec<ApplicationRecord> = of_kind(person, "application").await;
                if all.iter().all(|application| application.state.is_settled()) {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, settled).await.expect("settled in time");
    };
    settled(&central.device_of(early.id).await).await;
    let late = applicant(&central).await;
    let opened = async {
        while late.push(&join(ANNOUNCED)).await.status != CommandStatus::Applied {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, opened).await.expect("wave 74 opens");
    settled(&late).await;
    assert_eq!(next_wave(&central).await, 75);
    joined(&applicant(&central).await, 75).await;
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fast_demo_that_is_started_again_after_days_has_a_wave_to_join() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    (config.fast, config.fast_close_after_s) = (true, 0);
    let central = Started::open(folder, config.clone()).await.unwrap();
    let person = applicant(&central).await;
    joined(&person, OPEN).await;
    let is_open = async |central: &Central, step_ms: i64| {
        let opened = async {
            loop {
                central.clock.advance_ms(step_ms);
                let waves = prakerja_central::office::waves::list(central).await.unwrap();
                if waves.iter().any(|it| it.wave.number == ANNOUNCED && it.state == WaveState::Open) {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, opened).await.expect("wave 74 opens");
    };
    // Wave 73 is drawn, and 74 opens; nobody joins it. (A clock that runs faster passes the hour of every public value
    // before its commitment is written.)
    is_open(&central.central, 10).await;
    central.stop().await;
    let later = central.central.clock.now_ms() + 6 * 24 * 3_600_000;
    let again = Central::open(config, Clock::fake(later)).await.unwrap();
    is_open(&again, 0).await;
    again.close().await;
}
