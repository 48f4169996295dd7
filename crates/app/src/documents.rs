//! What became of the photos of the identity card that were sent: what waits here beside what central said. Reads only;
//! choosing and sending is in `photo`.

use prakerja_domain::registration::{DocumentRefusal, DocumentState};
use prakerja_protocol::registration::{DocumentAttach, DocumentRecord, DocumentSource};
use prakerja_store::{OutboxRow, PhotoDraft, Record, Store, Upload, UploadState, kind};
use prakerja_sync::core::Uploading;
use uuid::Uuid;

use crate::error::Answer;
use crate::ipc::photo::{SentPhoto, SentPhotoState};

/// What is known of a person's photos, here and at central.
pub(crate) struct Documents {
    records: Vec<(Uuid, DocumentRecord)>,
    announced: Vec<DocumentAttach>,
    upload: Option<Upload>,
}

impl Documents {
    pub(crate) async fn read(store: &Store, person: Uuid) -> Answer<Self> {
        let matter = store.matter(person, "document", &[kind::DOCUMENT_ATTACH]).await?;
        let record =
            |record: &Record| Some((record.id, serde_json::from_value::<DocumentRecord>(record.data.clone()).ok()?));
        let announced = |row: &OutboxRow| serde_json::from_value::<DocumentAttach>(row.payload.clone()).ok();
        Ok(Self {
            records: matter.records.iter().filter_map(record).collect(),
            announced: matter.commands.iter().filter_map(announced).collect(),
            upload: store.uploads(person).await?.pop(),
        })
    }

    fn record(&self, document: Uuid) -> Option<&DocumentRecord> {
        self.records.iter().find(|(id, _)| *id == document).map(|(_, record)| record)
    }

    /// Id of the key to which a document was sealed here.
    pub(crate) fn key_of(&self, document: Uuid) -> Option<&String> {
        self.announced.iter().find(|attach| attach.document == document).map(|attach| &attach.key)
    }

    /// Central does not have the key any more to which it was sealed.
    pub(crate) fn lost_its_key(&self, document: Uuid) -> bool {
        self.record(document).is_some_and(|record| record.refusal == Some(DocumentRefusal::KeyGone))
    }

    /// It was sent, and nothing brings it to central any more: the announcement was refused or taken back, or the sealed
    /// bytes are gone.
    pub(crate) fn is_in_vain(&self, document: Uuid) -> bool {
        match &self.upload {
            Some(upload) if upload.document == document => upload.state == UploadState::Parked,
            _ => self.record(document).is_none(),
        }
    }

    /// The photo that counts: the one on its way from here, else the newest that central knows.
    pub(crate) fn sent(
        &self,
        draft: Option<&PhotoDraft>,
        uploading: Option<Uploading>,
        held: bool,
    ) -> Option<SentPhoto> {
        if let Some(upload) = &self.upload {
            return Some(on_its_way(upload, self.record(upload.document), uploading, held));
        }
        let (document, record) = self.records.iter().max_by_key(|(id, record)| (record.at, *id))?;
        let mut sent = answered(*document, record);
        // It is here to be sealed again.
        if self.lost_its_key(*document) && draft.is_some_and(|draft| draft.document == Some(*document)) {
            (sent.state, sent.refusal) = (SentPhotoState::Waiting, None);
        }
        Some(sent)
    }
}

fn on_its_way(upload: &Upload, record: Option<&DocumentRecord>, uploading: Option<Uploading>, held: bool) -> SentPhoto {
    let now = uploading.filter(|now| now.document == upload.document);
    let sent_bytes = now.map_or(upload.sent, |now| now.sent.max(upload.sent));
    let received = record.is_some_and(|record| record.state == DocumentState::Received);
    let state = match upload.state {
        UploadState::Parked => SentPhotoState::AttachAgain,
        UploadState::Complete => SentPhotoState::Received,
        UploadState::Open if received => SentPhotoState::Received,
        UploadState::Open if held && !upload.released => SentPhotoState::Held,
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
            // What is awaited from here has an upload here.
            DocumentState::Awaited => SentPhotoState::AwaitedElsewhere,
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
