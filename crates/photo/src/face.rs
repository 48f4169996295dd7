//! The face of the card laid level and at one size, so that every measure means the same on every photo.

use image::RgbImage;

use crate::Area;
use crate::geometry::Slanted;
use crate::plane::Plane;

/// Pixels along the card's long side at which measures are given: about 300 dpi on the card.
pub(crate) const FACE_WIDTH: f32 = 1000.0;

/// The face of the card, the long side level.
pub(crate) struct Face {
    /// Brightness; at most [`FACE_WIDTH`] pixels wide, fewer when the photo has no more.
    pub(crate) plane: Plane,
    /// Pixels at [`FACE_WIDTH`] per pixel of `plane`.
    pub(crate) unit: f32,
    on_picture: Slanted,
    picture: (f32, f32),
}

impl Face {
    /// Cuts the rectangle out of a picture. `rectangle` is in pixels of the picture.
    pub(crate) fn cut(picture: &RgbImage, rectangle: Slanted) -> Self {
        let size = (picture.width() as f32, picture.height() as f32);
        // Two percent off each side: the card's own edge and its shadow are no part of the face.
        let on_picture = Slanted { long: rectangle.long * 0.96, short: rectangle.short * 0.96, ..rectangle };
        let bright = Plane::of(picture);
        let width = on_picture.long.clamp(8.0, FACE_WIDTH) as usize;
        let height = ((width as f32 * on_picture.short / on_picture.long.max(1.0)) as usize).max(8);
        // Between one and two pixels of the picture per pixel of the face: two samples each way leave none out.
        let step = on_picture.long / width as f32;
        let samples: &[f32] = if step > 1.2 { &[0.25, 0.75] } else { &[0.5] };
        let plane = Plane::drawn(width, height, |x, y| {
            let mut sum = 0.0;
            for dy in samples {
                for dx in samples {
                    let along = (x as f32 + dx) / width as f32;
                    let across = (y as f32 + dy) / height as f32;
                    let (px, py) = on_picture.point(along, across);
                    sum += bright.between(px - 0.5, py - 0.5);
                }
            }
            (sum / (samples.len() * samples.len()) as f32 + 0.5) as u8
        });
        Self { plane, unit: FACE_WIDTH / width as f32, on_picture, picture: size }
    }

    /// The area of the picture around a rectangle of the face, given in pixels of `plane`.
    pub(crate) fn area(&self, x: f32, y: f32, width: f32, height: f32) -> Area {
        let (face_width, face_height) = (self.plane.width() as f32, self.plane.height() as f32);
        let corners = [(x, y), (x + width, y), (x, y + height), (x + width, y + height)];
        Area::around(corners.map(|(x, y)| {
            let (px, py) = self.on_picture.point(x / face_width, y / face_height);
            (px / self.picture.0, py / self.picture.1)
        }))
    }
}
