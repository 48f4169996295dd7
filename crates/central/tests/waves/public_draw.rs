//! A selection as an operator runs it and a stranger checks it: by commands and by the admin API, then with what anybody
//! can download.

use std::process::{Command, Output};

use prakerja_central::clock::Clock;
use prakerja_central::office::operators;
use prakerja_central::office::role::Role;
use prakerja_domain::application::ApplicationState;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::applicant::*;
use crate::draw::{VALUE, fetched, let_it_close, set_wave};
use crate::started::*;

/// People who take part, of whom so many have a place.
const PEOPLE: usize = 6;
const PLACES: i64 = 2;

async fn with_applicants() -> (Started, Vec<Person>) {
    let central = Started::sqlite().await;
    set_wave(&central, PLACES, "{}").await;
    let mut people = Vec::new();
    for _ in 0..PEOPLE {
        let person = applicant(&central).await;
        joined(&person, OPEN).await;
        people.push(person);
    }
    (central, people)
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_prakerja-central")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The folder of whoever downloads what is public.
async fn downloaded(central: &Started) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in ["commitment.json", "list.bin.zst", "result.json", "accepted.bin"] {
        std::fs::write(folder.path().join(file), fetched(central, file).await).unwrap();
    }
    folder
}

/// Everybody finds the own outcome in the download, with the digest from before the draw and the value from its source.
async fn anybody_verifies(central: &Started, people: &[Person], digest: &str) {
    let folder = downloaded(central).await;
    let path = folder.path().to_str().unwrap();
    let mut accepted = 0;
    for person in people {
        let mine = application(person).await;
        let known = ["--commitment", digest, "--beacon", VALUE, "--blind", &mine.blind];
        let output = run(&[&["verify-selection", path][..], &known[..]].concat());
        let said = text(&output.stdout);
        assert!(output.status.success(), "{said}{}", text(&output.stderr));
        assert!(said.starts_with(&format!("VERIFIED: wave {OPEN}, {PEOPLE} applications")), "{said}");
        let told = mine.state == ApplicationState::Accepted;
        accepted += usize::from(told);
        let place = format!("{} stood at place {} of {PEOPLE}", mine.blind, mine.drawn.unwrap().position);
        let line = said.lines().last().unwrap();
        assert!(line.starts_with(&place) && line.ends_with(": accepted") == told, "{line}");
    }
    assert_eq!(accepted, usize::try_from(PLACES).unwrap());
    // Another value than the draw's is found.
    let other = run(&["verify-selection", path, "--commitment", digest, "--beacon", "7.234,57"]);
    assert!(!other.status.success() && text(&other.stdout).starts_with("NOT VERIFIED"), "{}", text(&other.stdout));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_commands() {
    let (central, people) = with_applicants().await;
    // Commands have the computer's clock.
    let now = Clock::System.now_ms();
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query("update wave set opens_at = 0, closes_at = $1, grace_ms = 0 where number = $2")
        .bind(now - 3_600_000)
        .bind(i64::from(OPEN))
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let data = central.folder.path().to_str().unwrap();
    let wave = OPEN.to_string();
    let office = |arguments: &[&str]| run(&[&["selection"], arguments, &["--data", data]].concat());
    let commit = |beacon: &str| {
        // Later than a slow computer needs for a list.
        let due = jiff::Timestamp::from_millisecond(Clock::System.now_ms() + 10_000).unwrap().to_string();
        office(&["commit", &wave, "--beacon", beacon, "--due", &due])
    };
    let empty = commit("");
    assert!(!empty.status.success() && text(&empty.stderr).contains("one line"), "{}", text(&empty.stderr));
    let committed = commit("closing value of the index, digits only");
    assert!(committed.status.success(), "{}", text(&committed.stderr));
    let said = text(&committed.stdout);
    let digest = said.lines().next().unwrap().strip_prefix("commitment ").unwrap();
    assert!(said.contains(&format!("{PEOPLE} applications on the list")), "{said}");

    let publish_as =
        |again: &str| office(&["publish", &wave, "--beacon", VALUE, "--beacon-again", again, "--decree", "SK 12/2026"]);
    // Another form of the same is the same.
    let publish = || publish_as("7234,56");
    let early = publish();
    assert!(!early.status.success() && text(&early.stderr).contains("due at"), "{}", text(&early.stderr));
    // Each try is a program that starts and ends: the hour of the value comes meanwhile.
    let slip = publish_as("7.234,65");
    assert!(!slip.status.success() && text(&slip.stderr).contains("differ"), "{}", text(&slip.stderr));
    let published = std::iter::repeat_with(publish).find(|tried| !text(&tried.stderr).contains("due at")).unwrap();
    assert!(published.status.success(), "{}", text(&published.stderr));
    assert_eq!(text(&published.stdout), format!("{PLACES} of {PEOPLE} accepted\n"));
    assert!(text(&office(&["status", &wave]).stdout).contains("\"accepted\": 2"));
    anybody_verifies(&central, &people, digest).await;
    let log = text(&run(&["audit", "show", "--data", data]).stdout);
    assert!(log.contains("selection.commit") && log.contains("selection.publish"), "{log}");
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_the_admin_api() {
    let (central, people) = with_applicants().await;
    let token = operators::add(&central.central, "budi", Role::WaveManager).await.unwrap();
    let post = async |what: &str, body: Value| {
        let path = format!("{}/v1/admin/waves/{OPEN}/selection/{what}", central.base);
        let response = reqwest::Client::new().post(path).bearer_auth(&token).json(&body).send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    let due_at = central.central.clock.now_ms() + 30 * 24 * 3_600_000;
    let commit = json!({ "beacon": "closing value of the index, digits only", "due_at": due_at });
    let (status, problem) = post("commit", commit.clone()).await;
    assert_eq!((status, &problem["details"]["reason"]), (409, &json!("still-open")), "{problem}");
    let_it_close(&central);
    let (status, problem) = post("commit", json!({ "beacon": "two\nlines", "due_at": due_at })).await;
    assert_eq!((status, &problem["details"]["reason"]), (409, &json!("commitment")), "{problem}");
    let (status, files) = post("commit", commit).await;
    assert_eq!((status, &files["entries"]), (200, &json!(PEOPLE)), "{files}");
    let (status, _) = post("publish", json!({ "beacon_value": VALUE })).await;
    assert_eq!(status, 400, "once is not enough");
    let publish = json!({ "beacon_value": VALUE, "beacon_again": "7 234.56", "decree": "SK 12/2026" });
    let (status, problem) = post("publish", publish.clone()).await;
    assert_eq!((status, &problem["details"]["reason"]), (409, &json!("not-due")), "{problem}");
    central.central.clock.advance_ms(30 * 24 * 3_600_000);
    for (again, word) in [("7.234,65", "differs"), ("", "beacon"), ("7.234,5六", "beacon")] {
        let (status, problem) = post("publish", json!({ "beacon_value": VALUE, "beacon_again": again })).await;
        assert_eq!((status, &problem["details"]["reason"]), (409, &json!(word)), "{again:?} {problem}");
    }
    let (status, outcome) = post("publish", publish).await;
    assert_eq!((status, &outcome["accepted"]), (200, &json!(PLACES)), "{outcome}");
    anybody_verifies(&central, &people, files["commitment"].as_str().unwrap()).await;
    central.stop().await;
}
