//! Publishing the results: the draw, its files, then everybody's record, page by page.

use std::sync::Arc;

use prakerja_domain::calendar::jakarta_day;
use prakerja_selection::{Digest, Reveal, is_line, normalise};
use serde::Serialize;

use super::draw::Verified;
use super::error::LONGEST_DECREE;
use super::{SelectionError, commit, draw, files, row, settle};
use crate::catalogue::waves;
use crate::failpoint;
use crate::state::Central;
use crate::sync::Change;

/// Whether the times of a draw are waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// A list is closed when nothing that was received in time can be under way, long enough before the public value; a value
    /// before its hour is refused.
    Waited,
    /// The SANDBOX of the demo, whose value is no public one.
    Sandbox,
}

/// What a publication came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Applications on the list.
    pub entries: u64,
    /// Accepted.
    pub accepted: u64,
    /// When the results were published, Unix milliseconds.
    pub published_at: i64,
}

/// The public value of somebody who typed it twice: what is mixed in stays for good, so a slip must be seen before. Values
/// that differ only in what is left out of the draw are the same.
///
/// # Errors
/// [`SelectionError::Differs`], [`SelectionError::Beacon`].
pub fn typed_twice(value: &str, again: &str) -> Result<String, SelectionError> {
    let value = normalise(value)?;
    if normalise(again)? == value { Ok(value) } else { Err(SelectionError::Differs) }
}

/// Draws with the public value and publishes. Called again after a crash, it goes on. `decree` is the number of the
/// appointment decree; without one it is made of wave and year.
///
/// # Errors
/// [`SelectionError`].
pub async fn publish(
    central: &Central,
    wave: u32,
    value: &str,
    decree: Option<&str>,
    due: Due,
) -> Result<Outcome, SelectionError> {
    let value = normalise(value)?;
    // It stands in everybody's membership for good.
    if decree.is_some_and(|decree| !is_line(decree, LONGEST_DECREE)) {
        return Err(SelectionError::Decree);
    }
    let mut change = Change::begin(central).await?;
    let now = change.at();
    if waves::one(change.tx(), wave).await?.is_none() {
        return Err(SelectionError::WaveUnknown(wave));
    }
    let begun = row::of(change.tx(), wave).await?.filter(|row| row.told_at.is_some());
    let begun = begun.ok_or(SelectionError::NotCommitted(wave))?;
    if begun.settled_at.is_some() {
        return Err(SelectionError::Published(wave));
    }
    match &begun.beacon_value {
        Some(known) if *known != value => return Err(SelectionError::OtherBeacon),
        Some(_) => {}
        None => {
            let due_at = begun.beacon().due_at_ms;
            if due == Due::Waited && now < due_at {
                return Err(SelectionError::NotDue(due_at));
            }
            let decree = decree.map_or_else(|| format!("SK-{wave}/{}", jakarta_day(now).year()), str::to_owned);
            sqlx::query("update selection set beacon_value = $1, decree = $2 where wave = $3")
                .bind(&value)
                .bind(decree)
                .bind(i64::from(wave))
                .execute(&mut **change.tx())
                .await?;
        }
    }
    change.commit().await?;
    failpoint::hit("selection.revealed");
    go_on(central, wave).await
}

/// What is still to be done of a publication that was begun.
pub(super) async fn go_on(central: &Central, wave: u32) -> Result<Outcome, SelectionError> {
    let _one = files::lock(&central.config.data).await?;
    let begun = {
        let mut tx = central.db.read().begin().await?;
        row::of(&mut tx, wave).await?.ok_or(SelectionError::NotCommitted(wave))?
    };
    // One that this program cannot read is found before anything is told: the draw can still be voided.
    begun.scheme()?;
    let (Some(value), Some(digest)) = (begun.beacon_value.clone(), begun.digest.as_deref()) else {
        return Err(SelectionError::NotCommitted(wave));
    };
    let digest: Digest = digest.parse().map_err(|_| SelectionError::Row("the digest is damaged".to_owned()))?;
    let reveal = Reveal { seed: begun.seed(central)?, beacon_value: value };
    let data = central.config.data.clone();
    let verified = tokio::task::spawn_blocking(move || draw::make(&data, wave, &digest, &reveal)).await??;
    failpoint::hit("selection.result_written");
    let published_at = match begun.published_at {
        Some(at) => at,
        None => announce(central, wave).await?,
    };
    let verified = Arc::new(verified);
    settle::everybody(central, wave, &verified).await?;
    Ok(outcome(&verified, published_at))
}

/// From now on everybody may fetch the results.
async fn announce(central: &Central, number: u32) -> Result<i64, SelectionError> {
    let mut change = Change::begin(central).await?;
    let now = change.at();
    let wave = waves::one(change.tx(), number).await?.ok_or(SelectionError::WaveUnknown(number))?;
    let mut files = wave.selection.ok_or(SelectionError::NotCommitted(number))?;
    files.published_at = Some(now);
    sqlx::query("update selection set published_at = $1 where wave = $2")
        .bind(now)
        .bind(i64::from(number))
        .execute(&mut **change.tx())
        .await?;
    commit::note(&mut change, number, "published", &files).await?;
    change.commit().await?;
    failpoint::hit("selection.published");
    Ok(now)
}

fn outcome(verified: &Verified, published_at: i64) -> Outcome {
    let accepted = verified.drawn.decisions().iter().filter(|it| **it == prakerja_selection::Decision::Accepted);
    Outcome { entries: verified.list.entries().len() as u64, accepted: accepted.count() as u64, published_at }
}
