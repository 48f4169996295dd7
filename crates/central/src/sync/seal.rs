//! Personal content at rest: sealed before it reaches the database, opened after it left.
//!
//! XChaCha20-Poly1305 with a random nonce; person, kind and record id are authenticated, so a row copied to another
//! person or record does not open. What the database itself must search (ids, states, times) stays in columns of its own.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use rand::RngCore as _;
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;
use uuid::Uuid;

/// Length of the nonce in front of a sealed content.
const NONCE: usize = 24;

/// Seals and opens under one deployment's key.
#[derive(Clone)]
pub(crate) struct Sealer {
    cipher: XChaCha20Poly1305,
    digests: Hmac<Sha256>,
}

/// A sealed content that does not open: other key, other row, or damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed row does not open")]
pub(crate) struct Unopenable;

/// What a sealed content belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Whose it is.
    pub(crate) person: Uuid,
    /// Table and use, such as `record/profile`.
    pub(crate) kind: &'a str,
    /// The row.
    pub(crate) id: Uuid,
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        [self.person.as_bytes(), self.id.as_bytes(), self.kind.as_bytes()].concat()
    }
}

impl Sealer {
    /// Under a key from the deployment's secrets.
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let mac = <Hmac<Sha256> as Mac>::new_from_slice(key);
        Self {
            cipher: XChaCha20Poly1305::new(key.into()),
            digests: mac.unwrap_or_else(|_| unreachable!("HMAC takes keys of any length")),
        }
    }

    /// Seals a content.
    pub(crate) fn seal<T: Serialize>(&self, place: Place<'_>, content: &T) -> Result<Vec<u8>, Unopenable> {
        let json = serde_json::to_vec(content).map_err(|_| Unopenable)?;
        self.seal_bytes(place, &json)
    }

    /// Seals bytes as they are, such as a picture.
    pub(crate) fn seal_bytes(&self, place: Place<'_>, content: &[u8]) -> Result<Vec<u8>, Unopenable> {
        let mut nonce = [0_u8; NONCE];
        rand::rngs::OsRng.fill_bytes(&mut nonce);
        let payload = Payload { msg: content, aad: &place.bytes() };
        let sealed = self.cipher.encrypt(XNonce::from_slice(&nonce), payload).map_err(|_| Unopenable)?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what [`Sealer::seal`] made for the same place.
    ///
    /// # Errors
    /// [`Unopenable`].
    pub(crate) fn open<T: DeserializeOwned>(&self, place: Place<'_>, sealed: &[u8]) -> Result<T, Unopenable> {
        serde_json::from_slice(&self.open_bytes(place, sealed)?).map_err(|_| Unopenable)
    }

    /// Opens what [`Sealer::seal_bytes`] made for the same place.
    ///
    /// # Errors
    /// [`Unopenable`].
    pub(crate) fn open_bytes(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, Unopenable> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE).ok_or(Unopenable)?;
        let payload = Payload { msg: sealed, aad: &place.bytes() };
        self.cipher.decrypt(XNonce::from_slice(nonce), payload).map_err(|_| Unopenable)
    }

    /// A digest that only this deployment can compute: the digest of a short personal content (an ID number) could be
    /// guessed from a stolen database.
    pub(crate) fn digest(&self, content: &[u8]) -> [u8; 32] {
        self.digests.clone().chain_update(b"digest/1").chain_update(content).finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_opens_in_its_own_place_only() {
        let sealer = Sealer::new(&[1; 32]);
        let place = Place { person: Uuid::from_u128(1), kind: "record/profile", id: Uuid::from_u128(2) };
        let sealed = sealer.seal(place, &"2171014102030001").unwrap();
        assert_eq!(sealer.open::<String>(place, &sealed).unwrap(), "2171014102030001");
        let elsewhere = [
            Place { person: Uuid::from_u128(9), ..place },
            Place { id: Uuid::from_u128(9), ..place },
            Place { kind: "record/notice", ..place },
        ];
        for other in elsewhere {
            assert_eq!(sealer.open::<String>(other, &sealed), Err(Unopenable), "{other:?}");
        }
        assert_eq!(Sealer::new(&[2; 32]).open::<String>(place, &sealed), Err(Unopenable));
        let mut damaged = sealed.clone();
        damaged[30] ^= 1;
        assert_eq!(sealer.open::<String>(place, &damaged), Err(Unopenable));
        assert_eq!(sealer.open::<String>(place, &[]), Err(Unopenable));
    }

    #[test]
    fn nothing_of_the_content_is_readable_and_no_two_are_alike() {
        let sealer = Sealer::new(&[1; 32]);
        let place = Place { person: Uuid::from_u128(1), kind: "record/profile", id: Uuid::from_u128(2) };
        let (one, two) =
            (sealer.seal(place, &"2171014102030001").unwrap(), sealer.seal(place, &"2171014102030001").unwrap());
        assert_ne!(one, two);
        assert!(!one.windows(8).any(|window| b"2171014102030001".windows(8).any(|part| part == window)));
    }
}
