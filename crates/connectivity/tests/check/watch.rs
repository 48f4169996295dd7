//! The live watch follows the network and does not flicker.

use std::convert::Infallible;
use std::time::Duration;

use prakerja_connectivity::{SignUp, Stage, StageState, Verdict, WatchReport, watch};
use prakerja_protocol::probe::{Bounds, Thresholds};
use prakerja_testkit::fault_proxy::{FaultKind, Plan, When};
use tokio::sync::mpsc;

use crate::run;
use crate::stub::{Stub, options};

/// Bounds that are never reached.
const WIDE: Bounds = Bounds { failed_share: 1.0, median_ms: 1e9, p95_ms: 1e9, jitter_ms: 1e9, send_s: 1e9 };
/// Bounds that are always exceeded.
const NARROW: Bounds = Bounds { failed_share: 0.0, median_ms: 0.0, p95_ms: 0.0, jitter_ms: 0.0, send_s: 0.0 };

/// What the watch told, one try after the other.
struct Told(mpsc::UnboundedReceiver<WatchReport>);

impl Told {
    async fn next(&mut self) -> WatchReport {
        tokio::time::timeout(Duration::from_secs(10), self.0.recv()).await.unwrap().unwrap()
    }

    /// Waits for a verdict, for so many tries as outlive every window.
    async fn until(&mut self, verdict: Verdict) -> WatchReport {
        let mut seen = Vec::new();
        for _ in 0..200 {
            let report = self.next().await;
            if report.verdict == verdict {
                return report;
            }
            seen.push((report.verdict, report.samples.back().and_then(|sample| sample.ms)));
        }
        panic!("never {verdict:?}: {seen:?}");
    }
}

/// Checks, watches, and does something while watching.
async fn while_watching<T>(
    stub: &Stub,
    act: impl AsyncFnOnce(&prakerja_testkit::fault_proxy::FaultProxy, Told) -> T,
) -> T {
    let (proxy, target) = stub.behind_proxy().await;
    let options = options();
    let check = run(&target, &options).await;
    assert_eq!(check.verdict, Some(Verdict::Stable));
    let (tell, told) = mpsc::unbounded_channel();
    let watching = crate::movable(watch::run(&target, &options, &check, |report| {
        let _ = tell.send(report.clone());
    }));
    tokio::select! {
        never = watching => { let never: Infallible = never; match never {} }
        done = act(&proxy, Told(told)) => done,
    }
}

#[tokio::test]
async fn a_steady_line_stays_stable_and_sixty_tries_are_kept() {
    let stub = Stub::start().await;
    // Bounds that a busy machine does not reach; they come from central.
    stub.says().thresholds = Thresholds { stable: WIDE, ..Thresholds::default() };
    while_watching(&stub, async |_, mut told| {
        for count in 11..=75 {
            let report = told.next().await;
            assert_eq!(report.samples.len(), count.min(60));
            assert_eq!((report.verdict, report.sign_up), (Verdict::Stable, SignUp::Open));
            assert!(report.figures.tries <= 30);
        }
    })
    .await;
}

#[tokio::test]
async fn the_watch_tells_what_came_in_the_way_and_when_it_went() {
    let stub = Stub::start().await;
    while_watching(&stub, async |proxy, mut told| {
        told.next().await;
        proxy.cut().await.unwrap();
        let report = told.until(Verdict::ServerUnreachable).await;
        assert_eq!(report.sign_up, SignUp::Discouraged);
        assert!(report.samples.iter().rev().take(3).all(|sample| sample.ms.is_none()), "not after a single failure");
        proxy.set("portal-html".parse().unwrap()).await.unwrap();
        let report = told.until(Verdict::Portal).await;
        assert_eq!(report.sign_up, SignUp::Stopped);
        let state = |report: &WatchReport, stage| report.stages.iter().find(|it| it.stage == stage).unwrap().state;
        assert_eq!(state(&report, Stage::Portal), StageState::Failed, "the stages say the same");
        assert_eq!(state(&report, Stage::Quality), StageState::Skipped);
        proxy.restore().await.unwrap();
        let report = told.until(Verdict::Stable).await;
        assert_eq!(state(&report, Stage::Portal), StageState::Skipped);
        assert_eq!(state(&report, Stage::Quality), StageState::Passed);
        stub.says().load = prakerja_protocol::probe::Load::Full;
        told.until(Verdict::ServerBusy).await;
    })
    .await;
}

#[tokio::test]
async fn the_bounds_are_centrals() {
    let stub = Stub::start().await;
    stub.says().thresholds = Thresholds { stable: WIDE, ..Thresholds::default() };
    while_watching(&stub, async |_, mut told| {
        assert_eq!(told.next().await.verdict, Verdict::Stable);
        stub.says().thresholds = Thresholds { stable: NARROW, usable: WIDE, ..Thresholds::default() };
        told.until(Verdict::Usable).await;
        stub.says().thresholds = Thresholds { stable: NARROW, usable: NARROW, ..Thresholds::default() };
        told.until(Verdict::Poor).await;
    })
    .await;
    let options = options();
    assert_eq!(run(&stub.target(), &options).await.verdict, Some(Verdict::Poor));
}

#[tokio::test]
async fn single_failures_do_not_stop_anybody() {
    let stub = Stub::start().await;
    while_watching(&stub, async |proxy, mut told| {
        let probes = prakerja_protocol::probe::PROBE_PATH;
        proxy.set(Plan::fault(FaultKind::Fail, When::Every(12)).on(probes)).await.unwrap();
        for _ in 0..40 {
            let report = told.next().await;
            assert!(matches!(report.verdict, Verdict::Stable | Verdict::Usable), "{:?}", report.verdict);
        }
    })
    .await;
}
