//! Secure connections that fail, and dates that are wrong.

use prakerja_connectivity::{CheckReport, Options, SignUp, Stage, StageState, Target, Verdict};
use prakerja_testkit::clock::{FakeClock, real_now_ms};
use prakerja_testkit::fault_proxy::FaultProxy;
use prakerja_testkit::tls::{Authority, TlsFront, Validity};

use crate::stub::{Stub, options, trusting};
use crate::{fact, run, state};

const YEAR_MS: i64 = 365 * 86_400_000;

/// A port on which nothing listens, for a plain http question that must stay without an answer.
async fn dead_port() -> u16 {
    let stub = Stub::start().await;
    let proxy = FaultProxy::start(stub.address).await.unwrap();
    proxy.cut().await.unwrap();
    proxy.address().port()
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
    options.portal_port = Some(match plain {
        Plain::Answers => stub.address.port(),
        Plain::Nothing => dead_port().await,
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
