//! No name, no way, nobody there.

use std::sync::Arc;
use std::time::Duration;

use prakerja_connectivity::{NameError, Names, Options, SignUp, Stage, StageState, Target, Verdict};

use crate::stub::{Fixed, Silent, Stub, options};
use crate::{assert_says, fact, run, state};

fn with(names: impl Names + 'static) -> Options {
    Options { names: Arc::new(names), ..options() }
}

fn somewhere() -> Target {
    Target::parse("https://api.example.id").unwrap()
}

#[tokio::test]
async fn a_name_that_is_not_there_on_a_working_network() {
    let report = run(&somewhere(), &with(Fixed::error(NameError::NotFound, true))).await;
    assert_eq!((report.verdict, report.sign_up), (Some(Verdict::NameNotFound), SignUp::Discouraged));
    assert_eq!(state(&report, Stage::Name), StageState::Failed);
    assert_eq!(fact(&report, Stage::Name), Some("api.example.id"));
    for stage in [Stage::Reach, Stage::Secure, Stage::Api, Stage::Portal, Stage::Quality, Stage::Upload] {
        assert_eq!(state(&report, stage), StageState::Skipped, "{stage:?}");
    }
}

#[tokio::test]
async fn no_network_at_all_is_no_internet_whatever_the_system_says_of_the_name() {
    for error in [NameError::NotFound, NameError::Failed] {
        let report = run(&somewhere(), &with(Fixed::error(error, false))).await;
        assert_eq!((report.verdict, report.sign_up), (Some(Verdict::Offline), SignUp::Stopped), "{error:?}");
        assert_says(&report, "Tidak ada internet", "Sambungkan komputer ini ke Wi-Fi atau jaringan lain.");
    }
}

#[tokio::test]
async fn names_that_are_not_answered_on_a_working_network_are_not_found() {
    let report = run(&somewhere(), &with(Fixed::error(NameError::Failed, true))).await;
    assert_eq!((report.verdict, report.sign_up), (Some(Verdict::NameNotFound), SignUp::Discouraged));
    assert_says(
        &report,
        "Alamat pusat tidak ditemukan",
        "Jaringan ini tidak mengenal alamat pusat. Coba jaringan lain atau periksa alamatnya di Pengaturan.",
    );
    let mut options = with(Silent);
    options.limits.name = Duration::from_millis(20);
    let report = run(&somewhere(), &options).await;
    assert_eq!(report.verdict, Some(Verdict::NameNotFound));
    assert!(report.stage(Stage::Name).unwrap().ms.unwrap() >= 40, "two tries");
}

#[tokio::test]
async fn a_host_where_nothing_listens_cannot_be_reached() {
    let stub = Stub::start().await;
    let (proxy, target) = stub.behind_proxy().await;
    proxy.cut().await.unwrap();
    let report = run(&target, &options()).await;
    assert_eq!((report.verdict, report.sign_up), (Some(Verdict::ServerUnreachable), SignUp::Discouraged));
    assert_eq!(state(&report, Stage::Reach), StageState::Failed);
    assert_eq!(state(&report, Stage::Portal), StageState::Passed);
    proxy.restore().await.unwrap();
    assert_eq!(run(&target, &options()).await.verdict, Some(Verdict::Stable));
}

#[tokio::test]
async fn a_host_that_swallows_everything_cannot_be_reached() {
    let stub = Stub::start().await;
    let (proxy, target) = stub.behind_proxy().await;
    proxy.set("blackhole".parse().unwrap()).await.unwrap();
    let mut options = options();
    for limit in [&mut options.limits.reach, &mut options.limits.secure, &mut options.limits.api] {
        *limit = Duration::from_millis(100);
    }
    options.limits.portal = Duration::from_millis(100);
    let report = run(&target, &options).await;
    assert_eq!(report.verdict, Some(Verdict::ServerUnreachable));
    assert_eq!(state(&report, Stage::Reach), StageState::Passed);
    assert_eq!(state(&report, Stage::Api), StageState::Failed);
}
