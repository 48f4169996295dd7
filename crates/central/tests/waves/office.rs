//! The office's work: a case by its number, a block and the appeal against it, waves.

use prakerja_central::catalogue::WaveRow;
use prakerja_central::office::waves::{self, Changes};
use prakerja_central::office::{OfficeError, appeals, cases};
use prakerja_central::waves::selection;
use prakerja_domain::wave::WaveState;
use prakerja_protocol::application::{AppealSubmit, NoticeKind};
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::BlockReason;
use prakerja_protocol::sync::{Command, CommandStatus};
use uuid::Uuid;

use crate::applicant::*;
use crate::draw::{beacon, let_it_close};
use crate::started::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_and_the_appeal_against_it() {
    let central = Started::sqlite().await;
    let person = applicant(&central).await;
    let number = case_number(&person).await;
    cases::block(&central.central, &number, BlockReason::Automation, Some("Pakai robot.".to_owned())).await.unwrap();
    assert_eq!(code(&person.push(&join(OPEN)).await), ProblemCode::StepRefused);
    let appeal = AppealSubmit { appeal: Uuid::now_v7(), text: "Saya mengetik sendiri.".to_owned() };
    let result = person.push(&command(&Command::AppealSubmit(appeal.clone()), "appeal")).await;
    assert_eq!(result.status, CommandStatus::Applied, "{result:?}");

    let waiting = appeals::list(&central.central).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].id, &waiting[0].case_number, &waiting[0].text), (appeal.appeal, &number, &appeal.text));
    let empty = appeals::answer(&central.central, appeal.appeal, true, " ").await.unwrap_err();
    assert_eq!(empty.code(), "text");
    appeals::answer(&central.central, appeal.appeal, true, "Benar, maaf.").await.unwrap();
    assert_eq!(appeals::list(&central.central).await.unwrap(), []);
    let again = appeals::answer(&central.central, appeal.appeal, false, "Tidak.").await.unwrap_err();
    assert_eq!(again.code(), "not-found");
    joined(&person, OPEN).await;
    let told = told(&person).await;
    for what in [NoticeKind::Blocked, NoticeKind::AppealReceived, NoticeKind::AppealAnswered, NoticeKind::Unblocked] {
        assert!(told.contains(&what), "{what:?} in {told:?}");
    }

    let view = cases::show(&central.central, &number.to_lowercase()).await.unwrap();
    assert_eq!(view.registration["state"], "test_evaluated");
    let kinds: Vec<&str> = view.records.iter().map(|record| record.kind.as_str()).collect();
    assert_eq!(kinds, ["appeal", "application"]);
    assert_eq!(view.masked["ktp_region"], "21");
    assert_eq!(view.history.len(), told.len());
    assert_eq!(cases::show(&central.central, "PRA-0000-0000").await.unwrap_err().code(), "case-unknown");
    central.stop().await;
}

pub(crate) fn row(number: u32) -> WaveRow {
    WaveRow {
        number,
        opens_at: "2026-12-01T00:00:00Z".parse().unwrap(),
        closes_at: "2026-12-05T00:00:00Z".parse().unwrap(),
        provinces: vec!["21".to_owned()],
        scheme: "2020".to_owned(),
        overrides: None,
        quota: 10,
        region_quotas: [("21".to_owned(), 5)].into(),
        grace_hours: 24,
        results_expected_at: None,
    }
}

async fn state(central: &Started, number: u32) -> WaveState {
    let waves = waves::list(&central.central).await.unwrap();
    waves.into_iter().find(|listed| listed.wave.number == number).unwrap().state
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wave_is_made_opened_and_closed() {
    let central = Started::sqlite().await;
    let at = &central.central;
    let wrong = |error: OfficeError| error.code();
    waves::create(at, row(80)).await.unwrap();
    assert_eq!(wrong(waves::create(at, row(80)).await.unwrap_err()), "exists");
    let bad = WaveRow { closes_at: row(81).opens_at, ..row(81) };
    assert_eq!(wrong(waves::create(at, bad).await.unwrap_err()), "rows");
    let unfit = WaveRow { overrides: Some(serde_json::json!({ "no": 1 })), ..row(81) };
    assert_eq!(wrong(waves::create(at, unfit).await.unwrap_err()), "scheme");
    assert_eq!(wrong(waves::set(at, 81, Changes::default()).await.unwrap_err()), "wave-unknown");

    assert_eq!(state(&central, 80).await, WaveState::Announced);
    assert_eq!(wrong(waves::close(at, 80).await.unwrap_err()), "not-open");
    waves::open(at, 80).await.unwrap();
    assert_eq!(state(&central, 80).await, WaveState::Open);
    assert_eq!(wrong(waves::open(at, 80).await.unwrap_err()), "open");
    let changes = Changes { quota: Some(3), ..Changes::default() };
    waves::set(at, 80, changes).await.unwrap();
    central.central.clock.advance_ms(1_000);
    waves::close(at, 80).await.unwrap();
    central.central.clock.advance_ms(1);
    assert_eq!(state(&central, 80).await, WaveState::Closed);
    let listed = waves::list(at).await.unwrap().into_iter().find(|listed| listed.wave.number == 80).unwrap().wave;
    assert_eq!((listed.quota, listed.region_quotas["21"], listed.late.grace_ms), (3, 5, 24 * 3_600_000));

    // What was committed to does not change.
    let_it_close(&central);
    selection::commit(at, 80, beacon(&central)).await.unwrap();
    let changes = Changes { quota: Some(4), ..Changes::default() };
    assert_eq!(wrong(waves::set(at, 80, changes).await.unwrap_err()), "rows");
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_would_drop_somebody_who_applied_is_refused() {
    let central = Started::sqlite().await;
    let at = &central.central;
    let overrides = |value| Changes { overrides: Some(value), ..Changes::default() };
    let (nik, kk) = (Uuid::new_v4(), Uuid::new_v4());
    let person = person_with(&central, complete(), "21", (nik.as_bytes(), kk.as_bytes())).await;
    joined(&person, OPEN).await;
    let provinces = |codes: &[&str]| Changes {
        provinces: Some(codes.iter().map(|code| (*code).to_owned()).collect()),
        ..Changes::default()
    };
    let classes = overrides(serde_json::json!({ "selection": { "classes": ["whitelisted_laid_off"] } }));
    for (changes, expected) in [(provinces(&["71", "51"]), "rows"), (classes, "excludes")] {
        let before = waves::list(at).await.unwrap();
        let refused = waves::set(at, OPEN, changes.clone()).await.unwrap_err();
        assert_eq!(refused.code(), expected, "{changes:?}: {refused}");
        assert_eq!(waves::list(at).await.unwrap(), before, "{changes:?}");
    }
    waves::set(at, OPEN, provinces(&["21", "71"])).await.unwrap();
    let_it_close(&central);
    assert_eq!(selection::commit(at, OPEN, beacon(&central)).await.unwrap().entries, 1);
    central.stop().await;
}
