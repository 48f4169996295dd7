//! A bank of invented items whose options say whether they are right, so that tests see what a person does not.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests stop at the first surprise")]

use std::fmt::Write;
use std::sync::LazyLock;

use prakerja_questions::{Bank, PaperItem, PaperPlan};

/// No item; tests add what they need.
pub(crate) const PLAN: PaperPlan = PaperPlan { verbal: 0, numeric: 0, figural: 0, motivation: 0 };

/// 36 verbal items, twelve of each difficulty, and 12 statements, every third one reversed.
pub(crate) fn texts() -> (String, String) {
    let mut verbal = String::from("version = 4\nkind = \"verbal\"\n");
    for number in 1..=36 {
        let (level, place) = (number % 3 + 1, number / 3 % 4);
        let options: String = (0..4).fold(String::new(), |mut text, index| {
            let word = if index == place { "right".to_owned() } else { format!("wrong {index}") };
            write!(text, "{{ text = {{ id = \"{word}\", en = \"{word}\" }} }},").unwrap();
            text
        });
        write!(
            verbal,
            "[[item]]\nid = \"verbal-{number:03}\"\ntopic = \"test\"\ndifficulty = {level}\n\
             text = {{ id = \"level {level}\", en = \"level {level}\" }}\nanswer = \"{}\"\noptions = [{options}]\n",
            ["a", "b", "c", "d"][place]
        )
        .unwrap();
    }
    let steps = ["no no", "no", "yes", "yes yes"].map(|step| format!("{{ id = \"{step}\", en = \"{step}\" }}"));
    let mut motivation = format!("version = 4\nkind = \"motivation\"\nscale = [{}]\n", steps.join(","));
    for number in 1..=12 {
        let reverse = number % 3 == 0;
        write!(
            motivation,
            "[[item]]\nid = \"motivation-{number:03}\"\ntopic = \"test\"\nreverse = {reverse}\n\
             text = {{ id = \"{reverse}\", en = \"{reverse}\" }}\n"
        )
        .unwrap();
    }
    (verbal, motivation)
}

/// The bank of [`texts`].
pub(crate) fn bank() -> Bank {
    let (verbal, motivation) = texts();
    Bank::from_texts(&[("verbal.toml", &verbal), ("motivation.toml", &motivation)]).unwrap()
}

/// The bank of the programme, read once.
pub(crate) static EMBEDDED: LazyLock<Bank> = LazyLock::new(|| Bank::embedded().unwrap());

/// A seed for a number.
pub(crate) fn seed(number: u32) -> [u8; 32] {
    let mut seed = [0x5a; 32];
    seed[..4].copy_from_slice(&number.to_be_bytes());
    seed
}

/// The key under which the right option of a verbal item is shown.
pub(crate) fn right_key(item: &PaperItem) -> String {
    item.options.iter().find(|option| option.text.as_ref().unwrap().en == "right").unwrap().key.clone()
}

/// Difficulty of a verbal item.
pub(crate) fn level(item: &PaperItem) -> usize {
    item.text.en.trim_start_matches("level ").parse().unwrap()
}

/// Whether a statement is reversed.
pub(crate) fn is_reversed(item: &PaperItem) -> bool {
    item.text.en == "true"
}
