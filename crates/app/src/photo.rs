//! The photo of the identity card: chosen, judged, turned, kept, sealed, sent; or taken by a phone.
//!
//! In clear it exists in memory and inside the encrypted database only. What leaves is sealed to the programme's key
//! before it touches a file. Judging and drawing are work for a thread of their own. Not here: how the bytes travel
//! (`prakerja-sync`), what became of them (`documents`), what is wrong with a photo (`prakerja-photo`), and words.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::registration::{Step, StepRefusal};
use prakerja_photo::{Examined, FileType, Finding, Prepared, QuarterTurn, Severity, Unreadable};
use prakerja_protocol::registration::{DocumentAttach, DocumentKind, SealingKey};
use prakerja_protocol::sealed::{self, Place};
use prakerja_protocol::sync::Command;
use prakerja_store::{NewUpload, PhotoDraft as StoredDraft, kind};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::documents::Documents;
use crate::error::Answer;
use crate::ipc::photo::{HandoverView, PhotoDraft, PhotoView};
use crate::ipc::{Changed, ErrorCode, IpcError};
use crate::programme::Programme;
use crate::registration::Case;
use crate::{App, Opened, qr};

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
        let draft = opened.store.photo_draft(person).await?;
        let documents = Documents::read(&opened.store, person).await?;
        let exchange = opened.exchange();
        let sent = documents.sent(draft.as_ref(), exchange.uploading(), exchange.photos_held());
        let draft = draft.filter(|draft| draft.document.is_none_or(|document| documents.is_in_vain(document)));
        Ok(PhotoView { draft: draft.map(shown).transpose()?, sent })
    }

    /// Judges a photo and keeps it in place of the one that was chosen before.
    ///
    /// # Errors
    /// `photo_unusable` with the reason on the field `photo`, `disk_low`; what was chosen before stays. `vault_locked`,
    /// `vault_broken`, `disk_full`.
    pub async fn examine_photo(&self, bytes: Vec<u8>) -> Answer<PhotoView> {
        self.room_for_a_photo().await?;
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

    /// Seals the chosen photo and puts it on its way: from now on it arrives without anybody's help, and of a refusal of the
    /// one before it is taken note. Works without a network once central has told its key. One that is on its way stays so.
    ///
    /// # Errors
    /// `sign_in_needed` without an account, `not_found` without a chosen photo, `photo_unusable` when nobody could read the
    /// card on it, `step_refused` when none is wanted now, `no_sealing_key` before central has told its key (the photo is
    /// kept), `disk_low`, `disk_full`.
    pub async fn send_photo(&self) -> Answer<PhotoView> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        let turn = self.inner.once.lock().await;
        let draft = opened.store.photo_draft(person).await?.ok_or_else(none)?;
        if let Some(document) = draft.document
            && !Documents::read(&opened.store, person).await?.is_in_vain(document)
        {
            return self.get_photo().await;
        }
        self.room_for_a_photo().await?;
        if !judged(&draft)?.sendable() {
            return Err(unusable(FieldError::new(FIELD, FieldErrorCode::NotLegible)));
        }
        if refused(&opened, person).await?.is_some() {
            return Err(IpcError::new(ErrorCode::StepRefused));
        }
        let key = Programme::read(&opened.store).await?.sealing_key;
        let key = key.ok_or_else(|| IpcError::new(ErrorCode::NoSealingKey))?;
        self.put_on_its_way(&opened, person, &key, draft.jpeg).await?;
        let now = self.inner.config.clock.now_ms();
        for refusal in opened.store.refusals(person).await?.iter().filter(|row| row.kind == kind::DOCUMENT_ATTACH) {
            opened.store.acknowledge(person, refusal.id, now).await?;
        }
        drop(turn);
        self.told(&[Changed::Photo, Changed::Registration, Changed::Sync]).await?;
        self.get_photo().await
    }

    /// Seals a photo again that central could not open: it has another key now, and nobody has to take the photo anew.
    pub(crate) async fn seal_again(&self, opened: &Opened, person: Uuid) -> Answer<()> {
        let Some(document) = opened.store.photo_on_its_way(person).await? else { return Ok(()) };
        let turn = self.inner.once.lock().await;
        let documents = Documents::read(&opened.store, person).await?;
        if !documents.lost_its_key(document) {
            return Ok(());
        }
        // The new key comes with the catalogue. Until then it waits.
        let key = Programme::read(&opened.store).await?.sealing_key;
        let key = key.filter(|key| documents.key_of(document) != Some(&key.id));
        let draft = opened.store.photo_draft(person).await?.filter(|draft| draft.document == Some(document));
        let (Some(key), Some(draft)) = (key, draft) else { return Ok(()) };
        tracing::info!(%document, key = key.id, "a photo is sealed again");
        self.put_on_its_way(opened, person, &key, draft.jpeg).await?;
        drop(turn);
        self.told(&[Changed::Photo, Changed::Sync]).await
    }

    async fn put_on_its_way(&self, opened: &Opened, person: Uuid, key: &SealingKey, jpeg: Vec<u8>) -> Answer<()> {
        let (document, upload) = (Uuid::now_v7(), Uuid::now_v7());
        let sealed = seal(key, document, jpeg).await?;
        let file = opened.store.keep_sealed(sealed).await?;
        let attach = Command::DocumentAttach(DocumentAttach {
            document,
            upload,
            kind: DocumentKind::KtpPhoto,
            sha256: file.sha256.clone(),
            bytes: file.bytes,
            key: key.id.clone(),
        });
        let exchange = opened.exchange();
        let command = exchange.command(&attach, LANE, None, None)?;
        let kind = DocumentKind::KtpPhoto.as_str().to_owned();
        opened.store.enqueue_upload(person, &command, &NewUpload { id: upload, document, kind, file }).await?;
        exchange.outbox_changed();
        Ok(())
    }

    /// A page on which a phone takes the photo instead. Needs central at once.
    ///
    /// # Errors
    /// `offline` and what else keeps from reaching central; `not_found` when its operator set no address for phones.
    pub async fn start_handover(&self) -> Answer<HandoverView> {
        let opened = self.opened()?;
        opened.account().await?;
        let handover = opened.exchange().accounts().handover(DocumentKind::KtpPhoto).await;
        let handover = handover.map_err(crate::refusal::refused)?;
        let lives_ms = i64::try_from(handover.expires_in_s).unwrap_or(0).saturating_mul(1_000);
        Ok(HandoverView {
            qr_svg: qr::svg(&handover.url)?,
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
            document: None,
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
    let case = Case::read(&opened.store, person).await?;
    Ok(case.record.as_ref().and_then(|_| case.allows(Step::AttachPhoto).err()))
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
        in_vain: draft.document.is_some(),
    })
}
