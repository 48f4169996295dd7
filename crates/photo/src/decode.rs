//! From bytes to pixels, under limits. Everything a hostile file could cost is asked for before it is spent.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, RgbImage};

use crate::{FileType, Limits, Unreadable, jpeg};

/// A picture as it is in the file.
pub(crate) struct Source {
    /// Pixels, not yet upright.
    pub(crate) pixels: RgbImage,
    /// What makes them upright.
    pub(crate) orientation: Orientation,
}

impl Source {
    /// Width and height of the upright picture.
    pub(crate) fn upright_size(&self) -> (u32, u32) {
        let (width, height) = self.pixels.dimensions();
        match self.orientation {
            Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH => (height, width),
            Orientation::NoTransforms
            | Orientation::Rotate180
            | Orientation::FlipHorizontal
            | Orientation::FlipVertical => (width, height),
        }
    }
}

/// Decodes a JPEG or a PNG.
pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Source, Unreadable> {
    if bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    let actual = bytes.len() as u64;
    if actual > limits.max_file_bytes {
        return Err(Unreadable::TooLarge { max: limits.max_file_bytes, actual });
    }
    let decoding = || match FileType::of(bytes) {
        FileType::Jpeg => decode_jpeg(bytes, limits),
        FileType::Png => decode_png(bytes, limits),
        found => Err(Unreadable::UnsupportedType { found }),
    };
    // The decoders promise not to panic on any bytes. Central must not lose a worker, nor a laptop its draft, when one
    // breaks that promise; nothing they touched outlives the call.
    catch_unwind(AssertUnwindSafe(decoding)).unwrap_or(Err(Unreadable::Broken))
}

fn decode_jpeg(bytes: &[u8], limits: &Limits) -> Result<Source, Unreadable> {
    let survey = jpeg::survey(bytes);
    if !survey.complete || survey.scans > limits.max_scans {
        return Err(Unreadable::Broken);
    }
    let decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(|_| Unreadable::Broken)?;
    let max_pixels =
        if survey.scans > 1 { limits.max_progressive_pixels.min(limits.max_pixels) } else { limits.max_pixels };
    read(decoder, max_pixels, limits)
}

fn decode_png(bytes: &[u8], limits: &Limits) -> Result<Source, Unreadable> {
    let mut within = image::Limits::default();
    within.max_alloc = Some(limits.max_decoded_bytes);
    let decoder = PngDecoder::with_limits(Cursor::new(bytes), within).map_err(|_| Unreadable::Broken)?;
    read(decoder, limits.max_pixels, limits)
}

fn read(mut decoder: impl ImageDecoder, max_pixels: u64, limits: &Limits) -> Result<Source, Unreadable> {
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(Unreadable::Broken);
    }
    let bytes_per_pixel = (decoder.total_bytes() / pixels).max(1);
    let max = max_pixels.min(limits.max_decoded_bytes / bytes_per_pixel);
    if pixels > max {
        return Err(Unreadable::TooManyPixels { max, actual: pixels });
    }
    // A damaged EXIF block costs the orientation, not the photo: the person can turn it by hand.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| Unreadable::Broken)?;
    Ok(Source { pixels: opaque(picture), orientation })
}

/// Eight bits of red, green and blue; what is transparent becomes white, as on paper.
fn opaque(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    let (width, height) = picture.dimensions();
    let mut pixels = RgbImage::new(width, height);
    for (to, from) in pixels.pixels_mut().zip(picture.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u32::from);
        let on_white = |value: u32| ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        to.0 = [on_white(red), on_white(green), on_white(blue)];
    }
    pixels
}
