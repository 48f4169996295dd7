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

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use prakerja_domain::scheme::{Scheme, TestRules};
use prakerja_questions::{Bank, BankError, PaperPlan, PassRule};

pub(crate) use self::answer::{answer, submit};
pub(crate) use self::changed_bank::take_back;

use crate::bell::Bell;
use crate::by_scheme::ByScheme;
use crate::clock::ms;
use crate::config::Config;
use crate::registration::case::Case;
use crate::schemes::Schemes;
use crate::state::Central;

/// The banks in force.
#[derive(Debug)]
pub struct AbilityTest {
    banks: ByScheme<InForce>,
    /// Until when central waits for answers that could not arrive while it was away, Unix milliseconds. Who answered in time
    /// by the evidence of the device must not lose a test to an outage.
    late_until: i64,
    /// Rung when there is something to evaluate.
    pub(crate) bell: Bell,
}

/// A bank, and by what it is told from others.
struct InForce {
    bank: Bank,
    fingerprint: String,
}

impl std::fmt::Debug for InForce {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InForce").field("fingerprint", &self.fingerprint).finish_non_exhaustive()
    }
}

impl InForce {
    /// The operator's bank of these files; without any the one that ships.
    fn load(files: &[PathBuf]) -> Result<Self, BankTrouble> {
        let read = |file: &PathBuf| {
            let text = std::fs::read_to_string(file).map_err(|error| BankTrouble::Read(file.clone(), error))?;
            Ok((file.display().to_string(), text))
        };
        let bank = if files.is_empty() {
            Bank::embedded()?
        } else {
            let texts = files.iter().map(read).collect::<Result<Vec<_>, BankTrouble>>()?;
            let texts: Vec<_> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
            Bank::from_texts(&texts)?
        };
        Ok(Self { fingerprint: bank.fingerprint(), bank })
    }
}

/// The bank cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BankTrouble {
    /// A file of the operator could not be read.
    #[error("the file {0} of the question bank could not be read")]
    Read(std::path::PathBuf, #[source] std::io::Error),
    /// A bank.
    #[error("question bank: {0}")]
    Bank(#[from] BankError),
    /// A scheme's paper cannot be drawn from its bank.
    #[error("the question bank is not enough for the test of scheme {0}")]
    Paper(String, #[source] BankError),
}

impl AbilityTest {
    /// Loads the operator's banks, or the one that ships, and checks that every scheme can draw its papers.
    ///
    /// # Errors
    /// [`BankTrouble`].
    pub fn load(config: &Config, schemes: &Schemes, now_ms: i64) -> Result<Self, BankTrouble> {
        let banks = ByScheme::new(InForce::load(&config.question_files)?, config, |_, own| {
            own.question_files.as_deref().map(InForce::load).transpose()
        })?;
        for scheme in schemes.all() {
            let plan = plan(&scheme.test);
            let drawn = plan.check(&banks.of(&scheme.version).bank);
            let checked = drawn.and_then(|()| pass_rule(&scheme.test).check(&plan));
            checked.map_err(|error| BankTrouble::Paper(scheme.version.clone(), error))?;
        }
        Ok(Self {
            banks,
            late_until: now_ms.saturating_add(ms(config.late_answers_after_start_s)),
            bell: Bell::default(),
        })
    }

    /// The bank from which the paper of a case is drawn and by which it is scored: that of the case's scheme.
    fn bank_of(&self, central: &Central, case: &Case) -> &InForce {
        self.banks.of(&case.scheme(central).version)
    }
}

/// Says so when something real depends on a test whose answers anybody can read.
pub(crate) fn warn_of_public_answers(config: &Config, schemes: &Schemes) {
    if let Some(schemes) = with_public_answers(config, schemes) {
        tracing::warn!(
            schemes,
            "the question bank that ships is public with its answers, and these schemes ask to pass the test: set \
             question_files to a bank of your own"
        );
    }
}

/// The schemes where something real depends on a test whose answers anybody can read, as a list to be read.
fn with_public_answers(config: &Config, schemes: &Schemes) -> Option<String> {
    let is_so = |scheme: &&Arc<Scheme>| scheme.test.must_pass && config.question_files_of(&scheme.version).is_empty();
    let found: Vec<&str> = schemes.all().iter().filter(is_so).map(|scheme| scheme.version.as_str()).collect();
    (!config.demo && !found.is_empty()).then(|| found.join(", "))
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
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::OfScheme;

    #[test]
    fn only_a_real_central_with_the_public_bank_is_warned() {
        let own = || vec![PathBuf::from("bank.toml")];
        let of = |scheme: &str, files: Vec<PathBuf>| {
            BTreeMap::from([(scheme.to_owned(), OfScheme { question_files: Some(files), ..OfScheme::default() })])
        };
        // 2020 does not ask to pass.
        let cases = [
            (false, vec![], BTreeMap::new(), true),
            (false, own(), BTreeMap::new(), false),
            (true, vec![], BTreeMap::new(), false),
            (false, vec![], of("2023", own()), false),
            (false, vec![], of("2020", own()), true),
            (false, own(), of("2023", vec![]), true),
            (false, own(), of("2020", vec![]), false),
        ];
        for (number, (demo, question_files, by_scheme, warned)) in cases.into_iter().enumerate() {
            let config = Config { demo, question_files, by_scheme, ..Config::default() };
            let schemes = Schemes::load(&config).unwrap();
            let found = with_public_answers(&config, &schemes);
            assert_eq!(found.as_deref(), warned.then_some("2023"), "case {number}");
        }
    }
}
