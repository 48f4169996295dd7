//! Places on a picture and turns of it, in words that need no pixels.

use serde::{Deserialize, Serialize};

/// A rectangle on the upright picture (EXIF orientation applied, no further turn) in fractions of its width and height:
/// 0, 0 is the upper left corner; 1, 1 the lower right one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Area {
    /// Left edge, 0 to 1.
    pub x: f32,
    /// Upper edge, 0 to 1.
    pub y: f32,
    /// Width, 0 to 1.
    pub width: f32,
    /// Height, 0 to 1.
    pub height: f32,
}

impl Area {
    /// The whole picture.
    pub const WHOLE: Self = Self { x: 0.0, y: 0.0, width: 1.0, height: 1.0 };

    /// The part of the area that lies on the picture; the whole picture when nothing usable is left (a crop drawn
    /// without extent, or numbers that are none).
    #[must_use]
    pub fn on_picture(self) -> Self {
        let whole = [self.x, self.y, self.width, self.height].iter().all(|number| number.is_finite());
        if !whole {
            return Self::WHOLE;
        }
        let area = Self::between(self.x, self.y, self.x + self.width, self.y + self.height);
        if area.width < 0.01 || area.height < 0.01 { Self::WHOLE } else { area }
    }

    /// The area between two corners, cut to the picture.
    pub(crate) fn between(left: f32, top: f32, right: f32, bottom: f32) -> Self {
        let (left, right) = (left.clamp(0.0, 1.0), right.clamp(0.0, 1.0));
        let (top, bottom) = (top.clamp(0.0, 1.0), bottom.clamp(0.0, 1.0));
        Self { x: left, y: top, width: (right - left).max(0.0), height: (bottom - top).max(0.0) }
    }

    /// The smallest area that holds all points.
    pub(crate) fn around(points: impl IntoIterator<Item = (f32, f32)>) -> Self {
        let start = (f32::MAX, f32::MAX, f32::MIN, f32::MIN);
        let (left, top, right, bottom) =
            points.into_iter().fold(start, |(l, t, r, b), (x, y)| (l.min(x), t.min(y), r.max(x), b.max(y)));
        Self::between(left, top, right, bottom)
    }

    /// The area with a margin of `share` of its own size on each side, cut to the picture.
    pub(crate) fn with_margin(self, share: f32) -> Self {
        let (dx, dy) = (self.width * share, self.height * share);
        Self::between(self.x - dx, self.y - dy, self.x + self.width + dx, self.y + self.height + dy)
    }
}

/// A turn by quarters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum QuarterTurn {
    /// As it is.
    #[default]
    None,
    /// A quarter clockwise.
    Right,
    /// Upside down.
    Half,
    /// A quarter counter-clockwise.
    Left,
}
