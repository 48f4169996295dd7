//! The picture as a person would hold it, no larger than needed.
//!
//! First smaller, then turned: a phone's photo is 36 MB of pixels, its turned copy would be as many again.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::metadata::Orientation;
use image::{DynamicImage, RgbImage, imageops};

use crate::decode::Source;
use crate::{Area, QuarterTurn, Unreadable};

/// The part `crop` of the upright picture, its long side at most `side` pixels; never enlarged.
pub(crate) fn upright(source: &Source, crop: Area, side: u32) -> Result<RgbImage, Unreadable> {
    let in_file = before(source.orientation, crop);
    let mut picture = DynamicImage::ImageRgb8(shrink(&source.pixels, in_file, side)?);
    picture.apply_orientation(source.orientation);
    Ok(picture.into_rgb8())
}

/// The picture after a turn.
pub(crate) fn turned(picture: RgbImage, turn: QuarterTurn) -> RgbImage {
    match turn {
        QuarterTurn::None => picture,
        QuarterTurn::Right => imageops::rotate90(&picture),
        QuarterTurn::Half => imageops::rotate180(&picture),
        QuarterTurn::Left => imageops::rotate270(&picture),
    }
}

/// The part `crop` of a picture, its long side at most `side` pixels; never enlarged.
///
/// The filter keeps strokes of small text sharper than averaging does.
pub(crate) fn shrink(picture: &RgbImage, crop: Area, side: u32) -> Result<RgbImage, Unreadable> {
    let (width, height) = picture.dimensions();
    let (full_width, full_height) = (f64::from(width), f64::from(height));
    let left = (f64::from(crop.x) * full_width).round().clamp(0.0, full_width - 1.0);
    let top = (f64::from(crop.y) * full_height).round().clamp(0.0, full_height - 1.0);
    let part_width = (f64::from(crop.width) * full_width).round().clamp(1.0, full_width - left);
    let part_height = (f64::from(crop.height) * full_height).round().clamp(1.0, full_height - top);

    let scale = (f64::from(side.max(1)) / part_width.max(part_height)).min(1.0);
    let new_width = ((part_width * scale).round() as u32).max(1);
    let new_height = ((part_height * scale).round() as u32).max(1);

    let from = ImageRef::new(width, height, picture.as_raw(), PixelType::U8x3).map_err(|_| Unreadable::Broken)?;
    let mut to = Image::new(new_width, new_height, PixelType::U8x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom)).crop(
        left,
        top,
        part_width,
        part_height,
    );
    Resizer::new().resize(&from, &mut to, &options).map_err(|_| Unreadable::Broken)?;
    RgbImage::from_raw(new_width, new_height, to.into_vec()).ok_or(Unreadable::Broken)
}

/// The area of the file's pixels that becomes `area` once `orientation` is applied.
fn before(orientation: Orientation, area: Area) -> Area {
    let at = |u: f32, v: f32| match orientation {
        Orientation::NoTransforms => (u, v),
        Orientation::Rotate90 => (v, 1.0 - u),
        Orientation::Rotate180 => (1.0 - u, 1.0 - v),
        Orientation::Rotate270 => (1.0 - v, u),
        Orientation::FlipHorizontal => (1.0 - u, v),
        Orientation::FlipVertical => (u, 1.0 - v),
        Orientation::Rotate90FlipH => (v, u),
        Orientation::Rotate270FlipH => (1.0 - v, 1.0 - u),
    };
    Area::around([at(area.x, area.y), at(area.x + area.width, area.y + area.height)])
}
