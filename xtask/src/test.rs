//! `cargo xtask test`: everything, in the order in which a mistake is cheapest to find.

use std::process::Command;

use crate::setup::{Need, build_ui, prepare};
use crate::shell::{Done, cargo, heading, npm, run, run_and_read};
use crate::{display, places, tidy};

/// How many passed, failed and were ignored.
type Counted = [u64; 3];

/// Does a step's work: what it counted, and why it failed if it did.
type Work = fn() -> (Counted, Done);

/// A step that was done.
struct Step {
    name: &'static str,
    counted: Counted,
    ended: Done,
}

const STEPS: [(&str, Work); 9] = [
    ("format", || checked(run(cargo().args(["fmt", "--all", "--check"])))),
    ("tidy", || checked(tidy::tidy())),
    ("ui types and accessibility", || checked(run(npm().args(["run", "--silent", "check"])))),
    ("ui lint", || checked(run(npm().args(["run", "--silent", "lint"])))),
    ("ui tests", || counted(npm().args(["run", "--silent", "test"]), count_vitest)),
    ("ui build", || checked(run(npm().args(["run", "--silent", "build"])))),
    ("clippy", || checked(run(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])))),
    ("rust tests", || counted(cargo().args(["test", "--workspace", "--no-fail-fast"]), count_rust)),
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
        let (counted, ended) = work();
        if let Err(error) = &ended {
            println!("FAILED: {error}");
        }
        done.push(Step { name, counted, ended });
    }
    report(&done)
}

/// Writes `ui/src/ipc/types.ts`.
pub fn codegen() -> Done {
    heading("TypeScript types of the window's commands");
    run(cargo().args(["test", "-q", "-p", "prakerja-app", "--test", "typescript"]).env("PRAKERJA_CODEGEN", "1"))
}

fn journeys() -> (Counted, Done) {
    let built = display::can_drive()
        .and_then(|()| build_ui())
        .and_then(|()| run(cargo().args(["build", "--workspace", "--bins"])));
    if built.is_err() {
        return checked(built);
    }
    let out = places::reports().join("journey");
    let arguments = ["all", "--out", &out.to_string_lossy()].map(String::from);
    counted(&mut display::private(&places::program("debug", "journeys"), &arguments), |text| {
        let last = text.lines().rev().find(|line| line.starts_with("journeys:")).unwrap_or_default();
        [number_before(last, " passed"), number_before(last, " failed"), 0]
    })
}

/// A step that passes or fails as a whole.
fn checked(ended: Done) -> (Counted, Done) {
    (if ended.is_ok() { [1, 0, 0] } else { [0, 1, 0] }, ended)
}

/// A step that says how many passed, failed and were ignored.
fn counted(command: &mut Command, count: fn(&str) -> Counted) -> (Counted, Done) {
    match run_and_read(command) {
        // What ends badly without a failure that it counts (a build error, say) is one.
        Ok((text, ended)) => match (count(&text), ended) {
            ([passed, 0, ignored], Err(error)) => ([passed, 1, ignored], Err(error)),
            other => other,
        },
        Err(error) => checked(Err(error)),
    }
}

fn report(done: &[Step]) -> Done {
    heading("What ran");
    let mut all = [0; 3];
    for Step { name, counted: [passed, failed, ignored], ended } in done {
        let word = if ended.is_ok() { "" } else { " FAILED" };
        println!("{name}: {passed} passed, {failed} failed, {ignored} ignored{word}");
        for (sum, count) in all.iter_mut().zip([passed, failed, ignored]) {
            *sum += count;
        }
    }
    println!("\n{} passed, {} failed, {} skipped", all[0], all[1], all[2]);
    let errors: Vec<String> = done
        .iter()
        .filter_map(|step| step.ended.as_ref().err().map(|error| format!("{}: {error}", step.name)))
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(errors.join("\n       ")) }
}

/// Sums cargo's `test result: ok. 3 passed; 0 failed; 1 ignored; …` lines. A test that found at run time that it cannot
/// run here says `SKIPPED: why`; cargo counts it as passed.
fn count_rust(text: &str) -> Counted {
    let mut all = [0; 3];
    for line in text.lines().filter(|line| line.starts_with("test result:")) {
        for (sum, word) in all.iter_mut().zip([" passed", " failed", " ignored"]) {
            *sum += number_before(line, word);
        }
    }
    let skipped = text.matches("SKIPPED: ").count() as u64;
    [all[0].saturating_sub(skipped), all[1], all[2] + skipped]
}

/// Reads vitest's `      Tests  41 passed (41)` line.
fn count_vitest(text: &str) -> Counted {
    let line = text.lines().rev().find(|line| line.contains("Tests ")).unwrap_or_default();
    [" passed", " failed", " skipped"].map(|word| number_before(line, word))
}

/// The number right before a word, 0 when it is not there. Colour codes are passed over.
fn number_before(line: &str, word: &str) -> u64 {
    let Some(end) = line.find(word) else { return 0 };
    let digits: Vec<char> = line[..end].chars().rev().take_while(char::is_ascii_digit).collect();
    digits.iter().rev().collect::<String>().parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_told_after_everything_ran() {
        let step = |name, ended: Done| Step { name, counted: checked(ended.clone()).0, ended };
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

    #[test]
    fn results_are_counted() {
        let text = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\ntest result: FAILED. 12 passed; 2 failed; 0 ignored";
        assert_eq!(count_rust(text), [15, 2, 1]);
        let skipped = format!("test a ... SKIPPED: no right to mount\nok\n{text}");
        assert_eq!(count_rust(&skipped), [14, 2, 2]);
        assert_eq!(count_vitest("      Tests  41 passed (41)"), [41, 0, 0]);
        assert_eq!(count_vitest("nothing"), [0, 0, 0]);
    }
}
