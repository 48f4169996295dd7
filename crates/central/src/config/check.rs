//! Values that TOML takes and central cannot work with. Found at start, not by the first applicant.

use super::{Config, ConfigError};
use crate::middleware::parse_version;

impl Config {
    /// Refuses values that would switch something off without a word.
    ///
    /// # Errors
    /// [`ConfigError::Value`] with the name of the setting.
    pub fn check(&self) -> Result<(), ConfigError> {
        if parse_version(&self.min_version).is_none() {
            return Err(ConfigError::Value("min_version must be major.minor.patch, such as 0.1.0"));
        }
        if self.probe_budget.count == 0 {
            return Err(ConfigError::Value(
                "probe_budget.count must be at least 1: without probes there is no verdict",
            ));
        }
        if let Some(address) = &self.public_url {
            let url = url::Url::parse(address).ok();
            let usable = url.is_some_and(|url| {
                matches!(url.scheme(), "https" | "http")
                    && url.has_host()
                    && url.query().is_none()
                    && url.fragment().is_none()
            });
            if !usable {
                return Err(ConfigError::Value("public_url must be an address such as https://api.example.org"));
            }
        }
        if self.documents.judges == 0 {
            return Err(ConfigError::Value("documents.judges must be at least 1: somebody must look at the photos"));
        }
        self.check_by_scheme()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_does_not_parse_and_a_check_without_probes_are_refused() {
        assert!(Config::default().check().is_ok());
        for wrong in ["", "1", "0.2", "v0.2.0", "newest"] {
            let config = Config { min_version: wrong.to_owned(), ..Config::default() };
            assert!(config.check().is_err(), "{wrong:?}");
        }
        let mut config = Config::default();
        config.probe_budget.count = 0;
        assert!(config.check().is_err());
        let mut config = Config::default();
        config.documents.judges = 0;
        assert!(config.check().is_err());
    }

    #[test]
    fn an_address_for_phones_is_one() {
        let cases = [
            ("https://api.example.org", true),
            ("http://192.168.1.5:8080", true),
            ("https://example.org/prakerja/", true),
            ("api.example.org", false),
            ("ftp://example.org", false),
            ("https://example.org/?a=1", false),
        ];
        for (address, usable) in cases {
            let config = Config { public_url: Some(address.to_owned()), ..Config::default() };
            assert_eq!(config.check().is_ok(), usable, "{address}");
        }
    }
}
