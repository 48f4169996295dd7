//! The real adapter: makes a session and asks for its result (`docs/adapters.md`).

use reqwest::Url;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Outcome, Session};
use crate::config;
use crate::outside::{Outside, OutsideError, SettingsError};

/// A check is asked about at least so often, in seconds.
const LONGEST_POLL_S: u64 = 3_600;

/// An outside provider.
#[derive(Debug)]
pub(crate) struct Provider {
    party: Outside,
    pub(super) name: String,
    /// How often a check that is under way is asked about, in milliseconds.
    pub(super) poll_ms: i64,
}

#[derive(Serialize)]
struct NewSession {
    /// Ours; the same again asks for the same session.
    reference: Uuid,
    expires_in_s: u64,
}

#[derive(Deserialize)]
struct Standing {
    result: Outcome,
}

impl Provider {
    /// `section` names the settings.
    pub(super) fn new(section: &str, face: &config::Face) -> Result<Self, SettingsError> {
        let party = Outside::new(section, &face.url, face.token.as_ref(), face.timeout_s)?;
        let poll_ms = i64::try_from(face.poll_s.clamp(1, LONGEST_POLL_S)).unwrap_or(1) * 1_000;
        Ok(Self { party, name: face.provider.clone(), poll_ms })
    }

    /// Nothing of the person is sent: the provider knows the reference only.
    pub(super) async fn begin(&self, attempt: Uuid, expires_in_s: u64) -> Result<Session, OutsideError> {
        let asked = NewSession { reference: attempt, expires_in_s };
        let session: Session = self.party.post(&["sessions"], attempt, &asked).await?;
        // The app opens the page in a browser.
        let url = Url::parse(&session.url).ok().filter(|url| matches!(url.scheme(), "https" | "http"));
        if url.is_none() || session.id.is_empty() || session.id.len() > 200 || session.url.len() > 2_000 {
            return Err(OutsideError::Garbled);
        }
        Ok(session)
    }

    pub(super) async fn outcome(&self, session: &Session) -> Result<Outcome, OutsideError> {
        let standing: Standing = self.party.get(&["sessions", &session.id]).await?;
        Ok(standing.result)
    }
}
