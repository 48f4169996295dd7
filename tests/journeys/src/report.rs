//! What passed, how long it took, and what it looked like.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;

use crate::Outcome;
use crate::window::Window;

/// One line for each step, and what was wrong right below it: of a long log, only the end may be at hand.
fn said(name: &str, milliseconds: u128, outcome: &Outcome) {
    match outcome {
        Ok(()) => println!("ok   {name} ({milliseconds} ms)"),
        Err(error) => println!("FAIL {name} ({milliseconds} ms): {error}"),
    }
}

/// One scenario's report: `report.json` and a screenshot per step.
pub struct Report {
    out: PathBuf,
    content: Content,
}

#[derive(Serialize)]
struct Content {
    scenario: String,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    name: String,
    ok: bool,
    milliseconds: u128,
    screenshot: Option<String>,
}

impl Report {
    /// Begins a report in an empty folder.
    pub fn new(scenario: &str, out: &Path) -> Outcome<Self> {
        let fail = |error: std::io::Error| format!("{}: {error}", out.display());
        if out.join("report.json").exists() {
            for entry in std::fs::read_dir(out).map_err(fail)?.flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                if name.ends_with(".png") || name == "report.json" {
                    std::fs::remove_file(entry.path()).map_err(fail)?;
                }
            }
        }
        std::fs::create_dir_all(out).map_err(fail)?;
        let content = Content { scenario: scenario.to_owned(), ok: false, error: None, steps: Vec::new() };
        Ok(Self { out: out.to_owned(), content })
    }

    /// Does a step in the window, takes a screenshot and notes both.
    pub async fn step(&mut self, window: &Window, name: &str, work: impl AsyncFnOnce() -> Outcome) -> Outcome {
        let started = Instant::now();
        let outcome = work().await;
        let milliseconds = started.elapsed().as_millis();
        let slug: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let file = format!("{:02}-{}.png", self.content.steps.len() + 1, slug.to_lowercase());
        let taken = window.screenshot(&self.out.join(&file)).await;
        let screenshot = taken.is_ok().then_some(file);
        let outcome = outcome.and(taken);
        let ok = outcome.is_ok();
        said(name, milliseconds, &outcome);
        self.content.steps.push(Step { name: name.to_owned(), ok, milliseconds, screenshot });
        outcome.map_err(|error| format!("{}, step \"{name}\": {error}", self.content.scenario))
    }

    /// Notes something that happens outside the window.
    pub async fn aside(&mut self, name: &str, work: impl AsyncFnOnce() -> Outcome) -> Outcome {
        let started = Instant::now();
        let outcome = work().await;
        let (ok, milliseconds) = (outcome.is_ok(), started.elapsed().as_millis());
        said(name, milliseconds, &outcome);
        self.content.steps.push(Step { name: name.to_owned(), ok, milliseconds, screenshot: None });
        outcome.map_err(|error| format!("{}, step \"{name}\": {error}", self.content.scenario))
    }

    /// The folder of this report.
    pub fn folder(&self) -> &Path {
        &self.out
    }

    /// Writes `report.json`.
    pub fn finish(mut self, outcome: Outcome) -> Outcome {
        self.content.ok = outcome.is_ok();
        self.content.error = outcome.as_ref().err().cloned();
        let path = self.out.join("report.json");
        let text = serde_json::to_string_pretty(&self.content).map_err(|error| error.to_string())?;
        std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        outcome
    }
}
