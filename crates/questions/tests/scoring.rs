//! The score: the rule of the crate's documentation, case by case.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests stop at the first surprise")]

mod sample;

use prakerja_questions::{
    Answers, BankError, Kind, KindScore, Paper, PaperItem, PaperPlan, PassRule, ScoreError, draw, score,
};
use proptest::prelude::*;
use sample::{EMBEDDED, PLAN, is_reversed, right_key, seed};

const SIX_AND_SIX: PaperPlan = PaperPlan { verbal: 6, motivation: 6, ..PLAN };

fn answers(paper: &Paper, choose: impl Fn(usize, &PaperItem) -> Option<String>) -> Answers {
    let chosen =
        paper.items.iter().enumerate().filter_map(|(index, item)| Some((item.id.clone(), choose(index, item)?)));
    Answers(chosen.collect())
}

fn wrong_key(item: &PaperItem) -> String {
    item.options.iter().map(|option| option.key.clone()).find(|key| *key != right_key(item)).unwrap()
}

fn best_step(item: &PaperItem) -> String {
    if is_reversed(item) { "a".to_owned() } else { "d".to_owned() }
}

#[test]
fn the_rule_case_by_case() {
    type Choose = fn(usize, &PaperItem) -> Option<String>;
    let bank = sample::bank();
    let paper = draw(&bank, &SIX_AND_SIX, seed(9)).unwrap();
    let reversed = paper.items.iter().filter(|item| item.kind == Kind::Motivation && is_reversed(item)).count();
    assert!((1..6).contains(&reversed), "both ways of keying are in this paper");
    let all_agree = 3 * (6 - reversed);
    let cases: [(&str, Choose, usize, usize, usize); 8] = [
        ("nothing", |_, _| None, 0, 0, 0),
        (
            "all right",
            |_, item| Some(if item.kind == Kind::Verbal { right_key(item) } else { best_step(item) }),
            6,
            18,
            12,
        ),
        ("all wrong", |_, item| (item.kind == Kind::Verbal).then(|| wrong_key(item)), 0, 0, 6),
        (
            "half right, half missing",
            |index, item| (item.kind == Kind::Verbal && index < 3).then(|| right_key(item)),
            3,
            0,
            3,
        ),
        (
            "half right, half wrong",
            |index, item| {
                (item.kind == Kind::Verbal).then(|| if index < 3 { right_key(item) } else { wrong_key(item) })
            },
            3,
            0,
            6,
        ),
        (
            "agrees strongly with all",
            |_, item| (item.kind == Kind::Motivation).then(|| "d".to_owned()),
            0,
            all_agree,
            6,
        ),
        (
            "disagrees strongly with all",
            |_, item| (item.kind == Kind::Motivation).then(|| "a".to_owned()),
            0,
            18 - all_agree,
            6,
        ),
        (
            "one step from the best",
            |_, item| {
                (item.kind == Kind::Motivation).then(|| if is_reversed(item) { "b".to_owned() } else { "c".to_owned() })
            },
            0,
            12,
            6,
        ),
    ];
    for (name, choose, right, motivation, answered) in cases {
        let result = score(&bank, &SIX_AND_SIX, seed(9), &answers(&paper, choose)).unwrap();
        assert_eq!((result.right, result.total), (right, 6), "{name}");
        assert_eq!((result.motivation, result.motivation_total), (motivation, 18), "{name}");
        assert_eq!(result.answered, answered, "{name}");
        assert_eq!(result.kinds.into_iter().collect::<Vec<_>>(), [(Kind::Verbal, KindScore { right, total: 6 })]);
    }
}

#[test]
fn each_step_has_its_points() {
    let bank = sample::bank();
    let plan = PaperPlan { motivation: 12, ..PLAN };
    let paper = draw(&bank, &plan, seed(2)).unwrap();
    for reverse in [false, true] {
        let item = paper.items.iter().find(|item| is_reversed(item) == reverse).unwrap();
        for (step, points) in [("a", 0), ("b", 1), ("c", 2), ("d", 3)] {
            let one = Answers([(item.id.clone(), step.to_owned())].into());
            let expected = if reverse { 3 - points } else { points };
            assert_eq!(score(&bank, &plan, seed(2), &one).unwrap().motivation, expected, "{step} {reverse}");
        }
        let steps: Vec<&str> = item.options.iter().map(|option| option.text.as_ref().unwrap().en.as_str()).collect();
        assert_eq!(steps, ["no no", "no", "yes", "yes yes"], "a scale is not shuffled");
    }
}

#[test]
fn answers_to_another_paper_are_refused() {
    let bank = sample::bank();
    let paper = draw(&bank, &SIX_AND_SIX, seed(9)).unwrap();
    let first = paper.items[0].id.clone();
    let missing = (1..=36).map(|number| format!("verbal-{number:03}"));
    let missing = missing.into_iter().find(|id| paper.items.iter().all(|item| item.id != *id)).unwrap();
    let unknown_item = |item: &str| ScoreError::UnknownItem { item: item.to_owned() };
    let unknown_option = |option: &str| ScoreError::UnknownOption { item: first.clone(), option: option.to_owned() };
    let cases = [
        (missing.as_str(), "a", unknown_item(&missing)),
        ("verbal-999", "a", unknown_item("verbal-999")),
        ("", "a", unknown_item("")),
        (first.as_str(), "e", unknown_option("e")),
        (first.as_str(), "A", unknown_option("A")),
        (first.as_str(), "", unknown_option("")),
    ];
    for (item, option, expected) in cases {
        let mut given = answers(&paper, |_, item| Some(item.options[0].key.clone()));
        given.0.insert(item.to_owned(), option.to_owned());
        assert_eq!(score(&bank, &SIX_AND_SIX, seed(9), &given), Err(expected), "{item} {option}");
    }
    let none = score(&bank, &PLAN, seed(9), &Answers::default());
    assert_eq!(none, Err(ScoreError::Bank(BankError::EmptyPlan)));
}

#[test]
fn both_marks_must_be_reached() {
    let bank = sample::bank();
    let paper = draw(&bank, &SIX_AND_SIX, seed(9)).unwrap();
    let four_right = answers(&paper, |index, item| match item.kind {
        Kind::Motivation => Some(best_step(item)),
        _ => (index < 4).then(|| right_key(item)),
    });
    let result = score(&bank, &SIX_AND_SIX, seed(9), &four_right).unwrap();
    let cases = [(0, 0, true), (4, 18, true), (5, 0, false), (4, 19, false), (5, 19, false)];
    for (min_right, min_motivation, passed) in cases {
        assert_eq!(result.passed(&PassRule { min_right, min_motivation }), passed, "{min_right} {min_motivation}");
    }
    insta::assert_json_snapshot!(result);
}

#[test]
fn marks_must_be_within_reach() {
    let out = |wanted, have| Err(BankError::OutOfReach { wanted, have });
    let cases = [(0, 0, Ok(())), (6, 18, Ok(())), (7, 18, out(7, 6)), (6, 19, out(19, 18))];
    for (min_right, min_motivation, expected) in cases {
        assert_eq!(PassRule { min_right, min_motivation }.check(&SIX_AND_SIX), expected);
    }
}

#[test]
fn answers_have_a_plain_form() {
    let given = Answers([("verbal-001".to_owned(), "c".to_owned())].into());
    assert_eq!(serde_json::to_string(&given).unwrap(), r#"{"verbal-001":"c"}"#);
    assert_eq!(serde_json::from_str::<Answers>(r#"{"verbal-001":"c"}"#).unwrap(), given);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However the options are shuffled, choosing the right words scores, choosing others does not.
    #[test]
    fn the_order_of_options_keeps_the_answer(verbal in 1_usize..=36, number in any::<u32>(), pattern in any::<u64>()) {
        let bank = sample::bank();
        let plan = PaperPlan { verbal, ..PLAN };
        let paper = draw(&bank, &plan, seed(number)).unwrap();
        let is_right = |index: usize| pattern >> index & 1 == 1;
        let given = answers(&paper, |index, item| {
            Some(if is_right(index) { right_key(item) } else { wrong_key(item) })
        });
        let expected = (0..verbal).filter(|index| is_right(*index)).count();
        prop_assert_eq!(score(&bank, &plan, seed(number), &given).unwrap().right, expected);
    }

    /// In the real bank each ability item has exactly one option that scores.
    #[test]
    fn one_option_scores(number in any::<u32>()) {
        let bank = &*EMBEDDED;
        let plan = PaperPlan { verbal: 2, numeric: 2, figural: 2, motivation: 0 };
        for item in draw(bank, &plan, seed(number)).unwrap().items {
            let rights = ["a", "b", "c", "d"].map(|key| {
                let one = Answers([(item.id.clone(), key.to_owned())].into());
                score(bank, &plan, seed(number), &one).unwrap().right
            });
            prop_assert_eq!(rights.iter().sum::<usize>(), 1, "{}", item.id);
        }
    }
}
