//! Whether a registration that was made under one scheme admits to a wave of another.
//!
//! Each wave's own scheme decides who may join it, and a person joins any wave without typing anything again. So what the
//! wave's scheme asks beyond the registration's is asked with the join: the age is looked at anew, the score that was kept
//! is held against the wave's marks, and declarations that the registration did not have are answered then. Central asks
//! these functions before it takes a join, the app before it offers one.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::declaration::{self, Declaration, DeclarationAnswer};
use crate::eligibility::{Reason, age_reason};
use crate::field::FieldError;
use crate::registration::{Facts, Step, StepRefusal};
use crate::scheme::{Consent, ConsentMoment, Scheme, TestRules};

/// What a test came to. The paper was drawn by the rules that held then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestScore {
    /// Ability items that were answered rightly.
    pub right: usize,
    /// Ability items of the paper.
    pub of: usize,
    /// Points of the motivation items.
    pub motivation: usize,
    /// Most points that they can give.
    pub motivation_of: usize,
}

impl TestScore {
    /// Whether it reaches the marks of these rules. Neither a shorter nor a longer paper than theirs makes it easier: the
    /// mark itself must be reached, and the same share of the paper.
    pub fn reaches(&self, rules: &TestRules) -> bool {
        let asked = rules.verbal + rules.numeric + rules.figural;
        self.right >= rules.min_right
            && self.right * asked >= rules.min_right * self.of
            && self.motivation >= rules.min_motivation
    }
}

/// What of a registration does not fit the scheme of a wave. Nothing of it is wrong for other waves.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Unfit {
    /// Reasons by which the wave's scheme excludes the person.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// True when the test was taken by other rules and does not reach the wave's marks.
    #[serde(default)]
    pub test: bool,
}

/// Why a person cannot join a wave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAdmitted {
    /// The registration itself does not allow it now.
    Step(StepRefusal),
    /// The registration is complete, and does not fit the wave's scheme.
    Unfit(Unfit),
}

/// A registration, as far as a wave asks about it.
#[derive(Debug, Clone, Copy)]
pub struct Registered<'a> {
    /// What is known of the person.
    pub facts: &'a Facts,
    /// The scheme under which it came about.
    pub scheme: &'a Scheme,
    /// What the test came to; absent where it is not known.
    pub score: Option<TestScore>,
    /// Birth date; absent where it is not known, and then its rule is left to whoever knows it.
    pub birth_date: Option<Date>,
}

impl Registered<'_> {
    /// Whether the person may join a wave of this scheme. `today` is the day in Jakarta.
    ///
    /// # Errors
    /// [`NotAdmitted`].
    pub fn admitted(&self, wave: &Scheme, today: Date) -> Result<(), NotAdmitted> {
        let same = self.scheme.version == wave.version;
        self.facts.allows(Step::JoinWave, same && wave.test.must_pass).map_err(NotAdmitted::Step)?;
        if same {
            return Ok(());
        }
        let age = self.birth_date.and_then(|birth| age_reason(birth, &wave.eligibility, today));
        let test = wave.test.must_pass && !self.score.is_some_and(|score| score.reaches(&wave.test));
        let unfit = Unfit { reasons: age.into_iter().collect(), test };
        if unfit == Unfit::default() { Ok(()) } else { Err(NotAdmitted::Unfit(unfit)) }
    }
}

/// Declarations of a wave's scheme that a registration did not answer: those it did not have in the same words with the
/// same meaning.
pub fn questions<'a>(registered: &'a Scheme, wave: &'a Scheme) -> impl Iterator<Item = &'a Declaration> {
    let is_same = |one: &Declaration, other: &Declaration| {
        (&one.id, &one.version, one.excluded) == (&other.id, &other.version, other.excluded)
    };
    wave.declarations.iter().filter(move |asked| !registered.declarations.iter().any(|known| is_same(known, asked)))
}

/// Consents that a join needs: the agreement of the wave's scheme, and what the registration did not ask in these words.
pub fn consents<'a>(registered: &'a Scheme, wave: &'a Scheme) -> impl Iterator<Item = &'a Consent> {
    let given = |asked: &Consent| {
        let mut known = registered.consents.iter().filter(|known| known.at != ConsentMoment::Join);
        known.any(|known| (&known.id, &known.version) == (&asked.id, &asked.version))
    };
    wave.consents.iter().filter(move |asked| asked.at == ConsentMoment::Join || !given(asked))
}

/// Checks what comes with a join: an answer to every open question, and each consent in its present words.
///
/// # Errors
/// As [`declaration::check`]; with the reasons that an answer gives, `Ok` is no good either: see [`Unfit`].
pub fn check(
    (registered, wave): (&Scheme, &Scheme),
    answers: &[DeclarationAnswer],
    given: &BTreeMap<String, String>,
) -> Result<Vec<Reason>, Vec<FieldError>> {
    let questions: Vec<_> = questions(registered, wave).collect();
    let consents: Vec<_> = consents(registered, wave).collect();
    declaration::check_asked(&questions, &consents, answers, given)
}

#[cfg(test)]
#[path = "admission_tests.rs"]
mod tests;
