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
const JUDGED_CONTRAST: f32 = 0.3;
/// Fewest tiles for a judgement.
const FEWEST_TILES: usize = 8;

/// A tile with something to be sharp in.
struct Tile {
    column: usize,
    row: usize,
    /// Standard deviation of the blur in pixels of a card 1000 pixels wide.
    blur: f32,
}

/// The finding, if the text is not sharp.
pub(crate) fn judge(face: &Face, limits: &Limits) -> Option<Finding> {
    let side = (TILE / face.unit).max(8.0) as usize;
    let tiles = tiles(face, side);
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
    let blurred = tiles.into_iter().filter(|tile| tile.blur > limits.blur_warn);
    Some(Finding { kind: FindingKind::Blurred, severity, measure, areas: areas(face, side, blurred) })
}

fn tiles(face: &Face, side: usize) -> Vec<Tile> {
    let contrast = (f32::from(face.plane.percentile(0.9)) * JUDGED_CONTRAST).max(8.0);
    let (columns, rows) = (face.plane.width() / side, face.plane.height() / side);
    (0..rows)
        .flat_map(|row| (0..columns).map(move |column| (column, row)))
        .filter_map(|(column, row)| {
            let blur = blur(&face.plane, column * side, row * side, side, contrast)? * face.unit;
            Some(Tile { column, row, blur })
        })
        .collect()
}

/// One area for each run of neighbours in a row.
fn areas(face: &Face, side: usize, tiles: impl Iterator<Item = Tile>) -> Vec<Area> {
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    for tile in tiles {
        match runs.last_mut() {
            Some((row, _, end)) if *row == tile.row && *end == tile.column => *end += 1,
            _ => runs.push((tile.row, tile.column, tile.column + 1)),
        }
    }
    let pixels = |tiles: usize| (tiles * side) as f32;
    let area = |(row, from, to)| face.area(pixels(from), pixels(row), pixels(to - from), pixels(1));
    runs.into_iter().map(area).collect()
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
