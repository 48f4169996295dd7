//! The photo as it is sent: upright, small enough, and without a word about where and with what it was taken.

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use sha2::{Digest, Sha256};

use crate::decode::decode;
use crate::upright::{shrink, turned, upright};
use crate::{Area, Limits, QuarterTurn, Unreadable};

/// A photo ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// Baseline JPEG, below 2 MB, without metadata.
    pub jpeg: Vec<u8>,
    /// Small JPEG for the window, without metadata.
    pub preview: Vec<u8>,
    /// SHA-256 of `jpeg`, lower-case hexadecimal.
    pub sha256: String,
    /// Width of `jpeg` in pixels.
    pub width: u32,
    /// Height of `jpeg` in pixels.
    pub height: u32,
}

/// Qualities tried at each size, best first: at 60 the small text is still free of rings.
const QUALITIES: [u8; 4] = [90, 82, 72, 60];

/// Makes a photo ready with the default [`Limits`]; see [`prepare_within`].
///
/// # Errors
/// [`Unreadable`] as from [`crate::examine`].
pub fn prepare(bytes: &[u8], turn: QuarterTurn, crop: Option<Area>) -> Result<Prepared, Unreadable> {
    prepare_within(bytes, turn, crop, &Limits::default())
}

/// Makes a photo ready: EXIF orientation applied, then `crop`, then `turn`.
///
/// The crop is in the same coordinates as every [`Area`]: those of the upright picture before the turn. Colours are taken as
/// sRGB; a wider profile of the camera is dropped and costs a little colour, which nobody judges here. The same bytes give the
/// same result on the same kind of processor.
///
/// # Errors
/// [`Unreadable`] as from [`crate::examine`].
pub fn prepare_within(
    bytes: &[u8],
    turn: QuarterTurn,
    crop: Option<Area>,
    limits: &Limits,
) -> Result<Prepared, Unreadable> {
    let source = decode(bytes, limits)?;
    let crop = crop.map_or(Area::WHOLE, Area::on_picture);
    let picture = turned(upright(&source, crop, limits.sent_side)?, turn);
    drop(source);
    let (jpeg, width, height) = encode_below(&picture, limits.sent_side, limits.sent_bytes)?;
    let (preview, ..) = encode_below(&picture, limits.preview_side, limits.preview_bytes)?;
    let sha256 = hex::encode(Sha256::digest(&jpeg));
    Ok(Prepared { jpeg, preview, sha256, width, height })
}

/// JPEG of at most `side` pixels and `max_bytes` bytes, with its width and height. First the quality gives way, then the size.
fn encode_below(picture: &RgbImage, side: u32, max_bytes: usize) -> Result<(Vec<u8>, u32, u32), Unreadable> {
    let mut side = side.min(picture.width().max(picture.height()));
    loop {
        let smaller = shrink(picture, Area::WHOLE, side)?;
        let (width, height) = smaller.dimensions();
        for quality in QUALITIES {
            let mut bytes = Vec::new();
            let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
            encoder.encode_image(&smaller).map_err(|_| Unreadable::Broken)?;
            if bytes.len() <= max_bytes {
                return Ok((bytes, width, height));
            }
        }
        if side == 1 {
            // Only limits below the size of an empty JPEG come here.
            return Err(Unreadable::Broken);
        }
        side = (side * 4 / 5).max(1);
    }
}
