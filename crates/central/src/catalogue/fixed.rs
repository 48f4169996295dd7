//! What of a wave does not change any more, because people rely on it: they have applied, or its list was public.

use std::fmt::Display;

use prakerja_domain::scheme::Scheme;
use prakerja_protocol::application::Wave;

use super::rows::{CatalogueFile, RowError, WaveRow};
use super::waves;
use crate::schemes::Schemes;

fn row(index: usize, wave: &WaveRow, reason: String) -> RowError {
    RowError { place: format!("waves[{index}] ({})", wave.number), reason }
}

/// Rows of waves whose list is closed: what was committed to does not change.
pub(super) async fn drawn(tx: &mut sqlx::SqliteConnection, file: &CatalogueFile) -> Result<Vec<RowError>, sqlx::Error> {
    let mut wrong = Vec::new();
    for (index, wave) in file.waves.iter().enumerate() {
        let drawn: Option<(i64,)> = sqlx::query_as("select wave from selection where wave = $1")
            .bind(i64::from(wave.number))
            .fetch_optional(&mut *tx)
            .await?;
        if drawn.is_some() {
            wrong.push(row(index, wave, "the selection has begun, nothing of the wave changes any more".to_owned()));
        }
    }
    Ok(wrong)
}

/// Rows of waves that would leave out a province from which somebody has applied: nobody is dropped without a word.
pub(super) async fn left_out(
    tx: &mut sqlx::SqliteConnection,
    file: &CatalogueFile,
) -> Result<Vec<RowError>, sqlx::Error> {
    let mut wrong = Vec::new();
    for (index, wave) in file.waves.iter().enumerate().filter(|(_, wave)| !wave.provinces.is_empty()) {
        let applied: Vec<(String, i64)> =
            sqlx::query_as("select region, count(*) from application where wave = $1 group by region order by region")
                .bind(i64::from(wave.number))
                .fetch_all(&mut *tx)
                .await?;
        for (region, count) in applied.into_iter().filter(|(region, _)| !wave.provinces.contains(region)) {
            let reason = format!("{count} people of province {region} have applied and would be left out");
            wrong.push(row(index, wave, reason));
        }
    }
    Ok(wrong)
}

/// Rows of waves to which somebody has applied, with another scheme, other classes or other places: one for each value.
pub(super) async fn applied_to(
    tx: &mut sqlx::SqliteConnection,
    file: &CatalogueFile,
    schemes: &Schemes,
) -> Result<Vec<RowError>, sqlx::Error> {
    let mut wrong = Vec::new();
    for (index, wave) in file.waves.iter().enumerate() {
        let Some(known) = waves::one(tx, wave.number).await? else { continue };
        let applied: i64 = sqlx::query_scalar("select count(*) from application where wave = $1")
            .bind(i64::from(wave.number))
            .fetch_one(&mut *tx)
            .await?;
        if applied == 0 {
            continue;
        }
        let changed = changed(&known, wave, schemes);
        wrong.extend(
            changed
                .into_iter()
                .map(|what| row(index, wave, format!("{applied} people have applied to wave {}: {what}", wave.number))),
        );
    }
    Ok(wrong)
}

/// What a row would change of the rules by which people have applied.
fn changed(known: &Wave, wave: &WaveRow, schemes: &Schemes) -> Vec<String> {
    let mut changed = Vec::new();
    let mut compare = |name: &str, now: &dyn Display, then: &dyn Display, instead: &str| {
        let (now, then) = (now.to_string(), then.to_string());
        if now != then {
            changed.push(format!("{name} is {now} and does not become {then}{instead}"));
        }
    };
    compare("scheme", &known.scheme, &wave.scheme, "");
    let set = " (`wave set` changes it)";
    compare("quota", &known.quota, &wave.quota, set);
    let quotas = |all: &std::collections::BTreeMap<String, u64>| {
        let words: Vec<String> = all.iter().map(|(code, places)| format!("{code}={places}")).collect();
        if words.is_empty() { "none".to_owned() } else { words.join(" ") }
    };
    compare("region_quotas", &quotas(&known.region_quotas), &quotas(&wave.region_quotas), set);
    // Of another scheme nothing else is compared: it is refused as a whole.
    let then = Wave { overrides: wave.overrides.clone(), ..known.clone() };
    if known.scheme == wave.scheme
        && let (Some(now), Some(then)) = (schemes.of_wave(known), schemes.of_wave(&then))
    {
        let classes =
            |scheme: &Scheme| scheme.selection.classes.iter().map(|class| class.as_str()).collect::<Vec<_>>().join(" ");
        compare("selection.classes", &classes(&now), &classes(&then), set);
        compare("selection.region", &now.selection.region.as_str(), &then.selection.region.as_str(), "");
        compare("identity.family_max", &now.identity.family_max, &then.identity.family_max, set);
    }
    changed
}
