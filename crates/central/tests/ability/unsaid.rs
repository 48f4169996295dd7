//! Nobody is told a result before there is one: no answer of any route, and no record.

use prakerja_domain::registration::TestProgress;
use prakerja_protocol::registration::TestPaper;
use serde_json::Value;
use uuid::Uuid;

use crate::applicant::{OPEN, join};
use crate::bank::answers;
use crate::registrant::{case, post};
use crate::sitting::*;
use crate::started::*;

/// Words that say, or hint at, how it went.
const WORDS: [&str; 6] = ["passed", "evaluated_at", "score", "right", "motivation_total", "test_evaluated"];

/// Every answer that a person can get of central about the test.
async fn everything(person: &Person, paper: &TestPaper) -> Vec<(&'static str, String)> {
    let text = async |request: reqwest::RequestBuilder| request.send().await.unwrap().text().await.unwrap();
    let late = answer(paper.attempt, &paper.items[0].id, "a");
    let outcome = format!("/v1/sync/commands/{}", late.id);
    let commands = serde_json::to_vec(&person.batch(&[late, join(OPEN)])).unwrap();
    vec![
        ("push", person.post(commands).await.text().await.unwrap()),
        ("outcome", text(person.get(&outcome)).await),
        ("pull", text(person.get("/v1/sync/pull")).await),
        ("snapshot", text(person.get("/v1/sync/snapshot")).await),
        ("resume", text(person.get("/v1/test")).await),
        ("start", post::<()>(person, "/v1/test/start", Uuid::new_v4(), None).await.text().await.unwrap()),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_the_evaluation_no_answer_says_how_it_went() {
    let central = Started::sqlite().await;
    hold_evaluation(&central).await;
    let mut people = Vec::new();
    // Two that will pass and two that will not; of each, one hands in and one lets the time go by.
    for (ability, hands_in) in [(24, true), (24, false), (0, true), (0, false)] {
        let person = candidate(&central).await;
        let paper = begun(&person).await;
        applied(&person, &answers(&paper, ability, 0)).await;
        if hands_in {
            applied(&person, &[hand_in(paper.attempt)]).await;
        }
        people.push((person, paper, ability, hands_in));
    }
    let mut shapes = Vec::new();
    for (person, paper, _, hands_in) in &people {
        if !hands_in {
            at(&central, paper.ends_at + GRACE + 1);
        }
        for (route, text) in everything(person, paper).await {
            for word in WORDS {
                assert!(!text.contains(word), "{route} says {word}: {text}");
            }
            // Nor does anything come for those who will pass that does not come for the others.
            let answered: Value = serde_json::from_str(&text).unwrap();
            shapes.push((*hands_in, route, answered["changes"].as_array().map(Vec::len)));
        }
        let expected = if *hands_in { TestProgress::Submitted } else { TestProgress::InProgress };
        let case = case(person).await;
        let test = case.test.unwrap();
        // The clock moved on for the second; what the first one handed in stays promised.
        assert_eq!((case.facts.test, test.evaluated_at), (Some(expected), None));
        assert_eq!(test.submitted_at.is_some() && test.result_by == Some(NOW + WITHIN), *hands_in);
    }
    let (passing, failing) = shapes.split_at(shapes.len() / 2);
    assert_eq!(passing, failing);
    release_evaluation(&central).await;
    for (person, _, ability, _) in &people {
        let result = evaluated(person).await;
        assert_eq!(result.facts.test == Some(TestProgress::Passed), *ability > 0);
        let value = serde_json::to_value(result.test.unwrap()).unwrap();
        let mut names: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            ["attempt", "closes_at", "ends_at", "evaluated_at", "result_by", "score", "started_at", "submitted_at"],
            "the score is told with the result"
        );
    }
    central.stop().await;
}
