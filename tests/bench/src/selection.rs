//! The draw of a wave with two million invented applications, against a budget of a minute and 2 GiB.
//!
//! Every counted run is a process of its own, so that its peak of memory is its own too. Nothing here opens a window.

mod figures;
#[path = "selection/once.rs"]
mod once;
mod peak;
#[path = "selection/wave.rs"]
mod wave;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::{Parser, Subcommand};
use figures::{Figures, Outcome, Unit};
use once::Measured;

/// Counted runs.
const RUNS: usize = 7;
/// Applications of the wave.
const APPLICATIONS: u32 = 2_000_000;
/// What a draw, and its verification, may take on an ordinary computer.
const BUDGET_MS: f64 = 60_000.0;
const BUDGET_MIB: f64 = 2_048.0;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Measures.
    Run {
        /// Where the figures go (JSON).
        #[arg(long)]
        out: PathBuf,
    },
    /// Draws once in a folder; prints what was measured.
    #[command(hide = true)]
    Draw { folder: PathBuf },
    /// Verifies a folder once; prints what was measured.
    #[command(hide = true)]
    Verify { folder: PathBuf },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().verb {
        Verb::Run { out } => run(&out),
        Verb::Draw { folder } => once::draw(&folder).and_then(|measured| print(&measured)),
        Verb::Verify { folder } => once::verify(&folder).and_then(|measured| print(&measured)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench-selection: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print(measured: &Measured) -> Outcome {
    println!("{}", serde_json::to_string(measured).map_err(|error| error.to_string())?);
    Ok(())
}

/// Draws and verifies in turn, after one warm-up of each.
fn run(out: &Path) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    println!("{APPLICATIONS} invented applications …");
    wave::write(folder.path(), APPLICATIONS)?;
    let mut figures = Figures::default();
    for case in ["draw_whole", "verify_whole"] {
        figures.add(case, "budget", Unit::Milliseconds, BUDGET_MS);
    }
    for case in ["memory_draw", "memory_verify"] {
        figures.add(case, "budget", Unit::Mebibytes, BUDGET_MIB);
    }
    let mut over = false;
    for run in 0..=RUNS {
        let (drawn, verified) = (child("draw", folder.path())?, child("verify", folder.path())?);
        println!(
            "drawn in {:.0} ms, verified in {:.0} ms{}",
            drawn.whole,
            verified.whole,
            if run == 0 { " (warm-up)" } else { "" }
        );
        if run == 0 {
            continue;
        }
        for (case, value) in [
            ("list_decode", drawn.decode),
            ("draw", drawn.draw),
            ("result_encode", drawn.encode),
            ("draw_whole", drawn.whole),
            ("verify_whole", verified.whole),
        ] {
            figures.add(case, "selection", Unit::Milliseconds, value);
        }
        figures.add("memory_draw", "selection", Unit::Mebibytes, drawn.peak);
        figures.add("memory_verify", "selection", Unit::Mebibytes, verified.peak);
        over |= drawn.whole.max(verified.whole) > BUDGET_MS || drawn.peak.max(verified.peak) > BUDGET_MIB;
    }
    figures.write(out, "selection", "budget")?;
    if over { Err("a run went over its budget".into()) } else { Ok(()) }
}

/// One run in a process of its own.
fn child(verb: &str, folder: &Path) -> Outcome<Measured> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(program).arg(verb).arg(folder).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("{verb}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("{verb}: {error}"))
}
