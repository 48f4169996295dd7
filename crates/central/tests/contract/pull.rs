//! The pull: pages, long-polls, cursors, snapshots, forgetting.

use std::collections::BTreeSet;
use std::time::Duration;

use prakerja_central::db::Id;
use prakerja_central::demo;
use prakerja_domain::profile::ProfileField::FullName;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::{CommandStatus, Page, state_hash};

use crate::started::*;

/// Seven changes: five of the profile, two enrolments.
async fn seven_changes(sari: &Person) {
    let names = ["Ani", "Budi", "Citra", "Dewi", "Eka"].map(|name| patch(None, &[(FullName, Some(name))]));
    sari.push_all(&names).await;
    sari.push_all(&[request(demo::FREE_ROOMY, Some(1)), request(demo::FREE_SELF_PACED, None)]).await;
}

async fn page(sari: &Person, cursor: Option<&str>, limit: &str) -> Page {
    let mut query = vec![("limit", limit)];
    query.extend(cursor.map(|cursor| ("cursor", cursor)));
    read(sari.get("/v1/sync/pull").query(&query)).await
}

pub(crate) async fn pages_follow_each_other(central: &Started) {
    let sari = central.person().await;
    let empty = sari.pull(None).await;
    assert_eq!((empty.changes.len(), empty.more), (0, false));
    assert_eq!(empty.state_hash, Some(state_hash([])));
    seven_changes(&sari).await;
    let (mut cursor, mut seqs, mut pages) = (Some(empty.cursor), Vec::new(), 0);
    loop {
        let page = page(&sari, cursor.as_deref(), "3").await;
        pages += 1;
        seqs.extend(page.changes.iter().map(|change| change.seq));
        assert_eq!(page.state_hash.is_none(), page.more, "the hash comes on the last page");
        assert_eq!(page.epoch, central.central.epoch);
        cursor = Some(page.cursor);
        if !page.more {
            break;
        }
    }
    assert_eq!((seqs, pages), ((1..=7).collect(), 3));
    let all = sari.pull(None).await;
    let newest = [("profile", sari.id, 5), ("enrolment", all.changes[5].id, 1), ("enrolment", all.changes[6].id, 1)];
    assert_eq!(all.state_hash, Some(state_hash(newest)));
    // Everything is known; limits out of range are brought into it.
    for limit in ["0", "1", "200", "100000"] {
        let page = page(&sari, cursor.as_deref(), limit).await;
        assert_eq!((page.changes.len(), page.more), (0, false), "{limit}");
    }
    assert_eq!(page(&sari, None, "0").await.changes.len(), 1);
    for query in ["limit=-1", "limit=x", "wait=x"] {
        let problem = refused(sari.get(&format!("/v1/sync/pull?{query}"))).await;
        assert_eq!((problem.status, problem.code), (400, ProblemCode::Malformed), "{query}");
    }
}

pub(crate) async fn a_long_poll_wakes_when_the_feed_grows(central: &Started) {
    let (sari, budi) = (central.person().await, central.person().await);
    let cursor = sari.pull(None).await.cursor;
    let waiting = |cursor: &str| {
        let request = sari.get("/v1/sync/pull").query(&[("cursor", cursor), ("wait", "25")]);
        tokio::spawn(async move { read::<Page>(request).await })
    };
    let (first, second) = (waiting(&cursor), waiting(&cursor));
    polls(central, 2).await;
    // Others do not wake it, and a refusal of one's own is no news: an early page would be an empty one.
    budi.push(&patch(None, &[(FullName, Some("Budi"))])).await;
    sari.push(&request(demo::FREE_FULL, Some(1))).await;
    let command = patch(None, &[(FullName, Some("Sari"))]);
    sari.push(&command).await;
    for waiting in [first, second] {
        let page = tokio::time::timeout(Duration::from_secs(10), waiting).await.expect("woken in time").unwrap();
        assert_eq!(page.changes.iter().map(|change| change.by).collect::<Vec<_>>(), [Some(command.id)]);
    }
    polls(central, 0).await;
    // News that is there already does not wait.
    let page: Page = read(sari.get("/v1/sync/pull").query(&[("cursor", cursor.as_str()), ("wait", "25")])).await;
    assert_eq!(page.changes.len(), 1);
    // And it ends by itself, with an empty page.
    let page: Page = read(sari.get("/v1/sync/pull").query(&[("cursor", page.cursor.as_str()), ("wait", "1")])).await;
    assert_eq!((page.changes.len(), page.more), (0, false));
}

pub(crate) async fn a_long_poll_ends_when_central_stops(central: &Started) {
    let sari = central.person().await;
    let request = sari.get("/v1/sync/pull").query(&[("wait", "25")]);
    let waiting = tokio::spawn(async move { request.send().await });
    polls(central, 1).await;
    central.begin_stop();
    let answer = tokio::time::timeout(Duration::from_secs(10), waiting).await.expect("ended in time").unwrap();
    let page: Page = answer.unwrap().json().await.unwrap();
    assert!(page.changes.is_empty() && !page.more);
}

/// Waits until so many long-polls wait.
async fn polls(central: &Started, count: usize) {
    let there = async {
        while central.central.sync.get().unwrap().polls() != count {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), there).await.expect("there in time");
}

pub(crate) async fn a_cursor_of_others_is_no_cursor(central: &Started) {
    let (sari, budi) = (central.person().await, central.person().await);
    seven_changes(&sari).await;
    let cursor = sari.pull(None).await.cursor;
    let mut forged = cursor.clone();
    forged.replace_range(10..11, if &cursor[10..11] == "A" { "B" } else { "A" });
    let snapshot = sari.snapshot(&[("limit", "1")]).await.next.unwrap();
    for (person, token) in [(&budi, &cursor), (&sari, &forged), (&sari, &snapshot), (&sari, &"x".to_owned())] {
        let problem = refused(person.get("/v1/sync/pull").query(&[("cursor", token.as_str())])).await;
        assert_eq!((problem.status, problem.code), (410, ProblemCode::CursorExpired));
    }
    for (person, token) in [(&budi, &snapshot), (&sari, &cursor), (&sari, &String::new())] {
        let problem = refused(person.get("/v1/sync/snapshot").query(&[("page", token.as_str())])).await;
        assert_eq!((problem.status, problem.code), (410, ProblemCode::CursorExpired));
    }
}

pub(crate) async fn a_snapshot_is_the_same_state(central: &Started) {
    let sari = central.person().await;
    seven_changes(&sari).await;
    let (mut records, mut next): (Vec<_>, Option<String>) = (Vec::new(), None);
    let mut nth = 0;
    let (as_of, cursor) = loop {
        let mut query = vec![("limit", "1")];
        query.extend(next.as_deref().map(|token| ("page", token)));
        let page = sari.snapshot(&query).await;
        records.extend(page.records);
        if nth == 0 {
            // Something changes while the snapshot is read: the feed brings it afterwards.
            sari.push(&patch(Some(5), &[(FullName, Some("Fajar"))])).await;
        }
        nth += 1;
        match page.next {
            Some(token) => next = Some(token),
            None => break (page.as_of_seq, page.cursor),
        }
    };
    assert_eq!((as_of, nth), (7, 3));
    let ids: BTreeSet<_> = records.iter().map(|record| (record.kind.clone(), record.id)).collect();
    assert_eq!(ids.len(), 3);
    let after = sari.pull(Some(&cursor)).await;
    assert_eq!(after.changes.iter().map(|change| change.seq).collect::<Vec<_>>(), [8]);
    for change in after.changes {
        records.retain(|record| record.id != change.id || record.rev > change.rev);
        records.push(change);
    }
    let hash = state_hash(records.iter().map(|record| (record.kind.as_str(), record.id, record.rev)));
    assert_eq!(after.state_hash, Some(hash));
}

pub(crate) async fn people_see_their_own_feed_only(central: &Started) {
    let (sari, budi) = (central.person().await, central.person().await);
    seven_changes(&sari).await;
    budi.push(&patch(None, &[(FullName, Some("Budi"))])).await;
    let theirs = budi.pull(None).await;
    assert_eq!(theirs.changes.iter().map(|c| (c.seq, c.id)).collect::<Vec<_>>(), [(1, budi.id)]);
    assert_eq!(budi.snapshot(&[]).await.records.len(), 1);
    // Both devices of a person see the same.
    assert_eq!(central.device_of(sari.id).await.pull(None).await.changes, sari.pull(None).await.changes);
}

pub(crate) async fn what_is_too_old_is_forgotten(central: &Started) {
    let (sari, budi) = (central.person().await, central.person().await);
    let first = patch(None, &[(FullName, Some("Sari"))]);
    let old = sari.pull(None).await.cursor;
    sari.push(&first).await;
    let known = sari.pull(None).await.cursor;
    let days = |n: i64| n * 24 * 60 * 60 * 1_000;
    central.central.clock.advance_ms(days(390));
    sari.push(&patch(Some(1), &[(FullName, Some("Sari Wulandari"))])).await;
    let newer = sari.pull(None).await.cursor;
    budi.push(&patch(None, &[(FullName, Some("Budi"))])).await;
    // Central prunes when it starts: a second one on the same data, eleven days later.
    central.stop().await;
    let later = Again::start(central.folder.path(), NOW + days(401)).await;
    let pruned = async {
        loop {
            let (floor,): (i64,) = sqlx::query_as("select feed_floor from person where id = $1")
                .bind(Id(sari.id))
                .fetch_one(later.central.db.read())
                .await
                .unwrap();
            if floor == 1 {
                break;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), pruned).await.expect("pruned in time");
    // So long a time ended the sessions, too.
    let device = |person| central.device_on(&later.central, &later.base, person);
    let (sari, budi) = (device(sari.id).await, device(budi.id).await);
    // A year and more passed in which the old cursor was not used.
    for cursor in [Some(old.as_str()), None] {
        let query: Vec<_> = cursor.map(|cursor| ("cursor", cursor)).into_iter().collect();
        let problem = refused(sari.get("/v1/sync/pull").query(&query)).await;
        assert_eq!((problem.status, problem.code), (410, ProblemCode::CursorExpired));
    }
    // Whoever knows all that was forgotten goes on as ever.
    assert_eq!(sari.pull(Some(&known)).await.changes.len(), 1);
    assert!(sari.pull(Some(&newer)).await.changes.is_empty());
    let snapshot = sari.snapshot(&[]).await;
    assert_eq!((snapshot.as_of_seq, snapshot.records[0].rev), (2, 2));
    assert_eq!(budi.pull(None).await.changes.len(), 1);
    // The body of the old result is gone; that it was applied is known for ever.
    let replayed = sari.push(&first).await;
    assert_eq!(
        (replayed.status, replayed.replayed, replayed.seq, replayed.rev),
        (CommandStatus::Applied, true, Some(1), None)
    );
    later.stop().await;
}
