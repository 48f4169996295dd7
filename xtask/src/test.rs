//! `cargo xtask test`: everything, in the order in which a mistake is cheapest to find.

use std::process::Command;

use crate::results::{Counted, JOURNEYS, RUST, Reader, VITEST};
use crate::setup::{Need, build_ui, prepare};
use crate::shell::{Done, cargo, heading, npm, run, run_and_read};
use crate::{display, places, tidy};

/// How a step's work ended.
struct Ended {
    counted: Counted,
    /// The lines of its output that name what failed.
    failures: Vec<String>,
    done: Done,
}

/// A step that was done.
struct Step {
    name: &'static str,
    ended: Ended,
}

/// Most lines about failures of one step that are told again at the end; the first ones lead to the others.
const TOLD_AGAIN: usize = 200;

/// Does a step's work.
type Work = fn() -> Ended;

const STEPS: [(&str, Work); 9] = [
    ("format", || checked(run(cargo().args(["fmt", "--all", "--check"])))),
    ("tidy", || checked(tidy::tidy())),
    ("ui types and accessibility", || checked(run(npm().args(["run", "--silent", "check"])))),
    ("ui lint", || checked(run(npm().args(["run", "--silent", "lint"])))),
    ("ui tests", || counted(npm().args(["run", "--silent", "test"]), &VITEST)),
    ("ui build", || checked(run(npm().args(["run", "--silent", "build"])))),
    ("clippy", || checked(run(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])))),
    ("rust tests", || counted(cargo().args(["test", "--workspace", "--no-fail-fast"]), &RUST)),
    ("journeys in the real window", journeys),
];

/// Runs every check and test, or those whose name contains `only`. A step that fails does not keep the others from
/// saying what they know.
pub fn test(only: Option<&str>) -> Done {
    let wanted = |name: &str| only.is_none_or(|only| name.contains(only));
    if !STEPS.iter().any(|(name, _)| wanted(name)) {
        let names: Vec<&str> = STEPS.iter().map(|(name, _)| *name).collect();
        return Err(format!("no step is called {:?}; there are: {}", only.unwrap_or_default(), names.join(", ")));
    }
    prepare(Need::Drive)?;
    let mut done = Vec::new();
    for (name, work) in STEPS {
        if !wanted(name) {
            println!("(left out by --only: {name})");
            continue;
        }
        heading(name);
        let ended = work();
        if let Err(error) = &ended.done {
            println!("FAILED: {error}");
        }
        done.push(Step { name, ended });
    }
    report(&done)
}

/// Writes `ui/src/ipc/types.ts`.
pub fn codegen() -> Done {
    heading("TypeScript types of the window's commands");
    run(cargo().args(["test", "-q", "-p", "prakerja-app", "--test", "typescript"]).env("PRAKERJA_CODEGEN", "1"))
}

fn journeys() -> Ended {
    let built = display::can_drive()
        .and_then(|()| build_ui())
        .and_then(|()| run(cargo().args(["build", "--workspace", "--bins"])));
    if built.is_err() {
        return checked(built);
    }
    let out = places::reports().join("journey");
    let arguments = ["all", "--out", &out.to_string_lossy()].map(String::from);
    counted(&mut display::private(&places::program("debug", "journeys"), &arguments), &JOURNEYS)
}

/// A step that passes or fails as a whole.
fn checked(done: Done) -> Ended {
    Ended { counted: if done.is_ok() { [1, 0, 0] } else { [0, 1, 0] }, failures: Vec::new(), done }
}

/// A step that says how many passed, failed and were ignored.
fn counted(command: &mut Command, reader: &Reader) -> Ended {
    let (text, done) = match run_and_read(command) {
        Ok(read) => read,
        Err(error) => return checked(Err(error)),
    };
    // What ends badly without a failure that it counts (a build error, say) is one.
    let counted = match ((reader.count)(&text), &done) {
        ([passed, 0, ignored], Err(_)) => [passed, 1, ignored],
        (counted, _) => counted,
    };
    let failures = if done.is_ok() { Vec::new() } else { (reader.failures)(&text) };
    Ended { counted, failures: failures.into_iter().take(TOLD_AGAIN).map(str::to_owned).collect(), done }
}

fn report(done: &[Step]) -> Done {
    // What failed is hours of output away by now, and a log may be cut.
    for Step { name, ended } in done.iter().filter(|step| !step.ended.failures.is_empty()) {
        heading(&format!("What failed: {name}"));
        println!("{}", ended.failures.join("\n"));
    }
    heading("What ran");
    let mut all = [0; 3];
    for Step { name, ended: Ended { counted: [passed, failed, ignored], done, .. } } in done {
        let word = if done.is_ok() { "" } else { " FAILED" };
        println!("{name}: {passed} passed, {failed} failed, {ignored} ignored{word}");
        for (sum, count) in all.iter_mut().zip([passed, failed, ignored]) {
            *sum += count;
        }
    }
    println!("\n{} passed, {} failed, {} skipped", all[0], all[1], all[2]);
    let errors: Vec<String> = done
        .iter()
        .filter_map(|step| step.ended.done.as_ref().err().map(|error| format!("{}: {error}", step.name)))
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(errors.join("\n       ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_told_after_everything_ran() {
        let step = |name, done: Done| Step { name, ended: checked(done) };
        assert_eq!(report(&[step("format", Ok(()))]), Ok(()));
        let failed = report(&[step("format", Err("a".into())), step("tidy", Ok(())), step("clippy", Err("b".into()))]);
        let error = failed.expect_err("two steps failed");
        assert!(error.contains("format: a") && error.contains("clippy: b"), "{error}");
    }

    #[test]
    fn a_name_that_fits_no_step_is_an_error() {
        let error = test(Some("no such step")).expect_err("nothing would run");
        assert!(error.contains("no such step") && error.contains("clippy"), "{error}");
    }
}
