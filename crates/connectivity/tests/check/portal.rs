//! Networks that want a login.

use prakerja_connectivity::{Options, SignUp, Stage, StageState, Target, Verdict};
use prakerja_testkit::fault_proxy::{FaultProxy, Mode, Plan, Portal};
use prakerja_testkit::tls::{Authority, TlsFront, Validity};

use crate::stub::{Stub, options, trusting};
use crate::{assert_says, fact, run, state};

const KINDS: [(Portal, &str); 3] =
    [(Portal::Html, "http 200"), (Portal::Redirect, "http 302"), (Portal::Required, "http 511")];

#[tokio::test]
async fn every_kind_of_portal_is_told_and_no_redirect_is_followed() {
    let stub = Stub::start().await;
    for (kind, status) in KINDS {
        let (proxy, target) = stub.behind_proxy().await;
        proxy.set(Plan::mode(Mode::Portal(kind))).await.unwrap();
        let report = run(&target, &options()).await;
        assert_eq!((report.verdict, report.sign_up), (Some(Verdict::Portal), SignUp::Stopped), "{kind:?}");
        assert_eq!((state(&report, Stage::Api), fact(&report, Stage::Api)), (StageState::Failed, Some(status)));
        assert_eq!((state(&report, Stage::Portal), fact(&report, Stage::Portal)), (StageState::Failed, Some(status)));
        assert_eq!(state(&report, Stage::Quality), StageState::Skipped);
        assert_says(&report, "Jaringan ini meminta login", "Buka halaman login jaringan ini dulu, lalu cek lagi.");
        assert_eq!(proxy.counters().requests, 2, "one question to the API, one in plain http");
    }
    assert_eq!(stub.says().probes, 0);
}

#[tokio::test]
async fn behind_a_portal_that_shows_its_own_certificate() {
    let stub = Stub::start().await;
    let portal = FaultProxy::start(stub.address).await.unwrap();
    let (ours, portals) = (Authority::new("Ours").unwrap(), Authority::new("Hotspot").unwrap());
    let front = TlsFront::start(portals.server(Validity::Now).unwrap(), stub.address).await.unwrap();
    let target = Target::parse(&front.base_url()).unwrap();
    let options = Options { portal_port: Some(portal.address().port()), ..trusting(&ours) };
    for (kind, _) in KINDS {
        portal.set(Plan::mode(Mode::Portal(kind))).await.unwrap();
        assert_eq!(run(&target, &options).await.verdict, Some(Verdict::Portal), "{kind:?}");
    }
    // Plain http comes through untouched: then it is not a login but an inspection.
    portal.restore().await.unwrap();
    assert_eq!(run(&target, &options).await.verdict, Some(Verdict::TlsBlocked));
}

#[tokio::test]
async fn behind_a_portal_that_drops_everything_but_plain_http() {
    let stub = Stub::start().await;
    let portal = FaultProxy::start(stub.address).await.unwrap();
    portal.set(Plan::mode(Mode::Portal(Portal::Html))).await.unwrap();
    let authority = Authority::new("Ours").unwrap();
    let front = TlsFront::start(authority.server(Validity::Now).unwrap(), stub.address).await.unwrap();
    let line = FaultProxy::start(front.address()).await.unwrap();
    let target = Target::parse(&format!("https://localhost:{}", line.address().port())).unwrap();
    let options = Options { portal_port: Some(portal.address().port()), ..trusting(&authority) };
    line.set(Plan::mode(Mode::Reset)).await.unwrap();
    assert_eq!(run(&target, &options).await.verdict, Some(Verdict::Portal));
    // With plain http open, whoever resets TLS blocks it.
    portal.restore().await.unwrap();
    assert_eq!(run(&target, &options).await.verdict, Some(Verdict::TlsBlocked));
    // With nothing open, nobody answers.
    portal.cut().await.unwrap();
    assert_eq!(run(&target, &options).await.verdict, Some(Verdict::ServerUnreachable));
    line.restore().await.unwrap();
    assert_eq!(run(&target, &options).await.verdict, Some(Verdict::Stable));
}
