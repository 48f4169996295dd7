//! The keyring of the operating system: Credential Manager, Keychain or Secret Service.
//!
//! Calls block and may hang or ask the person; `prakerja_app::keys` runs them on a thread of their own, with a time limit,
//! and never believes "nothing here" without a proof.

use keyring::{Entry, Error};
use prakerja_app::keys::{KeyStore, KeyStoreError, Secret};

use crate::data_folder::IDENTIFIER;

/// The keyring, under the app's identifier as service name.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct OsKeyring;

impl KeyStore for OsKeyring {
    fn get(&self, name: &str) -> Result<Option<Secret>, KeyStoreError> {
        match entry(name)?.get_secret() {
            Ok(secret) => Ok(Some(Secret::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(read(&error)),
        }
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyStoreError> {
        entry(name)?.set_secret(secret).map_err(|error| read(&error))
    }

    fn delete(&self, name: &str) -> Result<(), KeyStoreError> {
        match entry(name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(read(&error)),
        }
    }
}

fn entry(name: &str) -> Result<Entry, KeyStoreError> {
    Entry::new(IDENTIFIER, name).map_err(|error| read(&error))
}

fn read(error: &Error) -> KeyStoreError {
    // The variant only: some of them carry the secret itself.
    match error {
        Error::NoDefaultStore => KeyStoreError::Absent,
        Error::NoStorageAccess(_) => KeyStoreError::Locked,
        _ => KeyStoreError::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_and_locked_are_told_apart_from_broken() {
        let cause = || Box::<dyn std::error::Error + Send + Sync>::from("cause");
        let cases = [
            (Error::NoDefaultStore, KeyStoreError::Absent),
            (Error::NoStorageAccess(cause()), KeyStoreError::Locked),
            (Error::PlatformFailure(cause()), KeyStoreError::Failed),
            (Error::BadEncoding(vec![1]), KeyStoreError::Failed),
            (Error::TooLong("secret".into(), 1), KeyStoreError::Failed),
        ];
        for (error, expected) in cases {
            assert_eq!(read(&error), expected, "{error:?}");
        }
    }
}
