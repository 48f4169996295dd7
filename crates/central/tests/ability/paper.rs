//! The paper: what is in it, what is not, and that no two people get the same.

use std::collections::{BTreeMap, BTreeSet};

use prakerja_central::config::Config;
use prakerja_domain::scheme::{SCHEME_2020, SCHEME_2023};
use prakerja_protocol::registration::{ItemKind, TestPaper};
use serde_json::{Value, json};

use crate::bank::{bank_of, right, scheme_with};
use crate::sitting::*;
use crate::started::*;

fn kinds(paper: &TestPaper) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for item in &paper.items {
        *kinds.entry(serde_json::to_value(item.kind).unwrap().as_str().unwrap().to_owned()).or_default() += 1;
    }
    kinds
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_scheme_asks_what_it_says_in_another_paper_for_everybody() {
    for (version, numbers) in [("2020", [5, 5, 4, 4]), ("2023", [10, 10, 4, 6])] {
        let central = with_scheme(version).await;
        let expected: BTreeMap<String, usize> =
            ["verbal", "numeric", "figural", "motivation"].map(str::to_owned).into_iter().zip(numbers).collect();
        let (mut seen, mut places) = (BTreeSet::new(), BTreeSet::new());
        for _ in 0..12 {
            let paper = begun(&candidate(&central).await).await;
            assert_eq!(kinds(&paper), expected, "{version}");
            let ids: BTreeSet<&str> = paper.items.iter().map(|item| item.id.as_str()).collect();
            assert_eq!(ids.len(), paper.items.len(), "no item twice");
            for item in &paper.items {
                let keys: Vec<&str> = item.options.iter().map(|option| option.key.as_str()).collect();
                assert_eq!(keys, ["a", "b", "c", "d"], "{}", item.id);
                let words: BTreeSet<&str> = item.options.iter().map(|option| option.text.id.as_str()).collect();
                assert_eq!(words.len(), 4, "{}", item.id);
                if item.kind != ItemKind::Motivation {
                    places.insert(right(item).to_owned());
                }
            }
            let order: Vec<_> =
                paper.items.iter().map(|item| (item.id.clone(), item.options[0].text.id.clone())).collect();
            assert!(seen.insert(order), "{version}: the same paper twice");
        }
        assert_eq!(places.into_iter().collect::<String>(), "abcd", "the place of the right option tells nothing");
        central.stop().await;
    }
}

/// Names of all members below a value.
fn members(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                names.insert(name.clone());
                members(value, names);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| members(value, names)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_in_a_paper_tells_the_right_options() {
    let central = Started::sqlite().await;
    let known = [
        "answers",
        "api",
        "attempt",
        "closes_at",
        "ends_at",
        "en",
        "figure",
        "head",
        "id",
        "items",
        "key",
        "kind",
        "options",
        "passage",
        "request_id",
        "rows",
        "started_at",
        "svg",
        "table",
        "text",
    ];
    for _ in 0..4 {
        let person = candidate(&central).await;
        let texts = [start(&person).await, person.get("/v1/test").send().await.unwrap()];
        for response in texts {
            let paper: Value = response.json().await.unwrap();
            let mut names = BTreeSet::new();
            members(&paper, &mut names);
            assert_eq!(names.iter().find(|name| !known.contains(&name.as_str())), None);
            for item in paper["items"].as_array().unwrap() {
                // Every option has the same members, so its shape does not set the right one apart.
                let shapes: BTreeSet<Vec<&String>> = item["options"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|option| option.as_object().unwrap().keys().collect())
                    .collect();
                assert_eq!(shapes.len(), 1, "{}", item["id"]);
            }
        }
    }
    central.stop().await;
}

/// The options in an order that no lot decides, and their keys checked and taken out.
fn settled(mut paper: Value) -> Value {
    for item in paper["items"].as_array_mut().unwrap() {
        let options = item["options"].as_array_mut().unwrap();
        for (option, key) in options.iter_mut().zip(["a", "b", "c", "d"]) {
            assert_eq!(option["key"], key);
            option["key"] = json!("[key]");
        }
        if item["kind"] != "motivation" {
            item["options"]
                .as_array_mut()
                .unwrap()
                .sort_by_key(|option| option["text"]["id"].as_str().unwrap().to_owned());
        }
    }
    paper
}

/// A change here is a change of the protocol.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_paper_on_the_wire() {
    let folder = tempfile::tempdir().unwrap();
    // One item of each kind and no choice among them: with a passage, with a table, with drawings, a statement.
    let items = ["verbal-027", "numeric-034", "figural-004", "motivation-001"];
    let one = [("verbal", 1), ("numeric", 1), ("figural", 1), ("motivation", 1), ("min_right", 1)];
    let config = Config {
        question_files: bank_of(folder.path(), |id| items.contains(&id)),
        scheme_files: [SCHEME_2020, SCHEME_2023].map(|scheme| scheme_with(folder.path(), scheme, &one)).to_vec(),
        ..config(&folder.path().join("data"))
    };
    let central = Started::open(folder, config).await.unwrap();
    let person = candidate(&central).await;
    let paper: Value = start(&person).await.json().await.unwrap();
    let attempt = serde_json::from_value(paper["attempt"].clone()).unwrap();
    insta::assert_json_snapshot!("paper", settled(paper), {
        ".request_id" => "[id]", ".attempt" => "[id]", ".items[].svg" => "[svg]", ".items[].options[].svg" => "[svg]",
    });
    applied(&person, &[answer(attempt, "verbal-027", "b"), answer(attempt, "motivation-001", "d")]).await;
    let resumed: Value = read(person.get("/v1/test")).await;
    insta::assert_json_snapshot!("paper_resumed", settled(resumed), {
        ".request_id" => "[id]", ".attempt" => "[id]", ".items" => "[items]",
    });
    central.stop().await;
}
