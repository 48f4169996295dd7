//! Where the card is: what lies in the middle and looks unlike the picture's border.
//!
//! Colours are counted along the border and in the middle. A colour seen mostly in the middle is the card's, wood or cloth is
//! seen in both. That needs no edges, so neither grain of wood nor text nor a blurred photo misleads it; it does need a card
//! that differs from the table, and says nothing when there is none. Finding the corners under strong perspective is not
//! needed by any check and not done.

use image::RgbImage;

use crate::geometry::{Slanted, hull, smallest_rectangle};
use crate::mask::Mask;
use crate::plane::Plane;

/// Long side of the picture in which the card is looked for. Small enough for any laptop, and grain of wood is gone.
pub(crate) const SEARCH_SIDE: u32 = 320;

/// Pixels from the picture's border within which a shape counts as touching it: averaging and text blur the last few.
const BORDER: usize = 4;

/// Something in the middle that stands out from the border.
#[derive(Debug)]
pub(crate) struct Outline {
    /// Smallest rectangle around it, in pixels of the picture searched.
    pub(crate) rectangle: Slanted,
    /// Share of the rectangle on the picture that it fills, 0 to 1.
    pub(crate) fill: f32,
    /// Share of the picture it covers, 0 to 1.
    pub(crate) share: f32,
    /// Difference of colour between both sides of its edge, as a share of the picture's brightness. Light that falls off
    /// over a table makes shapes too, but no edges.
    pub(crate) contrast: f32,
    /// Where it lies on the picture's border: left, top, right, bottom; first and last pixel along the side.
    pub(crate) touches: [Option<(f32, f32)>; 4],
}

/// Finds what stands out in a picture of at most [`SEARCH_SIDE`] pixels: first from the whole border, then from three of its
/// sides, each left out once. A card that goes beyond a side fills much of it, and would pass for the table.
pub(crate) fn find_all(picture: &RgbImage) -> Vec<Outline> {
    [None, Some(0), Some(1), Some(2), Some(3)].into_iter().filter_map(|left_out| find(picture, left_out)).collect()
}

/// `left_out` is a side of the picture: 0 left, 1 top, 2 right, 3 bottom.
fn find(picture: &RgbImage, left_out: Option<usize>) -> Option<Outline> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    if width < 32 || height < 32 {
        return None;
    }
    let mask = Mask::new(width, height, stands_out(picture, left_out));
    // Text and portrait are holes and gaps in the card; shadows and crumbs are whiskers on it.
    let closed = mask.grown(3).shrunk(3);
    let shape = closed.largest()?.filled().shrunk(4).grown(4).largest()?;

    let rectangle = smallest_rectangle(&hull(shape.boundary()))?;
    let surface = shape.count() as f32;
    let visible = visible_surface(&rectangle, width, height);
    Some(Outline {
        rectangle,
        fill: (surface / visible.max(1.0)).min(1.0),
        share: surface / (width * height) as f32,
        contrast: contrast(picture, &rectangle),
        touches: shape.touches(BORDER),
    })
}

/// Surface of the part of a rectangle that lies on the picture.
fn visible_surface(rectangle: &Slanted, width: usize, height: usize) -> f32 {
    const STEPS: u8 = 48;
    let mut inside = 0_u32;
    for row in 0..STEPS {
        for column in 0..STEPS {
            let at = |step: u8| (f32::from(step) + 0.5) / f32::from(STEPS);
            let (x, y) = rectangle.point(at(column), at(row));
            inside += u32::from(x >= 0.0 && y >= 0.0 && x < width as f32 && y < height as f32);
        }
    }
    rectangle.long * rectangle.short * inside as f32 / f32::from(STEPS).powi(2)
}

/// The middle one of the differences between both sides of a rectangle's outline, as a share of the picture's brightness.
fn contrast(picture: &RgbImage, rectangle: &Slanted) -> f32 {
    const STEPS: u8 = 24;
    const APART: f32 = 5.0;
    let at = |(x, y): (f32, f32)| {
        let pixel = (x >= 0.0 && y >= 0.0).then(|| picture.get_pixel_checked(x as u32, y as u32)).flatten()?;
        Some(pixel.0.map(f32::from))
    };
    let (along, across) = (APART / rectangle.long.max(1.0), APART / rectangle.short.max(1.0));
    let mut differences: Vec<f32> = (1..STEPS)
        .map(|step| f32::from(step) / f32::from(STEPS))
        .flat_map(|t| {
            [
                ((t, across), (t, -across)),
                ((t, 1.0 - across), (t, 1.0 + across)),
                ((along, t), (-along, t)),
                ((1.0 - along, t), (1.0 + along, t)),
            ]
        })
        .filter_map(|(inner, outer)| {
            let inner = at(rectangle.point(inner.0, inner.1))?;
            let outer = at(rectangle.point(outer.0, outer.1))?;
            Some(inner.into_iter().zip(outer).map(|(inner, outer)| (inner - outer).powi(2)).sum::<f32>().sqrt())
        })
        .collect();
    differences.sort_by(f32::total_cmp);
    let brightness = f32::from(Plane::of(picture).percentile(0.95)).max(1.0);
    differences.get(differences.len() / 2).map_or(0.0, |middle| middle / brightness)
}

/// Levels of brightness and of the two colour differences that are told apart.
const LEVELS: [usize; 3] = [16, 32, 32];
const COLOURS: usize = LEVELS[0] * LEVELS[1] * LEVELS[2];

/// For each pixel whether its colour is seen rather in the middle than along the border.
fn stands_out(picture: &RgbImage, left_out: Option<usize>) -> Vec<bool> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let ring = (width.min(height) / 16).max(2);
    let colours: Vec<usize> = picture.pixels().map(|pixel| colour(pixel.0)).collect();

    let mut border = vec![0.0_f32; COLOURS];
    let mut middle = vec![0.0_f32; COLOURS];
    for (row, y) in colours.chunks_exact(width).zip(0..) {
        for (&colour, x) in row.iter().zip(0..) {
            let sides = [x < ring, y < ring, x + ring >= width, y + ring >= height];
            let on_ring = sides.into_iter().enumerate().any(|(side, near)| near && Some(side) != left_out);
            let counts = if on_ring { &mut border } else { &mut middle };
            if let Some(count) = counts.get_mut(colour) {
                *count += 1.0;
            }
        }
    }
    let border = as_shares(smooth(border));
    let middle = as_shares(smooth(middle));
    let share: Vec<f32> = colours
        .iter()
        .map(|&colour| {
            let of = |shares: &[f32]| shares.get(colour).copied().unwrap_or(0.0);
            // A colour hardly ever seen says nothing: the constant keeps it undecided.
            let (border, middle) = (of(&border) + 1e-6, of(&middle) + 1e-6);
            middle / (border + middle)
        })
        .collect();
    averaged(&share, width, height, 2).into_iter().map(|share| share > 0.55).collect()
}

/// Number of a colour among [`COLOURS`].
fn colour([red, green, blue]: [u8; 3]) -> usize {
    let (red, green, blue) = (f32::from(red), f32::from(green), f32::from(blue));
    let brightness = 0.299 * red + 0.587 * green + 0.114 * blue;
    let blueness = 128.0 + (blue - brightness) * 0.564;
    let redness = 128.0 + (red - brightness) * 0.713;
    // Differences of colour are small in photos: their middle half is resolved.
    let middle_half = |value: f32| ((value - 64.0) / 4.0).clamp(0.0, 31.0) as usize;
    let brightness = ((brightness / 16.0) as usize).min(LEVELS[0] - 1);
    (brightness * LEVELS[1] + middle_half(blueness)) * LEVELS[2] + middle_half(redness)
}

/// Spreads each count to its neighbours along the three axes, so that noise does not tear a colour apart.
fn smooth(mut counts: Vec<f32>) -> Vec<f32> {
    for (step, levels) in [(1, LEVELS[2]), (LEVELS[2], LEVELS[1]), (LEVELS[1] * LEVELS[2], LEVELS[0])] {
        let at = |index: Option<usize>| index.and_then(|index| counts.get(index)).copied().unwrap_or(0.0);
        counts = (0..counts.len())
            .map(|index| {
                let level = index / step % levels;
                let below = if level > 0 { at(index.checked_sub(step)) } else { 0.0 };
                let above = if level + 1 < levels { at(index.checked_add(step)) } else { 0.0 };
                0.25 * below + 0.5 * at(Some(index)) + 0.25 * above
            })
            .collect();
    }
    counts
}

fn as_shares(mut counts: Vec<f32>) -> Vec<f32> {
    let sum: f32 = counts.iter().sum::<f32>().max(1.0);
    counts.iter_mut().for_each(|count| *count /= sum);
    counts
}

/// Mean over a square of `2 * reach + 1` pixels around each pixel.
fn averaged(values: &[f32], width: usize, height: usize, reach: usize) -> Vec<f32> {
    let mean = |row: &[f32]| -> Vec<f32> {
        (0..row.len())
            .map(|x| {
                let part = row.get(x.saturating_sub(reach)..(x + reach + 1).min(row.len())).unwrap_or_default();
                part.iter().sum::<f32>() / part.len().max(1) as f32
            })
            .collect()
    };
    let rows: Vec<f32> = values.chunks_exact(width).flat_map(mean).collect();
    let columns: Vec<Vec<f32>> =
        (0..width).map(|x| mean(&rows.iter().skip(x).step_by(width).copied().collect::<Vec<_>>())).collect();
    (0..height).flat_map(|y| columns.iter().map(move |column| column.get(y).copied().unwrap_or(0.0))).collect()
}
