//! Schemes are configuration: clients hear when they change between two starts.

use std::path::Path;

use prakerja_central::clock::Clock;
use prakerja_central::config::Config;
use prakerja_central::state::Central;

use crate::started::{NOW, config};

async fn version(config: Config) -> i64 {
    let central = Central::open(config, Clock::fake(NOW)).await.unwrap();
    let version = sqlx::query_scalar("select version from catalogue_head").fetch_one(central.db.read()).await.unwrap();
    central.close().await;
    version
}

fn with_scheme(data: &Path, file: &Path) -> Config {
    Config { scheme_files: vec![file.to_owned()], ..config(data) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_scheme_is_a_new_version_of_the_catalogue() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("own.toml"));
    let days = |days: u32| {
        let text = prakerja_domain::scheme::SCHEME_2023;
        text.replace("first_purchase_days = 15", &format!("first_purchase_days = {days}"))
    };
    let first = version(config(&data)).await;
    assert_eq!(version(config(&data)).await, first, "the same schemes");
    std::fs::write(&file, days(20)).unwrap();
    assert_eq!(version(with_scheme(&data, &file)).await, first + 1);
    assert_eq!(version(with_scheme(&data, &file)).await, first + 1, "the same again");
    assert_eq!(version(config(&data)).await, first + 2, "and back");
}
