//! Who may join which wave.

use prakerja_domain::application::ApplicationState;
use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::{Facts, IdentityMatch, TestProgress};
use prakerja_domain::scheme::PriorityClass;
use prakerja_domain::wave::Counted;
use prakerja_protocol::application::NoticeKind;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::CommandStatus::{Applied, Rejected};
use serde_json::json;
use uuid::Uuid;

use crate::applicant::*;
use crate::started::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_state_of_the_person_and_of_the_wave_decide() {
    let central = Started::sqlite().await;
    let people = [
        ("complete", complete(), None),
        ("not matched", Facts { identity: Some(IdentityMatch::Mismatch), ..complete() }, Some("too_early")),
        ("test missing", Facts { test: None, ..complete() }, Some("too_early")),
        ("test running", Facts { test: Some(TestProgress::InProgress), ..complete() }, Some("too_early")),
        ("test not passed", Facts { test: Some(TestProgress::NotPassed), ..complete() }, Some("not_passed")),
        ("blocked", Facts { blocked: true, ..complete() }, Some("blocked")),
        ("a recipient", Facts { identity: Some(IdentityMatch::AlreadyRecipient), ..complete() }, Some("ended")),
    ];
    let waves = [
        (OPEN, None),
        (CLOSED, Some(ProblemCode::WaveClosed)),
        (ANNOUNCED, Some(ProblemCode::WaveNotOpen)),
        (99, Some(ProblemCode::WaveUnknown)),
    ];
    for (name, facts, step) in people {
        for (wave, refusal) in waves {
            let (nik, kk) = (Uuid::new_v4(), Uuid::new_v4());
            let person = person_with(&central, facts, "21", (nik.as_bytes(), kk.as_bytes())).await;
            let result = person.push(&join(wave)).await;
            match (step, refusal) {
                // No wave, no rules to ask by.
                (_, Some(ProblemCode::WaveUnknown)) => assert_eq!(code(&result), ProblemCode::WaveUnknown, "{name}"),
                (Some(step), _) => {
                    assert_eq!(code(&result), ProblemCode::StepRefused, "{name} {wave}");
                    assert_eq!(result.problem.unwrap().details["refusal"], json!(step), "{name} {wave}");
                }
                (None, Some(refusal)) => assert_eq!(code(&result), refusal, "{name} {wave}"),
                (None, None) => assert_eq!(result.status, Applied, "{name} {wave}"),
            }
            let applications: Vec<serde_json::Value> = of_kind(&person, "application").await;
            assert_eq!(applications.len(), usize::from(step.is_none() && refusal.is_none()), "{name} {wave}");
        }
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_join_is_kept_and_told() {
    let central = Started::sqlite().await;
    let person = applicant(&central).await;
    let first = joined(&person, OPEN).await;
    let record = application(&person).await;
    assert_eq!((record.wave, record.state), (OPEN, ApplicationState::JoinedWaitingClose));
    assert_eq!((record.counted, record.class), (Counted::InTime, PriorityClass::General));
    assert_eq!((record.region.as_str(), record.received_at, record.blind.len()), ("21", NOW, 32));
    assert_eq!(told(&person).await, [NoticeKind::JoinedWave]);

    // A second device gets the first one's application, without an error.
    let other = central.device_of(person.id).await;
    let second = other.push(&join(OPEN)).await;
    assert_eq!((second.status, second.rev, second.seq), (Applied, first.rev, first.seq));
    let applications: Vec<serde_json::Value> = of_kind(&person, "application").await;
    assert_eq!(applications.len(), 1);

    // An id that is in use is nobody else's.
    let id = records(&person).await.into_iter().find(|record| record.kind == "application").unwrap().id;
    let thief = applicant(&central).await;
    let result = thief.push(&join_as(OPEN, id, agreement())).await;
    assert_eq!(code(&result), ProblemCode::Malformed);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn province_agreement_and_earlier_membership_count() {
    let central = Started::sqlite().await;
    let kk = Uuid::new_v4();
    let jakarta = person_with(&central, complete(), "31", (Uuid::new_v4().as_bytes(), kk.as_bytes())).await;
    assert_eq!(code(&jakarta.push(&join(OPEN)).await), ProblemCode::NotInRegion);

    let person = applicant(&central).await;
    let mut half = agreement();
    half.pop();
    let mut old = agreement();
    old[0].version = "0".to_owned();
    for (consents, missing) in [(half, "consent.return_if_wrong"), (old, "consent.card_agreement")] {
        let result = person.push(&join_as(OPEN, Uuid::now_v7(), consents)).await;
        assert_eq!(code(&result), ProblemCode::Validation);
        let fields = result.problem.unwrap().fields;
        assert_eq!(fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>(), [missing]);
    }

    // Once per lifetime, whatever account it was.
    let nik = Uuid::new_v4();
    let again = person_with(&central, complete(), "21", (nik.as_bytes(), kk.as_bytes())).await;
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query("insert into recipient (nik_index, kk_index, person_id, wave, appointed_at) values ($1, $2, $2, 1, 1)")
        .bind(nik.as_bytes().to_vec())
        .bind(kk.as_bytes().to_vec())
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let result = again.push(&join(OPEN)).await;
    assert_eq!((result.status, code(&result)), (Rejected, ProblemCode::AlreadyMember));
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_joins_a_wave_that_could_not_draw_them() {
    let central = Started::sqlite().await;
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query("update wave set overrides = $1 where number = $2")
        .bind(json!({ "selection": { "classes": ["whitelisted_laid_off"] } }).to_string())
        .bind(i64::from(OPEN))
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let person = applicant(&central).await;
    assert_eq!(code(&person.push(&join(OPEN)).await), ProblemCode::WaveUnknown);
    central.stop().await;
}

/// domain.md §2.2 step 11: by the identity card from 2024 on, by the present address before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_scheme_says_which_address_names_the_province() {
    let central = Started::sqlite().await;
    let rows = [
        (None, "no", "21"),
        (Some("ktp"), "no", "21"),
        (Some("domicile"), "no", "51"),
        // Who lives where the card says has no other address, whatever was typed before.
        (Some("domicile"), "yes", "21"),
    ];
    for (region, same, expected) in rows {
        let mut tx = central.central.db.begin().await.unwrap();
        sqlx::query("update wave set overrides = $1 where number = $2")
            .bind(region.map(|region| json!({ "selection": { "region": region } }).to_string()))
            .bind(i64::from(OPEN))
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let (nik, kk) = (Uuid::new_v4(), Uuid::new_v4());
        let person = person_with(&central, complete(), "21", (nik.as_bytes(), kk.as_bytes())).await;
        let elsewhere = village("51");
        let fields =
            [(ProfileField::DomicileRegion, Some(elsewhere.as_str())), (ProfileField::DomicileSameAsKtp, Some(same))];
        let wrote = person.push(&patch(None, &fields)).await;
        assert_eq!(wrote.status, Applied, "{wrote:?}");
        // The address is no matter of the registry's; what was forced stays.
        prakerja_central::registration::forced::facts(&central.central, person.id, complete()).await.unwrap();
        joined(&person, OPEN).await;
        assert_eq!(application(&person).await.region, expected, "{region:?} {same}");
    }
    central.stop().await;
}
