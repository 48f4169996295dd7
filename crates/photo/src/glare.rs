//! Reflections of a lamp, a window or a flash on the card: bright spots without any drawing left.
//!
//! Always a warning: a reflection beside the text does no harm, and only a person sees that.

use crate::face::Face;
use crate::mask::Mask;
use crate::{Area, Finding, FindingKind, Limits, Severity};

/// Pixels of the face that are looked at together: strokes of text within a spot break it up, noise does not.
const CELL: usize = 4;

/// The finding, if reflections hide parts of the face.
pub(crate) fn judge(face: &Face, limits: &Limits) -> Option<Finding> {
    let (columns, rows) = (face.plane.width() / CELL, face.plane.height() / CELL);
    if columns == 0 || rows == 0 {
        return None;
    }
    let washed_out = |column: usize, row: usize| {
        let pixels = (0..CELL * CELL).map(|index| (column * CELL + index % CELL, row * CELL + index / CELL));
        let sum: u32 = pixels.map(|(x, y)| u32::from(face.plane.at(x as isize, y as isize))).sum();
        sum >= u32::from(limits.washed_out) * (CELL * CELL) as u32
    };
    let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
    let mask = Mask::new(columns, rows, cells.map(|(column, row)| washed_out(column, row)).collect());

    let all = (columns * rows) as f32;
    let spots: Vec<_> = mask.parts().into_iter().filter(|spot| spot.len() as f32 / all >= limits.glare_blob).collect();
    if spots.is_empty() {
        return None;
    }
    let measure = spots.iter().map(Vec::len).sum::<usize>() as f32 / all;
    let areas = spots.iter().map(|spot| around(face, spot)).collect();
    Some(Finding { kind: FindingKind::Glare, severity: Severity::Warn, measure, areas })
}

fn around(face: &Face, spot: &[(usize, usize)]) -> Area {
    let cell = CELL as f32;
    let cells = spot.iter().map(|&(column, row)| {
        let area = face.area(column as f32 * cell, row as f32 * cell, cell, cell);
        [(area.x, area.y), (area.x + area.width, area.y + area.height)]
    });
    Area::around(cells.flatten())
}
