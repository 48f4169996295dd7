//! Measures a photo of 12 megapixels: `cargo run -p prakerja-photo --features specimen --example time [FILE]`.

use std::error::Error;
use std::io::Write;
use std::time::Instant;

use prakerja_photo::specimen::{Specimen, SpecimenFault};
use prakerja_photo::{QuarterTurn, examine, prepare};

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout();
    if let Some(path) = std::env::args().nth(1) {
        // The drawing needs more memory than the judging: with a file the peak is that of the crate.
        let bytes = std::fs::read(path)?;
        let begin = Instant::now();
        let examined = examine(&bytes)?;
        let between = Instant::now();
        let prepared = prepare(&bytes, QuarterTurn::None, None)?;
        let (judged, made) = (between - begin, between.elapsed());
        writeln!(out, "{} x {}, {} bytes: {:?}", examined.width, examined.height, bytes.len(), examined.findings)?;
        writeln!(out, "{} and {} bytes made", prepared.jpeg.len(), prepared.preview.len())?;
        writeln!(out, "examine {judged:?}, prepare {made:?}")?;
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
            writeln!(out, "{line}")?;
        }
    } else {
        let photo = Specimen { width: 4000, quality: 92, noise: 3.0, ..Specimen::new(SpecimenFault::ExifRotated, 2) };
        out.write_all(&photo.jpeg())?;
    }
    Ok(())
}
