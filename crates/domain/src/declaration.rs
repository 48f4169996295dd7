//! Declarations of an applicant (Pernyataan Pendaftar): yes-or-no questions whose excluded answer ends the application.
//!
//! The questions are configuration: two texts of the official form are known, the others follow the law's list of
//! exclusions (domain.md §2.2 step 9).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::eligibility::Reason;
use crate::field::{FieldError, FieldErrorCode};
use crate::scheme::{Consent, ConsentMoment, Scheme, Words};

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Declaration {
    /// Its id.
    pub id: String,
    /// Version of the words: an answer belongs to the words that were read.
    pub version: String,
    /// The question.
    pub text: Words,
    /// The answer that ends the application; absent for a question that only informs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excluded: Option<bool>,
    /// Why it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

/// One answer, as it is kept for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclarationAnswer {
    /// The question.
    pub id: String,
    /// Version of the words that were read.
    pub version: String,
    /// Yes or no.
    pub answer: bool,
    /// When, by the device's clock, Unix milliseconds: evidence, not authority.
    pub answered_at: i64,
}

/// Checks that every question of the scheme is answered in its present words, and each consent given.
/// Returns the reasons for which the answers exclude the person; none is good.
///
/// # Errors
/// `required`, `unknown_option` or `not_accepted` on `declaration.<id>` or `consent.<id>`.
pub fn check(
    scheme: &Scheme,
    answers: &[DeclarationAnswer],
    consents: &BTreeMap<String, String>,
) -> Result<Vec<Reason>, Vec<FieldError>> {
    let questions: Vec<_> = scheme.declarations.iter().collect();
    let asked: Vec<_> = scheme.consents_at(ConsentMoment::Declarations).collect();
    check_asked(&questions, &asked, answers, consents)
}

/// Checks that every consent of a moment is given in its present words. `given` is id to version.
///
/// # Errors
/// `not_accepted` on `consent.<id>`.
pub fn check_consents(
    scheme: &Scheme,
    moment: ConsentMoment,
    given: &BTreeMap<String, String>,
) -> Result<(), Vec<FieldError>> {
    let wrong: Vec<_> = scheme.consents_at(moment).filter_map(|consent| missing(consent, given)).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

fn missing(consent: &Consent, given: &BTreeMap<String, String>) -> Option<FieldError> {
    let is_given = given.get(&consent.id) == Some(&consent.version);
    (!is_given).then(|| FieldError::new(&format!("consent.{}", consent.id), FieldErrorCode::NotAccepted))
}

/// As [`check`], for some of the questions and consents.
pub(crate) fn check_asked(
    questions: &[&Declaration],
    asked: &[&Consent],
    answers: &[DeclarationAnswer],
    consents: &BTreeMap<String, String>,
) -> Result<Vec<Reason>, Vec<FieldError>> {
    let mut wrong = Vec::new();
    let mut reasons = Vec::new();
    for question in questions {
        let field = format!("declaration.{}", question.id);
        match answers.iter().find(|answer| answer.id == question.id) {
            None => wrong.push(FieldError::new(&field, FieldErrorCode::Required)),
            Some(answer) if answer.version != question.version => {
                wrong.push(FieldError::new(&field, FieldErrorCode::UnknownOption));
            }
            Some(answer) if Some(answer.answer) == question.excluded => reasons.extend(question.reason),
            Some(_) => {}
        }
    }
    // A question that there is not, or a second answer to one.
    let odd = |(place, answer): &(usize, &DeclarationAnswer)| {
        questions.iter().all(|question| question.id != answer.id)
            || answers.iter().take(*place).any(|earlier| earlier.id == answer.id)
    };
    for (_, answer) in answers.iter().enumerate().filter(odd) {
        wrong.push(FieldError::new(&format!("declaration.{}", answer.id), FieldErrorCode::UnknownOption));
    }
    wrong.extend(asked.iter().filter_map(|consent| missing(consent, consents)));
    if wrong.is_empty() { Ok(reasons) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheme::SCHEME_2023;

    fn all(scheme: &Scheme) -> (Vec<DeclarationAnswer>, BTreeMap<String, String>) {
        let answers = scheme.declarations.iter().map(|question| DeclarationAnswer {
            id: question.id.clone(),
            version: question.version.clone(),
            answer: !question.excluded.unwrap_or(false),
            answered_at: 1,
        });
        let consents = scheme.consents.iter().map(|consent| (consent.id.clone(), consent.version.clone()));
        (answers.collect(), consents.collect())
    }

    #[test]
    fn every_question_must_be_answered_in_the_words_that_hold() {
        let scheme = Scheme::read(SCHEME_2023).unwrap();
        let (answers, consents) = all(&scheme);
        assert_eq!(check(&scheme, &answers, &consents), Ok(vec![]));

        let missing = check(&scheme, &answers[1..], &consents).unwrap_err();
        assert_eq!(missing[0].code, FieldErrorCode::Required);
        let mut old = answers.clone();
        old[0].version = "0".to_owned();
        assert_eq!(check(&scheme, &old, &consents).unwrap_err()[0].code, FieldErrorCode::UnknownOption);
        let mut unknown = answers.clone();
        unknown.push(DeclarationAnswer { id: "x".to_owned(), ..answers[0].clone() });
        assert_eq!(check(&scheme, &unknown, &consents).unwrap_err()[0].field, "declaration.x");
        let mut twice = answers.clone();
        twice.push(DeclarationAnswer { answer: !answers[1].answer, ..answers[1].clone() });
        let field = format!("declaration.{}", answers[1].id);
        assert_eq!(
            check(&scheme, &twice, &consents),
            Err(vec![FieldError::new(&field, FieldErrorCode::UnknownOption)])
        );
        let without = check(&scheme, &answers, &BTreeMap::new()).unwrap_err();
        assert!(without.iter().all(|error| error.code == FieldErrorCode::NotAccepted));
    }

    #[test]
    fn what_is_done_to_data_is_consented_to_before_it_is_done() {
        for scheme in Scheme::shipped().unwrap() {
            let (_, given) = all(&scheme);
            for (moment, id) in [(ConsentMoment::Identity, "data_matching"), (ConsentMoment::Face, "face_check")] {
                assert_eq!(check_consents(&scheme, moment, &given), Ok(()));
                let mut of_other_words = given.clone();
                of_other_words.insert(id.to_owned(), "0".to_owned());
                for without in [BTreeMap::new(), of_other_words] {
                    let field = format!("consent.{id}");
                    let expected = vec![FieldError::new(&field, FieldErrorCode::NotAccepted)];
                    assert_eq!(check_consents(&scheme, moment, &without), Err(expected), "{}", scheme.version);
                }
            }
        }
    }

    #[test]
    fn every_excluded_answer_has_its_reason() {
        let scheme = Scheme::read(SCHEME_2023).unwrap();
        let (answers, consents) = all(&scheme);
        for (at, question) in scheme.declarations.iter().enumerate() {
            let Some(excluded) = question.excluded else { continue };
            let mut changed = answers.clone();
            changed[at].answer = excluded;
            assert_eq!(check(&scheme, &changed, &consents).unwrap(), vec![question.reason.unwrap()], "{}", question.id);
        }
    }
}
