//! Connections that work: stable, slow, shaky.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use prakerja_connectivity::{CheckEvent, SignUp, Stage, StageState, Verdict, check};
use prakerja_protocol::probe::Load;
use prakerja_testkit::fault_proxy::{FaultKind, FaultProxy, Plan, When};
use prakerja_testkit::tls::{Authority, TlsFront, Validity};
use tokio::sync::oneshot;

use crate::stub::{Fixed, Stub, options, trusting};
use crate::{fact, run, state};

#[tokio::test]
async fn a_good_line_is_stable_and_every_step_is_told() {
    let stub = Stub::start().await;
    let mut events = Vec::new();
    let report = check::run(&stub.target(), &options(), |report, event| {
        assert!(report.running || matches!(event, CheckEvent::Finished(_)));
        events.push(event.clone());
    })
    .await;
    assert_eq!((report.verdict, report.sign_up), (Some(Verdict::Stable), SignUp::Open));
    let states: Vec<_> = Stage::ALL.map(|stage| (stage, state(&report, stage))).to_vec();
    assert_eq!(
        states,
        [
            (Stage::Name, StageState::Skipped),
            (Stage::Reach, StageState::Passed),
            (Stage::Secure, StageState::Skipped),
            (Stage::Api, StageState::Passed),
            (Stage::Portal, StageState::Skipped),
            (Stage::Quality, StageState::Passed),
            (Stage::Upload, StageState::Passed),
        ]
    );
    assert_eq!((fact(&report, Stage::Reach), fact(&report, Stage::Secure)), (Some("ipv4"), Some("loopback")));
    assert_eq!(fact(&report, Stage::Quality), Some("10/10"));
    assert_eq!((report.samples.len(), report.samples_planned), (10, 10));
    let figures = report.figures.unwrap();
    assert_eq!((figures.tries, figures.failed, figures.upload_failed), (10, 0, false));
    assert!(figures.cold_connect_ms.is_some());
    assert!(figures.upload_bps.unwrap() > 100_000.0);
    assert_eq!(stub.says().uploaded, (64 + 256) * 1024);
    assert!(report.clock_skew_ms.unwrap().abs() < 5_000);
    let probe = report.probe.unwrap();
    assert_eq!((probe.operator.as_str(), probe.demo), ("Uji", true));

    let samples = events.iter().filter(|event| matches!(event, CheckEvent::Sample(_))).count();
    assert_eq!(samples, 10);
    assert_eq!(events.last(), Some(&CheckEvent::Finished(Verdict::Stable)));
    let stages: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            CheckEvent::Stage(stage) if stage.state == StageState::Running => Some(stage.stage),
            _ => None,
        })
        .collect();
    assert_eq!(stages, [Stage::Reach, Stage::Api, Stage::Quality, Stage::Upload]);
}

#[tokio::test]
async fn all_tries_travel_on_one_warm_connection() {
    let stub = Stub::start().await;
    let (proxy, target) = stub.behind_proxy().await;
    assert_eq!(run(&target, &options()).await.verdict, Some(Verdict::Stable));
    // One to see that it is reached, one for all questions, one of the new ones for ten tries.
    assert_eq!(proxy.counters().connections, 3);
    assert_eq!(proxy.counters().requests, 1 + 10 + 2);
}

#[tokio::test]
async fn a_secure_line_is_stable_and_tells_who_vouches() {
    let stub = Stub::start().await;
    let authority = Authority::new("Otoritas Uji").unwrap();
    let front = TlsFront::start(authority.server(Validity::Now).unwrap(), stub.address).await.unwrap();
    let target = prakerja_connectivity::Target::parse(&front.base_url()).unwrap();
    let mut options = trusting(&authority);
    // The first address is dead, as IPv6 is on many networks.
    options.names = Arc::new(Fixed::to(&["::1", "127.0.0.1"]));
    let report = run(&target, &options).await;
    assert_eq!(report.verdict, Some(Verdict::Stable));
    assert_eq!((state(&report, Stage::Name), fact(&report, Stage::Name)), (StageState::Passed, Some("localhost")));
    assert_eq!(fact(&report, Stage::Reach), Some("ipv4"));
    assert_eq!(
        (state(&report, Stage::Secure), fact(&report, Stage::Secure)),
        (StageState::Passed, Some("Otoritas Uji"))
    );
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_systems_authorities_and_one_more() {
    let stub = Stub::start().await;
    let authority = Authority::new("Otoritas Uji").unwrap();
    let front = TlsFront::start(authority.server(Validity::Now).unwrap(), stub.address).await.unwrap();
    let target = prakerja_connectivity::Target::parse(&front.base_url()).unwrap();
    let trust = |roots| prakerja_connectivity::Options {
        trust: prakerja_connectivity::Trust::SystemAnd(roots),
        portal_port: Some(stub.address.port()),
        ..options()
    };
    assert_eq!(run(&target, &trust(vec![authority.certificate()])).await.verdict, Some(Verdict::Stable));
    let other = Authority::new("Lain").unwrap().certificate();
    assert_eq!(run(&target, &trust(vec![other])).await.verdict, Some(Verdict::TlsBlocked));
}

async fn with_round_trips_of(ms: u64) -> prakerja_connectivity::CheckReport {
    let stub = Stub::start().await;
    stub.says().budget.count = 2;
    let proxy = FaultProxy::start(stub.address).await.unwrap();
    proxy.set(Plan::default().round_trip(Duration::from_millis(ms))).await.unwrap();
    let mut options = options();
    options.measure_upload = false;
    run(&prakerja_connectivity::Target::parse(&proxy.base_url()).unwrap(), &options).await
}

#[tokio::test]
async fn round_trips_below_1400_ms_are_usable() {
    let report = with_round_trips_of(1_250).await;
    let figures = report.figures.unwrap();
    assert!((1_250.0..1_400.0).contains(&figures.median_ms), "{figures:?}");
    assert_eq!((report.verdict, report.sign_up), (Some(Verdict::Usable), SignUp::Open));
}

#[tokio::test]
async fn round_trips_above_1400_ms_are_poor() {
    let report = with_round_trips_of(1_410).await;
    let figures = report.figures.unwrap();
    assert!(figures.median_ms > 1_400.0, "{figures:?}");
    assert_eq!((report.verdict, report.sign_up), (Some(Verdict::Poor), SignUp::Discouraged));
    assert_eq!(figures.failed, 0);
}

#[tokio::test]
async fn thirty_percent_failing_tries_are_poor() {
    let stub = Stub::start().await;
    let (proxy, target) = stub.behind_proxy().await;
    let probes = prakerja_protocol::probe::PROBE_PATH;
    proxy.set(Plan::fault(FaultKind::Fail, When::Every(3)).on(probes)).await.unwrap();
    let report = run(&target, &options()).await;
    let figures = report.figures.as_ref().unwrap();
    assert_eq!((figures.tries, figures.failed), (10, 3));
    assert_eq!((report.verdict, report.sign_up), (Some(Verdict::Poor), SignUp::Discouraged));
    assert_eq!((state(&report, Stage::Quality), fact(&report, Stage::Quality)), (StageState::Failed, Some("7/10")));
}

#[tokio::test]
async fn one_failing_try_of_ten_is_usable() {
    let stub = Stub::start().await;
    let (proxy, target) = stub.behind_proxy().await;
    let probes = prakerja_protocol::probe::PROBE_PATH;
    proxy.set(Plan::fault(FaultKind::LoseAnswer, When::Every(7)).on(probes)).await.unwrap();
    let report = run(&target, &options()).await;
    assert_eq!(report.figures.unwrap().failed, 1);
    assert_eq!(report.verdict, Some(Verdict::Usable));
}

#[tokio::test]
async fn a_line_that_breaks_every_upload_is_poor() {
    let stub = Stub::start().await;
    let (proxy, target) = stub.behind_proxy().await;
    proxy.set("fail on /v1/health/sink".parse().unwrap()).await.unwrap();
    let report = run(&target, &options()).await;
    assert_eq!(report.verdict, Some(Verdict::Poor));
    assert_eq!(state(&report, Stage::Upload), StageState::Failed);
    assert!(report.figures.unwrap().upload_failed);
}

#[tokio::test]
async fn an_upload_that_nobody_takes_says_nothing_about_the_line() {
    let stub = Stub::start().await;
    stub.says().sink = axum::http::StatusCode::PAYLOAD_TOO_LARGE;
    let report = run(&stub.target(), &options()).await;
    assert_eq!(report.verdict, Some(Verdict::Stable));
    assert_eq!(report.figures.unwrap().upload_bps, None);
}

#[tokio::test]
async fn a_busy_central_is_asked_less() {
    let stub = Stub::start().await;
    stub.says().load = Load::High;
    stub.says().budget.count = 3;
    let report = run(&stub.target(), &options()).await;
    assert_eq!((report.verdict, report.samples.len()), (Some(Verdict::Stable), 3));
    assert_eq!(state(&report, Stage::Upload), StageState::Skipped);
    assert_eq!(stub.says().uploaded, 0);
}

#[tokio::test]
async fn dropping_the_check_ends_it() {
    let stub = Stub::start().await;
    stub.says().budget.count = 100;
    let (proxy, target) = stub.behind_proxy().await;
    let (third, reached) = oneshot::channel();
    let third = Mutex::new(Some(third));
    let options = options();
    let running = check::run(&target, &options, |report, _| {
        if report.samples.len() == 3
            && let Some(third) = third.lock().unwrap().take()
        {
            let _ = third.send(());
        }
    });
    tokio::select! {
        _ = running => panic!("a hundred tries before three"),
        reached = reached => reached.unwrap(),
    }
    let before = proxy.counters().requests;
    assert!(before < 100);
    // Whatever was still on its way would come before this check's end.
    run(&stub.target(), &options).await;
    assert_eq!(proxy.counters().requests, before);
}
