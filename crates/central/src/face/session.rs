//! `POST /v1/face/sessions`: begins a face check at the provider.
//!
//! The provider is asked between two transactions, never inside one: first how the checks that are open stand, so that
//! nobody leaves a failed one behind by beginning another, then for a new one. The attempt's id follows from person and
//! `Idempotency-Key`, so a repeat asks the provider for the same session, whatever was lost on the way.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use futures::future::join_all;
use prakerja_domain::registration::{FaceCheck, Step};
use prakerja_domain::scheme::ConsentMoment;
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::registration::{ConsentGiven, FaceSession, FaceStatus, NewFaceSession};
use uuid::Uuid;

use super::{Asked, Check, FaceProvider, Session, hear, left, newest, place, sandbox};
use crate::clock::{ms, wait};
use crate::db::Id;
use crate::errands::{self, Errand, Kind};
use crate::error::{ApiError, ApiResult};
use crate::registration::case::Case;
use crate::registration::tries::{self, Rule, Try};
use crate::registration::{blind, consents, missing_party};
use crate::request::{IdempotencyKey, Json, Reply};
use crate::signed_in::SignedIn;
use crate::state::Central;
use crate::sync::{Change, Records};

/// A provider that did not answer may be asked again after so long, in milliseconds.
const RETRY_MS: u64 = 30_000;

pub(crate) async fn begin(
    State(central): State<Central>,
    who: SignedIn,
    IdempotencyKey(key): IdempotencyKey,
    headers: HeaderMap,
    Json(asked): Json<NewFaceSession>,
) -> ApiResult<Reply<FaceSession>> {
    let (scheme, open) = {
        let mut change = Change::begin(&central).await?;
        let records = &mut change.records(who.person);
        if let Some(answer) = repeated(&central, records, who.person, key).await? {
            return Ok(Reply::ok(answer));
        }
        let case = Case::load(records, who.person).await?;
        let scheme = case.scheme(&central);
        case.allows(Step::StartFaceCheck, &scheme)?;
        consents::check(&scheme, ConsentMoment::Face, &given_now(&asked, records.at))?;
        if let Some(until) = tries::locked_until(records.tx, &central, &counted(&who)).await? {
            return Err(ApiError::rate_limited(wait(until, central.clock.now_ms())));
        }
        let open = errands::open_of(records, who.person, Kind::Face).await?;
        (scheme, open)
    };
    if !open.is_empty() {
        hear_all(&central, &open).await?;
        let mut change = Change::begin(&central).await?;
        let case = Case::load(&mut change.records(who.person), who.person).await?;
        case.allows(Step::StartFaceCheck, &case.scheme(&central))?;
    }
    let attempt = blind::attempt(&central, who.person, key);
    let (life_s, provider) = (scheme.face.session_s, central.faces.of(&scheme.version));
    let session = match provider {
        FaceProvider::Http(provider) => provider.begin(attempt, life_s).await.map_err(|error| {
            tracing::warn!(%error, "the provider of face checks did not begin one");
            silent()
        })?,
        FaceProvider::Sandbox => sandbox::begin(&central, &base(&headers), attempt).await?,
        FaceProvider::Missing => return Err(missing_party("no provider of face checks is configured").into()),
    };
    let mut change = Change::begin(&central).await?;
    let records = &mut change.records(who.person);
    // The same request may have come twice, and everything may have changed while the provider was asked.
    if let Some(answer) = repeated(&central, records, who.person, key).await? {
        return Ok(Reply::ok(answer));
    }
    let mut case = Case::load(records, who.person).await?;
    let scheme = case.scheme(&central);
    case.allows(Step::StartFaceCheck, &scheme)?;
    let rule = Rule { most: scheme.face.max_sessions, window_ms: ms(scheme.face.lock_s) };
    if let Try::Locked { until } = tries::take(records.tx, &central, &counted(&who), rule).await? {
        return Err(ApiError::rate_limited(wait(until, central.clock.now_ms())));
    }
    let given = given_now(&asked, records.at);
    consents::keep(records, who.person, (&scheme, ConsentMoment::Face), &given).await?;
    let expires_at = records.at.saturating_add(ms(life_s));
    let failed = write(records, who.person, (attempt, key), expires_at, &session).await?;
    errands::queue(records, who.person, Kind::Face, &Asked { attempt, expires_at, session: session.clone() }).await?;
    case.record.facts.face = Some(FaceCheck::Pending);
    let tries_left = left(i64::from(scheme.face.max_tries), failed);
    case.record.face = Some(FaceStatus { at: records.at, tries_left });
    case.save(records).await?;
    change.commit().await?;
    Ok(Reply::ok(answer(&central, provider, session, expires_at)))
}

/// The consents of a request, given as it came.
fn given_now(asked: &NewFaceSession, at: i64) -> Vec<ConsentGiven> {
    let given =
        |(id, version): (&String, &String)| ConsentGiven { id: id.clone(), version: version.clone(), given_at: at };
    asked.consents.iter().map(given).collect()
}

/// Asks how the open checks stand. What is long over is heard by its errand alone: a provider that has forgotten it must
/// not keep the person out.
async fn hear_all(central: &Central, open: &[Errand]) -> ApiResult<()> {
    let runs = |errand: &&Errand| errand.content::<Asked>(central).is_some_and(|asked| !asked.is_over(central));
    let heard = join_all(open.iter().filter(runs).map(|errand| hear(central, errand))).await;
    if let Some(error) = heard.into_iter().find_map(Result::err) {
        tracing::warn!(?error, "it is not known how a face check stands, so no other begins");
        return Err(silent().into());
    }
    Ok(())
}

/// What sessions are counted by: whoever begins them over and over would wear out the provider.
fn counted(who: &SignedIn) -> [&[u8]; 2] {
    [b"face sessions of", who.person.as_bytes()]
}

fn silent() -> Problem {
    let problem = Problem::new(ProblemCode::PartyUnavailable, 503, "the provider of face checks does not answer");
    problem.with_retry_after_ms(RETRY_MS)
}

/// The answer to a request whose answer was lost.
async fn repeated(
    central: &Central,
    records: &mut Records<'_>,
    person: Uuid,
    key: Uuid,
) -> ApiResult<Option<FaceSession>> {
    let Some(Check { expires_at, content, .. }) =
        newest(records, person).await?.filter(|check| check.begun_by == Id(key))
    else {
        return Ok(None);
    };
    let session: Session = records.open(place(person), &content)?;
    let scheme = Case::load(records, person).await?.scheme(central);
    match central.faces.of(&scheme.version) {
        // Whose page it was, nobody could say any more.
        FaceProvider::Missing => Ok(None),
        provider => Ok(Some(answer(central, provider, session, expires_at))),
    }
}

/// Replaces the newest check; its failures count on. Returns how many there were.
async fn write(
    records: &mut Records<'_>,
    person: Uuid,
    (attempt, key): (Uuid, Uuid),
    expires_at: i64,
    session: &Session,
) -> ApiResult<i64> {
    let sealed = records.seal(place(person), session)?;
    Ok(sqlx::query_scalar(
        "insert into face_check (person_id, attempt, begun_by, expires_at, failed, content)
         values ($1, $2, $3, $4, 0, $5)
         on conflict (person_id) do update
         set attempt = excluded.attempt, begun_by = excluded.begun_by, expires_at = excluded.expires_at,
             content = excluded.content
         returning failed",
    )
    .bind(Id(person))
    .bind(Id(attempt))
    .bind(Id(key))
    .bind(expires_at)
    .bind(sealed)
    .fetch_one(&mut *records.tx)
    .await?)
}

fn answer(central: &Central, provider: &FaceProvider, session: Session, expires_at: i64) -> FaceSession {
    let (provider, sandbox) = match provider {
        FaceProvider::Http(provider) => (provider.name.clone(), false),
        FaceProvider::Sandbox | FaceProvider::Missing => (sandbox::NAME.to_owned(), true),
    };
    let left_ms = wait(expires_at, central.clock.now_ms());
    FaceSession { url: session.url, expires_in_s: left_ms.div_ceil(1_000), provider, sandbox }
}

/// This central as the client reached it; for the sandbox's page, which is on this central.
fn base(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '-' | '[' | ']');
    let host = text(header::HOST.as_str()).filter(|host| !host.is_empty() && host.chars().all(plain));
    let scheme = if text("x-forwarded-proto") == Some("https") { "https" } else { "http" };
    format!("{scheme}://{}", host.unwrap_or("localhost"))
}
