//! What a step's output says: how many passed, and which failed and why.

/// How many passed, failed and were ignored.
pub type Counted = [u64; 3];

/// How the output of a step is read.
pub struct Reader {
    /// What it counts.
    pub count: fn(&str) -> Counted,
    /// The lines that name its failures.
    pub failures: fn(&str) -> Vec<&str>,
}

/// `cargo test`.
pub const RUST: Reader = Reader { count: count_rust, failures: failures_of_rust };
/// vitest.
pub const VITEST: Reader = Reader { count: count_vitest, failures: failures_of_vitest };
/// The journeys.
pub const JOURNEYS: Reader = Reader { count: count_journeys, failures: failures_of_journeys };

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

/// What each failed test printed, from its `---- name stdout ----` to the list of the names.
fn failures_of_rust(text: &str) -> Vec<&str> {
    let mut inside = false;
    let tells = |line: &&str| {
        inside = (inside || line.starts_with("---- ")) && *line != "failures:";
        inside
    };
    text.lines().filter(tells).collect()
}

/// Reads vitest's `      Tests  41 passed (41)` line.
fn count_vitest(text: &str) -> Counted {
    let line = text.lines().rev().find(|line| line.contains("Tests ")).unwrap_or_default();
    [" passed", " failed", " skipped"].map(|word| number_before(line, word))
}

/// The files and tests that failed, each with its first sentence.
fn failures_of_vitest(text: &str) -> Vec<&str> {
    let tells = |line: &&str| ["❯ ", "× ", "→ ", "FAIL "].iter().any(|mark| line.trim_start().starts_with(mark));
    text.lines().filter(tells).collect()
}

/// Reads the last line, `journeys: 19 passed, 0 failed`.
fn count_journeys(text: &str) -> Counted {
    let last = text.lines().rev().find(|line| line.starts_with("journeys:")).unwrap_or_default();
    [number_before(last, " passed"), number_before(last, " failed"), 0]
}

/// The journeys that failed, each with its step and the reason, as they are told after all were driven.
fn failures_of_journeys(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with("FAILED: ")).collect()
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
        let skipped = format!("test a ... SKIPPED: no right to mount\nok\n{text}");
        assert_eq!(count_rust(&skipped), [14, 2, 2]);
        assert_eq!(count_vitest("      Tests  41 passed (41)"), [41, 0, 0]);
        assert_eq!(count_vitest("nothing"), [0, 0, 0]);
        assert_eq!(count_journeys("-- first\nok   Open\n\njourneys: 18 passed, 1 failed\n"), [18, 1, 0]);
    }

    #[test]
    fn failures_are_told_with_their_reason() {
        let rust = "test a ... ok\ntest b ... FAILED\n\nfailures:\n\n---- b stdout ----\n\
                    thread 'b' panicked at b.rs:7:1:\nwaited in vain\n\nfailures:\n    b\n\ntest result: FAILED.";
        assert_eq!(
            failures_of_rust(rust),
            ["---- b stdout ----", "thread 'b' panicked at b.rs:7:1:", "waited in vain", ""]
        );
        let vitest = " ✓ src/a.test.ts (2 tests)\n ❯ src/b.test.ts (2 tests | 1 failed)\n   × says what is wrong 5ms\n     → expected 1 to be 2";
        assert_eq!(failures_of_vitest(vitest).len(), 3);
        let journeys = "-- second\nFAIL Sign in (9 ms): no such button\n\n-- third\nok   Open (1 ms)\n\n\
                        FAILED: second, step \"Sign in\": no such button";
        assert_eq!(failures_of_journeys(journeys), ["FAILED: second, step \"Sign in\": no such button"]);
    }
}
