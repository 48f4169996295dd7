//! Who takes part in a draw: everybody who applied and may still take part when the list is closed.
//!
//! What let a person join stays as it was then: a new phone, a field that is empty or a birthday since takes nobody out.
//!
//! Read as of one moment, page by page, while central goes on working.

use prakerja_domain::application::LeftOff;
use prakerja_domain::registration::DeclarationsOutcome;
use prakerja_domain::scheme::Scheme;
use prakerja_protocol::application::Wave;
use prakerja_protocol::registration::RegistrationRecord;
use prakerja_selection::{Application as Listed, Blind, ClassRule, List, RegionRule, Rules, VERSION};
use sqlx::Row as _;

use super::SelectionError;
use crate::registration::case;
use crate::state::Central;
use crate::sync::{Sealer, SyncError};
use crate::waves::application::Application;

/// Applications that are read at once.
const READ: i64 = 2_000;

/// The rules of a wave as they stand in its commitment.
pub(super) fn rules(wave: &Wave, scheme: &Scheme) -> Rules {
    let all = prakerja_domain::province::PROVINCES.iter().map(|(code, _)| (*code).to_owned());
    let provinces: Vec<String> = if wave.provinces.is_empty() { all.collect() } else { wave.provinces.clone() };
    let region = |code: String| RegionRule { quota: wave.region_quotas.get(&code).copied(), code };
    let class = |name: &str| ClassRule { name: name.to_owned(), quota: None };
    Rules {
        version: VERSION,
        wave: wave.number,
        scheme: scheme.version.clone(),
        quota: wave.quota,
        classes: scheme.selection.classes.iter().map(|name| class(name.as_str())).collect(),
        regions: provinces.into_iter().map(region).collect(),
        family_max: scheme.identity.family_max,
    }
}

/// A page of applications with what decides over them.
const READ_PAGE: &str = "
    select application.*, registration.content content, registration.case_number case_number,
           exists (select 1 from recipient where recipient.nik_index = application.nik_index) recipient,
           (select count(*) from recipient where recipient.kk_index = application.kk_index)
           + coalesce((select max(family_recipients) from identity_claim
                       where identity_claim.kk_index = application.kk_index), 0) family
    from application left join registration on registration.person_id = application.person_id
    where wave = $1 and blind > $2 order by blind limit $3";

/// Makes the list of a wave, and tells who applied and is not on it.
pub(super) async fn list(
    central: &Central,
    wave: &Wave,
    scheme: &Scheme,
) -> Result<(List, Vec<(Blind, LeftOff)>), SelectionError> {
    let rules = rules(wave, scheme);
    let sealer = central.sealer()?;
    // One transaction: everything is as of one moment.
    let mut tx = central.db.read().begin().await?;
    let (mut listed, mut left_off) = (Vec::new(), Vec::new());
    let mut after = Vec::new();
    loop {
        let rows =
            sqlx::query(READ_PAGE).bind(i64::from(wave.number)).bind(&after).bind(READ).fetch_all(&mut *tx).await?;
        let Some(last) = rows.last() else { break };
        after = last.try_get("blind")?;
        for row in &rows {
            let application = <Application as sqlx::FromRow<_>>::from_row(row)?;
            let content: Option<Vec<u8>> = row.try_get("content")?;
            let case_number: Option<String> = row.try_get("case_number")?;
            let recipient = row.try_get::<i64, _>("recipient")? != 0;
            if !application.is_open() {
                continue;
            }
            let why = if recipient { Ok(Some(LeftOff::Recipient)) } else { why_not(sealer, &application, content) };
            if let Some(why) = why.map_err(|error| SelectionError::from(error).of_case(case_number))? {
                left_off.push((application.blind()?, why));
                continue;
            }
            let class =
                scheme.selection.classes.iter().position(|class| application.class().is_ok_and(|c| c == *class));
            let region = rules.regions.iter().position(|rule| rule.code == application.region);
            // Its class or province left the rules after it was received: the list has no place for it.
            let (Some(class), Some(region)) = (class, region) else {
                tracing::warn!(wave = wave.number, "an application fits no class or region of its wave");
                left_off.push((application.blind()?, LeftOff::Excluded));
                continue;
            };
            let family = u8::try_from(row.try_get::<i64, _>("family")?).unwrap_or(u8::MAX);
            listed.push(Listed {
                blind: application.blind()?,
                class: u8::try_from(class).unwrap_or(u8::MAX),
                region: u16::try_from(region).unwrap_or(u16::MAX),
                family_card: application.kk_index,
                family_free: rules.family_max.saturating_sub(family),
            });
        }
    }
    drop(tx);
    Ok((tokio::task::spawn_blocking(move || List::new(rules, listed)).await??, left_off))
}

/// Why the person may take part no more: blocked, or excluded by what was declared. Nothing else of the registration counts.
fn why_not(sealer: &Sealer, application: &Application, content: Option<Vec<u8>>) -> Result<Option<LeftOff>, SyncError> {
    let Some(sealed) = content else { return Ok(Some(LeftOff::Excluded)) };
    let record: RegistrationRecord = sealer.open(case::place(application.person()), &sealed)?;
    let facts = record.facts;
    Ok(if facts.blocked {
        Some(LeftOff::Blocked)
    } else {
        (facts.declarations != Some(DeclarationsOutcome::Clear)).then_some(LeftOff::Excluded)
    })
}
