//! What is wrong with a photo, in words the window can say and show.

use serde::{Deserialize, Serialize};

use crate::Area;

/// What is wrong. The unit of [`Finding::measure`] stands with each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum FindingKind {
    /// Too few pixels over the card. Measure: pixels along the card's long side in the file.
    TooSmall,
    /// Edges of the text are smeared. Measure: standard deviation of the blur in pixels of a card 1000 pixels wide.
    Blurred,
    /// Too little light. Measure: brightness of the card's ground, 0 to 255.
    TooDark,
    /// So much light that the card is washed out. Measure: share of the card without any drawing left, 0 to 1.
    TooBright,
    /// Reflections hide parts of the card. Measure: share of the card they hide, 0 to 1.
    Glare,
    /// The card goes beyond the picture. Measure: share of the card's outline that lies on the picture's border, 0 to 1.
    CutEdge,
    /// Nothing of the shape of a card stands out from the background. Measure: share of the picture that stands out, 0 to 1.
    NoCard,
    /// The card stands crooked. Measure: degrees, clockwise positive.
    Tilted,
    /// The card stands on its short side. Measure: degrees, clockwise positive.
    Sideways,
}

/// What a finding means for sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Severity {
    /// May be wrong: the person looks and decides.
    Warn,
    /// Certain: nobody could read the card on this photo.
    Refuse,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// How bad.
    pub severity: Severity,
    /// How much; the unit stands with the kind.
    pub measure: f32,
    /// Where on the upright picture; empty when it is the whole of it.
    pub areas: Vec<Area>,
}
