//! The demo's other applicants: invented people without a name or a number, so that a draw has somebody to draw from. Their
//! addresses are below `.invalid`, where no message ever arrives. Only `serve --demo` calls this.

use prakerja_domain::registration::{Facts, TestProgress};
use prakerja_domain::scheme::{PriorityClass, Scheme};
use prakerja_domain::wave::Counted;
use prakerja_protocol::application::{Wave, WaveJoin};
use uuid::Uuid;

use super::applicant::Applicant;
use super::join;
use crate::db::Id;
use crate::error::ApiResult;
use crate::registration::blind;
use crate::registration::case::Case;
use crate::state::Central;
use crate::sync::{Change, SyncError};

/// Everybody of so many is on a list of the laid off.
const WHITELISTED: usize = 20;
/// Two of so many share a family card.
const FAMILY: usize = 8;

/// Lets `count` invented people join a wave, unless some did before.
pub(super) async fn people(central: &Central, wave: &Wave, count: usize) -> ApiResult<()> {
    let Some(scheme) = central.schemes.of_wave(wave) else { return Ok(()) };
    let mut change = Change::begin(central).await?;
    let known: i64 = sqlx::query_scalar(
        "select count(*) from application join person on person.id = application.person_id
         where application.wave = $1 and person.email like '%.invalid'",
    )
    .bind(i64::from(wave.number))
    .fetch_one(&mut **change.tx())
    .await?;
    if known > 0 {
        return Ok(());
    }
    for nth in 0..count {
        one(&mut change, wave, &scheme, nth).await?;
    }
    change.commit().await
}

async fn one(change: &mut Change, wave: &Wave, scheme: &Scheme, nth: usize) -> Result<(), SyncError> {
    let person = Uuid::new_v4();
    sqlx::query(
        "insert into person (id, email, password_file, stretch_memory_kib, stretch_passes, stretch_lanes, created_at)
         values ($1, $2, $3, 1, 1, 1, $4)",
    )
    .bind(Id(person))
    .bind(format!("gelombang-{}-{nth}@contoh.invalid", wave.number))
    .bind(Vec::new())
    .bind(change.at())
    .execute(&mut **change.tx())
    .await?;
    let mut records = change.records(person);
    let mut case = Case::load(&mut records, person).await?;
    case.record.scheme.clone_from(&wave.scheme);
    case.record.facts = Facts::complete(TestProgress::Passed);
    case.save(&mut records).await?;
    let central = records.central;
    let (nik, kk) = (format!("invented {} {nth}", wave.number), format!("invented {} {}", wave.number, family(nth)));
    let provinces: Vec<&str> = if wave.provinces.is_empty() {
        prakerja_domain::province::FIRST_ROLLOUT.to_vec()
    } else {
        wave.provinces.iter().map(String::as_str).collect()
    };
    let applicant = Applicant {
        nik_index: blind::nik(central, &nik),
        kk_index: blind::kk(central, &kk),
        region: provinces.get(nth % provinces.len().max(1)).copied().unwrap_or("21").to_owned(),
    };
    if nth.is_multiple_of(WHITELISTED) {
        sqlx::query(
            "insert into whitelist (nik_index, class, source, imported_at) values ($1, $2, 'SANDBOX', $3)
             on conflict do nothing",
        )
        .bind(&applicant.nik_index)
        .bind(PriorityClass::WhitelistedLaidOff.as_str())
        .bind(records.at)
        .execute(&mut *records.tx)
        .await?;
    }
    let join = WaveJoin { application: Uuid::new_v4(), wave: wave.number, consents: Vec::new(), answers: Vec::new() };
    let at = records.at;
    join::keep(&mut records, person, &join, (Counted::InTime, at, None), &applicant, scheme).await?;
    Ok(())
}

/// The first two of each eight share a card.
fn family(nth: usize) -> usize {
    if nth % FAMILY == 1 { nth - 1 } else { nth }
}
