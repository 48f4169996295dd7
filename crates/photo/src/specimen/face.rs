//! The face of the invented card: the arrangement of an e-KTP, the content of nobody.

use image::{Rgb, RgbImage};

use super::font;

/// Size of a card in millimetres (ID-1 of ISO/IEC 7810).
pub(crate) const CARD: (f32, f32) = (85.6, 54.0);
/// Pixels per millimetre of the drawn face.
const DENSITY: f32 = 15.0;

const INK: [f32; 3] = [34.0, 38.0, 52.0];
const STAMP: [f32; 3] = [170.0, 40.0, 48.0];

const ROWS: [(&str, &str); 13] = [
    ("NIK", "9900000101900001"),
    ("NAMA", "CONTOH SPECIMEN"),
    ("TEMPAT/TGL LAHIR", "CONTOH, 01-01-1990"),
    ("JENIS KELAMIN", "CONTOH"),
    ("ALAMAT", "JL. CONTOH NO. 1"),
    ("RT/RW", "000/000"),
    ("KEL/DESA", "DESA CONTOH"),
    ("KECAMATAN", "CONTOH"),
    ("AGAMA", "-"),
    ("STATUS", "BELUM KAWIN"),
    ("PEKERJAAN", "BELUM BEKERJA"),
    ("KEWARGANEGARAAN", "WNI"),
    ("BERLAKU HINGGA", "SEUMUR HIDUP"),
];

/// Draws the face.
pub(crate) fn draw() -> RgbImage {
    let (width, height) = ((CARD.0 * DENSITY) as u32, (CARD.1 * DENSITY) as u32);
    let mut face = RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (x as f32 / DENSITY, y as f32 / DENSITY);
        pixel(portrait(x, y).unwrap_or_else(|| ground(x, y)))
    });
    write(&mut face, "PROVINSI CONTOH", (25.0, 2.6), 0.40, INK);
    write(&mut face, "KABUPATEN CONTOH", (23.8, 6.6), 0.40, INK);
    for ((label, value), row) in ROWS.into_iter().zip(0_u8..) {
        let y = 11.6 + f32::from(row) * 3.1;
        write(&mut face, label, (3.0, y), 0.26, INK);
        write(&mut face, ":", (28.2, y), 0.26, INK);
        write(&mut face, value, (30.4, y), 0.26, INK);
    }
    write(&mut face, "SPECIMEN", (64.4, 42.6), 0.36, STAMP);
    write(&mut face, "CONTOH", (66.4, 46.4), 0.36, STAMP);
    face
}

/// Light blue with the fine waves of security paper.
fn ground(x: f32, y: f32) -> [f32; 3] {
    let wave = 3.0 * ((x * 0.9 + 2.0 * (y * 0.35).sin()).sin() + (y * 1.3 + 1.5 * (x * 0.3).sin()).sin());
    [168.0 + 0.2 * y + wave, 202.0 + 0.1 * y + wave, 224.0 + wave]
}

/// A grey figure on red, where the portrait is.
fn portrait(x: f32, y: f32) -> Option<[f32; 3]> {
    if !(63.0..82.0).contains(&x) || !(14.0..40.0).contains(&y) {
        return None;
    }
    let head = ((x - 72.5) / 4.6).powi(2) + ((y - 24.0) / 6.0).powi(2);
    let shoulders = ((x - 72.5) / 8.6).powi(2) + ((y - 41.0) / 10.0).powi(2);
    Some(if head < 1.0 {
        [150.0, 146.0, 142.0]
    } else if shoulders < 1.0 {
        [104.0, 106.0, 112.0]
    } else {
        [172.0, 70.0, 66.0]
    })
}

/// Writes `text` with its upper left corner at `place`, each dot `dot` millimetres wide.
fn write(face: &mut RgbImage, text: &str, place: (f32, f32), dot: f32, ink: [f32; 3]) {
    let right = place.0 + dot * (font::ADVANCE * text.len()) as f32;
    let lower = place.1 + dot * font::HEIGHT as f32;
    let letters: Vec<char> = text.chars().collect();
    for y in (place.1 * DENSITY) as u32..=(lower * DENSITY) as u32 {
        for x in (place.0 * DENSITY) as u32..=(right * DENSITY) as u32 {
            let column = ((x as f32 / DENSITY - place.0) / dot).max(0.0) as usize;
            let row = ((y as f32 / DENSITY - place.1) / dot).max(0.0) as usize;
            let letter = letters.get(column / font::ADVANCE).copied().unwrap_or(' ');
            if font::dot(letter, column % font::ADVANCE, row) && x < face.width() && y < face.height() {
                face.put_pixel(x, y, pixel(ink));
            }
        }
    }
}

fn pixel(colour: [f32; 3]) -> Rgb<u8> {
    Rgb(colour.map(|value| value.clamp(0.0, 255.0) as u8))
}
