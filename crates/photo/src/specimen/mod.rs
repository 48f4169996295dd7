//! Drawn photos of an invented card, good ones and bad ones, for tests and the demo.
//!
//! The card says CONTOH and SPECIMEN, belongs to a province 99 that does not exist, and shows nobody. No real card was ever
//! used for it and none must be added. Lens, light and table are imitated only as far as the checks look at them.

mod face;
mod font;
mod metadata;
mod scene;

use image::codecs::jpeg::JpegEncoder;
use image::{ImageEncoder, RgbImage, imageops};

/// What is wrong with a drawn photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpecimenFault {
    /// A good photo.
    None,
    /// Out of focus.
    Blurred,
    /// Taken in the dark.
    Dark,
    /// Taken with far too much light.
    Bright,
    /// A lamp is reflected in the card.
    Glare,
    /// A part of the card is beyond the picture.
    CutEdge,
    /// Sent through a chat app that made it small.
    Small,
    /// The card stands on its short side.
    Sideways,
    /// The card lies crooked.
    Tilted,
    /// A table without a card.
    NoCard,
    /// Nothing wrong: the pixels lie on their side and the EXIF orientation says so, as phones do.
    ExifRotated,
}

impl SpecimenFault {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::None,
        Self::Blurred,
        Self::Dark,
        Self::Bright,
        Self::Glare,
        Self::CutEdge,
        Self::Small,
        Self::Sideways,
        Self::Tilted,
        Self::NoCard,
        Self::ExifRotated,
    ];
}

/// A photo to be drawn. The same values draw the same bytes.
#[derive(Debug, Clone, Copy)]
pub struct Specimen {
    /// What is wrong with it.
    pub fault: SpecimenFault,
    /// Chooses table, light, place of the card and noise.
    pub seed: u64,
    /// Width of the photo in pixels; its height is three quarters of it.
    pub width: u32,
    /// Degrees the card is turned, clockwise.
    pub tilt: f32,
    /// Standard deviation of the sensor's noise in levels of 255.
    pub noise: f32,
    /// Quality of the JPEG, 1 to 100.
    pub quality: u8,
}

impl Specimen {
    /// A photo of middling size and quality, the card slightly askew.
    pub fn new(fault: SpecimenFault, seed: u64) -> Self {
        let tilt = Dice::new(seed, 7).between(-4.0, 4.0);
        Self { fault, seed, width: 1600, tilt, noise: 2.5, quality: 88 }
    }

    /// The photo as JPEG, with the metadata a phone writes: maker, place and orientation.
    pub fn jpeg(&self) -> Vec<u8> {
        let picture = self.picture();
        let (picture, orientation) = match self.fault {
            SpecimenFault::ExifRotated if self.seed.is_multiple_of(2) => (imageops::rotate270(&picture), 6),
            SpecimenFault::ExifRotated => (imageops::rotate90(&picture), 8),
            _ => (picture, 1),
        };
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, self.quality);
        let marked = encoder.set_exif_metadata(metadata::exif(orientation)).is_ok();
        let written = encoder.encode_image(&picture).is_ok();
        debug_assert!(marked && written, "a vector takes every byte");
        bytes
    }

    /// The photo's pixels, upright.
    pub fn picture(&self) -> RgbImage {
        scene::draw(self)
    }
}

/// A drawn photo as JPEG; see [`Specimen`] for more to choose.
pub fn card(fault: SpecimenFault, seed: u64) -> Vec<u8> {
    Specimen::new(fault, seed).jpeg()
}

/// Numbers that look random and are the same everywhere (SplitMix64, Steele, Lea and Flood 2014).
pub(crate) struct Dice(u64);

impl Dice {
    /// `purpose` keeps the numbers of one use from shifting those of another.
    pub(crate) fn new(seed: u64, purpose: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ purpose.wrapping_mul(0xD1B5_4A32_D192_ED03))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to 1.
    pub(crate) fn share(&mut self) -> f32 {
        (self.next() >> 40) as f32 / 16_777_216.0
    }

    pub(crate) fn between(&mut self, from: f32, to: f32) -> f32 {
        from + (to - from) * self.share()
    }

    /// Roughly normal with standard deviation 1: three equal dice are enough for noise.
    pub(crate) fn normal(&mut self) -> f32 {
        let bits = self.next();
        let part = |shift: u32| ((bits >> shift) & 0xFFFF) as f32 / 65_535.0 - 0.5;
        (part(0) + part(16) + part(32)) * 2.0
    }
}
