//! How the card lies on the photo: found at all, whole, level, large enough.

use std::f32::consts::FRAC_PI_4;

use crate::face::Face;
use crate::geometry::Slanted;
use crate::outline::Outline;
use crate::{Area, Finding, FindingKind, Limits, QuarterTurn, Severity};

/// What was made of the shapes that stand out.
pub(crate) enum Found {
    /// A whole card.
    Card(Outline),
    /// A card of which a part is beyond the picture.
    Cut(Outline),
    /// No card; the share of the picture that stands out.
    Nothing(f32),
}

/// How much larger the cut shape must be before it is believed rather than a whole card within it.
const CLEARLY_LARGER: f32 = 1.08;

impl Found {
    /// Chooses among the shapes. Strips of text at the border can make a cut card look like a shorter whole one, so the larger
    /// shape wins when it goes to the border.
    pub(crate) fn among(outlines: Vec<Outline>, limits: &Limits) -> Self {
        let share = outlines.first().map_or(0.0, |outline| outline.share);
        let (narrowest, widest) = limits.card_ratio;
        let (cut, inside): (Vec<_>, Vec<_>) = outlines
            .into_iter()
            .filter(|outline| stands_out(outline, limits))
            .partition(|outline| !cut_sides(outline, limits).is_empty());
        let cut = cut.into_iter().max_by(|a, b| a.share.total_cmp(&b.share));
        let card = inside.into_iter().find(|outline| (narrowest..=widest).contains(&outline.rectangle.ratio()));
        match (card, cut) {
            (Some(card), Some(cut)) if cut.share > card.share * CLEARLY_LARGER => Self::Cut(cut),
            (Some(card), _) => Self::Card(card),
            (None, Some(cut)) => Self::Cut(cut),
            (None, None) => Self::Nothing(share),
        }
    }

    /// The rectangle of the card, whole or cut.
    pub(crate) fn rectangle(&self) -> Option<Slanted> {
        match self {
            Self::Card(outline) | Self::Cut(outline) => Some(outline.rectangle),
            Self::Nothing(_) => None,
        }
    }
}

/// True for a rectangle with a clear edge that is no crumb.
fn stands_out(outline: &Outline, limits: &Limits) -> bool {
    outline.fill >= limits.card_fill && outline.share >= limits.card_share && outline.contrast >= limits.card_contrast
}

/// Sides of the picture that cut the card: 0 left, 1 top, 2 right, 3 bottom, with the first and last pixel along the side.
fn cut_sides(outline: &Outline, limits: &Limits) -> Vec<(usize, (f32, f32))> {
    let least = outline.rectangle.short * limits.cut_share;
    let touches = outline.touches.iter().enumerate();
    touches.filter_map(|(side, touch)| touch.filter(|(from, to)| to - from >= least).map(|span| (side, span))).collect()
}

/// The area of the card. `width` and `height` are those of the picture searched.
pub(crate) fn area(outline: &Outline, width: f32, height: f32) -> Area {
    Area::around([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].map(|(along, across)| {
        let (x, y) = outline.rectangle.point(along, across);
        (x / width, y / height)
    }))
}

/// The finding of a cut card, with the sides to draw. `width` and `height` are those of the picture searched.
pub(crate) fn cut(outline: &Outline, width: f32, height: f32, limits: &Limits) -> Finding {
    const STRIP: f32 = 0.03;
    let sides = cut_sides(outline, limits);
    let along: f32 = sides.iter().map(|(_, (from, to))| to - from).sum();
    let areas = sides.iter().map(|&(side, (from, to))| match side {
        0 => Area::between(0.0, from / height, STRIP, to / height),
        1 => Area::between(from / width, 0.0, to / width, STRIP),
        2 => Area::between(1.0 - STRIP, from / height, 1.0, to / height),
        _ => Area::between(from / width, 1.0 - STRIP, to / width, 1.0),
    });
    let all_around = 2.0 * (outline.rectangle.long + outline.rectangle.short);
    Finding {
        kind: FindingKind::CutEdge,
        severity: Severity::Warn,
        measure: (along / all_around.max(1.0)).min(1.0),
        areas: areas.collect(),
    }
}

/// The finding, if the card is not level, and the turn that would help.
pub(crate) fn level(outline: &Outline, face: &Face, area: Area, limits: &Limits) -> (Option<Finding>, QuarterTurn) {
    let angle = outline.rectangle.angle;
    let finding =
        |kind| Some(Finding { kind, severity: Severity::Warn, measure: angle.to_degrees(), areas: vec![area] });
    if angle.abs() > FRAC_PI_4 {
        (finding(FindingKind::Sideways), turn_to_level(angle, face))
    } else if angle.abs().to_degrees() > limits.tilt_warn {
        (finding(FindingKind::Tilted), QuarterTurn::None)
    } else {
        (None, QuarterTurn::None)
    }
}

/// The turn that brings the portrait to the right, where it is on every e-KTP.
///
/// The portrait's end of the card has less fine drawing than the end with the labels. When both look alike a clockwise turn
/// is offered: the person sees at once whether it is the right one.
fn turn_to_level(angle: f32, face: &Face) -> QuarterTurn {
    let (first, last) = (drawing(face, 0.0, 0.3), drawing(face, 0.7, 1.0));
    // The face's long side runs downwards on the picture when its angle is positive, upwards otherwise.
    let (upper, lower) = if angle > 0.0 { (first, last) } else { (last, first) };
    if lower < upper { QuarterTurn::Left } else { QuarterTurn::Right }
}

/// Mean slope of brightness over a part of the face.
fn drawing(face: &Face, from: f32, to: f32) -> f32 {
    let (width, height) = (face.plane.width() as f32, face.plane.height() as isize);
    let (left, right) = ((width * from) as isize, (width * to) as isize);
    let mut sum = 0_u64;
    for y in 0..height {
        for x in left..right {
            sum += u64::from(face.plane.at(x, y).abs_diff(face.plane.at(x + 1, y)));
        }
    }
    sum as f32 / ((right - left).max(1) as f32 * height.max(1) as f32)
}
