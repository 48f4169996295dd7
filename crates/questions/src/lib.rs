//! The motivation and basic ability test (Tes Motivasi & Kemampuan Dasar): the bank of its items, the drawing
//! of a paper for one person, and the scoring.
//!
//! Not here: when a person may sit the test, how long, how often, and what a result leads to. That is central's,
//! and so are the seeds. Only central may depend on this crate: the bank holds the right answers, and an app that
//! ships them gives them away.
//!
//! The embedded bank is as public as this source. It makes the whole service work and shows what a bank looks
//! like; where something depends on the result, the operator loads a bank of its own with [`Bank::from_texts`].
//!
//! # How a paper comes about
//!
//! Central makes a random seed of 32 bytes for each attempt, keeps it secret, and stores it with
//! [`Bank::fingerprint`] and the [`PaperPlan`]. From these three, [`draw`] gives the same [`Paper`] for ever, so
//! the paper itself need not be stored and a lost connection loses nothing. Whoever knows the seed and has the
//! bank knows the answers.
//!
//! # The scoring rule
//!
//! - **Ability** (verbal, numeric, figural): one point for each right answer, nothing for a wrong or a missing one.
//!   There is no deduction for guessing: with four options a guess is right once in four, and a person who does
//!   not know should still choose.
//! - **Motivation**: a statement is answered on a scale of four steps, from strongly disagree (`a`) to strongly
//!   agree (`d`). A statement gives 0, 1, 2 or 3 points in this order; a reverse-keyed one gives 3, 2, 1 or 0.
//!   A missing answer gives 0. About a third of the statements are reverse-keyed, so that agreeing with
//!   everything does not make a high score.
//! - The two are never added up: [`Score::right`] and [`Score::motivation`] are separate, and so are the marks in
//!   [`PassRule`].
//!
//! The pass mark is configuration of the operator, not a property of this crate: the programme has never
//! published one, and it used the result among other things.

mod amount;
mod arithmetic;
mod bank;
#[cfg(test)]
mod embedded_tests;
mod entry;
mod error;
#[cfg(test)]
mod figural_tests;
mod lot;
mod paper;
mod score;
mod svg;
mod words;

pub use bank::Bank;
pub use error::{BankError, Fault};
pub use paper::{Paper, PaperItem, PaperOption, PaperPlan, draw};
pub use score::{Answers, KindScore, PassRule, Score, ScoreError, score};
pub use words::{Figure, Kind, Table, TableWords, Words};
