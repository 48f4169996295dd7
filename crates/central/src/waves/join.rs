//! `wave.join`: a person takes part in the draw of a wave.
//!
//! Who comes first has no advantage, so the only question of time is whether the wave was open: by the time of receipt,
//! and after closing by the wave's rule, when central had no room for it before, or by the device's evidence (`sync.md`
//! §3.10). One application a person and wave: a
//! second device gets the first one's, without an error (fault 49).

use prakerja_domain::admission::{self, NotAdmitted, Unfit};
use prakerja_domain::application::ApplicationState;
use prakerja_domain::calendar::jakarta_day;
use prakerja_domain::profile::ProfileField;
use prakerja_domain::scheme::{PriorityClass, Scheme};
use prakerja_domain::wave::{Counted, Evidence, NotCounted, counts};
use prakerja_protocol::application::{ApplicationRecord, NoticeKind, Wave, WaveJoin};
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::registration::{ConsentGiven, DeclarationsSubmit};
use prakerja_protocol::sync::{ClockEvidence, CommandEnvelope};
use serde::Serialize;
use uuid::Uuid;

use super::applicant::{self, Applicant};
use super::{application, secret};
use crate::catalogue::waves;
use crate::db::Id;
use crate::registration::case::Case;
use crate::registration::{Saved, Settled, declarations, notice};
use crate::sync::{Place, Records, SyncError};
use crate::word::read_word;

/// Carries out a join that entered central at `records.at`.
pub(crate) async fn join(
    records: &mut Records<'_>,
    person: Uuid,
    join: WaveJoin,
    (evidence, envelope): (Evidence, &CommandEnvelope),
) -> Settled {
    if let Some(saved) = application::of_wave(records, person, join.wave).await? {
        return Ok(Ok(saved));
    }
    let Some((wave, scheme)) = wave_of(records, join.wave).await? else {
        return Ok(Err(refused(ProblemCode::WaveUnknown, "no such wave")));
    };
    let case = Case::load(records, person).await?;
    let registered = case.scheme(records.central);
    let profile = records.profile(person).await?;
    let birth_date = profile.get(&ProfileField::BirthDate).map(String::as_str);
    match case.record.registered(&registered, birth_date).admitted(&scheme, jakarta_day(records.at)) {
        Ok(()) => {}
        Err(NotAdmitted::Step(refusal)) => return Ok(Err(case.refusal(refusal))),
        Err(NotAdmitted::Unfit(what)) => return Ok(Err(unfit(&what))),
    }
    let (counted, at) = match counted(records, &wave, evidence).await? {
        Ok(counted) => counted,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(applicant) = applicant::of(records, person, scheme.selection.region).await? else {
        return Ok(Err(refused(ProblemCode::ProfileIncomplete, "identity or address is missing")));
    };
    if applicant::was_recipient(records, person, &applicant.nik_index).await? {
        return Ok(Err(refused(ProblemCode::AlreadyMember, "a participant already, or once")));
    }
    if !wave.provinces.is_empty() && !wave.provinces.contains(&applicant.region) {
        return Ok(Err(refused(ProblemCode::NotInRegion, "the wave is not for this province")));
    }
    let given = join.consents.iter().map(|consent| (consent.id.clone(), consent.version.clone())).collect();
    match admission::check((&registered, &scheme), &join.answers, &given) {
        Ok(reasons) if reasons.is_empty() => {}
        Ok(reasons) => return Ok(Err(unfit(&Unfit { reasons, test: false }))),
        Err(fields) => {
            let refusal = refused(ProblemCode::Validation, "an answer or a consent is missing").with_fields(fields);
            return Ok(Err(refusal));
        }
    }
    let by = Proof { clock: &envelope.clock, seen: envelope.seen.as_deref() };
    let proof = (counted, at, (counted == Counted::ByEvidence || at != records.at).then_some(by));
    let Some(seq) = keep(records, person, &join, proof, &applicant, &scheme).await? else {
        return Ok(Err(refused(ProblemCode::Malformed, "the application id is in use")));
    };
    keep_answers(records, person, &join, &scheme).await?;
    notice::tell(records, person, NoticeKind::JoinedWave, &[("wave", i64::from(wave.number))], None).await?;
    Ok(Ok(Saved { rev: 1, seq }))
}

async fn wave_of(records: &mut Records<'_>, number: u32) -> Result<Option<(Wave, std::sync::Arc<Scheme>)>, SyncError> {
    let Some(wave) = waves::one(records.tx, number).await? else { return Ok(None) };
    let scheme = records.central.schemes.of_wave(&wave);
    if scheme.is_none() {
        tracing::error!(wave = number, "the scheme of a wave is gone, or its own values do not fit: nobody can join");
    }
    Ok(scheme.map(|scheme| (wave, scheme)))
}

/// Whether the wave was open for it, and as of when it counts as received.
async fn counted(
    records: &mut Records<'_>,
    wave: &Wave,
    evidence: Evidence,
) -> Result<Result<(Counted, i64), Problem>, SyncError> {
    let closed = || {
        refused(ProblemCode::WaveClosed, "the wave has closed")
            .with_detail("closed_at", wave.closes_at)
            .with_detail("grace_ms", wave.late.grace_ms)
            .with_detail("evidence", evidence.made.is_some())
    };
    // The list is being made, or is public: it cannot grow, whatever an old receipt proves.
    let drawn: Option<(i64,)> = sqlx::query_as("select wave from selection where wave = $1")
        .bind(i64::from(wave.number))
        .fetch_optional(&mut *records.tx)
        .await?;
    if drawn.is_some() {
        return Ok(Err(closed()));
    }
    Ok(counts(records.at, (wave.opens_at, wave.closes_at), wave.late, evidence).map_err(|why| match why {
        NotCounted::NotOpen => {
            refused(ProblemCode::WaveNotOpen, "the wave is not open yet").with_detail("opens_at", wave.opens_at)
        }
        NotCounted::Late => closed(),
    }))
}

/// A final no with the HTTP status that it would have alone.
fn refused(code: ProblemCode, title: &str) -> Problem {
    let status = match code {
        ProblemCode::WaveUnknown => 404,
        ProblemCode::Malformed => 400,
        ProblemCode::Validation | ProblemCode::ProfileIncomplete => 422,
        _ => 409,
    };
    Problem::new(code, status, title)
}

/// The registration does not fit the scheme of the wave.
fn unfit(what: &Unfit) -> Problem {
    refused(ProblemCode::SchemeUnfit, "the registration does not fit the scheme of the wave")
        .with_detail("unfit", serde_json::to_value(what).unwrap_or_default())
}

/// Keeps what was answered with a join as declarations are kept: for ever.
async fn keep_answers(
    records: &mut Records<'_>,
    person: Uuid,
    join: &WaveJoin,
    scheme: &Scheme,
) -> Result<(), SyncError> {
    if join.answers.is_empty() {
        return Ok(());
    }
    let (scheme, answers) = (scheme.version.clone(), join.answers.clone());
    declarations::keep(records, person, &DeclarationsSubmit { scheme, answers, consents: Vec::new() }).await
}

/// What decided that a late request counts, kept for audit.
#[derive(Debug, Serialize)]
pub(super) struct Proof<'a> {
    clock: &'a ClockEvidence,
    seen: Option<&'a str>,
}

/// Writes the application and its record. Returns its sequence; `None` when its id is in use.
pub(super) async fn keep(
    records: &mut Records<'_>,
    person: Uuid,
    join: &WaveJoin,
    (counted, at, proof): (Counted, i64, Option<Proof<'_>>),
    applicant: &Applicant,
    scheme: &Scheme,
) -> Result<Option<i64>, SyncError> {
    let class = class_of(records, scheme, &applicant.nik_index).await?;
    let blind = secret::of(records, join.wave).await?.blind(join.application.as_bytes());
    let evidence = proof.map(|proof| records.seal(evidence_place(person, join.application), &proof)).transpose()?;
    let written = sqlx::query(
        "insert into application
             (person_id, id, wave, rev, blind, class, region, counted, received_at, nik_index, kk_index, evidence)
         values ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing",
    )
    .bind(Id(person))
    .bind(Id(join.application))
    .bind(i64::from(join.wave))
    .bind(blind.as_bytes().to_vec())
    .bind(class.as_str())
    .bind(&applicant.region)
    .bind(match counted {
        Counted::InTime => "in_time",
        Counted::ByEvidence => "by_evidence",
    })
    .bind(at)
    .bind(&applicant.nik_index)
    .bind(&applicant.kk_index)
    .bind(evidence)
    .execute(&mut *records.tx)
    .await?;
    if written.rows_affected() == 0 {
        return Ok(None);
    }
    for consent in &scheme.consents {
        let is_given = |given: &&ConsentGiven| given.id == consent.id && given.version == consent.version;
        let Some(given) = join.consents.iter().find(is_given) else { continue };
        sqlx::query(
            "insert into consent (person_id, consent, version, accepted_at, received_at) values ($1, $2, $3, $4, $5)
             on conflict do nothing",
        )
        .bind(Id(person))
        .bind(format!("wave.{}.{}", join.wave, consent.id))
        .bind(&consent.version)
        .bind(given.given_at)
        .bind(records.at)
        .execute(&mut *records.tx)
        .await?;
    }
    let record = ApplicationRecord {
        wave: join.wave,
        state: ApplicationState::JoinedWaitingClose,
        counted,
        received_at: at,
        blind: blind.to_string(),
        class,
        region: applicant.region.clone(),
        drawn: None,
        left_off: None,
    };
    Ok(Some(records.put(person, (application::KIND, join.application, 1), &record).await?))
}

/// Whoever is on any list of the laid off is drawn first, where the scheme has that class.
pub(super) async fn class_of(
    records: &mut Records<'_>,
    scheme: &Scheme,
    nik_index: &[u8],
) -> Result<PriorityClass, SyncError> {
    if !scheme.selection.classes.contains(&PriorityClass::WhitelistedLaidOff) {
        return Ok(PriorityClass::General);
    }
    let row: Option<(String,)> = sqlx::query_as("select class from whitelist where nik_index = $1 limit 1")
        .bind(nik_index)
        .fetch_optional(&mut *records.tx)
        .await?;
    row.map_or(Ok(PriorityClass::General), |(class,)| read_word(&class))
}

fn evidence_place(person: Uuid, application: Uuid) -> Place<'static> {
    Place { person, kind: "table/application/evidence", id: application }
}
