//! A document as central keeps it and as its person sees it: row, feed record, facts and notices change together, here.

use prakerja_domain::registration::{DocumentRefusal, DocumentState};
use prakerja_protocol::application::NoticeKind;
use prakerja_protocol::registration::{DocumentKind, DocumentRecord, DocumentSource};
use uuid::Uuid;

use crate::db::Id;
use crate::registration::case::Case;
use crate::registration::notice;
use crate::sync::{Place, Records, SyncError};
use crate::word::word;

/// The record's kind in the feed.
const KIND: &str = "document";

/// What the command announced.
#[derive(Debug, Clone)]
pub(super) struct Announced {
    pub(super) upload: Uuid,
    pub(super) sha256: Vec<u8>,
    pub(super) bytes: i64,
    pub(super) key: String,
}

/// A document of a person.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub(super) person: Uuid,
    pub(super) id: Uuid,
    /// 0 before it was saved for the first time.
    rev: i64,
    pub(super) record: DocumentRecord,
    pub(super) announced: Option<Announced>,
    /// Name of its files.
    pub(super) file: Option<String>,
}

/// What becomes of a document.
#[derive(Debug, Clone)]
pub(super) enum Verdict {
    /// Its bytes are awaited.
    Awaited,
    /// It is here, and the office looks at it.
    Received,
    /// It is good.
    Accepted,
    /// It is not; another may be sent.
    Rejected(DocumentRefusal, Option<String>),
}

impl Document {
    /// A new one.
    pub(super) fn new(person: Uuid, id: Uuid, source: DocumentSource, announced: Option<Announced>, at: i64) -> Self {
        let record = DocumentRecord {
            kind: DocumentKind::KtpPhoto,
            state: DocumentState::Awaited,
            source,
            at,
            refusal: None,
            note: None,
        };
        Self { person, id, rev: 0, record, announced, file: None }
    }

    /// A document of a person.
    pub(super) async fn find(records: &mut Records<'_>, person: Uuid, id: Uuid) -> Result<Option<Self>, SyncError> {
        type Row = (i64, Vec<u8>, Option<Id>, Option<Vec<u8>>, Option<i64>, Option<String>, Option<String>);
        let row: Option<Row> = sqlx::query_as(
            "select rev, content, upload_id, sha256, bytes, sealing_key, file from document
             where person_id = $1 and id = $2",
        )
        .bind(Id(person))
        .bind(Id(id))
        .fetch_optional(&mut *records.tx)
        .await?;
        let Some((rev, content, upload, sha256, bytes, key, file)) = row else { return Ok(None) };
        let announced = match (upload, sha256, bytes, key) {
            (Some(upload), Some(sha256), Some(bytes), Some(key)) => {
                Some(Announced { upload: upload.0, sha256, bytes, key })
            }
            _ => None,
        };
        let record = records.open(place(person, id), &content)?;
        Ok(Some(Self { person, id, rev, record, announced, file }))
    }

    /// The document of a kind that is awaited or looked at, of which there is one at most.
    pub(super) async fn open_of(
        records: &mut Records<'_>,
        person: Uuid,
        kind: DocumentKind,
    ) -> Result<Option<Self>, SyncError> {
        let open = "select id from document where person_id = $1 and kind = $2 and state in ('awaited', 'received')";
        Self::first(records, person, kind, open).await
    }

    /// The document of a kind that was accepted last.
    pub(super) async fn accepted(
        records: &mut Records<'_>,
        person: Uuid,
        kind: DocumentKind,
    ) -> Result<Option<Self>, SyncError> {
        let accepted = "select id from document where person_id = $1 and kind = $2 and state = 'accepted' order by at desc limit 1";
        Self::first(records, person, kind, accepted).await
    }

    /// What a query for the id of a person's document of a kind finds first.
    async fn first(
        records: &mut Records<'_>,
        person: Uuid,
        kind: DocumentKind,
        query: &'static str,
    ) -> Result<Option<Self>, SyncError> {
        let row: Option<(Id,)> =
            sqlx::query_as(query).bind(Id(person)).bind(kind.as_str()).fetch_optional(&mut *records.tx).await?;
        match row {
            Some((id,)) => Self::find(records, person, id.0).await,
            None => Ok(None),
        }
    }

    /// Takes back the document of a kind whose bytes never came: another one takes its place.
    pub(super) async fn supersede(
        records: &mut Records<'_>,
        person: Uuid,
        kind: DocumentKind,
    ) -> Result<(), SyncError> {
        let Some(old) = Self::open_of(records, person, kind).await? else { return Ok(()) };
        sqlx::query("delete from document where person_id = $1 and id = $2")
            .bind(Id(person))
            .bind(Id(old.id))
            .execute(&mut *records.tx)
            .await?;
        records.delete(person, (KIND, old.id, old.rev + 1)).await?;
        Ok(())
    }

    /// Keeps the document with its verdict, changes the facts, tells the person. Returns revision and sequence.
    pub(super) async fn conclude(
        &mut self,
        records: &mut Records<'_>,
        verdict: Verdict,
    ) -> Result<(i64, i64), SyncError> {
        let arrives = self.record.state == DocumentState::Awaited && !matches!(verdict, Verdict::Awaited);
        if arrives {
            self.record.at = records.at;
        }
        let (state, refusal, note, what) = match verdict {
            Verdict::Awaited => (DocumentState::Awaited, None, None, None),
            Verdict::Received => (DocumentState::Received, None, None, None),
            Verdict::Accepted => (DocumentState::Accepted, None, None, Some(NoticeKind::PhotoAccepted)),
            Verdict::Rejected(why, note) => (DocumentState::Rejected, Some(why), note, Some(NoticeKind::PhotoRejected)),
        };
        (self.record.state, self.record.refusal, self.record.note) = (state, refusal, note.clone());
        let saved = self.save(records).await?;
        let mut case = Case::load(records, self.person).await?;
        case.record.facts.ktp_photo = Some(state);
        case.save(records).await?;
        // From a phone the person wants to hear on the computer that it is here, whatever comes of it.
        if arrives && (state == DocumentState::Received || self.record.source == DocumentSource::Phone) {
            notice::tell(records, self.person, NoticeKind::PhotoReceived, &[], None).await?;
        }
        if let Some(what) = what {
            notice::tell(records, self.person, what, &[], note).await?;
        }
        Ok(saved)
    }

    async fn save(&mut self, records: &mut Records<'_>) -> Result<(i64, i64), SyncError> {
        self.rev += 1;
        let content = records.seal(place(self.person, self.id), &self.record)?;
        let announced = self.announced.as_ref();
        sqlx::query(
            "insert into document (person_id, id, kind, state, rev, at, upload_id, sha256, bytes, sealing_key, file, content)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             on conflict (person_id, id) do update set state = excluded.state, rev = excluded.rev, at = excluded.at,
                file = excluded.file, content = excluded.content",
        )
        .bind(Id(self.person))
        .bind(Id(self.id))
        .bind(self.record.kind.as_str())
        .bind(word(self.record.state))
        .bind(self.rev)
        .bind(self.record.at)
        .bind(announced.map(|a| Id(a.upload)))
        .bind(announced.map(|a| a.sha256.clone()))
        .bind(announced.map(|a| a.bytes))
        .bind(announced.map(|a| a.key.clone()))
        .bind(&self.file)
        .bind(content)
        .execute(&mut *records.tx)
        .await?;
        let seq = records.put(self.person, (KIND, self.id, self.rev), &self.record).await?;
        Ok((self.rev, seq))
    }
}

/// Takes an accepted photo back: its card is not the one that counts any more. The picture goes with the next sweep.
pub(crate) async fn take_back(records: &mut Records<'_>, person: Uuid, note: &str) -> Result<(), SyncError> {
    if let Some(mut accepted) = Document::accepted(records, person, DocumentKind::KtpPhoto).await? {
        accepted.file = None;
        accepted.conclude(records, Verdict::Rejected(DocumentRefusal::Other, Some(note.to_owned()))).await?;
    }
    Ok(())
}

fn place(person: Uuid, id: Uuid) -> Place<'static> {
    Place { person, kind: "table/document", id }
}
