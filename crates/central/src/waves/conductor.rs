//! The operator of `serve --demo --fast`: waves close a while after somebody joined, are drawn with a SANDBOX value and
//! published, and the next one opens: there is always one to join. What a real operator decides, a clock decides here; the
//! draw itself is the real one.

use std::time::Duration;

use prakerja_domain::wave::{Drawing, WaveState};
use prakerja_protocol::application::Wave;
use prakerja_selection::Beacon;
use rand::RngCore as _;

use super::invented;
use super::selection::{self, Due, Outcome, SelectionError};
use crate::catalogue::waves;
use crate::clock::ms;
use crate::demo;
use crate::error::ApiError;
use crate::office::{self, OfficeError};
use crate::state::Central;

/// How often the conductor looks.
const LOOK: Duration = Duration::from_millis(500);
/// From the commitment to the results, in milliseconds, so that one can see what is between.
const DRAW_MS: i64 = 5_000;
/// Invented applicants of a wave that is made when all others are over.
const OTHERS: usize = 24;
/// What the commitment says about the value.
const SANDBOX: &str = "SANDBOX: 32 random bytes of this demo server in hex, no public value";

/// Runs until central stops.
pub(super) async fn run(central: Central) {
    for (number, others) in demo::OTHER_APPLICANTS {
        if let Err(error) = invite(&central, number, others).await {
            tracing::error!(?error, wave = number, "the demo's other applicants are missing");
        }
    }
    loop {
        let turn = central.demo_turn.lock().await;
        match all(&central).await {
            Ok(waves) => {
                open_next(&central, &waves).await;
                for wave in &waves {
                    if let Err(error) = look(&central, wave).await {
                        tracing::error!(%error, wave = wave.number, "the demo's wave does not go on");
                    }
                }
                if let Some(number) = missing(&central, &waves)
                    && let Err(error) = one_more(&central, number).await
                {
                    tracing::error!(%error, wave = number, "the demo has no wave to join");
                }
            }
            Err(error) => tracing::error!(?error, "the demo's waves could not be read"),
        }
        drop(turn);
        tokio::select! {
            () = central.stopping.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

async fn all(central: &Central) -> Result<Vec<Wave>, ApiError> {
    let mut connection = central.db.read().acquire().await?;
    Ok(waves::all(&mut connection).await?)
}

async fn invite(central: &Central, number: u32, others: usize) -> Result<(), ApiError> {
    let wave = all(central).await?.into_iter().find(|wave| wave.number == number);
    match wave {
        Some(wave) if wave.drawing == Drawing::NotBegun => invented::people(central, &wave, others).await,
        _ => Ok(()),
    }
}

async fn look(central: &Central, wave: &Wave) -> Result<(), SelectionError> {
    let now = central.clock.now_ms();
    let Some(first) = first_real(central, wave.number).await? else { return Ok(()) };
    match WaveState::at(now, wave.opens_at, wave.closes_at, wave.drawing) {
        WaveState::Open if now >= first.saturating_add(ms(central.config.fast_close_after_s)) => {
            close(central, wave.number, 0).await?;
        }
        WaveState::Closed if now > wave.closes_at.saturating_add(wave.late.grace_ms) => {
            commit(central, wave.number, DRAW_MS).await?;
        }
        WaveState::Selecting => {
            let progress = selection::progress(central, wave.number).await?;
            if progress.beacon_due_at.is_some_and(|due| now >= due) {
                publish(central, wave.number).await?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// When the first person joined who is not invented.
async fn first_real(central: &Central, wave: u32) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar(
        "select min(application.received_at) from application join person on person.id = application.person_id
         where application.wave = $1 and person.email not like '%.invalid'",
    )
    .bind(i64::from(wave))
    .fetch_one(central.db.read())
    .await
}

/// Whoever was not accepted finds a wave to join. Looked at again and again: the draw may be of an earlier run, and a start
/// days later announces the next wave anew.
async fn open_next(central: &Central, waves: &[Wave]) {
    let now = central.clock.now_ms();
    let is = |number: u32, state: WaveState| {
        let wave = waves.iter().find(|wave| wave.number == number);
        wave.is_some_and(|wave| WaveState::at(now, wave.opens_at, wave.closes_at, wave.drawing) == state)
    };
    if !is(demo::FEW_PLACES, WaveState::ResultsPublished) || !is(demo::NEXT_WAVE, WaveState::Announced) {
        return;
    }
    if let Err(error) = office::waves::open(central, demo::NEXT_WAVE).await {
        tracing::info!(%error, "the demo's next wave was not opened");
    }
}

/// Number of the wave that is missing, when none can be joined any more.
fn missing(central: &Central, waves: &[Wave]) -> Option<u32> {
    let (now, scheme) = (central.clock.now_ms(), &central.schemes.present().version);
    let can_be_joined = |wave: &&Wave| {
        let state = WaveState::at(now, wave.opens_at, wave.closes_at, wave.drawing);
        wave.scheme == *scheme && matches!(state, WaveState::Announced | WaveState::Open)
    };
    if waves.iter().any(|wave| can_be_joined(&wave)) {
        return None;
    }
    waves.iter().map(|wave| wave.number.saturating_add(1)).max()
}

async fn one_more(central: &Central, number: u32) -> Result<(), OfficeError> {
    let (scheme, now) = (central.schemes.present().version.clone(), central.clock.now_ms());
    office::waves::create(central, demo::one_more(number, &scheme, now)).await?;
    Ok(invite(central, number, OTHERS).await?)
}

/// Closes a wave at this moment.
pub(super) async fn close(central: &Central, wave: u32, grace_ms: i64) -> Result<(), SelectionError> {
    let mut tx = central.db.begin().await?;
    let closed = sqlx::query(
        "update wave set closes_at = $1, grace_ms = $2 where number = $3 and drawing = 'not_begun'
         and not exists (select 1 from selection where selection.wave = wave.number)",
    )
    .bind(central.clock.now_ms() - 1)
    .bind(grace_ms)
    .bind(i64::from(wave))
    .execute(&mut *tx)
    .await?;
    waves::touch(&mut tx).await?;
    tx.commit().await?;
    if let Some(shelf) = central.catalogue.get() {
        shelf.note_change();
    }
    if closed.rows_affected() == 0 { Err(SelectionError::Committed(wave)) } else { Ok(()) }
}

/// Commits with a SANDBOX value that is due so long from now.
pub(super) async fn commit(central: &Central, wave: u32, due_in_ms: i64) -> Result<(), SelectionError> {
    let due_at_ms = central.clock.now_ms() + due_in_ms;
    let beacon = Beacon { description: SANDBOX.to_owned(), due_at_ms };
    selection::commit_when(central, wave, beacon, Due::Sandbox).await?;
    Ok(())
}

/// Publishes with a SANDBOX value.
pub(super) async fn publish(central: &Central, wave: u32) -> Result<Outcome, SelectionError> {
    let mut value = [0_u8; 32];
    rand::rngs::OsRng.fill_bytes(&mut value);
    selection::publish(central, wave, &hex::encode(value), None, Due::Sandbox).await
}
