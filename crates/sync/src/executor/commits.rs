//! Effects that are transactions of the store. The outbox of the events is read by the engine. A commit that fails leaves
//! the store as it was: its commands are put back by a later push, and the same answer will come again.

use std::time::Duration;

use prakerja_protocol::problem::Problem;
use prakerja_protocol::sync::{Change, CommandResult, CommandStatus, Op, Page, SnapshotPage, state_hash};
use prakerja_store::{CatalogueUpdate, FeedChange, FeedPage, SnapshotStep, StoreError};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::worker::Worker;
use super::{SyncEvent, requests};
use crate::clock::{later_ms, wall_ms};
use crate::core::{Event, FlightId, Pending};
use crate::failpoint;
use crate::failure::{Class, Failure};
use crate::receipts;
use crate::refresh::local;

/// Name of the fact that counts receipts that did not verify.
const FORGED: &str = "unverified_receipts";
/// Kind of the records that answer uploads.
const DOCUMENT: &str = "document";

impl Worker {
    pub(super) async fn commit_push(
        &self,
        flight: FlightId,
        account: Uuid,
        results: Vec<CommandResult>,
        unanswered: &[Uuid],
    ) -> Result<Event, Failure> {
        let pinned = self.store().account(account).await.map_err(local)?.and_then(|account| account.receipt_key);
        let key = pinned.as_deref().and_then(receipts::pinned);
        let mut outcomes = Vec::new();
        let mut forged = 0_u32;
        for result in results {
            if result.status.is_final() {
                let row = self.store().command(account, result.id).await.map_err(local)?;
                let fingerprint = row.as_ref().map(|row| requests::envelope(row).fingerprint());
                let outcome = receipts::outcome(result, account, fingerprint, key.as_ref());
                forged += u32::from(outcome.forged);
                outcomes.push(outcome.stored);
            } else {
                self.keep_open(account, &result).await.map_err(local)?;
            }
        }
        failpoint::hit("push.kept-open");
        if !unanswered.is_empty() {
            self.store().put_back(account, unanswered, "network", None, 0, true).await.map_err(local)?;
        }
        if failpoint::fails("push.named") {
            return Err(Failure::of(Class::Local));
        }
        self.store().record_results(account, &outcomes, wall_ms()).await.map_err(local)?;
        failpoint::hit("push.committed");
        // A document whose announcement was refused is not sent.
        if outcomes.iter().any(|outcome| !matches!(outcome.status.as_str(), "applied" | "waitlisted")) {
            self.settle_uploads(account).await;
        }
        if forged > 0 {
            self.count_forged(account, forged).await;
        }
        self.view.tell(SyncEvent::Outbox);
        Ok(Event::PushCommitted { flight, rows: Vec::new() })
    }

    /// `blocked`, `retry`, `hold`: the command stays, with central's words. The core decides when to send it again; the time
    /// beside them is what central asked for, to be shown.
    async fn keep_open(&self, account: Uuid, result: &CommandResult) -> Result<(), StoreError> {
        let problem = result.problem.as_ref().and_then(|problem| serde_json::to_value(problem).ok());
        let (word, ids) = (result.status.as_str(), [result.id]);
        let next_at = result.retry_after_ms.map_or(0, |wait| later_ms(Duration::from_millis(wait)));
        match result.status {
            CommandStatus::Blocked => self.store().block(account, &ids, word, problem.as_ref(), next_at).await?,
            _ => self.store().put_back(account, &ids, word, problem.as_ref(), next_at, false).await?,
        };
        Ok(())
    }

    async fn count_forged(&self, account: Uuid, more: u32) {
        tracing::error!(more, "receipts do not verify with the pinned key; the results are kept without them");
        let before = self.store().fact(account, FORGED).await.ok().flatten();
        let before: u32 = before.and_then(|text| text.parse().ok()).unwrap_or(0);
        let count = before.saturating_add(more);
        self.view.forged(count);
        if let Err(error) = self.store().set_fact(account, FORGED, Some(&count.to_string())).await {
            tracing::error!(%error, "their number could not be stored");
        }
    }

    pub(super) async fn commit_park(
        &self,
        flight: FlightId,
        account: Uuid,
        command: Uuid,
        problem: &Problem,
    ) -> Result<Event, Failure> {
        tracing::warn!(%command, code = ?problem.code, "central refuses this command as it is; it needs the person");
        let words = serde_json::to_value(problem).ok();
        failpoint::hit("park.named");
        self.store().park(account, &[command], "permanent", words.as_ref()).await.map_err(local)?;
        failpoint::hit("park.committed");
        self.view.tell(SyncEvent::Outbox);
        Ok(Event::PushCommitted { flight, rows: Vec::new() })
    }

    pub(super) async fn commit_page(&self, flight: FlightId, account: Uuid, page: Page) -> Result<Event, Failure> {
        let changes = page.changes.into_iter().map(change).collect();
        let stored = FeedPage { epoch: page.epoch, cursor: page.cursor, changes };
        let applied = self.store().apply_page(account, &stored, wall_ms()).await.map_err(local)?;
        failpoint::hit("pull.committed");
        let digest_fits = match page.state_hash {
            None => None,
            Some(told) => {
                let live = self.store().live_records(account).await.map_err(local)?;
                let fits = told == state_hash(live.iter().map(|(kind, id, rev)| (kind.as_str(), *id, *rev)));
                if !fits {
                    tracing::warn!(records = live.len(), "the records differ from central's");
                }
                Some(fits)
            }
        };
        if stored.changes.iter().any(|change| change.kind == DOCUMENT) {
            self.settle_uploads(account).await;
        }
        if !stored.changes.is_empty() {
            // A change may settle a command although no record is newer: both are read again.
            self.view.tell(SyncEvent::Records { kinds: applied.kinds });
            self.view.tell(SyncEvent::Outbox);
        }
        Ok(Event::PageCommitted { flight, digest_fits, rows: Vec::new() })
    }

    pub(super) async fn commit_snapshot(
        &self,
        flight: FlightId,
        account: Uuid,
        page: SnapshotPage,
    ) -> Result<Event, Failure> {
        let page = prakerja_store::SnapshotPage {
            epoch: page.epoch,
            as_of_seq: page.as_of_seq,
            records: page.records.into_iter().map(change).collect(),
            next: page.next,
            cursor: page.cursor,
        };
        let step = self.store().apply_snapshot_page(account, &page, wall_ms()).await.map_err(local)?;
        failpoint::hit("snapshot.committed");
        if step == SnapshotStep::Swapped {
            self.settle_uploads(account).await;
            let kinds = page.records.into_iter().map(|record| record.kind).collect();
            self.view.tell(SyncEvent::Records { kinds });
            self.view.tell(SyncEvent::Outbox);
        }
        Ok(Event::SnapshotCommitted { flight, rows: Vec::new() })
    }

    pub(super) async fn find_replay(&self, flight: FlightId, account: Uuid, after_seq: i64) -> Result<Event, Failure> {
        let mut rows = self.store().replayable_receipts(account, after_seq).await.map_err(local)?;
        // Sequences of two epochs do not compare; the order in which the commands were made always does.
        rows.sort_by_key(|row| row.position);
        tracing::warn!(commands = rows.len(), after_seq, "central was restored; what it may have lost is sent again");
        let commands = rows.into_iter().map(|row| Pending {
            bytes: requests::size(&row),
            id: row.id,
            lane: row.lane,
            depends_on: row.depends_on,
            parked: false,
            withdrawn: false,
        });
        Ok(Event::ReplayFound { flight, commands: commands.collect() })
    }

    pub(super) async fn commit_catalogue(
        &self,
        flight: FlightId,
        catalogue: &CatalogueUpdate,
        token: &CancellationToken,
    ) -> Option<Result<Event, Failure>> {
        let mut applied = self.store().apply_catalogue(catalogue, wall_ms()).await;
        if matches!(applied, Err(StoreError::WrongBase)) {
            // A delta for another catalogue than the stored one: everything, at once.
            match token.run_until_cancelled(self.fetch_catalogue(None)).await? {
                Ok(Some(whole)) => applied = self.store().apply_catalogue(&whole, wall_ms()).await,
                Ok(None) => return Some(Ok(Event::CatalogueCommitted { flight })),
                Err(failure) => return Some(Err(failure)),
            }
        }
        match applied {
            Ok(applied) if applied.unreadable > 0 => {
                tracing::warn!(trainings = applied.unreadable, "some trainings are of a newer kind");
            }
            Ok(_) => {}
            Err(error) => return Some(Err(local(error))),
        }
        self.view.tell(SyncEvent::Catalogue);
        Some(Ok(Event::CatalogueCommitted { flight }))
    }
}

fn change(change: Change) -> FeedChange {
    FeedChange {
        seq: change.seq,
        kind: change.kind,
        id: change.id,
        rev: change.rev,
        data: change.data.filter(|_| change.op == Op::Put),
        by: change.by,
    }
}
