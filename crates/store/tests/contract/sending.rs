//! Which command is next, and how it comes back.

use prakerja_store::OutboxState;
use serde_json::json;

use crate::support::{BUDI, NONE, NOW, SITI, Vault, command, id, outcome, patch, request};

#[tokio::test]
async fn the_first_of_each_lane_is_next_in_the_order_they_were_made() {
    let vault = Vault::new().await;
    for (n, lane) in [(1, "a"), (2, "b"), (3, "a"), (4, "c"), (5, "b")] {
        vault.add(&command(n, lane, "x", json!({}))).await;
    }
    assert_eq!(vault.next(SITI).await, [id(1), id(2), id(4)]);
    assert_eq!(vault.next(BUDI).await, NONE);

    vault.send(id(1)).await;
    assert_eq!(vault.next(SITI).await, [id(2), id(4)], "one of a lane on its way");
    vault.finish(outcome(1, "applied", 1)).await;
    assert_eq!(vault.next(SITI).await, [id(2), id(3), id(4)]);
}

#[tokio::test]
async fn what_cannot_go_stops_its_own_lane_only() {
    let vault = Vault::new().await;
    for (n, lane) in [(1, "a"), (2, "a"), (3, "b"), (4, "b"), (5, "c"), (6, "c"), (7, "d")] {
        vault.add(&command(n, lane, "x", json!({}))).await;
    }
    let problem = json!({ "type": "forbidden" });
    vault.store.park(SITI, &[id(1)], "forbidden", Some(&problem)).await.unwrap();
    vault.store.hold(SITI, &[id(3)], "auth", None).await.unwrap();
    vault.send(id(5)).await;
    assert_eq!(vault.next(SITI).await, [id(7)]);
    vault.store.put_back(SITI, &[id(5)], "network", None, NOW + 100, true).await.unwrap();
    assert_eq!(vault.next(SITI).await, [id(5), id(7)], "when it is sent again is not the store's to decide");
    assert_eq!(vault.row(id(5)).await.next_at, NOW + 100);
    let parked = vault.row(id(1)).await;
    assert_eq!((parked.state, parked.last_class.as_deref()), (OutboxState::Parked, Some("forbidden")));
    assert_eq!(parked.last_problem, Some(problem));

    assert_eq!(vault.store.release(SITI, Some("auth")).await.unwrap(), 1);
    assert_eq!(vault.next(SITI).await, [id(3), id(5), id(7)]);
    assert_eq!(vault.store.release(SITI, None).await.unwrap(), 1);
    assert_eq!(vault.next(SITI).await, [id(1), id(3), id(5), id(7)]);
}

#[tokio::test]
async fn a_command_waits_for_those_it_depends_on() {
    let vault = Vault::new().await;
    vault.add(&patch(1, json!({ "ktp_address": "Bogor" }))).await;
    let mut second = request(2, 22, 222);
    second.depends_on = vec![id(1), id(99)];
    vault.add(&second).await;
    assert_eq!(vault.next(SITI).await, [id(1)], "a parent that is not here (any more) is no obstacle");
    vault.send(id(1)).await;
    assert_eq!(vault.next(SITI).await, NONE);
    // Also a refused one is done: central answers for the dependent.
    vault.finish(outcome(1, "rejected", 1)).await;
    assert_eq!(vault.next(SITI).await, [id(2)]);
    // What central calls blocked is tried again.
    vault.send(id(2)).await;
    vault.store.block(SITI, &[id(2)], "blocked", None, NOW + 50).await.unwrap();
    assert_eq!(vault.next(SITI).await, [id(2)]);
}

#[tokio::test]
async fn marking_gives_the_bytes_of_that_moment_and_only_of_what_may_go() {
    let vault = Vault::new().await;
    vault.add(&patch(1, json!({ "ktp_address": "Bogor" }))).await;
    vault.add(&request(2, 22, 222)).await;
    vault.add(&request(3, 22, 222)).await;
    assert_eq!(vault.next(SITI).await, [id(1), id(2)]);
    // The person goes on typing between the choice and the sending.
    vault.add(&patch(9, json!({ "ktp_address": "Depok" }))).await;
    let rows = vault.store.mark_sending(SITI, &[id(3), id(2), id(1), id(77)], NOW).await.unwrap();
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    assert_eq!(ids, [id(1), id(2)], "in order, one of a lane");
    assert_eq!(rows[0].payload["fields"]["ktp_address"], "Depok");
    assert_eq!((rows[0].state, rows[0].attempts, rows[0].first_sent_at), (OutboxState::Sending, 1, Some(NOW)));
    assert!(vault.store.mark_sending(SITI, &[id(1), id(2)], NOW).await.unwrap().is_empty(), "not twice");
}

#[tokio::test]
async fn after_a_restart_what_was_on_its_way_is_queued_with_its_history() {
    let mut vault = Vault::new().await;
    vault.add(&request(1, 11, 111)).await;
    vault.store.put_back(SITI, &[id(1)], "network", None, 0, true).await.unwrap();
    vault.send(id(1)).await;
    vault.reopen().await;
    assert_eq!(vault.row(id(1)).await.state, OutboxState::Sending);
    assert_eq!(vault.store.recover().await.unwrap(), 1);
    let row = vault.row(id(1)).await;
    assert_eq!((row.state, row.attempts, row.failures, row.first_sent_at), (OutboxState::Queued, 1, 1, Some(NOW)));
    assert_eq!(vault.store.recover().await.unwrap(), 0);
}

#[tokio::test]
async fn a_finished_command_never_comes_back() {
    let vault = Vault::new().await;
    vault.add(&request(1, 11, 111)).await;
    vault.finish(outcome(1, "applied", 1)).await;
    assert_eq!(vault.store.put_back(SITI, &[id(1)], "network", None, 0, true).await.unwrap(), 0);
    assert_eq!(vault.store.hold(SITI, &[id(1)], "auth", None).await.unwrap(), 0);
    assert_eq!(vault.store.park(SITI, &[id(1)], "x", None).await.unwrap(), 0);
    assert_eq!(vault.store.release(SITI, None).await.unwrap(), 0);
    assert_eq!(vault.store.recover().await.unwrap(), 0);
    assert_eq!(vault.row(id(1)).await.state, OutboxState::Done);
}
