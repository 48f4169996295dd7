//! What a spawned task does: one request or one commit, and one event at its end.

use std::sync::Arc;
use std::time::Duration;

use prakerja_store::{OutboxState, Store, StoreError};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::view::View;
use super::{Message, requests};
use crate::clock::wall_ms;
use crate::core::{Effect, Event, FlightId, Known, Pending, Session};
use crate::failpoint;
use crate::failure::{Class, Failure};
use crate::http::Http;
use crate::refresh::Authorised;

/// What every spawned task needs.
#[derive(Clone)]
pub(super) struct Worker {
    pub(super) authorised: Authorised,
    pub(super) view: Arc<View>,
    pub(super) messages: mpsc::UnboundedSender<Message>,
}

/// What the store knows when the core begins.
pub(super) struct Opening {
    pub(super) account: Option<Uuid>,
    pub(super) session: Session,
    pub(super) rows: Vec<Pending>,
    pub(super) feed: Known,
    pub(super) last_sync_at: Option<i64>,
}

impl Worker {
    pub(super) fn store(&self) -> &Store {
        &self.authorised.store
    }

    pub(super) fn http(&self) -> &Http {
        &self.authorised.http
    }

    pub(super) fn skew_ms(&self) -> Option<i64> {
        self.http().clock().skew_ms()
    }

    pub(super) async fn opening(&self) -> Result<Opening, StoreError> {
        let Some(account) = self.store().current_account().await? else {
            return Ok(Opening {
                account: None,
                session: Session::SignedOut,
                rows: Vec::new(),
                feed: Known::default(),
                last_sync_at: None,
            });
        };
        let feed = self.store().feed(account.id).await?;
        let snapshot = self.store().snapshot_progress(account.id).await?;
        let epoch = snapshot.as_ref().map(|s| s.epoch).or(feed.as_ref().map(|f| f.epoch)).or(account.epoch);
        Ok(Opening {
            account: Some(account.id),
            session: if account.tokens.is_some() { Session::Active } else { Session::Ended },
            rows: self.rows(account.id).await?,
            last_sync_at: feed.as_ref().map(|feed| feed.as_of),
            feed: Known { epoch, cursor: feed.is_some(), snapshot: snapshot.map(|s| s.next) },
        })
    }

    /// The outbox as the core sees it.
    pub(super) async fn rows(&self, account: Uuid) -> Result<Vec<Pending>, StoreError> {
        let rows = self.store().waiting(account).await?;
        let withdrawn = self.store().voiding(account).await?;
        let oldest = rows.first().map_or(0, |row| wall_ms().saturating_sub(row.created_at));
        let waiting = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        self.http().set_outbox(waiting, Duration::from_millis(u64::try_from(oldest).unwrap_or(0)));
        let pending = rows.into_iter().map(|row| Pending {
            bytes: requests::size(&row),
            id: row.id,
            lane: row.lane,
            depends_on: row.depends_on,
            parked: matches!(row.state, OutboxState::Parked | OutboxState::Held),
            withdrawn: withdrawn.iter().any(|(_, target)| *target == row.id),
        });
        Ok(pending.collect())
    }

    /// Does one thing and says how it ended; `None` when it was given up.
    pub(super) async fn work(&self, account: Option<Uuid>, work: Effect, token: &CancellationToken) -> Option<Event> {
        let flight = flight_of_work(&work);
        // The session that the request is made in: the only one that its answer can end.
        let session = self.session(account).await;
        let done = match (work, account) {
            (Effect::Catalogue { .. }, _) => token.run_until_cancelled(self.catalogue(flight)).await?,
            (Effect::CommitCatalogue { catalogue, .. }, _) => self.commit_catalogue(flight, &catalogue, token).await?,
            // Nobody is signed in any more: the core hears of it by an event of its own.
            (_, None) => return None,
            (Effect::Push { commands, epoch, .. }, Some(account)) => {
                self.push(flight, account, &commands, epoch, token).await?
            }
            (Effect::Pull { wait, .. }, Some(account)) => {
                token.run_until_cancelled(self.pull(flight, account, wait)).await?
            }
            (Effect::Snapshot { page, .. }, Some(account)) => {
                token.run_until_cancelled(self.snapshot(flight, account, page)).await?
            }
            // Given up in the middle, the same token asks again and gets the same pair (fault 24).
            (Effect::Refresh { .. }, Some(account)) => token.run_until_cancelled(self.refresh(flight, account)).await?,
            (Effect::BeginUpload { upload, .. }, Some(account)) => {
                token.run_until_cancelled(self.begin_upload(flight, account, upload)).await?
            }
            (Effect::AskUpload { upload, .. }, Some(account)) => {
                token.run_until_cancelled(self.ask_upload(flight, account, upload)).await?
            }
            (Effect::SendPart { upload, offset, bytes, .. }, Some(account)) => {
                token.run_until_cancelled(self.send_part(flight, account, upload, (offset, bytes))).await?
            }
            (Effect::CompleteUpload { upload, .. }, Some(account)) => {
                token.run_until_cancelled(self.complete_upload(flight, account, upload)).await?
            }
            (Effect::ParkUpload { upload, problem, .. }, Some(account)) => {
                self.park_upload(flight, account, upload, &problem).await
            }
            (Effect::CommitPush { results, unanswered, .. }, Some(account)) => {
                self.commit_push(flight, account, results, &unanswered).await
            }
            (Effect::Park { command, problem, .. }, Some(account)) => {
                self.commit_park(flight, account, command, &problem).await
            }
            (Effect::CommitPage { page, .. }, Some(account)) => self.commit_page(flight, account, *page).await,
            (Effect::CommitSnapshot { page, .. }, Some(account)) => self.commit_snapshot(flight, account, *page).await,
            (Effect::Replay { after_seq, .. }, Some(account)) => self.find_replay(flight, account, after_seq).await,
            (Effect::Abort { .. } | Effect::DropConnections | Effect::Schedule { .. } | Effect::Notify(_), _) => {
                return None;
            }
        };
        // Also a refusal tells the time.
        self.save_anchor().await;
        Some(match done {
            Ok(event) => event,
            Err(failure) => {
                if failure.class == Class::SessionRevoked {
                    self.session_ended(account, session).await;
                }
                failed(flight, failure)
            }
        })
    }

    /// What central told of its time, when it is news: for later runs of the app.
    async fn save_anchor(&self) {
        if let Err(error) = self.http().clock().save(self.store()).await {
            tracing::warn!(%error, "central's time could not be stored");
        }
    }

    async fn session(&self, account: Option<Uuid>) -> Option<Uuid> {
        self.store().account(account?).await.ok().flatten()?.session
    }

    /// Central ended the session: the tokens are forgotten, everything else stays.
    async fn session_ended(&self, account: Option<Uuid>, session: Option<Uuid>) {
        failpoint::hit("session.ending");
        // A session that could not be read is not ended: the one that is open by now may be another.
        if let Some((account, session)) = account.zip(session)
            && let Err(error) = self.store().end_session(account, Some(session)).await
        {
            tracing::error!(%error, "the end of the session could not be stored");
        }
        failpoint::hit("session.ended");
        let _ = self.messages.send(Message::AccountEnded);
    }
}

pub(super) fn failed(flight: FlightId, failure: Failure) -> Event {
    Event::Failed { flight, failure: Box::new(failure) }
}

pub(super) fn flight_of_work(work: &Effect) -> FlightId {
    match work {
        Effect::Push { flight, .. }
        | Effect::CommitPush { flight, .. }
        | Effect::Park { flight, .. }
        | Effect::Pull { flight, .. }
        | Effect::CommitPage { flight, .. }
        | Effect::Snapshot { flight, .. }
        | Effect::CommitSnapshot { flight, .. }
        | Effect::Replay { flight, .. }
        | Effect::Catalogue { flight }
        | Effect::CommitCatalogue { flight, .. }
        | Effect::BeginUpload { flight, .. }
        | Effect::AskUpload { flight, .. }
        | Effect::SendPart { flight, .. }
        | Effect::CompleteUpload { flight, .. }
        | Effect::ParkUpload { flight, .. }
        | Effect::Refresh { flight }
        | Effect::Abort { flight } => *flight,
        Effect::DropConnections | Effect::Schedule { .. } | Effect::Notify(_) => 0,
    }
}
