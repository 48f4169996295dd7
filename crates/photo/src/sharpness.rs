//! Is the text sharp?
//!
//! Not the usual variance of the Laplacian: that grows with contrast and with noise, so that a noisy dark photo passes and a
//! pale sharp one fails. Here the width of edges is measured. Where brightness rises by `c` across an edge blurred with
//! standard deviation `s`, its steepest slope is `c / (s * sqrt(2 * pi))`; contrast cancels out. Both directions count, since a
//! shaken photo is blurred in one of them only.

use crate::face::Face;
use crate::plane::{Plane, percentile};
use crate::{Area, Finding, FindingKind, Limits, Severity};

/// Side of a tile in pixels of a card 1000 pixels wide: two lines of small text.
const TILE: f32 = 50.0;
/// Contrast a tile needs to be judged, as a share of the card's brightness: text has more, the ground's pattern less.
const JUDGED_CONTRAST: f32 = 0.22;
/// Fewest tiles for a judgement.
const FEWEST_TILES: usize = 8;

struct Tile {
    blur: f32,
    area: Area,
}

/// The finding, if the text is not sharp.
pub(crate) fn judge(face: &Face, limits: &Limits) -> Option<Finding> {
    let tiles = tiles(face);
    if tiles.len() < FEWEST_TILES {
        return None;
    }
    let beyond = |limit: f32| tiles.iter().filter(|tile| tile.blur > limit).count() as f32 / tiles.len() as f32;
    let severity = if beyond(limits.blur_refuse) >= limits.blurred_share_refuse {
        Severity::Refuse
    } else if beyond(limits.blur_warn) >= limits.blurred_share_warn {
        Severity::Warn
    } else {
        return None;
    };
    let mut blurs: Vec<f32> = tiles.iter().map(|tile| tile.blur).collect();
    blurs.sort_by(f32::total_cmp);
    let measure = blurs.get(blurs.len() / 2).copied().unwrap_or_default();
    let areas = tiles.iter().filter(|tile| tile.blur > limits.blur_warn).map(|tile| tile.area).collect();
    Some(Finding { kind: FindingKind::Blurred, severity, measure, areas })
}

/// The tiles that have something to be sharp in.
fn tiles(face: &Face) -> Vec<Tile> {
    let side = (TILE / face.unit).max(8.0) as usize;
    let contrast = (f32::from(face.plane.percentile(0.9)) * JUDGED_CONTRAST).max(8.0);
    let mut tiles = Vec::new();
    for y in (0..face.plane.height().saturating_sub(side - 1)).step_by(side) {
        for x in (0..face.plane.width().saturating_sub(side - 1)).step_by(side) {
            if let Some(blur) = blur(&face.plane, x, y, side, contrast) {
                let area = face.area(x as f32, y as f32, side as f32, side as f32);
                tiles.push(Tile { blur: blur * face.unit, area });
            }
        }
    }
    tiles
}

/// Standard deviation of the blur in pixels of the plane; none where there is too little contrast.
fn blur(plane: &Plane, x: usize, y: usize, side: usize, contrast: f32) -> Option<f32> {
    let mut values = Vec::with_capacity(side * side);
    let (mut across, mut down) = (Vec::with_capacity(side * side), Vec::with_capacity(side * side));
    for y in (y as isize)..(y + side) as isize {
        for x in (x as isize)..(x + side) as isize {
            let at = |dx: isize, dy: isize| i16::from(plane.at(x + dx, y + dy));
            // Sobel's weights: the mean of three neighbouring lines halves the noise.
            let right = at(1, -1) + 2 * at(1, 0) + at(1, 1) - at(-1, -1) - 2 * at(-1, 0) - at(-1, 1);
            let below = at(-1, 1) + 2 * at(0, 1) + at(1, 1) - at(-1, -1) - 2 * at(0, -1) - at(1, -1);
            values.push(plane.at(x, y));
            // A quarter of the sum: twice the slope per pixel, kept to a byte.
            across.push((right / 4).unsigned_abs().min(255) as u8);
            down.push((below / 4).unsigned_abs().min(255) as u8);
        }
    }
    let rise = f32::from(percentile(&values, 0.98)) - f32::from(percentile(&values, 0.02));
    if rise < contrast {
        return None;
    }
    let steepest = |slopes: &[u8]| (f32::from(percentile(slopes, 0.99)) / 2.0).max(0.5);
    let slope = steepest(&across).min(steepest(&down));
    Some(rise / (slope * (2.0 * std::f32::consts::PI).sqrt()))
}
