//! What the window shows of the photo of the identity card.

use prakerja_domain::registration::DocumentRefusal;
use prakerja_photo::{Finding, QuarterTurn};
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

/// The photo that is being prepared, and the one that was sent.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct PhotoView {
    /// The photo that is being prepared.
    pub draft: Option<PhotoDraft>,
    /// The newest one that was sent, from this computer or a phone.
    pub sent: Option<SentPhoto>,
}

/// A photo that is being prepared.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct PhotoDraft {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// A reduced JPEG as a data URI.
    pub preview: String,
    /// What is wrong with it, with the places on the preview.
    pub findings: Vec<Finding>,
    /// The turn that would put the card upright, if it is not.
    pub suggested_turn: Option<QuarterTurn>,
    /// True when nothing speaks against sending it.
    pub sendable: bool,
    /// When it was kept on this computer.
    #[ts(type = "number")]
    pub saved_at: i64,
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
    /// Bytes in all.
    #[ts(type = "number")]
    pub total_bytes: u64,
    /// Why it was refused.
    pub refusal: Option<DocumentRefusal>,
    /// The office's own words.
    pub note: Option<String>,
    /// When this began.
    #[ts(type = "number")]
    pub at: i64,
    /// True when a phone sent it.
    pub from_phone: bool,
}

/// How a sent photo stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SentPhotoState {
    /// Waits for a connection.
    Waiting,
    /// Its bytes travel.
    Uploading,
    /// Central has it and looks at it.
    Received,
    /// Accepted.
    Accepted,
    /// Refused; another may be sent.
    Rejected,
    /// The bytes on this computer are gone or changed: take it again.
    AttachAgain,
}

/// A page on which a phone takes the photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct HandoverView {
    /// Its address.
    pub url: String,
    /// The same as a QR code, SVG.
    pub qr_svg: String,
    /// Until when it works.
    #[ts(type = "number")]
    pub expires_at: i64,
}
