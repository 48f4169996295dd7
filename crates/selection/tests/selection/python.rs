//! A second implementation, in another language and written from the document, agrees.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use prakerja_selection::{Commitment, Digest, Known, Part, Refused, VOID_FILE, Voided};

use crate::fixture::{Published, random, small, small_blind};

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/verify_selection.py")
}

/// Where there is no Python there is nothing to compare with, and the test says so.
fn python() -> Option<&'static str> {
    let there = |program: &&str| Command::new(program).arg("--version").output().is_ok_and(|out| out.status.success());
    let found = ["python3", "python"].into_iter().find(there);
    if found.is_none() {
        eprintln!("SKIPPED: there is no Python to run docs/verify_selection.py");
    }
    found
}

fn write(published: &Published, folder: &Path) {
    let files = published.files();
    for (part, bytes) in [
        (Part::Commitment, files.commitment),
        (Part::List, files.list),
        (Part::Result, files.result),
        (Part::Accepted, files.accepted.unwrap()),
    ] {
        std::fs::write(folder.join(part.file_name()), bytes).unwrap();
    }
}

fn run(python: &str, folder: &Path, more: &[&str]) -> Output {
    Command::new(python).arg(script()).arg(folder).args(more).output().unwrap()
}

/// The script's own draw of every person must be the crate's: it prints each place.
#[track_caller]
fn assert_agrees(python: &str, published: &Published) {
    let folder = tempfile::tempdir().unwrap();
    write(published, folder.path());
    let output = run(python, folder.path(), &["--all"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let verified = published.files().verify(&Known::default()).unwrap();
    let line = |entry: &prakerja_selection::Entry| {
        let place = verified.place(&entry.blind).unwrap();
        let decision = place
            .reason
            .map_or("accepted".into(), |reason| serde_json::to_value(reason).unwrap().as_str().unwrap().to_owned());
        let (position, class_position) = (place.position, place.class_position);
        format!(
            "{} place {position} of {}, in class {class_position} of {}: {decision}",
            entry.blind, place.of, place.class_of
        )
    };
    let expected: Vec<String> = published.list.entries().iter().map(line).collect();
    let said = String::from_utf8(output.stdout).unwrap();
    let mut said = said.lines();
    let verdict = said.next_back().unwrap();
    assert_eq!(said.collect::<Vec<_>>(), expected);
    let (accepted, entries) = (published.result.accepted, published.result.entries);
    assert_eq!(
        verdict,
        format!("VERIFIED {accepted} of {entries} accepted, commitment {}", published.commitment.digest)
    );
}

#[test]
fn python_draws_the_same() {
    let Some(python) = python() else { return };
    assert_agrees(python, &small());
    let large = random(2_000, 5);
    let Refused { total_full, class_full, region_full, family_full } = large.result.refused;
    let reasons = [large.result.accepted, total_full, class_full, region_full, family_full];
    assert!(reasons.iter().all(|count| *count > 0), "the case must meet every limit: {reasons:?}");
    assert_agrees(python, &large);
}

#[test]
fn python_finds_a_changed_byte_in_each_file() {
    let Some(python) = python() else { return };
    for part in [Part::Commitment, Part::List, Part::Result, Part::Accepted] {
        let folder = tempfile::tempdir().unwrap();
        write(&small(), folder.path());
        let path = folder.path().join(part.file_name());
        let mut bytes = std::fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(&path, bytes).unwrap();
        let output = run(python, folder.path(), &[]);
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{part}: {said}");
        assert!(said.starts_with("NOT VERIFIED"), "{part}: {said}");
    }
}

#[test]
fn python_says_that_a_draw_was_voided_and_what_it_would_have_given() {
    let Some(python) = python() else { return };
    let (folder, small) = (tempfile::tempdir().unwrap(), small());
    write(&small, folder.path());
    for part in [Part::Result, Part::Accepted] {
        std::fs::remove_file(folder.path().join(part.file_name())).unwrap();
    }
    let voided = Voided::new(&small.commitment, Some(small.reveal.seed), None, "Nilainya hilang.", 7).unwrap();
    std::fs::write(folder.path().join(VOID_FILE), voided.to_json()).unwrap();
    let blind = small_blind(1).to_string();
    let output = run(python, folder.path(), &["--beacon", "7123.45", "--blind", &blind]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with("VOIDED at 7: Nilainya hilang.\n"), "{said}");
    assert!(said.contains(&format!("would have accepted {} of 12", small.result.accepted)), "{said}");
    assert!(said.contains(&format!("{blind} place ")), "{said}");
    assert!(said.lines().last().is_some_and(|line| line.starts_with("NOT VERIFIED: this draw was voided")), "{said}");
    std::fs::write(folder.path().join(VOID_FILE), voided.to_json().to_ascii_lowercase()).unwrap();
    let said = String::from_utf8(run(python, folder.path(), &[]).stdout).unwrap();
    assert!(said.contains("digest of void.json"), "{said}");
    let two_lines = Voided { reason: "Nilainya\nhilang.".to_owned(), ..voided };
    std::fs::write(folder.path().join(VOID_FILE), two_lines.to_json()).unwrap();
    let said = String::from_utf8(run(python, folder.path(), &[]).stdout).unwrap();
    assert!(said.starts_with("NOT VERIFIED: the reason in void.json"), "{said}");
}

#[test]
fn python_passes_over_no_second_list_in_silence() {
    let Some(python) = python() else { return };
    let (folder, small) = (tempfile::tempdir().unwrap(), small());
    write(&small, folder.path());
    std::fs::write(folder.path().join("list.bin.zst"), "no list").unwrap();
    let said = String::from_utf8(run(python, folder.path(), &[]).stdout).unwrap();
    // Python 3.14 can unpack; an older one says that it cannot.
    assert!(said.starts_with("NOT VERIFIED") || said.contains("was not compared"), "{said}");
}

#[test]
fn python_compares_with_what_was_kept() {
    let Some(python) = python() else { return };
    let (folder, small) = (tempfile::tempdir().unwrap(), small());
    write(&small, folder.path());
    let digest = small.commitment.digest.to_string();
    let blind = small_blind(1).to_string();
    let good = ["--commitment", &digest, "--beacon", "7123.45", "--blind", &blind];
    assert!(run(python, folder.path(), &good).status.success());
    for bad in [["--commitment", &digest.replace('0', "1")], ["--beacon", "7123.46"], ["--blind", &"0".repeat(32)]] {
        assert_eq!(run(python, folder.path(), &bad).status.code(), Some(1), "{bad:?}");
    }
}

/// What is served is `list.bin.zst`; the script has no decompressor and says what to do.
#[test]
fn python_takes_the_files_that_are_served() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    write(&small(), folder.path());
    let plain = folder.path().join("list.bin");
    let list = std::fs::read(&plain).unwrap();
    std::fs::rename(&plain, folder.path().join("list.bin.zst")).unwrap();
    let output = run(python, folder.path(), &[]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("unpack first: zstd -d list.bin.zst"), "{said}");
    std::fs::write(&plain, list).unwrap();
    let unpacked = run(python, folder.path(), &[]);
    assert!(unpacked.status.success(), "{}", String::from_utf8_lossy(&unpacked.stdout));
    std::fs::remove_file(folder.path().join("accepted.bin")).unwrap();
    let without = run(python, folder.path(), &[]);
    assert_eq!((without.status.code(), without.stdout), (Some(0), unpacked.stdout));
}

/// A commitment whose digests fit, and whose content is beyond the limits of the auditors' page.
#[test]
fn python_checks_the_limits_that_are_checked_here() {
    let Some(python) = python() else { return };
    type Change = fn(&mut Commitment);
    let cases: [(Change, &str); 9] = [
        (|it| it.rules.family_max = 0, "family_max is 0"),
        (|it| it.rules.classes[1].name = "laid_off".into(), "stands there twice"),
        (|it| it.rules.regions[1].code = "21".into(), "stands there twice"),
        (|it| it.rules.regions[1].code = "511".into(), "a region code"),
        (|it| it.rules.regions[1].code = "\u{0665}\u{0661}".into(), "a region code"),
        (|it| it.rules.scheme = "x".repeat(101), "no proper name"),
        (|it| it.rules.classes[0].name = "laid\noff".into(), "no proper name"),
        (|it| it.beacon.description = "two\u{85}lines".into(), "not named in one line"),
        (|it| it.beacon.description = "x".repeat(501), "not named in one line"),
    ];
    for (change, expected) in cases {
        let (folder, mut published) = (tempfile::tempdir().unwrap(), small());
        change(&mut published.commitment);
        published.commitment.rules_digest = published.commitment.rules.digest();
        let mut content = serde_json::to_string(&published.commitment).unwrap();
        content.truncate(content.rfind(",\"digest\"").unwrap());
        content.push('}');
        published.commitment.digest = Digest::of(&[b"prakerja selection commitment/1\n", content.as_bytes()]);
        assert!(published.commitment.check().is_err(), "{expected}");
        published.commitment_json = published.commitment.to_json();
        write(&published, folder.path());
        let output = run(python, folder.path(), &[]);
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{expected}: {said}");
        assert!(said.starts_with("NOT VERIFIED") && said.contains(expected), "{expected}: {said}");
    }
}
