//! Documents on their way: one at a time, part by part, after everything else (`sync.md` §3.8).
//!
//! Central's word on how many bytes it has is the only truth: after anything that went wrong it is asked again (`HEAD`, and
//! `PUT` when that does not help: its answer has the marks in the body too). A part is never larger than a sixteenth of what
//! went through since the last break, so that five breaks of an upload of ten megabytes cost less than a tenth of it; within
//! that it aims at four to eight seconds. Nothing ends an upload but central's word or the person.

use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::upload::{MAX_PART, MIN_PART};
use uuid::Uuid;

use super::config::SECOND;
use super::{Context, Effect, Flight, Millis, State};
use crate::failure::{Class, Failure};

/// A part that takes less is followed by a larger one.
const QUICK: Millis = 4 * SECOND;
/// A part that takes more is followed by a smaller one.
const SLOW: Millis = 8 * SECOND;
/// Share of what went through since the last break that one part may risk.
const RISK: u64 = 16;

/// A document that is not finished, as the core sees it; oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingUpload {
    /// The upload.
    pub id: Uuid,
    /// The document that it carries.
    pub document: Uuid,
    /// The command that announces it: nothing is sent before central has that.
    pub command: Uuid,
    /// Bytes in all.
    pub bytes: u64,
    /// Bytes that central has, as far as the store knows.
    pub sent: u64,
    /// It needs the person.
    pub parked: bool,
    /// It is sent although documents are held back: the person said so.
    pub released: bool,
}

/// What is known of the upload at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// Central may not know it.
    Unbegun,
    /// Something went wrong: central is asked how many bytes it has.
    Unsure,
    /// Central has so many bytes.
    At(u64),
}

/// The upload at work.
#[derive(Debug, Clone)]
pub(super) struct Work {
    pub(super) id: Uuid,
    pub(super) stand: Stand,
    /// Size of the next part, as far as time is concerned.
    part: u64,
    /// Bytes that went through since the last break.
    unbroken: u64,
}

/// What is under way for an upload.
#[derive(Debug, Clone)]
pub(super) struct UploadFlight {
    pub(super) flight: Flight,
    pub(super) id: Uuid,
    what: Asked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Begin,
    Status,
    Part { offset: u64, bytes: u64 },
    Complete,
    Park,
}

impl Work {
    fn new(id: Uuid) -> Self {
        Self { id, stand: Stand::Unbegun, part: MIN_PART, unbroken: 0 }
    }

    /// Bytes of the next part.
    fn next_part(&self, left: u64) -> u64 {
        let risk = (self.unbroken / RISK).max(MIN_PART);
        left.min(self.part.min(risk).clamp(MIN_PART, MAX_PART))
    }

    fn went_through(&mut self, bytes: u64, took: Millis) {
        self.unbroken = self.unbroken.saturating_add(bytes);
        if took < QUICK {
            self.part = self.part.saturating_mul(2).min(MAX_PART);
        } else if took > SLOW {
            self.part = (self.part / 2).max(MIN_PART);
        }
    }

    fn broke(&mut self) {
        self.unbroken = 0;
        self.part = MIN_PART;
        // Without an answer to the question itself it is put in the way that everything on the road understands.
        self.stand = if self.stand == Stand::Unsure { Stand::Unbegun } else { Stand::Unsure };
    }
}

impl State {
    /// Starts the next step of the first upload that may go on. Commands go before.
    pub(super) fn start_upload(&mut self, context: &mut Context<'_>, out: &mut Vec<Effect>) {
        let now = context.now;
        let Some(next) = self.next_upload(now) else {
            return;
        };
        let (id, bytes) = (next.id, next.bytes);
        if self.work.as_ref().is_none_or(|work| work.id != id) {
            self.work = Some(Work::new(id));
        }
        let Some(work) = &self.work else { return };
        let flight = self.next_flight;
        let (what, effect) = match work.stand {
            Stand::Unbegun => (Asked::Begin, Effect::BeginUpload { flight, upload: id }),
            Stand::Unsure => (Asked::Status, Effect::AskUpload { flight, upload: id }),
            Stand::At(offset) if offset >= bytes => (Asked::Complete, Effect::CompleteUpload { flight, upload: id }),
            Stand::At(offset) => {
                let part = work.next_part(bytes - offset);
                let what = Asked::Part { offset, bytes: part };
                (what, Effect::SendPart { flight, upload: id, offset, bytes: part })
            }
        };
        let flight = self.take_off(now);
        out.push(effect);
        self.upload_flight = Some(UploadFlight { flight, id, what });
    }

    /// A part that is under way ends, also when documents are held back meanwhile.
    fn next_upload(&self, now: Millis) -> Option<&PendingUpload> {
        let announced =
            |upload: &&PendingUpload| self.rows.iter().chain(&self.replay).all(|row| row.id != upload.command);
        let may_go = |upload: &&PendingUpload| !upload.parked && (upload.released || !self.uploads_held);
        let due = |upload: &&PendingUpload| !self.upload_delays.waits(upload.id, now);
        self.uploads.iter().filter(may_go).filter(due).find(announced)
    }

    pub(super) fn set_uploads(&mut self, uploads: Vec<PendingUpload>) {
        self.upload_delays.keep_ids(uploads.iter().map(|upload| upload.id));
        self.work.take_if(|work| uploads.iter().all(|upload| upload.id != work.id));
        self.uploads = uploads;
    }

    /// Central said how many bytes it has.
    pub(super) fn upload_stands(&mut self, flight: u64, offset: u64, context: &mut Context<'_>) {
        let Some(asked) = self.upload_flight.take_if(|upload| upload.flight.id == flight) else { return };
        self.let_in(asked.flight.since);
        let Some(work) = self.work.as_mut().filter(|work| work.id == asked.id) else { return };
        work.stand = Stand::At(offset);
        if let Asked::Part { offset: from, bytes } = asked.what
            && offset == from + bytes
        {
            work.went_through(bytes, context.now.saturating_sub(asked.flight.since));
        }
        if let Some(upload) = self.uploads.iter_mut().find(|upload| upload.id == asked.id) {
            upload.sent = offset.min(upload.bytes);
        }
    }

    /// Central has all of it, or it needs the person; the store knows.
    pub(super) fn upload_ended(&mut self, flight: u64, now: Millis) {
        let Some(asked) = self.upload_flight.take_if(|upload| upload.flight.id == flight) else { return };
        if asked.what != Asked::Park {
            self.let_in(asked.flight.since);
            // Central looks at it: what it found is in the feed soon.
            self.pull_due = self.pull_due.min(now);
        }
        self.work.take_if(|work| work.id == asked.id);
        // The store tells the rest; until then it must not begin again.
        self.uploads.retain(|upload| upload.id != asked.id);
    }

    /// A step of an upload failed. What the class means for session and road was done before.
    pub(super) fn upload_failed(
        &mut self,
        upload: &UploadFlight,
        failure: &Failure,
        context: &mut Context<'_>,
        out: &mut Vec<Effect>,
    ) {
        let now = context.now;
        let Some(work) = self.work.as_mut().filter(|work| work.id == upload.id) else { return };
        let before = work.stand;
        work.broke();
        let problem = failure.problem.as_deref().filter(|_| failure.genuine);
        match problem.map(|problem| problem.code) {
            Some(ProblemCode::UploadOffset) => {
                let told = failure.detail_i64("offset").and_then(|offset| u64::try_from(offset).ok());
                work.stand = told.map_or(Stand::Unsure, Stand::At);
                // An answer that was lost before is no reason to wait; the same word again would be a loop.
                if work.stand == before || told.is_none() {
                    self.upload_delays.grow(upload.id, &self.config, now, context.rng);
                }
            }
            Some(ProblemCode::UploadGone) => {
                work.stand = Stand::Unbegun;
                if before != Stand::Unsure {
                    self.upload_delays.grow(upload.id, &self.config, now, context.rng);
                }
            }
            // Another document took its place, or central was restored and does not know yet what it lost: the feed tells.
            Some(ProblemCode::NotFound) => {
                work.stand = Stand::Unbegun;
                self.pull_due = self.pull_due.min(now);
                self.upload_delays.grow(upload.id, &self.config, now, context.rng);
            }
            Some(ProblemCode::DigestMismatch) => {
                work.stand = Stand::Unsure;
                self.upload_delays.grow(upload.id, &self.config, now, context.rng);
            }
            Some(_) if refuses(failure.class) => {
                let Some(problem) = failure.problem.clone() else { return };
                let mut flight = self.take_off(now);
                flight.committing = true;
                out.push(Effect::ParkUpload { flight: flight.id, upload: upload.id, problem });
                self.upload_flight = Some(UploadFlight { flight, id: upload.id, what: Asked::Park });
            }
            // A defect of central, a size that something on the way refuses: this upload waits, whatever else goes on.
            _ if refuses(failure.class) || failure.class == Class::Defect => {
                self.upload_delays.grow(upload.id, &self.config, now, context.rng);
            }
            _ => {}
        }
    }
}

/// Classes after which the same bytes will not be taken as they are.
fn refuses(class: Class) -> bool {
    matches!(class, Class::Permanent | Class::Forbidden | Class::TooLarge | Class::UnsupportedVersion)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_grow_with_what_went_through_and_shrink_with_time() {
        let mut work = Work::new(Uuid::nil());
        assert_eq!(work.next_part(10 << 20), MIN_PART);
        assert_eq!(work.next_part(100), 100, "the last one is as small as it is");
        work.went_through(MIN_PART, 100);
        assert_eq!(work.next_part(10 << 20), MIN_PART, "not much went through yet");
        for _ in 0..8 {
            work.went_through(1 << 20, 100);
        }
        assert_eq!(work.next_part(10 << 20), (8 << 20) / RISK + MIN_PART / RISK);
        work.went_through(1 << 20, 20 * SECOND);
        work.went_through(1 << 20, 20 * SECOND);
        assert_eq!(work.next_part(10 << 20), 256 << 10, "eight seconds are enough");
        work.broke();
        assert_eq!(work.next_part(10 << 20), MIN_PART);
        for _ in 0..40 {
            work.went_through(1 << 20, 100);
        }
        assert_eq!(work.next_part(10 << 20), MAX_PART);
    }

    /// The bound that `sync.md` asks for (W8): ten megabytes, five breaks wherever they hurt most.
    #[test]
    fn five_breaks_in_ten_megabytes_cost_less_than_a_tenth() {
        let bytes: u64 = 10 << 20;
        for gap in (1..=40).map(|n| n * (bytes / 41)) {
            let (mut work, mut offset, mut wasted, mut breaks, mut since) = (Work::new(Uuid::nil()), 0, 0, 0, 0);
            while offset < bytes {
                let part = work.next_part(bytes - offset);
                if breaks < 5 && since + part > gap {
                    // The last byte of the part is what does not arrive.
                    wasted += part;
                    breaks += 1;
                    since = 0;
                    work.broke();
                } else {
                    offset += part;
                    since += part;
                    work.went_through(part, 10);
                }
            }
            assert!(wasted * 10 <= bytes, "{wasted} of {bytes} with a break every {gap}");
        }
    }
}
