//! The face check, by an outside provider: one real adapter and one labelled sandbox (its own page on this central).
//!
//! Central learns passed or failed, and nothing else: no picture and no number of a face is sent to it or kept by it.
//! [`session`] begins a check, the errand [`ask`] hears how it went. Every check that was begun counts, whichever is the
//! newest: before another begins, the provider is asked how the open ones stand, and what is decided later is still heard.

mod http;
pub(crate) mod sandbox;
pub(crate) mod session;

use prakerja_domain::registration::FaceCheck;
use prakerja_protocol::application::NoticeKind;
use prakerja_protocol::registration::FaceStatus;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use crate::by_scheme::ByScheme;
use crate::config::{self, Config, section};
use crate::db::Id;
use crate::errands::{self, Errand, Fate};
use crate::error::{ApiError, ApiResult};
use crate::outside::{OutsideError, SettingsError};
use crate::registration::case::{self, Case};
use crate::registration::notice;
use crate::schemes::Schemes;
use crate::state::Central;
use crate::sync::{Change, Place, Records, SyncError};

/// How often the sandbox is asked, in milliseconds; its buttons hurry the errand anyway.
const SANDBOX_POLL_MS: i64 = 5_000;
/// A check that the provider never ends is over so long after its time, in milliseconds.
const GRACE_MS: i64 = 60_000;

/// A session as the provider made it. Sealed wherever it is kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Session {
    /// The provider's id of it.
    id: String,
    /// Its page.
    url: String,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session")
    }
}

/// How a check stands at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Pending,
    Passed,
    Failed,
    /// Nobody finished it.
    Expired,
}

/// The adapter in use.
#[derive(Debug)]
pub(crate) enum FaceProvider {
    /// An outside provider.
    Http(Box<http::Provider>),
    /// A page of this central with two buttons, for `serve --demo`.
    Sandbox,
    /// None was configured.
    Missing,
}

impl FaceProvider {
    /// The adapter of each scheme in this configuration. Demo never asks a real one.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub(crate) fn load(config: &Config, schemes: &Schemes) -> Result<ByScheme<Self>, SettingsError> {
        if config.demo {
            return Ok(ByScheme::same(Self::Sandbox));
        }
        let shared = config.face.as_ref().map(|face| Self::http("face", face)).transpose()?;
        let providers = ByScheme::new(shared.unwrap_or(Self::Missing), config, |version, own| {
            own.face.as_ref().map(|face| Self::http(&section(version, "face"), face)).transpose()
        })?;
        if let Some(schemes) = providers.versions(schemes, |provider| matches!(provider, Self::Missing)) {
            tracing::warn!(schemes, "no provider of face checks is configured ([face]): nobody's face can be checked");
        }
        Ok(providers)
    }

    fn http(section: &str, face: &config::Face) -> Result<Self, SettingsError> {
        Ok(Self::Http(Box::new(http::Provider::new(section, face)?)))
    }

    fn poll_ms(&self) -> i64 {
        match self {
            Self::Http(provider) => provider.poll_ms,
            Self::Sandbox | Self::Missing => SANDBOX_POLL_MS,
        }
    }

    async fn outcome(&self, central: &Central, attempt: Uuid, session: &Session) -> Result<Outcome, OutsideError> {
        match self {
            Self::Http(provider) => provider.outcome(session).await,
            Self::Sandbox => sandbox::outcome(central, attempt).await,
            Self::Missing => Err(OutsideError::Missing),
        }
    }
}

/// The newest check of a person.
#[derive(FromRow)]
struct Check {
    attempt: Id,
    begun_by: Id,
    expires_at: i64,
    failed: i64,
    content: Vec<u8>,
}

async fn newest(records: &mut Records<'_>, person: Uuid) -> Result<Option<Check>, SyncError> {
    Ok(sqlx::query_as("select attempt, begun_by, expires_at, failed, content from face_check where person_id = $1")
        .bind(Id(person))
        .fetch_optional(&mut *records.tx)
        .await?)
}

/// After a decision of the office the person begins with all tries again.
pub(crate) async fn forget_failures(records: &mut Records<'_>, person: Uuid) -> Result<(), SyncError> {
    sqlx::query("update face_check set failed = 0 where person_id = $1")
        .bind(Id(person))
        .execute(&mut *records.tx)
        .await?;
    Ok(())
}

/// Leaves the checks that are under way unheard, and gives all tries again.
pub(crate) async fn take_back(records: &mut Records<'_>, person: Uuid) -> Result<(), SyncError> {
    for errand in errands::open_of(records, person, errands::Kind::Face).await? {
        errands::finish(records, errand.id).await?;
    }
    forget_failures(records, person).await
}

/// What the errand is about.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    attempt: Uuid,
    expires_at: i64,
    session: Session,
}

impl Asked {
    fn is_over(&self, central: &Central) -> bool {
        central.clock.now_ms() > self.expires_at.saturating_add(GRACE_MS)
    }
}

/// The errand: hears from the provider how a check went.
pub(crate) async fn ask(central: &Central, errand: &Errand) -> Fate {
    match hear(central, errand).await {
        Ok(Heard::Pending { again_ms }) => Fate::Again(again_ms),
        Ok(Heard::Settled) => Fate::Done,
        Err(Unheard::Unreadable) => Fate::failed("unreadable"),
        Err(Unheard::Outside(error)) => Fate::failed(error.to_string()),
        Err(Unheard::NotWritten(error)) => {
            tracing::error!(errand = %errand.id, ?error, "the result of a face check could not be written");
            Fate::failed("not written")
        }
    }
}

/// Why it is not known how a check stands.
#[derive(Debug)]
enum Unheard {
    Unreadable,
    Outside(OutsideError),
    NotWritten(ApiError),
}

/// What came of asking.
#[derive(Debug)]
enum Heard {
    /// Nothing yet; to be asked again after so many milliseconds.
    Pending { again_ms: i64 },
    /// It is written.
    Settled,
}

/// Asks the provider of the case's scheme how a check stands and writes what is decided.
async fn hear(central: &Central, errand: &Errand) -> Result<Heard, Unheard> {
    let asked = errand.content::<Asked>(central).ok_or(Unheard::Unreadable)?;
    let scheme = case::scheme_of(central, errand.person).await.map_err(|error| {
        tracing::error!(errand = %errand.id, ?error, "the case of a face check could not be read");
        Unheard::Unreadable
    })?;
    let provider = central.faces.of(&scheme.version);
    let mut outcome = provider.outcome(central, asked.attempt, &asked.session).await.map_err(Unheard::Outside)?;
    if outcome == Outcome::Pending && asked.is_over(central) {
        outcome = Outcome::Expired;
    }
    if outcome == Outcome::Pending {
        return Ok(Heard::Pending { again_ms: provider.poll_ms() });
    }
    settle(central, errand, asked.attempt, outcome).await.map_err(Unheard::NotWritten)?;
    Ok(Heard::Settled)
}

async fn settle(central: &Central, errand: &Errand, attempt: Uuid, outcome: Outcome) -> ApiResult<()> {
    let person = errand.person;
    let mut change = Change::begin(central).await?;
    let records = &mut change.records(person);
    if !errands::finish(records, errand.id).await? {
        return Ok(());
    }
    let Some(check) = newest(records, person).await? else { return change.commit().await };
    let newest = check.attempt.0 == attempt;
    let mut case = Case::load(records, person).await?;
    let before = case.record.facts.face;
    let most = i64::from(case.scheme(central).face.max_tries);
    let failed = check.failed + i64::from(outcome == Outcome::Failed);
    let (face, told) = match outcome {
        // Decided, or the office's to decide.
        _ if matches!(before, Some(FaceCheck::Verified | FaceCheck::ManualReview)) => (before, None),
        Outcome::Passed => (Some(FaceCheck::Verified), Some(NoticeKind::FaceVerified)),
        Outcome::Failed if failed >= most => (Some(FaceCheck::ManualReview), Some(NoticeKind::FaceManualReview)),
        // A newer one is under way.
        Outcome::Failed if !newest && before == Some(FaceCheck::Pending) => (before, Some(NoticeKind::FaceFailed)),
        Outcome::Failed => (Some(FaceCheck::Failed), Some(NoticeKind::FaceFailed)),
        // Not a failure of the person: it may be begun again.
        Outcome::Expired | Outcome::Pending if newest => ((failed > 0).then_some(FaceCheck::Failed), None),
        Outcome::Expired | Outcome::Pending => (before, None),
    };
    sqlx::query("update face_check set failed = $1 where person_id = $2")
        .bind(failed)
        .bind(Id(person))
        .execute(&mut *records.tx)
        .await?;
    if face != before || told.is_some() {
        case.record.facts.face = face;
        case.record.face = Some(FaceStatus { at: records.at, tries_left: left(most, failed) });
        case.save(records).await?;
    }
    if let Some(told) = told {
        notice::tell(records, person, told, &[], None).await?;
    }
    change.commit().await
}

fn left(most: i64, failed: i64) -> u32 {
    u32::try_from(most - failed).unwrap_or(0)
}

fn place(person: Uuid) -> Place<'static> {
    Place { person, kind: "table/face_check", id: person }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_errand_that_waits_reads_as_before() {
        let json = serde_json::json!({
            "attempt": "00000000-0000-0000-0000-000000000007", "expires_at": 1,
            "session": { "id": "s", "url": "https://x.id/s" },
        });
        let asked: Asked = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(&asked).unwrap(), json);
        assert!(!format!("{asked:?}").contains("x.id"), "the page stays out of logs");
    }
}
