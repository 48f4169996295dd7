//! An invented wave as large as the largest that one can imagine, always the same.

use std::path::Path;

use prakerja_selection::{
    Application, Beacon, Blind, ClassRule, Commitment, List, Part, RegionRule, Rules, Seed, VERSION,
};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::figures::Outcome;

/// The seed that the draw opens.
pub(crate) const SEED: Seed = Seed::from_bytes([72; 32]);
/// The public value that it is mixed with.
pub(crate) const BEACON_VALUE: &str = "7.123,45";

/// Writes list and commitment.
pub(crate) fn write(folder: &Path, applications: u32) -> Outcome {
    let list = List::new(rules(applications), people(applications)).map_err(|error| error.to_string())?;
    let beacon = Beacon { description: "closing value of the IHSG on 2026-12-02, digits only".into(), due_at_ms: 1 };
    let commitment = Commitment::new(&list, &SEED, beacon, 0).map_err(|error| error.to_string())?;
    put(folder, Part::Commitment, &commitment.to_json())?;
    put(folder, Part::List, &list.encode())
}

/// Writes one file of the published folder.
pub(crate) fn put(folder: &Path, part: Part, bytes: &[u8]) -> Outcome {
    std::fs::write(folder.join(part.file_name()), bytes).map_err(|error| format!("{part}: {error}"))
}

/// A seat for every fourth; as many regions as there are provinces, each with a thirtieth of the seats at most.
fn rules(applications: u32) -> Rules {
    let quota = u64::from(applications / 4);
    let class = |name: &str, quota| ClassRule { name: name.into(), quota };
    Rules {
        version: VERSION,
        wave: 72,
        scheme: "invented".into(),
        quota,
        classes: vec![class("laid_off", Some(quota / 2)), class("furloughed", None), class("other", None)],
        regions: (11..49).map(|code| RegionRule { code: code.to_string(), quota: Some(quota / 30) }).collect(),
        family_max: 2,
    }
}

/// One in ten was laid off; two thirds of the people share a family card with somebody else on the list.
fn people(applications: u32) -> Vec<Application<u32>> {
    let mut chance = StdRng::seed_from_u64(72);
    let person = |_| {
        let family_card = chance.gen_range(0..applications);
        Application {
            blind: Blind::from_bytes(chance.r#gen()),
            class: match chance.gen_range(0..10) {
                0 => 0,
                1 | 2 => 1,
                _ => 2,
            },
            region: chance.gen_range(0..38),
            family_card,
            family_free: if family_card % 5 == 0 { 1 } else { 2 },
        }
    };
    (0..applications).map(person).collect()
}
