//! Answers: each is kept when it arrives, the newest to an item counts, and a lost connection costs nothing.

use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::registration::TestProgress;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::{CommandEnvelope, CommandStatus};
use serde_json::json;
use uuid::Uuid;

use crate::registrant::{case, feed};
use crate::sitting::*;
use crate::started::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_is_kept_and_the_newest_counts() {
    let central = Started::sqlite().await;
    let person = candidate(&central).await;
    let paper = begun(&person).await;
    let (one, two) = (paper.items[0].id.as_str(), paper.items[29].id.as_str());
    let known = async || resumed(&person).await.answers.into_iter().collect::<Vec<_>>();
    let sorted = |mut pairs: Vec<(&str, &str)>| {
        pairs.sort_unstable();
        pairs.into_iter().map(|(item, choice)| (item.to_owned(), choice.to_owned())).collect::<Vec<_>>()
    };
    // Each row: what is pushed in one batch, and what central has afterwards.
    type Pairs<'a> = &'a [(&'a str, &'a str)];
    let table: [(Pairs<'_>, Pairs<'_>); 5] = [
        (&[(one, "a")], &[(one, "a")]),
        (&[(one, "c")], &[(one, "c")]),
        (&[(two, "d"), (one, "b")], &[(one, "b"), (two, "d")]),
        (&[(one, "a"), (one, "d"), (two, "a"), (two, "d"), (one, "c")], &[(one, "c"), (two, "d")]),
        (&[(one, "c")], &[(one, "c"), (two, "d")]),
    ];
    let told = feed(&person).await.0.len();
    for (nth, (pushed, expected)) in table.into_iter().enumerate() {
        central.central.clock.advance_ms(MINUTE);
        let commands: Vec<_> = pushed.iter().map(|(item, choice)| answer(paper.attempt, item, choice)).collect();
        let results = applied(&person, &commands).await;
        assert!(results.iter().all(|result| !result.replayed && result.receipt.is_some()));
        assert_eq!(known().await, sorted(expected.to_vec()), "{nth}");
    }
    // They are nobody's news: the app that gave them knows them.
    assert_eq!(feed(&person).await.0.len(), told);
    // The start gives them as well, and on another computer.
    let other = central.device_of(person.id).await;
    assert_eq!(begun(&other).await.answers, resumed(&person).await.answers);
    // The computer from which an answer comes last has the say.
    applied(&other, &[answer(paper.attempt, one, "a")]).await;
    applied(&person, &[answer(paper.attempt, one, "b")]).await;
    assert_eq!(known().await, sorted(vec![(one, "b"), (two, "d")]));
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_again_costs_nothing_and_undoes_nothing() {
    let central = Started::sqlite().await;
    let person = candidate(&central).await;
    let paper = begun(&person).await;
    let item = paper.items[3].id.as_str();
    let (first, second) = (answer(paper.attempt, item, "a"), answer(paper.attempt, item, "b"));
    let receipt = applied(&person, std::slice::from_ref(&first)).await.remove(0).receipt;
    central.central.clock.advance_ms(MINUTE);
    applied(&person, std::slice::from_ref(&second)).await;
    // The answer to the first push was lost, so it comes again: alone, in the old order, and in the wrong one.
    for again in [vec![&first], vec![&first, &second], vec![&second, &first]] {
        central.central.clock.advance_ms(MINUTE);
        let commands: Vec<CommandEnvelope> = again.into_iter().cloned().collect();
        let results = applied(&person, &commands).await;
        assert!(results.iter().all(|result| result.replayed));
        assert_eq!(resumed(&person).await.answers[item], "b", "the newest answer stays");
    }
    let replayed = person.push(&first).await;
    assert_eq!((replayed.received_at, replayed.receipt), (Some(NOW), receipt));
    // The same id with another choice is no answer.
    let mut other = first.clone();
    other.payload["choice"] = json!("d");
    assert_eq!(push_refused(&person, &other).await.code, ProblemCode::IdempotencyKeyReused);
    assert_eq!(resumed(&person).await.answers[item], "b");
    // After the end a resend is still told what became of the answer: that it counted.
    applied(&person, &[hand_in(paper.attempt)]).await;
    evaluated(&person).await;
    let late = person.push(&second).await;
    assert_eq!((late.status, late.replayed, late.received_at), (CommandStatus::Applied, true, Some(NOW + MINUTE)));
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_paper_does_not_have_is_refused() {
    let central = Started::sqlite().await;
    let person = candidate(&central).await;
    let paper = begun(&person).await;
    let item = paper.items[0].id.as_str();
    applied(&person, &[answer(paper.attempt, item, "c")]).await;
    let is_asked = |id: &str| paper.items.iter().any(|item| item.id == id);
    let not_asked = (1..=40).map(|nth| format!("verbal-{nth:03}")).find(|id| !is_asked(id)).unwrap();
    let unknown =
        [(item, "e"), (item, "A"), (item, ""), (item, "a "), ("", "a"), ("verbal-999", "a"), (&not_asked, "a")];
    for (item, choice) in unknown {
        let problem = push_refused(&person, &answer(paper.attempt, item, choice)).await;
        assert_eq!((problem.status, problem.code), (422, ProblemCode::Validation), "{item} {choice}");
        assert_eq!(problem.fields, [FieldError::new("choice", FieldErrorCode::UnknownOption)]);
    }
    let long = "x".repeat(20_000);
    assert_eq!(push_refused(&person, &answer(paper.attempt, &long, &long)).await.code, ProblemCode::Validation);
    for (name, value) in [("attempt", json!("7")), ("item", json!(7)), ("choice", json!(["a"])), ("hint", json!("a"))] {
        let mut command = answer(paper.attempt, item, "a");
        command.payload[name] = value;
        assert_eq!(push_refused(&person, &command).await.code, ProblemCode::Malformed, "{name}");
    }
    for command in [answer(Uuid::now_v7(), item, "a"), hand_in(Uuid::now_v7())] {
        let problem = push_refused(&person, &command).await;
        assert_eq!((problem.status, problem.code), (404, ProblemCode::NotFound));
    }
    // One refusal holds nothing else back.
    let batch = [answer(paper.attempt, item, "z"), answer(paper.attempt, &paper.items[1].id, "a")];
    let results = person.push_all(&batch).await.results;
    assert_eq!([results[0].status, results[1].status], [CommandStatus::Rejected, CommandStatus::Applied]);
    let answers = resumed(&person).await.answers;
    assert_eq!((answers.len(), answers[item].as_str()), (2, "c"));
    assert_eq!(case(&person).await.facts.test, Some(TestProgress::InProgress));
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_handing_in_nothing_is_taken() {
    let central = Started::sqlite().await;
    let person = candidate(&central).await;
    let paper = begun(&person).await;
    let item = paper.items[0].id.as_str();
    hold_evaluation(&central).await;
    // Out of order in one batch: what comes behind the handing-in is too late.
    let batch = [answer(paper.attempt, item, "a"), hand_in(paper.attempt), answer(paper.attempt, item, "b")];
    let results = person.push_all(&batch).await.results;
    let statuses: Vec<_> = results.iter().map(|result| result.status).collect();
    assert_eq!(statuses, [CommandStatus::Applied, CommandStatus::Applied, CommandStatus::Rejected]);
    let done = (ProblemCode::StepRefused, Some("done"));
    assert_eq!(why(results[2].problem.as_ref().unwrap()), done);
    for result_is_there in [false, true] {
        if result_is_there {
            release_evaluation(&central).await;
            evaluated(&person).await;
        }
        for command in [answer(paper.attempt, item, "c"), hand_in(paper.attempt)] {
            assert_eq!(why(&push_refused(&person, &command).await), done);
        }
        // The same handing-in, sent again, is no second one.
        let again = person.push(&batch[1]).await;
        assert_eq!((again.status, again.replayed), (CommandStatus::Applied, true));
    }
    central.stop().await;
}
