//! `cargo xtask test`: everything, in the order in which a mistake is cheapest to find.

use crate::setup::{Need, prepare};
use crate::shell::{Done, cargo, heading, npm, run, run_and_read};
use crate::{display, places, tidy};

/// How many passed, failed and were ignored.
type Counted = [u64; 3];

/// Does a step's work.
type Work = fn() -> Done<Counted>;

/// A step that was done.
struct Step {
    name: &'static str,
    counted: Counted,
}

/// Runs every check and test, or those whose name contains `only`.
pub fn test(only: Option<&str>) -> Done {
    prepare(Need::Drive)?;
    let steps: [(&'static str, Work); 9] = [
        ("format", || checked(run(cargo().args(["fmt", "--all", "--check"])))),
        ("tidy", || checked(tidy::tidy())),
        ("ui types and accessibility", || checked(run(npm().args(["run", "--silent", "check"])))),
        ("ui lint", || checked(run(npm().args(["run", "--silent", "lint"])))),
        ("ui tests", || run_and_read(npm().args(["run", "--silent", "test"])).map(|text| count_vitest(&text))),
        ("ui build", || checked(run(npm().args(["run", "--silent", "build"])))),
        ("clippy", || checked(run(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])))),
        ("rust tests", || {
            run_and_read(cargo().args(["test", "--workspace", "--no-fail-fast"])).map(|text| count_rust(&text))
        }),
        ("journeys in the real window", journeys),
    ];
    let mut done = Vec::new();
    for (name, step) in steps {
        if only.is_some_and(|only| !name.contains(only)) {
            println!("(left out by --only: {name})");
            continue;
        }
        heading(name);
        done.push(Step { name, counted: step()? });
    }
    report(&done);
    Ok(())
}

/// Writes `ui/src/ipc/types.ts`.
pub fn codegen() -> Done {
    heading("TypeScript types of the window's commands");
    run(cargo().args(["test", "-q", "-p", "prakerja-app", "--test", "typescript"]).env("PRAKERJA_CODEGEN", "1"))
}

fn journeys() -> Done<Counted> {
    run(cargo().args(["build", "--workspace", "--bins"]))?;
    let out = places::reports().join("journey");
    let arguments = ["all", "--out", &out.to_string_lossy()].map(String::from);
    let text = run_and_read(&mut display::private(&places::program("debug", "journeys"), &arguments))?;
    let last = text.lines().rev().find(|line| line.starts_with("journeys:")).unwrap_or_default();
    Ok([number_before(last, " passed"), number_before(last, " failed"), 0])
}

fn checked(done: Done) -> Done<Counted> {
    done.map(|()| [1, 0, 0])
}

fn report(done: &[Step]) {
    heading("What ran");
    let mut all = [0; 3];
    for Step { name, counted: [passed, failed, ignored] } in done {
        println!("{name}: {passed} passed, {failed} failed, {ignored} ignored");
        for (sum, count) in all.iter_mut().zip([passed, failed, ignored]) {
            *sum += count;
        }
    }
    println!("\n{} passed, {} failed, {} skipped", all[0], all[1], all[2]);
}

/// Sums cargo's `test result: ok. 3 passed; 0 failed; 1 ignored; …` lines.
fn count_rust(text: &str) -> Counted {
    let mut all = [0; 3];
    for line in text.lines().filter(|line| line.starts_with("test result:")) {
        for (sum, word) in all.iter_mut().zip([" passed", " failed", " ignored"]) {
            *sum += number_before(line, word);
        }
    }
    all
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
    fn results_are_counted() {
        let text = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\ntest result: FAILED. 12 passed; 2 failed; 0 ignored";
        assert_eq!(count_rust(text), [15, 2, 1]);
        assert_eq!(count_vitest("      Tests  41 passed (41)"), [41, 0, 0]);
        assert_eq!(count_vitest("nothing"), [0, 0, 0]);
    }
}
