//! Files that are no photos, and files that were made to do harm.

#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use image::{ImageFormat, RgbImage};
use prakerja_photo::specimen::{Specimen, SpecimenFault};
use prakerja_photo::{FileType, Limits, QuarterTurn, Unreadable, examine, examine_within, prepare};
use proptest::prelude::*;

fn jpeg() -> Vec<u8> {
    Specimen { width: 560, ..Specimen::new(SpecimenFault::None, 1) }.jpeg()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    RgbImage::new(width, height).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A PNG whose header claims another size, depth and colour type, with the checksum right.
fn png_claiming(width: u32, height: u32, depth: u8, colour: u8) -> Vec<u8> {
    let mut bytes = png(4, 4);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    (bytes[24], bytes[25]) = (depth, colour);
    let mut checksum = u32::MAX;
    for byte in &bytes[12..29] {
        checksum ^= u32::from(*byte);
        for _ in 0..8 {
            checksum = if checksum & 1 == 1 { checksum >> 1 ^ 0xEDB8_8320 } else { checksum >> 1 };
        }
    }
    bytes[29..33].copy_from_slice(&(!checksum).to_be_bytes());
    bytes
}

fn position(bytes: &[u8], marker: u8) -> usize {
    bytes.windows(2).position(|pair| pair == [0xFF, marker]).unwrap()
}

/// A JPEG whose frame claims another size.
fn jpeg_claiming(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = jpeg();
    let frame = position(&bytes, 0xC0);
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

fn jpeg_with_scans(scans: usize) -> Vec<u8> {
    let whole = jpeg();
    let scan = whole[position(&whole, 0xDA)..whole.len() - 2].to_vec();
    let mut bytes = whole[..position(&whole, 0xDA)].to_vec();
    for _ in 0..scans {
        bytes.extend(&scan);
    }
    bytes.extend([0xFF, 0xD9]);
    bytes
}

#[test]
fn says_what_a_file_is() {
    let cases: [(&[u8], FileType); 10] = [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", FileType::Heic),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", FileType::Heic),
        (b"\0\0\0\x18ftypavif\0\0\0\0", FileType::Avif),
        (b"\0\0\0\x18ftypisom\0\0\0\0", FileType::Other),
        (b"RIFF\x24\0\0\0WEBPVP8 ", FileType::Webp),
        (b"GIF89a\x01\0\x01\0", FileType::Gif),
        (b"BM\x36\0\0\0", FileType::Bmp),
        (b"II*\0\x08\0\0\0", FileType::Tiff),
        (b"\n\n%PDF-1.7\n", FileType::Pdf),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", FileType::Other),
    ];
    for (bytes, found) in cases {
        assert_eq!(examine(bytes), Err(Unreadable::UnsupportedType { found }), "{found:?}");
        assert_eq!(prepare(bytes, QuarterTurn::None, None), Err(Unreadable::UnsupportedType { found }), "{found:?}");
    }
}

#[test]
fn refuses_before_it_costs_anything() {
    let large = vec![0xFF; 20_000_001];
    let short = |length: usize| jpeg()[..length].to_vec();
    let without_end = jpeg().len() - 2;
    let cases = [
        ("empty", Vec::new(), Unreadable::Empty),
        ("large", large, Unreadable::TooLarge { max: 20_000_000, actual: 20_000_001 }),
        ("start of a JPEG", short(3), Unreadable::Broken),
        ("half a JPEG", short(without_end / 2), Unreadable::Broken),
        ("JPEG without its end", short(without_end), Unreadable::Broken),
        ("many scans", jpeg_with_scans(41), Unreadable::Broken),
        (
            "huge JPEG",
            jpeg_claiming(65_000, 65_000),
            Unreadable::TooManyPixels { max: 64_000_000, actual: 4_225_000_000 },
        ),
        (
            "huge PNG",
            png_claiming(60_000, 60_000, 8, 2),
            Unreadable::TooManyPixels { max: 64_000_000, actual: 3_600_000_000 },
        ),
        (
            "PNG of eight bytes per pixel",
            png_claiming(8_000, 5_000, 16, 6),
            Unreadable::TooManyPixels { max: 32_000_000, actual: 40_000_000 },
        ),
        ("PNG without its pixels", png_claiming(5_000, 5_000, 8, 2), Unreadable::Broken),
        ("start of a PNG", png(4, 4)[..20].to_vec(), Unreadable::Broken),
    ];
    for (name, bytes, expected) in cases {
        assert_eq!(examine(&bytes), Err(expected), "{name}");
        assert_eq!(prepare(&bytes, QuarterTurn::None, None), Err(expected), "{name}");
    }
}

#[test]
fn limits_are_those_that_are_given() {
    let limits = Limits { max_pixels: 100_000, ..Limits::default() };
    let refused = examine_within(&jpeg(), &limits);
    assert_eq!(refused, Err(Unreadable::TooManyPixels { max: 100_000, actual: 560 * 420 }));
}

#[test]
fn pictures_of_odd_shapes_are_judged() {
    for (width, height) in [(1, 1), (3, 700), (20_000, 1), (600, 31), (31, 600), (501, 500)] {
        let bytes = png(width, height);
        let examined = examine(&bytes).unwrap();
        assert_eq!((examined.width, examined.height), (width, height));
        assert!(examined.is_refused(), "{width} x {height} black pixels: {examined:?}");
        let prepared = prepare(&bytes, QuarterTurn::Right, None).unwrap();
        assert!(prepared.width >= 1 && prepared.height >= 1);
    }
}

#[test]
fn errors_as_they_cross_into_the_window() {
    insta::assert_json_snapshot!([
        Unreadable::Empty,
        Unreadable::TooLarge { max: 20_000_000, actual: 20_000_001 },
        Unreadable::UnsupportedType { found: FileType::Heic },
        Unreadable::TooManyPixels { max: 64_000_000, actual: 100_000_000 },
        Unreadable::Broken,
    ]);
}

#[test]
fn limits_as_they_are_configured() {
    insta::assert_json_snapshot!(Limits::default());
}

static JPEG: LazyLock<Vec<u8>> = LazyLock::new(jpeg);
static PNG: LazyLock<Vec<u8>> = LazyLock::new(|| png(520, 40));

/// Whatever the bytes are: an answer, and one that can be drawn.
fn answers(bytes: &[u8]) -> Result<(), TestCaseError> {
    let examined = examine(bytes);
    let prepared = prepare(bytes, QuarterTurn::Left, None);
    prop_assert_eq!(examined.as_ref().err(), prepared.as_ref().err());
    for finding in examined.iter().flat_map(|examined| &examined.findings) {
        prop_assert!(finding.measure.is_finite());
        for area in &finding.areas {
            let ends = [area.x, area.y, area.x + area.width, area.y + area.height];
            prop_assert!(ends.iter().all(|end| (0.0..=1.0001).contains(end)), "{:?}", finding);
        }
    }
    if let Ok(prepared) = prepared {
        prop_assert!(prepared.jpeg.len() <= 1_500_000);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(start in prop::sample::select(vec![&b""[..], b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1A\n", b"\xFF\xD8\xFF\xC0\0\x11\x08"]), rest in prop::collection::vec(any::<u8>(), 0..600)) {
        answers(&[start, &rest].concat())?;
    }

    #[test]
    fn damaged_jpegs(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), headers in any::<bool>()) {
        let mut bytes = JPEG.clone();
        let within = if headers { 700 } else { bytes.len() };
        for (index, value) in changes {
            let index = index.index(within);
            bytes[index] = value;
        }
        answers(&bytes)?;
    }

    #[test]
    fn damaged_pngs(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = PNG.clone();
        for (index, value) in changes {
            let index = index.index(bytes.len());
            bytes[index] = value;
        }
        answers(&bytes)?;
    }
}
