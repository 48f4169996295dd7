//! Documents in the model: what central has of each, and what the computer still has to send.

use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_sync::core::{Event, FlightId, PendingUpload};
use prakerja_sync::failure::{self, Failure};
use rand::Rng;
use uuid::Uuid;

use crate::client::Disk;
use crate::server::Server;
use crate::world::World;

/// A step of an upload on the wire.
#[derive(Debug, Clone, Copy)]
pub(crate) enum UploadStep {
    Begin,
    Status,
    Part { offset: u64, bytes: u64 },
    Complete,
}

/// A document that was announced.
#[derive(Debug, Clone)]
pub(crate) struct Awaited {
    bytes: u64,
    /// Bytes that are here; `None` while the upload is not begun, or forgotten.
    stored: Option<u64>,
    /// How often its content was taken.
    taken: u32,
}

impl Awaited {
    pub(crate) fn new(bytes: u64) -> Self {
        Self { bytes, stored: None, taken: 0 }
    }
}

/// What central answers: bytes that it has, and whether that is all.
type Stands = (u64, bool);

impl Server {
    pub(crate) fn upload(&mut self, access: u32, upload: Uuid, step: UploadStep) -> Result<Stands, Failure> {
        self.may(access)?;
        let unknown = if matches!(step, UploadStep::Begin) { ProblemCode::NotFound } else { ProblemCode::UploadGone };
        let awaited = self.durable.awaited.get_mut(&upload).ok_or_else(|| Self::problem(unknown, 404))?;
        if awaited.taken > 0 {
            return Ok((awaited.bytes, true));
        }
        let elsewhere = |stored: u64| {
            let problem = Problem::new(ProblemCode::UploadOffset, 409, "model").with_detail("offset", stored);
            failure::from_problem(409, problem, None)
        };
        if matches!(step, UploadStep::Begin) {
            return Ok((*awaited.stored.get_or_insert(0), false));
        }
        let stored = awaited.stored.as_mut().ok_or_else(|| Self::problem(ProblemCode::UploadGone, 404))?;
        match step {
            UploadStep::Begin | UploadStep::Status => Ok((*stored, false)),
            UploadStep::Part { offset, .. } if offset != *stored => Err(elsewhere(*stored)),
            UploadStep::Part { bytes, .. } => {
                assert!(bytes > 0 && *stored + bytes <= awaited.bytes, "a part is inside of its document");
                *stored += bytes;
                Ok((*stored, false))
            }
            UploadStep::Complete if *stored < awaited.bytes => Err(elsewhere(*stored)),
            UploadStep::Complete => {
                awaited.taken += 1;
                let bytes = awaited.bytes;
                self.answer_document(upload);
                Ok((bytes, true))
            }
        }
    }

    fn answer_document(&mut self, document: Uuid) {
        self.durable.seq += 1;
        let seq = self.durable.seq;
        if let Some(record) = self.durable.records.get_mut(&("document", document)) {
            (record.rev, record.seq) = (record.rev + 1, seq);
        }
    }
}

/// A document on its way, on disk.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    id: Uuid,
    command: Uuid,
    bytes: u64,
    parked: bool,
    released: bool,
    /// Epoch in which central had every byte.
    complete: Option<Uuid>,
}

impl Disk {
    pub(crate) fn add_upload(&mut self, id: Uuid, command: Uuid, bytes: u64) {
        self.uploads.push(Upload { id, command, bytes, parked: false, released: false, complete: None });
    }

    pub(crate) fn pending_uploads(&self) -> Vec<PendingUpload> {
        let epoch = self.feed.as_ref().map(|(epoch, _)| *epoch);
        let open = self.uploads.iter().filter(|upload| upload.complete.is_none() || upload.complete != epoch);
        open.map(|upload| PendingUpload {
            id: upload.id,
            document: upload.id,
            command: upload.command,
            bytes: upload.bytes,
            sent: 0,
            parked: upload.parked,
            released: upload.released,
        })
        .collect()
    }

    pub(crate) fn complete_upload(&mut self, id: Uuid) {
        let epoch = self.feed.as_ref().map(|(epoch, _)| *epoch);
        for upload in self.uploads.iter_mut().filter(|upload| upload.id == id) {
            upload.complete = epoch;
        }
    }

    pub(crate) fn park_upload(&mut self, id: Uuid) {
        for upload in self.uploads.iter_mut().filter(|upload| upload.id == id) {
            upload.parked = true;
        }
    }

    /// The person wants what is there now sent.
    pub(crate) fn send_uploads_now(&mut self) {
        self.uploads.iter_mut().for_each(|upload| upload.released = true);
    }

    /// The person lets parked ones go on. True when there were some.
    pub(crate) fn release_uploads(&mut self) -> bool {
        let parked = self.uploads.iter().any(|upload| upload.parked);
        self.uploads.iter_mut().for_each(|upload| upload.parked = false);
        parked
    }

    /// Central's record has an answer: the bytes are not needed any more.
    pub(crate) fn settle_uploads(&mut self) {
        let records = &self.records;
        let answered =
            |id: Uuid| records.get(&("document".to_owned(), id)).is_some_and(|(rev, live)| *live && *rev >= 2);
        self.answered.extend(self.uploads.iter().map(|upload| upload.id).filter(|id| answered(*id)));
        self.uploads.retain(|upload| !answered(upload.id));
    }
}

impl World {
    /// Puts a step of an upload on the road.
    pub(crate) fn ask_upload(&mut self, flight: FlightId, upload: Uuid, step: UploadStep) {
        assert!(self.upload_flights.is_empty(), "one at a time");
        assert!(self.disk.open.iter().all(|row| !announces(row, upload)), "not before it is announced");
        self.saw(match step {
            UploadStep::Begin => "upload begun",
            UploadStep::Status => "upload asked for",
            UploadStep::Part { .. } => "part of an upload",
            UploadStep::Complete => "upload complete",
        });
        self.upload_flights.insert(flight, upload);
        let access = self.disk.access;
        self.send_upload(flight, access, upload, step);
    }

    /// A step of an upload arrives at central.
    pub(crate) fn arrive_upload(
        &mut self,
        flight: FlightId,
        access: u32,
        upload: Uuid,
        step: UploadStep,
    ) -> Result<Event, Failure> {
        if self.rough && self.rng.gen_ratio(1, 60) {
            // Central forgets it: it expired.
            if let Some(awaited) = self.server.durable.awaited.get_mut(&upload) {
                awaited.stored = None;
            }
        }
        if self.rough && matches!(step, UploadStep::Begin) && self.rng.gen_ratio(1, 100) {
            return Err(Server::problem(ProblemCode::IdempotencyKeyReused, 409));
        }
        match self.server.upload(access, upload, step) {
            Ok((_, true)) => Ok(Event::UploadEnded { flight }),
            Ok((offset, false)) => Ok(Event::UploadStands { flight, offset }),
            Err(failure) => {
                match failure.problem.as_ref().map(|problem| problem.code) {
                    Some(ProblemCode::UploadGone) => self.saw("upload gone"),
                    Some(ProblemCode::UploadOffset) => self.saw("upload stands elsewhere"),
                    Some(ProblemCode::NotFound) => self.saw("document unknown"),
                    _ => {}
                }
                Err(failure)
            }
        }
    }

    /// After quiet central has all of every document, once; but for those that it had, told of, and lost by a restore.
    pub(crate) fn assert_documents_are_whole(&self) {
        for (id, awaited) in &self.server.durable.awaited {
            let told = self.disk.answered.contains(id);
            assert!(awaited.taken <= 1, "taken once: {awaited:?}");
            assert!(awaited.taken == 1 || told, "whole, or answered before: {awaited:?}");
        }
    }
}

fn announces(row: &crate::client::Row, upload: Uuid) -> bool {
    matches!(row.command.what, crate::server::What::Attach { upload: announced, .. } if announced == upload)
}
