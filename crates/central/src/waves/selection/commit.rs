//! Closing the list and committing to it, before anybody can know how the draw will end.
//!
//! Until the digest is in the database nobody has seen anything: what was begun may be begun anew, with another secret and
//! another public value. Whatever took so long that the value is known by now, or soon, must be.
//!
//! The scheme is kept with the selection: what is in force later decides nothing of this draw any more.

use prakerja_domain::application::LeftOff;
use prakerja_protocol::application::{NoticeKind, SelectionFiles, Wave};
use prakerja_selection::{Beacon, Blind, Commitment, CommitmentError};

use super::{Due, PAGE, SelectionError, eligible, files, row};
use crate::catalogue::waves;
use crate::clock::ms;
use crate::failpoint;
use crate::registration::notice;
use crate::state::Central;
use crate::sync::Change;
use crate::waves::application::Application;
use crate::waves::message::{self, News};

/// The least time from a commitment to its public value, where the operator sets none.
const AN_HOUR_S: u64 = 60 * 60;

/// What must have gone by, and must be to come, when a list is closed. In milliseconds.
#[derive(Debug, Clone, Copy)]
struct Margins {
    /// A request that was received in time may be under way for so long.
    under_way: i64,
    /// From the commitment to the public value.
    ahead: i64,
}

impl Margins {
    fn of(central: &Central, due: Due) -> Self {
        match due {
            Due::Sandbox => Self { under_way: 0, ahead: 0 },
            Due::Waited => Self {
                under_way: ms(central.config.limits.request_timeout_s),
                ahead: ms(central.config.limits.beacon_ahead_s.unwrap_or(if central.config.demo {
                    0
                } else {
                    AN_HOUR_S
                })),
            },
        }
    }
}

/// Closes the list of a wave and publishes its commitment. Called again after a crash, it goes on; with another public
/// value it begins anew as long as nothing was published.
///
/// # Errors
/// [`SelectionError`].
pub async fn commit(central: &Central, wave: u32, beacon: Beacon) -> Result<SelectionFiles, SelectionError> {
    commit_when(central, wave, beacon, Due::Waited).await
}

/// The same; the SANDBOX of the demo waits for nothing.
pub(in crate::waves) async fn commit_when(
    central: &Central,
    wave: u32,
    beacon: Beacon,
    due: Due,
) -> Result<SelectionFiles, SelectionError> {
    let margins = Margins::of(central, due);
    // Taken before anything is closed: the time that is left until the public value is not spent on waiting for it.
    let _one = files::lock(&central.config.data).await?;
    let mut change = Change::begin(central).await?;
    let now = change.at();
    let row = waves::one(change.tx(), wave).await?.ok_or(SelectionError::WaveUnknown(wave))?;
    let known = row::of(change.tx(), wave).await?;
    let mut begins = false;
    match &known {
        Some(begun) if begun.told_at.is_some() => return Err(SelectionError::Committed(wave)),
        // It was looked at when it was begun.
        Some(begun) if begun.beacon() == beacon => {}
        Some(begun) if begun.digest.is_some() => return Err(SelectionError::OtherBeacon),
        _ => {
            let scheme = central.schemes.of_wave(&row).ok_or(SelectionError::Scheme(wave))?;
            check(&beacon, &eligible::rules(&row, &scheme))?;
            // A value that was known, or was to be, when the draw before was voided is no chance for this one.
            if let Some(last) = row.voided.iter().map(|voided| voided.beacon_due_at).max()
                && beacon.due_at_ms <= last
            {
                return Err(SelectionError::NotLater(last));
            }
            // What central has received counts, also when it is written after this.
            let until = row.closes_at.saturating_add(row.late.grace_ms).saturating_add(margins.under_way);
            if now <= until {
                return Err(SelectionError::StillOpen { wave, until });
            }
            let unfinished = row::unfinished(central).await?;
            if let Some(other) = unfinished.iter().find(|other| other.wave() != wave) {
                return Err(SelectionError::AnotherUnderWay(other.wave()));
            }
            ahead(&beacon, now, margins.ahead)?;
            row::begin(&mut change, (wave, &scheme), &beacon, now).await?;
            begins = true;
        }
    }
    change.commit().await?;
    failpoint::hit("selection.begun");
    if !begins {
        in_time(central, wave, due).await?;
    }
    finish(central, wave).await
}

/// What would be found wrong only when the list is closed is asked before: nothing could be changed any more.
fn check(beacon: &Beacon, rules: &prakerja_selection::Rules) -> Result<(), CommitmentError> {
    rules.check()?;
    if beacon.is_named() { Ok(()) } else { Err(CommitmentError::Description) }
}

/// A commitment that is made when its public value is known proves nothing.
fn not_known(beacon: &Beacon, now: i64) -> Result<(), CommitmentError> {
    if now < beacon.due_at_ms { Ok(()) } else { Err(CommitmentError::Late) }
}

/// There must be time to take the commitment out of the office's hands before the value is known.
fn ahead(beacon: &Beacon, now: i64, least: i64) -> Result<(), SelectionError> {
    not_known(beacon, now)?;
    let earliest = now.saturating_add(least);
    if beacon.due_at_ms >= earliest { Ok(()) } else { Err(SelectionError::TooSoon { earliest }) }
}

/// What is still to be done of a commitment that was begun.
pub(super) async fn go_on(central: &Central, number: u32, due: Due) -> Result<SelectionFiles, SelectionError> {
    let _one = files::lock(&central.config.data).await?;
    in_time(central, number, due).await?;
    finish(central, number).await
}

/// Of a commitment that is not written, a stop may have taken the time that must be left. Asked before millions of rows are
/// read.
async fn in_time(central: &Central, number: u32, due: Due) -> Result<(), SelectionError> {
    let begun = row::of(&mut *central.db.read().acquire().await?, number).await?;
    let begun = begun.ok_or(SelectionError::NotCommitted(number))?;
    if begun.digest.is_some() {
        return Ok(());
    }
    ahead(&begun.beacon(), central.clock.now_ms(), Margins::of(central, due).ahead)
}

/// Writes what is not written and tells whom nobody told. The caller holds the lock of the files.
async fn finish(central: &Central, number: u32) -> Result<SelectionFiles, SelectionError> {
    let mut tx = central.db.read().begin().await?;
    let wave = waves::one(&mut tx, number).await?.ok_or(SelectionError::WaveUnknown(number))?;
    let begun = row::of(&mut tx, number).await?.ok_or(SelectionError::NotCommitted(number))?;
    drop(tx);
    let files = match (begun.digest.is_some(), wave.selection.clone()) {
        (true, Some(files)) => files,
        _ => write(central, &wave, &begun).await?,
    };
    tell(central, number).await?;
    Ok(files)
}

/// Writes the files, then says that they are there.
async fn write(central: &Central, wave: &Wave, begun: &row::Row) -> Result<SelectionFiles, SelectionError> {
    let (list, left_off) = eligible::list(central, wave, &begun.scheme()?).await?;
    // The moment of the list, not the one of the command: a stop may lie between them, and the public value's hour in it.
    let (seed, beacon, committed_at) = (begun.seed(central)?, begun.beacon(), central.clock.now_ms());
    let data = central.config.data.clone();
    let work = move || {
        let commitment = Commitment::new(&list, &seed, beacon, committed_at)?;
        let list_bytes = files::write_commitment(&data, &list, &commitment)?;
        Ok::<_, SelectionError>((commitment, list_bytes))
    };
    let (commitment, list_bytes) = tokio::task::spawn_blocking(work).await??;
    failpoint::hit("selection.files_written");
    let files = SelectionFiles {
        commitment: commitment.digest.to_string(),
        entries: commitment.entries,
        list_bytes,
        committed_at,
        published_at: None,
    };
    let mut change = Change::begin(central).await?;
    not_known(&begun.beacon(), change.at())?;
    if !row::committed(&mut change, begun, &files).await? {
        return Err(SelectionError::OtherBeacon);
    }
    // With the list itself: nobody finds out that he or she is not on it before the reason is there.
    leave_off(&mut change, wave.number, &left_off).await?;
    note(&mut change, wave.number, "committed", &files).await?;
    change.commit().await?;
    failpoint::hit("selection.committed");
    Ok(files)
}

/// Tells the records of whoever is not on the list why. It replaces what an earlier list said.
pub(super) async fn leave_off(
    change: &mut Change,
    wave: u32,
    left_off: &[(Blind, LeftOff)],
) -> Result<(), SelectionError> {
    let reason = |blind: Blind| left_off.iter().find(|(of, _)| *of == blind).map(|(_, why)| *why);
    let before: Vec<Application> = sqlx::query_as("select * from application where wave = $1 and left_off is not null")
        .bind(i64::from(wave))
        .fetch_all(&mut **change.tx())
        .await?;
    for application in before {
        if reason(application.blind()?).is_none() {
            application.leave_off(&mut change.records(application.person()), None).await?;
        }
    }
    for (blind, why) in left_off {
        let application: Application = sqlx::query_as("select * from application where wave = $1 and blind = $2")
            .bind(i64::from(wave))
            .bind(blind.as_bytes().to_vec())
            .fetch_one(&mut **change.tx())
            .await?;
        application.leave_off(&mut change.records(application.person()), Some(*why)).await?;
    }
    Ok(())
}

/// Puts the state of the draw into everybody's catalogue.
pub(super) async fn note(
    change: &mut Change,
    wave: u32,
    drawing: &str,
    files: &SelectionFiles,
) -> Result<(), SelectionError> {
    let json = serde_json::to_string(files).map_err(|error| SelectionError::Row(error.to_string()))?;
    sqlx::query("update wave set drawing = $1, selection = $2 where number = $3")
        .bind(drawing)
        .bind(json)
        .bind(i64::from(wave))
        .execute(&mut **change.tx())
        .await?;
    waves::touch(change.tx()).await?;
    change.catalogue_changed();
    Ok(())
}

/// Tells everybody on the list that the selection began, and everybody else who applied why not with them. Central that
/// stops does not wait for all of it: the next start goes on.
async fn tell(central: &Central, wave: u32) -> Result<(), SelectionError> {
    while !central.stopping.is_cancelled() {
        let mut change = Change::begin(central).await?;
        let row = row::of(change.tx(), wave).await?.ok_or(SelectionError::NotCommitted(wave))?;
        if row.told_at.is_some() {
            break;
        }
        let page: Vec<Application> =
            sqlx::query_as("select * from application where wave = $1 and blind > $2 order by blind limit $3")
                .bind(row.wave)
                .bind(row.told_to.clone().unwrap_or_default())
                .bind(PAGE)
                .fetch_all(&mut **change.tx())
                .await?;
        let last = page.last().map(Application::blind).transpose()?.map(|blind| blind.as_bytes().to_vec());
        let numbers = [("wave", row.wave)];
        for application in page {
            let (person, left_off) = (application.person(), application.left_off()?);
            let mut records = change.records(person);
            let what = match left_off {
                None => NoticeKind::SelectionBegan,
                Some(LeftOff::Blocked) => NoticeKind::LeftOffBlocked,
                Some(LeftOff::Excluded) => NoticeKind::LeftOffExcluded,
                Some(LeftOff::Recipient) => NoticeKind::LeftOffRecipient,
            };
            notice::tell(&mut records, person, what, &numbers, None).await?;
            if let Some(why) = left_off {
                message::send(&mut records, person, row.wave(), News::LeftOff(why)).await?;
            }
        }
        let now = change.at();
        sqlx::query("update selection set told_to = coalesce($1, told_to), told_at = $2 where wave = $3")
            .bind(&last)
            .bind(last.is_none().then_some(now))
            .bind(row.wave)
            .execute(&mut **change.tx())
            .await?;
        change.commit().await?;
        failpoint::hit("selection.told");
    }
    Ok(())
}
