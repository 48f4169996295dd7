//! Journeys: the real window, the real browser engine, a real central, driven by WebDriver as a person would.
//!
//! `cargo xtask run --journey FILE` and `cargo xtask test` start this under a display, a private D-Bus and a keyring.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use prakerja_tests_journeys::applicant::Applicant;
use prakerja_tests_journeys::programme::Hands;
use prakerja_tests_journeys::report::Report;
use prakerja_tests_journeys::scenarios::programme::{Looks, Way};
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
            let applicant = Applicant::read(&applicant)?;
            scenarios::looks::run(&applicant, true, report).await?;
            scenarios::programme::run(&applicant, Way { looks: Looks::Pictured, ..LOOKED_AT }, report).await
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
    let Some((_, first)) = applicants.first() else { return conclude(&[Err("there are no applicants".into())]) };
    let mut outcomes = Vec::new();
    let mut names = Vec::new();
    for (name, applicant) in &applicants {
        names.push((format!("online-{name}"), Scenario::Online, applicant));
    }
    let programme = [
        ("accepted-2023", Scenario::Programme(ACCEPTED_2023)),
        ("accepted-2020", Scenario::Programme(ACCEPTED_2020)),
        ("not-accepted-2023", Scenario::Programme(NOT_ACCEPTED_2023)),
        ("not-accepted-2020", Scenario::Programme(NOT_ACCEPTED_2020)),
        ("ineligible-2023", Scenario::Ineligible("2023")),
        ("ineligible-2020", Scenario::Ineligible("2020")),
        ("looks-on-the-way", Scenario::Programme(LOOKED_AT)),
        ("closed-while-offline-counts", Scenario::ClosedWhileOffline { scheme: "2023", grace_s: 3_600 }),
        ("closed-while-offline-too-late", Scenario::ClosedWhileOffline { scheme: "2020", grace_s: 0 }),
        ("blocked", Scenario::Blocked),
    ];
    // Everybody has their turn: languages, provinces and addresses differ.
    let turns = applicants.iter().cycle().skip(1).map(|(_, applicant)| applicant);
    names.extend(programme.into_iter().zip(turns).map(|((name, scenario), who)| (name.to_owned(), scenario, who)));
    let others = [
        ("offline-and-killed", Scenario::Offline),
        ("without-keyring", Scenario::WithoutKeyring),
        ("returning", Scenario::Returning),
        ("keyboard-only", Scenario::KeyboardOnly),
        ("looks", Scenario::Looks),
        // The last one: it leaves the keyring of this session locked.
        ("locked-keyring", Scenario::LockedKeyring),
    ];
    names.extend(others.map(|(name, scenario)| (name.to_owned(), scenario, first)));
    for (name, scenario, applicant) in names {
        if only.is_none_or(|only| name.contains(only)) {
            outcomes.push(one(&name, &out.join(&name), async |report| scenario.run(applicant, report).await).await);
        }
    }
    if outcomes.is_empty() {
        return conclude(&[Err(format!("no scenario is called {}", only.unwrap_or_default()))]);
    }
    conclude(&outcomes)
}

/// Accepted, after a slip of the finger and a photo that the officer refuses.
const ACCEPTED_2023: Way = Way { mistyped: true, photo_refused: true, quota: Some(5_000), ..Way::plain("2023") };
/// Looked at closely on the way: everything that can be shown is shown.
const LOOKED_AT: Way = Way { looks: Looks::Checked, ..ACCEPTED_2023 };
/// Accepted without anything going wrong, with a phone at hand.
const ACCEPTED_2020: Way = Way { by_phone: true, ..Way::plain("2020") };
/// Not drawn, and in the next wave without typing again; the test without a mouse.
const NOT_ACCEPTED_2023: Way = Way { test: Hands::Keys, quota: Some(0), ..Way::plain("2023") };
/// The same, after what can go wrong.
const NOT_ACCEPTED_2020: Way = Way { mistyped: true, photo_refused: true, quota: Some(0), ..Way::plain("2020") };

/// What `all` runs.
enum Scenario {
    Online,
    Offline,
    WithoutKeyring,
    Returning,
    KeyboardOnly,
    Programme(Way),
    Ineligible(&'static str),
    ClosedWhileOffline { scheme: &'static str, grace_s: u32 },
    Blocked,
    Looks,
    LockedKeyring,
}

impl Scenario {
    async fn run(self, applicant: &Applicant, report: &mut Report) -> Outcome {
        match self {
            Self::Online => scenarios::online::run(applicant, report).await,
            Self::Offline => scenarios::offline::run(applicant, report).await,
            Self::WithoutKeyring => scenarios::without_keyring::run(applicant, report).await,
            Self::Returning => scenarios::returning::run(applicant, report).await,
            Self::KeyboardOnly => scenarios::keyboard_only::run(applicant, report).await,
            Self::Programme(way) => scenarios::programme::run(applicant, way, report).await,
            Self::Ineligible(scheme) => scenarios::programme::ineligible(applicant, scheme, report).await,
            Self::ClosedWhileOffline { scheme, grace_s } => {
                scenarios::programme::closed_while_offline(applicant, scheme, grace_s, report).await
            }
            Self::Blocked => scenarios::blocked::run(applicant, report).await,
            Self::Looks => scenarios::looks::run(applicant, false, report).await,
            Self::LockedKeyring => scenarios::locked_keyring::run(report).await,
        }
    }
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
