//! The score of a paper. It is computed from the seed again, so nothing that a person sends decides what was asked.
//! The rule is described in the crate's documentation.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::bank::Bank;
use crate::entry::Key;
use crate::error::BankError;
use crate::paper::{Drawn, PaperPlan, drawn};
use crate::words::Kind;

/// Points of the strongest step of a statement.
const STATEMENT_POINTS: usize = 3;

/// What a person chose: item id to the key of the option as it was shown. An item may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub BTreeMap<String, String>);

/// Right answers of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindScore {
    /// Answered rightly.
    pub right: usize,
    /// Asked.
    pub total: usize,
}

/// The result of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Ability items that were answered rightly.
    pub right: usize,
    /// Ability items of the paper.
    pub total: usize,
    /// The same for each kind of ability items in the paper.
    pub kinds: BTreeMap<Kind, KindScore>,
    /// Points of the statements.
    pub motivation: usize,
    /// Points that the statements can give.
    pub motivation_total: usize,
    /// Items of the paper, of every kind, that have an answer.
    pub answered: usize,
}

impl Score {
    /// Whether both marks are reached.
    pub fn passed(&self, rule: &PassRule) -> bool {
        self.right >= rule.min_right && self.motivation >= rule.min_motivation
    }
}

/// The marks that a score must reach, both of them. Configuration of the operator; zero demands nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PassRule {
    /// Right answers of all ability items.
    #[serde(default)]
    pub min_right: usize,
    /// Points of the statements; each gives up to 3.
    #[serde(default)]
    pub min_motivation: usize,
}

impl PassRule {
    /// Whether a paper of this plan can reach the marks; for the start of a server.
    ///
    /// # Errors
    ///
    /// [`BankError::OutOfReach`].
    pub fn check(&self, plan: &PaperPlan) -> Result<(), BankError> {
        let marks = [
            (self.min_right, plan.verbal.saturating_add(plan.numeric).saturating_add(plan.figural)),
            (self.min_motivation, plan.motivation.saturating_mul(STATEMENT_POINTS)),
        ];
        match marks.into_iter().find(|(wanted, have)| wanted > have) {
            Some((wanted, have)) => Err(BankError::OutOfReach { wanted, have }),
            None => Ok(()),
        }
    }
}

/// Why answers cannot be scored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScoreError {
    /// The paper cannot be drawn from this bank.
    #[error(transparent)]
    Bank(#[from] BankError),
    /// An answer to an item that is not in the paper.
    #[error("the paper has no item {item}")]
    UnknownItem {
        /// What was sent as an item's id.
        item: String,
    },
    /// An answer that is none of the item's options.
    #[error("the item {item} has no option {option}")]
    UnknownOption {
        /// Id of the item.
        item: String,
        /// What was sent as an option's key.
        option: String,
    },
}

/// Scores the answers to the paper that this bank, plan and seed give.
///
/// # Errors
///
/// An item or option that the paper does not have: the answers belong to another paper, and no part of them is
/// scored. Or what [`crate::draw`] fails with.
pub fn score(bank: &Bank, plan: &PaperPlan, seed: [u8; 32], answers: &Answers) -> Result<Score, ScoreError> {
    let paper = drawn(bank, plan, seed)?;
    if let Some(item) = answers.0.keys().find(|id| paper.iter().all(|drawn| drawn.item.id != **id)) {
        return Err(ScoreError::UnknownItem { item: item.clone() });
    }
    let mut result =
        Score { right: 0, total: 0, kinds: BTreeMap::new(), motivation: 0, motivation_total: 0, answered: 0 };
    for drawn in &paper {
        let chosen = answers.0.get(&drawn.item.id).map(|option| chosen(drawn, option)).transpose()?;
        result.answered += usize::from(chosen.is_some());
        match drawn.item.key {
            Key::Right(place) => {
                let right = usize::from(chosen == Some(place));
                let kind = result.kinds.entry(drawn.item.kind).or_default();
                kind.right += right;
                kind.total += 1;
                result.right += right;
                result.total += 1;
            }
            Key::Statement { reverse } => {
                result.motivation_total += STATEMENT_POINTS;
                result.motivation += chosen.map_or(0, |step| points(step, reverse));
            }
        }
    }
    Ok(result)
}

fn chosen(drawn: &Drawn<'_>, option: &str) -> Result<usize, ScoreError> {
    drawn
        .place(option)
        .ok_or_else(|| ScoreError::UnknownOption { item: drawn.item.id.clone(), option: option.to_owned() })
}

/// Points of a step, counted from strongly disagree.
fn points(step: usize, reverse: bool) -> usize {
    if reverse { STATEMENT_POINTS.saturating_sub(step) } else { step }
}
