//! Is there light enough, and not too much? Reflections are a matter of [`crate::glare`].

use crate::face::Face;
use crate::{Finding, FindingKind, Limits, Severity};

/// The finding, if the face is too dark.
pub(crate) fn dark(face: &Face, limits: &Limits) -> Option<Finding> {
    // Not the mean: a portrait on a dark ground or, where no card was found, a dark table is no dark photo.
    let ground = face.plane.percentile(0.9);
    let severity = if face.plane.percentile(0.99) < limits.dark_refuse {
        Severity::Refuse
    } else if ground < limits.dark_warn {
        Severity::Warn
    } else {
        return None;
    };
    Some(Finding { kind: FindingKind::TooDark, severity, measure: f32::from(ground), areas: Vec::new() })
}

/// The finding, if the face is washed out as a whole.
pub(crate) fn bright(face: &Face, limits: &Limits) -> Option<Finding> {
    let washed_out = face.plane.values().iter().filter(|&&value| value >= limits.washed_out).count();
    let share = washed_out as f32 / face.plane.values().len().max(1) as f32;
    let severity = if share >= limits.bright_refuse {
        Severity::Refuse
    } else if share >= limits.bright_warn {
        Severity::Warn
    } else {
        return None;
    };
    Some(Finding { kind: FindingKind::TooBright, severity, measure: share, areas: Vec::new() })
}
