//! What is sent: small enough, upright, and without a word beyond the pixels.

#![allow(clippy::unwrap_used)]

use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, RgbImage, Rgba, RgbaImage};
use prakerja_photo::specimen::{Specimen, SpecimenFault, card};
use prakerja_photo::{Area, Prepared, QuarterTurn, examine, prepare};
use sha2::{Digest, Sha256};

/// Markers of the segments up to the scan, then those after it; written without the crate's own walk.
fn markers(jpeg: &[u8]) -> Vec<u8> {
    assert_eq!(&jpeg[..2], [0xFF, 0xD8]);
    let mut markers = Vec::new();
    let mut position = 2;
    loop {
        assert_eq!(jpeg[position], 0xFF, "a marker at {position}");
        let marker = jpeg[position + 1];
        markers.push(marker);
        if marker == 0xD9 {
            assert_eq!(position + 2, jpeg.len(), "nothing behind the end");
            return markers;
        }
        position += 2 + usize::from(jpeg[position + 2]) * 256 + usize::from(jpeg[position + 3]);
        if marker == 0xDA {
            while jpeg[position] != 0xFF || jpeg[position + 1] == 0 {
                position += 1;
            }
        }
    }
}

fn assert_bare(jpeg: &[u8]) {
    // JFIF's own header, tables, one frame, one scan, end: all that a baseline JPEG needs.
    for marker in markers(jpeg) {
        assert!([0xE0, 0xDB, 0xC0, 0xC4, 0xDA, 0xD9].contains(&marker), "segment {marker:02X}");
    }
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

fn pixels(jpeg: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).unwrap().into_rgb8()
}

#[test]
fn nothing_but_pixels_is_sent() {
    let photo = card(SpecimenFault::None, 1);
    assert!(contains(&photo, b"CONTOHHP") && contains(&photo, b"Exif"), "the specimen has what must vanish");
    let prepared = prepare(&photo, QuarterTurn::None, None).unwrap();
    for jpeg in [&prepared.jpeg, &prepared.preview] {
        assert_bare(jpeg);
        assert!(!contains(jpeg, b"CONTOHHP") && !contains(jpeg, b"Exif"));
    }
}

#[test]
fn what_is_behind_the_end_of_the_file_is_not_sent() {
    let mut photo = card(SpecimenFault::None, 1);
    photo.extend(b"PK\x03\x04 another file hides here");
    let prepared = prepare(&photo, QuarterTurn::None, None).unwrap();
    assert_bare(&prepared.jpeg);
    assert!(!contains(&prepared.jpeg, b"another file"));
}

#[test]
fn size_and_hash_are_those_of_the_bytes() {
    let photo = Specimen { width: 2800, ..Specimen::new(SpecimenFault::None, 3) }.jpeg();
    let prepared = prepare(&photo, QuarterTurn::None, None).unwrap();
    assert_eq!((prepared.width, prepared.height), (2000, 1500));
    assert_eq!(pixels(&prepared.jpeg).dimensions(), (2000, 1500));
    assert_eq!(pixels(&prepared.preview).dimensions(), (900, 675));
    assert_eq!(prepared.sha256, hex::encode(Sha256::digest(&prepared.jpeg)));
    assert_eq!(prepare(&photo, QuarterTurn::None, None).unwrap(), prepared, "the same again");
}

#[test]
fn a_good_photo_stays_good() {
    for fault in [SpecimenFault::None, SpecimenFault::ExifRotated] {
        let prepared = prepare(&card(fault, 2), QuarterTurn::None, None).unwrap();
        assert!(prepared.width > prepared.height, "{fault:?} is upright");
        assert_eq!(examine(&prepared.jpeg).unwrap().findings, [], "{fault:?}");
    }
}

#[test]
fn the_suggested_turn_and_the_offered_crop_help() {
    for seed in [2, 3] {
        let photo = card(SpecimenFault::Sideways, seed);
        let examined = examine(&photo).unwrap();
        let prepared = prepare(&photo, examined.suggested_turn, examined.card).unwrap();
        assert!(prepared.width > prepared.height);
        // The portrait's ground is the only red on the card.
        let picture = pixels(&prepared.jpeg);
        let red = |from: u32, to: u32| {
            let part = picture.enumerate_pixels().filter(|(x, ..)| (from..to).contains(x));
            part.filter(|(.., pixel)| i32::from(pixel.0[0]) > i32::from(pixel.0[1]) + 70).count()
        };
        let (width, half) = (picture.width(), picture.width() / 2);
        assert!(red(half, width) > 10 * red(0, half).max(1), "seed {seed}: the portrait is on the right");
    }
}

#[test]
fn even_noise_stays_below_the_limits() {
    let mut state = 1_u32;
    let noise = RgbImage::from_fn(2200, 1650, |_, _| {
        image::Rgb([0; 3].map(|_: u8| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        }))
    });
    let mut photo = Vec::new();
    JpegEncoder::new_with_quality(&mut photo, 90).encode_image(&noise).unwrap();
    let Prepared { jpeg, preview, width, .. } = prepare(&photo, QuarterTurn::None, None).unwrap();
    assert!(jpeg.len() <= 1_500_000, "{}", jpeg.len());
    assert!(preview.len() <= 120_000, "{}", preview.len());
    assert!(width < 2000, "quality alone was not enough");
}

/// Four fields of one colour each: where they go says what was turned and cut.
fn fields() -> Vec<u8> {
    let picture = RgbaImage::from_fn(400, 300, |x, y| match (x < 200, y < 150) {
        (true, true) => Rgba([255, 0, 0, 255]),
        (false, true) => Rgba([0, 255, 0, 255]),
        (true, false) => Rgba([0, 0, 255, 255]),
        (false, false) => Rgba([0, 0, 0, 0]),
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn colour(picture: &RgbImage, x: f32, y: f32) -> &'static str {
    let at = |share: f32, all: u32| (share * all as f32) as u32;
    let pixel = picture.get_pixel(at(x, picture.width()), at(y, picture.height()));
    match pixel.0.map(|value| value > 127) {
        [true, false, false] => "red",
        [false, true, false] => "green",
        [false, false, true] => "blue",
        [true, true, true] => "white",
        _ => "other",
    }
}

#[test]
fn turns_and_crops_as_asked_and_puts_what_is_transparent_on_white() {
    let right = Area { x: 0.5, y: 0.0, width: 0.5, height: 1.0 };
    let cases = [
        (QuarterTurn::None, None, ["red", "green", "blue", "white"]),
        (QuarterTurn::Right, None, ["blue", "red", "white", "green"]),
        (QuarterTurn::Half, None, ["white", "blue", "green", "red"]),
        (QuarterTurn::Left, None, ["green", "white", "red", "blue"]),
        (QuarterTurn::None, Some(right), ["green", "green", "white", "white"]),
        (QuarterTurn::Right, Some(right), ["white", "green", "white", "green"]),
        (QuarterTurn::None, Some(Area { x: f32::NAN, ..right }), ["red", "green", "blue", "white"]),
        (QuarterTurn::None, Some(Area { width: 0.0, ..right }), ["red", "green", "blue", "white"]),
    ];
    for (turn, crop, expected) in cases {
        let prepared = prepare(&fields(), turn, crop).unwrap();
        let picture = pixels(&prepared.jpeg);
        let seen = [(0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8)].map(|(x, y)| colour(&picture, x, y));
        assert_eq!(seen, expected, "{turn:?} {crop:?}");
    }
}

/// EXIF orientation of the eight kinds (EXIF 2.32, tag 0112) with a crop: the upper left quarter of what is seen.
#[test]
fn crops_what_is_seen_whatever_the_orientation() {
    let picture = image::load_from_memory(&fields()).unwrap().into_rgb8();
    let upright =
        [(1, "red"), (2, "green"), (3, "other"), (4, "blue"), (5, "red"), (6, "blue"), (7, "other"), (8, "green")];
    for (orientation, expected) in upright {
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
        let mut exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0".to_vec();
        exif[19] = orientation;
        image::ImageEncoder::set_exif_metadata(&mut encoder, exif).unwrap();
        encoder.encode_image(&picture).unwrap();
        let crop = Area { x: 0.0, y: 0.0, width: 0.5, height: 0.5 };
        let prepared = prepare(&bytes, QuarterTurn::None, Some(crop)).unwrap();
        let cropped = pixels(&prepared.jpeg);
        assert_eq!(cropped.width() > cropped.height(), orientation < 5, "orientation {orientation}");
        let seen = [(0.2, 0.2), (0.8, 0.8)].map(|(x, y)| colour(&cropped, x, y));
        assert_eq!(seen, [expected; 2], "orientation {orientation}");
    }
}
