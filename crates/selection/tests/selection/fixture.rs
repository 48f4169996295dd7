//! Invented waves: a small one that fits on a page, and random ones of any size.

use prakerja_selection::{
    Application, Beacon, Blind, ClassRule, Commitment, DrawResult, Drawn, Files, List, RegionRule, Reveal, Rules, Seed,
    VERSION, WaveSecret, draw,
};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

pub(crate) const COMMITTED: i64 = 1_795_600_000_000;
pub(crate) const DUE: i64 = 1_795_686_400_000;
pub(crate) const BEACON_VALUE: &str = "7.123,45";

/// Everything that is published about a draw.
#[derive(Clone)]
pub(crate) struct Published {
    pub(crate) commitment: Commitment,
    pub(crate) list: List,
    pub(crate) reveal: Reveal,
    pub(crate) drawn: Drawn,
    pub(crate) result: DrawResult,
    pub(crate) commitment_json: Vec<u8>,
    pub(crate) list_bin: Vec<u8>,
    pub(crate) result_json: Vec<u8>,
    pub(crate) accepted_bin: Vec<u8>,
}

impl Published {
    pub(crate) fn files(&self) -> Files<'_> {
        Files {
            commitment: &self.commitment_json,
            list: &self.list_bin,
            result: &self.result_json,
            accepted: Some(&self.accepted_bin),
        }
    }
}

pub(crate) fn beacon() -> Beacon {
    Beacon { description: "closing value of the IHSG on 2026-12-02, digits only".into(), due_at_ms: DUE }
}

pub(crate) fn seed(n: u8) -> Seed {
    Seed::from_bytes([n; 32])
}

/// Commits, draws and writes everything.
pub(crate) fn publish(list: List, seed: Seed, value: &str) -> Published {
    let commitment = Commitment::new(&list, &seed, beacon(), COMMITTED).unwrap();
    let reveal = Reveal { seed, beacon_value: value.into() };
    let drawn = draw(&commitment, &list, &reveal).unwrap();
    let result = DrawResult::new(&commitment, &list, &reveal, &drawn).unwrap();
    Published {
        commitment_json: commitment.to_json(),
        list_bin: list.encode(),
        result_json: result.to_json(),
        accepted_bin: drawn.accepted(commitment.wave),
        commitment,
        list,
        reveal,
        drawn,
        result,
    }
}

pub(crate) fn class(name: &str, quota: Option<u64>) -> ClassRule {
    ClassRule { name: name.into(), quota }
}

pub(crate) fn region(code: &str, quota: Option<u64>) -> RegionRule {
    RegionRule { code: code.into(), quota }
}

/// Six seats; laid-off first, at most three others; two for Kepulauan Riau and three for Bali.
pub(crate) fn small_rules() -> Rules {
    Rules {
        version: VERSION,
        wave: 72,
        scheme: "2023 normal".into(),
        quota: 6,
        classes: vec![class("laid_off", None), class("other", Some(3))],
        regions: vec![region("21", Some(2)), region("51", Some(3)), region("71", None)],
        family_max: 2,
    }
}

/// The small wave's blind of application `n`.
pub(crate) fn small_blind(n: u8) -> Blind {
    WaveSecret::from_bytes([7; 32]).blind(&[n; 16])
}

/// Twelve people. One, two and three share a family card with one place left; four and five one with two.
pub(crate) fn small_applications() -> Vec<Application<&'static str>> {
    let people = [
        (0, 0, "a", 1),
        (1, 0, "a", 1),
        (1, 1, "a", 1),
        (1, 2, "b", 2),
        (0, 2, "b", 2),
        (0, 0, "c", 2),
        (1, 0, "d", 2),
        (1, 0, "e", 1),
        (1, 1, "f", 2),
        (1, 1, "g", 0),
        (1, 2, "h", 2),
        (1, 2, "i", 2),
    ];
    let application = |(n, (class, region, family_card, family_free))| Application {
        blind: small_blind(n),
        class,
        region,
        family_card,
        family_free,
    };
    (1..).zip(people).map(application).collect()
}

pub(crate) fn small() -> Published {
    publish(List::new(small_rules(), small_applications()).unwrap(), seed(9), BEACON_VALUE)
}

/// A wave of `size` people in which every limit is met by somebody.
pub(crate) fn random(size: usize, chance: u64) -> Published {
    let mut chance = StdRng::seed_from_u64(chance);
    let quota = size as u64 / 4;
    let rules = Rules {
        version: VERSION,
        wave: chance.r#gen(),
        scheme: "2023 normal, \"extra\" \u{e9}".into(),
        quota,
        classes: vec![class("laid_off", Some(quota / 3)), class("furloughed", None), class("other", None)],
        regions: vec![region("21", Some(quota / 8)), region("5171", None), region("71", Some(quota / 4))],
        family_max: 2,
    };
    let cards: Vec<u8> = (0..size.div_ceil(2)).map(|_| chance.gen_range(0..=2)).collect();
    let people = (0..size).map(|_| {
        let family_card = chance.gen_range(0..cards.len());
        Application {
            blind: Blind::from_bytes(chance.r#gen()),
            class: [0, 1, 1, 2, 2, 2, 2][chance.gen_range(0..7)],
            region: chance.gen_range(0..3),
            family_card,
            family_free: cards[family_card],
        }
    });
    let people = people.collect();
    publish(List::new(rules, people).unwrap(), Seed::from_bytes(chance.r#gen()), "Round 5123456: 0xAB34")
}
