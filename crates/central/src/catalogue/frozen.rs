//! What of a wave stays as it is once people could rely on it: it goes forward only, and its rules are those under which it
//! was open.

use prakerja_domain::wave::WaveState;
use prakerja_protocol::application::Wave;

use super::rows::{CatalogueFile, RowError, WaveRow};
use super::waves;

/// A wave does not change like this any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frozen {
    /// The wave's state, as a word.
    pub(crate) code: &'static str,
    /// Why, in words.
    pub(crate) text: &'static str,
}

/// Whether a row may replace a wave at this moment. (What was committed to is looked at when rows are written.)
pub(crate) fn why_frozen(known: &Wave, row: &WaveRow, now: i64) -> Option<Frozen> {
    match WaveState::at(now, known.opens_at, known.closes_at, known.drawing) {
        WaveState::Open if row.opens_at.as_millisecond() > now => {
            Some(Frozen { code: "open", text: "the wave is open: it is not announced again" })
        }
        WaveState::Open if row.closes_at.as_millisecond() < now => {
            Some(Frozen { code: "open", text: "the wave is open: it does not close in the past; close it now" })
        }
        WaveState::Closed if !same_rules(known, row) => Some(Frozen {
            code: "closed",
            text: "the wave has closed: its times, places and rules stay those under which people joined; only \
                   results_expected_at changes",
        }),
        _ => None,
    }
}

/// Whether a row leaves a wave as it is.
pub(super) fn is_same(known: &Wave, row: &WaveRow) -> bool {
    same_rules(known, row) && known.results_expected_at == row.results_expected_at.map(|at| at.as_millisecond())
}

fn same_rules(known: &Wave, row: &WaveRow) -> bool {
    let times = (known.opens_at, known.closes_at, known.late.grace_ms);
    times == (row.opens_at.as_millisecond(), row.closes_at.as_millisecond(), i64::from(row.grace_hours) * 3_600_000)
        && (&known.provinces, &known.scheme, &known.overrides) == (&row.provinces, &row.scheme, &row.overrides)
        && (known.quota, &known.region_quotas) == (row.quota, &row.region_quotas)
}

/// Rows of a file that would change a wave which does not change like this any more.
pub(super) async fn rows(
    tx: &mut sqlx::SqliteConnection,
    file: &CatalogueFile,
    now: i64,
) -> Result<Vec<RowError>, sqlx::Error> {
    let mut wrong = Vec::new();
    for (index, row) in file.waves.iter().enumerate() {
        let Some(known) = waves::one(tx, row.number).await? else { continue };
        if let Some(frozen) = why_frozen(&known, row, now) {
            let place = format!("waves[{index}] ({})", row.number);
            wrong.push(RowError { place, reason: frozen.text.to_owned() });
        }
    }
    Ok(wrong)
}
