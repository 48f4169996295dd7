//! What a scheme may have of its own, by its version. The shared settings hold for whatever it does not name.
//!
//! Not the mail: it goes out before there is a case, so no scheme could choose. And no wave changes any of it: a case is
//! under way long before it joins one.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Deserialize;

use super::{Config, ConfigError, Face, Registry, Sms};

/// One scheme's own parties and questions.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OfScheme {
    /// Files (TOML) of the question bank of its test; an empty list is the bank that ships.
    pub question_files: Option<Vec<PathBuf>>,
    /// Its civil registry.
    pub registry: Option<Registry>,
    /// Its messages to phones.
    pub sms: Option<Sms>,
    /// Its face checks.
    pub face: Option<Face>,
}

impl Config {
    /// Files of the question bank of a scheme's test; none for the bank that ships.
    pub fn question_files_of(&self, scheme: &str) -> &[PathBuf] {
        let own = self.by_scheme.get(scheme).and_then(|own| own.question_files.as_ref());
        own.unwrap_or(&self.question_files)
    }

    /// Takes the tokens of schemes' own parties from the environment, which `read` looks into. The token of the shared
    /// party is sent to no other.
    pub fn take_tokens_of_schemes(&mut self, read: impl Fn(&str) -> Option<String>) {
        for (scheme, own) in &mut self.by_scheme {
            let token = |party: &str| read(&token_variable(party, scheme));
            if let Some(registry) = &mut own.registry
                && let Some(token) = token("REGISTRY")
            {
                registry.token = Some(token.into());
            }
            if let Some(sms) = &mut own.sms
                && let Some(token) = token("SMS")
            {
                sms.token = Some(token.into());
            }
            if let Some(face) = &mut own.face
                && let Some(token) = token("FACE")
            {
                face.token = Some(token.into());
            }
        }
    }

    /// Refuses two schemes whose tokens could not be told apart in the environment.
    pub(super) fn check_by_scheme(&self) -> Result<(), ConfigError> {
        let mut words = BTreeSet::new();
        if self.by_scheme.keys().all(|scheme| words.insert(variable_word(scheme))) {
            return Ok(());
        }
        Err(ConfigError::Value(
            "by_scheme: two versions differ in signs only, and the environment could not tell their tokens apart",
        ))
    }
}

/// Name of a party's section among those of a scheme, for messages.
pub(crate) fn section(scheme: &str, party: &str) -> String {
    format!("by_scheme.{scheme:?}.{party}")
}

/// Such as `PRAKERJA_CENTRAL_REGISTRY_TOKEN_2020`.
fn token_variable(party: &str, scheme: &str) -> String {
    format!("PRAKERJA_CENTRAL_{party}_TOKEN_{}", variable_word(scheme))
}

/// A version as a part of a variable's name.
fn variable_word(scheme: &str) -> String {
    scheme.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::schemes::Schemes;

    fn read(text: &str) -> Config {
        toml::from_str(text).unwrap()
    }

    /// Why central does not start with this, if it does not.
    fn refusal(text: &str) -> Option<String> {
        let config: Config = match toml::from_str(text) {
            Ok(config) => config,
            Err(error) => return Some(error.to_string()),
        };
        let checked = config.check().map_err(|error| error.to_string());
        checked.and_then(|()| Schemes::load(&config).map(drop).map_err(|error| error.to_string())).err()
    }

    #[test]
    fn what_a_scheme_may_have_of_its_own() {
        let registry = "url = 'https://registry.example.org'";
        let cases = [
            (String::new(), None),
            ("[by_scheme.2020]".to_owned(), None),
            ("[by_scheme.\"2020\"]\nquestion_files = ['a.toml']".to_owned(), None),
            (format!("[by_scheme.2020.registry]\n{registry}"), None),
            (format!("[by_scheme.2020.sms]\n{registry}\nsender = 'P'"), None),
            (format!("[by_scheme.2023.face]\n{registry}\nprovider = 'W'"), None),
            // A slip of the finger must not leave a scheme with the shared party.
            ("[by_scheme.2021]\nquestion_files = []".to_owned(), Some("by_scheme names \"2021\"")),
            (format!("[by_scheme.2020.registri]\n{registry}"), Some("unknown field `registri`")),
            (format!("[by_scheme.2020.registry]\n{registry}\nsender = 'P'"), Some("unknown field `sender`")),
            ("[by_scheme.2020.registry]\ntimeout_s = 20".to_owned(), Some("missing field `url`")),
            (format!("[by_scheme.2020.face]\n{registry}"), Some("missing field `provider`")),
            ("[by_scheme.2020.mail]\nhost = 'smtp.example.org'".to_owned(), Some("unknown field `mail`")),
            ("[by_scheme.2020]\nquestion_files = 'a.toml'".to_owned(), Some("expected a sequence")),
            ("[by_scheme.\"a-b\"]\n[by_scheme.\"a_b\"]".to_owned(), Some("differ in signs only")),
        ];
        for (text, expected) in cases {
            let found = refusal(&text);
            assert_eq!(found.is_some(), expected.is_some(), "{text}: {found:?}");
            assert!(found.clone().unwrap_or_default().contains(expected.unwrap_or_default()), "{text}: {found:?}");
        }
    }

    #[test]
    fn the_bank_of_a_scheme_is_its_own_or_the_shared_one() {
        let config = read("question_files = ['shared.toml']\n[by_scheme.2020]\nquestion_files = ['own.toml']");
        assert_eq!(config.question_files_of("2020"), [PathBuf::from("own.toml")]);
        assert_eq!(config.question_files_of("2023"), [PathBuf::from("shared.toml")]);
        let shipped = read("question_files = ['shared.toml']\n[by_scheme.2020]\nquestion_files = []");
        assert!(shipped.question_files_of("2020").is_empty(), "the one that ships, although another is shared");
        let parties_only =
            read("question_files = ['shared.toml']\n[by_scheme.2020.registry]\nurl = 'https://registry.example.org'");
        assert_eq!(parties_only.question_files_of("2020"), [PathBuf::from("shared.toml")]);
    }

    #[test]
    fn a_token_goes_to_the_party_it_is_meant_for() {
        let mut config = read(
            "[registry]\nurl = 'https://a.example.org'\n[by_scheme.2020.registry]\nurl = 'https://b.example.org'\n\
             [by_scheme.\"2023-b\".face]\nurl = 'https://c.example.org'\nprovider = 'W'",
        );
        config.take_tokens_of_schemes(|name| match name {
            "PRAKERJA_CENTRAL_REGISTRY_TOKEN_2020" => Some("one".to_owned()),
            "PRAKERJA_CENTRAL_FACE_TOKEN_2023_B" => Some("two".to_owned()),
            // Of a party that the scheme does not have.
            "PRAKERJA_CENTRAL_SMS_TOKEN_2020" => Some("three".to_owned()),
            _ => None,
        });
        let text = |token: &Option<secrecy::SecretString>| token.as_ref().map(|it| it.expose_secret().to_owned());
        assert_eq!(text(&config.registry.unwrap().token), None);
        assert_eq!(text(&config.by_scheme["2020"].registry.as_ref().unwrap().token), Some("one".to_owned()));
        assert_eq!(text(&config.by_scheme["2023-b"].face.as_ref().unwrap().token), Some("two".to_owned()));
        assert!(config.by_scheme["2020"].sms.is_none());
    }
}
