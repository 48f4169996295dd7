//! A grey picture that can be asked for any point.

use image::RgbImage;

/// Brightness, 0 to 255, row by row.
pub(crate) struct Plane {
    width: usize,
    height: usize,
    values: Vec<u8>,
}

impl Plane {
    /// Brightness of a picture (ITU-R BT.601, the weights of JPEG itself).
    pub(crate) fn of(picture: &RgbImage) -> Self {
        let values = picture
            .pixels()
            .map(|pixel| {
                let [red, green, blue] = pixel.0.map(u32::from);
                ((red * 77 + green * 150 + blue * 29 + 128) >> 8) as u8
            })
            .collect();
        Self { width: picture.width() as usize, height: picture.height() as usize, values }
    }

    /// Brightness at each point as `at` says.
    pub(crate) fn drawn(width: usize, height: usize, mut at: impl FnMut(usize, usize) -> u8) -> Self {
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            values.extend((0..width).map(|x| at(x, y)));
        }
        Self { width, height, values }
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn height(&self) -> usize {
        self.height
    }

    pub(crate) fn values(&self) -> &[u8] {
        &self.values
    }

    /// Brightness at a point; beyond the border that of the nearest point.
    pub(crate) fn at(&self, x: isize, y: isize) -> u8 {
        let x = x.clamp(0, self.width as isize - 1) as usize;
        let y = y.clamp(0, self.height as isize - 1) as usize;
        self.values.get(y * self.width + x).copied().unwrap_or(0)
    }

    /// Brightness between four points.
    pub(crate) fn between(&self, x: f32, y: f32) -> f32 {
        let (left, top) = (x.floor(), y.floor());
        let (right_share, lower_share) = (x - left, y - top);
        let (left, top) = (left as isize, top as isize);
        let at = |dx: isize, dy: isize| f32::from(self.at(left + dx, top + dy));
        let upper = at(0, 0) + (at(1, 0) - at(0, 0)) * right_share;
        let lower = at(0, 1) + (at(1, 1) - at(0, 1)) * right_share;
        upper + (lower - upper) * lower_share
    }

    /// Brightness below which `share` of all points lie.
    pub(crate) fn percentile(&self, share: f32) -> u8 {
        percentile(&self.values, share)
    }
}

/// The value below which `share` of all values lie; 0 of none.
pub(crate) fn percentile(values: &[u8], share: f32) -> u8 {
    let mut counts = [0_usize; 256];
    for &value in values {
        if let Some(count) = counts.get_mut(usize::from(value)) {
            *count += 1;
        }
    }
    let wanted = (values.len() as f32 * share) as usize;
    let mut seen = 0;
    for (value, count) in (0..=u8::MAX).zip(counts) {
        seen += count;
        if seen > wanted {
            return value;
        }
    }
    values.iter().copied().max().unwrap_or(0)
}
