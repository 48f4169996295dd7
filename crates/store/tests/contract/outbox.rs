//! Commands enter the outbox, in one transaction with the drafts that they settle.

use prakerja_store::{AskAgain, Draft, DraftChange, Enqueued, NewCommand, OutboxState, Withdrawn, kind};
use serde_json::json;

use crate::support::{BUDI, NONE, NOW, SITI, Vault, cancel, command, id, outcome, patch, request, void};

#[tokio::test]
async fn a_command_is_stored_as_it_was_made() {
    let mut vault = Vault::new().await;
    let mut made = request(1, 11, 111);
    made.base_rev = Some(17);
    made.depends_on = vec![id(8), id(9)];
    made.payload["later"] = json!({ "unknown": [1, 2.5, null, "é"] });
    assert_eq!(vault.add(&made).await, Enqueued::Added);
    vault.reopen().await;
    let row = vault.row(id(1)).await;
    assert_eq!((row.account, row.lane.as_str(), row.kind.as_str(), row.v), (SITI, &*made.lane, &*made.kind, 1));
    assert_eq!((&row.payload, &row.clock, row.base_rev), (&made.payload, &made.clock, Some(17)));
    assert_eq!((row.depends_on, row.label, row.created_at), (made.depends_on, made.label, NOW));
    assert_eq!((row.state, row.attempts, row.first_sent_at, row.receipt), (OutboxState::Queued, 0, None, None));
}

#[tokio::test]
async fn the_same_id_enters_once() {
    let vault = Vault::new().await;
    vault.add(&request(1, 11, 111)).await;
    vault.store.save_draft(SITI, "profile", "ktp_address", "Bogor", NOW).await.unwrap();
    let again = vault.store.enqueue(SITI, &patch(1, json!({})), &DraftChange::clear("profile")).await.unwrap();
    assert_eq!(again, Enqueued::Known);
    assert_eq!(vault.row(id(1)).await.kind, "enrolment.request");
    assert_eq!(vault.store.drafts(SITI, "profile").await.unwrap().len(), 1, "nothing of a refused call happened");
    // Nor does another account's row change hands.
    assert_eq!(vault.store.enqueue(BUDI, &request(1, 11, 111), &DraftChange::none()).await.unwrap(), Enqueued::Known);
    assert!(vault.store.command(BUDI, id(1)).await.unwrap().is_none());
}

#[tokio::test]
async fn command_and_drafts_are_stored_together() {
    let vault = Vault::new().await;
    vault.store.save_draft(SITI, "profile", "ktp_address", "Bogor", NOW).await.unwrap();
    let change = DraftChange::clear("profile");
    vault.store.enqueue(SITI, &patch(1, json!({ "ktp_address": "Bogor" })), &change).await.unwrap();
    assert!(vault.store.drafts(SITI, "profile").await.unwrap().is_empty());
    assert_eq!(vault.store.waiting(SITI).await.unwrap().len(), 1);
}

#[tokio::test]
async fn patches_that_were_never_sent_become_one() {
    let vault = Vault::new().await;
    let mut first = patch(1, json!({ "ktp_address": "Bogor", "phone": "+62811" }));
    first.base_rev = Some(3);
    vault.add(&first).await;
    let mut second = patch(2, json!({ "ktp_address": "Depok", "domicile_address": null }));
    second.base_rev = Some(3);
    second.clock = json!({ "queued_wall_ms": NOW + 60_000 });
    second.depends_on = vec![id(50)];
    assert_eq!(vault.add(&second).await, Enqueued::Merged { into: id(1) });
    let rows = vault.store.waiting(SITI).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        rows[0].payload,
        json!({ "fields": { "ktp_address": "Depok", "phone": "+62811", "domicile_address": null } })
    );
    assert_eq!((rows[0].id, &rows[0].clock, &rows[0].depends_on), (id(1), &second.clock, &vec![id(50)]));
}

#[tokio::test]
async fn patches_stay_apart_when_merging_would_change_their_meaning() {
    // Made on another revision: central could not tell what the person saw.
    let vault = Vault::new().await;
    vault.add(&patch(1, json!({ "ktp_address": "Bogor" }))).await;
    let mut other_base = patch(2, json!({ "ktp_address": "Depok" }));
    other_base.base_rev = Some(4);
    assert_eq!(vault.add(&other_base).await, Enqueued::Added);
    // Another version of the payload.
    let mut other_version = patch(3, json!({ "ktp_address": "Depok" }));
    other_version.base_rev = Some(4);
    other_version.v = 2;
    assert_eq!(vault.add(&other_version).await, Enqueued::Added);
    // Another account.
    let elsewhere =
        vault.store.enqueue(BUDI, &patch(4, json!({ "ktp_address": "Medan" })), &DraftChange::none()).await.unwrap();
    assert_eq!(elsewhere, Enqueued::Added);
    assert_eq!(vault.store.waiting(SITI).await.unwrap().len(), 3);
}

#[tokio::test]
async fn what_was_sent_once_is_frozen() {
    let mut vault = Vault::new().await;
    vault.add(&patch(1, json!({ "ktp_address": "Bogor" }))).await;
    let sent = vault.send(id(1)).await;
    vault.reopen().await;
    vault.store.recover().await.unwrap();
    assert_eq!(
        vault.add(&patch(2, json!({ "ktp_address": "Depok" }))).await,
        Enqueued::Added,
        "not merged into a sent one"
    );
    assert_eq!(vault.add(&patch(3, json!({ "phone": "+62811" }))).await, Enqueued::Merged { into: id(2) });
    let again = vault.send(id(1)).await;
    assert_eq!((again.payload, again.clock, again.first_sent_at), (sent.payload, sent.clock, sent.first_sent_at));
    assert_eq!(again.attempts, 2);
    assert_eq!(vault.store.withdraw(SITI, id(1)).await.unwrap(), Withdrawn::Sent);
}

#[tokio::test]
async fn a_request_and_its_cancel_annihilate_only_while_unsent() {
    let vault = Vault::new().await;
    vault.add(&request(1, 11, 111)).await;
    vault.add(&request(2, 22, 222)).await;
    assert_eq!(vault.add(&cancel(3, 11, 111)).await, Enqueued::Annihilated { with: id(1) });
    let left: Vec<_> = vault.store.waiting(SITI).await.unwrap().iter().map(|row| row.id).collect();
    assert_eq!(left, [id(2)]);

    vault.send(id(2)).await;
    assert_eq!(vault.add(&cancel(4, 22, 222)).await, Enqueued::Added);
    assert_eq!(vault.store.waiting(SITI).await.unwrap().len(), 2);

    // Something else builds upon the request: both stay.
    vault.add(&request(5, 55, 555)).await;
    let mut dependent = command(6, "claim:x", "incentive.claim", json!({}));
    dependent.depends_on = vec![id(5)];
    vault.add(&dependent).await;
    assert_eq!(vault.add(&cancel(7, 55, 555)).await, Enqueued::Added);
}

#[tokio::test]
async fn an_unsent_command_is_withdrawn_with_what_depends_on_it() {
    let vault = Vault::new().await;
    vault.add(&request(1, 11, 111)).await;
    for (n, parent) in [(2, 1), (3, 2)] {
        let mut dependent = command(n, &format!("lane{n}"), "x", json!({}));
        dependent.depends_on = vec![id(parent)];
        vault.add(&dependent).await;
    }
    vault.add(&request(4, 44, 444)).await;
    let withdrawn = vault.store.withdraw(SITI, id(1)).await.unwrap();
    let Withdrawn::Removed { mut also } = withdrawn else { panic!("{withdrawn:?}") };
    also.sort();
    assert_eq!(also, [id(2), id(3)]);
    assert_eq!(vault.store.waiting(SITI).await.unwrap().len(), 1);
    assert_eq!(vault.store.withdraw(SITI, id(1)).await.unwrap(), Withdrawn::Unknown);
    assert_eq!(vault.store.withdraw(BUDI, id(4)).await.unwrap(), Withdrawn::Unknown);
    vault.finish(outcome(4, "applied", 1)).await;
    assert_eq!(vault.store.withdraw(SITI, id(4)).await.unwrap(), Withdrawn::Done);
}

#[tokio::test]
async fn a_correction_and_the_question_behind_it_are_stored_together_or_not_at_all() {
    let vault = Vault::new().await;
    let ask = |n| command(n, "profile", kind::IDENTITY_SUBMIT, json!({ "consents": [] }));
    let again = |asked, n| AskAgain { asked: id(asked), void: void(90 + n, &ask(asked)), question: Some(ask(n)) };
    let nik = |n, value: &str| patch(n, json!({ "nik": value }));
    let correct = async |patch: NewCommand, again: AskAgain| {
        vault.store.correct(SITI, &patch, &DraftChange::none(), &again).await
    };
    let waiting = async || {
        let rows = vault.store.waiting(SITI).await.unwrap();
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    vault.add(&ask(1)).await;
    // An id that is taken: nothing of it is stored, and nothing is taken back.
    assert!(correct(nik(2, "a"), again(1, 2)).await.is_err());
    assert_eq!(waiting().await, [id(1)]);
    assert_eq!(correct(nik(2, "a"), again(1, 3)).await.unwrap(), Enqueued::Added);
    assert_eq!((waiting().await, vault.row(id(3)).await.depends_on), (vec![id(2), id(3)], vec![id(2)]));
    // Never sent, the patch is one with that before it.
    assert_eq!(correct(nik(4, "b"), again(3, 5)).await.unwrap(), Enqueued::Merged { into: id(2) });
    assert_eq!((waiting().await, vault.row(id(5)).await.depends_on), (vec![id(2), id(5)], vec![id(2)]));
    // Sent once, it is taken back at central.
    vault.finish(outcome(2, "applied", 1)).await;
    vault.send(id(5)).await;
    correct(nik(6, "c"), again(5, 7)).await.unwrap();
    assert_eq!(waiting().await, [id(5), id(97), id(6), id(7)]);
    // Answered meanwhile, it is not asked again.
    vault.finish(outcome(7, "applied", 2)).await;
    correct(nik(8, "d"), again(7, 9)).await.unwrap();
    assert!(!waiting().await.contains(&id(9)));
    // One that cannot be asked anew is taken back all the same.
    vault.add(&ask(10)).await;
    correct(nik(11, "e"), AskAgain { question: None, ..again(10, 12) }).await.unwrap();
    assert!(!waiting().await.contains(&id(10)));
}

#[tokio::test]
async fn a_row_has_this_form() {
    let vault = Vault::new().await;
    let mut made = request(1, 11, 111);
    made.base_rev = Some(2);
    made.depends_on = vec![id(9)];
    vault.add(&made).await;
    vault.store.put_back(SITI, &[id(1)], "network", Some(&json!({ "code": "timeout" })), NOW + 7, true).await.unwrap();
    insta::assert_debug_snapshot!("outbox_row_waiting", vault.row(id(1)).await);
    let mut refused = outcome(1, "rejected", 4);
    refused.problem = Some(json!({ "type": "seat-full" }));
    vault.finish(refused).await;
    insta::assert_debug_snapshot!("outbox_row_done", vault.row(id(1)).await);
}

#[tokio::test]
async fn counting_is_always_a_question_to_the_rows() {
    let vault = Vault::new().await;
    for n in 1..=7 {
        vault.add(&request(n, n * 11, n * 111)).await;
    }
    vault.send(id(1)).await;
    vault.store.block(SITI, &[id(2)], "blocked", None, NOW).await.unwrap();
    vault.store.hold(SITI, &[id(3)], "auth", None).await.unwrap();
    vault.store.park(SITI, &[id(4)], "forbidden", None).await.unwrap();
    vault.finish(outcome(5, "applied", 1)).await;
    vault.finish(outcome(6, "rejected", 2)).await;
    let counts = vault.store.counts(SITI).await.unwrap();
    assert_eq!((counts.queued, counts.sending, counts.blocked, counts.held, counts.parked), (1, 1, 1, 1, 1));
    assert_eq!((counts.received, counts.refused, counts.waiting()), (1, 1, 5));
    assert!(vault.store.acknowledge(SITI, id(6), NOW).await.unwrap());
    assert!(!vault.store.acknowledge(SITI, id(6), NOW).await.unwrap());
    assert!(!vault.store.acknowledge(SITI, id(7), NOW).await.unwrap(), "only what is finished");
    assert_eq!(vault.store.counts(SITI).await.unwrap().refused, 0);
    assert_eq!(vault.store.counts(BUDI).await.unwrap(), Default::default());
    let finished: Vec<_> = vault.store.finished(SITI, 10).await.unwrap().iter().map(|row| row.id).collect();
    assert_eq!(finished, [id(6), id(5)]);
    assert_eq!(vault.store.finished(SITI, 1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_void_passes_the_command_that_it_takes_back() {
    let vault = Vault::new().await;
    let wanted = request(1, 11, 111);
    vault.add(&wanted).await;
    vault.send(id(1)).await;
    vault.add(&void(2, &wanted)).await;
    assert_eq!(vault.next(SITI).await, NONE, "one of a lane on its way at a time");
    vault.store.put_back(SITI, &[id(1)], "network", None, 0, true).await.unwrap();
    assert_eq!(vault.next(SITI).await, [id(2)], "the target is not sent again before the answer to its void");
    assert_eq!(vault.store.voiding(SITI).await.unwrap(), [(id(2), id(1))]);

    // Taken back: both are done.
    vault.send(id(2)).await;
    let finished = vault.finish(outcome(2, "applied", 1)).await;
    assert_eq!(finished, [id(2), id(1)]);
    assert_eq!(vault.row(id(1)).await.status.as_deref(), Some("voided"));
    assert_eq!(vault.store.voiding(SITI).await.unwrap(), []);

    // Too late: the target is sent again and gets its stored answer.
    let late = request(3, 33, 333);
    vault.add(&late).await;
    vault.send(id(3)).await;
    vault.store.put_back(SITI, &[id(3)], "network", None, 0, true).await.unwrap();
    vault.add(&void(4, &late)).await;
    vault.send(id(4)).await;
    assert_eq!(vault.finish(outcome(4, "rejected", 2)).await, [id(4)]);
    assert_eq!(vault.next(SITI).await, [id(3)]);
}

#[tokio::test]
async fn a_later_answer_takes_the_place_of_one_that_was_never_sent() {
    let vault = Vault::new().await;
    let answer = |n: u128, item: &str, choice: &str| {
        let mut made = command(n, "test:7", "test.answer", json!({ "attempt": id(7), "item": item, "choice": choice }));
        made.clock = json!({ "queued_wall_ms": n });
        made
    };
    let kept = |item: &str, choice: &str| {
        let draft = Draft { form: "test:7".into(), field: item.into(), value: choice.into(), saved_at: NOW };
        DraftChange { save: vec![draft], ..DraftChange::default() }
    };
    let add =
        async |n, item, choice| vault.store.enqueue(SITI, &answer(n, item, choice), &kept(item, choice)).await.unwrap();
    assert_eq!(add(1, "v1", "a").await, Enqueued::Added);
    assert_eq!(add(2, "v2", "a").await, Enqueued::Added, "another item");
    assert_eq!(add(3, "v1", "b").await, Enqueued::Merged { into: id(1) });
    let row = vault.row(id(1)).await;
    assert_eq!((&row.payload["choice"], &row.clock["queued_wall_ms"]), (&json!("b"), &json!(3)), "and its own time");
    // One that was sent is frozen: the next stands behind it.
    vault.store.mark_sending(SITI, &[id(1)], NOW).await.unwrap();
    assert_eq!(add(4, "v1", "c").await, Enqueued::Added);
    assert_eq!(add(5, "v1", "d").await, Enqueued::Merged { into: id(4) });
    let choices: Vec<_> = vault.store.waiting(SITI).await.unwrap();
    let choices: Vec<_> = choices.iter().map(|row| row.payload["choice"].as_str().unwrap()).collect();
    assert_eq!(choices, ["b", "a", "d"]);
    let drafts = vault.store.drafts(SITI, "test:7").await.unwrap();
    assert_eq!(drafts.iter().find(|draft| draft.field == "v1").unwrap().value, "d", "stored in the same transaction");
}

#[tokio::test]
async fn an_answer_that_shows_its_time_is_not_given_up_for_one_that_does_not() {
    let vault = Vault::new().await;
    let (with, without) = (Some(NOW), None::<i64>);
    let add = async |n: u128, choice: &str, anchor: Option<i64>| {
        let payload = json!({ "attempt": id(7), "item": "v1", "choice": choice });
        let mut made = command(n, "test:7", "test.answer", payload);
        made.clock = json!({ "queued_wall_ms": n, "anchor_server_ms": anchor, "since_anchor_ms": anchor.map(|_| 1) });
        vault.store.enqueue(SITI, &made, &DraftChange::none()).await.unwrap()
    };
    let steps = [
        (1, "a", with, Enqueued::Added),
        (2, "b", without, Enqueued::Added),
        (3, "c", without, Enqueued::Merged { into: id(2) }),
        (4, "d", with, Enqueued::Merged { into: id(2) }),
        (5, "e", with, Enqueued::Merged { into: id(2) }),
        (6, "f", without, Enqueued::Added),
    ];
    for (n, choice, anchor, expected) in steps {
        assert_eq!(add(n, choice, anchor).await, expected, "{choice}");
    }
    let rows = vault.store.waiting(SITI).await.unwrap();
    let choices: Vec<_> = rows.iter().map(|row| row.payload["choice"].as_str().unwrap()).collect();
    assert_eq!(choices, ["a", "e", "f"], "in the order in which they were given");
}
