//! Secure connections that fail, and dates that are wrong.

use std::time::Duration;

use prakerja_connectivity::{CheckReport, Options, SignUp, Stage, StageState, Target, Verdict};
use prakerja_testkit::clock::{FakeClock, real_now_ms};
use prakerja_testkit::fault_proxy::{Cut, CutHow, FaultProxy, Plan};
use prakerja_testkit::tls::{Authority, TlsFront, Validity};
use tokio::net::TcpSocket;

use crate::stub::{Stub, options, trusting};
use crate::{assert_says, fact, run, state};

const YEAR_MS: i64 = 365 * 86_400_000;

/// A port that is taken and never listens, for a plain http question that must stay without an answer.
fn dead_port() -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    socket
}

/// Where plain http is asked.
enum Plain {
    Answers,
    Nothing,
}

async fn check(validity: Validity, plain: Plain, change: impl FnOnce(&mut Options)) -> CheckReport {
    let stub = Stub::start().await;
    let authority = Authority::new("Otoritas Uji").unwrap();
    let front = TlsFront::start(authority.server(validity).unwrap(), stub.address).await.unwrap();
    let mut options = trusting(&authority);
    let dead = dead_port();
    options.portal_port = Some(match plain {
        Plain::Answers => stub.address.port(),
        Plain::Nothing => dead.local_addr().unwrap().port(),
    });
    change(&mut options);
    run(&Target::parse(&front.base_url()).unwrap(), &options).await
}

fn clock_at(now_ms: i64) -> impl FnOnce(&mut Options) {
    move |options| options.clock = FakeClock::at(now_ms).reader()
}

#[tokio::test]
async fn an_unknown_authority_blocks_and_is_named() {
    let other = Authority::new("Lain").unwrap();
    let report = check(Validity::Now, Plain::Answers, |options| options.trust = trusting(&other).trust).await;
    assert_eq!((report.verdict, report.sign_up), (Some(Verdict::TlsBlocked), SignUp::Stopped));
    assert_eq!(
        (state(&report, Stage::Secure), fact(&report, Stage::Secure)),
        (StageState::Failed, Some("Otoritas Uji"))
    );
    assert_eq!((state(&report, Stage::Api), state(&report, Stage::Portal)), (StageState::Skipped, StageState::Passed));
    assert_says(
        &report,
        "Sambungan aman diblokir",
        "Jaringan ini menghalangi atau memeriksa sambungan aman, atau sertifikat server bermasalah. Coba jaringan lain.",
    );
}

#[tokio::test]
async fn a_certificate_of_another_name_blocks() {
    let stub = Stub::start().await;
    let authority = Authority::new("Otoritas Uji").unwrap();
    let server = authority.server_for(&["elsewhere.example"], Validity::Now).unwrap();
    let front = TlsFront::start(server, stub.address).await.unwrap();
    let options = Options { portal_port: Some(stub.address.port()), ..trusting(&authority) };
    let report = run(&Target::parse(&front.base_url()).unwrap(), &options).await;
    assert_eq!(report.verdict, Some(Verdict::TlsBlocked));
}

#[tokio::test]
async fn what_is_no_tls_at_all_blocks() {
    let stub = Stub::start().await;
    let target = Target::parse(&format!("https://localhost:{}", stub.address.port())).unwrap();
    let options = Options { portal_port: Some(stub.address.port()), ..options() };
    assert_eq!(run(&target, &options).await.verdict, Some(Verdict::TlsBlocked));
}

#[tokio::test]
async fn a_reset_within_one_handshake_is_tried_again() {
    let stub = Stub::start().await;
    let authority = Authority::new("Otoritas Uji").unwrap();
    let front = TlsFront::start(authority.server(Validity::Now).unwrap(), stub.address).await.unwrap();
    let line = FaultProxy::start(front.address()).await.unwrap();
    let mut plan = Plan::default();
    plan.down.cut = Some(Cut { after: 100, how: CutHow::Reset });
    line.set(plan).await.unwrap();
    let target = Target::parse(&format!("https://localhost:{}", line.address().port())).unwrap();
    let mut options = Options { portal_port: Some(stub.address.port()), ..trusting(&authority) };
    // Every one of them ends, and plain http works: somebody ends them.
    let report = run(&target, &options).await;
    assert_eq!((report.verdict, line.counters().connections), (Some(Verdict::TlsBlocked), 3));
    // The line is mended while the check waits for its second try.
    options.limits.again = Duration::from_secs(1);
    let mending = async {
        line.wait_until(|seen| seen.connections == 4).await.unwrap();
        line.restore().await.unwrap();
    };
    let (report, ()) = tokio::join!(run(&target, &options), mending);
    assert_eq!(report.verdict, Some(Verdict::Stable));
    assert_eq!(state(&report, Stage::Secure), StageState::Passed);
}

#[tokio::test]
async fn certificates_at_fault_block_when_the_date_is_right() {
    for validity in [Validity::Expired, Validity::NotYet] {
        let report = check(validity, Plain::Answers, |_| {}).await;
        assert_eq!(report.verdict, Some(Verdict::TlsBlocked), "{validity:?}");
    }
    assert_eq!(check(Validity::Expired, Plain::Nothing, |_| {}).await.verdict, Some(Verdict::TlsBlocked));
}

#[tokio::test]
async fn a_computer_in_the_past_is_told_so() {
    let years_ago = real_now_ms() - 7 * YEAR_MS;
    for plain in [Plain::Answers, Plain::Nothing] {
        let report = check(Validity::Now, plain, clock_at(years_ago)).await;
        assert_eq!((report.verdict, report.sign_up), (Some(Verdict::ClockWrong), SignUp::Stopped));
        assert_eq!(state(&report, Stage::Secure), StageState::Failed);
        assert_says(&report, "Tanggal komputer ini salah", "Betulkan tanggal dan jam komputer ini, lalu cek lagi.");
    }
}

#[tokio::test]
async fn a_computer_in_the_future_is_told_so_by_the_date_of_plain_http() {
    let in_years = real_now_ms() + 7 * YEAR_MS;
    let report = check(Validity::Now, Plain::Answers, clock_at(in_years)).await;
    assert_eq!(report.verdict, Some(Verdict::ClockWrong));
    // Without any hint, an old certificate looks the same.
    let report = check(Validity::Now, Plain::Nothing, clock_at(in_years)).await;
    assert_eq!(report.verdict, Some(Verdict::TlsBlocked));
}

#[tokio::test]
async fn a_time_that_has_passed_for_certain_tells_a_clock_that_went_back() {
    let month = 30 * 86_400_000;
    // Within the validity of the issuer's last certificate, so that only the memory of central's time can tell.
    let report = check(Validity::NotYet, Plain::Nothing, |options| {
        options.clock = FakeClock::at(real_now_ms() - 2 * month).reader();
        options.known_after_ms = Some(real_now_ms() - month);
    })
    .await;
    assert_eq!(report.verdict, Some(Verdict::ClockWrong));
}

#[tokio::test]
async fn a_wrong_date_is_told_without_tls_too() {
    let stub = Stub::start().await;
    for offset in [-7 * YEAR_MS, 2 * 86_400_000] {
        let mut options = options();
        options.clock = FakeClock::at(real_now_ms() + offset).reader();
        let report = run(&stub.target(), &options).await;
        assert_eq!((report.verdict, report.sign_up), (Some(Verdict::ClockWrong), SignUp::Stopped));
        assert!((report.clock_skew_ms.unwrap() - offset).abs() < 60_000);
        assert_eq!(state(&report, Stage::Quality), StageState::Skipped);
    }
    // Some hours are shown, never held against anybody.
    let mut options = options();
    options.clock = FakeClock::at(real_now_ms() - 5 * 3_600_000).reader();
    let report = run(&stub.target(), &options).await;
    assert_eq!(report.verdict, Some(Verdict::Stable));
    assert!((report.clock_skew_ms.unwrap() + 5 * 3_600_000).abs() < 60_000);
}
