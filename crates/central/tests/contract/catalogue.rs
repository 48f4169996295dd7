//! The catalogue: snapshots, deltas, caching, compression, import, demo data.

use std::io::Write as _;

use prakerja_central::catalogue::{CatalogueFile, RowError, apply, training_id};
use prakerja_central::clock::Clock;
use prakerja_central::config::Config;
use prakerja_central::demo;
use prakerja_central::office::audit;
use prakerja_central::state::Central;
use prakerja_domain::training::{Method, SeatBand};
use prakerja_protocol::catalogue::Catalogue;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::CommandStatus::Applied;
use reqwest::StatusCode;

use crate::started::*;

async fn whole(central: &Started) -> Catalogue {
    read(central.get("/v1/catalogue")).await
}

async fn since(central: &Started, version: i64) -> Catalogue {
    read(central.get("/v1/catalogue").query(&[("since", version)])).await
}

pub(crate) async fn an_unchanged_catalogue_costs_nothing(central: &Started) {
    let response = central.get("/v1/catalogue").send().await.unwrap();
    let headers = response.headers().clone();
    assert_eq!(headers["cache-control"], "public, max-age=30");
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["vary"], "accept-encoding");
    let body: Catalogue = response.json().await.unwrap();
    let etag = headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(etag, format!("\"{}\"", body.version));
    assert_eq!(body.base, None);
    assert!(body.trainings.len() >= 300 && body.gone.is_empty());
    assert_eq!((body.waves.len(), body.rollout_provinces.len()), (3, 3));
    for tag in [etag.clone(), format!("\"7\", {etag}"), format!("W/{etag}"), "*".to_owned()] {
        let response = central.get("/v1/catalogue").header("if-none-match", &tag).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{tag}");
        assert_eq!(response.headers()["etag"], etag.as_str());
        assert_eq!(response.bytes().await.unwrap().len(), 0);
    }
    for tag in ["\"7\"", "x", ""] {
        let response = central.get("/v1/catalogue").header("if-none-match", tag).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{tag}");
    }
    let delta = since(central, body.version).await;
    assert_eq!((delta.base, delta.version, delta.trainings.len()), (Some(body.version), body.version, 0));
    assert_eq!(delta.waves.len(), 3, "waves always come whole");
}

pub(crate) async fn a_body_comes_compressed_or_plain(central: &Started) {
    let plain = central.get("/v1/catalogue").send().await.unwrap();
    assert!(plain.headers().get("content-encoding").is_none());
    let plain = plain.bytes().await.unwrap();
    for accepted in ["zstd", "gzip, zstd;q=0.9", "br,ZSTD"] {
        let packed = central.get("/v1/catalogue").header("accept-encoding", accepted).send().await.unwrap();
        assert_eq!(packed.headers()["content-encoding"], "zstd", "{accepted}");
        let packed = packed.bytes().await.unwrap();
        assert!(packed.len() * 4 < plain.len(), "{} of {}", packed.len(), plain.len());
        assert_eq!(zstd::decode_all(packed.as_ref()).unwrap(), plain);
    }
    let refused = central.get("/v1/catalogue").header("accept-encoding", "zstd;q=0").send().await.unwrap();
    assert!(refused.headers().get("content-encoding").is_none());
}

pub(crate) async fn a_changed_seat_band_is_a_delta(central: &Started) {
    let before = whole(central).await;
    let one = training_id(demo::FREE_ONE_SEAT);
    let band = |catalogue: &Catalogue| {
        let training = catalogue.trainings.iter().find(|training| training.id == one).unwrap();
        training.schedules.iter().find(|s| s.id == run(demo::FREE_ONE_SEAT, 1)).unwrap().seats
    };
    assert_eq!(band(&before), SeatBand::Few, "one seat is not plenty");
    let sari = central.person().await;
    // A seat of twenty changes no band and makes no version.
    assert_eq!(sari.push(&request(demo::FREE_ROOMY, Some(1))).await.status, Applied);
    assert_eq!(whole(central).await.version, before.version);
    let seat = request(demo::FREE_ONE_SEAT, Some(1));
    sari.push(&seat).await;
    let delta = since(central, before.version).await;
    assert_eq!((delta.base, delta.trainings.len()), (Some(before.version), 1));
    assert!(delta.version > before.version);
    assert_eq!(band(&delta), SeatBand::Full);
    sari.push(&cancel_of(&seat)).await;
    assert_eq!(band(&since(central, delta.version).await), SeatBand::Few);
    assert_eq!(whole(central).await.trainings, before.trainings);
    // Nobody learns numbers of seats.
    let text = central.get("/v1/catalogue").send().await.unwrap().text().await.unwrap();
    assert!(!text.contains("capacity") && !text.contains("taken"));
}

pub(crate) async fn a_base_that_central_cannot_use_gets_everything(central: &Started) {
    let version = whole(central).await.version;
    for base in [version + 1, i64::MAX, -1, i64::MIN] {
        let everything = since(central, base).await;
        assert_eq!((everything.base, everything.version), (None, version), "{base}");
        assert!(everything.trainings.len() >= 300);
    }
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query("update catalogue_head set oldest_base = version, version = version + 1")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    // Another process wrote; central looks every second.
    let seen = async {
        while whole(central).await.version == version {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), seen).await.expect("seen in time");
    assert_eq!(since(central, version - 1).await.base, None);
    assert_eq!(since(central, version).await.base, Some(version));
    // So many versions later nobody keeps a delta for the old one.
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query("update catalogue_head set version = version + 256").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let newest = version + 1 + 256;
    let seen = async {
        while whole(central).await.version < newest {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), seen).await.expect("seen in time");
    assert_eq!(since(central, version).await.base, None);
    // Many ask for the same at once, and all get the same.
    let asked: Vec<_> = (0..8).map(|_| since(central, version + 1)).collect();
    for delta in futures::future::join_all(asked).await {
        assert_eq!((delta.base, delta.version), (Some(version + 1), newest));
    }
}

pub(crate) async fn an_import_changes_what_differs(central: &Started) {
    let db = &central.central.db;
    let before = whole(central).await;
    let mut file = demo::catalogue(jiff::civil::date(2026, 11, 23));
    let same = apply(db, &file).await.unwrap();
    assert_eq!((same.added, same.changed, same.others, same.version), (0, 0, 0, before.version));

    // One changes, one goes, one comes, a wave moves.
    let roomy = file.trainings.iter_mut().find(|row| row.slug == demo::FREE_ROOMY).unwrap();
    roomy.title = "Instalasi Listrik Rumah: Kelas Sore".to_owned();
    roomy.schedules.truncate(1);
    let mut added = roomy.clone();
    added.slug = "blk-batam-instalasi-listrik-baru".to_owned();
    let changed = roomy.clone();
    let mut wave = file.waves[1].clone();
    wave.scheme = "2020".to_owned();
    let small = CatalogueFile {
        trainings: vec![changed, added],
        retire: vec![demo::FREE_CLOSED.to_owned()],
        waves: vec![wave],
        rollout_provinces: Some(vec!["21".to_owned()]),
    };
    let sari = central.person().await;
    sari.push(&request(demo::FREE_ROOMY, Some(2))).await;
    let done = apply(db, &small).await.unwrap();
    assert_eq!((done.added, done.changed, done.retired, done.others), (1, 1, 1, 3));
    let seen = async {
        while whole(central).await.version < done.version {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), seen).await.expect("seen in time");
    let delta = since(central, before.version).await;
    let titles: Vec<_> = delta.trainings.iter().map(|t| (t.id, t.title.as_str(), t.schedules.len())).collect();
    let title = "Instalasi Listrik Rumah: Kelas Sore";
    let expected = [training_id("blk-batam-instalasi-listrik-baru"), training_id(demo::FREE_ROOMY)];
    assert_eq!(titles, expected.map(|id| (id, title, 1)));
    assert_eq!(delta.gone, [training_id(demo::FREE_CLOSED)]);
    assert_eq!((delta.rollout_provinces, delta.waves[1].scheme.as_str()), (vec!["21".to_owned()], "2020"));
    assert!(whole(central).await.gone.is_empty(), "who has nothing has nothing to drop");
    // What is out of sight takes nobody in, and whoever is in can still leave.
    let refusal = sari.push(&request(demo::FREE_CLOSED, Some(1))).await;
    assert_eq!(code(&refusal), ProblemCode::TrainingUnknown);
    let budi = central.person().await;
    assert_eq!(code(&budi.push(&request(demo::FREE_ROOMY, Some(2))).await), ProblemCode::TrainingUnknown);

    // Nothing of a file with one wrong row is written.
    let mut wrong = small.clone();
    wrong.trainings[1].slug = "blk-batam-lain".to_owned();
    wrong.retire = vec!["never-was".to_owned()];
    let refused = apply(db, &wrong).await.unwrap_err();
    let prakerja_central::catalogue::ApplyError::Rows(rows) = refused else { panic!("{refused}") };
    let reason = "no such training".to_owned();
    assert_eq!(rows, [RowError { place: "retire[0] (never-was)".to_owned(), reason }]);
    assert_eq!(whole(central).await.version, done.version);
    let (written,): (i64,) = sqlx::query_as("select count(*) from training where slug = 'blk-batam-lain'")
        .fetch_one(db.read())
        .await
        .unwrap();
    assert_eq!(written, 0, "not even the row that was right");
    // Seats that are taken stay.
    for _ in 0..3 {
        central.person().await.push(&request(demo::FREE_WEBINAR, Some(1))).await;
    }
    let mut webinar = file.trainings.iter().find(|row| row.slug == demo::FREE_WEBINAR).unwrap().clone();
    webinar.schedules[0].capacity = 2;
    let shrunk = apply(db, &CatalogueFile { trainings: vec![webinar], ..CatalogueFile::default() }).await.unwrap_err();
    let prakerja_central::catalogue::ApplyError::Rows(rows) = shrunk else { panic!("{shrunk}") };
    assert!(rows[0].reason.contains("below the 3 seats"), "{rows:?}");
}

pub(crate) async fn a_wrong_query_is_refused(central: &Started) {
    for query in ["since=x", "since=1.5", "since=", "since=9223372036854775808", "since='%20or%201=1"] {
        let problem = refused(central.get(&format!("/v1/catalogue?{query}"))).await;
        assert_eq!((problem.status, problem.code), (400, ProblemCode::Malformed), "{query}");
    }
}

pub(crate) async fn the_demo_is_written_once(central: &Started) {
    let before = whole(central).await;
    for training in &before.trainings {
        assert_eq!(training.schedules.is_empty(), training.method == Method::SelfPaced, "{}", training.title);
    }
    let sari = central.person().await;
    sari.push(&request(demo::FREE_ROOMY, Some(1))).await;
    central.stop().await;
    let day = 24 * 60 * 60 * 1_000;
    for (now, same) in [(NOW + day, true), (NOW + 30 * day, false)] {
        let clock = prakerja_central::clock::Clock::fake(now);
        let again = prakerja_central::state::Central::open(config(central.folder.path()), clock).await.unwrap();
        let (version, count): (i64, i64) =
            sqlx::query_as("select version, (select count(*) from training where gone = 0) from catalogue_head")
                .fetch_one(again.db.read())
                .await
                .unwrap();
        assert_eq!(version == before.version, same, "after {} days", (now - NOW) / day);
        assert_eq!(count, i64::try_from(before.trainings.len()).unwrap());
        let (taken, gone, starts_on): (i64, i64, String) =
            sqlx::query_as("select taken, gone, starts_on from schedule where id = $1")
                .bind(prakerja_central::db::Id(run(demo::FREE_ROOMY, 1)))
                .fetch_one(again.db.read())
                .await
                .unwrap();
        assert_eq!((taken, starts_on.as_str()), (1, "2026-12-09"), "a seat stays on its day");
        assert_eq!(gone == 0, same, "new dates are other schedules");
        again.close().await;
    }
}

/// The operator's program, as it is run.
#[tokio::test]
async fn the_operator_imports_and_lists() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        std::process::Command::new(env!("CARGO_BIN_EXE_prakerja-central"))
            .arg("catalogue")
            .args(["--data", folder.path().to_str().unwrap()])
            .args(arguments)
            .output()
            .unwrap()
    };
    let file = folder.path().join("trainings.json");
    let write = |json: &str| std::fs::File::create(&file).unwrap().write_all(json.as_bytes()).unwrap();
    write("{}");
    assert!(!run(&["list"]).status.success(), "there is no database yet");
    // Started once, as its message asks; no demo, so the catalogue is empty.
    let config = Config { demo: false, ..config(folder.path()) };
    let central = Central::open(config.clone(), Clock::fake(NOW)).await.unwrap();
    central.close().await;

    let row = |slug: &str, price: i64| {
        serde_json::json!({
            "slug": slug, "title": "Las untuk Pemula", "summary": "Belajar mengelas dari nol sampai bisa.",
            "method": "self_paced", "field": "Manufaktur", "institution": "Lembaga Uji", "platform": "Platform Uji",
            "free": price == 0, "price_idr": price, "hours": 20,
        })
    };
    write(&serde_json::json!({ "trainings": [row("las-satu", 0), row("las-dua", -5)] }).to_string());
    let refused = run(&["import", file.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    let lines = String::from_utf8(refused.stdout).unwrap();
    assert_eq!(lines, "trainings[1] (las-dua): price_idr is not 1 to 20,000,000\n");
    assert_eq!(run(&["list"]).stdout, b"");

    write(&serde_json::json!({ "trainings": [row("las-satu", 0), row("las-dua", 500_000)] }).to_string());
    let imported = run(&["import", file.to_str().unwrap()]);
    assert!(imported.status.success());
    let line = String::from_utf8(imported.stdout).unwrap();
    assert_eq!(line, "2 added, 0 changed, 0 retired, 0 waves and provinces changed; the catalogue is version 2\n");
    let listed = String::from_utf8(run(&["list"]).stdout).unwrap();
    assert_eq!(listed.lines().count(), 2);
    assert!(listed.starts_with("las-dua ") && listed.contains("paid"), "{listed}");
    assert_eq!(run(&["import", "no-such-file.json"]).status.code(), Some(1));

    let central = Central::beside(config, Clock::fake(NOW)).await.unwrap();
    let noted = audit::list(&central, 0, 100).await.unwrap();
    let outcomes: Vec<_> = noted.iter().map(|row| (row.what.as_str(), row.outcome.as_str())).collect();
    let ends = ["refused: rows", "done", "refused: file"];
    let expected: Vec<_> =
        ends.iter().flat_map(|end| [("catalogue.import", "begun"), ("catalogue.import", *end)]).collect();
    assert_eq!(outcomes, expected);
    assert_eq!(audit::verify(&central).await.unwrap(), Ok(6));
    central.close_beside().await;
}
