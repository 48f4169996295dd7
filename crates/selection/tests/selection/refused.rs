//! What is no list, no rules, no commitment: each with its own error.

use prakerja_selection::{
    Application, Beacon, BeaconError, Blind, Commitment, CommitmentError, Digest, List, ListDecoder, ListError, Rules,
    RulesError, Seed, normalise,
};

use crate::fixture::{
    COMMITTED, DUE, beacon, class, region, seed, small, small_applications, small_blind, small_rules,
};

/// A list with these records: last byte of the blind, class, region, family, free places.
fn list(records: &[(u8, u8, u8, u8, u8)]) -> Vec<u8> {
    let mut bytes = b"prakerja list/1\n\0\0\0\x48\0\0\0".to_vec();
    bytes.push(records.len() as u8);
    for (blind, class, region, family, free) in records {
        bytes.extend([[0; 15].as_slice(), &[*blind, *class, 0, *region, 0, 0, 0, *family, *free]].concat());
    }
    bytes
}

#[test]
fn a_list_is_refused_with_the_reason() {
    let good = [(1, 0, 0, 0, 0), (2, 1, 2, 1, 1), (3, 0, 1, 2, 2), (4, 0, 1, 1, 1), (5, 0, 1, 2, 2)];
    assert_eq!(List::decode(&list(&good), small_rules()).unwrap().encode(), list(&good));
    assert_eq!(List::decode(&list(&[]), small_rules()).unwrap().entries(), []);
    let cases = [
        (list(&[(1, 0, 0, 0, 1), (1, 0, 0, 0, 1)]), ListError::Twice { at: 1 }),
        (list(&[(2, 0, 0, 0, 1), (1, 0, 0, 0, 1)]), ListError::Order { at: 1 }),
        (list(&[(1, 2, 0, 0, 1)]), ListError::Class { at: 0, class: 2 }),
        (list(&[(1, 0, 3, 0, 1)]), ListError::Region { at: 0, region: 3 }),
        (list(&[(1, 0, 0, 0, 3)]), ListError::Free { at: 0, free: 3 }),
        (list(&[(1, 0, 0, 2, 1), (2, 0, 0, 2, 1)]), ListError::Family { at: 0, family: 2 }),
        (list(&[(1, 0, 0, 1, 1), (2, 0, 0, 3, 1)]), ListError::Family { at: 1, family: 3 }),
        (list(&[(1, 0, 0, 0, 1), (2, 0, 0, 1, 1)]), ListError::FamilyOfOne { at: 1, family: 1 }),
        (list(&[(1, 0, 0, 1, 1), (2, 0, 0, 1, 2)]), ListError::FreeDiffers { at: 1, family: 1 }),
        (b"prakerja list/2\n\0\0\0\x48\0\0\0\0".to_vec(), ListError::Magic),
        (b"prakerja list/1\n\0\0\0\x49\0\0\0\0".to_vec(), ListError::Wave { list: 73, rules: 72 }),
        (vec![], ListError::Short { found: 0, expected: 0 }),
        (list(&good)[..23].to_vec(), ListError::Short { found: 0, expected: 0 }),
        (list(&good)[..24].to_vec(), ListError::Short { found: 0, expected: 5 }),
        (list(&good)[..143].to_vec(), ListError::Short { found: 4, expected: 5 }),
        ([list(&good), vec![0]].concat(), ListError::Long { expected: 5 }),
        ([list(&good), vec![9; 24]].concat(), ListError::Long { expected: 5 }),
    ];
    for (bytes, error) in cases {
        assert_eq!(List::decode(&bytes, small_rules()), Err(error));
    }
    let mut decoder = ListDecoder::new(small_rules()).unwrap();
    decoder.feed(&list(&good)).unwrap();
    assert_eq!(decoder.feed(&[0]), Err(ListError::Long { expected: 5 }));
}

#[test]
fn an_application_that_does_not_fit_makes_no_list() {
    let one = Application { blind: Blind::from_bytes([1; 16]), class: 0, region: 0, family_card: 1, family_free: 1 };
    let twice = List::new(small_rules(), vec![one.clone(), one.clone()]);
    assert_eq!(twice, Err(ListError::Twice { at: 1 }));
    let other = Application { blind: Blind::from_bytes([2; 16]), family_free: 2, ..one.clone() };
    assert_eq!(List::new(small_rules(), vec![other, one]), Err(ListError::FreeDiffers { at: 1, family: 1 }));
}

/// What an app compares before the draw.
#[test]
fn everybody_finds_the_own_entry_on_the_committed_list() {
    let list = small().list;
    for (n, application) in (1..).zip(small_applications()) {
        let entry = list.entry(&small_blind(n)).unwrap();
        let found = (entry.class, entry.region, entry.family_free);
        assert_eq!(found, (application.class, application.region, application.family_free));
        assert_eq!(entry.family > 0, ["a", "b"].contains(&application.family_card), "application {n}");
    }
    assert_eq!(list.entry(&small_blind(13)), None);
}

#[test]
fn rules_are_refused_with_the_reason() {
    assert_eq!(small_rules().check(), Ok(()));
    type Change = fn(&mut Rules);
    let cases: [(Change, RulesError); 11] = [
        (|rules| rules.version = 2, RulesError::Version(2)),
        (|rules| rules.family_max = 0, RulesError::FamilyMax),
        (|rules| rules.classes.clear(), RulesError::Classes(0)),
        (|rules| rules.classes = vec![class("a", None); 257], RulesError::Classes(257)),
        (|rules| rules.regions.clear(), RulesError::Regions(0)),
        (|rules| rules.scheme = " ".into(), RulesError::Name(" ".into())),
        (|rules| rules.classes.push(class("a\nb", None)), RulesError::Name("a\nb".into())),
        (|rules| rules.classes.push(class("laid_off", None)), RulesError::Twice("laid_off".into())),
        (|rules| rules.regions.push(region("51", None)), RulesError::Twice("51".into())),
        (|rules| rules.regions.push(region("511", None)), RulesError::Code("511".into())),
        (|rules| rules.regions.push(region("5A", None)), RulesError::Code("5A".into())),
    ];
    for (change, error) in cases {
        let mut rules = small_rules();
        change(&mut rules);
        assert_eq!(rules.check(), Err(error.clone()));
        assert_eq!(List::decode(&list(&[]), rules), Err(ListError::Rules(error)));
    }
}

#[test]
fn a_commitment_is_refused_with_the_reason() {
    let list = small().list;
    let error = |description: &str, due_at_ms| {
        let beacon = Beacon { description: description.into(), due_at_ms };
        Commitment::new(&list, &seed(9), beacon, COMMITTED).unwrap_err()
    };
    assert_eq!(error("", DUE), CommitmentError::Description);
    assert_eq!(error(&"x".repeat(501), DUE), CommitmentError::Description);
    assert_eq!(error("IHSG", COMMITTED), CommitmentError::Late);
    type Change = fn(&mut Commitment);
    let cases: [(Change, CommitmentError); 6] = [
        (|commitment| commitment.version = 2, CommitmentError::Version(2)),
        (|commitment| commitment.wave += 1, CommitmentError::Wave),
        (|commitment| commitment.rules.family_max = 0, CommitmentError::Rules(RulesError::FamilyMax)),
        (|commitment| commitment.rules.quota += 1, CommitmentError::RulesDigest),
        (|commitment| commitment.entries += 1, CommitmentError::Digest),
        (|commitment| commitment.list_digest = Digest::of(&[]), CommitmentError::Digest),
    ];
    for (change, error) in cases {
        let mut commitment = Commitment::new(&list, &seed(9), beacon(), COMMITTED).unwrap();
        change(&mut commitment);
        assert_eq!(commitment.check(), Err(error));
    }
}

#[test]
fn a_public_value_has_one_form() {
    for (value, normal) in [("7.123,45", "712345"), (" 7123.45\n", "712345"), ("0xAB Cd", "0xabcd"), ("-1", "1")] {
        assert_eq!(normalise(value).as_deref(), Ok(normal));
    }
    assert_eq!(normalise("7\u{ff11}"), Err(BeaconError::NotAscii));
    assert_eq!(normalise(" .,"), Err(BeaconError::Empty));
    assert_eq!(normalise(&"1".repeat(513)), Err(BeaconError::Long));
}

#[test]
fn hex_has_one_spelling_and_secrets_do_not_show() {
    let text = "00ff".repeat(8);
    assert_eq!(text.parse::<Digest>().unwrap_err().expected, 64);
    assert!(text.parse::<Seed>().is_err() && text.to_uppercase().parse::<Digest>().is_err());
    assert_eq!("00ff".repeat(4).parse::<Digest>().unwrap_err().to_string(), "64 lower-case hex digits are expected");
    let blind: Blind = "00ff".repeat(8)[..32].parse().unwrap();
    assert_eq!(blind.to_string(), text[..32]);
    assert!(text[..32].to_uppercase().parse::<Blind>().is_err());
    assert_eq!(format!("{:?}", seed(9)), "Seed(…)");
}
