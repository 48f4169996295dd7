//! The schemes in force: those that ship with the program, changed or added to by the operator's files.

use std::path::PathBuf;
use std::sync::Arc;

use prakerja_domain::scheme::{Scheme, SchemeError};
use prakerja_protocol::application::Wave;

use crate::config::Config;

/// All schemes, and the one for people who have joined no wave.
#[derive(Debug, Clone)]
pub struct Schemes {
    all: Vec<Arc<Scheme>>,
    present: Arc<Scheme>,
}

/// The schemes cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemesError {
    /// A file could not be read.
    #[error("the scheme file {0} could not be read")]
    Read(PathBuf, #[source] std::io::Error),
    /// A file is no scheme.
    #[error(transparent)]
    Scheme(#[from] SchemeError),
    /// `scheme` names none.
    #[error("configuration: scheme names \"{0}\", and there is no such scheme")]
    Unknown(String),
    /// `by_scheme` names one that there is not: it would hold for nobody.
    #[error("configuration: by_scheme names \"{0}\", and there is no such scheme; there are: {1}")]
    UnknownOwn(String, String),
}

impl Schemes {
    /// Reads the operator's files over what ships; a file with the version of a shipped scheme replaces it.
    ///
    /// # Errors
    /// [`SchemesError`].
    pub fn load(config: &Config) -> Result<Self, SchemesError> {
        let mut all: Vec<Arc<Scheme>> = Scheme::shipped()?.into_iter().map(Arc::new).collect();
        for file in &config.scheme_files {
            let text = std::fs::read_to_string(file).map_err(|error| SchemesError::Read(file.clone(), error))?;
            let scheme = Arc::new(Scheme::read(&text)?);
            match all.iter_mut().find(|known| known.version == scheme.version) {
                Some(known) => *known = scheme,
                None => all.push(scheme),
            }
        }
        let present = all.iter().find(|scheme| scheme.version == config.scheme).cloned();
        let present = present.ok_or_else(|| SchemesError::Unknown(config.scheme.clone()))?;
        let schemes = Self { all, present };
        match config.by_scheme.keys().find(|version| schemes.by_version(version).is_none()) {
            Some(unknown) => Err(SchemesError::UnknownOwn(unknown.clone(), schemes.versions())),
            None => Ok(schemes),
        }
    }

    /// All of them: the versions that ship, oldest first, then the operator's own in the order of their files.
    pub fn all(&self) -> &[Arc<Scheme>] {
        &self.all
    }

    fn versions(&self) -> String {
        self.all.iter().map(|scheme| scheme.version.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The scheme for people who have joined no wave.
    pub fn present(&self) -> &Arc<Scheme> {
        &self.present
    }

    /// The scheme of a version.
    pub fn by_version(&self, version: &str) -> Option<&Arc<Scheme>> {
        self.all.iter().find(|scheme| scheme.version == version)
    }

    /// The scheme of a wave with the wave's own values. `None` when the wave names a scheme that is gone, or its values do
    /// not fit; both are refused when a wave is made.
    pub fn of_wave(&self, wave: &Wave) -> Option<Arc<Scheme>> {
        let scheme = self.by_version(&wave.scheme)?;
        match &wave.overrides {
            None => Some(Arc::clone(scheme)),
            Some(overrides) => scheme.with(overrides).ok().map(Arc::new),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operators_file_replaces_or_adds_a_scheme() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own.toml");
        let own = prakerja_domain::scheme::SCHEME_2023.replace("first_purchase_days = 15", "first_purchase_days = 20");
        std::fs::write(&file, &own).unwrap();
        let config = Config { scheme_files: vec![file.clone()], ..Config::default() };
        let schemes = Schemes::load(&config).unwrap();
        assert_eq!(schemes.present().membership.first_purchase_days, 20);
        let versions: Vec<&str> = schemes.all().iter().map(|scheme| scheme.version.as_str()).collect();
        assert_eq!(versions, ["2020", "2023"], "it stands where the one was that it replaces");

        std::fs::write(&file, own.replace("version = \"2023\"", "version = \"2027\"")).unwrap();
        let config = Config { scheme: "2027".to_owned(), ..config };
        assert_eq!(Schemes::load(&config).unwrap().all().len(), 3);

        let config = Config { scheme: "2019".to_owned(), ..Config::default() };
        assert!(matches!(Schemes::load(&config), Err(SchemesError::Unknown(_))));
        let own = [("2027".to_owned(), crate::config::OfScheme::default())];
        let config = Config { by_scheme: own.into(), ..Config::default() };
        let refused = Schemes::load(&config).unwrap_err().to_string();
        assert!(refused.contains("\"2027\"") && refused.ends_with("there are: 2020, 2023"), "{refused}");
        let config = Config { scheme_files: vec![file], ..config };
        assert!(Schemes::load(&config).is_ok(), "one of the operator's own may be named");
        let config = Config { scheme_files: vec![folder.path().join("missing.toml")], ..Config::default() };
        assert!(matches!(Schemes::load(&config), Err(SchemesError::Read(..))));
    }
}
