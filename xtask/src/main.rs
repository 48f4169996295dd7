//! The project's own tools: `cargo xtask run`, `test`, `bench`, `codegen`, `tidy`.
//!
//! Everything that a fresh machine needs is installed from here, so that two commands are enough (see README.md).

mod bench;
mod display;
mod places;
mod results;
mod run;
mod setup;
mod shell;
mod test;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tools of Prakerja Desktop.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Sets up, builds, starts a demo central and opens the app on it.
    Run {
        /// Drives the window with an applicant from tests/journeys/applicants instead of waiting for a person.
        #[arg(long, value_name = "FILE")]
        journey: Option<PathBuf>,
    },
    /// Sets up and runs every check and test.
    Test {
        /// Only the steps whose name contains this.
        #[arg(long, value_name = "TEXT")]
        only: Option<String>,
    },
    /// Measures; the figures go to target/bench.
    Bench {
        /// What to measure: `app`, `selection` or `regions`.
        subject: String,
    },
    /// Writes generated files anew.
    Codegen,
    /// Checks the invariants of ARCHITECTURE.md.
    Tidy,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().verb {
        Verb::Run { journey } => run::open_or_drive(journey.as_deref()),
        Verb::Test { only } => test::test(only.as_deref()),
        Verb::Bench { subject } => bench::bench(&subject),
        Verb::Codegen => test::codegen(),
        Verb::Tidy => tidy::tidy(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error}");
            ExitCode::FAILURE
        }
    }
}
