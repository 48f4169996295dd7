//! The office's work: a case by its number, a block and the appeal against it, waves.

use prakerja_central::catalogue::{CatalogueFile, WaveRow};
use prakerja_central::office::waves::{self, Changes};
use prakerja_central::office::{OfficeError, appeals, cases};
use prakerja_central::registration::reopen::Part;
use prakerja_central::waves::selection;
use prakerja_domain::wave::WaveState;
use prakerja_protocol::application::{AppealSubmit, NoticeKind};
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::BlockReason;
use prakerja_protocol::sync::{Command, CommandStatus};
use uuid::Uuid;

use crate::applicant::*;
use crate::draw::{VALUE, beacon, let_it_close};
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_application_or_a_membership_rests_on_is_not_taken_back() {
    let central = Started::sqlite().await;
    let at = &central.central;
    let (stays, declares_anew) = (applicant(&central).await, applicant(&central).await);
    let mut numbers = Vec::new();
    for person in [&stays, &declares_anew] {
        joined(person, OPEN).await;
        numbers.push(case_number(person).await);
    }
    let reopen = async |number: &str, part| {
        cases::reopen(at, number, part, "Kesalahan kami.").await.map_err(|error| error.code())
    };
    assert_eq!(cases::reopen(at, &numbers[0], Part::Test, " ").await.unwrap_err().code(), "note");
    assert_eq!(reopen("PRA-2222-3333", Part::Test).await, Err("case-unknown"));
    for part in [Part::Identity, Part::Test] {
        assert_eq!(reopen(&numbers[0], part).await, Err("step-refused"), "{part:?}");
    }
    // Whoever does not answer anew in time is on no list.
    assert_eq!(reopen(&numbers[1], Part::Declarations).await, Ok(()));
    assert_eq!(told(&declares_anew).await.last(), Some(&NoticeKind::DeclarationsReopened));
    let_it_close(&central);
    assert_eq!(selection::commit(at, OPEN, beacon(&central)).await.unwrap().entries, 1);
    selection::publish(at, OPEN, VALUE, None, selection::Due::Sandbox).await.unwrap();
    assert_eq!(memberships(&stays).await.len(), 1);
    for part in [Part::Identity, Part::Declarations, Part::Test] {
        assert_eq!(reopen(&numbers[0], part).await, Err("already-member"), "{part:?}");
    }
    assert_eq!(reopen(&numbers[1], Part::Test).await, Ok(()), "the application is over");
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
async fn a_wave_that_names_no_province_is_for_those_of_the_rollout() {
    let central = Started::sqlite().await;
    let at = &central.central;
    let provinces = async |number| {
        let waves = waves::list(at).await.unwrap();
        waves.into_iter().find(|listed| listed.wave.number == number).unwrap().wave.provinces
    };
    let unnamed = |number| WaveRow { provinces: Vec::new(), ..row(number) };
    waves::create(at, unnamed(80)).await.unwrap();
    assert_eq!(provinces(80).await, ["21", "51", "71"], "the first three: Kepulauan Riau, Bali, Sulawesi Utara");
    waves::create(at, row(81)).await.unwrap();
    assert_eq!(provinces(81).await, ["21"]);
    // The wave is opened to all by name, or once the rollout is over.
    waves::set(at, 80, Changes { provinces: Some(Vec::new()), ..Changes::default() }).await.unwrap();
    assert_eq!(provinces(80).await, Vec::<String>::new());
    let over = CatalogueFile { rollout_provinces: Some(Vec::new()), ..CatalogueFile::default() };
    prakerja_central::catalogue::apply(&at.db, &over).await.unwrap();
    waves::create(at, unnamed(82)).await.unwrap();
    assert_eq!(provinces(82).await, Vec::<String>::new());
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_would_drop_somebody_who_applied_is_refused() {
    let central = Started::sqlite().await;
    let at = &central.central;
    let overrides = |value| Changes { overrides: Some(value), ..Changes::default() };
    let (nik, kk) = (Uuid::new_v4(), Uuid::new_v4());
    let mut tx = at.db.begin().await.unwrap();
    sqlx::query("insert into whitelist values ($1, 'whitelisted_laid_off', 'Disnaker', 1)")
        .bind(nik.as_bytes().to_vec())
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let person = person_with(&central, complete(), "21", (nik.as_bytes(), kk.as_bytes())).await;
    joined(&person, OPEN).await;
    let provinces = |codes: &[&str]| Changes {
        provinces: Some(codes.iter().map(|code| (*code).to_owned()).collect()),
        ..Changes::default()
    };
    let classes = |classes: &[&str]| overrides(serde_json::json!({ "selection": { "classes": classes } }));
    // Whoever is on no whitelist could join a wave without the general class, and never be drawn.
    let without_general = classes(&["whitelisted_laid_off"]);
    let by_domicile = overrides(serde_json::json!({ "selection": { "region": "domicile" } }));
    let cases = [
        (provinces(&["71", "51"]), "rows"),
        (classes(&["general"]), "excludes"),
        (without_general.clone(), "scheme"),
        (by_domicile, "region"),
    ];
    for (changes, expected) in cases {
        let before = waves::list(at).await.unwrap();
        let refused = waves::set(at, OPEN, changes.clone()).await.unwrap_err();
        assert_eq!(refused.code(), expected, "{changes:?}: {refused}");
        assert_eq!(waves::list(at).await.unwrap(), before, "{changes:?}");
    }
    waves::set(at, OPEN, provinces(&["21", "71"])).await.unwrap();
    let new = WaveRow { overrides: without_general.overrides, ..row(82) };
    assert_eq!(waves::create(at, new).await.unwrap_err().code(), "scheme");
    let_it_close(&central);
    assert_eq!(selection::commit(at, OPEN, beacon(&central)).await.unwrap().entries, 1);
    central.stop().await;
}

/// A catalogue file with one wave, as `catalogue import` reads it; gives what it printed of wrong rows, or nothing.
fn imported(central: &Started, wave: &WaveRow) -> Vec<String> {
    let file = central.folder.path().join("catalogue.json");
    std::fs::write(&file, serde_json::json!({ "waves": [wave] }).to_string()).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_prakerja-central"))
        .args(["catalogue", "import", file.to_str().unwrap(), "--data", central.folder.path().to_str().unwrap()])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    if output.status.success() { Vec::new() } else { said.lines().map(str::to_owned).collect() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_catalogue_file_does_not_change_the_rules_by_which_somebody_has_applied() {
    let central = Started::sqlite().await;
    let at = &central.central;
    // Commands have the computer's clock: the wave is open by both.
    let (now, here) = (jiff::Timestamp::from_millisecond(at.clock.now_ms()).unwrap(), jiff::Timestamp::now());
    let after = |from: jiff::Timestamp, hours: i64| from.checked_add(jiff::Span::new().hours(hours)).unwrap();
    let hours = |hours: i64| after(now.max(here), hours);
    let opens_at = after(now.min(here), -1);
    let plain = WaveRow { scheme: "2023".to_owned(), opens_at, closes_at: hours(24), ..row(80) };
    let overrides = |value| WaveRow { overrides: Some(value), ..plain.clone() };
    let classes = overrides(serde_json::json!({ "selection": { "classes": ["general", "whitelisted_laid_off"] } }));
    let region = overrides(serde_json::json!({ "selection": { "region": "domicile" } }));
    let family = overrides(serde_json::json!({ "identity": { "family_max": 1 } }));
    let rows = [
        (WaveRow { scheme: "2020".to_owned(), ..plain.clone() }, vec!["scheme is 2023 and does not become 2020"]),
        (WaveRow { quota: 11, ..plain.clone() }, vec!["quota is 10 and does not become 11 (`wave set` changes it)"]),
        (
            WaveRow { quota: 11, region_quotas: [].into(), ..plain.clone() },
            vec![
                "quota is 10 and does not become 11 (`wave set` changes it)",
                "region_quotas is 21=5 and does not become none (`wave set` changes it)",
            ],
        ),
        (
            classes,
            vec![
                "selection.classes is whitelisted_laid_off general and does not become general whitelisted_laid_off \
                  (`wave set` changes it)",
            ],
        ),
        (region, vec!["selection.region is ktp and does not become domicile"]),
        (family, vec!["identity.family_max is 2 and does not become 1 (`wave set` changes it)"]),
        // What nobody's place depends on may change, and what is said in other words is the same.
        (overrides(serde_json::json!({ "identity": { "family_max": 2 } })), vec![]),
        (overrides(serde_json::json!({ "membership": { "reminder_days": [2] } })), vec![]),
        (WaveRow { closes_at: hours(48), provinces: Vec::new(), ..plain.clone() }, vec![]),
    ];
    // Before anybody has applied, everything may change.
    for (wave, _) in &rows {
        assert_eq!(imported(&central, wave), [""; 0], "{wave:?}");
    }
    assert_eq!(imported(&central, &plain), [""; 0]);
    joined(&applicant(&central).await, 80).await;
    for (wave, expected) in &rows {
        let before = waves::list(at).await.unwrap();
        let expected: Vec<String> =
            expected.iter().map(|what| format!("waves[0] (80): 1 people have applied to wave 80: {what}")).collect();
        assert_eq!(imported(&central, wave), expected, "{wave:?}");
        assert_eq!(expected.is_empty(), waves::list(at).await.unwrap() != before, "{wave:?}");
        assert_eq!(imported(&central, &plain), [""; 0]);
    }
    // The office's own way is open: it is noted value by value.
    waves::set(at, 80, Changes { quota: Some(12), ..Changes::default() }).await.unwrap();
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_part_stays_when_a_draw_was_voided() {
    let central = Started::sqlite().await;
    let at = &central.central;
    joined(&applicant(&central).await, OPEN).await;
    let_it_close(&central);
    selection::commit(at, OPEN, beacon(&central)).await.unwrap();
    selection::void(at, OPEN, "Nilainya hilang.").await.unwrap();
    let later = jiff::Timestamp::from_millisecond(at.clock.now_ms() + 3_600_000).unwrap();
    for changes in [
        Changes { closes_at: Some(later), ..Changes::default() },
        Changes { grace_hours: Some(999), ..Changes::default() },
        Changes { provinces: Some(vec!["21".to_owned()]), ..Changes::default() },
        Changes { quota: Some(3), ..Changes::default() },
    ] {
        let refused = waves::set(at, OPEN, changes.clone()).await.unwrap_err();
        assert_eq!(refused.code(), "closed", "{changes:?}: {refused}");
    }
    assert_eq!(code(&applicant(&central).await.push(&join(OPEN)).await), ProblemCode::WaveClosed);
    central.stop().await;
}
