//! `POST /v1/sync/push`: queues a batch for the writer and waits for its commit.

use axum::Extension;
use axum::extract::State;
use prakerja_protocol::limits;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::{CommandStatus, Push, Pushed};
use tokio::sync::oneshot;

use super::carry::{Sender, waiting};
use super::outcome::Outcome;
use super::pull::restored;
use super::writer::{Done, Job};
use super::{Engine, TurnedAway, feed};
use crate::error::{ApiError, ApiResult};
use crate::request::{Arrival, Json, Reply};
use crate::signed_in::SignedIn;
use crate::state::Central;

pub(super) async fn push(
    State(central): State<Central>,
    arrival: Arrival,
    who: SignedIn,
    Json(push): Json<Push>,
) -> ApiResult<(Option<Extension<TurnedAway>>, Reply<Pushed>)> {
    if push.commands.is_empty() || push.commands.len() > limits::PUSH_COMMANDS {
        return Err(ApiError::new(ProblemCode::Malformed, 400, "a batch has 1 to 50 commands"));
    }
    if push.epoch.is_some_and(|epoch| epoch != central.epoch) {
        let mut tx = central.db.read().begin().await?;
        let head = feed::head(&mut tx, who.person).await?;
        return Err(restored(&mut tx, central.epoch, head).await?.into());
    }
    let engine = central.sync.get().ok_or_else(|| ApiError::defect("no sync engine"))?;
    let sender = Sender { person: who.person, device: who.device, received_at: arrival.received_at };
    let done = carry_out(engine, sender, &push).await?;
    let pushed = Pushed {
        epoch: central.epoch,
        server_ms: central.clock.now_ms(),
        results: done.results,
        backoff_ms: engine.backoff_ms(),
        pull_hint: done.head,
    };
    let turned_away = pushed.results.iter().any(|result| result.status == CommandStatus::Retry);
    Ok((turned_away.then_some(Extension(TurnedAway)), Reply::ok(pushed)))
}

async fn carry_out(engine: &Engine, sender: Sender, push: &Push) -> ApiResult<Done> {
    // At most 50, so the conversion cannot fail.
    let size = u32::try_from(push.commands.len()).unwrap_or(u32::MAX);
    let Ok(room) = engine.room.clone().try_acquire_many_owned(size) else {
        let wait = engine.wait_ms();
        let results =
            push.commands.iter().map(|command| match Outcome::retry(ProblemCode::Busy, "the queue is full", wait) {
                Outcome::Waits(waits) => waiting(command.id, waits),
                Outcome::Final(_) => unreachable!("a retry is not final"),
            });
        return Ok(Done { results: results.collect(), head: 0 });
    };
    let (reply, done) = oneshot::channel();
    let job = Job { sender, commands: push.commands.clone(), reply, _room: room };
    // The queue is closed when central stops; an answer is missing when the group failed. Nothing is lost either way: the
    // client sends the same bytes again.
    engine.queue.send(job).await.map_err(|_| ApiError::busy(5_000))?;
    done.await.map_err(|_| ApiError::busy(5_000))
}
