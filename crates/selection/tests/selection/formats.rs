//! Every published format as it stands, byte for byte. A change here is a change for everybody who verifies.

use prakerja_selection::{Decision, DrawKey, Known, WaveSecret, normalise};

use crate::fixture::{BEACON_VALUE, small, small_blind};

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Hex in lines of one record.
fn lines(bytes: &[u8]) -> String {
    bytes.chunks(24).map(hex::encode).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_published_files() {
    let small = small();
    insta::assert_snapshot!("commitment_json", text(&small.commitment_json));
    insta::assert_snapshot!("list_bin", lines(&small.list_bin));
    insta::assert_snapshot!("result_json", text(&small.result_json));
    insta::assert_snapshot!("accepted_bin", lines(&small.accepted_bin));
}

/// The golden case: who drew which ticket, and what became of it. `docs/verify_selection.py` gives the same numbers.
#[test]
fn the_order_of_the_draw() {
    let small = small();
    let key = DrawKey::new(&small.reveal.seed, &small.commitment.digest, &normalise(BEACON_VALUE).unwrap());
    let line = |(position, index): (usize, &u32)| {
        let entry = &small.list.entries()[*index as usize];
        let decision = match small.drawn.decisions()[*index as usize] {
            Decision::Accepted => "accepted".to_owned(),
            Decision::Refused(refusal) => serde_json::to_string(&refusal).unwrap(),
        };
        let (class, region, family) = (entry.class, entry.region, entry.family);
        let ticket = key.ticket(&entry.blind);
        format!("{position:2} {} {ticket:032x} class {class} region {region} family {family} {decision}", entry.blind)
    };
    let order: Vec<String> = (1..).zip(small.drawn.order()).map(line).collect();
    insta::assert_snapshot!("order", order.join("\n"));
}

/// As `hmac.digest(bytes(range(32)), bytes(range(16)), "sha256")[:16].hex()` says in Python.
#[test]
fn a_blind_is_half_an_hmac() {
    let secret = WaveSecret::from_bytes(std::array::from_fn(|n| n as u8));
    let blind = secret.blind(&std::array::from_fn(|n| n as u8));
    assert_eq!(blind.to_string(), "d8b99f2709a3ca74172cbe93824c1f29");
}

#[test]
fn a_place() {
    let verified = small().files().verify(&Known::default()).map(|verified| verified.place(&small_blind(1))).unwrap();
    insta::assert_json_snapshot!("place", verified);
}
