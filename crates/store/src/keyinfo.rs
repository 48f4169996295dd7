//! The side file beside the database: which key opens it and where that key is kept.
//!
//! It holds no secret. The salted fingerprint tells a wrong key (another keyring, another computer's key) from a damaged
//! file, which SQLCipher cannot: both look like "not a database" to it.
//!
//! It is the only record of the key's name: without it nobody finds the key in a keyring. Hence there are two of it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rand::RngCore;
use rand::rngs::OsRng;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::DatabaseKey;

/// Where the key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// The operating system's keyring, under [`KeyInfo::key_id`].
    Keyring,
    /// `keyfile.json`, wrapped with a passphrase.
    Passphrase,
}

/// Content of `keyinfo.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyInfo {
    /// Version of this format.
    pub version: u32,
    /// Name of the key: the keyring entry has it.
    pub key_id: Uuid,
    /// Where the key is kept.
    pub protection: Protection,
    /// Salt of the fingerprint, hex.
    salt: String,
    /// Salted fingerprint of the key, hex.
    fingerprint: String,
}

impl KeyInfo {
    /// Name of the file, beside the database.
    pub const FILE: &'static str = "keyinfo.json";
    /// Name of the second copy, beside the first.
    pub const COPY: &'static str = "keyinfo-copy.json";

    /// Describes a new key.
    ///
    /// # Errors
    /// The operating system has no randomness to give.
    pub fn new(key: &DatabaseKey, protection: Protection) -> io::Result<Self> {
        let mut salt = [0; 16];
        OsRng.try_fill_bytes(&mut salt).map_err(|error| io::Error::other(error.to_string()))?;
        Ok(Self::with_salt(key, protection, Uuid::now_v7(), salt))
    }

    fn with_salt(key: &DatabaseKey, protection: Protection, key_id: Uuid, salt: [u8; 16]) -> Self {
        Self {
            version: 1,
            key_id,
            protection,
            salt: hex::encode(salt),
            fingerprint: hex::encode(key.fingerprint(&salt)),
        }
    }

    /// True when this describes `key`.
    pub fn fits(&self, key: &DatabaseKey) -> bool {
        hex::decode(&self.salt).is_ok_and(|salt| hex::encode(key.fingerprint(&salt)) == self.fingerprint)
    }

    /// Where the side file of a database and its copy are.
    pub fn paths(database: &Path) -> [PathBuf; 2] {
        [Self::FILE, Self::COPY].map(|name| database.with_file_name(name))
    }

    /// Reads the side file of a database, or its copy when the first is gone or unreadable; absent when there is none.
    ///
    /// # Errors
    /// It cannot be read, or is no side file of a version known here (`InvalidData`).
    pub fn read(database: &Path) -> io::Result<Option<Self>> {
        let [first, copy] = Self::paths(database);
        match Self::read_file(&first) {
            Ok(Some(info)) => Ok(Some(info)),
            first => match Self::read_file(&copy) {
                Ok(Some(info)) => Ok(Some(info)),
                _ => first,
            },
        }
    }

    fn read_file(path: &Path) -> io::Result<Option<Self>> {
        match fs::read(path) {
            Ok(bytes) => {
                let info: Self = serde_json::from_slice(&bytes)?;
                if info.version == 1 { Ok(Some(info)) } else { Err(io::ErrorKind::InvalidData.into()) }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes the side file of a database and its copy; after a crash each is the old one or the new one, whole.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn write(&self, database: &Path) -> io::Result<()> {
        let bytes = serde_json::to_vec_pretty(self)?;
        Self::paths(database).iter().try_for_each(|path| write_whole(path, &bytes))
    }
}

/// Replaces a file so that a crash leaves the old content or the new one: temporary file, sync, rename, sync of the folder.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    let temporary = PathBuf::from(temporary);
    let mut file = private_file(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&temporary, path)?;
    sync_folder_of(path)
}

/// A new empty file that only this user may read.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Makes a rename durable. Windows has no such call for folders; NTFS journals the rename.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_side_file_keeps_its_format_and_no_secret() {
        let key = DatabaseKey::from_bytes(&[7; 32]).unwrap();
        let info = KeyInfo::with_salt(&key, Protection::Keyring, Uuid::from_u128(1), [9; 16]);
        insta::assert_snapshot!("keyinfo", serde_json::to_string_pretty(&info).unwrap());
        assert!(info.fits(&key));
        assert!(!info.fits(&DatabaseKey::from_bytes(&[8; 32]).unwrap()));
        let text = serde_json::to_string(&info).unwrap();
        assert!(!text.contains(&hex::encode([7; 32])));
    }

    #[test]
    fn a_side_file_of_another_version_is_refused_and_a_missing_one_is_absent() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("applicant.db");
        assert_eq!(KeyInfo::read(&database).unwrap(), None);
        let key = DatabaseKey::generate().unwrap();
        let mut info = KeyInfo::new(&key, Protection::Passphrase).unwrap();
        info.write(&database).unwrap();
        assert_eq!(KeyInfo::read(&database).unwrap().as_ref(), Some(&info));
        info.version = 2;
        info.write(&database).unwrap();
        assert_eq!(KeyInfo::read(&database).unwrap_err().kind(), io::ErrorKind::InvalidData);
        for path in KeyInfo::paths(&database) {
            fs::write(path, "{").unwrap();
        }
        assert!(KeyInfo::read(&database).is_err());
    }

    #[test]
    fn one_of_the_two_is_enough() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("applicant.db");
        let key = DatabaseKey::generate().unwrap();
        let info = KeyInfo::new(&key, Protection::Keyring).unwrap();
        for lost in 0..2 {
            info.write(&database).unwrap();
            let path = &KeyInfo::paths(&database)[lost];
            for content in ["", "{", r#"{"version":9}"#] {
                fs::write(path, content).unwrap();
                assert_eq!(KeyInfo::read(&database).unwrap().as_ref(), Some(&info), "{content:?} in {path:?}");
            }
            fs::remove_file(path).unwrap();
            assert_eq!(KeyInfo::read(&database).unwrap().as_ref(), Some(&info), "without {path:?}");
        }
    }
}
