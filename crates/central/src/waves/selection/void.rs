//! Giving up a draw before its result: its public value is lost, or it was committed to wrongly. The wave goes back to where
//! it had closed, and another commitment may be made.
//!
//! An operator who dislikes an outcome could use this, so it is never quiet: reason and time are published for ever beside
//! the files, the seed is opened so that anybody can compute what was thrown away, everybody who applied is told, and the
//! app holds on to the commitment that it kept. Once the results are published there is no way back.

use prakerja_protocol::application::{NoticeKind, VoidedSelection};
use prakerja_selection::{Digest, Tampered, VoidError, Voided};

use super::{PAGE, SelectionError, commit, files, row};
use crate::catalogue::waves;
use crate::db::Id;
use crate::failpoint;
use crate::registration::notice;
use crate::state::Central;
use crate::sync::Change;

/// Voids the draw of a wave that was committed to. Called again after a crash, it goes on telling people.
///
/// # Errors
/// [`SelectionError`]: `reason` without one, `not-committed`, `published`.
pub async fn void(central: &Central, wave: u32, reason: &str) -> Result<VoidedSelection, SelectionError> {
    if !Voided::is_reason(reason) {
        return Err(VoidError::Reason.into());
    }
    // Nobody writes or draws from the files meanwhile.
    let _one = files::lock(&central.config.data).await?;
    let done = write(central, wave, reason).await?;
    tell(central, wave).await?;
    Ok(done)
}

async fn write(central: &Central, number: u32, reason: &str) -> Result<VoidedSelection, SelectionError> {
    let mut change = Change::begin(central).await?;
    let now = change.at();
    let mut wave = waves::one(change.tx(), number).await?.ok_or(SelectionError::WaveUnknown(number))?;
    let begun = row::of(change.tx(), number).await?;
    if begun.is_none() && untold(change.tx(), number).await?.is_some() {
        // It was cut off while it told people.
        return wave.voided.pop().ok_or(SelectionError::NotCommitted(number));
    }
    let begun = begun.filter(|row| row.digest.is_some()).ok_or(SelectionError::NotCommitted(number))?;
    if begun.published_at.is_some() {
        return Err(SelectionError::Published(number));
    }
    let committed = files::read_only_commitment(&central.config.data, number)?;
    let digest = begun.digest.as_deref().and_then(|digest| digest.parse::<Digest>().ok());
    if digest != Some(committed.digest) {
        return Err(Tampered::OtherCommitment.into());
    }
    // A seed that cannot be opened any more is a reason to void; the file says that it is missing.
    let seed = begun.seed(central).ok().filter(|seed| seed.digest() == committed.seed_digest);
    let voided = Voided::new(&committed, seed, begun.beacon_value.clone(), reason, now)?;
    let data = central.config.data.clone();
    let voided = tokio::task::spawn_blocking(move || files::write_void(&data, &voided).map(|()| voided)).await??;
    failpoint::hit("void.files_written");
    let listed = VoidedSelection {
        commitment: voided.commitment.to_string(),
        committed_at: committed.committed_at_ms,
        beacon_due_at: committed.beacon.due_at_ms,
        voided_at: now,
        reason: voided.reason,
    };
    wave.voided.push(listed.clone());
    let json = serde_json::to_string(&wave.voided).map_err(|error| SelectionError::Row(error.to_string()))?;
    sqlx::query("update wave set drawing = 'not_begun', selection = null, voided = $1 where number = $2")
        .bind(json)
        .bind(i64::from(number))
        .execute(&mut **change.tx())
        .await?;
    sqlx::query("insert into voided_selection (wave, digest, voided_at, reason) values ($1, $2, $3, $4)")
        .bind(i64::from(number))
        .bind(&listed.commitment)
        .bind(now)
        .bind(&listed.reason)
        .execute(&mut **change.tx())
        .await?;
    sqlx::query("delete from selection where wave = $1").bind(i64::from(number)).execute(&mut **change.tx()).await?;
    // The next list is made anew; whoever is not on it is told again.
    commit::leave_off(&mut change, number, &[]).await?;
    waves::touch(change.tx()).await?;
    change.catalogue_changed();
    change.commit().await?;
    failpoint::hit("void.committed");
    Ok(listed)
}

/// The last void of a wave of which not everybody was told: its digest, its reason, and how far it came.
async fn untold(
    tx: &mut sqlx::SqliteConnection,
    wave: u32,
) -> Result<Option<(String, String, Option<Vec<u8>>)>, sqlx::Error> {
    sqlx::query_as("select digest, reason, told_to from voided_selection where wave = $1 and told_at is null")
        .bind(i64::from(wave))
        .fetch_optional(tx)
        .await
}

/// Waves with a void of which not everybody was told.
pub(super) async fn unfinished(central: &Central) -> Result<Vec<u32>, sqlx::Error> {
    let rows: Vec<(i64,)> = sqlx::query_as("select wave from voided_selection where told_at is null order by wave")
        .fetch_all(central.db.read())
        .await?;
    Ok(rows.into_iter().filter_map(|(wave,)| u32::try_from(wave).ok()).collect())
}

/// What is still to be done of a void that was begun.
pub(super) async fn go_on(central: &Central, wave: u32) -> Result<(), SelectionError> {
    let _one = files::lock(&central.config.data).await?;
    tell(central, wave).await
}

/// Tells everybody who applied, with the reason. Central that stops does not wait for all of it: the next start goes on.
async fn tell(central: &Central, wave: u32) -> Result<(), SelectionError> {
    while !central.stopping.is_cancelled() {
        let mut change = Change::begin(central).await?;
        let Some((digest, reason, told_to)) = untold(change.tx(), wave).await? else { break };
        let page: Vec<(Id, Vec<u8>)> = sqlx::query_as(
            "select person_id, blind from application where wave = $1 and blind > $2 order by blind limit $3",
        )
        .bind(i64::from(wave))
        .bind(told_to.unwrap_or_default())
        .bind(PAGE)
        .fetch_all(&mut **change.tx())
        .await?;
        let last = page.last().map(|(_, blind)| blind.clone());
        for (person, _) in page {
            let mut records = change.records(person.0);
            let numbers = [("wave", i64::from(wave))];
            let note = Some(reason.clone());
            notice::tell(&mut records, person.0, NoticeKind::SelectionVoided, &numbers, note).await?;
        }
        let now = change.at();
        sqlx::query(
            "update voided_selection set told_to = coalesce($1, told_to), told_at = $2 where wave = $3 and digest = $4",
        )
        .bind(&last)
        .bind(last.is_none().then_some(now))
        .bind(i64::from(wave))
        .bind(digest)
        .execute(&mut **change.tx())
        .await?;
        change.commit().await?;
        failpoint::hit("void.told");
    }
    Ok(())
}
