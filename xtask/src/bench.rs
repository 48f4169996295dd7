//! `cargo xtask bench`: measurements side by side, in one run.

use crate::setup::{Need, build_ui, prepare};
use crate::shell::{Done, cargo, command, run};
use crate::{display, places};

/// Measures a subject and writes `target/bench/<subject>.json`.
pub fn bench(subject: &str) -> Done {
    match subject {
        "app" => app(),
        "selection" => windowless("selection"),
        "regions" => windowless("regions"),
        _ => Err(format!("there is nothing to measure called {subject}; try `app`, `selection` or `regions`")),
    }
}

/// The window beside an empty one.
fn app() -> Done {
    prepare(Need::Drive)?;
    build_ui()?;
    let packages =
        ["-p", "prakerja-desktop", "-p", "prakerja-empty-window", "-p", "prakerja-central", "-p", "prakerja-bench"];
    run(cargo().args(["build", "--release", "--bins"]).args(packages))?;
    let arguments = ["app".to_owned(), "--out".to_owned(), out("app")?];
    run(&mut display::private(&places::program("release", "bench"), &arguments))
}

/// The draw of a wave, or the pickers of an address. Needs neither window nor central, and nothing is set up for them.
fn windowless(subject: &str) -> Done {
    let program = format!("bench-{subject}");
    let package = ["-p", "prakerja-bench", "--no-default-features", "--bin", &program];
    run(cargo().args(["build", "--release"]).args(package))?;
    run(command(places::program("release", &program)).args(["run", "--out", &out(subject)?]))
}

/// Where the figures of a subject go.
fn out(subject: &str) -> Done<String> {
    let folder = places::reports().join("bench");
    std::fs::create_dir_all(&folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
    Ok(folder.join(format!("{subject}.json")).display().to_string())
}
