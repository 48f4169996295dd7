//! Schemes are configuration: clients hear when they change between two starts, and each wave's own scheme decides who may
//! join the wave, whatever scheme the person registered under.

use std::path::Path;

use prakerja_central::clock::Clock;
use prakerja_central::config::Config;
use prakerja_central::registration::forced;
use prakerja_central::state::{Central, StartError};
use prakerja_central::waves::selection::{self, Due};
use prakerja_domain::admission::{TestScore, Unfit};
use prakerja_domain::declaration::DeclarationAnswer;
use prakerja_domain::eligibility::Reason;
use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::{Facts, TestProgress};
use prakerja_protocol::application::WaveJoin;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::{Command, CommandEnvelope, CommandStatus};
use uuid::Uuid;

use crate::applicant::*;
use crate::draw::{VALUE, beacon, let_it_close};
use crate::started::*;

async fn version(config: Config) -> i64 {
    let central = Central::open(config, Clock::fake(NOW)).await.unwrap();
    let version = sqlx::query_scalar("select version from catalogue_head").fetch_one(central.db.read()).await.unwrap();
    central.close().await;
    version
}

/// The scheme of 2023 with another deadline of the first purchase.
fn with_days(days: u32) -> String {
    let text = prakerja_domain::scheme::SCHEME_2023;
    text.replace("first_purchase_days = 15", &format!("first_purchase_days = {days}"))
}

fn with_scheme(data: &Path, file: &Path) -> Config {
    Config { scheme_files: vec![file.to_owned()], ..config(data) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_scheme_is_a_new_version_of_the_catalogue() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("own.toml"));
    let first = version(config(&data)).await;
    assert_eq!(version(config(&data)).await, first, "the same schemes");
    std::fs::write(&file, with_days(20)).unwrap();
    assert_eq!(version(with_scheme(&data, &file)).await, first + 1);
    assert_eq!(version(with_scheme(&data, &file)).await, first + 1, "the same again");
    assert_eq!(version(config(&data)).await, first + 2, "and back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_decides_by_the_schemes_of_the_serving_central_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("own.toml"));
    std::fs::write(&file, with_days(20)).unwrap();
    version(with_scheme(&data, &file)).await;
    let opened = async |config| match Central::beside(config, Clock::fake(NOW)).await {
        Ok(central) => {
            central.close_beside().await;
            Ok(())
        }
        Err(error) => Err(error),
    };
    opened(with_scheme(&data, &file)).await.unwrap();
    let other_present = Config { scheme: "2020".to_owned(), ..with_scheme(&data, &file) };
    for other in [config(&data), other_present] {
        let refused = opened(other).await.unwrap_err();
        assert!(matches!(refused, StartError::OtherSchemes), "{refused}");
        assert!(refused.to_string().contains("--config"), "{refused}");
    }
    // The file was changed, and central has not seen it.
    std::fs::write(&file, with_days(30)).unwrap();
    assert!(matches!(opened(with_scheme(&data, &file)).await, Err(StartError::OtherSchemes)));
    version(with_scheme(&data, &file)).await;
    opened(with_scheme(&data, &file)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scheme_file_that_changes_after_the_commitment_changes_no_appointment() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    std::fs::write(&file, with_days(20)).unwrap();
    let config = with_scheme(folder.path(), &file);
    let central = Started::open(folder, config.clone()).await.unwrap();
    let person = applicant(&central).await;
    joined(&person, OPEN).await;
    let_it_close(&central);
    selection::commit(&central.central, OPEN, beacon(&central)).await.unwrap();
    central.stop().await;
    std::fs::write(&file, with_days(30)).unwrap();
    let again = Started::open(central.folder, config).await.unwrap();
    selection::publish(&again.central, OPEN, VALUE, None, Due::Sandbox).await.unwrap();
    let membership = memberships(&again.device_of(person.id).await).await.remove(0);
    let days = (membership.first_purchase_until - membership.appointed_at) / (24 * 3_600_000);
    assert_eq!(days, 20);
    again.stop().await;
}

/// A wave of the scheme of 2020, open beside [`OPEN`], which is of 2023.
const OLD: u32 = ANNOUNCED;

async fn both_open(central: &Started) {
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query(
        "update wave set scheme = '2020', opens_at = w.opens_at, closes_at = w.closes_at, provinces = w.provinces
         from wave w where wave.number = $1 and w.number = $2",
    )
    .bind(i64::from(OLD))
    .bind(i64::from(OPEN))
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

pub(crate) fn join_with(wave: u32, answers: &[bool]) -> CommandEnvelope {
    let answer = |answer: &bool| DeclarationAnswer {
        id: "other_aid".to_owned(),
        version: "1".to_owned(),
        answer: *answer,
        answered_at: NOW,
    };
    let answers = answers.iter().map(answer).collect();
    let join = WaveJoin { application: Uuid::now_v7(), wave, consents: agreement(), answers };
    command(&Command::WaveJoin(join), &format!("apply:{wave}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waves_own_scheme_decides_who_may_join_it() {
    // The present scheme has no greatest age: a person of 65 may register.
    let folder = tempfile::tempdir().unwrap();
    let config = Config { scheme: "2020".to_owned(), ..config(folder.path()) };
    let central = Started::open(folder, config).await.unwrap();
    both_open(&central).await;
    let not_passed = Facts { test: Some(TestProgress::NotPassed), ..complete() };
    let score = |right, of| Some(TestScore { right, of, motivation: 9, motivation_of: 18 });
    let unfit = |reasons: &[Reason], test| Some(Unfit { reasons: reasons.to_vec(), test });
    let (young, sixty_five) = ("2003-02-01", "1961-02-01");
    let cases = [
        ("2020 in 2023, ten right", "2020", complete(), score(10, 14), young, OPEN, &[][..], None),
        ("2020 in 2023, five right", "2020", complete(), score(5, 14), young, OPEN, &[], unfit(&[], true)),
        (
            "2020 in 2023, too old",
            "2020",
            complete(),
            score(14, 14),
            sixty_five,
            OPEN,
            &[],
            unfit(&[Reason::TooOld], false),
        ),
        ("2020 in 2020, too old for 2023", "2020", complete(), score(5, 14), sixty_five, OLD, &[], None),
        ("2023 in 2020, no other aid", "2023", complete(), score(10, 24), young, OLD, &[false], None),
        (
            "2023 in 2020, other aid",
            "2023",
            complete(),
            score(10, 24),
            young,
            OLD,
            &[true],
            unfit(&[Reason::ReceivesOtherAid], false),
        ),
        ("2023 not passed, in 2020", "2023", not_passed, score(3, 24), young, OLD, &[false], None),
        ("2023 in 2023", "2023", complete(), None, young, OPEN, &[], None),
    ];
    let mut joined = 0;
    for (name, scheme, facts, score, birth_date, wave, answers, expected) in cases {
        let person = applicant(&central).await;
        // Personal data comes before the civil registry's match, which freezes it.
        forced::facts(&central.central, person.id, Facts::default()).await.unwrap();
        let wrote = person.push(&patch(None, &[(ProfileField::BirthDate, Some(birth_date))])).await;
        assert_eq!(wrote.status, CommandStatus::Applied, "{name}: {wrote:?}");
        forced::registered(&central.central, person.id, facts, scheme, score).await.unwrap();
        let result = person.push(&join_with(wave, answers)).await;
        let kept: i64 = sqlx::query_scalar("select count(*) from declaration where person_id = $1")
            .bind(prakerja_central::db::Id(person.id))
            .fetch_one(central.central.db.read())
            .await
            .unwrap();
        match expected {
            None => {
                assert_eq!(result.status, CommandStatus::Applied, "{name}: {result:?}");
                assert_eq!(kept, i64::from(!answers.is_empty()), "{name}: answers are kept");
                joined += u64::from(wave == OPEN);
            }
            Some(expected) => {
                assert_eq!(code(&result), ProblemCode::SchemeUnfit, "{name}");
                let unfit = result.problem.unwrap().details["unfit"].clone();
                assert_eq!(serde_json::from_value::<Unfit>(unfit).unwrap(), expected, "{name}");
                assert_eq!(kept, 0, "{name}");
            }
        }
    }
    // A question of the wave's scheme stays open, and one that it does not have is none.
    let person = applicant(&central).await;
    forced::registered(&central.central, person.id, complete(), "2023", None).await.unwrap();
    for (wave, answers) in [(OLD, &[][..]), (OPEN, &[false]), (OLD, &[false, false])] {
        let result = person.push(&join_with(wave, answers)).await;
        assert_eq!(code(&result), ProblemCode::Validation, "{wave} {answers:?}");
        let fields = result.problem.unwrap().fields;
        assert_eq!(fields.iter().map(|it| it.field.as_str()).collect::<Vec<_>>(), ["declaration.other_aid"]);
    }
    // The list of a wave has everybody who was let in, by the same rule.
    let_it_close(&central);
    let files = selection::commit(&central.central, OPEN, beacon(&central)).await.unwrap();
    assert_eq!(files.entries, joined);
    central.stop().await;
}
