//! Central itself is the matter: busy, down, newer than this app; or somebody else answers in its place.

use axum::http::StatusCode;
use prakerja_connectivity::{SignUp, Stage, StageState, Verdict};
use prakerja_protocol::probe::Load;
use prakerja_protocol::problem::ProblemCode;
use prakerja_testkit::fault_proxy::{Mode, Plan};

use crate::stub::{Answers, Stub, options};
use crate::{fact, run, state};

#[tokio::test]
async fn an_app_below_the_oldest_version_is_too_old() {
    let stub = Stub::start().await;
    stub.says().min_version = "0.2.0";
    let report = run(&stub.target(), &options()).await;
    assert_eq!((report.verdict, report.sign_up), (Some(Verdict::TooOld), SignUp::Stopped));
    assert_eq!(report.probe.unwrap().min_version, "0.2.0");
    assert_eq!(stub.says().probes, 1, "and is not asked any further");
}

#[tokio::test]
async fn genuine_problems_are_taken_at_their_word() {
    let rows = [
        (ProblemCode::ClientTooOld, 426, Verdict::TooOld),
        (ProblemCode::Busy, 503, Verdict::ServerBusy),
        (ProblemCode::RateLimited, 429, Verdict::ServerBusy),
        (ProblemCode::Internal, 500, Verdict::ServerDown),
    ];
    for (code, status, verdict) in rows {
        let stub = Stub::start().await;
        stub.says().answer = Answers::Problem(code, status);
        let report = run(&stub.target(), &options()).await;
        assert_eq!(report.verdict, Some(verdict), "{code:?}");
        assert_eq!(state(&report, Stage::Portal), StageState::Skipped, "central itself was heard");
    }
}

#[tokio::test]
async fn a_full_central_is_busy_and_left_alone() {
    let stub = Stub::start().await;
    stub.says().load = Load::Full;
    let report = run(&stub.target(), &options()).await;
    assert_eq!((report.verdict, report.sign_up), (Some(Verdict::ServerBusy), SignUp::Discouraged));
    assert_eq!(stub.says().probes, 1);
}

#[tokio::test]
async fn a_central_that_fills_up_meanwhile_is_left_alone() {
    let stub = Stub::start().await;
    stub.says().full_from = Some(4);
    let report = run(&stub.target(), &options()).await;
    assert_eq!(report.verdict, Some(Verdict::ServerBusy));
    assert_eq!(stub.says().probes, 4);
    assert_eq!(stub.says().uploaded, 0);
}

#[tokio::test]
async fn a_front_server_without_central_is_down() {
    let stub = Stub::start().await;
    let (proxy, target) = stub.behind_proxy().await;
    proxy.set(Plan::mode(Mode::BadGateway)).await.unwrap();
    let report = run(&target, &options()).await;
    assert_eq!((report.verdict, report.sign_up), (Some(Verdict::ServerDown), SignUp::Discouraged));
    assert_eq!(fact(&report, Stage::Api), Some("http 502"));
    // The same when plain http works.
    stub.says().answer = Answers::Html(StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(run(&stub.target(), &options()).await.verdict, Some(Verdict::ServerDown));
}

#[tokio::test]
async fn answers_without_the_mark_are_not_centrals() {
    let stub = Stub::start().await;
    stub.says().marked = false;
    let report = run(&stub.target(), &options()).await;
    assert_eq!(report.verdict, Some(Verdict::ServerUnreachable));
    assert_eq!((state(&report, Stage::Portal), fact(&report, Stage::Portal)), (StageState::Passed, Some("http 204")));
    for status in [StatusCode::OK, StatusCode::NOT_FOUND] {
        stub.says().answer = Answers::Html(status);
        assert_eq!(run(&stub.target(), &options()).await.verdict, Some(Verdict::ServerUnreachable), "{status}");
    }
}
