//! What a file is, judged by its first bytes. Names of files lie: phones and chat apps rename HEIC to `.jpg`.

use serde::{Deserialize, Serialize};

/// Types of files that people choose for a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum FileType {
    /// JPEG: accepted.
    Jpeg,
    /// PNG: accepted.
    Png,
    /// HEIC or HEIF, as iPhones keep photos.
    Heic,
    /// AVIF.
    Avif,
    /// WebP, as chat apps and browsers save pictures.
    Webp,
    /// GIF.
    Gif,
    /// BMP.
    Bmp,
    /// TIFF, as scanners save.
    Tiff,
    /// PDF, as scanners and copy shops save.
    Pdf,
    /// Anything else.
    Other,
}

/// How far into a file the header of a PDF may stand (ISO 32000-1, implementation note 13).
const PDF_HEADER_WITHIN: usize = 1024;

impl FileType {
    /// Type by content.
    pub fn of(bytes: &[u8]) -> Self {
        let begins = |magic: &[u8]| bytes.starts_with(magic);
        let at = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic));
        if begins(&[0xFF, 0xD8, 0xFF]) {
            Self::Jpeg
        } else if begins(b"\x89PNG\r\n\x1A\n") {
            Self::Png
        } else if at(4, b"ftyp") {
            Self::by_brand(bytes.get(8..12).unwrap_or_default())
        } else if begins(b"RIFF") && at(8, b"WEBP") {
            Self::Webp
        } else if begins(b"GIF8") {
            Self::Gif
        } else if begins(b"BM") {
            Self::Bmp
        } else if begins(b"II*\0") || begins(b"MM\0*") {
            Self::Tiff
        } else if bytes.windows(5).take(PDF_HEADER_WITHIN).any(|window| window == b"%PDF-") {
            Self::Pdf
        } else {
            Self::Other
        }
    }

    /// Type of a file in the ISO base media format by its major brand (ISO/IEC 23008-12, annex B).
    fn by_brand(brand: &[u8]) -> Self {
        match brand {
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => Self::Heic,
            b"avif" | b"avis" => Self::Avif,
            _ => Self::Other,
        }
    }
}
