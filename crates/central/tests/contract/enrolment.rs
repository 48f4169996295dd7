//! Enrolments: every result, and the last seat asked for by fifty at once.

use std::collections::BTreeMap;

use prakerja_central::catalogue::{CatalogueFile, training_id};
use prakerja_central::demo;
use prakerja_domain::enrolment::EnrolmentState;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::CommandStatus::{Applied, Rejected};
use prakerja_protocol::sync::{ClockEvidence, CommandEnvelope, EnrolmentRecord};
use serde_json::json;
use uuid::Uuid;

use crate::started::*;

pub(crate) async fn requests_have_these_results(central: &Started) {
    let sari = central.person().await;
    let unknown = Uuid::new_v4();
    let roomy = training_id(demo::FREE_ROOMY);
    let refusals = [
        ("unknown training", request_ids(unknown, unknown, None), ProblemCode::TrainingUnknown),
        ("unknown schedule", request_ids(unknown, roomy, Some(unknown)), ProblemCode::TrainingUnknown),
        (
            "schedule of another training",
            request_ids(unknown, roomy, Some(run(demo::FREE_WEBINAR, 1))),
            ProblemCode::TrainingUnknown,
        ),
        (
            "schedule of a self-paced one",
            request_ids(unknown, training_id(demo::FREE_SELF_PACED), Some(run(demo::FREE_ROOMY, 1))),
            ProblemCode::TrainingUnknown,
        ),
        ("no schedule", request(demo::FREE_ROOMY, None), ProblemCode::Validation),
        ("paid", request(demo::PAID_ONE_SEAT, Some(1)), ProblemCode::NeedsBalance),
        ("closed", request(demo::FREE_CLOSED, Some(1)), ProblemCode::EnrolmentClosed),
        ("full", request(demo::FREE_FULL, Some(1)), ProblemCode::SeatFull),
    ];
    for (name, command, expected) in refusals {
        let result = sari.push(&command).await;
        assert_eq!((result.status, code(&result)), (Rejected, expected), "{name}");
        assert_eq!(result.seq, Some(0), "{name}");
    }
    assert!(sari.pull(None).await.changes.is_empty());

    let granted = [
        (request(demo::FREE_SELF_PACED, None), EnrolmentState::InProgress),
        (request(demo::FREE_WEBINAR, Some(1)), EnrolmentState::Scheduled),
        (request(demo::FREE_ROOMY, Some(1)), EnrolmentState::SeatConfirmed),
    ];
    for (nth, (command, state)) in (1..).zip(&granted) {
        let result = sari.push(command).await;
        assert_eq!((result.status, result.rev, result.seq), (Applied, Some(1), Some(nth)));
        let change = sari.pull(None).await.changes.pop().unwrap();
        assert_eq!(
            (change.kind.as_str(), change.id, change.by),
            ("enrolment", enrolment_of(command), Some(command.id))
        );
        let record: EnrolmentRecord = serde_json::from_value(change.data.unwrap()).unwrap();
        assert_eq!((record.state, record.received_at), (*state, NOW));
        assert!(record.title.len() > 5);
        assert_eq!(record.run.is_some(), record.schedule.is_some());
    }
    // Once more, by another device, for the other date.
    let again = central.device_of(sari.id).await.push(&request(demo::FREE_ROOMY, Some(2))).await;
    assert_eq!((again.status, code(&again)), (Rejected, ProblemCode::AlreadyEnrolled));
    let theirs = json!(enrolment_of(&granted[2].0));
    assert_eq!(again.problem.unwrap().details, BTreeMap::from([("enrolment".to_owned(), theirs)]));
    assert_eq!(central.taken(run(demo::FREE_ROOMY, 2)).await, 0);
    // The same enrolment id under another command id.
    let twin = CommandEnvelope { id: Uuid::now_v7(), ..granted[0].0.clone() };
    assert_eq!(code(&sari.push(&twin).await), ProblemCode::AlreadyEnrolled);
}

pub(crate) async fn a_record_says_when_and_where(central: &Started) {
    let sari = central.person().await;
    let (seat, lesson) = (request(demo::FREE_ROOMY, Some(1)), request(demo::FREE_WEBINAR, Some(1)));
    sari.push_all(&[seat.clone(), lesson]).await;
    // The schedule leaves the catalogue; the record and what follows from it keep what the person was promised.
    let retire = CatalogueFile { retire: vec![demo::FREE_ROOMY.to_owned()], ..CatalogueFile::default() };
    prakerja_central::catalogue::apply(&central.central.db, &retire).await.unwrap();
    assert_eq!(sari.push(&cancel_of(&seat)).await.status, Applied);
    let records = sari.snapshot(&[]).await.records.into_iter();
    let records: BTreeMap<Uuid, EnrolmentRecord> =
        records.map(|record| (record.id, serde_json::from_value(record.data.unwrap()).unwrap())).collect();
    for row in demo::catalogue(jiff::civil::date(2026, 11, 23)).trainings {
        let Some(record) = records.values().find(|record| record.training == training_id(&row.slug)) else { continue };
        let (told, planned) = (record.run.clone().unwrap(), row.schedules[0].clone());
        assert_eq!((told.starts_on, told.ends_on), (planned.starts_on.to_string(), planned.ends_on.to_string()));
        assert_eq!(
            (told.time, told.province, told.city, told.address),
            (planned.time, planned.province, planned.city, planned.address)
        );
    }
    assert_eq!(records.len(), 2);
    assert_eq!(records[&enrolment_of(&seat)].state, EnrolmentState::Cancelled);
}

pub(crate) async fn cancelling_gives_the_place_back(central: &Started) {
    let (sari, budi) = (central.person().await, central.person().await);
    let seat = run(demo::FREE_ONE_SEAT, 1);
    let first = request(demo::FREE_ONE_SEAT, Some(1));
    assert_eq!(sari.push(&first).await.status, Applied);
    assert_eq!(code(&budi.push(&request(demo::FREE_ONE_SEAT, Some(1))).await), ProblemCode::SeatFull);
    // Nobody cancels for others.
    assert_eq!(code(&budi.push(&cancel_of(&first)).await), ProblemCode::NotFound);
    assert_eq!(central.taken(seat).await, 1);

    let cancelled = sari.push(&cancel_of(&first)).await;
    assert_eq!((cancelled.status, cancelled.rev, cancelled.seq), (Applied, Some(2), Some(2)));
    assert_eq!(central.taken(seat).await, 0);
    assert_eq!(code(&sari.push(&cancel_of(&first)).await), ProblemCode::NotCancellable);
    assert_eq!(central.taken(seat).await, 0);
    let change = sari.pull(None).await.changes.pop().unwrap();
    assert_eq!((change.rev, change.data.unwrap()["state"].clone()), (2, json!("cancelled")));

    assert_eq!(budi.push(&request(demo::FREE_ONE_SEAT, Some(1))).await.status, Applied);
    assert_eq!(code(&sari.push(&request(demo::FREE_ONE_SEAT, Some(1))).await), ProblemCode::SeatFull);
    // An enrolment id is used once; a new one may take another date after a cancel.
    let reused = request_ids(enrolment_of(&first), training_id(demo::FREE_ROOMY), Some(run(demo::FREE_ROOMY, 1)));
    assert_eq!(code(&sari.push(&reused).await), ProblemCode::Malformed);
    let other = request(demo::FREE_ROOMY, Some(1));
    sari.push_all(&[other.clone(), cancel_of(&other)]).await;
    assert_eq!(sari.push(&request(demo::FREE_ROOMY, Some(2))).await.status, Applied);
}

pub(crate) async fn the_last_seat_goes_to_one_of_fifty(central: &Started) {
    let mut people = Vec::new();
    for _ in 0..50 {
        people.push(central.person().await);
    }
    let line = std::sync::Arc::new(tokio::sync::Barrier::new(people.len()));
    let asking: Vec<_> = people
        .into_iter()
        .map(|person| {
            let line = line.clone();
            tokio::spawn(async move {
                let command = request(demo::FREE_ONE_SEAT, Some(1));
                line.wait().await;
                let result = person.push(&command).await;
                (person, command, result)
            })
        })
        .collect();
    let (mut got, mut full) = (0, 0);
    for asked in asking {
        let (person, command, result) = asked.await.unwrap();
        let changes = person.pull(None).await.changes;
        match result.status {
            Applied => {
                got += 1;
                assert_eq!(changes[0].id, enrolment_of(&command));
            }
            Rejected => {
                full += 1;
                assert_eq!(code(&result), ProblemCode::SeatFull);
                assert!(result.receipt.is_some(), "a refusal has its receipt too");
                assert!(changes.is_empty());
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((got, full), (1, 49));
    assert_eq!(central.taken(run(demo::FREE_ONE_SEAT, 1)).await, 1);
}

pub(crate) async fn the_arrival_decides_and_not_the_device(central: &Started) {
    let (closes_at,): (i64,) = sqlx::query_as("select closes_at from schedule where id = $1")
        .bind(prakerja_central::db::Id(run(demo::FREE_ROOMY, 1)))
        .fetch_one(central.central.db.read())
        .await
        .unwrap();
    let (early, late) = (central.person().await, central.person().await);
    central.central.clock.advance_ms(closes_at - NOW);
    // In the last millisecond, from a computer whose clock is years ahead.
    let ahead = ClockEvidence { queued_wall_ms: NOW * 2, ..ClockEvidence::default() };
    let command = CommandEnvelope { clock: ahead, ..request(demo::FREE_ROOMY, Some(1)) };
    let result = early.push(&command).await;
    assert_eq!((result.status, result.received_at), (Applied, Some(closes_at)));
    central.central.clock.advance_ms(1);
    let behind = ClockEvidence { queued_wall_ms: 0, ..ClockEvidence::default() };
    let command = CommandEnvelope { clock: behind, ..request(demo::FREE_ROOMY, Some(1)) };
    let refusal = late.push(&command).await.problem.unwrap();
    assert_eq!((refusal.code, refusal.details["closed_at"].clone()), (ProblemCode::EnrolmentClosed, json!(closes_at)));
}
