//! A bank file as its author writes it, and the checks that turn an entry into an item that can be drawn.

use serde::Deserialize;

use crate::amount::{Tongue, quantity};
use crate::arithmetic;
use crate::error::Fault;
use crate::svg;
use crate::words::{Figure, Kind, Table, Words};

/// Characters of one text; a longer one is no short sentence any more.
const TEXT_CHARS: usize = 900;

/// One file: all its items are of one kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BankFile {
    pub(crate) version: u32,
    pub(crate) kind: Kind,
    #[serde(default)]
    pub(crate) scale: Vec<Words>,
    #[serde(rename = "item", default)]
    pub(crate) entries: Vec<Entry>,
}

/// One item of a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) id: String,
    /// What the item asks of a person; for the authors, who keep the mixture even.
    pub(crate) topic: String,
    pub(crate) difficulty: Option<u8>,
    pub(crate) text: Words,
    pub(crate) passage: Option<Words>,
    pub(crate) table: Option<Table>,
    pub(crate) figure: Option<Figure>,
    pub(crate) answer: Option<String>,
    pub(crate) check: Option<String>,
    pub(crate) reverse: Option<bool>,
    #[serde(default)]
    pub(crate) options: Vec<Choice>,
}

/// An option: words or a drawing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Choice {
    pub(crate) text: Option<Words>,
    pub(crate) figure: Option<Figure>,
}

/// What gives points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// The option at this place in the file is right, the others are wrong.
    Right(usize),
    /// A statement of the motivation part; reversed when agreeing speaks against motivation.
    Statement { reverse: bool },
}

/// A checked item.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    /// 1-3; 0 for motivation.
    pub(crate) difficulty: u8,
    pub(crate) text: Words,
    pub(crate) passage: Option<Words>,
    pub(crate) table: Option<Table>,
    pub(crate) figure: Option<Figure>,
    pub(crate) options: Vec<Choice>,
    pub(crate) key: Key,
}

/// Whether both languages of the words are complete.
pub(crate) fn complete(words: &Words) -> bool {
    [&words.id, &words.en].into_iter().all(|text| is_text(text))
}

fn is_text(text: &str) -> bool {
    let controls = text.chars().any(|sign| sign.is_control() && sign != '\n');
    !text.is_empty() && text.trim() == text && !controls && text.chars().count() <= TEXT_CHARS
}

impl Entry {
    /// Checks the entry of a file of this kind; `scale` is the file's, for motivation.
    pub(crate) fn check(self, kind: Kind, scale: &[Words]) -> Result<Item, Fault> {
        let digits = self.id.strip_prefix(kind.as_str()).and_then(|rest| rest.strip_prefix('-')).unwrap_or_default();
        if digits.len() < 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Fault::Id);
        }
        self.texts()?;
        match kind {
            Kind::Motivation => self.statement(scale),
            Kind::Verbal | Kind::Numeric | Kind::Figural => self.ability(kind),
        }
    }

    fn texts(&self) -> Result<(), Fault> {
        if self.topic.trim().is_empty() {
            return Err(Fault::Field("topic"));
        }
        if !complete(&self.text) {
            return Err(Fault::Text("text"));
        }
        if self.passage.as_ref().is_some_and(|passage| !complete(passage)) {
            return Err(Fault::Text("passage"));
        }
        if let Some(figure) = &self.figure {
            drawing("figure", figure)?;
        }
        self.table.as_ref().map_or(Ok(()), rectangular)
    }

    fn statement(self, scale: &[Words]) -> Result<Item, Fault> {
        let foreign = [
            ("difficulty", self.difficulty.is_some()),
            ("passage", self.passage.is_some()),
            ("table", self.table.is_some()),
            ("figure", self.figure.is_some()),
            ("answer", self.answer.is_some()),
            ("check", self.check.is_some()),
            ("options", !self.options.is_empty()),
            ("reverse", self.reverse.is_none()),
        ];
        if let Some((field, _)) = foreign.into_iter().find(|(_, wrong)| *wrong) {
            return Err(Fault::Field(field));
        }
        Ok(Item {
            id: self.id,
            kind: Kind::Motivation,
            difficulty: 0,
            text: self.text,
            passage: None,
            table: None,
            figure: None,
            options: scale.iter().map(|step| Choice { text: Some(step.clone()), figure: None }).collect(),
            key: Key::Statement { reverse: self.reverse.unwrap_or_default() },
        })
    }

    fn ability(self, kind: Kind) -> Result<Item, Fault> {
        if self.reverse.is_some() {
            return Err(Fault::Field("reverse"));
        }
        let difficulty = self.difficulty.filter(|level| (1..=3).contains(level)).ok_or(Fault::Difficulty)?;
        different_options(&self.options)?;
        let answer = self.answer.as_deref().ok_or(Fault::Answer)?;
        let right = ["a", "b", "c", "d"].iter().position(|key| *key == answer).ok_or(Fault::Answer)?;
        if let Some(check) = &self.check {
            computed(check, &self.options, right)?;
        }
        Ok(Item {
            id: self.id,
            kind,
            difficulty,
            text: self.text,
            passage: self.passage,
            table: self.table,
            figure: self.figure,
            options: self.options,
            key: Key::Right(right),
        })
    }
}

fn drawing(place: &'static str, figure: &Figure) -> Result<(), Fault> {
    if !complete(&figure.description) {
        return Err(Fault::Text("description"));
    }
    svg::problem(&figure.svg).map_or(Ok(()), |problem| Err(Fault::Svg { place, problem }))
}

fn rectangular(table: &Table) -> Result<(), Fault> {
    let width = table.id.head.len();
    let fits = [&table.id, &table.en].into_iter().all(|words| {
        words.head.len() == width
            && words.rows.len() == table.id.rows.len()
            && words.rows.iter().all(|row| row.len() == width)
    });
    if width == 0 || table.id.rows.is_empty() || !fits {
        return Err(Fault::Table);
    }
    let mut cells = [&table.id, &table.en].into_iter().flat_map(|words| words.rows.iter().flatten().chain(&words.head));
    if cells.all(|cell| is_text(cell)) { Ok(()) } else { Err(Fault::Text("table")) }
}

fn different_options(options: &[Choice]) -> Result<(), Fault> {
    if options.len() != 4 {
        return Err(Fault::Options(options.len()));
    }
    for option in options {
        match (&option.text, &option.figure) {
            (Some(text), None) if complete(text) => {}
            (Some(_), None) => return Err(Fault::Text("option")),
            (None, Some(figure)) => drawing("option", figure)?,
            _ => return Err(Fault::Field("text or figure of an option")),
        }
    }
    let same = |one: &Choice, other: &Choice| match (words_of(one), words_of(other)) {
        (Some(one), Some(other)) => one.id == other.id || one.en == other.en,
        _ => false,
    };
    let drawn_alike = |one: &Choice, other: &Choice| {
        one.figure.as_ref().zip(other.figure.as_ref()).is_some_and(|(one, other)| one.svg == other.svg)
    };
    let twice = options.iter().enumerate().any(|(index, option)| {
        options.iter().skip(index + 1).any(|other| same(option, other) || drawn_alike(option, other))
    });
    if twice { Err(Fault::SameOptions) } else { Ok(()) }
}

/// The words by which an option is told from the others.
pub(crate) fn words_of(choice: &Choice) -> Option<&Words> {
    choice.text.as_ref().or(choice.figure.as_ref().map(|figure| &figure.description))
}

/// Every option is a quantity, no two are equal, and the check gives the right one.
fn computed(check: &str, options: &[Choice], right: usize) -> Result<(), Fault> {
    let mut quantities = Vec::new();
    for (option, name) in options.iter().zip('a'..) {
        let text = option.text.as_ref().ok_or(Fault::Quantity(name))?;
        let read = quantity(&text.id, Tongue::Indonesian).ok_or(Fault::Quantity(name))?;
        if quantity(&text.en, Tongue::English) != Some(read) {
            return Err(Fault::Quantity(name));
        }
        if quantities.contains(&read) {
            return Err(Fault::SameOptions);
        }
        quantities.push(read);
    }
    let value = arithmetic::value(check).ok_or_else(|| Fault::Check(check.to_owned()))?;
    match quantities.get(right) {
        Some(answer) if *answer == value => Ok(()),
        answer => Err(Fault::WrongAnswer {
            check: value.to_string(),
            answer: answer.map(ToString::to_string).unwrap_or_default(),
        }),
    }
}
