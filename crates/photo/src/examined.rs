//! The judgement of a photo: all checks in order, each once.

use serde::{Deserialize, Serialize};

use crate::decode::decode;
use crate::face::Face;
use crate::geometry::Slanted;
use crate::outline::{SEARCH_SIDE, find_all};
use crate::placement::Found;
use crate::upright::{shrink, upright};
use crate::{Area, Finding, FindingKind, Limits, QuarterTurn, Severity, Unreadable};
use crate::{exposure, glare, placement, sharpness};

/// What is known about a photo. Width and height are those of the upright picture (EXIF orientation applied).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Examined {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Where the card is, with a small margin: a crop to offer. None when no card was found.
    pub card: Option<Area>,
    /// What is wrong, what refuses first.
    pub findings: Vec<Finding>,
    /// The turn that would bring the card level.
    pub suggested_turn: QuarterTurn,
}

impl Examined {
    /// True when at least one finding refuses the photo.
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(refuses)
    }
}

/// Margin around the card in the crop that is offered, as a share of the card.
const CROP_MARGIN: f32 = 0.04;

/// Judges a photo by the default [`Limits`].
///
/// # Errors
/// [`Unreadable`] when the bytes are no picture that can be judged.
pub fn examine(bytes: &[u8]) -> Result<Examined, Unreadable> {
    examine_within(bytes, &Limits::default())
}

/// Judges a photo.
///
/// # Errors
/// [`Unreadable`] when the bytes are no picture that can be judged.
pub fn examine_within(bytes: &[u8], limits: &Limits) -> Result<Examined, Unreadable> {
    let source = decode(bytes, limits)?;
    let (width, height) = source.upright_size();
    let mut examined = Examined { width, height, card: None, findings: Vec::new(), suggested_turn: QuarterTurn::None };
    let side = width.max(height);
    if side < limits.picture_side_refuse {
        // Nothing else can be said about so few pixels.
        examined.findings.push(too_small(Severity::Refuse, side as f32, Vec::new()));
        return Ok(examined);
    }

    let picture = upright(&source, Area::WHOLE, limits.sent_side)?;
    drop(source);
    let searched = shrink(&picture, Area::WHOLE, SEARCH_SIDE)?;
    let (search_width, search_height) = (searched.width() as f32, searched.height() as f32);
    let found = Found::among(find_all(&searched), limits);
    let to_picture = picture.width() as f32 / search_width;
    let rectangle = found.rectangle().map(|rectangle| rectangle.scaled(to_picture));
    let whole = || whole(picture.width() as f32, picture.height() as f32);
    let face = Face::cut(&picture, rectangle.unwrap_or_else(whole));
    let bright = exposure::bright(&face, limits);
    // A dark table is no dark photo: without a card only a black picture counts.
    let seen = rectangle.is_some();
    let dark = exposure::dark(&face, limits).filter(|finding| seen || refuses(finding));

    let findings = &mut examined.findings;
    match &found {
        Found::Card(outline) => {
            let area = placement::area(outline, search_width, search_height);
            examined.card = Some(area.with_margin(CROP_MARGIN));
            let pixels = outline.rectangle.long * width as f32 / search_width;
            if pixels < limits.card_width_warn {
                findings.push(too_small(Severity::Warn, pixels, vec![area]));
            }
            let (finding, turn) = placement::level(outline, &face, area, limits);
            findings.extend(finding);
            examined.suggested_turn = turn;
        }
        // What is washed out or black has no outline: the light is what must be said.
        Found::Cut(_) | Found::Nothing(_) if bright.is_some() || dark.as_ref().is_some_and(refuses) => {}
        Found::Cut(outline) => findings.push(placement::cut(outline, search_width, search_height, limits)),
        Found::Nothing(share) => {
            let (kind, severity) = (FindingKind::NoCard, Severity::Warn);
            findings.push(Finding { kind, severity, measure: *share, areas: Vec::new() });
        }
    }
    // Without a card a white table would pass for a reflection; on a washed-out card it is not worth saying.
    if seen && bright.is_none() {
        findings.extend(glare::judge(&face, limits));
    }
    // A white or smooth table is neither washed out nor blurred: certain is only what is seen on a card.
    let judged = bright.into_iter().chain(sharpness::judge(&face, limits));
    findings.extend(judged.map(|finding| if seen { finding } else { Finding { severity: Severity::Warn, ..finding } }));
    findings.extend(dark);
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    Ok(examined)
}

fn refuses(finding: &Finding) -> bool {
    finding.severity == Severity::Refuse
}

fn too_small(severity: Severity, measure: f32, areas: Vec<Area>) -> Finding {
    Finding { kind: FindingKind::TooSmall, severity, measure, areas }
}

/// The picture itself in place of a card.
fn whole(width: f32, height: f32) -> Slanted {
    let centre = (width / 2.0, height / 2.0);
    if width >= height {
        Slanted { centre, long: width, short: height, angle: 0.0 }
    } else {
        Slanted { centre, long: height, short: width, angle: std::f32::consts::FRAC_PI_2 }
    }
}
