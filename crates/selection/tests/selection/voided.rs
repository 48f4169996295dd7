//! A draw that is given up: what is published about it, and that nobody can change a byte of that.

use prakerja_selection::{Seed, VoidError, Voided};

use crate::fixture::{DUE, small};

const REASON: &str = "Putaran yang disebut tidak pernah terbit.";

fn voided() -> Voided {
    let small = small();
    Voided::new(&small.commitment, Some(small.reveal.seed), None, REASON, DUE - 1).unwrap()
}

#[test]
fn the_published_file() {
    insta::assert_snapshot!("void_json", String::from_utf8(voided().to_json()).unwrap());
}

#[test]
fn every_changed_bit_is_found() {
    let (commitment, bytes) = (small().commitment, voided().to_json());
    assert_eq!(Voided::read(&bytes, &commitment), Ok(voided()));
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            assert!(Voided::read(&changed, &commitment).is_err(), "bit {bit} of byte {at}");
        }
    }
}

#[test]
fn it_belongs_to_one_commitment_and_has_a_reason() {
    let small = small();
    let new = |seed, reason: &str| Voided::new(&small.commitment, seed, None, reason, DUE);
    assert_eq!(new(Some(Seed::from_bytes([0; 32])), REASON), Err(VoidError::Seed));
    for reason in ["", "  ", "two\nlines", &"x".repeat(501)] {
        assert_eq!(new(None, reason), Err(VoidError::Reason), "{reason:?}");
    }
    let mut other = small.commitment.clone();
    other.beacon.due_at_ms += 1;
    assert_eq!(voided().check(&small.commitment), Ok(()));
    other.digest = prakerja_selection::Digest::of(&[b"another"]);
    assert_eq!(voided().check(&other), Err(VoidError::Other));
}

#[test]
fn whether_the_result_could_be_known() {
    let small = small();
    let new =
        |value: Option<&str>, at| Voided::new(&small.commitment, None, value.map(str::to_owned), REASON, at).unwrap();
    for (value, at, expected) in [(None, DUE - 1, false), (None, DUE, true), (Some("71"), DUE - 1, true)] {
        assert_eq!(new(value, at).result_may_be_known(&small.commitment), expected, "{value:?} {at}");
    }
}
