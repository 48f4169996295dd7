//! `prakerja-central verify-selection` as a stranger runs it: a folder, and a verdict in words and exit code.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::{Command, Output};

use prakerja_selection::{
    Application, Beacon, Blind, ClassRule, Commitment, DrawResult, List, RegionRule, Reveal, Rules, Seed, VOID_FILE,
    Voided, WaveSecret, draw,
};

fn blind(n: u8) -> Blind {
    WaveSecret::from_bytes([1; 32]).blind(&[n; 16])
}

/// Publishes an invented draw of twenty people for five seats; gives the digest of the commitment.
fn publish(folder: &Path) -> String {
    let rules = Rules {
        version: 1,
        wave: 72,
        scheme: "2023 normal".into(),
        quota: 5,
        classes: ["laid_off", "other"].map(|name| ClassRule { name: name.into(), quota: None }).into(),
        regions: ["21", "71"].map(|code| RegionRule { code: code.into(), quota: Some(4) }).into(),
        family_max: 2,
    };
    let person = |n| Application {
        blind: blind(n),
        class: u8::from(n > 3),
        region: u16::from(n % 2),
        family_card: n / 4,
        family_free: 2,
    };
    let list = List::new(rules, (0..20).map(person).collect()).unwrap();
    let seed = Seed::from_bytes([2; 32]);
    let beacon = Beacon { description: "the round that was named".into(), due_at_ms: 2 };
    let commitment = Commitment::new(&list, &seed, beacon, 1).unwrap();
    let reveal = Reveal { seed, beacon_value: "AB 12".into() };
    let drawn = draw(&commitment, &list, &reveal).unwrap();
    let result = DrawResult::new(&commitment, &list, &reveal, &drawn).unwrap();
    std::fs::write(folder.join("commitment.json"), commitment.to_json()).unwrap();
    std::fs::write(folder.join("list.bin"), list.encode()).unwrap();
    std::fs::write(folder.join("result.json"), result.to_json()).unwrap();
    std::fs::write(folder.join("accepted.bin"), drawn.accepted(72)).unwrap();
    commitment.digest.to_string()
}

fn run(folder: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prakerja-central"));
    command.arg("verify-selection").arg(folder).args(more).output().unwrap()
}

/// What it said on both channels, which must be with this exit code.
#[track_caller]
fn said(output: &Output, code: i32) -> String {
    let said = String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned();
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

#[test]
fn an_honest_draw_is_verified_and_shows_the_own_place() {
    let folder = tempfile::tempdir().unwrap();
    let digest = publish(folder.path());
    let bare = said(&run(folder.path(), &[]), 0);
    insta::assert_snapshot!("verified", bare);
    let blind = blind(0).to_string();
    let known = ["--commitment", &digest, "--beacon", "ab-12", "--blind", &blind];
    insta::assert_snapshot!("verified_with_place", said(&run(folder.path(), &known), 0));

    // The list may come packed, and accepted.bin may be missing.
    let list = std::fs::read(folder.path().join("list.bin")).unwrap();
    std::fs::write(folder.path().join("list.bin.zst"), zstd::encode_all(list.as_slice(), 3).unwrap()).unwrap();
    std::fs::remove_file(folder.path().join("list.bin")).unwrap();
    std::fs::remove_file(folder.path().join("accepted.bin")).unwrap();
    assert_eq!(said(&run(folder.path(), &[]), 0), bare);
}

#[test]
fn a_difference_is_loud() {
    for file in ["commitment.json", "list.bin", "result.json", "accepted.bin"] {
        let folder = tempfile::tempdir().unwrap();
        publish(folder.path());
        let path = folder.path().join(file);
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        let said = said(&run(folder.path(), &[]), 1);
        assert!(said.starts_with("NOT VERIFIED: ") && !said.contains("\nVERIFIED"), "{file}: {said}");
    }
}

#[test]
fn what_is_known_from_elsewhere_counts() {
    let folder = tempfile::tempdir().unwrap();
    publish(folder.path());
    let other = "0".repeat(64);
    for (known, code) in [(["--commitment", &other], "(other_commitment)"), (["--beacon", "ab13"], "(beacon)")] {
        let said = said(&run(folder.path(), &known), 1);
        assert!(said.starts_with("NOT VERIFIED: ") && said.contains(code), "{said}");
    }
    let stranger = "0".repeat(32);
    let said_of_stranger = said(&run(folder.path(), &["--blind", &stranger]), 1);
    assert!(said_of_stranger.contains(&format!("NOT ON THE LIST: {stranger}")), "{said_of_stranger}");
    // Half a download is told as such, but it is no verified draw.
    std::fs::remove_file(folder.path().join("result.json")).unwrap();
    let missing = said(&run(folder.path(), &[]), 1);
    assert!(missing.starts_with("NOT VERIFIED: ") && missing.contains("result.json could not be read"), "{missing}");
}

#[test]
fn a_voided_draw_is_no_draw_and_shows_what_was_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    let digest = publish(folder.path());
    for file in ["result.json", "accepted.bin"] {
        std::fs::remove_file(folder.path().join(file)).unwrap();
    }
    let bytes = std::fs::read(folder.path().join("commitment.json")).unwrap();
    let commitment = Commitment::from_json(&bytes).unwrap();
    let write = |voided: &Voided| std::fs::write(folder.path().join(VOID_FILE), voided.to_json()).unwrap();
    let seed = Some(Seed::from_bytes([2; 32]));
    let early = Voided::new(&commitment, seed, None, "Nilainya hilang.", 1).unwrap();
    write(&early);
    insta::assert_snapshot!("voided", said(&run(folder.path(), &[]), 1));
    let known = ["--commitment", &digest, "--beacon", "ab-12", "--blind", &blind(0).to_string()];
    insta::assert_snapshot!("voided_with_value", said(&run(folder.path(), &known), 1));
    // Voided with the value at hand, the seed kept back: both are said.
    write(&Voided::new(&commitment, None, Some("ab12".into()), "Nilainya hilang.", 2).unwrap());
    let late = said(&run(folder.path(), &[]), 1);
    assert!(late.contains("may have seen the result") && late.contains("the seed was not opened"), "{late}");
    let other = said(&run(folder.path(), &["--commitment", &"0".repeat(64)]), 1);
    assert!(other.starts_with("NOT VERIFIED: ") && other.contains("(other_commitment)"), "{other}");
    write(&Voided { reason: "Lain.".into(), ..early });
    let changed = said(&run(folder.path(), &[]), 1);
    assert!(changed.starts_with("NOT VERIFIED: void.json does not fit its digest"), "{changed}");
}

/// The commitment covers the bytes of list.bin, not how they are packed: which of two lists somebody looked at must not
/// depend on the program.
#[test]
fn two_lists_that_differ_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    publish(folder.path());
    let list = std::fs::read(folder.path().join("list.bin")).unwrap();
    let packed = folder.path().join("list.bin.zst");
    let longer = [list.as_slice(), &[0]].concat();
    let mut other = list.clone();
    *other.last_mut().unwrap() ^= 1;
    for (bytes, differs) in [(&list, false), (&other, true), (&longer, true), (&list[..list.len() - 1].to_vec(), true)]
    {
        std::fs::write(&packed, zstd::encode_all(bytes.as_slice(), 3).unwrap()).unwrap();
        let output = said(&run(folder.path(), &[]), i32::from(differs));
        assert_eq!(output.contains("NOT VERIFIED: list.bin and list.bin.zst differ"), differs, "{output}");
    }
}
