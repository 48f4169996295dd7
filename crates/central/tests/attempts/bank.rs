//! The operator changes the question bank while tests run.

use std::path::{Path, PathBuf};

use prakerja_central::config::Config;
use prakerja_domain::registration::TestProgress;
use prakerja_protocol::application::NoticeKind;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::TestPaper;
use tempfile::TempDir;

use crate::registrant::{case, notices, until};
use crate::seat::*;
use crate::started::*;

const FILES: [(&str, &str); 4] = [
    ("verbal", include_str!("../../../questions/bank/verbal.toml")),
    ("numeric", include_str!("../../../questions/bank/numeric.toml")),
    ("figural", include_str!("../../../questions/bank/figural.toml")),
    ("motivation", include_str!("../../../questions/bank/motivation.toml")),
];

/// The shipped bank with other words in one item.
fn changed(folder: &Path) -> Vec<PathBuf> {
    let write = |(name, text): (&str, &str)| {
        let path = folder.join(format!("{name}.toml"));
        std::fs::write(&path, text.replace("dengan HEMAT?", "dengan kata HEMAT?")).unwrap();
        path
    };
    FILES.into_iter().map(write).collect()
}

/// Central starts anew with a changed bank, a quarter of an hour later; the person's connection with it.
async fn changed_under(central: Started, person: &Person) -> (Started, Person) {
    central.stop().await;
    let Started { folder, .. } = central;
    let again = restarted(folder).await;
    at(&again, NOW + 15 * MINUTE);
    let person = person.at(&again.base);
    (again, person)
}

async fn restarted(folder: TempDir) -> Started {
    let config = Config { question_files: changed(folder.path()), ..config(folder.path()) };
    Started::open(folder, config).await.unwrap()
}

/// Somebody with a running test of a bank that is no more.
async fn surprised() -> (Started, Person, TestPaper) {
    let central = Started::sqlite().await;
    let person = candidate(&central).await;
    let paper = begun(&person).await;
    applied(&person, &answer(&paper, 0, None)).await;
    let (central, person) = changed_under(central, &person).await;
    assert_eq!(case(&person).await.facts.test, Some(TestProgress::InProgress), "nobody spoke of it yet");
    (central, person, paper)
}

/// It is taken back, the person knows, and another attempt can be finished.
async fn taken_back(central: &Started, person: &Person, paper: &TestPaper) {
    let case = until(person, |case| case.facts.test.is_none()).await;
    assert!(case.test.is_none() && case.since > paper.started_at, "{case:?}");
    assert_eq!(notices(person).await.iter().filter(|what| **what == NoticeKind::TestVoided).count(), 1);
    let again = begun(person).await;
    assert!(again.attempt != paper.attempt && again.answers.is_empty());
    let old = person.push(&answer(paper, 1, None)).await;
    assert_eq!(code(&old), ProblemCode::NotFound);
    applied(person, &answer(&again, 0, None)).await;
    applied(person, &hand_in(&again)).await;
    evaluated(person).await;
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_takes_it_back() {
    let (central, person, paper) = surprised().await;
    applied(&person, &answer(&paper, 1, None)).await;
    taken_back(&central, &person, &paper).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handing_in_takes_it_back() {
    let (central, person, paper) = surprised().await;
    applied(&person, &hand_in(&paper)).await;
    taken_back(&central, &person, &paper).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_for_the_paper_takes_it_back() {
    let (central, person, paper) = surprised().await;
    let problem = refused(person.get("/v1/test")).await;
    assert_eq!((problem.status, problem.code), (404, ProblemCode::NotFound));
    taken_back(&central, &person, &paper).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn starting_once_more_begins_anew() {
    let (central, person, paper) = surprised().await;
    let again = begun(&person).await;
    assert!(again.attempt != paper.attempt && again.started_at == NOW + 15 * MINUTE, "with its whole time");
    assert!(notices(&person).await.contains(&NoticeKind::TestVoided));
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_abandoned_one_is_taken_back_when_it_would_be_evaluated() {
    let (central, person, paper) = surprised().await;
    at(&central, paper.closes_at.unwrap() + 1);
    taken_back(&central, &person, &paper).await;
}
