//! The paper: the same for the same seed, fair over many seeds, and silent about the answers.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests stop at the first surprise")]

mod sample;

use std::collections::{BTreeMap, BTreeSet};

use prakerja_questions::{Bank, BankError, Kind, Paper, PaperPlan, draw};
use proptest::prelude::*;
use sample::{EMBEDDED, PLAN, level, right_key, seed};

#[test]
fn a_paper_never_changes() {
    let bank = &*EMBEDDED;
    let plan = PaperPlan { verbal: 3, numeric: 2, figural: 1, motivation: 2 };
    insta::assert_json_snapshot!(draw(bank, &plan, [7; 32]).unwrap());
}

#[test]
fn a_whole_paper_keeps_its_order() {
    let bank = &*EMBEDDED;
    let plan = PaperPlan { verbal: 6, numeric: 6, figural: 3, motivation: 3 };
    let paper = draw(bank, &plan, seed(1)).unwrap();
    let words = |item: &prakerja_questions::PaperItem| {
        let text = item.options.iter().map(|option| {
            let words = option.text.as_ref().or(option.figure.as_ref().map(|figure| &figure.description));
            words.unwrap().en.clone()
        });
        format!("{}: {}", item.id, text.collect::<Vec<_>>().join(" | "))
    };
    insta::assert_snapshot!(paper.items.iter().map(words).collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_order_of_files_does_not_matter() {
    let (one, other) = sample::texts();
    let forth = Bank::from_texts(&[("a", &one), ("b", &other)]).unwrap();
    let back = Bank::from_texts(&[("b", &other), ("a", &one)]).unwrap();
    assert_eq!(forth.fingerprint(), back.fingerprint());
    let plan = PaperPlan { motivation: 4, verbal: 5, ..PLAN };
    assert_eq!(draw(&forth, &plan, seed(3)).unwrap(), draw(&back, &plan, seed(3)).unwrap());
}

#[test]
fn a_plan_must_fit_the_bank() {
    let bank = sample::bank();
    let too_few = |kind, difficulty, wanted, have| Err(BankError::TooFew { kind, difficulty, wanted, have });
    let none = PaperPlan { verbal: 0, numeric: 0, figural: 0, motivation: 0 };
    let cases = [
        (none, Err(BankError::EmptyPlan)),
        (PaperPlan { verbal: 36, motivation: 12, ..none }, Ok(())),
        (PaperPlan { verbal: 37, ..none }, too_few(Kind::Verbal, 2, 13, 12)),
        (PaperPlan { verbal: 38, ..none }, too_few(Kind::Verbal, 1, 13, 12)),
        (PaperPlan { motivation: 13, ..none }, too_few(Kind::Motivation, 0, 13, 12)),
        (PaperPlan { figural: 1, ..none }, too_few(Kind::Figural, 2, 1, 0)),
        (PaperPlan { verbal: usize::MAX, ..none }, too_few(Kind::Verbal, 1, usize::MAX / 3, 12)),
    ];
    for (plan, expected) in cases {
        assert_eq!(plan.check(&bank), expected, "{plan:?}");
        assert_eq!(draw(&bank, &plan, seed(0)).map(|_| ()), expected, "{plan:?}");
    }
}

/// Counts how often something is seen and compares it with what chance gives, within five standard deviations.
fn fair(what: &str, seen: usize, trials: usize, chance: f64) {
    let trials = trials as f64;
    let deviation = (trials * chance * (1.0 - chance)).sqrt();
    let off = (seen as f64 - trials * chance).abs();
    assert!(off < 5.0 * deviation, "{what}: {seen} of {trials}, expected {} ± {deviation}", trials * chance);
}

#[test]
fn every_item_is_drawn_equally_often() {
    const SEEDS: u32 = 500;
    let bank = sample::bank();
    let plan = PaperPlan { verbal: 6, motivation: 3, ..PLAN };
    let mut drawn: BTreeMap<String, usize> = BTreeMap::new();
    let mut first_is_easy = 0;
    for number in 0..SEEDS {
        let paper = draw(&bank, &plan, seed(number)).unwrap();
        first_is_easy += usize::from(level(&paper.items[0]) == 1);
        for item in paper.items {
            *drawn.entry(item.id).or_default() += 1;
        }
    }
    assert_eq!(drawn.len(), bank.count(Kind::Verbal) + bank.count(Kind::Motivation), "some item is never drawn");
    for (id, seen) in drawn {
        let chance = if id.starts_with("verbal") { 2.0 / 12.0 } else { 3.0 / 12.0 };
        fair(&id, seen, SEEDS as usize, chance);
    }
    fair("the first item is easy", first_is_easy, SEEDS as usize, 1.0 / 3.0);
}

#[test]
fn the_right_answer_stands_everywhere_equally_often() {
    const SEEDS: u32 = 500;
    let bank = sample::bank();
    let plan = PaperPlan { verbal: 36, ..PLAN };
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut of_one_item: BTreeMap<String, usize> = BTreeMap::new();
    for number in 0..SEEDS {
        for item in draw(&bank, &plan, seed(number)).unwrap().items {
            let key = right_key(&item);
            if item.id == "verbal-007" {
                *of_one_item.entry(key.clone()).or_default() += 1;
            }
            *places.entry(key).or_default() += 1;
        }
    }
    for key in ["a", "b", "c", "d"] {
        fair(key, places[key], 36 * SEEDS as usize, 0.25);
        fair(&format!("verbal-007 {key}"), of_one_item[key], SEEDS as usize, 0.25);
    }
}

#[test]
fn a_paper_has_no_field_that_could_tell() {
    let bank = &*EMBEDDED;
    let plan = PaperPlan { verbal: 36, numeric: 36, figural: 36, motivation: 24 };
    let json = serde_json::to_value(draw(bank, &plan, seed(5)).unwrap()).unwrap();
    let mut fields = BTreeSet::new();
    let mut open = vec![&json];
    while let Some(value) = open.pop() {
        match value {
            serde_json::Value::Object(object) => {
                fields.extend(object.keys().map(String::as_str));
                open.extend(object.values());
            }
            serde_json::Value::Array(array) => open.extend(array),
            _ => {}
        }
    }
    let expected = [
        "description",
        "en",
        "figure",
        "head",
        "id",
        "items",
        "key",
        "kind",
        "options",
        "passage",
        "rows",
        "svg",
        "table",
        "text",
    ];
    assert_eq!(fields.into_iter().collect::<Vec<_>>(), expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_paper_fits_its_plan(
        verbal in 0_usize..=36, numeric in 0_usize..=36, figural in 0_usize..=36, motivation in 1_usize..=24,
        seed in any::<[u8; 32]>(),
    ) {
        let bank = &*EMBEDDED;
        let plan = PaperPlan { verbal, numeric, figural, motivation };
        let paper = draw(bank, &plan, seed).unwrap();
        prop_assert_eq!(&paper, &draw(bank, &plan, seed).unwrap());
        for kind in Kind::ALL {
            prop_assert_eq!(paper.items.iter().filter(|item| item.kind == kind).count(), plan.of(kind));
        }
        prop_assert!(paper.items.is_sorted_by_key(|item| item.kind));
        let ids: BTreeSet<&str> = paper.items.iter().map(|item| item.id.as_str()).collect();
        prop_assert_eq!(ids.len(), paper.items.len());
        for item in &paper.items {
            let keys: Vec<&str> = item.options.iter().map(|option| option.key.as_str()).collect();
            prop_assert_eq!(keys, ["a", "b", "c", "d"]);
            prop_assert!(item.options.iter().all(|option| option.text.is_some() != option.figure.is_some()));
        }
        let sent: Paper = serde_json::from_str(&serde_json::to_string(&paper).unwrap()).unwrap();
        prop_assert_eq!(sent, paper);
    }

    #[test]
    fn difficulty_is_two_on_average(verbal in 1_usize..=36, number in any::<u32>()) {
        let paper = draw(&sample::bank(), &PaperPlan { verbal, ..PLAN }, seed(number)).unwrap();
        let sum: usize = paper.items.iter().map(level).sum();
        prop_assert_eq!(sum, 2 * verbal);
    }
}
