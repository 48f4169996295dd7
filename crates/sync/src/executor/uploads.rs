//! The steps of an upload: one request each, its answer stored before the core hears of it. All of them may be repeated:
//! central's answer says how many bytes it has, whatever was lost on the way.

use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::upload::{NewUpload, UploadStatus};
use prakerja_store::{Upload, UploadState};
use reqwest::Method;
use uuid::Uuid;

use super::SyncEvent;
use super::worker::Worker;
use crate::core::{Event, FlightId, PendingUpload};
use crate::failpoint;
use crate::failure::{Class, Failure};
use crate::http::{Part, Request};
use crate::refresh::local;

/// Why an upload needs the person although central refused nothing.
const FILE_CHANGED: &str = "file-changed";

impl Worker {
    /// Documents on their way as the core sees them. A failure leaves them for the next look.
    pub(super) async fn uploads(&self, account: Uuid) -> Result<Vec<PendingUpload>, prakerja_store::StoreError> {
        let rows = self.store().open_uploads(account).await?;
        Ok(rows.into_iter().map(pending).collect())
    }

    /// Takes note of what central's records say about documents: what was answered is forgotten here.
    pub(super) async fn settle_uploads(&self, account: Uuid) {
        if let Err(error) = self.store().settle_uploads(account).await {
            tracing::warn!(%error, "documents that were answered are not forgotten yet");
        }
        self.view.tell(SyncEvent::Uploads);
    }

    pub(super) async fn begin_upload(&self, flight: FlightId, account: Uuid, id: Uuid) -> Result<Event, Failure> {
        let Some(row) = self.row(account, id).await? else { return Ok(Event::UploadEnded { flight }) };
        if !self.store().is_whole(&row.file).await.map_err(local)? {
            return self.file_changed(flight, account, id).await;
        }
        let body = NewUpload { document: row.document, bytes: row.file.bytes, sha256: row.file.sha256.clone() };
        let access = self.authorised.token(account).await?;
        let path = format!("/v1/uploads/{id}");
        let request = Request { bearer: Some(&access), ..Request::new(Method::PUT, &path) };
        let status: UploadStatus = self.http().send(request.json(&body)?).await?.json()?;
        failpoint::hit("upload.begun");
        self.stands(flight, account, id, &status).await
    }

    pub(super) async fn ask_upload(&self, flight: FlightId, account: Uuid, id: Uuid) -> Result<Event, Failure> {
        let access = self.authorised.token(account).await?;
        let path = format!("/v1/uploads/{id}");
        let request = Request { bearer: Some(&access), ..Request::new(Method::HEAD, &path) };
        let answer = self.http().send(request).await.map_err(gone)?;
        let offset = answer.offset.ok_or_else(|| Failure::of(Class::NotOurServer))?;
        self.stored(account, id, offset).await;
        Ok(Event::UploadStands { flight, offset })
    }

    pub(super) async fn send_part(
        &self,
        flight: FlightId,
        account: Uuid,
        id: Uuid,
        (offset, bytes): (u64, u64),
    ) -> Result<Event, Failure> {
        let Some(row) = self.row(account, id).await? else { return Ok(Event::UploadEnded { flight }) };
        let part = self.store().read_part(&row.file, offset, bytes).await.map_err(local)?;
        let Some(part) = part.filter(|part| part.len() as u64 == bytes) else {
            return self.file_changed(flight, account, id).await;
        };
        let access = self.authorised.token(account).await?;
        let path = format!("/v1/uploads/{id}");
        let part = Some(Part { bytes: part, offset });
        let request = Request { bearer: Some(&access), part, ..Request::new(Method::PATCH, &path) };
        failpoint::hit("part.ready");
        let answer = self.http().send(request).await?;
        let offset = answer.offset.ok_or_else(|| Failure::of(Class::NotOurServer))?;
        failpoint::hit("part.answered");
        self.stored(account, id, offset).await;
        Ok(Event::UploadStands { flight, offset })
    }

    pub(super) async fn complete_upload(&self, flight: FlightId, account: Uuid, id: Uuid) -> Result<Event, Failure> {
        let access = self.authorised.token(account).await?;
        let path = format!("/v1/uploads/{id}/complete");
        let request = Request { bearer: Some(&access), ..Request::new(Method::POST, &path) };
        let status: UploadStatus = self.http().send(request).await?.json()?;
        failpoint::hit("upload.completed");
        self.stands(flight, account, id, &status).await
    }

    pub(super) async fn park_upload(
        &self,
        flight: FlightId,
        account: Uuid,
        id: Uuid,
        problem: &Problem,
    ) -> Result<Event, Failure> {
        tracing::warn!(upload = %id, code = ?problem.code, "central refuses this upload; it needs the person");
        let code = serde_json::to_value(problem.code).ok();
        let code = code.as_ref().and_then(|code| code.as_str()).unwrap_or("unknown");
        self.store().park_upload(account, id, code).await.map_err(local)?;
        self.view.tell(SyncEvent::Uploads);
        Ok(Event::UploadEnded { flight })
    }

    async fn row(&self, account: Uuid, id: Uuid) -> Result<Option<Upload>, Failure> {
        self.store().upload(account, id).await.map_err(local)
    }

    async fn stands(&self, flight: FlightId, account: Uuid, id: Uuid, status: &UploadStatus) -> Result<Event, Failure> {
        if status.complete {
            self.store().upload_complete(account, id).await.map_err(local)?;
            failpoint::hit("upload.stored");
            self.view.tell(SyncEvent::Uploads);
            return Ok(Event::UploadEnded { flight });
        }
        self.stored(account, id, status.offset).await;
        Ok(Event::UploadStands { flight, offset: status.offset })
    }

    /// For the window after a restart; central's word is what counts.
    async fn stored(&self, account: Uuid, id: Uuid, offset: u64) {
        if let Err(error) = self.store().upload_sent(account, id, offset).await {
            tracing::debug!(%error, "the progress of an upload is not stored");
        }
    }

    /// Fault 62: the bytes are not those that were announced any more.
    async fn file_changed(&self, flight: FlightId, account: Uuid, id: Uuid) -> Result<Event, Failure> {
        tracing::error!(upload = %id, "the file of an upload is gone or changed; it needs the person");
        self.store().park_upload(account, id, FILE_CHANGED).await.map_err(local)?;
        self.view.tell(SyncEvent::Uploads);
        Ok(Event::UploadEnded { flight })
    }
}

fn pending(row: Upload) -> PendingUpload {
    PendingUpload {
        id: row.id,
        document: row.document,
        command: row.command,
        bytes: row.file.bytes,
        sent: row.sent,
        parked: row.state == UploadState::Parked,
        released: row.released,
    }
}

/// An answer to `HEAD` has no body: its status says what a problem would.
fn gone(failure: Failure) -> Failure {
    let missing = failure.genuine && failure.problem.as_ref().is_some_and(|problem| problem.status == 404);
    if !missing {
        return failure;
    }
    let problem = Problem::new(ProblemCode::UploadGone, 404, "the upload is unknown or forgotten");
    Failure { class: Class::Permanent, problem: Some(Box::new(problem)), ..failure }
}
