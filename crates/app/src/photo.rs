//! The photo of the identity card: chosen, judged, turned, kept, sealed, sent; or taken by a phone.
//!
//! In clear it exists in memory and inside the encrypted database only. What leaves is sealed to the programme's key
//! before it touches a file. Judging and drawing are work for a thread of their own. Not here: how the bytes travel
//! (`prakerja-sync`), what is wrong with a photo (`prakerja-photo`), and words.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::registration::{DocumentState, Step, StepRefusal};
use prakerja_photo::{Examined, FileType, Finding, Prepared, QuarterTurn, Severity, Unreadable};
use prakerja_protocol::registration::{
    DocumentAttach, DocumentKind, DocumentRecord, DocumentSource, RegistrationRecord, SealingKey,
};
use prakerja_protocol::sealed::{self, Place};
use prakerja_protocol::sync::Command;
use prakerja_store::{NewUpload, PhotoDraft as StoredDraft, Store, Upload, UploadState};
use prakerja_sync::core::Uploading;
use qrcode::QrCode;
use qrcode::render::svg::Color;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Answer;
use crate::ipc::photo::{HandoverView, PhotoDraft, PhotoView, SentPhoto, SentPhotoState};
use crate::ipc::{Changed, ErrorCode, IpcError};
use crate::programme::Programme;
use crate::{App, Opened};

/// Name of the photo as a field of the window.
const FIELD: &str = "photo";
/// What a photo of a card is in the lanes of commands.
const LANE: &str = "doc:ktp_photo";

/// What was found in a draft, as it is kept beside it.
#[derive(Debug, Serialize, Deserialize)]
struct Judged {
    width: u32,
    height: u32,
    findings: Vec<Finding>,
    suggested_turn: QuarterTurn,
}

impl Judged {
    fn sendable(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity != Severity::Refuse)
    }
}

impl App {
    /// Everything about the photo.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn get_photo(&self) -> Answer<PhotoView> {
        let opened = self.opened()?;
        let person = opened.person().await?;
        let draft = opened.store.photo_draft(person).await?.map(shown).transpose()?;
        let sent = sent(&opened.store, person, opened.exchange().uploading()).await?;
        Ok(PhotoView { draft, sent })
    }

    /// Judges a photo and keeps it in place of the one that was chosen before.
    ///
    /// # Errors
    /// `photo_unusable` with the reason on the field `photo`; what was chosen before stays. `vault_locked`,
    /// `vault_broken`, `disk_full`.
    pub async fn examine_photo(&self, bytes: Vec<u8>) -> Answer<PhotoView> {
        self.keep(move || {
            let examined = prakerja_photo::examine(&bytes)?;
            Ok((examined, prakerja_photo::prepare(&bytes, QuarterTurn::None, None)?))
        })
        .await
    }

    /// Turns the chosen photo. What is wrong with it is found anew, so that the areas fit what is shown.
    ///
    /// # Errors
    /// As of [`App::examine_photo`].
    pub async fn turn_photo(&self, turn: QuarterTurn) -> Answer<PhotoView> {
        let opened = self.opened()?;
        let draft = opened.store.photo_draft(opened.person().await?).await?.ok_or_else(none)?;
        self.keep(move || {
            let turned = prakerja_photo::prepare(&draft.jpeg, turn, None)?;
            Ok((prakerja_photo::examine(&turned.jpeg)?, turned))
        })
        .await
    }

    /// Forgets the chosen photo.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn discard_photo(&self) -> Answer<PhotoView> {
        let opened = self.opened()?;
        opened.store.discard_photo_draft(opened.person().await?).await?;
        self.tell(Changed::Photo);
        self.get_photo().await
    }

    /// Seals the chosen photo and puts it on its way: from now on it arrives without anybody's help. Works without a
    /// network once central has told its key.
    ///
    /// # Errors
    /// `sign_in_needed` without an account, `not_found` without a chosen photo, `photo_unusable` when nobody could read the
    /// card on it, `step_refused` when none is wanted now, `no_sealing_key` before central has told its key (the photo is
    /// kept), `disk_full`.
    pub async fn send_photo(&self) -> Answer<PhotoView> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        let draft = opened.store.photo_draft(person).await?.ok_or_else(none)?;
        if !judged(&draft)?.sendable() {
            return Err(unusable(FieldError::new(FIELD, FieldErrorCode::NotLegible)));
        }
        if refused(&opened, person).await?.is_some() {
            return Err(IpcError::new(ErrorCode::StepRefused));
        }
        let key = Programme::read(&opened.store).await?.sealing_key;
        let key = key.ok_or_else(|| IpcError::new(ErrorCode::NoSealingKey))?;
        let (document, upload) = (Uuid::now_v7(), Uuid::now_v7());
        let sealed = seal(&key, document, draft.jpeg).await?;
        let file = opened.store.keep_sealed(sealed).await?;
        let attach = Command::DocumentAttach(DocumentAttach {
            document,
            upload,
            kind: DocumentKind::KtpPhoto,
            sha256: file.sha256.clone(),
            bytes: file.bytes,
            key: key.id,
        });
        let exchange = opened.exchange();
        let command = exchange.command(&attach, LANE, None, None)?;
        let kind = DocumentKind::KtpPhoto.as_str().to_owned();
        opened.store.enqueue_upload(person, &command, &NewUpload { id: upload, document, kind, file }).await?;
        exchange.outbox_changed();
        self.tell(Changed::Photo);
        self.tell(Changed::Sync);
        self.changed_state().await?;
        self.get_photo().await
    }

    /// A page on which a phone takes the photo instead. Needs central at once.
    ///
    /// # Errors
    /// `offline` and what else keeps from reaching central; `not_found` when its operator set no address for phones.
    pub async fn start_handover(&self) -> Answer<HandoverView> {
        let opened = self.opened()?;
        opened.account().await?;
        let handover = opened.exchange().accounts().handover(DocumentKind::KtpPhoto).await;
        let handover = handover.map_err(crate::account::refused)?;
        let code = QrCode::new(handover.url.as_bytes()).map_err(|error| IpcError::defect("qr code", &error))?;
        let lives_ms = i64::try_from(handover.expires_in_s).unwrap_or(0).saturating_mul(1_000);
        Ok(HandoverView {
            qr_svg: drawn(&code),
            url: handover.url,
            expires_at: self.inner.config.clock.now_ms().saturating_add(lives_ms),
        })
    }

    /// Runs the judging on a thread for it and keeps what came of it.
    async fn keep(
        &self,
        look: impl FnOnce() -> Result<(Examined, Prepared), Unreadable> + Send + 'static,
    ) -> Answer<PhotoView> {
        let opened = self.opened()?;
        let looked = tokio::task::spawn_blocking(look).await;
        let looked = looked.map_err(|error| IpcError::defect("photo", &error))?;
        let (examined, prepared) = looked.map_err(|why| unusable(reason(&why)))?;
        let judged = Judged {
            width: prepared.width,
            height: prepared.height,
            findings: examined.findings,
            suggested_turn: examined.suggested_turn,
        };
        let draft = StoredDraft {
            jpeg: prepared.jpeg,
            preview: prepared.preview,
            judged: serde_json::to_string(&judged).map_err(|error| IpcError::defect("photo", &error))?,
            saved_at: self.inner.config.clock.now_ms(),
        };
        // Whoever is current when it is written: somebody may have signed in meanwhile.
        opened.store.save_photo_draft(opened.person().await?, &draft).await?;
        self.tell(Changed::Photo);
        self.get_photo().await
    }
}

/// Nothing was chosen.
fn none() -> IpcError {
    IpcError::new(ErrorCode::NotFound)
}

/// `photo_unusable`, with what the person can do about it.
fn unusable(why: FieldError) -> IpcError {
    IpcError { fields: vec![why], ..IpcError::new(ErrorCode::PhotoUnusable) }
}

fn reason(why: &Unreadable) -> FieldError {
    let error = |code| FieldError::new(FIELD, code);
    let number = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
    match why {
        Unreadable::Empty => error(FieldErrorCode::Required),
        Unreadable::TooLarge { max, actual } => {
            error(FieldErrorCode::FileTooLarge).with("max", number(*max)).with("actual", number(*actual))
        }
        Unreadable::TooManyPixels { max, actual } => {
            error(FieldErrorCode::TooManyPixels).with("max", number(*max)).with("actual", number(*actual))
        }
        Unreadable::UnsupportedType { found: FileType::Heic } => error(FieldErrorCode::HeicFile),
        Unreadable::UnsupportedType { .. } => error(FieldErrorCode::FileType),
        Unreadable::Broken => error(FieldErrorCode::FileDamaged),
    }
}

/// Why no photo is wanted, as far as central has told.
async fn refused(opened: &Opened, person: Uuid) -> Answer<Option<StepRefusal>> {
    let record = opened.store.record(person, "registration", person).await?;
    let record = record.and_then(|record| serde_json::from_value::<RegistrationRecord>(record.data).ok());
    let Some(record) = record else { return Ok(None) };
    let programme = Programme::read(&opened.store).await?;
    let must_pass = programme.scheme(&record.scheme).test.must_pass;
    Ok(record.facts.allows(Step::AttachPhoto, must_pass).err())
}

async fn seal(key: &SealingKey, document: Uuid, jpeg: Vec<u8>) -> Answer<Vec<u8>> {
    let key = key.clone();
    let place = Place { document, kind: DocumentKind::KtpPhoto };
    let sealed = tokio::task::spawn_blocking(move || sealed::seal(&key, place, &jpeg)).await;
    sealed.map_err(|error| IpcError::defect("sealing", &error))?.map_err(|error| IpcError::defect("sealing", &error))
}

fn judged(draft: &StoredDraft) -> Answer<Judged> {
    serde_json::from_str(&draft.judged).map_err(|error| IpcError::defect("photo", &error))
}

fn shown(draft: StoredDraft) -> Answer<PhotoDraft> {
    let judged = judged(&draft)?;
    Ok(PhotoDraft {
        width: judged.width,
        height: judged.height,
        preview: format!("data:image/jpeg;base64,{}", STANDARD.encode(&draft.preview)),
        sendable: judged.sendable(),
        findings: judged.findings,
        suggested_turn: judged.suggested_turn,
        saved_at: draft.saved_at,
    })
}

/// The photo that counts: the one on its way from here, else the newest that central knows.
async fn sent(store: &Store, person: Uuid, uploading: Option<Uploading>) -> Answer<Option<SentPhoto>> {
    let records: Vec<(Uuid, DocumentRecord)> = store
        .records(person, "document")
        .await?
        .into_iter()
        .filter_map(|record| Some((record.id, serde_json::from_value(record.data).ok()?)))
        .collect();
    if let Some(upload) = store.uploads(person).await?.pop() {
        let record = records.iter().find(|(id, _)| *id == upload.document).map(|(_, record)| record);
        return Ok(Some(on_its_way(&upload, record, uploading)));
    }
    let newest = records.into_iter().max_by_key(|(id, record)| (record.at, *id));
    Ok(newest.map(|(document, record)| answered(document, &record)))
}

fn on_its_way(upload: &Upload, record: Option<&DocumentRecord>, uploading: Option<Uploading>) -> SentPhoto {
    let now = uploading.filter(|now| now.document == upload.document);
    let sent_bytes = now.map_or(upload.sent, |now| now.sent.max(upload.sent));
    let received = record.is_some_and(|record| record.state == DocumentState::Received);
    let state = match upload.state {
        UploadState::Parked => SentPhotoState::AttachAgain,
        UploadState::Complete => SentPhotoState::Received,
        UploadState::Open if received => SentPhotoState::Received,
        UploadState::Open if sent_bytes > 0 || now.is_some() => SentPhotoState::Uploading,
        UploadState::Open => SentPhotoState::Waiting,
    };
    SentPhoto {
        document: upload.document,
        state,
        sent_bytes,
        total_bytes: upload.file.bytes,
        refusal: None,
        note: None,
        at: upload.created_at,
        from_phone: false,
    }
}

fn answered(document: Uuid, record: &DocumentRecord) -> SentPhoto {
    SentPhoto {
        document,
        state: match record.state {
            DocumentState::Awaited => SentPhotoState::Waiting,
            DocumentState::Received => SentPhotoState::Received,
            DocumentState::Accepted => SentPhotoState::Accepted,
            DocumentState::Rejected => SentPhotoState::Rejected,
        },
        sent_bytes: 0,
        total_bytes: 0,
        refusal: record.refusal,
        note: record.note.clone(),
        at: record.at,
        from_phone: record.source == DocumentSource::Phone,
    }
}

/// Black on white with a quiet border, as phones read it best whatever the window's colours are.
fn drawn(code: &QrCode) -> String {
    let svg = code
        .render::<Color<'_>>()
        .min_dimensions(240, 240)
        .dark_color(Color("#000"))
        .light_color(Color("#fff"))
        .build();
    // The element alone: it goes into a page, where a declaration would be text.
    svg.split_once("?>").map_or(svg.clone(), |(_, element)| element.to_owned())
}
