//! The real adapter: one POST a question (`docs/adapters.md`).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Answer, Question};
use crate::config;
use crate::outside::{Outside, OutsideError, SettingsError};

/// A matching service.
#[derive(Debug)]
pub(crate) struct Matching(Outside);

#[derive(Serialize)]
struct Asked<'a> {
    request: Uuid,
    #[serde(flatten)]
    question: &'a Question,
}

#[derive(Deserialize)]
struct Answered {
    request: Uuid,
    #[serde(flatten)]
    answer: Answer,
}

impl Matching {
    /// `section` names the settings.
    pub(super) fn new(section: &str, registry: &config::Registry) -> Result<Self, SettingsError> {
        Ok(Self(Outside::new(section, &registry.url, registry.token.as_ref(), registry.timeout_s)?))
    }

    pub(super) async fn ask(&self, request: Uuid, question: &Question) -> Result<Answer, OutsideError> {
        let answered: Answered = self.0.post(&[], request, &Asked { request, question }).await?;
        // Somebody else's answer would be worse than none.
        if answered.request == request { Ok(answered.answer) } else { Err(OutsideError::Garbled) }
    }
}
