//! The pickers of an address, against the budget of a keystroke: each text is typed letter by letter on every level.
//!
//! Every counted run is a process of its own, so that each one loads the regions anew. Nothing here opens a window.

mod figures;
mod peak;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use clap::{Parser, Subcommand};
use figures::{Figures, Outcome, Unit};
use prakerja_regions::{Level, preload, search};
use serde::{Deserialize, Serialize};

/// Counted runs.
const RUNS: usize = 7;
/// What a keystroke may take, and loading once when the app starts.
const KEYSTROKE_MS: f64 = 5.0;
const LOADING_MS: f64 = 60.0;
/// What a process that loaded the regions and nothing else may have needed at most.
const MEMORY_MIB: f64 = 12.0;
/// Hits that a picker shows.
const SHOWN: usize = 20;

/// What people type, with slips, and what costs most: single letters, which are in nearly every name.
const TEXTS: &[&str] = &[
    "gubeng surabaya",
    "batu ampar batam",
    "sukamaju bandung",
    "kel. kebayoran lama utara jaksel",
    "sungai jodoh",
    "tanjung",
    "kab. kepulauan siau tagulandang biaro",
    "ds sumberejo kec. ambulu",
    "gubemg",
    "kebayroan",
    "xyzzyxyzzy",
    "a a a a",
    "s m k p t b",
    "kota baru kota baru",
];

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
    /// Types everything once; prints what was measured.
    #[command(hide = true)]
    Type,
}

/// What one run needed; times in milliseconds.
#[derive(Serialize, Deserialize)]
struct Measured {
    loading: f64,
    /// In MiB.
    memory: f64,
    median: f64,
    worst: f64,
    worst_text: String,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().verb {
        Verb::Run { out } => run(&out),
        Verb::Type => typed().and_then(|measured| {
            println!("{}", serde_json::to_string(&measured).map_err(|error| error.to_string())?);
            Ok(())
        }),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench-regions: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Counted runs after one warm-up.
fn run(out: &Path) -> Outcome {
    let mut figures = Figures::default();
    figures.add("loading", "budget", Unit::Milliseconds, LOADING_MS);
    figures.add("keystroke_median", "budget", Unit::Milliseconds, KEYSTROKE_MS);
    figures.add("keystroke_worst", "budget", Unit::Milliseconds, KEYSTROKE_MS);
    figures.add("memory", "budget", Unit::Mebibytes, MEMORY_MIB);
    let (mut slow, mut large) = (0, false);
    for run in 0..=RUNS {
        let Measured { loading, memory, median, worst, worst_text } = child()?;
        println!(
            "loaded in {loading:.1} ms, a keystroke {median:.2} ms, at worst {worst:.2} ms at \"{worst_text}\"{}",
            if run == 0 { " (warm-up)" } else { "" }
        );
        if run == 0 {
            continue;
        }
        figures.add("loading", "regions", Unit::Milliseconds, loading);
        figures.add("keystroke_median", "regions", Unit::Milliseconds, median);
        figures.add("keystroke_worst", "regions", Unit::Milliseconds, worst);
        figures.add("memory", "regions", Unit::Mebibytes, memory);
        slow += usize::from(worst > KEYSTROKE_MS || loading > LOADING_MS);
        large |= memory > MEMORY_MIB;
    }
    figures.write(out, "regions", "budget")?;
    // One slow run is another program's turn on the core, most runs are ours.
    if large || slow > RUNS / 2 { Err("the budget is exceeded".into()) } else { Ok(()) }
}

/// One run in a process of its own.
fn child() -> Outcome<Measured> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(program).arg("type").output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}

/// Loads the regions and types every text on every level.
fn typed() -> Outcome<Measured> {
    let start = Instant::now();
    preload();
    let loading = milliseconds(start);
    let memory = peak::mib()?;
    let mut times: Vec<(f64, &str)> = Vec::new();
    for level in Level::ALL {
        for text in TEXTS {
            for end in 1..=text.len() {
                let typed = text.get(..end).unwrap_or_default();
                // The median of five: another program's turn on the core is not the search's time.
                let mut repeated = [0.0; 5].map(|_: f64| {
                    let start = Instant::now();
                    std::hint::black_box(search(level, None, typed, SHOWN));
                    milliseconds(start)
                });
                repeated.sort_by(f64::total_cmp);
                times.push((repeated[2], typed));
            }
        }
    }
    times.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    match (times.get(times.len() / 2), times.last()) {
        (Some(&(median, _)), Some(&(worst, text))) => {
            Ok(Measured { loading, memory, median, worst, worst_text: text.to_owned() })
        }
        _ => Err("nothing was typed".into()),
    }
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}
