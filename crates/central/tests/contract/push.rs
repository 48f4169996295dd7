//! The push: results, receipts, replays, dependencies, limits, overload.

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use prakerja_central::demo;
use prakerja_domain::profile::ProfileField::{FullName, KtpAddress, Phone};
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::receipt::Receipt;
use prakerja_protocol::sync::{CommandEnvelope, CommandResult, CommandStatus, Push};
use reqwest::StatusCode;
use serde_json::json;
use uuid::Uuid;

use crate::started::*;

pub(crate) async fn results_come_in_order_with_receipts_that_verify(central: &Started) {
    let sari = central.person().await;
    let commands = [
        patch(None, &[(FullName, Some("Sari"))]),
        request(demo::FREE_ROOMY, Some(1)),
        request(demo::PAID_ONE_SEAT, Some(1)),
    ];
    let pushed = sari.push_all(&commands).await;
    assert_eq!((pushed.epoch, pushed.pull_hint, pushed.backoff_ms), (central.central.epoch, 2, 0));
    let key = central.central.secrets.receipts.verifying_key();
    for (command, result) in commands.iter().zip(&pushed.results) {
        let receipt = Receipt::verify(result.receipt.as_deref().unwrap(), &key).unwrap();
        let expected = Receipt {
            command: command.id,
            person: sari.id,
            fingerprint: hex::encode(command.fingerprint()),
            status: result.status.as_str().to_owned(),
            seq: result.seq.unwrap(),
            received_at: NOW,
        };
        assert_eq!(receipt, expected);
    }
    let seen: Vec<_> = pushed.results.iter().map(|r| (r.status, r.rev, r.seq)).collect();
    use CommandStatus::{Applied, Rejected};
    assert_eq!(seen, [(Applied, Some(1), Some(1)), (Applied, Some(1), Some(2)), (Rejected, None, Some(2))]);
}

pub(crate) async fn the_same_bytes_again_are_replayed(central: &Started) {
    let sari = central.person().await;
    let first = patch(None, &[(FullName, Some("Sari"))]);
    let commands = [first.clone(), request(demo::FREE_FULL, Some(1)), request(demo::FREE_ROOMY, Some(1))];
    let once = sari.push_all(&commands).await;
    // Something else happens in between, and a copy comes twice in one batch.
    sari.push(&patch(Some(1), &[(FullName, Some("Sari Wulandari"))])).await;
    let twice = sari.push_all(&[&commands[..], &commands[..]].concat()).await;
    let as_stored: Vec<CommandResult> =
        once.results.iter().map(|result| CommandResult { replayed: true, ..result.clone() }).collect();
    assert_eq!(twice.results[..3], as_stored[..]);
    assert_eq!(twice.results[3..], as_stored[..]);
    assert_eq!(central.taken(run(demo::FREE_ROOMY, 1)).await, 1);
    assert_eq!(sari.pull(None).await.changes.len(), 3);
}

pub(crate) async fn an_id_with_other_content_is_refused(central: &Started) {
    let sari = central.person().await;
    let command = patch(None, &[(FullName, Some("Sari"))]);
    sari.push(&command).await;
    let other_payload = CommandEnvelope { id: command.id, ..patch(None, &[(FullName, Some("Ani"))]) };
    let other_base = CommandEnvelope { base_rev: Some(1), ..command.clone() };
    for other in [other_payload, other_base] {
        let result = sari.push(&other).await;
        assert_eq!((result.status, code(&result)), (CommandStatus::Rejected, ProblemCode::IdempotencyKeyReused));
    }
    // Lane, clock and dependencies are no content.
    let moved = CommandEnvelope { lane: "elsewhere".to_owned(), ..command.clone() };
    assert!(sari.push(&moved).await.replayed);
    assert_eq!(sari.pull(None).await.changes.len(), 1);
}

pub(crate) async fn an_id_of_another_person_is_forbidden(central: &Started) {
    let (sari, budi) = (central.person().await, central.person().await);
    let command = patch(None, &[(FullName, Some("Sari"))]);
    sari.push(&command).await;
    let result = budi.push(&command).await;
    assert_eq!((result.status, code(&result)), (CommandStatus::Rejected, ProblemCode::Forbidden));
    assert_eq!((result.receipt, result.seq, result.received_at), (None, None, None));
    assert!(budi.pull(None).await.changes.is_empty());
}

pub(crate) async fn an_unknown_kind_holds_its_lane_only(central: &Started) {
    let sari = central.person().await;
    let newer = CommandEnvelope { v: 2, ..patch(None, &[(FullName, Some("Sari"))]) };
    let unknown = CommandEnvelope { kind: "certificate.claim".to_owned(), lane: "claim:1".to_owned(), ..newer.clone() };
    let unknown = CommandEnvelope { id: Uuid::now_v7(), ..unknown };
    let behind = patch(None, &[(KtpAddress, Some("Batam"))]);
    let beside = request(demo::FREE_SELF_PACED, None);
    let results = sari.push_all(&[newer.clone(), behind.clone(), unknown, beside]).await.results;
    use CommandStatus::{Applied, Blocked, Hold};
    assert_eq!(results.iter().map(|r| r.status).collect::<Vec<_>>(), [Hold, Blocked, Hold, Applied]);
    assert_eq!(code(&results[0]), ProblemCode::UnsupportedVersion);
    assert_eq!(code(&results[2]), ProblemCode::UnsupportedVersion);
    assert!(results[..3].iter().all(|r| r.receipt.is_none() && r.seq.is_none()));
    // Nothing of it was kept: what was blocked goes through alone.
    assert_eq!(sari.push(&behind).await.status, Applied);
    assert_eq!(sari.push(&newer).await.status, Hold);
}

pub(crate) async fn a_command_waits_for_what_it_depends_on(central: &Started) {
    let sari = central.person().await;
    let parent = patch(None, &[(FullName, Some("Sari"))]);
    let child = CommandEnvelope { depends_on: vec![parent.id], ..request(demo::FREE_ROOMY, Some(1)) };
    let grandchild = CommandEnvelope { depends_on: vec![child.id], ..request(demo::FREE_WEBINAR, Some(1)) };
    // The child alone waits, and what comes after it in its lane with it.
    let results = sari.push_all(&[child.clone(), cancel_of(&child), grandchild.clone()]).await.results;
    assert!(results.iter().all(|r| r.status == CommandStatus::Blocked), "{results:?}");
    let results = sari.push_all(&[parent, child, grandchild]).await.results;
    assert!(results.iter().all(|r| r.status == CommandStatus::Applied && !r.replayed), "{results:?}");
    // Somebody else's command is nothing to depend on.
    let budi = central.person().await;
    let stranger = CommandEnvelope { depends_on: vec![results[0].id], ..request(demo::FREE_ROOMY, Some(1)) };
    assert_eq!(budi.push(&stranger).await.status, CommandStatus::Blocked);
}

pub(crate) async fn a_command_falls_with_what_it_depends_on(central: &Started) {
    let sari = central.person().await;
    let refused = request(demo::FREE_FULL, Some(1));
    let child = CommandEnvelope { depends_on: vec![refused.id], ..request(demo::FREE_ROOMY, Some(1)) };
    let grandchild = CommandEnvelope { depends_on: vec![child.id], ..request(demo::FREE_WEBINAR, Some(1)) };
    let results = sari.push_all(&[refused, child.clone(), grandchild]).await.results;
    assert_eq!(code(&results[0]), ProblemCode::SeatFull);
    for result in &results[1..] {
        assert_eq!((result.status, code(result)), (CommandStatus::Rejected, ProblemCode::Dependency));
    }
    assert!(sari.push(&child).await.replayed, "the refusal is kept");
}

pub(crate) async fn payloads_of_the_wrong_shape_are_refused(central: &Started) {
    let sari = central.person().await;
    let id = Uuid::new_v4();
    let long = "x".repeat(100_000);
    let cases = [
        ("profile.patch", json!(null)),
        ("profile.patch", json!([])),
        ("profile.patch", json!({})),
        ("profile.patch", json!({ "fields": {} })),
        ("profile.patch", json!({ "fields": { "shoe_size": "42" } })),
        ("profile.patch", json!({ "fields": { "full_name": 42 } })),
        ("profile.patch", json!({ "fields": { "full_name": ["Sari"] } })),
        ("profile.patch", json!({ "fields": { "full_name": "Sari" }, "person": id })),
        ("enrolment.request", json!({ "enrolment": id })),
        ("enrolment.request", json!({ "enrolment": id, "training": "'; drop table training;--" })),
        ("enrolment.request", json!({ "enrolment": id, "training": id, "schedule": 7 })),
        ("enrolment.request", json!({ "enrolment": id, "training": id, "free": true })),
        ("enrolment.request", json!({ "enrolment": long, "training": id })),
        ("enrolment.cancel", json!({ "enrolment": null })),
        ("enrolment.cancel", json!("x")),
        ("command.void", json!({})),
        ("command.void", json!({ "target": true })),
    ];
    for (kind, payload) in cases {
        let shown = payload.to_string().chars().take(90).collect::<String>();
        let command = CommandEnvelope { kind: kind.to_owned(), payload, lane: "x".to_owned(), ..patch(None, &[]) };
        let result = sari.push(&command).await;
        assert_eq!((result.status, code(&result)), (CommandStatus::Rejected, ProblemCode::Malformed), "{kind} {shown}");
        assert!(sari.push(&command).await.replayed, "{kind} {shown}");
    }
    let long_lane = CommandEnvelope { lane: "l".repeat(81), ..patch(None, &[(KtpAddress, Some("Batam"))]) };
    assert_eq!(code(&sari.push(&long_lane).await), ProblemCode::Malformed);
    let long_kind = CommandEnvelope { kind: "k".repeat(41), ..patch(None, &[(KtpAddress, Some("Batam"))]) };
    assert_eq!(code(&sari.push(&long_kind).await), ProblemCode::Malformed);
    let (kind,): (String,) = sqlx::query_as("select kind from command_log where id = $1")
        .bind(prakerja_central::db::Id(long_kind.id))
        .fetch_one(central.central.db.read())
        .await
        .unwrap();
    assert_eq!(kind, "unknown", "nothing of the sender's making is kept");
    let mut alone = patch(None, &[(KtpAddress, Some("Batam"))]);
    alone.depends_on = vec![alone.id];
    assert_eq!(code(&sari.push(&alone).await), ProblemCode::Malformed, "it waits for itself");
    assert!(sari.pull(None).await.changes.is_empty());
}

pub(crate) async fn batches_of_the_wrong_shape_are_refused(central: &Started) {
    let sari = central.person().await;
    let batch = |n: usize| -> Push {
        let commands: Vec<_> = (0..n).map(|_| patch(None, &[(KtpAddress, Some("Batam"))])).collect();
        sari.batch(&commands)
    };
    let text = |push: &Push| serde_json::to_string(push).unwrap();
    let (malformed, too_large) = (ProblemCode::Malformed, ProblemCode::TooLarge);
    let mut wide = batch(1);
    wide.commands[0].payload = json!({ "fields": { "domicile_address": "x".repeat(300_000) } });
    let cases = [
        (text(&batch(0)), 400, malformed),
        (text(&batch(51)), 400, malformed),
        (text(&wide), 413, too_large),
        (String::new(), 400, malformed),
        ("{".to_owned(), 400, malformed),
        ("[]".to_owned(), 400, malformed),
        (text(&batch(1)).replace("\"v\":1", "\"v\":-1"), 400, malformed),
        (text(&batch(1)).replace(&sari.device.to_string(), "this-one"), 400, malformed),
        (text(&batch(1))[..200].to_owned(), 400, malformed),
    ];
    for (body, status, code) in cases {
        let shown: String = body.chars().take(60).collect();
        let problem = problem_of(sari.post(body).await).await;
        assert_eq!((problem.status, problem.code), (status, code), "{shown}");
        assert!(!problem.title.contains("Batam"), "{}", problem.title);
    }
    // The largest batch that is allowed goes through.
    assert_eq!(sari.push_all(&batch(50).commands).await.results.len(), 50);
    let mut other = batch(1);
    other.epoch = Some(Uuid::new_v4());
    let problem = problem_of(sari.post(text(&other)).await).await;
    assert_eq!((problem.status, problem.code), (410, ProblemCode::EpochChanged));
    other.epoch = Some(central.central.epoch);
    assert_eq!(sari.post(text(&other)).await.status(), StatusCode::OK);
}

pub(crate) async fn nobody_pushes_without_a_session(central: &Started) {
    let mut nobody = central.person().await;
    nobody.token = "made-up".to_owned();
    let body = serde_json::to_vec(&nobody.batch(&[patch(None, &[(KtpAddress, Some("Batam"))])])).unwrap();
    assert_eq!(problem_of(nobody.post(body).await).await.code, ProblemCode::TokenExpired);
    for path in ["/v1/sync/pull", "/v1/sync/snapshot", "/v1/sync/commands/0197f0a0-0000-7000-8000-000000000000"] {
        assert_eq!(refused(central.get(path)).await.status, 401, "{path}");
        assert_eq!(refused(nobody.get(path)).await.status, 401, "{path}");
    }
}

pub(crate) async fn the_outcome_of_a_command_can_be_asked_for(central: &Started) {
    let (sari, budi) = (central.person().await, central.person().await);
    let command = patch(None, &[(Phone, Some("0812"))]);
    let result = sari.push(&command).await;
    assert_eq!(code(&result), ProblemCode::Validation);
    let path = format!("/v1/sync/commands/{}", command.id);
    assert_eq!(read::<CommandResult>(sari.get(&path)).await, CommandResult { replayed: true, ..result });
    assert_eq!(refused(budi.get(&path)).await.code, ProblemCode::NotFound);
    for unknown in [Uuid::now_v7().to_string(), "x".to_owned(), "%00".to_owned(), "..%2f..".to_owned()] {
        let problem = refused(sari.get(&format!("/v1/sync/commands/{unknown}"))).await;
        assert_eq!((problem.status, problem.code), (404, ProblemCode::NotFound), "{unknown}");
    }
}

pub(crate) async fn many_devices_push_at_once(central: &Started) {
    let mut pushes = Vec::new();
    for _ in 0..40 {
        let person = central.person().await;
        pushes.push(tokio::spawn(async move {
            let commands: Vec<_> =
                (0..5).map(|n| patch(None, &[(FullName, Some(["Ani", "Budi", "Citra", "Dewi", "Eka"][n]))])).collect();
            let pushed = person.push_all(&commands).await;
            assert_eq!(pushed.results.iter().map(|r| r.seq).collect::<Vec<_>>(), (1..=5).map(Some).collect::<Vec<_>>());
            let page = person.pull(None).await;
            assert_eq!(page.changes.last().unwrap().data, Some(json!({ "fields": { "full_name": "Eka" } })));
        }));
    }
    for push in pushes {
        push.await.unwrap();
    }
}

pub(crate) async fn a_group_that_cannot_be_written_comes_again(central: &Started) {
    let sari = central.person().await;
    let commands = [patch(None, &[(KtpAddress, Some("Batam"))]), request(demo::FREE_ROOMY, Some(1))];
    rename_table(central, "commit_count", "elsewhere").await;
    for result in sari.push_all(&commands).await.results {
        assert_eq!((result.status, code(&result)), (CommandStatus::Retry, ProblemCode::Internal));
        assert!(result.retry_after_ms.is_some() && result.receipt.is_none());
    }
    assert_eq!(central.taken(run(demo::FREE_ROOMY, 1)).await, 0, "nothing of it is there");
    rename_table(central, "elsewhere", "commit_count").await;
    for result in sari.push_all(&commands).await.results {
        assert_eq!((result.status, result.replayed), (CommandStatus::Applied, false));
    }
}

async fn rename_table(central: &Started, from: &str, to: &str) {
    let mut tx = central.central.db.begin().await.unwrap();
    let statement = sqlx::AssertSqlSafe(format!("alter table {from} rename to {to}"));
    sqlx::query(statement).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

pub(crate) async fn a_full_queue_turns_away_with_a_wait(central: &Started) {
    let mut people = Vec::new();
    for _ in 0..41 {
        people.push(central.person().await);
    }
    // Somebody else holds the database, so nothing leaves the queue of 2,000 commands.
    let held = central.central.db.begin().await.unwrap();
    let mut pushes = FuturesUnordered::new();
    for person in people {
        pushes.push(async move {
            let commands: Vec<_> = (0..50).map(|_| patch(None, &[(KtpAddress, Some("Batam"))])).collect();
            (person.push_all(&commands).await, person, commands)
        });
    }
    let (pushed, person, commands) = pushes.next().await.unwrap();
    assert_eq!(pushed.results.len(), 50);
    assert!(pushed.backoff_ms >= 1_000, "a full queue asks everybody to slow down");
    for result in pushed.results {
        assert_eq!((result.status, code(&result)), (CommandStatus::Retry, ProblemCode::Busy));
        assert!(result.retry_after_ms.is_some_and(|wait| wait >= 1_000));
        assert_eq!(result.problem.unwrap().retry_after_ms, result.retry_after_ms);
        assert!(result.receipt.is_none() && result.seq.is_none());
    }
    held.rollback().await.unwrap();
    // All others were taken, and the one that comes again finds room.
    let mut taken = 0;
    while let Some((pushed, ..)) = pushes.next().await {
        assert!(pushed.results.iter().all(|result| result.status == CommandStatus::Applied));
        taken += 1;
    }
    assert_eq!(taken, 40);
    assert!(person.push_all(&commands).await.results.iter().all(|r| r.status == CommandStatus::Applied && !r.replayed));
}
