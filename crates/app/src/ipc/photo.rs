//! The photo of the identity card as the window shows it: what was chosen, what was sent, the page for a phone.

use prakerja_domain::registration::DocumentRefusal;
use prakerja_photo::{Finding, QuarterTurn};
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

/// Everything about the photo.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct PhotoView {
    /// What was chosen and not sent, or was sent in vain.
    pub draft: Option<PhotoDraft>,
    /// What was sent last, from this computer or a phone.
    pub sent: Option<SentPhoto>,
}

/// A photo that was chosen. The areas of its findings fit the preview.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct PhotoDraft {
    /// Width of what would be sent, in pixels.
    pub width: u32,
    /// Height of it.
    pub height: u32,
    /// The small picture as a data URI.
    pub preview: String,
    /// What is wrong with it, what refuses first.
    pub findings: Vec<Finding>,
    /// The turn that would bring the card level.
    pub suggested_turn: QuarterTurn,
    /// False when nobody could read the card on it.
    pub sendable: bool,
    /// When it was chosen or turned.
    #[ts(type = "number")]
    pub saved_at: i64,
    /// It was sent and did not arrive: it may be sent again as it is.
    pub in_vain: bool,
}

/// A photo that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SentPhoto {
    /// The document.
    pub document: Uuid,
    /// How it stands.
    pub state: SentPhotoState,
    /// Bytes that central has.
    #[ts(type = "number")]
    pub sent_bytes: u64,
    /// Bytes in all; 0 when they were not sent from this computer.
    #[ts(type = "number")]
    pub total_bytes: u64,
    /// Why it was refused; absent when central refused to take a photo at all.
    pub refusal: Option<DocumentRefusal>,
    /// The office's own words.
    pub note: Option<String>,
    /// When it was made, received or answered.
    #[ts(type = "number")]
    pub at: i64,
    /// It came by the phone's page.
    pub from_phone: bool,
}

/// How a photo that was sent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SentPhotoState {
    /// Saved here; no byte was sent.
    Waiting,
    /// Saved here until the connection is one without a quota, or the person says so (`send_photo_now`).
    Held,
    /// Announced from another computer, or from this one before it was set up anew: its bytes are not here. Another may be
    /// sent in its place.
    AwaitedElsewhere,
    /// On its way.
    Uploading,
    /// Central has it and looks at it.
    Received,
    /// Accepted.
    Accepted,
    /// Refused; another may be sent.
    Rejected,
    /// Its sealed bytes are gone here, or central took them for something else: it must be sent anew, or taken anew when it
    /// is not here any more.
    AttachAgain,
}

/// A page on which a phone takes the photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct HandoverView {
    /// Its address; whoever has it may send one photo.
    pub url: String,
    /// The address as a QR code: an SVG element.
    pub qr_svg: String,
    /// When it stops working, by this computer's clock.
    #[ts(type = "number")]
    pub expires_at: i64,
}
