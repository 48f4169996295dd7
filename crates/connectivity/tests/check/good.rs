//! Connections that work: stable, slow, shaky.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use prakerja_connectivity::{CheckEvent, Options, SignUp, Stage, StageState, Target, Verdict, check};
use prakerja_protocol::probe::{Load, ProbeBudget};
use prakerja_testkit::fault_proxy::{Cut, CutHow, FaultKind, FaultProxy, Plan, When};
use prakerja_testkit::tls::{Authority, TlsFront, Validity};
use tokio::sync::oneshot;

use crate::stub::{Fixed, Stub, options, trusting};
use crate::{assert_says, fact, run, state};

/// Random lines; none of these loses three tries in a row at the very beginning.
const SEEDS: [u64; 6] = [1, 2, 3, 4, 5, 6];

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
    assert_eq!(stub.says().uploaded, (16 + 256) * 1024);
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

/// A check over TLS on a long line, where an answer may take less time than a connection and an answer do.
async fn with_round_trips_of(ms: u64) -> prakerja_connectivity::CheckReport {
    let stub = Stub::start().await;
    stub.says().budget.count = 3;
    let (target, mut options, _front, _line) = long_line(&stub, Plan::default(), ms).await;
    options.limits.api = Duration::from_millis(2_500);
    run(&target, &options).await
}

/// Central behind TLS behind a line with long round trips; hold the last two.
async fn long_line(stub: &Stub, plan: Plan, ms: u64) -> (Target, Options, TlsFront, FaultProxy) {
    let authority = Authority::new("Otoritas Uji").unwrap();
    let front = TlsFront::start(authority.server(Validity::Now).unwrap(), stub.address).await.unwrap();
    let line = FaultProxy::start(front.address()).await.unwrap();
    line.set(plan.round_trip(Duration::from_millis(ms))).await.unwrap();
    let target = Target::parse(&format!("https://localhost:{}", line.address().port())).unwrap();
    let options = Options { portal_port: Some(stub.address.port()), measure_upload: false, ..trusting(&authority) };
    (target, options, front, line)
}

#[tokio::test]
async fn round_trips_below_1400_ms_are_usable() {
    let report = with_round_trips_of(1_000).await;
    let figures = report.figures.as_ref().unwrap();
    assert!((1_000.0..1_400.0).contains(&figures.median_ms), "{figures:?}");
    assert_eq!((report.verdict, report.sign_up), (Some(Verdict::Usable), SignUp::Open));
    assert_says(&report, "Koneksi lambat, tapi bisa dipakai", "Kamu bisa mendaftar. Prosesnya sedikit lebih lama.");
}

#[tokio::test]
async fn a_long_line_that_breaks_off_is_opened_again_however_long_that_takes() {
    let stub = Stub::start().await;
    let budget = stub.says().budget;
    stub.says().budget = ProbeBudget { count: 6, timeout_ms: 1_300, ..budget };
    let mut plan = Plan::default();
    // A handshake and a few questions, then a reset.
    plan.up.cut = Some(Cut { after: 1_200, how: CutHow::Reset });
    let (target, options, _front, line) = long_line(&stub, plan, 800).await;
    let report = run(&target, &options).await;
    assert!(report.samples.iter().any(|sample| sample.ms.is_none()), "{:?}", line.counters());
    let pairs = report.samples.windows(2);
    let dead = pairs.filter(|pair| pair.iter().all(|sample| sample.ms.is_none())).count();
    assert_eq!(dead, 0, "{:?}", report.samples);
}

#[tokio::test]
async fn round_trips_above_1400_ms_are_poor() {
    let report = with_round_trips_of(1_410).await;
    let figures = report.figures.as_ref().unwrap();
    assert!(figures.median_ms > 1_400.0, "{figures:?}");
    assert_eq!((report.verdict, report.sign_up), (Some(Verdict::Poor), SignUp::Discouraged));
    assert_eq!(figures.failed, 0);
    assert_says(&report, "Koneksi tidak stabil", POOR);
}

const POOR: &str = "Sebaiknya simpan dulu dan selesaikan nanti. Kamu tetap bisa mencoba sekarang.";

#[tokio::test]
async fn a_first_question_that_fails_is_asked_again() {
    let stub = Stub::start().await;
    let (proxy, target) = stub.behind_proxy().await;
    for kind in [FaultKind::Fail, FaultKind::LoseAnswer] {
        proxy.set(Plan::fault(kind, When::Next(1)).on(prakerja_protocol::probe::PROBE_PATH)).await.unwrap();
        let report = run(&target, &options()).await;
        assert_eq!((report.verdict, state(&report, Stage::Api)), (Some(Verdict::Stable), StageState::Passed));
    }
}

#[tokio::test]
async fn a_line_on_which_thirty_percent_fails_is_poor_whichever_they_are() {
    let stub = Stub::start().await;
    stub.says().budget.count = 30;
    let (proxy, target) = stub.behind_proxy().await;
    for seed in SEEDS {
        proxy.set(Plan::fault(FaultKind::Fail, When::Random { share: 0.3, seed })).await.unwrap();
        let report = run(&target, &options()).await;
        assert_eq!((seed, report.verdict), (seed, Some(Verdict::Poor)), "{:?}", report.stages);
        assert_says(&report, "Koneksi tidak stabil", POOR);
    }
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

/// A check on a line that carries so many bytes a second towards central.
async fn with_uplink_of(bytes_per_s: u64, limit: Duration) -> prakerja_connectivity::CheckReport {
    let stub = Stub::start().await;
    stub.says().budget.count = 3;
    let (proxy, target) = stub.behind_proxy().await;
    let mut plan = Plan::default();
    plan.up.rate = Some(bytes_per_s);
    proxy.set(plan).await.unwrap();
    let mut options = options();
    (options.limits.upload, options.limits.upload_sending) = (limit, limit);
    run(&target, &options).await
}

#[tokio::test]
async fn a_slow_uplink_is_slow_and_not_broken() {
    // 131 kbit/s: 16 KiB in one second, where 64 KiB would need four.
    let report = with_uplink_of(16 * 1024, Duration::from_secs(3)).await;
    let figures = report.figures.as_ref().unwrap();
    assert!((60_000.0..140_000.0).contains(&figures.upload_bps.unwrap()), "{figures:?}");
    assert!(!figures.upload_failed);
    assert_eq!((report.verdict, state(&report, Stage::Upload)), (Some(Verdict::Usable), StageState::Passed));
}

#[tokio::test]
async fn an_uplink_too_slow_to_measure_is_estimated() {
    let report = with_uplink_of(2 * 1024, Duration::from_secs(4)).await;
    let figures = report.figures.as_ref().unwrap();
    // At most what 16 KiB in four seconds are.
    assert!((figures.upload_bps.unwrap() - 32_768.0).abs() < 330.0, "{figures:?}");
    assert!(!figures.upload_failed && figures.photo_s.is_some());
    assert_eq!((report.verdict, state(&report, Stage::Upload)), (Some(Verdict::Poor), StageState::Failed));
}

#[tokio::test]
async fn an_upload_that_nobody_takes_says_nothing_about_the_line() {
    let stub = Stub::start().await;
    stub.says().sink = axum::http::StatusCode::PAYLOAD_TOO_LARGE;
    let report = run(&stub.target(), &options()).await;
    assert_eq!(report.verdict, Some(Verdict::Stable));
    assert_eq!(state(&report, Stage::Upload), StageState::Skipped);
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
