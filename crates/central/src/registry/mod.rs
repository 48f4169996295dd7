//! The civil registry (Dukcapil), reached by one real adapter and one labelled sandbox.
//!
//! It is asked whether four values belong together and answers equal or different for each. No value ever comes back, and
//! nobody can look anything up through it. Who asks, how often and what follows is `registration::identity`'s matter.

mod http;
mod sandbox;

use prakerja_domain::profile::ProfileField;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::by_scheme::ByScheme;
use crate::config::{self, Config, section};
use crate::outside::{OutsideError, SettingsError};
use crate::schemes::Schemes;

/// What is asked. Sealed wherever it waits.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Question {
    /// Identity number.
    pub(crate) nik: String,
    /// Family-card number.
    pub(crate) kk_number: String,
    /// Name as on the card.
    pub(crate) full_name: String,
    /// `2003-02-01`.
    pub(crate) birth_date: String,
}

impl std::fmt::Debug for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Question")
    }
}

/// Whether a value is the registry's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Equal,
    Different,
}

/// What is known of benefits from before this central kept its own list of recipients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Earlier {
    /// Nothing.
    #[default]
    None,
    /// This person was a recipient.
    Recipient,
    /// The family card has its recipients.
    FamilyFull,
}

/// The registry's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) struct Answer {
    /// Different when there is no such number; then the others say nothing.
    pub(crate) nik: Verdict,
    pub(crate) kk_number: Verdict,
    pub(crate) full_name: Verdict,
    pub(crate) birth_date: Verdict,
    #[serde(default)]
    pub(crate) earlier: Earlier,
    /// Recipients on the family card from before this central kept its own list.
    #[serde(default)]
    pub(crate) family_recipients: u8,
}

impl Answer {
    /// Fields to look at again.
    pub(crate) fn differs(&self) -> Vec<ProfileField> {
        if self.nik == Verdict::Different {
            return vec![ProfileField::Nik];
        }
        [
            (ProfileField::FullName, self.full_name),
            (ProfileField::KkNumber, self.kk_number),
            (ProfileField::BirthDate, self.birth_date),
        ]
        .into_iter()
        .filter_map(|(field, verdict)| (verdict == Verdict::Different).then_some(field))
        .collect()
    }
}

/// The adapter in use.
#[derive(Debug)]
pub(crate) enum Registry {
    /// A matching service.
    Http(Box<http::Matching>),
    /// Invented answers for `serve --demo`.
    Sandbox,
    /// None was configured.
    Missing,
}

impl Registry {
    /// The adapter of each scheme in this configuration. Demo never asks a real one.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub(crate) fn load(config: &Config, schemes: &Schemes) -> Result<ByScheme<Self>, SettingsError> {
        if config.demo {
            return Ok(ByScheme::same(Self::Sandbox));
        }
        let shared = config.registry.as_ref().map(|registry| Self::http("registry", registry)).transpose()?;
        let registries = ByScheme::new(shared.unwrap_or(Self::Missing), config, |version, own| {
            own.registry.as_ref().map(|registry| Self::http(&section(version, "registry"), registry)).transpose()
        })?;
        if let Some(schemes) = registries.versions(schemes, |registry| !registry.is_there()) {
            tracing::warn!(schemes, "no civil registry is configured ([registry]): nobody's identity can be matched");
        }
        Ok(registries)
    }

    fn http(section: &str, registry: &config::Registry) -> Result<Self, SettingsError> {
        Ok(Self::Http(Box::new(http::Matching::new(section, registry)?)))
    }

    /// Whether there is one.
    pub(crate) fn is_there(&self) -> bool {
        !matches!(self, Self::Missing)
    }

    /// Asks. `request` is the same for every try of one question.
    ///
    /// # Errors
    /// [`OutsideError`].
    pub(crate) async fn ask(&self, request: Uuid, question: &Question) -> Result<Answer, OutsideError> {
        match self {
            Self::Http(matching) => matching.ask(request, question).await,
            Self::Sandbox => Ok(sandbox::answer(question)),
            Self::Missing => Err(OutsideError::Missing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_that_waits_reads_as_before() {
        let json = serde_json::json!({
            "nik": "2171014102030001", "kk_number": "2171010506180007", "full_name": "Sari", "birth_date": "2003-02-01",
        });
        let question: Question = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(&question).unwrap(), json);
        assert_eq!(format!("{question:?}"), "Question", "it stays out of logs");
    }

    #[test]
    fn only_fields_are_named_and_an_unknown_number_hides_the_rest() {
        use ProfileField::{BirthDate, FullName, KkNumber, Nik};
        let read = |json: serde_json::Value| serde_json::from_value::<Answer>(json).unwrap();
        let all = |verdict: &str| serde_json::json!({ "nik": verdict, "kk_number": verdict, "full_name": verdict, "birth_date": verdict });
        assert_eq!(read(all("equal")).differs(), []);
        assert_eq!(read(all("different")).differs(), [Nik]);
        let mut known = all("different");
        known["nik"] = "equal".into();
        assert_eq!(read(known).differs(), [FullName, KkNumber, BirthDate]);
        let mut missing = all("equal");
        missing.as_object_mut().unwrap().remove("kk_number");
        assert!(serde_json::from_value::<Answer>(missing).is_err());
        assert!(serde_json::from_value::<Answer>(all("maybe")).is_err());
    }
}
