//! Looks at a photo as the app does, on a thread for such work: whatever the client says of it is not believed.

use prakerja_domain::registration::DocumentRefusal;
use prakerja_photo::{Examined, FindingKind, Prepared, QuarterTurn, Severity, Unreadable};

use crate::error::{ApiError, ApiResult};
use crate::state::Central;

/// A photo that was looked at.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) examined: Examined,
    /// As it is kept: upright, small, without metadata.
    pub(super) prepared: Prepared,
    /// Not turned, as the findings' areas are: for showing them.
    pub(super) shown: Vec<u8>,
}

impl Judged {
    /// Why nobody could read the card, if so.
    pub(super) fn refusal(&self) -> Option<DocumentRefusal> {
        let refuses = self.examined.findings.iter().find(|finding| finding.severity == Severity::Refuse)?;
        Some(refusal_of(refuses.kind))
    }
}

/// Which way up a photo is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// As it came: the app let the person turn it.
    AsItIs,
    /// As the card lies.
    AsSuggested,
}

/// Decodes, judges and makes ready. Waits for a place when others are being looked at.
///
/// # Errors
/// The inner error: it is no photo that can be looked at.
pub(super) async fn judge<B>(central: &Central, bytes: B, turn: Turn) -> ApiResult<Result<Judged, Unreadable>>
where
    B: AsRef<[u8]> + Send + 'static,
{
    let place = central.documents.judges.acquire().await.map_err(ApiError::internal)?;
    let judged = tokio::task::spawn_blocking(move || look(bytes.as_ref(), turn)).await.map_err(ApiError::internal);
    drop(place);
    judged
}

fn look(bytes: &[u8], turn: Turn) -> Result<Judged, Unreadable> {
    let examined = prakerja_photo::examine(bytes)?;
    let upright = prakerja_photo::prepare(bytes, QuarterTurn::None, None)?;
    let shown = upright.preview.clone();
    let prepared = match (turn, examined.suggested_turn) {
        (Turn::AsSuggested, turned) if turned != QuarterTurn::None => prakerja_photo::prepare(bytes, turned, None)?,
        _ => upright,
    };
    Ok(Judged { examined, prepared, shown })
}

/// The reason that a person is told.
pub(super) fn refusal_of(kind: FindingKind) -> DocumentRefusal {
    match kind {
        // Too few pixels smear the text like a lens out of focus.
        FindingKind::Blurred | FindingKind::TooSmall => DocumentRefusal::Blurred,
        FindingKind::TooDark => DocumentRefusal::TooDark,
        // A card that is washed out is glare all over.
        FindingKind::TooBright | FindingKind::Glare => DocumentRefusal::Glare,
        FindingKind::CutEdge | FindingKind::NoCard => DocumentRefusal::Cut,
        FindingKind::Tilted | FindingKind::Sideways => DocumentRefusal::Other,
    }
}

/// The reason for a file that is no photo.
pub(super) fn refusal_of_file(unreadable: Unreadable) -> DocumentRefusal {
    match unreadable {
        Unreadable::TooLarge { .. } | Unreadable::TooManyPixels { .. } => DocumentRefusal::TooLarge,
        Unreadable::Empty | Unreadable::UnsupportedType { .. } | Unreadable::Broken => DocumentRefusal::Format,
    }
}
