//! `cargo xtask bench`: measurements side by side, in one run.

use crate::setup::{Need, build_ui, prepare};
use crate::shell::{Done, cargo, run};
use crate::{display, places};

/// Measures a subject and writes `target/bench/<subject>.json`.
pub fn bench(subject: &str) -> Done {
    if subject != "app" {
        return Err(format!("there is nothing to measure called {subject}; try `app`"));
    }
    prepare(Need::Drive)?;
    build_ui()?;
    let packages =
        ["-p", "prakerja-desktop", "-p", "prakerja-empty-window", "-p", "prakerja-central", "-p", "prakerja-bench"];
    run(cargo().args(["build", "--release", "--bins"]).args(packages))?;
    let out = places::reports().join("bench");
    std::fs::create_dir_all(&out).map_err(|error| format!("cannot create {}: {error}", out.display()))?;
    let arguments = ["app".to_owned(), "--out".to_owned(), out.join("app.json").display().to_string()];
    run(&mut display::private(&places::program("release", "bench"), &arguments))
}
