//! Journeys: the real window, the real browser engine, a real central, driven by WebDriver as a person would.
//!
//! `cargo xtask run --journey FILE` and `cargo xtask test` start this under a display, a private D-Bus and a keyring.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use prakerja_tests_journeys::applicant::Applicant;
use prakerja_tests_journeys::report::Report;
use prakerja_tests_journeys::{Outcome, scenarios};

/// Drives the real window.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// One applicant's journey, online.
    Run {
        /// The applicant's data and choices (TOML).
        #[arg(long)]
        applicant: PathBuf,
        /// Where screenshots and report.json go.
        #[arg(long)]
        out: PathBuf,
    },
    /// Every scenario.
    All {
        /// Where screenshots and reports go.
        #[arg(long)]
        out: PathBuf,
        /// Only scenarios whose name contains this.
        #[arg(long)]
        only: Option<String>,
    },
    /// Every screen in both sizes, themes and text sizes, for people to look at.
    Looks {
        /// The applicant whose data fills the screens.
        #[arg(long)]
        applicant: PathBuf,
        /// Where screenshots go.
        #[arg(long)]
        out: PathBuf,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    match Arguments::parse().verb {
        Verb::Run { applicant, out } => conclude(&[one("journey", &out, async |report| {
            scenarios::online::run(&Applicant::read(&applicant)?, report).await
        })
        .await]),
        Verb::Looks { applicant, out } => conclude(&[one("looks", &out, async |report| {
            scenarios::looks::run(&Applicant::read(&applicant)?, report).await
        })
        .await]),
        Verb::All { out, only } => all(&out, only.as_deref()).await,
    }
}

/// Every applicant online, then the scenarios in which something goes wrong.
async fn all(out: &Path, only: Option<&str>) -> ExitCode {
    let applicants = match Applicant::read_all() {
        Ok(applicants) => applicants,
        Err(error) => return conclude(&[Err(error)]),
    };
    let wanted = |name: &str| only.is_none_or(|only| name.contains(only));
    let mut outcomes = Vec::new();
    for (name, applicant) in &applicants {
        let name = format!("online-{name}");
        if wanted(&name) {
            outcomes.push(
                one(&name, &out.join(&name), async |report| scenarios::online::run(applicant, report).await).await,
            );
        }
    }
    let Some((_, first)) = applicants.first() else { return conclude(&[Err("there are no applicants".into())]) };
    if wanted("offline-and-killed") {
        let name = "offline-and-killed";
        outcomes.push(one(name, &out.join(name), async |report| scenarios::offline::run(first, report).await).await);
    }
    if wanted("without-keyring") {
        let name = "without-keyring";
        outcomes.push(
            one(name, &out.join(name), async |report| scenarios::without_keyring::run(first, report).await).await,
        );
    }
    conclude(&outcomes)
}

/// Runs one scenario and writes its report, whether it passes or not.
async fn one(name: &str, out: &Path, scenario: impl AsyncFnOnce(&mut Report) -> Outcome) -> Outcome {
    println!("\n-- {name}");
    let mut report = Report::new(name, out)?;
    let outcome = scenario(&mut report).await;
    report.finish(outcome)
}

fn conclude(outcomes: &[Outcome]) -> ExitCode {
    let failed = outcomes.iter().filter(|outcome| outcome.is_err()).count();
    for error in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
        println!("FAILED: {error}");
    }
    println!("\njourneys: {} passed, {failed} failed", outcomes.len() - failed);
    if failed == 0 && !outcomes.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
