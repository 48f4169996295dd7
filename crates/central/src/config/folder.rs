//! Where an operator's command finds the database: as `serve` does.

use std::path::PathBuf;

use super::{Config, ConfigError};

/// Arguments of every command that works on the database.
#[derive(Debug, clap::Args)]
pub struct Folder {
    /// Folder of the database.
    #[arg(long, env = "PRAKERJA_CENTRAL_DATA", global = true)]
    data: Option<PathBuf>,
    /// Configuration file (TOML) that names the folder.
    #[arg(long, env = "PRAKERJA_CENTRAL_CONFIG", global = true)]
    config: Option<PathBuf>,
}

impl Folder {
    /// The whole configuration, with the folder as [`Folder::path`] says.
    ///
    /// # Errors
    /// [`ConfigError`] when the file cannot be used.
    pub fn config(self) -> Result<Config, ConfigError> {
        let mut config = self.config.as_deref().map(Config::read).transpose()?.unwrap_or_default();
        if let Some(data) = self.data {
            config.data = data;
        }
        Ok(config)
    }

    /// The folder: from the command line, else from the file, else the default.
    ///
    /// # Errors
    /// [`ConfigError`] when the file cannot be used.
    pub fn path(self) -> Result<PathBuf, ConfigError> {
        match (self.data, self.config) {
            (Some(data), _) => Ok(data),
            (None, Some(file)) => Ok(Config::read(&file)?.data),
            (None, None) => Ok(Config::default().data),
        }
    }
}
