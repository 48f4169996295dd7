//! Measurements side by side: the app beside an empty window of the same Tauri version, in one run.

mod figures;
mod memory;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};
use figures::{Figures, Outcome, Unit};
use prakerja_tests_journeys::programs::Central;
use prakerja_tests_journeys::window::Window;

/// Counted runs of each subject.
const RUNS: usize = 7;
/// Between "usable" and the reading of memory, so that start-up work is over for both subjects.
const SETTLE: Duration = Duration::from_secs(3);

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Start to usable and memory of all processes.
    App {
        /// Where the figures go (JSON).
        #[arg(long)]
        out: PathBuf,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let Verb::App { out } = Arguments::parse().verb;
    match app(&out).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The two programs in turn, A B A B …, after one warm-up each.
async fn app(out: &Path) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let central = Central::start(&folder.path().join("central")).await?;
    let subjects = [("app", "prakerja", "main[data-screen='welcome']"), ("empty_window", "empty-window", "main")];
    let mut figures = Figures::default();
    for run in 0..=RUNS {
        for (subject, program, usable) in subjects {
            let data = folder.path().join(subject);
            let (start, memory) = once(program, &data, &central.address, usable).await?;
            println!(
                "{subject}: usable after {start:.0} ms, {memory:.1} MiB{}",
                if run == 0 { " (warm-up)" } else { "" }
            );
            if run > 0 {
                figures.add("start_to_usable", subject, Unit::Milliseconds, start);
                figures.add("memory_pss", subject, Unit::Mebibytes, memory);
            }
        }
    }
    figures.write(out, "app", "empty_window")
}

/// Opens a program, waits until it can be used, and reads how much memory all its processes use.
async fn once(program: &str, data: &Path, central: &str, usable: &str) -> Outcome<(f64, f64)> {
    let started = Instant::now();
    let window = Window::open_program(program, data, central, &[]).await?;
    window.wait(usable).await?;
    let start = started.elapsed().as_secs_f64() * 1_000.0;
    tokio::time::sleep(SETTLE).await;
    let memory = memory::pss_mib(window.process()?)?;
    window.close().await?;
    Ok((start, memory))
}
