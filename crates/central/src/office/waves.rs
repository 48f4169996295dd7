//! Waves from the operator's side: made, changed, opened and closed. A wave goes forward only; once it has closed its rules
//! stay those under which people joined, and once its list is closed nothing of it changes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use prakerja_domain::scheme::Scheme;
use prakerja_domain::wave::WaveState;
use prakerja_protocol::application::Wave;
use prakerja_selection::{Beacon, Voided, is_line};
use serde::{Deserialize, Serialize};

use super::OfficeError;
use crate::catalogue::{ApplyError, CatalogueFile, WaveRow, waves, why_frozen};
use crate::state::Central;

/// A wave with its present state.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listed {
    /// The wave.
    #[serde(flatten)]
    pub wave: Wave,
    /// Its state by the clock.
    pub state: WaveState,
    /// Applications that were received.
    pub applications: i64,
}

/// What changes of a wave; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, clap::Args)]
#[serde(default, deny_unknown_fields)]
pub struct Changes {
    /// Opens, such as 2026-12-01T12:00:00+07:00.
    #[arg(long)]
    pub opens_at: Option<Timestamp>,
    /// Closes.
    #[arg(long)]
    pub closes_at: Option<Timestamp>,
    /// Province that may join; repeat it. A new wave without any is for the provinces of the rollout.
    #[arg(long = "province")]
    pub provinces: Option<Vec<String>>,
    /// Places in all.
    #[arg(long)]
    pub quota: Option<u64>,
    /// Most places of a province, such as 21=50; repeat it.
    #[arg(long = "region-quota", value_parser = region_quota)]
    pub region_quotas: Option<Vec<(String, u64)>>,
    /// A request that was made in time counts when it arrives so many hours after closing; 1 for a new wave where it is not
    /// said.
    #[arg(long)]
    pub grace_hours: Option<u32>,
    /// The results are expected by then.
    #[arg(long)]
    pub results_expected_at: Option<Timestamp>,
    /// Single values in which the wave differs from its scheme (JSON merge patch).
    #[arg(long, value_parser = json)]
    pub overrides: Option<serde_json::Value>,
}

impl Changes {
    /// The new values, for the audit log.
    pub fn words(&self) -> String {
        let mut words = Vec::new();
        let mut add = |name: &str, value: Option<String>| words.extend(value.map(|value| format!("{name}={value}")));
        add("opens_at", self.opens_at.map(|at| at.to_string()));
        add("closes_at", self.closes_at.map(|at| at.to_string()));
        add("provinces", self.provinces.as_ref().map(|codes| codes.join("+")));
        add("quota", self.quota.map(|quota| quota.to_string()));
        add("region_quotas", self.region_quotas.as_ref().map(|quotas| region_words(quotas)));
        add("grace_hours", self.grace_hours.map(|hours| hours.to_string()));
        add("results_expected_at", self.results_expected_at.map(|at| at.to_string()));
        add("overrides", self.overrides.as_ref().map(ToString::to_string));
        words.join(" ")
    }
}

fn region_words(quotas: &[(String, u64)]) -> String {
    quotas.iter().map(|(code, places)| format!("{code}:{places}")).collect::<Vec<_>>().join("+")
}

/// A change of a wave, as the audit log names it.
pub fn subject_with(number: u32, changes: &Changes) -> String {
    format!("wave {number} {}", changes.words()).trim_end().to_owned()
}

/// A new wave, as the audit log names it.
pub fn subject_of_new(row: &WaveRow) -> String {
    let values = Changes {
        opens_at: Some(row.opens_at),
        closes_at: Some(row.closes_at),
        provinces: (!row.provinces.is_empty()).then(|| row.provinces.clone()),
        quota: Some(row.quota),
        region_quotas: (!row.region_quotas.is_empty()).then(|| row.region_quotas.clone().into_iter().collect()),
        grace_hours: Some(row.grace_hours),
        results_expected_at: row.results_expected_at,
        overrides: row.overrides.clone(),
    };
    format!("wave {} scheme={} {}", row.number, line(&row.scheme), values.words())
}

/// A commitment, as the audit log names it: what is fixed by it and chosen by the office. All of it becomes public.
pub fn subject_of_commit(number: u32, beacon: &Beacon) -> String {
    format!("wave {number} due={} beacon={}", time(beacon.due_at_ms), line(&beacon.description))
}

/// A publication, as the audit log names it.
pub fn subject_of_publish(number: u32, value: &str, decree: Option<&str>) -> String {
    let decree = decree.map(|decree| format!(" decree={}", line(decree))).unwrap_or_default();
    format!("wave {number} beacon={}{decree}", line(value))
}

/// Text as one line of the log; what cannot be one is named, not kept.
fn line(text: &str) -> String {
    if is_line(text, 512) { format!("{text:?}") } else { "(not one line)".to_owned() }
}

/// A void, as the audit log names it: with its reason, which is public anyway. A reason that is refused is none.
pub fn subject_of_void(number: u32, reason: &str) -> String {
    if Voided::is_reason(reason) { format!("wave {number}: {}", reason.trim()) } else { format!("wave {number}") }
}

fn region_quota(text: &str) -> Result<(String, u64), String> {
    let (code, places) = text.split_once('=').ok_or("expected PROVINCE=PLACES")?;
    Ok((code.to_owned(), places.parse().map_err(|_| "expected a number of places")?))
}

fn json(text: &str) -> Result<serde_json::Value, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// All waves.
///
/// # Errors
/// Any error of the database.
pub async fn list(central: &Central) -> Result<Vec<Listed>, OfficeError> {
    let now = central.clock.now_ms();
    let mut tx = central.db.read().begin().await?;
    let counts: Vec<(i64, i64)> =
        sqlx::query_as("select wave, count(*) from application group by wave").fetch_all(&mut *tx).await?;
    let counts: BTreeMap<i64, i64> = counts.into_iter().collect();
    let waves = waves::all(&mut tx).await?;
    Ok(waves
        .into_iter()
        .map(|wave| Listed {
            state: WaveState::at(now, wave.opens_at, wave.closes_at, wave.drawing),
            applications: counts.get(&i64::from(wave.number)).copied().unwrap_or(0),
            wave,
        })
        .collect())
}

/// Makes a wave. Without provinces it is for those to which the programme has been rolled out (`rollout_provinces` of the
/// catalogue); where there are none, for all.
///
/// # Errors
/// `exists`, `scheme`, or the wrong values.
pub async fn create(central: &Central, mut row: WaveRow) -> Result<(), OfficeError> {
    let mut tx = central.db.begin().await?;
    if waves::one(&mut tx, row.number).await?.is_some() {
        return Err(OfficeError::refused("exists", "there is a wave of this number"));
    }
    if row.provinces.is_empty() {
        row.provinces = waves::rollout(&mut tx).await?;
    }
    write(central, tx, row, None).await
}

/// Changes a wave. What would leave out somebody who applied is refused; so is what would make an open wave an announced
/// one, or change a wave that has closed in anything but the day on which its results are expected.
///
/// # Errors
/// `wave-unknown`, `open`, `closed`, `scheme`, `excludes`, `region`, or the wrong values.
pub async fn set(central: &Central, number: u32, changes: Changes) -> Result<(), OfficeError> {
    change(central, number, |_| Ok(changes)).await
}

/// Opens a wave now.
///
/// # Errors
/// As [`set`]; `open` and `closed` when it is or was open.
pub async fn open(central: &Central, number: u32) -> Result<(), OfficeError> {
    let now = central.clock.now_ms();
    change(central, number, |wave| match WaveState::at(now, wave.opens_at, wave.closes_at, wave.drawing) {
        WaveState::Announced => Ok(Changes { opens_at: Some(time(now)), ..Changes::default() }),
        WaveState::Open => Err(OfficeError::refused("open", "the wave is open already")),
        _ => Err(OfficeError::refused("closed", "the wave has closed and does not open again; make another one")),
    })
    .await
}

/// Closes a wave now.
///
/// # Errors
/// As [`set`]; `not-open` when it is not open.
pub async fn close(central: &Central, number: u32) -> Result<(), OfficeError> {
    let now = central.clock.now_ms();
    change(central, number, |wave| match WaveState::at(now, wave.opens_at, wave.closes_at, wave.drawing) {
        // Requests of this very moment still count.
        WaveState::Open => Ok(Changes { closes_at: Some(time(now)), ..Changes::default() }),
        _ => Err(OfficeError::refused("not-open", "the wave is not open")),
    })
    .await
}

async fn change(
    central: &Central,
    number: u32,
    how: impl FnOnce(&Wave) -> Result<Changes, OfficeError> + Send,
) -> Result<(), OfficeError> {
    let mut tx = central.db.begin().await?;
    let wave = waves::one(&mut tx, number).await?;
    let wave = wave.ok_or_else(|| OfficeError::refused("wave-unknown", "there is no such wave"))?;
    let changes = how(&wave)?;
    let before = central.schemes.of_wave(&wave);
    let quotas = changes.region_quotas.map(|quotas| quotas.into_iter().collect());
    let row = WaveRow {
        number,
        opens_at: changes.opens_at.unwrap_or_else(|| time(wave.opens_at)),
        closes_at: changes.closes_at.unwrap_or_else(|| time(wave.closes_at)),
        provinces: changes.provinces.unwrap_or_else(|| wave.provinces.clone()),
        scheme: wave.scheme.clone(),
        overrides: changes.overrides.or_else(|| wave.overrides.clone()),
        quota: changes.quota.unwrap_or(wave.quota),
        region_quotas: quotas.unwrap_or_else(|| wave.region_quotas.clone()),
        grace_hours: changes.grace_hours.unwrap_or_else(|| u32::try_from(wave.late.grace_ms / 3_600_000).unwrap_or(0)),
        results_expected_at: changes.results_expected_at.or_else(|| wave.results_expected_at.map(time)),
    };
    if let Some(frozen) = why_frozen(&wave, &row, central.clock.now_ms()) {
        return Err(OfficeError::refused(frozen.code, frozen.text));
    }
    write(central, tx, row, before.as_deref()).await
}

async fn write(
    central: &Central,
    mut tx: sqlx::Transaction<'static, sqlx::Sqlite>,
    row: WaveRow,
    before: Option<&Scheme>,
) -> Result<(), OfficeError> {
    let number = row.number;
    let file = CatalogueFile { waves: vec![row], ..CatalogueFile::default() };
    match crate::catalogue::apply_in(&mut tx, &file).await {
        Ok(_) => {}
        Err(ApplyError::Rows(rows)) => return Err(OfficeError::Rows(rows.iter().map(ToString::to_string).collect())),
        Err(error) => return Err(OfficeError::Internal(error.to_string())),
    }
    let wave = waves::one(&mut tx, number).await?;
    let scheme = wave.as_ref().and_then(|wave| central.schemes.of_wave(wave));
    let scheme = scheme
        .ok_or_else(|| OfficeError::refused("scheme", "the scheme is not in force, or the overrides do not fit it"))?;
    let applied = applied(&mut tx, number).await?;
    let left_out = left_out(&applied, before, &scheme);
    if left_out > 0 {
        let text = format!("{left_out} people who applied would be left out of the draw");
        return Err(OfficeError::refused("excludes", text));
    }
    // Each application counts for the province that it had by the address of then.
    if !applied.is_empty() && before.is_some_and(|before| before.selection.region != scheme.selection.region) {
        let text = "people have applied, and selection.region says by which address; it stays";
        return Err(OfficeError::refused("region", text));
    }
    tx.commit().await?;
    if let Some(shelf) = central.catalogue.get() {
        shelf.note_change();
    }
    Ok(())
}

/// How many who applied the new scheme would leave out: they have a class that it does not draw, or it asks for a test
/// that was not asked for. (The provinces are the catalogue's own check.)
fn left_out(applied: &[(String, i64)], before: Option<&Scheme>, scheme: &Scheme) -> i64 {
    let asks_more = scheme.test.must_pass && before.is_some_and(|before| !before.test.must_pass);
    let drawn = |class: &str| scheme.selection.classes.iter().any(|known| known.as_str() == class);
    applied.iter().filter(|(class, _)| asks_more || !drawn(class)).map(|(_, count)| count).sum()
}

/// How many have applied, by class.
async fn applied(tx: &mut sqlx::SqliteConnection, wave: u32) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as("select class, count(*) from application where wave = $1 group by class")
        .bind(i64::from(wave))
        .fetch_all(tx)
        .await
}

fn time(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX)
}
