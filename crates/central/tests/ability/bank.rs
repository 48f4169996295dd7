//! What somebody knows who has read the files of the bank that ships, and banks and schemes made of a part of them. Nothing
//! that central sends tells the right answers, so the tests must take them from there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use prakerja_protocol::registration::{ItemKind, TestItem, TestPaper};
use prakerja_protocol::sync::CommandEnvelope;
use toml::{Table, Value};

use crate::sitting::answer;

const FILES: [(&str, &str); 4] = [
    ("verbal", include_str!("../../../questions/bank/verbal.toml")),
    ("numeric", include_str!("../../../questions/bank/numeric.toml")),
    ("figural", include_str!("../../../questions/bank/figural.toml")),
    ("motivation", include_str!("../../../questions/bank/motivation.toml")),
];

/// Item to the Indonesian words of the option that gives points; of a statement: of the step that gives most.
static BEST: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| files().iter().flat_map(best_of).collect());

fn files() -> Vec<Table> {
    FILES.iter().map(|(_, text)| text.parse().unwrap()).collect()
}

fn best_of(file: &Table) -> Vec<(String, String)> {
    let scale = file.get("scale").map(|scale| scale.as_array().unwrap());
    let items = file["item"].as_array().unwrap().iter();
    let words = |option: &Value| {
        let words = option.get("text").unwrap_or_else(|| &option["figure"]["description"]);
        words["id"].as_str().unwrap().to_owned()
    };
    items
        .map(|item| {
            let best = match scale {
                Some(scale) => scale[if item["reverse"].as_bool().unwrap() { 0 } else { 3 }]["id"].as_str().unwrap(),
                None => {
                    let place = "abcd".find(item["answer"].as_str().unwrap()).unwrap();
                    return (item["id"].as_str().unwrap().to_owned(), words(&item["options"][place]));
                }
            };
            (item["id"].as_str().unwrap().to_owned(), best.to_owned())
        })
        .collect()
}

/// Key of the right option; of a statement: of the step that gives three points.
pub(crate) fn right(item: &TestItem) -> &str {
    let is_best = |words: &str| words == BEST[&item.id];
    let found: Vec<&str> =
        item.options.iter().filter(|option| is_best(&option.text.id)).map(|option| option.key.as_str()).collect();
    assert_eq!(found.len(), 1, "{}", item.id);
    found[0]
}

/// Key of an option that gives nothing.
pub(crate) fn wrong(item: &TestItem) -> &str {
    let right = right(item);
    // The other end of a scale is as far as one can be from the best.
    let order: [&str; 4] = if right == "a" { ["d", "c", "b", "a"] } else { ["a", "b", "c", "d"] };
    order.into_iter().find(|key| *key != right).unwrap()
}

/// Answers to the whole paper: so many ability items right, so many statements with all their points, the others with none.
pub(crate) fn answers(paper: &TestPaper, ability: usize, statements: usize) -> Vec<CommandEnvelope> {
    let (mut ability, mut statements) = (ability, statements);
    let choose = |item: &TestItem| {
        let left = if item.kind == ItemKind::Motivation { &mut statements } else { &mut ability };
        let choice = if *left > 0 { right(item) } else { wrong(item) };
        *left = left.saturating_sub(1);
        answer(paper.attempt, &item.id, choice)
    };
    let commands: Vec<_> = paper.items.iter().map(choose).collect();
    assert_eq!((ability, statements), (0, 0), "the paper has so many items");
    commands
}

/// Files of a bank of those items of the shipped one that are wanted.
pub(crate) fn bank_of(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let write = |(mut file, (name, _)): (Table, (&str, &str))| {
        let items = file["item"].as_array_mut().unwrap();
        items.retain(|item| wanted(item["id"].as_str().unwrap()));
        let path = folder.join(format!("{name}.toml"));
        std::fs::write(&path, toml::to_string(&file).unwrap()).unwrap();
        path
    };
    files().into_iter().zip(FILES).map(write).collect()
}

/// A scheme file with other numbers for the test.
pub(crate) fn scheme_with(folder: &Path, shipped: &str, numbers: &[(&str, i64)]) -> PathBuf {
    let mut scheme: Table = shipped.parse().unwrap();
    let test = scheme["test"].as_table_mut().unwrap();
    for (name, number) in numbers {
        assert!(test.insert((*name).to_owned(), Value::Integer(*number)).is_some(), "{name}");
    }
    let path = folder.join(format!("scheme-{}.toml", scheme["version"].as_str().unwrap()));
    std::fs::write(&path, toml::to_string(&scheme).unwrap()).unwrap();
    path
}
