//! The drawn paper in the words of the protocol.

use std::collections::BTreeMap;

use prakerja_domain::scheme::Words;
use prakerja_protocol::registration::{ItemKind, TestItem, TestOption, TestPaper, TestTable, TestTableWords};
use prakerja_questions::{Kind, Paper, PaperItem, PaperOption, Table, TableWords};

use super::attempt::Attempt;

/// What the person gets.
pub(super) fn on_wire(attempt: &Attempt, paper: Paper, answers: BTreeMap<String, String>) -> TestPaper {
    TestPaper {
        attempt: attempt.id,
        items: paper.items.into_iter().map(item).collect(),
        started_at: attempt.started_at,
        ends_at: attempt.ends_at,
        closes_at: Some(attempt.closes_at),
        answers,
    }
}

fn item(item: PaperItem) -> TestItem {
    let (svg, figure) = item.figure.map(|figure| (figure.svg, words(figure.description))).unzip();
    TestItem {
        id: item.id,
        kind: match item.kind {
            Kind::Verbal => ItemKind::Verbal,
            Kind::Numeric => ItemKind::Numeric,
            Kind::Figural => ItemKind::Figural,
            Kind::Motivation => ItemKind::Motivation,
        },
        text: words(item.text),
        passage: item.passage.map(words),
        table: item.table.map(table),
        svg,
        figure,
        options: item.options.into_iter().map(option).collect(),
    }
}

fn option(option: PaperOption) -> TestOption {
    let (svg, described) = option.figure.map(|figure| (figure.svg, words(figure.description))).unzip();
    let nothing = || Words { id: String::new(), en: String::new() };
    TestOption { key: option.key, text: option.text.map(words).or(described).unwrap_or_else(nothing), svg }
}

fn words(words: prakerja_questions::Words) -> Words {
    Words { id: words.id, en: words.en }
}

fn table(table: Table) -> TestTable {
    let side = |words: TableWords| TestTableWords { head: words.head, rows: words.rows };
    TestTable { id: side(table.id), en: side(table.en) }
}
