//! Blocks, and appeals against them.

use prakerja_central::registration::operator;
use prakerja_domain::field::FieldErrorCode;
use prakerja_protocol::application::{AppealRecord, AppealSubmit, NoticeKind as N};
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::{BlockReason, BlockedStatus};
use prakerja_protocol::sync::Command;
use prakerja_protocol::sync::CommandEnvelope;
use prakerja_protocol::sync::CommandStatus::{Applied, Rejected};
use uuid::Uuid;

use crate::applicant::*;
use crate::started::*;

fn appeal(appeal: Uuid, text: &str) -> CommandEnvelope {
    command(&Command::AppealSubmit(AppealSubmit { appeal, text: text.to_owned() }), "appeal")
}

async fn record(person: &Person, id: Uuid) -> (i64, AppealRecord) {
    let (changes, _) = feed(person).await;
    let change = changes.into_iter().rev().find(|change| change.kind == "appeal" && change.id == id).unwrap();
    (change.rev, serde_json::from_value(change.data.unwrap()).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_is_told_appealed_and_lifted() {
    let central = Started::sqlite().await;
    let person = with_profile(&central, &nik(1)).await;
    let note = Some("Nomor KK tidak sesuai.".to_owned());
    operator::block(&central.central, person.id, BlockReason::FalseData, note.clone()).await.unwrap();
    assert_eq!(case(&person).await.blocked, Some(BlockedStatus { at: NOW, reason: BlockReason::FalseData, note }));
    let refused = person.push(&submit()).await;
    assert_eq!((code(&refused), detail(&refused, "refusal").as_str()), (ProblemCode::StepRefused, "blocked"));

    let first = Uuid::now_v7();
    let text = "Saya salah ketik.\nMohon dibuka.";
    assert_eq!(person.push(&appeal(first, "Saya salah ketik.\u{b}Mohon dibuka.\u{7f}")).await.status, Applied);
    assert_eq!(
        record(&person, first).await,
        (1, AppealRecord { text: text.to_owned(), received_at: NOW, answer: None })
    );
    let second = person.push(&appeal(Uuid::now_v7(), "Lagi")).await;
    assert_eq!((code(&second), detail(&second, "refusal").as_str()), (ProblemCode::StepRefused, "under_way"));

    central.central.clock.advance_ms(1_000);
    operator::answer_appeal(&central.central, first, false, "Kirim foto KK.").await.unwrap();
    let (rev, answered) = record(&person, first).await;
    let answer = answered.answer.unwrap();
    assert_eq!((rev, answer.granted, answer.text.as_str(), answer.at), (2, false, "Kirim foto KK.", NOW + 1_000));
    assert!(case(&person).await.facts.blocked);
    assert!(operator::answer_appeal(&central.central, first, true, "x").await.is_err(), "it is answered");

    // Final for this block, whatever is said; the office may lift it all the same.
    for text in ["Ini fotonya.", ""] {
        let again = person.push(&appeal(Uuid::now_v7(), text)).await;
        assert_eq!((code(&again), detail(&again, "refusal").as_str()), (ProblemCode::StepRefused, "done"), "{text:?}");
    }
    operator::unblock(&central.central, person.id, Some("Fotonya cocok.".to_owned())).await.unwrap();
    assert_eq!(record(&person, first).await.0, 2, "what was decided stays");
    central.central.clock.advance_ms(1_000);

    operator::block(&central.central, person.id, BlockReason::Proxy, None).await.unwrap();
    let third = Uuid::now_v7();
    assert_eq!(person.push(&appeal(third, "Ini pun keliru.")).await.status, Applied, "another block");
    operator::answer_appeal(&central.central, third, true, "Sudah dibuka.").await.unwrap();
    assert_eq!(case(&person).await.blocked, None);
    assert_eq!(person.push(&submit()).await.status, Applied);
    assert_eq!(
        notices(&person).await[..9],
        [
            N::Blocked,
            N::AppealReceived,
            N::AppealAnswered,
            N::Unblocked,
            N::Blocked,
            N::AppealReceived,
            N::AppealAnswered,
            N::Unblocked,
            N::IdentitySubmitted
        ]
    );
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_appeal_ends_with_its_block() {
    let central = Started::sqlite().await;
    let person = with_profile(&central, &nik(1)).await;
    operator::block(&central.central, person.id, BlockReason::Proxy, None).await.unwrap();
    let first = Uuid::now_v7();
    assert_eq!(person.push(&appeal(first, "Saya sendiri.")).await.status, Applied);
    central.central.clock.advance_ms(1_000);
    // Another reason, the same block: what was objected to it is not lost.
    let note = Some("Data berbeda.".to_owned());
    operator::block(&central.central, person.id, BlockReason::FalseData, note.clone()).await.unwrap();
    assert_eq!(case(&person).await.blocked, Some(BlockedStatus { at: NOW, reason: BlockReason::FalseData, note }));
    assert_eq!(record(&person, first).await.1.answer, None);

    operator::unblock(&central.central, person.id, Some("Maaf, keliru.".to_owned())).await.unwrap();
    let (rev, answered) = record(&person, first).await;
    let answer = answered.answer.unwrap();
    assert_eq!((rev, answer.granted, answer.text.as_str(), answer.at), (2, true, "Maaf, keliru.", NOW + 1_000));
    let told = notices(&person).await;
    assert_eq!(told, [N::Blocked, N::AppealReceived, N::Blocked, N::AppealAnswered, N::Unblocked]);

    // A new block: nothing that was said of the old one lifts it.
    operator::block(&central.central, person.id, BlockReason::TermsBroken, None).await.unwrap();
    assert!(operator::answer_appeal(&central.central, first, true, "Terlambat.").await.is_err());
    assert!(case(&person).await.facts.blocked);
    assert_eq!(person.push(&appeal(Uuid::now_v7(), "Ini pun keliru.")).await.status, Applied);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_blocked_has_nothing_to_object_to_and_bad_texts_are_refused() {
    let central = Started::sqlite().await;
    let person = central.person().await;
    let early = person.push(&appeal(Uuid::now_v7(), "Halo")).await;
    assert_eq!((code(&early), detail(&early, "refusal").as_str()), (ProblemCode::StepRefused, "too_early"));
    operator::unblock(&central.central, person.id, None).await.unwrap();
    assert!(notices(&person).await.is_empty(), "without a block nothing is lifted");
    operator::block(&central.central, person.id, BlockReason::Proxy, None).await.unwrap();
    let long = "x".repeat(2_001);
    for (text, expected) in [
        ("", FieldErrorCode::Required),
        (" \n\t ", FieldErrorCode::Required),
        (long.as_str(), FieldErrorCode::TooLong),
        ("\u{0}\u{7f}", FieldErrorCode::Required),
    ] {
        let refused = person.push(&appeal(Uuid::now_v7(), text)).await;
        assert_eq!((refused.status, refused.problem.unwrap().fields[0].code), (Rejected, expected), "{expected:?}");
    }
    assert_eq!(person.push(&appeal(Uuid::now_v7(), &long[1..])).await.status, Applied);
    operator::unblock(&central.central, person.id, None).await.unwrap();
    assert!(!case(&person).await.facts.blocked);
    for missing in [
        operator::block(&central.central, Uuid::new_v4(), BlockReason::Other, None).await,
        operator::unblock(&central.central, Uuid::new_v4(), None).await,
        operator::answer_appeal(&central.central, Uuid::new_v4(), true, "x").await,
    ] {
        assert!(missing.is_err());
    }
    central.stop().await;
}
