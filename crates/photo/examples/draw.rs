//! Draws specimens with what is found on them, to be looked at: `cargo run -p prakerja-photo --features specimen --example draw
//! -- FOLDER`.

use std::error::Error;
use std::path::PathBuf;

use image::{Rgb, RgbImage};
use prakerja_photo::specimen::{Specimen, SpecimenFault};
use prakerja_photo::{Area, examine};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("a folder is needed")?);
    for fault in SpecimenFault::ALL {
        for seed in 0..4 {
            let specimen = Specimen::new(fault, seed);
            let mut picture = specimen.picture();
            let examined = examine(&specimen.jpeg())?;
            if let Some(card) = examined.card {
                frame(&mut picture, card, [0, 200, 0]);
            }
            for area in examined.findings.iter().flat_map(|finding| &finding.areas) {
                frame(&mut picture, *area, [255, 0, 0]);
            }
            let found: Vec<_> = examined.findings.iter().map(|f| (f.kind, f.severity, f.measure)).collect();
            writeln(&format!("{fault:?} {seed}: {found:?} {:?}", examined.suggested_turn))?;
            picture.save(folder.join(format!("{fault:?}-{seed}.jpg")))?;
        }
    }
    Ok(())
}

fn writeln(line: &str) -> std::io::Result<()> {
    use std::io::Write;
    writeln!(std::io::stdout(), "{line}")
}

fn frame(picture: &mut RgbImage, area: Area, colour: [u8; 3]) {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let (left, top) = ((area.x * width) as u32, (area.y * height) as u32);
    let (right, lower) = (left + (area.width * width) as u32, top + (area.height * height) as u32);
    for y in top..lower.min(picture.height()) {
        for x in left..right.min(picture.width()) {
            if x < left + 3 || y < top + 3 || x + 3 >= right || y + 3 >= lower {
                picture.put_pixel(x, y, Rgb(colour));
            }
        }
    }
}
