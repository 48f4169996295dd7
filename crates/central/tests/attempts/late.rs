//! Two days to connect, for answers that were given in time.

use prakerja_domain::registration::TestProgress;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::CommandStatus;

use crate::registrant::case;
use crate::seat::*;
use crate::started::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_offline_for_two_days_loses_nothing_and_waits_for_nothing() {
    let central = Started::sqlite().await;
    let person = candidate(&central).await;
    let paper = begun(&person).await;
    let closes_at = paper.closes_at.unwrap();
    assert_eq!(closes_at - paper.ends_at, 48 * HOUR);
    assert_eq!(case(&person).await.test.unwrap().closes_at, Some(closes_at), "every computer of the person knows it");

    at(&central, closes_at - MINUTE);
    let given_at = Some(paper.ends_at - MINUTE);
    applied(&person, &answer(&paper, 0, given_at)).await;
    for (what, given_at) in [("late", Some(paper.ends_at + MINUTE)), ("without evidence", None)] {
        let result = person.push(&answer(&paper, 1, given_at)).await;
        assert_eq!((result.status, code(&result)), (CommandStatus::Rejected, ProblemCode::TestOver), "{what}");
    }
    assert_eq!(case(&person).await.facts.test, Some(TestProgress::InProgress), "nobody handed it in");
    applied(&person, &hand_in(&paper)).await;
    let evaluated = evaluated(&person).await.test.unwrap();
    assert_eq!(evaluated.evaluated_at, Some(closes_at - MINUTE), "at once, not after the grace");
    central.stop().await;
}
