//! A draw that is voided: the wave goes back, everybody hears why, and what was thrown away stays public for ever.

use prakerja_central::office::role::Role;
use prakerja_central::office::{audit, operators};
use prakerja_central::waves::selection::{self, Due, SelectionError};
use prakerja_domain::application::ApplicationState;
use prakerja_domain::wave::Drawing;
use prakerja_protocol::application::{NoticeKind, NoticeRecord};
use prakerja_selection::{Beacon, Commitment, Files, Known, Voided};
use serde_json::{Value, json};

use crate::applicant::*;
use crate::draw::{VALUE, beacon, fetched, let_it_close};
use crate::started::*;

const REASON: &str = "Nilai publik yang disebut tidak pernah terbit.";

async fn file(central: &Started, commitment: &str, name: &str) -> (u16, Vec<u8>) {
    let path = format!("/v1/waves/{OPEN}/selection/{commitment}/{name}");
    let response = central.get(&path).send().await.unwrap();
    (response.status().as_u16(), response.bytes().await.unwrap().to_vec())
}

async fn committed(people: usize) -> (Started, Vec<Person>, String) {
    let central = Started::sqlite().await;
    let mut applied = Vec::new();
    for _ in 0..people {
        let person = applicant(&central).await;
        joined(&person, OPEN).await;
        applied.push(person);
    }
    let_it_close(&central);
    let files = selection::commit(&central.central, OPEN, beacon(&central)).await.unwrap();
    (central, applied, files.commitment)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_hears_and_another_draw_follows() {
    let (central, people, first) = committed(3).await;
    let at = &central.central;
    let due = beacon(&central).due_at_ms;
    let (_, kept) = file(&central, &first, "commitment.json").await;
    let (_, list) = file(&central, &first, "list.bin.zst").await;
    assert_eq!(file(&central, &first, "void.json").await.0, 404);

    let token = operators::add(at, "budi", Role::WaveManager).await.unwrap();
    let post = async |body: Value| {
        let path = format!("{}/v1/admin/waves/{OPEN}/selection/void", central.base);
        let response = reqwest::Client::new().post(path).bearer_auth(&token).json(&body).send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    for reason in ["", " ", "two\nlines"] {
        let (status, problem) = post(json!({ "reason": reason })).await;
        assert_eq!((status, &problem["details"]["reason"]), (409, &json!("reason")), "{problem}");
    }
    assert_eq!(post(json!({})).await.0, 400, "a reason is needed");
    let (status, voided) = post(json!({ "reason": REASON })).await;
    assert_eq!((status, &voided["commitment"], &voided["reason"]), (200, &json!(first), &json!(REASON)), "{voided}");
    let (status, problem) = post(json!({ "reason": REASON })).await;
    assert_eq!((status, &problem["details"]["reason"]), (409, &json!("not-committed")), "once");

    let rows = audit::list(at, 0, 100).await.unwrap();
    let of_void = rows.iter().filter(|row| row.what == "selection.void" && row.subject.ends_with(REASON));
    let outcomes: Vec<_> = of_void.map(|row| (row.who.as_str(), row.outcome.as_str())).collect();
    let expected = ["begun", "done", "begun", "refused: not-committed"].map(|outcome| ("budi", outcome));
    assert_eq!(outcomes, expected);

    // Everybody is told once, with the reason, and waits as before.
    for person in &people {
        let notices: Vec<NoticeRecord> = of_kind(person, "notice").await;
        let told: Vec<_> = notices.iter().filter(|notice| notice.what == NoticeKind::SelectionVoided).collect();
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].note.as_deref(), told[0].numbers["wave"]), (Some(REASON), i64::from(OPEN)));
        assert_eq!(application(person).await.state, ApplicationState::JoinedWaitingClose);
    }
    // The files of the draw stay where they were, with the reason and the open seed beside them.
    assert_eq!(file(&central, &first, "commitment.json").await, (200, kept.clone()));
    assert_eq!(file(&central, &first, "list.bin.zst").await, (200, list.clone()));
    for none in ["result.json", "accepted.bin", "seed"] {
        assert_eq!(file(&central, &first, none).await.0, 404, "{none}");
    }
    let commitment = Commitment::from_json(&kept).unwrap();
    let (_, void) = file(&central, &first, "void.json").await;
    let void = Voided::read(&void, &commitment).unwrap();
    assert_eq!(void.seed.map(|seed| seed.digest()), Some(commitment.seed_digest));
    assert!(!void.result_may_be_known(&commitment));
    let plain = format!("/v1/waves/{OPEN}/selection/commitment.json");
    assert_eq!(central.get(&plain).send().await.unwrap().status(), 404, "no draw counts now");
    let wave = wave(&central).await;
    assert_eq!((wave.drawing, &wave.selection), (Drawing::NotBegun, &None));
    assert_eq!((wave.voided.len(), wave.voided[0].beacon_due_at), (1, due));

    // The next public value is due later; everything else is anew.
    let again = Beacon { description: "another value".to_owned(), due_at_ms: due };
    let refused = selection::commit(at, OPEN, again.clone()).await;
    assert!(matches!(refused, Err(SelectionError::NotLater(last)) if last == due), "{refused:?}");
    let second = selection::commit(at, OPEN, Beacon { due_at_ms: due + 1, ..again }).await.unwrap();
    assert_ne!(second.commitment, first);
    assert_eq!(file(&central, &first, "list.bin.zst").await, (200, list), "not written over");
    selection::publish(at, OPEN, VALUE, None, Due::Sandbox).await.unwrap();
    let published = selection::void(at, OPEN, REASON).await;
    assert!(matches!(published, Err(SelectionError::Published(OPEN))), "{published:?}");
    assert_eq!(file(&central, &second.commitment, "result.json").await.0, 200);
    assert_eq!(file(&central, &first, "commitment.json").await.0, 200, "for ever");
    // A file that no backup had is not there; that is no defect.
    let kept = central.folder.path().join(format!("selections/{OPEN}/voided/{first}/void.json"));
    std::fs::remove_file(kept).unwrap();
    assert_eq!(file(&central, &first, "void.json").await.0, 404);
    let result: Value = serde_json::from_slice(&fetched(&central, "result.json").await).unwrap();
    assert_ne!(result["seed"], json!(void.seed), "another secret");
    let (commitment, list) = (fetched(&central, "commitment.json").await, fetched(&central, "list.bin.zst").await);
    let files = Files {
        commitment: &commitment,
        list: &zstd::decode_all(list.as_slice()).unwrap(),
        result: &fetched(&central, "result.json").await,
        accepted: None,
    };
    files.verify(&Known { commitment: second.commitment.parse().ok(), beacon_value: Some(VALUE) }).unwrap();
    central.stop().await;
}

async fn wave(central: &Started) -> prakerja_protocol::application::Wave {
    let waves = prakerja_central::office::waves::list(&central.central).await.unwrap();
    waves.into_iter().find(|listed| listed.wave.number == OPEN).unwrap().wave
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_that_was_entered_and_a_seed_that_is_lost_are_said() {
    let (central, _, first) = committed(1).await;
    let at = &central.central;
    // The draw stops: a byte of its list is gone. The value is entered by then.
    let path = central.folder.path().join(format!("selections/{OPEN}/list.bin.zst"));
    let list = std::fs::read(&path).unwrap();
    std::fs::write(&path, &list[1..]).unwrap();
    selection::publish(at, OPEN, VALUE, None, Due::Sandbox).await.unwrap_err();
    let mut tx = at.db.begin().await.unwrap();
    sqlx::query("update selection set seed = $1").bind(vec![1_u8; 48]).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    selection::void(at, OPEN, REASON).await.unwrap();
    let (_, commitment) = file(&central, &first, "commitment.json").await;
    let commitment = Commitment::from_json(&commitment).unwrap();
    let (_, void) = file(&central, &first, "void.json").await;
    let void = Voided::read(&void, &commitment).unwrap();
    assert_eq!((void.seed, void.beacon_value.as_deref()), (None, Some("723456")));
    assert!(void.result_may_be_known(&commitment));
    central.stop().await;
}
