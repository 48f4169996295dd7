//! Effects that go over the network.

use std::time::Duration;

use prakerja_protocol::limits;
use prakerja_protocol::seen;
use prakerja_protocol::sync::{ClockEvidence, CommandEnvelope, Page, Push, Pushed, SnapshotPage};
use prakerja_store::{CatalogueUpdate, OutboxRow, OutboxState};
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::worker::Worker;
use crate::clock::{later_ms, wall_ms};
use crate::core::{Event, FlightId};
use crate::failpoint;
use crate::failure::{Class, Failure};
use crate::http::{Answer, Marks, Request};
use crate::refresh::local;

/// Bytes of an envelope around its payload, generously.
const ENVELOPE: usize = 512;

/// Size of a command on the wire, about.
pub(super) fn size(row: &OutboxRow) -> usize {
    let receipt = row.receipt.as_ref().and_then(|receipt| receipt.text.as_ref()).map_or(0, String::len);
    row.payload.to_string().len() + row.lane.len() + receipt + ENVELOPE
}

/// A command as it travels. Everything in it was frozen when it was sent first; one that was received once and is sent
/// again after a restore of central brings its receipt.
pub(super) fn envelope(row: &OutboxRow) -> CommandEnvelope {
    CommandEnvelope {
        id: row.id,
        kind: row.kind.clone(),
        v: row.v,
        lane: row.lane.clone(),
        base_rev: row.base_rev,
        depends_on: row.depends_on.clone(),
        payload: row.payload.clone(),
        clock: serde_json::from_value::<ClockEvidence>(row.clock.clone()).unwrap_or_default(),
        receipt: row.receipt.as_ref().and_then(|receipt| receipt.text.clone()),
        seen: row.turned_away.clone(),
    }
}

/// The catalogue as it is stored: trainings verbatim, with members that this version does not know.
#[derive(Deserialize)]
struct Raw {
    version: i64,
    #[serde(default)]
    base: Option<i64>,
    trainings: Vec<Value>,
    #[serde(default)]
    gone: Vec<Uuid>,
    waves: Value,
    rollout_provinces: Vec<String>,
    #[serde(default)]
    programme: Option<Value>,
}

impl Worker {
    /// Freezes and sends a batch. `None` when it was given up: then it waits in the outbox again.
    pub(super) async fn push(
        &self,
        flight: FlightId,
        account: Uuid,
        commands: &[Uuid],
        epoch: Option<Uuid>,
        token: &CancellationToken,
    ) -> Option<Result<Event, Failure>> {
        failpoint::hit("push.planned");
        let (frozen, batch) = match self.freeze(account, commands).await {
            Ok(batch) => batch,
            Err(failure) => return Some(Err(failure)),
        };
        failpoint::hit("push.frozen");
        if batch.is_empty() {
            // One push at a time, and this one sends nothing: what still counts as sent was left behind by a commit or a
            // put-back that failed.
            let recovered = self.store().recover().await.map_err(local);
            return Some(recovered.map(|_| Event::PushEmpty { flight, rows: Vec::new() }));
        }
        let body = Push { device: self.http().device(), epoch, batch: Uuid::now_v7(), commands: batch };
        let sent = token.run_until_cancelled(self.send_push(account, &body)).await;
        match sent {
            Some(Ok(pushed)) => {
                failpoint::hit("push.answered");
                Some(Ok(Event::PushAnswered { flight, pushed: Box::new(pushed) }))
            }
            Some(Err(failure)) => {
                self.put_back(account, &frozen, &failure).await;
                Some(Err(failure))
            }
            None => {
                self.put_back(account, &frozen, &Failure::timed_out()).await;
                None
            }
        }
    }

    /// Marks what may be sent and gives the bytes; what was received before (a replay) is only read.
    async fn freeze(&self, account: Uuid, commands: &[Uuid]) -> Result<(Vec<Uuid>, Vec<CommandEnvelope>), Failure> {
        let marked = self.store().mark_sending(account, commands, wall_ms()).await.map_err(local)?;
        let mut batch = Vec::with_capacity(commands.len());
        for id in commands {
            if let Some(row) = marked.iter().find(|row| row.id == *id) {
                batch.push(envelope(row));
            } else if let Some(row) = self.store().command(account, *id).await.map_err(local)?
                && row.state == OutboxState::Done
            {
                batch.push(envelope(&row));
            }
        }
        Ok((marked.iter().map(|row| row.id).collect(), batch))
    }

    async fn send_push(&self, account: Uuid, body: &Push) -> Result<Pushed, Failure> {
        let access = self.authorised.token(account).await?;
        let urgent: Vec<&CommandEnvelope> =
            body.commands.iter().filter(|command| seen::has_deadline(&command.kind)).collect();
        let command_digests = seen::ask(urgent.iter().copied());
        let request = Request { bearer: Some(&access), command_digests, ..Request::new(Method::POST, "/v1/sync/push") };
        let sent = self.http().send(request.json(body)?).await;
        let told = sent.as_ref().map_or_else(|failure| failure.seen.as_deref(), |answer| answer.seen.as_deref());
        if let Some(tokens) = told.and_then(|told| seen::told(told, urgent.len())) {
            self.keep_tokens(account, urgent.iter().map(|command| command.id).zip(tokens)).await;
        }
        let answer = sent?;
        let mut pushed: Pushed = answer.json()?;
        if let Some(asked) = answer.backoff {
            pushed.backoff_ms = pushed.backoff_ms.max(u64::try_from(asked.as_millis()).unwrap_or(u64::MAX));
        }
        Ok(pushed)
    }

    /// Stored before the commands are put back: with them they survive whatever happens until the next try.
    async fn keep_tokens(&self, account: Uuid, tokens: impl Iterator<Item = (Uuid, &str)>) {
        let tokens: Vec<(Uuid, String)> = tokens.map(|(command, token)| (command, token.to_owned())).collect();
        if let Err(error) = self.store().turned_away(account, &tokens).await {
            tracing::error!(%error, "central's word on when commands were turned away could not be stored");
        }
    }

    async fn put_back(&self, account: Uuid, commands: &[Uuid], failure: &Failure) {
        if commands.is_empty() {
            return;
        }
        let problem = failure.problem.as_ref().and_then(|problem| serde_json::to_value(problem).ok());
        let counts = matches!(failure.class, Class::Network | Class::Defect);
        let class = failure.class.as_str();
        if failpoint::fails("push.failed") {
            return;
        }
        let next_at = failure.retry_after.map_or(0, later_ms);
        if let Err(error) = self.store().put_back(account, commands, class, problem.as_ref(), next_at, counts).await {
            tracing::error!(%error, "a batch could not be put back; it is by a later push");
        }
        failpoint::hit("push.put-back");
    }

    pub(super) async fn pull(&self, flight: FlightId, account: Uuid, wait: Duration) -> Result<Event, Failure> {
        let access = self.authorised.token(account).await?;
        let feed = self.store().feed(account).await.map_err(local)?;
        let mut query = vec![("limit", limits::PULL_ROWS.to_string())];
        if let Some(feed) = feed {
            query.push(("cursor", feed.cursor));
        }
        if !wait.is_zero() {
            query.push(("wait", wait.as_secs().to_string()));
        }
        let request =
            Request { bearer: Some(&access), query, patience: wait, ..Request::new(Method::GET, "/v1/sync/pull") };
        let page: Page = self.http().send(request).await?.json()?;
        failpoint::hit("pull.answered");
        Ok(Event::PageAnswered { flight, page: Box::new(page) })
    }

    pub(super) async fn snapshot(
        &self,
        flight: FlightId,
        account: Uuid,
        page: Option<String>,
    ) -> Result<Event, Failure> {
        let access = self.authorised.token(account).await?;
        let query = page.map(|page| ("page", page)).into_iter().collect();
        let request = Request { bearer: Some(&access), query, ..Request::new(Method::GET, "/v1/sync/snapshot") };
        let page: SnapshotPage = self.http().send(request).await?.json()?;
        failpoint::hit("snapshot.answered");
        Ok(Event::SnapshotAnswered { flight, page: Box::new(page) })
    }

    pub(super) async fn refresh(&self, flight: FlightId, account: Uuid) -> Result<Event, Failure> {
        let access = self.authorised.token(account).await?;
        self.authorised.renew(account, &access).await?;
        Ok(Event::AuthRefreshed { flight })
    }

    pub(super) async fn catalogue(&self, flight: FlightId) -> Result<Event, Failure> {
        let known = self.store().catalogue().await.map_err(local)?.map(|info| info.version);
        let catalogue = self.fetch_catalogue(known).await?;
        if catalogue.is_none() {
            self.store().touch_catalogue(wall_ms()).await.map_err(local)?;
        }
        Ok(Event::CatalogueAnswered { flight, catalogue: catalogue.map(Box::new) })
    }

    /// What is newer than `known`; `None` when nothing is.
    pub(super) async fn fetch_catalogue(&self, known: Option<i64>) -> Result<Option<CatalogueUpdate>, Failure> {
        let answer: Answer = self
            .http()
            .send(Request {
                query: known.map(|version| ("since", version.to_string())).into_iter().collect(),
                if_none_match: known.map(|version| format!("\"{version}\"")),
                marks: Marks::Cacheable,
                ..Request::new(Method::GET, "/v1/catalogue")
            })
            .await?;
        if answer.status == 304 {
            return Ok(None);
        }
        let raw: Raw = answer.json()?;
        if known == Some(raw.version) {
            return Ok(None);
        }
        Ok(Some(CatalogueUpdate {
            version: raw.version,
            base: raw.base,
            trainings: raw.trainings,
            gone: raw.gone,
            waves: raw.waves,
            provinces: raw.rollout_provinces,
            programme: raw.programme,
        }))
    }
}
