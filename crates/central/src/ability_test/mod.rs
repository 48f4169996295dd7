//! The motivation and basic ability test: one attempt a person, owned by central from start to end.
//!
//! [`start`] draws the paper and answers it again whenever the app asks; [`answer`] takes answers and the handing-in as
//! commands, so that a lost connection costs no answer; [`evaluate`] scores what was handed in or is over. The bank with
//! the right answers never leaves central.

mod answer;
mod attempt;
mod changed_bank;
mod evaluate;
pub mod operator;
mod paper;
mod start;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use prakerja_domain::scheme::TestRules;
use prakerja_questions::{Bank, BankError, PaperPlan, PassRule};

pub(crate) use self::answer::{answer, submit};
pub(crate) use self::changed_bank::take_back;

use crate::bell::Bell;
use crate::clock::ms;
use crate::config::Config;
use crate::schemes::Schemes;
use crate::state::Central;

/// The bank in force.
pub struct AbilityTest {
    bank: Arc<Bank>,
    fingerprint: String,
    /// Until when central waits for answers that could not arrive while it was away, Unix milliseconds. Who answered in time
    /// by the evidence of the device must not lose a test to an outage.
    late_until: i64,
    /// Rung when there is something to evaluate.
    pub(crate) bell: Bell,
}

impl std::fmt::Debug for AbilityTest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AbilityTest").field("fingerprint", &self.fingerprint).finish_non_exhaustive()
    }
}

/// The bank cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BankTrouble {
    /// A file of the operator could not be read.
    #[error("the file {0} of the question bank could not be read")]
    Read(std::path::PathBuf, #[source] std::io::Error),
    /// The bank, or a scheme's plan for a paper.
    #[error("question bank: {0}")]
    Bank(#[from] BankError),
}

impl AbilityTest {
    /// Loads the operator's bank, or the one that ships, and checks that every scheme can draw its papers from it.
    ///
    /// # Errors
    /// [`BankTrouble`].
    pub fn load(config: &Config, schemes: &Schemes, now_ms: i64) -> Result<Self, BankTrouble> {
        let bank = if config.question_files.is_empty() {
            Bank::embedded()?
        } else {
            let read = |file: &std::path::PathBuf| {
                let text = std::fs::read_to_string(file).map_err(|error| BankTrouble::Read(file.clone(), error))?;
                Ok((file.display().to_string(), text))
            };
            let texts = config.question_files.iter().map(read).collect::<Result<Vec<_>, BankTrouble>>()?;
            let texts: Vec<_> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
            Bank::from_texts(&texts)?
        };
        for scheme in schemes.all() {
            let plan = plan(&scheme.test);
            plan.check(&bank)?;
            pass_rule(&scheme.test).check(&plan)?;
        }
        Ok(Self {
            fingerprint: bank.fingerprint(),
            bank: Arc::new(bank),
            late_until: now_ms.saturating_add(ms(config.late_answers_after_start_s)),
            bell: Bell::default(),
        })
    }
}

/// Says so when something real depends on a test whose answers anybody can read.
pub(crate) fn warn_of_public_answers(config: &Config, schemes: &Schemes) {
    if answers_are_public(config, schemes) {
        tracing::warn!(
            "the question bank that ships is public with its answers, and a scheme asks to pass the test: set \
             question_files to a bank of your own"
        );
    }
}

/// Whether something real depends on a test whose answers anybody can read.
fn answers_are_public(config: &Config, schemes: &Schemes) -> bool {
    !config.demo && config.question_files.is_empty() && schemes.all().iter().any(|scheme| scheme.test.must_pass)
}

/// Routes below `/v1/test`.
pub(crate) fn router() -> Router<Central> {
    Router::new().route("/v1/test", get(start::resume)).route("/v1/test/start", post(start::start))
}

/// Starts the task that evaluates; it ends when central stops.
pub(crate) fn run(central: &Central) {
    central.tasks.spawn(evaluate::run(central.clone()));
}

/// The paper that a scheme asks for.
fn plan(rules: &TestRules) -> PaperPlan {
    PaperPlan { verbal: rules.verbal, numeric: rules.numeric, figural: rules.figural, motivation: rules.motivation }
}

/// The mark of a scheme.
fn pass_rule(rules: &TestRules) -> PassRule {
    PassRule { min_right: rules.min_right, min_motivation: rules.min_motivation }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_real_central_with_the_public_bank_is_warned() {
        let own = vec![std::path::PathBuf::from("bank.toml")];
        let cases = [(false, vec![], true), (false, own, false), (true, vec![], false)];
        for (demo, question_files, warned) in cases {
            let config = Config { demo, question_files, ..Config::default() };
            let schemes = Schemes::load(&config).unwrap();
            assert_eq!(answers_are_public(&config, &schemes), warned, "{demo} {:?}", config.question_files);
        }
    }
}
