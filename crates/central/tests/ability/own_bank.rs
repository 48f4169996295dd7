//! A scheme may have a bank of its own: its cases are asked and scored from it, and those of other schemes are not.

use prakerja_central::config::{Config, OfScheme};
use prakerja_central::registration::forced;
use prakerja_domain::registration::{RegistrationState as S, TestProgress};
use prakerja_domain::scheme::{SCHEME_2020, SCHEME_2023};

use crate::bank::{answers, bank_of, scheme_with};
use crate::registrant::until;
use crate::sitting::*;
use crate::started::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_case_is_asked_and_scored_from_the_bank_of_its_scheme() {
    let folder = tempfile::tempdir().unwrap();
    let is_even = |id: &str| id.as_bytes().last().is_some_and(|digit| digit % 2 == 0);
    let bank = |name: &str, even: bool| {
        let place = folder.path().join(name);
        std::fs::create_dir(&place).unwrap();
        bank_of(&place, |id| is_even(id) == even)
    };
    let few = [("verbal", 3), ("numeric", 3), ("figural", 3), ("motivation", 2), ("min_right", 9)];
    let own = OfScheme { question_files: Some(bank("own", false)), ..OfScheme::default() };
    let config = Config {
        question_files: bank("shared", true),
        by_scheme: [("2020".to_owned(), own)].into(),
        scheme_files: [SCHEME_2020, SCHEME_2023].map(|scheme| scheme_with(folder.path(), scheme, &few)).to_vec(),
        ..config(&folder.path().join("data"))
    };
    let central = Started::open(folder, config).await.unwrap();
    let (sari, budi) = (candidate(&central).await, candidate(&central).await);
    forced::registered(&central.central, sari.id, available(), "2020", None).await.unwrap();
    for (person, even) in [(&sari, false), (&budi, true)] {
        let paper = begun(person).await;
        assert!(paper.items.len() == 11 && paper.items.iter().all(|item| is_even(&item.id) == even), "{even}");
        assert_eq!(resumed(person).await, paper);
        let mut commands = answers(&paper, 9, 0);
        commands.push(hand_in(paper.attempt));
        applied(person, &commands).await;
        assert_eq!(evaluated(person).await.facts.test, Some(TestProgress::Passed), "{even}");
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bank_that_is_not_enough_for_its_scheme_is_refused_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let question_files = Some(bank_of(folder.path(), |id| id.ends_with('1')));
    let small = OfScheme { question_files, ..OfScheme::default() };
    let data = folder.path().join("data");
    let config = Config { by_scheme: [("2023".to_owned(), small)].into(), ..config(&data) };
    let Err(refused) = Started::open(folder, config).await else { panic!("it started") };
    assert!(refused.to_string().contains("scheme 2023"), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_questions_of_one_scheme_end_the_tests_of_that_scheme_only() {
    let central = Started::sqlite().await;
    let (sari, budi) = (candidate(&central).await, candidate(&central).await);
    forced::registered(&central.central, sari.id, available(), "2020", None).await.unwrap();
    begun(&sari).await;
    let paper = begun(&budi).await;
    central.stop().await;

    let folder = tempfile::tempdir().unwrap();
    let question_files = Some(bank_of(folder.path(), |id| id != "verbal-001"));
    let own = OfScheme { question_files, ..OfScheme::default() };
    let config = Config { by_scheme: [("2020".to_owned(), own)].into(), ..config(central.folder.path()) };
    let again = Started::open(folder, config).await.unwrap();
    let (sari, budi) = (sari.at(&again.base), budi.at(&again.base));
    assert_eq!(until(&sari, |case| case.facts.test.is_none()).await.state, S::TestAvailable);
    assert!(nothing_runs(&sari).await);
    assert_eq!(resumed(&budi).await, paper);
    again.stop().await;
}
