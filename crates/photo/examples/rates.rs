//! Counts what is found on many seeded photos: `cargo run -p prakerja-photo --features specimen --example rates -- 200`.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;

use prakerja_photo::examine;
use prakerja_photo::specimen::{Specimen, SpecimenFault};

fn main() -> Result<(), Box<dyn Error>> {
    let seeds: u64 = std::env::args().nth(1).ok_or("a number of seeds is needed")?.parse()?;
    for fault in SpecimenFault::ALL {
        let mut counts: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for seed in 0..seeds {
            let tilt = (seed % 21) as f32 - 10.0;
            let noise = (seed % 6) as f32;
            let quality = 70 + (seed % 26) as u8;
            let specimen = Specimen { tilt, noise, quality, ..Specimen::new(fault, seed) };
            let examined = examine(&specimen.jpeg())?;
            let found: Vec<_> = examined.findings.iter().map(|finding| (finding.kind, finding.severity)).collect();
            counts.entry(format!("{found:?}")).or_default().push(seed);
        }
        for (found, seeds) in counts {
            let some = seeds.get(..8).unwrap_or(&seeds);
            writeln!(std::io::stdout(), "{fault:?}: {:4} {found} {some:?}", seeds.len())?;
        }
    }
    Ok(())
}
