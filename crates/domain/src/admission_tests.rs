//! The table of who may join a wave of which scheme.

use jiff::civil::date;

use super::*;
use crate::field::FieldErrorCode;
use crate::registration::TestProgress;

fn score(right: usize, of: usize) -> Option<TestScore> {
    Some(TestScore { right, of, motivation: 0, motivation_of: 12 })
}

fn schemes() -> (Scheme, Scheme) {
    let mut shipped = Scheme::shipped().unwrap().into_iter();
    (shipped.next().unwrap(), shipped.next().unwrap())
}

#[test]
fn each_waves_own_scheme_decides() {
    use TestProgress::{NotPassed, Passed};
    let (old, new) = schemes();
    let today = date(2026, 11, 25);
    let (young, sixty_five) = (Some(date(2003, 2, 1)), Some(date(1961, 2, 1)));
    let unfit = |reasons: &[Reason], test| Err(NotAdmitted::Unfit(Unfit { reasons: reasons.to_vec(), test }));
    let not_passed = Err(NotAdmitted::Step(StepRefusal::NotPassed));
    let cases = [
        ("its own scheme", &new, &new, Passed, score(10, 24), young, Ok(())),
        ("its own scheme, without a score", &new, &new, Passed, None, young, Ok(())),
        ("not passed by its own scheme", &new, &new, NotPassed, score(9, 24), young, not_passed),
        ("not passed where nobody must", &old, &old, NotPassed, score(1, 14), young, Ok(())),
        ("older than the other scheme has it, in its own", &old, &old, Passed, score(14, 14), sixty_five, Ok(())),
        ("five of fourteen", &old, &new, Passed, score(5, 14), young, unfit(&[], true)),
        ("nine of fourteen", &old, &new, Passed, score(9, 14), young, unfit(&[], true)),
        ("ten of fourteen", &old, &new, Passed, score(10, 14), young, Ok(())),
        ("ten of fourteen, whatever it was called", &old, &new, NotPassed, score(10, 14), young, Ok(())),
        ("no score is known", &old, &new, Passed, None, young, unfit(&[], true)),
        (
            "past the age of the other scheme",
            &old,
            &new,
            Passed,
            score(14, 14),
            sixty_five,
            unfit(&[Reason::TooOld], false),
        ),
        ("both", &old, &new, Passed, score(5, 14), sixty_five, unfit(&[Reason::TooOld], true)),
        ("an age that is not known here", &old, &new, Passed, score(14, 14), None, Ok(())),
        ("a scheme that asks for less", &new, &old, NotPassed, score(3, 24), sixty_five, Ok(())),
    ];
    for (name, scheme, wave, test, score, birth_date, expected) in cases {
        let facts = Facts::complete(test);
        let registered = Registered { facts: &facts, scheme, score, birth_date };
        assert_eq!(registered.admitted(wave, today), expected, "{name}");
    }
    let half = Facts { phone: None, ..Facts::complete(Passed) };
    let registered = Registered { facts: &half, scheme: &old, score: None, birth_date: None };
    assert_eq!(registered.admitted(&new, today), Err(NotAdmitted::Step(StepRefusal::TooEarly)), "first things first");
}

#[test]
fn a_longer_paper_makes_a_mark_no_easier() {
    let (mut old, _) = schemes();
    old.test.must_pass = true;
    for (right, of, expected) in [(5, 14, true), (4, 14, false), (5, 24, false), (8, 24, false), (9, 24, true)] {
        assert_eq!(score(right, of).unwrap().reaches(&old.test), expected, "{right} of {of}");
    }
    old.test.min_motivation = 1;
    assert!(!score(14, 14).unwrap().reaches(&old.test));
}

#[test]
fn what_the_registration_did_not_ask_is_asked_with_the_join() {
    let (old, new) = schemes();
    let ids = |from: &Scheme, to: &Scheme| questions(from, to).map(|it| it.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&new, &old), ["other_aid"]);
    assert!(ids(&old, &new).is_empty() && ids(&new, &new).is_empty());
    let mut reworded = new.clone();
    reworded.declarations[0].version = "2".to_owned();
    reworded.declarations[1].excluded = None;
    assert_eq!(ids(&new, &reworded), [new.declarations[0].id.as_str(), &new.declarations[1].id]);

    let ids = |from: &Scheme, to: &Scheme| consents(from, to).map(|it| it.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&new, &old), ["card_agreement", "return_if_wrong"]);
    let mut reworded = new.clone();
    reworded.consents[0].version = "2".to_owned();
    assert_eq!(ids(&new, &reworded), [new.consents[0].id.as_str(), "card_agreement", "return_if_wrong"]);
}

#[test]
fn a_join_brings_every_answer_and_consent() {
    let (old, new) = schemes();
    let given: BTreeMap<_, _> = consents(&new, &old).map(|it| (it.id.clone(), it.version.clone())).collect();
    let answer = |answer| {
        let (id, version) = ("other_aid".to_owned(), "1".to_owned());
        vec![DeclarationAnswer { id, version, answer, answered_at: 1 }]
    };
    assert_eq!(check((&new, &old), &answer(false), &given), Ok(vec![]));
    assert_eq!(check((&new, &old), &answer(true), &given), Ok(vec![Reason::ReceivesOtherAid]));
    let missing = check((&new, &old), &[], &given).unwrap_err();
    assert_eq!(missing, [FieldError::new("declaration.other_aid", FieldErrorCode::Required)]);
    let unasked = check((&new, &new), &answer(false), &given).unwrap_err();
    assert_eq!(unasked, [FieldError::new("declaration.other_aid", FieldErrorCode::UnknownOption)]);
    let without = check((&new, &old), &answer(false), &BTreeMap::new()).unwrap_err();
    assert!(without.len() == 2 && without.iter().all(|error| error.code == FieldErrorCode::NotAccepted));
}
