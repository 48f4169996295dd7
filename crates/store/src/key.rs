//! The key of the database. It is made once, lives in the keyring or in a wrapped key file, and is never written plainly.
//!
//! Copies in memory are erased with one exception: sqlx keeps the text of the pragma that hands the key to SQLCipher in
//! the options of its connections, as long as the database is open, and does not erase it.

use std::fmt;

use rand::RngCore;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// 32 random bytes. Neither `Copy` nor serialisable; erased from memory when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct DatabaseKey([u8; Self::LENGTH]);

impl DatabaseKey {
    /// Bytes in a key.
    pub const LENGTH: usize = 32;

    /// A new key from the operating system's randomness.
    ///
    /// # Errors
    /// The operating system has none to give.
    pub fn generate() -> std::io::Result<Self> {
        let mut key = Self([0; Self::LENGTH]);
        OsRng.try_fill_bytes(&mut key.0).map_err(|error| std::io::Error::other(error.to_string()))?;
        Ok(key)
    }

    /// The key that a keyring or key file gave back; absent when it has the wrong length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes, to be handed to a keyring and to nothing else.
    pub fn expose(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }

    /// The key as the value of SQLCipher's `pragma key`: raw, so that no passphrase stretching takes place.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        let digits = Zeroizing::new(hex::encode(self.0));
        Zeroizing::new(format!("\"x'{}'\"", *digits))
    }

    /// Tells keys apart without telling anything about them.
    pub(crate) fn fingerprint(&self, salt: &[u8]) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(b"prakerja database key v1\0");
        digest.update(salt);
        digest.update(self.0);
        digest.finalize().into()
    }
}

impl fmt::Debug for DatabaseKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DatabaseKey(..)")
    }
}
