//! Answers that arrive late: what counts is when central received them, and after the end the evidence of the device.

use prakerja_central::ability_test::operator::{self, AnswersReceived};
use prakerja_central::office::cases;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::{ClockEvidence, CommandEnvelope, CommandStatus};

use crate::registrant::case;
use crate::sitting::*;
use crate::started::*;

/// An answer with evidence: central's time that the device had seen, and the milliseconds from then on.
pub(crate) fn with(command: CommandEnvelope, anchor: Option<i64>, since: Option<i64>) -> CommandEnvelope {
    // The clock on the wall says nothing to central.
    let clock =
        ClockEvidence { queued_wall_ms: 7, anchor_server_ms: anchor, since_anchor_ms: since, anchor_rtt_ms: None };
    CommandEnvelope { clock, ..command }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_answer_counts_inside_the_grace_when_it_was_given_in_time() {
    let central = Started::sqlite().await;
    // So that the end of the grace is judged by the answer's own rule.
    hold_evaluation(&central).await;
    let nothing = (None, None);
    // Evidence of an answer that was given so long after the end, by an anchor a minute before.
    let given = |after: i64| (Some(after - MINUTE), Some(MINUTE));
    // When it arrives after the end, the evidence relative to the end, and whether it counts.
    let table = [
        ("in the first moment", -DURATION, nothing, true),
        ("in the last moment", 0, nothing, true),
        ("in the last moment, with evidence that is none", 0, (Some(9 * MINUTE), Some(-5)), true),
        ("a moment late, without evidence", 1, nothing, false),
        ("late, with an anchor only", MINUTE, (Some(-MINUTE), None), false),
        ("late, with a distance only", MINUTE, (None, Some(-MINUTE)), false),
        ("a moment late, given in time", 1, given(-SECOND), true),
        ("late, given in time", 10 * MINUTE, given(-SECOND), true),
        ("late, given in time, with the anchor of the start", MINUTE, (Some(-DURATION), Some(DURATION - SECOND)), true),
        ("late, given late", 10 * MINUTE, given(MINUTE), false),
        ("late, given a moment late", 10 * MINUTE, given(1), false),
        ("late, given too near to the end for the drift of a clock", 10 * MINUTE, given(-99), false),
        ("late, given as near as the drift allows", 10 * MINUTE, given(-100), true),
        ("an anchor after its answer", MINUTE, (Some(-MINUTE), Some(-1)), false),
        ("from the future", MINUTE, (Some(2 * MINUTE), Some(0)), false),
        ("at the end of the grace, given in time", GRACE, given(-SECOND), true),
        ("at the end of the grace, without evidence", GRACE, nothing, false),
        ("after the grace, given in time", GRACE + 1, given(-SECOND), false),
    ];
    for (name, arrives, (anchor, since), counts) in table {
        let person = candidate(&central).await;
        let paper = begun(&person).await;
        let item = paper.items[7].id.as_str();
        at(&central, paper.ends_at + arrives);
        let command = answer(paper.attempt, item, "b");
        let command = with(command, anchor.map(|anchor| paper.ends_at + anchor), since);
        let result = person.push(&command).await;
        if counts {
            assert_eq!(result.status, CommandStatus::Applied, "{name}: {result:?}");
            assert_eq!(resumed(&person).await.answers[item], "b", "{name}");
        } else {
            assert_eq!(result.status, CommandStatus::Rejected, "{name}");
            let problem = result.problem.unwrap();
            assert_eq!((problem.status, problem.code), (409, ProblemCode::TestOver), "{name}");
            // Sent again, it does not count either.
            let again = person.push(&command).await;
            assert_eq!((again.replayed, code(&again)), (true, ProblemCode::TestOver), "{name}");
            if arrives <= GRACE {
                assert!(resumed(&person).await.answers.is_empty(), "{name}");
            }
        }
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_sees_how_many_answers_came_late_and_which_results_are_overdue() {
    let central = Started::sqlite().await;
    hold_evaluation(&central).await;
    let person = candidate(&central).await;
    let number = case(&person).await.case_number;
    let shown = async || cases::show(&central.central, &number).await.unwrap().test;
    let overdue = async || operator::overdue(&central.central.db, central.central.clock.now_ms()).await.unwrap();
    assert_eq!(shown().await, None);
    let paper = begun(&person).await;
    assert_eq!(shown().await, Some(AnswersReceived { answers: 0, by_evidence: 0 }));
    let item = |nth: usize| paper.items[nth].id.as_str();
    applied(&person, &[answer(paper.attempt, item(0), "a"), answer(paper.attempt, item(1), "a")]).await;
    at(&central, paper.ends_at + MINUTE);
    let late = |nth, choice| with(answer(paper.attempt, item(nth), choice), Some(paper.ends_at - MINUTE), Some(SECOND));
    applied(&person, &[late(1, "b"), late(2, "b")]).await;
    assert_eq!(shown().await, Some(AnswersReceived { answers: 3, by_evidence: 2 }));

    applied(&person, &[hand_in(paper.attempt)]).await;
    let due = central.central.clock.now_ms() + WITHIN;
    at(&central, due);
    assert_eq!(overdue().await, Vec::<i64>::new());
    at(&central, due + 1);
    assert_eq!(overdue().await, [due]);
    release_evaluation(&central).await;
    evaluated(&person).await;
    assert_eq!(overdue().await, Vec::<i64>::new());
    central.stop().await;
}
