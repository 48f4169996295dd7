//! One changed byte is found, and so are changes by somebody who gives everything fitting digests again.

use prakerja_selection::{Application, Commitment, DrawResult, Files, Known, List, Part, Tampered, draw};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::fixture::{BEACON_VALUE, Published, beacon, publish, random, seed, small, small_applications, small_rules};

const PARTS: [Part; 4] = [Part::Commitment, Part::List, Part::Result, Part::Accepted];

fn bytes(published: &mut Published, part: Part) -> &mut Vec<u8> {
    match part {
        Part::Commitment => &mut published.commitment_json,
        Part::List => &mut published.list_bin,
        Part::Result => &mut published.result_json,
        Part::Accepted => &mut published.accepted_bin,
    }
}

/// Verifies after a change to the bytes of one part; the change is undone.
#[track_caller]
fn assert_found(published: &mut Published, part: Part, change: impl Fn(&mut Vec<u8>), what: &str) {
    let before = bytes(published, part).clone();
    change(bytes(published, part));
    assert_ne!(&before, bytes(published, part), "{what}: nothing was changed");
    let verified = published.files().verify(&Known::default());
    assert!(verified.is_err(), "{what} in {part} was not found");
    *bytes(published, part) = before;
}

#[test]
fn every_changed_bit_of_every_byte_is_found() {
    let mut small = small();
    small.files().verify(&Known::default()).unwrap();
    for part in PARTS {
        for at in 0..bytes(&mut small, part).len() {
            for bit in 0..8 {
                assert_found(&mut small, part, |bytes| bytes[at] ^= 1 << bit, &format!("bit {bit} of byte {at}"));
            }
            assert_found(&mut small, part, |bytes| bytes.truncate(at), &format!("the cut at {at}"));
            for more in [b' ', b'0', 0] {
                assert_found(&mut small, part, |bytes| bytes.insert(at, more), &format!("{more} before byte {at}"));
            }
        }
        assert_found(&mut small, part, |bytes| bytes.push(b'\n'), "a line feed at the end");
    }
}

#[test]
fn changed_bytes_of_a_larger_draw_are_found() {
    let mut large = random(3_000, 1);
    large.files().verify(&Known::default()).unwrap();
    let mut chance = StdRng::seed_from_u64(2);
    for part in PARTS {
        for _ in 0..100 {
            let (at, by) = (chance.gen_range(0..bytes(&mut large, part).len()), chance.gen_range(1..=255));
            assert_found(&mut large, part, |bytes| bytes[at] ^= by, &format!("byte {at} by {by}"));
        }
    }
}

/// The word of a finding, which is one of those that are listed for whoever has sentences for them.
fn word(tampered: &Tampered) -> &'static str {
    assert!(Tampered::CODES.contains(&tampered.code()), "{}", tampered.code());
    tampered.code()
}

/// Verifies with what a careful person kept and looked up.
fn code(published: &Published, true_commitment: &Commitment) -> &'static str {
    let known = Known { commitment: Some(true_commitment.digest), beacon_value: Some("7123.45") };
    published.files().verify(&known).map_or_else(|tampered| word(&tampered), |_| "verified")
}

/// Writes the parts of a draw again after a change to the structures.
fn written(mut published: Published) -> Published {
    published.commitment_json = published.commitment.to_json();
    published.result_json = published.result.to_json();
    published
}

/// The result's digest over changed content: what `DrawResult::new` would give, by its own door.
fn with_fitting_digest(mut result: DrawResult) -> DrawResult {
    let mut content = serde_json::to_string(&result).unwrap();
    content.truncate(content.rfind(",\"digest\"").unwrap());
    content.push('}');
    result.digest = prakerja_selection::Digest::of(&[b"prakerja selection result/1\n", content.as_bytes()]);
    assert!(result.fits_digest());
    result
}

#[test]
fn each_way_to_cheat_is_named() {
    let honest = small();
    let truth = honest.commitment.clone();
    assert_eq!(code(&honest, &truth), "verified");

    // Somebody is dropped, everything else is made anew.
    let fewer: Vec<Application<&str>> = small_applications().into_iter().skip(1).collect();
    let dropped = publish(List::new(small_rules(), fewer).unwrap(), seed(9), BEACON_VALUE);
    assert_eq!(code(&dropped, &truth), "other_commitment");
    let exchanged = Published { list_bin: dropped.list_bin.clone(), ..honest.clone() };
    assert_eq!(code(&exchanged, &truth), "list_digest");

    // Another seed, chosen because it pleases.
    let pleasing = publish(honest.list.clone(), seed(10), BEACON_VALUE);
    assert_eq!(code(&pleasing, &truth), "other_commitment");
    let mut other_seed = honest.clone();
    other_seed.result.seed = seed(10);
    other_seed.result = with_fitting_digest(other_seed.result);
    assert_eq!(code(&written(other_seed), &truth), "seed");

    // Another public value.
    let other_value = publish(honest.list.clone(), seed(9), "7.123,46");
    assert_eq!(code(&other_value, &truth), "beacon");
    let blind_verifier = Known { commitment: Some(truth.digest), beacon_value: None };
    assert!(other_value.files().verify(&blind_verifier).is_ok(), "without its own source nobody can tell");
    let mut written_otherwise = honest.clone();
    written_otherwise.result.beacon_value = BEACON_VALUE.into();
    written_otherwise.result = with_fitting_digest(written_otherwise.result);
    assert_eq!(code(&written(written_otherwise), &truth), "beacon");
    let known = Known { commitment: None, beacon_value: Some("\u{ff17}") };
    assert_eq!(honest.files().verify(&known).map_err(|tampered| word(&tampered)).err(), Some("known_beacon"));

    // Other people are accepted.
    let mut other_people = honest.clone();
    other_people.accepted_bin[24] ^= 0b1100_0000;
    assert_eq!(code(&other_people, &truth), "accepted");
    other_people.result.accepted_digest = prakerja_selection::Digest::of(&[&other_people.accepted_bin]);
    assert_eq!(code(&written(other_people.clone()), &truth), "result_digest");
    other_people.result = with_fitting_digest(other_people.result);
    assert_eq!(code(&written(other_people), &truth), "accepted_digest");

    // Counts that look better.
    let mut counts = honest.clone();
    counts.result.classes[0].accepted += 1;
    counts.result = with_fitting_digest(counts.result);
    assert_eq!(code(&written(counts), &truth), "counts");

    // The result of another wave.
    let mut wave = honest.clone();
    wave.result.wave += 1;
    assert_eq!(code(&written(wave), &truth), "result_of_other");

    // Rules and commitment that were written over.
    let mut rules = honest.clone();
    rules.commitment.rules.quota += 1;
    assert_eq!(code(&written(rules.clone()), &truth), "rules_digest");
    rules.commitment.rules_digest = rules.commitment.rules.digest();
    assert_eq!(code(&written(rules), &truth), "commitment_digest");
    let mut late = honest.clone();
    late.commitment.committed_at_ms = late.commitment.beacon.due_at_ms;
    assert_eq!(code(&written(late), &truth), "beacon_rule");

    // A program that is too old for the files says that, and not that they are wrong.
    for json in [
        String::from_utf8(honest.commitment_json.clone()).unwrap().replacen(r#""version":1"#, r#""version":2"#, 1),
        String::from_utf8(honest.commitment_json.clone()).unwrap().replacen(
            r#""version":1"#,
            r#""version":2,"new":3"#,
            1,
        ),
        r#"{"version":9}"#.to_owned(),
    ] {
        assert_eq!(code(&Published { commitment_json: json.into_bytes(), ..honest.clone() }, &truth), "version");
    }
    let mut newer_rules = honest.clone();
    newer_rules.commitment.rules.version = 2;
    assert_eq!(code(&written(newer_rules), &truth), "version");
    // A result of another version than its commitment is no newer program's.
    let mut result = honest.clone();
    result.result.version = 2;
    assert_eq!(code(&written(result), &truth), "result_form");

    // White space is a change too.
    let mut pretty = honest.clone();
    pretty.commitment_json.push(b'\n');
    assert_eq!(code(&pretty, &truth), "commitment_form");
    let mut pretty = honest;
    pretty.result_json.insert(1, b' ');
    assert_eq!(code(&pretty, &truth), "result_form");
}

#[test]
fn without_accepted_bin_its_digest_is_compared() {
    let small = small();
    let files = Files { accepted: None, ..small.files() };
    assert!(files.verify(&Known::default()).is_ok());
    let mut result = small.result.clone();
    result.accepted_digest = prakerja_selection::Digest::of(&[]);
    let json = with_fitting_digest(result).to_json();
    let files = Files { result: &json, ..files };
    assert_eq!(files.verify(&Known::default()).err(), Some(Tampered::AcceptedDigest));
}

#[test]
fn a_draw_is_only_done_with_what_was_committed_to() {
    let small = small();
    let error = |commitment: &Commitment, list: &List| draw(commitment, list, &small.reveal).unwrap_err().to_string();
    let mut rules = small_rules();
    rules.quota += 1;
    let other = List::new(rules, small_applications()).unwrap();
    assert_eq!(error(&small.commitment, &other), "the list was made for other rules than were committed to");
    let other = List::new(small_rules(), small_applications().into_iter().skip(1).collect()).unwrap();
    assert_eq!(error(&small.commitment, &other), "the list is not the one that was committed to");
    let other_seed = Commitment::new(&small.list, &seed(1), beacon(), 0).unwrap();
    assert_eq!(error(&other_seed, &small.list), "the seed is not the one that was committed to");
}
