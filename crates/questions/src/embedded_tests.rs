//! Tests of the embedded bank's contents: what loading cannot ask of every operator's bank, but this one keeps to.

use std::collections::{BTreeMap, BTreeSet};

use crate::amount::{Tongue, numbers};
use crate::bank::EMBEDDED;
use crate::entry::{BankFile, Entry};
use crate::words::{Figure, Kind, Words};
use crate::{Bank, arithmetic};

fn file(kind: Kind) -> BankFile {
    let files = EMBEDDED.iter().map(|(_, text)| toml::from_str::<BankFile>(text).unwrap());
    files.into_iter().find(|file| file.kind == kind).unwrap()
}

fn ability() -> Vec<Entry> {
    [Kind::Verbal, Kind::Numeric, Kind::Figural].into_iter().flat_map(|kind| file(kind).entries).collect()
}

fn figures(entry: &Entry) -> impl Iterator<Item = &Figure> {
    entry.figure.iter().chain(entry.options.iter().filter_map(|option| option.figure.as_ref()))
}

/// All that a person reads in an item before the options.
fn question(entry: &Entry) -> [String; 2] {
    let mut parts: [Vec<&str>; 2] = [vec![&entry.text.id], vec![&entry.text.en]];
    if let Some(passage) = &entry.passage {
        parts[0].push(&passage.id);
        parts[1].push(&passage.en);
    }
    if let Some(table) = &entry.table {
        parts[0].extend(table.id.rows.iter().flatten().map(String::as_str));
        parts[1].extend(table.en.rows.iter().flatten().map(String::as_str));
    }
    parts.map(|part| part.join(" ; "))
}

/// Numbers of a text as English writes them, without separators of thousands, in the order of the text.
fn plain_numbers(text: &str, tongue: Tongue) -> Vec<String> {
    let english = |number: &str| match tongue {
        Tongue::English => number.replace(',', ""),
        // A clock time has two digits after its only point, a group of thousands three.
        Tongue::Indonesian => match number.split_once('.') {
            Some((hours, minutes)) if minutes.len() == 2 => format!("{hours}:{minutes}"),
            _ => number.replace('.', "").replace(',', "."),
        },
    };
    // A list such as "4, 8" is not a number with a comma: `numbers` splits at the space.
    numbers(text).into_iter().map(english).collect()
}

#[test]
fn the_bank_is_valid_and_big_enough() {
    let bank = Bank::embedded().unwrap();
    assert_eq!(bank.version(), 2);
    for (kind, least) in [(Kind::Verbal, 40), (Kind::Numeric, 40), (Kind::Figural, 40), (Kind::Motivation, 24)] {
        assert!(bank.count(kind) >= least, "{kind}: {}", bank.count(kind));
    }
}

/// A change here is a change of papers that run: raise the version in all four files, then take the new value over.
#[test]
fn the_fingerprint_belongs_to_the_version() {
    let bank = Bank::embedded().unwrap();
    insta::assert_snapshot!(format!("{} {}", bank.version(), bank.fingerprint()));
}

#[test]
fn answers_and_difficulties_are_balanced() {
    for kind in [Kind::Verbal, Kind::Numeric, Kind::Figural] {
        let entries = file(kind).entries;
        for key in ["a", "b", "c", "d"] {
            let right = entries.iter().filter(|entry| entry.answer.as_deref() == Some(key)).count();
            let percent = 100 * right / entries.len();
            assert!((18..=32).contains(&percent), "{kind}: {key} is right for {percent} %");
        }
        for difficulty in 1..=3 {
            let count = entries.iter().filter(|entry| entry.difficulty == Some(difficulty)).count();
            assert!(count >= 12, "{kind}: {count} of difficulty {difficulty}");
        }
    }
    let statements = file(Kind::Motivation).entries;
    let reversed = statements.iter().filter(|entry| entry.reverse == Some(true)).count();
    assert!((25..=50).contains(&(100 * reversed / statements.len())), "{reversed} reversed");
}

#[test]
fn every_kind_has_its_mixture() {
    let topics = |kind| {
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for entry in file(kind).entries {
            *count.entry(entry.topic).or_default() += 1;
        }
        count
    };
    insta::assert_json_snapshot!(Kind::ALL.map(|kind| (kind, topics(kind))));
}

#[test]
fn numeric_answers_are_computed_from_the_question() {
    // Conversions that a person knows: hours, percent, grams, a half, an alternation.
    let known = ["1", "2", "5", "7", "60", "100", "1000"];
    for entry in file(Kind::Numeric).entries {
        let check = entry.check.as_deref().unwrap_or_else(|| panic!("{} has no check", entry.id));
        assert!(arithmetic::value(check).is_some(), "{}", entry.id);
        let [_, english] = question(&entry);
        let mut given: BTreeSet<String> = plain_numbers(&english, Tongue::English).into_iter().collect();
        let pieces: Vec<String> = given.iter().flat_map(|number| number.split(':')).map(str::to_owned).collect();
        given.extend(pieces.iter().map(|piece| piece.trim_start_matches('0').to_owned()));
        // "Three workers", "four workers": small numbers are words.
        given.extend((2..=4).map(|number| number.to_string()));
        for number in numbers(check) {
            let found = given.contains(number) || known.contains(&number);
            assert!(found, "{}: {number} of the check is not in the question", entry.id);
        }
    }
}

#[test]
fn both_languages_name_the_same_numbers() {
    for entry in ability() {
        let [id, en] = question(&entry);
        assert_eq!(plain_numbers(&id, Tongue::Indonesian), plain_numbers(&en, Tongue::English), "{}", entry.id);
        for figure in figures(&entry) {
            let Words { id, en } = &figure.description;
            assert_eq!(numbers(id), numbers(en), "{}", entry.id);
        }
    }
}

#[test]
fn questions_have_no_small_negation_and_no_double_space() {
    let negations = ["tidak", "bukan", "kecuali", "tanpa", "jangan", "not", "except", "never", "without", "isn't"];
    for entry in ability() {
        for text in [&entry.text.id, &entry.text.en] {
            let mut words = text.split(|sign: char| !sign.is_alphabetic() && sign != '\'');
            assert!(!words.any(|word| negations.contains(&word)), "{}: {text}", entry.id);
        }
    }
    for kind in Kind::ALL {
        for entry in file(kind).entries {
            let [id, en] = question(&entry);
            assert!(!id.contains("  ") && !en.contains("  "), "{}", entry.id);
            assert_ne!(id, en, "{}", entry.id);
            assert!(!id.contains("Anda") && !id.contains("anda "), "{}: people are kamu", entry.id);
        }
    }
}

#[test]
fn no_question_is_asked_twice() {
    let mut seen = BTreeSet::new();
    for kind in Kind::ALL {
        for entry in file(kind).entries {
            let drawn = figures(&entry).map(|figure| figure.description.id.clone()).collect::<Vec<_>>();
            assert!(seen.insert((question(&entry), drawn)), "{} is there already", entry.id);
        }
    }
}

#[test]
fn drawings_have_the_two_sizes() {
    for entry in file(Kind::Figural).entries {
        if let Some(figure) = &entry.figure {
            assert!(figure.svg.contains("viewBox=\"0 0 240 160\""), "{}", entry.id);
        }
        for figure in entry.options.iter().filter_map(|option| option.figure.as_ref()) {
            assert!(figure.svg.contains("viewBox=\"0 0 80 80\""), "{}", entry.id);
        }
    }
}
