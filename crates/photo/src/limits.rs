//! Where the lines are drawn, each with its reason. Numbers only. App and central use the same ones and nobody sets them
//! otherwise: what the app lets through central must not refuse. Tests narrow them.

use serde::{Deserialize, Serialize};

/// Limits of reading, judging and writing a photo.
///
/// What refuses is set where nobody could read the card; what warns, where an officer would probably ask for a new photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Bytes of the file. 20 MB holds the largest photos of phones (about 15 MB at 50 megapixels).
    pub max_file_bytes: u64,
    /// Pixels. 64 megapixels decode to 192 MB, which a laptop with 2 GB still has.
    pub max_pixels: u64,
    /// Bytes of the decoded picture: PNG may use 8 bytes per pixel.
    pub max_decoded_bytes: u64,
    /// Pixels of a JPEG in several scans: the decoder keeps all coefficients, 6 to 8 bytes per pixel on top.
    pub max_progressive_pixels: u64,
    /// Scans of a JPEG: encoders write about 10; each costs time in proportion to the pixels.
    pub max_scans: u32,

    /// Card's long side in pixels. 1000 over 85.6 mm are 300 dpi: the smallest text is then 20 pixels high.
    pub card_width_warn: f32,
    /// Picture's long side in pixels below which the text cannot be legible however the card lies (about 150 dpi at best).
    pub picture_side_refuse: u32,
    /// Blur (see [`crate::FindingKind::Blurred`]) at which strokes of the small text, 3 to 4 pixels wide, run into each other.
    pub blur_warn: f32,
    /// Blur at which even the large letters of the heading are gone.
    pub blur_refuse: f32,
    /// Share of the judged tiles that must be blurred for a warning: a thumb or a soft corner is no blurred photo.
    pub blurred_share_warn: f32,
    /// Share of the judged tiles that must be beyond `blur_refuse` for a refusal.
    pub blurred_share_refuse: f32,
    /// Brightness of the card's ground, which is light blue and about 180 in good light.
    pub dark_warn: u8,
    /// Brightness below which 99 of 100 pixels lie when nothing can be seen.
    pub dark_refuse: u8,
    /// Share of washed-out ground that is more than a reflection.
    pub bright_warn: f32,
    /// Share of washed-out ground at which no drawing is left.
    pub bright_refuse: f32,
    /// Brightness that counts as washed out. The card's ground stays well below in good light.
    pub washed_out: u8,
    /// Share of the card one reflection must hide: 0.6 % are three letters of a name.
    pub glare_blob: f32,
    /// Share of the card's short side along the picture's border that means the card is cut.
    pub cut_share: f32,
    /// Smallest share of the picture a card is looked for in.
    pub card_share: f32,
    /// Least difference of colour across the card's edge, as a share of the picture's brightness.
    pub card_contrast: f32,
    /// Narrowest and widest ratio of the sides taken for a card. ID-1 of ISO/IEC 7810 is 85.60 mm by 53.98 mm, 1.586; a
    /// phone held aslant by 25 degrees changes it by a tenth.
    pub card_ratio: (f32, f32),
    /// How much of its surrounding rectangle the shape must fill (rounded corners cost 1 %, perspective up to 12 %).
    pub card_fill: f32,
    /// Degrees from level. Up to ten happen to everybody and harm nobody.
    pub tilt_warn: f32,

    /// Long side of the photo that is sent: 23 pixels per millimetre of a card that fills it.
    pub sent_side: u32,
    /// Bytes of the photo that is sent; Prakerja takes less than 2 MB.
    pub sent_bytes: usize,
    /// Long side of the preview.
    pub preview_side: u32,
    /// Bytes of the preview.
    pub preview_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_file_bytes: 20_000_000,
            max_pixels: 64_000_000,
            max_decoded_bytes: 256_000_000,
            max_progressive_pixels: 24_000_000,
            max_scans: 40,
            card_width_warn: 1000.0,
            picture_side_refuse: 500,
            blur_warn: 2.6,
            blur_refuse: 6.0,
            blurred_share_warn: 0.5,
            blurred_share_refuse: 0.75,
            dark_warn: 75,
            dark_refuse: 40,
            bright_warn: 0.4,
            bright_refuse: 0.85,
            washed_out: 248,
            glare_blob: 0.006,
            cut_share: 0.2,
            card_share: 0.04,
            card_contrast: 0.09,
            card_ratio: (1.3, 1.95),
            card_fill: 0.84,
            tilt_warn: 15.0,
            sent_side: 2000,
            sent_bytes: 1_500_000,
            preview_side: 900,
            preview_bytes: 120_000,
        }
    }
}
