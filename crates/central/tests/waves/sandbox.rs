//! The demo: its control routes, and `--fast`, where everything goes by itself.

use std::time::Duration;

use prakerja_domain::application::ApplicationState;
use prakerja_protocol::application::ApplicationRecord;
use prakerja_protocol::sync::CommandStatus;
use serde_json::Value;

use crate::applicant::*;
use crate::schemes::join_with;
use crate::started::*;

const PATIENCE: Duration = Duration::from_secs(60);

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
