//! The key wrapped with a passphrase, for computers without a keyring.
//!
//! Argon2id stretches the passphrase, XChaCha20-Poly1305 seals the key; the parameters that were used are in the file and
//! bound into the seal.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::RngCore;
use rand::rngs::OsRng;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::DatabaseKey;
use crate::keyinfo::write_whole;

/// Fewest characters of a passphrase. It is the only guard of a stolen file, so it is longer than a password.
pub const PASSPHRASE_MIN: usize = 12;
/// Most bytes of a passphrase that are stretched.
pub const PASSPHRASE_MAX_BYTES: usize = 1024;

/// 64 MiB, three passes: about a quarter of a second on a slow computer.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 1;
/// Refuses a file that was made to exhaust memory.
const MEMORY_KIB_MAX: u32 = 1024 * 1024;
const PASSES_MAX: u32 = 16;

/// A passphrase that is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseError {
    /// Fewer than [`PASSPHRASE_MIN`] characters.
    #[error("the passphrase is too short")]
    TooShort,
    /// More than [`PASSPHRASE_MAX_BYTES`] bytes.
    #[error("the passphrase is too long")]
    TooLong,
    /// Fewer than five different characters.
    #[error("the passphrase is too easy")]
    TooEasy,
}

/// Why a key file did not give its key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The passphrase is wrong.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// The passphrase breaks the rule for new ones.
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    /// The file is no key file of a version known here, or damaged.
    #[error("the key file cannot be read")]
    Damaged,
    /// The file cannot be read or written.
    #[error("the key file cannot be read or written")]
    File(#[from] io::Error),
}

/// Content of `keyfile.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyFile {
    /// Version of this format.
    pub version: u32,
    /// Name of the key, as in `keyinfo.json`.
    pub key_id: Uuid,
    stretch: Stretch,
    cipher: String,
    nonce: String,
    sealed: String,
}

/// How the passphrase is stretched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stretch {
    name: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
}

/// Checks a passphrase that is chosen now. Spaces count; nothing is trimmed.
///
/// # Errors
/// The rule that it breaks.
pub fn check_passphrase(passphrase: &SecretString) -> Result<(), PassphraseError> {
    let text = passphrase.expose_secret();
    if text.chars().count() < PASSPHRASE_MIN {
        return Err(PassphraseError::TooShort);
    }
    if text.len() > PASSPHRASE_MAX_BYTES {
        return Err(PassphraseError::TooLong);
    }
    let different: std::collections::BTreeSet<char> = text.chars().collect();
    if different.len() < 5 { Err(PassphraseError::TooEasy) } else { Ok(()) }
}

impl KeyFile {
    /// Name of the file, beside the database.
    pub const FILE: &'static str = "keyfile.json";

    /// Wraps a key. Takes about a quarter of a second and 64 MiB: call it where blocking is allowed.
    ///
    /// # Errors
    /// The passphrase breaks the rule, or the operating system has no randomness.
    pub fn wrap(key: &DatabaseKey, key_id: Uuid, passphrase: &SecretString) -> Result<Self, KeyFileError> {
        check_passphrase(passphrase)?;
        let (mut salt, mut nonce) = ([0; 16], [0; 24]);
        OsRng.try_fill_bytes(&mut salt).map_err(|error| io::Error::other(error.to_string()))?;
        OsRng.try_fill_bytes(&mut nonce).map_err(|error| io::Error::other(error.to_string()))?;
        Self::wrap_with(key, key_id, passphrase, salt, nonce)
    }

    fn wrap_with(
        key: &DatabaseKey,
        key_id: Uuid,
        passphrase: &SecretString,
        salt: [u8; 16],
        nonce: [u8; 24],
    ) -> Result<Self, KeyFileError> {
        let mut file = Self {
            version: 1,
            key_id,
            stretch: Stretch {
                name: "argon2id".into(),
                memory_kib: MEMORY_KIB,
                passes: PASSES,
                lanes: LANES,
                salt: STANDARD.encode(salt),
            },
            cipher: "xchacha20poly1305".into(),
            nonce: STANDARD.encode(nonce),
            sealed: String::new(),
        };
        let wrapping = file.wrapping_key(passphrase)?;
        let cipher = XChaCha20Poly1305::new(wrapping.as_slice().into());
        let sealed = cipher
            .encrypt(XNonce::from_slice(&nonce), Payload { msg: key.expose(), aad: &file.bound() })
            .map_err(|_| KeyFileError::Damaged)?;
        file.sealed = STANDARD.encode(sealed);
        Ok(file)
    }

    /// Gives the key back. Takes as long as [`KeyFile::wrap`].
    ///
    /// # Errors
    /// [`KeyFileError::WrongPassphrase`] or [`KeyFileError::Damaged`].
    pub fn unwrap_key(&self, passphrase: &SecretString) -> Result<DatabaseKey, KeyFileError> {
        let known = self.version == 1 && self.stretch.name == "argon2id" && self.cipher == "xchacha20poly1305";
        if !known || self.stretch.memory_kib > MEMORY_KIB_MAX || self.stretch.passes > PASSES_MAX {
            return Err(KeyFileError::Damaged);
        }
        let nonce = STANDARD.decode(&self.nonce).ok().filter(|nonce| nonce.len() == 24).ok_or(KeyFileError::Damaged)?;
        let sealed = STANDARD.decode(&self.sealed).ok().filter(|text| text.len() == DatabaseKey::LENGTH + 16);
        let sealed = sealed.ok_or(KeyFileError::Damaged)?;
        let cipher = XChaCha20Poly1305::new(self.wrapping_key(passphrase)?.as_slice().into());
        let key = cipher
            .decrypt(XNonce::from_slice(&nonce), Payload { msg: &sealed, aad: &self.bound() })
            .map(Zeroizing::new)
            .map_err(|_| KeyFileError::WrongPassphrase)?;
        DatabaseKey::from_bytes(&key).ok_or(KeyFileError::Damaged)
    }

    /// Where the key file of a database is.
    pub fn path(database: &Path) -> PathBuf {
        database.with_file_name(Self::FILE)
    }

    /// Reads the key file of a database; absent when there is none.
    ///
    /// # Errors
    /// [`KeyFileError::Damaged`] or [`KeyFileError::File`].
    pub fn read(database: &Path) -> Result<Option<Self>, KeyFileError> {
        match fs::read(Self::path(database)) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|_| KeyFileError::Damaged),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes the key file of a database; after a crash it is the old one or the new one, whole.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn write(&self, database: &Path) -> Result<(), KeyFileError> {
        let bytes = serde_json::to_vec_pretty(self).map_err(io::Error::from)?;
        Ok(write_whole(&Self::path(database), &bytes)?)
    }

    fn wrapping_key(&self, passphrase: &SecretString) -> Result<Zeroizing<[u8; 32]>, KeyFileError> {
        let salt = STANDARD.decode(&self.stretch.salt).map_err(|_| KeyFileError::Damaged)?;
        let Stretch { memory_kib, passes, lanes, .. } = self.stretch;
        let params = Params::new(memory_kib, passes, lanes, Some(32)).map_err(|_| KeyFileError::Damaged)?;
        let mut wrapping = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.expose_secret().as_bytes(), &salt, wrapping.as_mut())
            .map_err(|_| KeyFileError::Damaged)?;
        Ok(wrapping)
    }

    /// What the seal covers beside the key: nothing of it can be exchanged unnoticed.
    fn bound(&self) -> Vec<u8> {
        let Stretch { name, memory_kib, passes, lanes, salt } = &self.stretch;
        format!("{} {} {name} {memory_kib} {passes} {lanes} {salt} {}", self.version, self.key_id, self.cipher)
            .into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[test]
    fn the_key_file_keeps_its_format_and_opens_again() {
        let key = DatabaseKey::from_bytes(&[7; 32]).unwrap();
        let passphrase = phrase("kucing kuda kereta 77");
        let file = KeyFile::wrap_with(&key, Uuid::from_u128(1), &passphrase, [1; 16], [2; 24]).unwrap();
        insta::assert_snapshot!("keyfile", serde_json::to_string_pretty(&file).unwrap());
        assert_eq!(file.unwrap_key(&passphrase).unwrap().expose(), key.expose());
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("applicant.db");
        assert!(KeyFile::read(&database).unwrap().is_none());
        file.write(&database).unwrap();
        assert_eq!(KeyFile::read(&database).unwrap(), Some(file));
        fs::write(KeyFile::path(&database), "{}").unwrap();
        assert!(matches!(KeyFile::read(&database), Err(KeyFileError::Damaged)));
    }

    #[test]
    fn a_wrong_passphrase_or_a_changed_file_gives_no_key() {
        let key = DatabaseKey::generate().unwrap();
        let passphrase = phrase("kucing kuda kereta 77");
        let file = KeyFile::wrap(&key, Uuid::from_u128(1), &passphrase).unwrap();
        assert!(matches!(file.unwrap_key(&phrase("kucing kuda kereta 78")), Err(KeyFileError::WrongPassphrase)));
        type Change = fn(&mut KeyFile);
        let changes: [(&str, Change); 7] = [
            ("key id", |file| file.key_id = Uuid::from_u128(2)),
            ("salt", |file| file.stretch.salt = STANDARD.encode([0; 16])),
            ("nonce", |file| file.nonce = STANDARD.encode([0; 24])),
            ("short nonce", |file| file.nonce = STANDARD.encode([0; 12])),
            ("sealed", |file| file.sealed = STANDARD.encode([0; 48])),
            ("memory", |file| file.stretch.memory_kib = u32::MAX),
            ("version", |file| file.version = 2),
        ];
        for (what, change) in changes {
            let mut changed = file.clone();
            change(&mut changed);
            assert!(changed.unwrap_key(&passphrase).is_err(), "{what}");
        }
    }

    #[test]
    fn passphrases_are_long_and_not_one_key_pressed_often() {
        let cases = [
            ("kucing kuda kereta", Ok(())),
            ("            ", Err(PassphraseError::TooEasy)),
            ("aaaabbbbccccdddd", Err(PassphraseError::TooEasy)),
            ("kucing kuda", Err(PassphraseError::TooShort)),
            ("दस अक्षर कम", Err(PassphraseError::TooShort)),
            ("", Err(PassphraseError::TooShort)),
        ];
        for (text, expected) in cases {
            assert_eq!(check_passphrase(&phrase(text)), expected, "{text}");
        }
        assert_eq!(check_passphrase(&phrase(&"abcdefgh".repeat(200))), Err(PassphraseError::TooLong));
    }
}
