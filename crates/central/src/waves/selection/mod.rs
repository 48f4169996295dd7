//! The selection of a wave (`docs/selection.md`): [`commit`] to a list, a seed and a public value; [`publish`] the draw, or
//! [`void`] it before anybody has the result.
//!
//! All are operations over many people: short transactions, page by page, each noting how far it came. A crash at any
//! place loses nothing and repeats nothing; the same command goes on, and central goes on by itself ([`resume`]), at
//! its start and then again and again, until what was in the way is gone. One selection at a time: between the list and
//! the results nobody becomes a recipient elsewhere, so that the list's free places of a family card stay true.

mod commit;
mod draw;
mod eligible;
mod error;
mod files;
mod publish;
mod row;
mod settle;
mod void;

pub use self::commit::commit;
pub(super) use self::commit::commit_when;
pub use self::error::SelectionError;
pub(super) use self::files::{path, voided_name};
pub use self::publish::{Due, Outcome, publish, typed_twice};
pub use self::row::{Progress, progress};
pub use self::void::void;

use crate::state::Central;

/// Applications in one transaction.
const PAGE: i64 = 200;

/// Goes on with what a stop or a passing trouble interrupted, unless somebody is at it.
///
/// # Errors
/// [`SelectionError`] of the first that cannot go on.
pub(crate) async fn resume(central: &Central) -> Result<(), SelectionError> {
    let (voided, unfinished) = (void::unfinished(central).await?, row::unfinished(central).await?);
    let nothing = voided.is_empty() && unfinished.is_empty();
    if nothing || files::try_lock(&central.config.data)?.is_none() {
        return Ok(());
    }
    for wave in voided {
        tracing::info!(wave, "an interrupted void goes on");
        void::go_on(central, wave).await?;
    }
    for row in unfinished {
        // What is left has its time at the next start.
        if central.stopping.is_cancelled() {
            return Ok(());
        }
        if row.told_at.is_none() {
            tracing::info!(wave = row.wave, "an interrupted commitment goes on");
            commit::go_on(central, row.wave(), Due::Waited).await?;
        }
        if row.beacon_value.is_some() && row.settled_at.is_none() {
            tracing::info!(wave = row.wave, "an interrupted publication goes on");
            publish::go_on(central, row.wave()).await?;
        }
    }
    Ok(())
}
