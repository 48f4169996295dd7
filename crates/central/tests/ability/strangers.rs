//! A paper is its person's alone.

use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::TestPaper;

use crate::bank::answers;
use crate::registrant::{case, feed};
use crate::sitting::*;
use crate::started::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_reads_answers_or_hands_in() {
    let central = Started::sqlite().await;
    let sari = candidate(&central).await;
    let paper = begun(&sari).await;
    let own = answers(&paper, 24, 6);
    applied(&sari, &own).await;
    let (before, answered) = (case(&sari).await, resumed(&sari).await);

    // One who might start, one who has started, one who is through.
    let (waits, sits, done) = (candidate(&central).await, candidate(&central).await, candidate(&central).await);
    let theirs: TestPaper = begun(&sits).await;
    applied(&done, &[hand_in(begun(&done).await.attempt)]).await;
    evaluated(&done).await;
    let attempt = paper.attempt.to_string();
    let item = &paper.items[0];
    let table = [
        (&waits, (ProblemCode::StepRefused, Some("too_early"))),
        (&sits, (ProblemCode::NotFound, None)),
        (&done, (ProblemCode::StepRefused, Some("done"))),
    ];
    for (stranger, expected) in table {
        for command in [answer(paper.attempt, &item.id, "a"), hand_in(paper.attempt)] {
            assert_eq!(why(&push_refused(stranger, &command).await), expected);
        }
        // The very command of the person is the person's, too.
        assert_eq!(push_refused(stranger, &own[0]).await.code, ProblemCode::Forbidden);
        let outcome = refused(stranger.get(&format!("/v1/sync/commands/{}", own[0].id))).await;
        assert_eq!((outcome.status, outcome.code), (404, ProblemCode::NotFound));
        let texts = [
            stranger.get("/v1/test").send().await.unwrap().text().await.unwrap(),
            serde_json::to_string(&feed(stranger).await.0).unwrap(),
            stranger.get("/v1/sync/snapshot").send().await.unwrap().text().await.unwrap(),
        ];
        assert!(texts.iter().all(|text| !text.contains(&attempt)));
    }
    assert!(nothing_runs(&waits).await && nothing_runs(&done).await);
    assert_eq!(resumed(&sits).await, theirs);
    assert_eq!((case(&sari).await, resumed(&sari).await), (before, answered));

    // Without a session there is nothing at all.
    let key = format!("\"{}\"", uuid::Uuid::new_v4());
    let nobody = [
        central.get("/v1/test"),
        sari.http.post(format!("{}/v1/test/start", central.base)).header("idempotency-key", key),
    ];
    for request in nobody {
        let problem = refused(request).await;
        assert_eq!((problem.status, problem.code), (401, ProblemCode::TokenExpired));
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_files_hold_neither_seeds_nor_choices_in_the_clear() {
    let central = Started::sqlite().await;
    let sari = candidate(&central).await;
    let paper = begun(&sari).await;
    applied(&sari, &answers(&paper, 24, 0)).await;
    let content: Vec<u8> =
        sqlx::query_scalar("select content from test_attempt").fetch_one(central.central.db.read()).await.unwrap();
    let text = String::from_utf8_lossy(&content).into_owned();
    assert!(["seed", "plan", "score", "fingerprint"].iter().all(|name| !text.contains(name)));
    let choices: Vec<Vec<u8>> =
        sqlx::query_scalar("select choice from test_answer").fetch_all(central.central.db.read()).await.unwrap();
    assert_eq!(choices.len(), 30);
    let distinct: std::collections::BTreeSet<&Vec<u8>> = choices.iter().collect();
    assert_eq!(distinct.len(), 30, "the same choice is not the same bytes");
    central.stop().await;
}
