//! Opaque tokens: cursors of the feed and pages of a snapshot.
//!
//! A token is `base64url(content ‖ HMAC-SHA256)`. The client keeps it and gives it back; nothing in it is secret, but
//! nobody can make one up, and one of another person does not read.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::Sha256;
use uuid::Uuid;

/// Bytes of the HMAC inside a token; 128 bits are beyond guessing and keep tokens short.
const TAG: usize = 16;

/// Makes and reads tokens of one deployment.
#[derive(Clone)]
pub(crate) struct Tokens {
    key: Hmac<Sha256>,
}

/// A token that this deployment did not make for this use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Forged;

/// Place in a person's feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    /// Epoch of the database that gave it.
    pub(crate) epoch: Uuid,
    /// Whose feed.
    pub(crate) person: Uuid,
    /// Everything up to here is known.
    pub(crate) seq: i64,
    /// The command behind that change. Where another one stands there, the database was put back from a backup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<Uuid>,
}

/// Place in a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SnapshotPlace {
    /// Epoch of the database that gave it.
    pub(crate) epoch: Uuid,
    /// Whose snapshot.
    pub(crate) person: Uuid,
    /// Sequence that all pages describe.
    pub(crate) as_of_seq: i64,
    /// Kind of the last record on the page before.
    pub(crate) kind: String,
    /// Id of the last record on the page before.
    pub(crate) id: Uuid,
}

/// What a token is for: one for the feed never works as one of a snapshot.
pub(crate) trait Content: Serialize + DeserializeOwned {
    /// Version and use; a change of the content changes it.
    const USE: &'static [u8];
}

impl Content for Cursor {
    const USE: &'static [u8] = b"cursor/1";
}

impl Content for SnapshotPlace {
    const USE: &'static [u8] = b"snapshot/1";
}

impl Tokens {
    /// Tokens under a key.
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        // HMAC takes keys of any length; this cannot fail.
        let mac = <Hmac<Sha256> as Mac>::new_from_slice(key);
        Self { key: mac.unwrap_or_else(|_| unreachable!("HMAC takes keys of any length")) }
    }

    /// Writes a token.
    pub(crate) fn write<T: Content>(&self, content: &T) -> String {
        // Structs of ids, integers and text always serialise.
        let mut bytes = serde_json::to_vec(content).unwrap_or_default();
        let tag = self.mac::<T>(&bytes).finalize().into_bytes();
        bytes.extend_from_slice(&tag[..TAG]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a token.
    ///
    /// # Errors
    /// [`Forged`] for everything that [`Tokens::write`] did not make under this key for this use.
    pub(crate) fn read<T: Content>(&self, token: &str) -> Result<T, Forged> {
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| Forged)?;
        let (content, tag) = bytes.split_at_checked(bytes.len().wrapping_sub(TAG)).ok_or(Forged)?;
        self.mac::<T>(content).verify_truncated_left(tag).map_err(|_| Forged)?;
        serde_json::from_slice(content).map_err(|_| Forged)
    }

    fn mac<T: Content>(&self, content: &[u8]) -> Hmac<Sha256> {
        self.key.clone().chain_update(T::USE).chain_update([0]).chain_update(content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURSOR: Cursor =
        Cursor { epoch: Uuid::from_u128(1), person: Uuid::from_u128(2), seq: 410, by: Some(Uuid::from_u128(3)) };

    #[test]
    fn a_token_reads_back_under_its_own_key_only() {
        let tokens = Tokens::new(&[7; 32]);
        let token = tokens.write(&CURSOR);
        assert_eq!(tokens.read::<Cursor>(&token), Ok(CURSOR));
        assert_eq!(Tokens::new(&[8; 32]).read::<Cursor>(&token), Err(Forged));
    }

    #[test]
    fn a_changed_cut_or_foreign_token_is_forged() {
        let tokens = Tokens::new(&[7; 32]);
        let token = tokens.write(&CURSOR);
        for position in 0..token.len() {
            let mut letters = token.clone().into_bytes();
            letters[position] = if letters[position] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(letters).unwrap();
            // The last letter may carry bits that decode to nothing; then the decoder refuses it.
            assert_eq!(tokens.read::<Cursor>(&changed), Err(Forged), "letter {position}");
            assert_eq!(tokens.read::<Cursor>(&token[..position]), Err(Forged), "cut at {position}");
        }
        for text in ["", "AAAA", "-", "ä", &"A".repeat(5_000)] {
            assert_eq!(tokens.read::<Cursor>(text), Err(Forged), "{text}");
        }
    }

    #[test]
    fn a_token_of_another_use_is_forged() {
        let tokens = Tokens::new(&[7; 32]);
        let place = SnapshotPlace {
            epoch: CURSOR.epoch,
            person: CURSOR.person,
            as_of_seq: 3,
            kind: "profile".to_owned(),
            id: CURSOR.person,
        };
        assert_eq!(tokens.read::<Cursor>(&tokens.write(&place)), Err(Forged));
    }
}
