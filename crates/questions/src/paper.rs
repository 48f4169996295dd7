//! The paper of one person: which items, in which order, the options in which order. The drawing with the answers
//! stays inside this crate; what leaves it is the [`Paper`].

use serde::{Deserialize, Serialize};

use crate::bank::Bank;
use crate::entry::{Item, Key, words_of};
use crate::error::BankError;
use crate::lot::{Lots, Purpose};
use crate::words::{Figure, Kind, Table, Words};

/// Keys of the options as they are shown, from the first to the last.
const SHOWN_KEYS: [&str; 4] = ["a", "b", "c", "d"];

/// How many items of each kind a paper has. Configuration of a scheme: 18 questions in 2020, verbal and numeric
/// ones in 2023.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperPlan {
    /// Verbal items.
    #[serde(default)]
    pub verbal: usize,
    /// Numeric items.
    #[serde(default)]
    pub numeric: usize,
    /// Figural items.
    #[serde(default)]
    pub figural: usize,
    /// Statements.
    #[serde(default)]
    pub motivation: usize,
}

impl PaperPlan {
    /// Items of one kind.
    pub fn of(&self, kind: Kind) -> usize {
        match kind {
            Kind::Verbal => self.verbal,
            Kind::Numeric => self.numeric,
            Kind::Figural => self.figural,
            Kind::Motivation => self.motivation,
        }
    }

    /// Whether the bank has enough items of each difficulty; for the start of a server, so that nobody meets the
    /// error in a test.
    ///
    /// # Errors
    ///
    /// [`BankError::EmptyPlan`] or [`BankError::TooFew`].
    pub fn check(&self, bank: &Bank) -> Result<(), BankError> {
        if Kind::ALL.iter().all(|kind| self.of(*kind) == 0) {
            return Err(BankError::EmptyPlan);
        }
        for kind in Kind::ALL {
            for (difficulty, wanted) in strata(kind, self.of(kind)) {
                let have = stratum(bank, kind, difficulty).count();
                if have < wanted {
                    return Err(BankError::TooFew { kind, difficulty, wanted, have });
                }
            }
        }
        Ok(())
    }
}

/// What the person gets: the items in order, without answers, difficulty or topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Verbal, numeric and figural items, then the statements; inside a part in a drawn order.
    pub items: Vec<PaperItem>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperItem {
    /// Names the item in [`crate::Answers`].
    pub id: String,
    /// Part of the test.
    pub kind: Kind,
    /// The question, or the statement.
    pub text: Words,
    /// A text to read before the question; paragraphs are apart by a line break.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passage: Option<Words>,
    /// A table to read before the question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<Table>,
    /// A drawing to look at before the question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figure: Option<Figure>,
    /// Four, in the order in which they are shown.
    pub options: Vec<PaperOption>,
}

/// One option: words or a drawing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperOption {
    /// `a` to `d`, by the place at which it is shown. It says nothing about the place in the bank.
    pub key: String,
    /// The words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Words>,
    /// The drawing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figure: Option<Figure>,
}

/// An item as drawn: `order` holds the options' places in the bank, as shown.
pub(crate) struct Drawn<'a> {
    pub(crate) item: &'a Item,
    order: Vec<usize>,
}

impl Drawn<'_> {
    /// The place in the bank of the option that is shown under this key.
    pub(crate) fn place(&self, shown_key: &str) -> Option<usize> {
        let shown = SHOWN_KEYS.iter().position(|key| *key == shown_key)?;
        self.order.get(shown).copied()
    }

    fn shown(&self) -> PaperItem {
        let in_order = self.order.iter().filter_map(|place| self.item.options.get(*place));
        let options = SHOWN_KEYS.iter().zip(in_order).map(|(key, option)| PaperOption {
            key: (*key).to_owned(),
            text: option.text.clone(),
            figure: option.figure.clone(),
        });
        PaperItem {
            id: self.item.id.clone(),
            kind: self.item.kind,
            text: self.item.text.clone(),
            passage: self.item.passage.clone(),
            table: self.item.table.clone(),
            figure: self.item.figure.clone(),
            options: options.collect(),
        }
    }
}

/// Draws the paper of an attempt. The same bank, plan and seed give the same paper, for ever.
///
/// Each kind's number is spread evenly over the three difficulties, so that papers are equally hard: the average
/// difficulty is 2 in every paper. The options of ability items are shuffled; the scale of a statement is not,
/// because a scale that jumps about is misread.
///
/// # Errors
///
/// [`BankError::EmptyPlan`] or [`BankError::TooFew`].
pub fn draw(bank: &Bank, plan: &PaperPlan, seed: [u8; 32]) -> Result<Paper, BankError> {
    Ok(Paper { items: drawn(bank, plan, seed)?.iter().map(Drawn::shown).collect() })
}

pub(crate) fn drawn<'a>(bank: &'a Bank, plan: &PaperPlan, seed: [u8; 32]) -> Result<Vec<Drawn<'a>>, BankError> {
    plan.check(bank)?;
    let lots = Lots::new(&seed);
    let mut paper = Vec::new();
    for kind in Kind::ALL {
        let mut part = Vec::new();
        for (difficulty, wanted) in strata(kind, plan.of(kind)) {
            let mut candidates: Vec<&Item> = stratum(bank, kind, difficulty).collect();
            candidates.sort_by_cached_key(|item| lots.number(Purpose::Choice, &item.id));
            part.extend(candidates.into_iter().take(wanted));
        }
        part.sort_by_cached_key(|item| lots.number(Purpose::Place, &item.id));
        paper.extend(part.into_iter().map(|item| Drawn { item, order: order(&lots, item) }));
    }
    Ok(paper)
}

fn order(lots: &Lots, item: &Item) -> Vec<usize> {
    let mut places: Vec<usize> = (0..item.options.len()).collect();
    if matches!(item.key, Key::Right(_)) {
        // By what the option says, not by its place: an author may move options in the file.
        places.sort_by_cached_key(|place| {
            let words = item.options.get(*place).and_then(words_of);
            lots.number(Purpose::Option(&item.id), words.map_or("", |words| &words.id))
        });
    }
    places
}

fn stratum(bank: &Bank, kind: Kind, difficulty: u8) -> impl Iterator<Item = &Item> {
    bank.items().iter().filter(move |item| item.kind == kind && item.difficulty == difficulty)
}

/// How many items of each difficulty make up a number: a third each; of what is left over, one goes to the
/// middle, two go to the sides.
fn strata(kind: Kind, number: usize) -> Vec<(u8, usize)> {
    if kind == Kind::Motivation {
        return vec![(0, number)];
    }
    let (third, rest) = (number / 3, number % 3);
    let side = third + usize::from(rest == 2);
    vec![(1, side), (2, third + usize::from(rest == 1)), (3, side)]
}
