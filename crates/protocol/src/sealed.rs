//! Documents sealed to the programme's key: whoever carries the bytes (a proxy that inspects, a CDN, the upload's folder)
//! sees none of them.
//!
//! HPKE (RFC 9180) in base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. `info` names this use and the
//! kind of document, the additional data is the document's id, so that a seal moved to another document or kind does not
//! open. A sealed document is the encapsulated key (32 bytes), then the ciphertext with its tag (16 bytes more than the
//! content). Base mode says nothing about who sealed: that is the session's business. Not here: reading or judging content.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::registration::{DocumentKind, SealingKey};

type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;
type Encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey;

/// Bytes of an encapsulated key.
const ENCAPSULATED: usize = 32;
/// By how much a sealed document is longer than its content.
pub const OVERHEAD: usize = ENCAPSULATED + 16;
/// Names this use of HPKE.
const USE: &[u8] = b"prakerja document/1 ";

/// What a seal belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The document.
    pub document: Uuid,
    /// What it is.
    pub kind: DocumentKind,
}

impl Place {
    fn info(self) -> Vec<u8> {
        [USE, self.kind.as_str().as_bytes()].concat()
    }
}

/// A document cannot be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The key is no public key of this kind.
    #[error("the sealing key cannot be used")]
    Key,
    /// Sealed to another key, for another document, or damaged.
    #[error("the sealed document does not open")]
    Unopenable,
}

/// Seals `content` so that only the holder of the key opens it.
///
/// # Errors
/// [`SealError::Key`].
pub fn seal(key: &SealingKey, place: Place, content: &[u8]) -> Result<Vec<u8>, SealError> {
    let public = STANDARD.decode(&key.public).map_err(|_| SealError::Key)?;
    let public = PublicKey::from_bytes(&public).map_err(|_| SealError::Key)?;
    let (encapsulated, sealed) = hpke::single_shot_seal::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        &place.info(),
        content,
        place.document.as_bytes(),
    )
    .map_err(|_| SealError::Key)?;
    Ok([encapsulated.to_bytes().as_slice(), &sealed].concat())
}

/// The secret half of a sealing key.
#[derive(Clone)]
pub struct OpeningKey {
    secret: Zeroizing<[u8; 32]>,
    public: [u8; 32],
}

impl std::fmt::Debug for OpeningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("OpeningKey").field(&self.id()).finish()
    }
}

impl OpeningKey {
    /// A new key from the operating system's randomness.
    pub fn generate() -> Self {
        let (secret, public) = X25519HkdfSha256::gen_keypair();
        Self { secret: Zeroizing::new(secret.to_bytes().into()), public: public.to_bytes().into() }
    }

    /// The key of 32 secret bytes.
    ///
    /// # Errors
    /// [`SealError::Key`].
    pub fn from_bytes(secret: &[u8; 32]) -> Result<Self, SealError> {
        let private = PrivateKey::from_bytes(secret).map_err(|_| SealError::Key)?;
        let public = X25519HkdfSha256::sk_to_pk(&private).to_bytes().into();
        Ok(Self { secret: Zeroizing::new(*secret), public })
    }

    /// The secret bytes, for the file of secrets.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        self.secret.clone()
    }

    /// Its id: the first eight bytes of the SHA-256 of the public key, hex. Follows from the key, so it cannot be mistaken.
    pub fn id(&self) -> String {
        hex::encode(Sha256::digest(self.public).get(..8).unwrap_or_default())
    }

    /// The public half, as the catalogue tells it.
    pub fn public(&self) -> SealingKey {
        SealingKey { id: self.id(), public: STANDARD.encode(self.public) }
    }

    /// Opens what [`seal`] made for the same place.
    ///
    /// # Errors
    /// [`SealError::Unopenable`].
    pub fn open(&self, place: Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let unopenable = |_| SealError::Unopenable;
        let (encapsulated, ciphertext) = sealed.split_at_checked(ENCAPSULATED).ok_or(SealError::Unopenable)?;
        let encapsulated = Encapsulated::from_bytes(encapsulated).map_err(unopenable)?;
        let secret = PrivateKey::from_bytes(self.secret.as_slice()).map_err(|_| SealError::Key)?;
        hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &secret,
            &encapsulated,
            &place.info(),
            ciphertext,
            place.document.as_bytes(),
        )
        .map(Zeroizing::new)
        .map_err(unopenable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place = Place { document: Uuid::from_u128(7), kind: DocumentKind::KtpPhoto };

    #[test]
    fn a_document_opens_with_its_own_key_and_in_its_own_place_only() {
        let key = OpeningKey::generate();
        let content = b"\xFF\xD8\xFF not really a photo";
        let sealed = seal(&key.public(), PLACE, content).unwrap();
        assert_eq!(sealed.len(), content.len() + OVERHEAD);
        assert_eq!(key.open(PLACE, &sealed).unwrap().as_slice(), content);
        let elsewhere = Place { document: Uuid::from_u128(8), ..PLACE };
        assert_eq!(key.open(elsewhere, &sealed), Err(SealError::Unopenable));
        assert_eq!(OpeningKey::generate().open(PLACE, &sealed), Err(SealError::Unopenable));
        for place in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[place] ^= 1;
            assert_eq!(key.open(PLACE, &damaged), Err(SealError::Unopenable), "byte {place}");
            assert_eq!(key.open(PLACE, &sealed[..place]), Err(SealError::Unopenable), "cut at {place}");
        }
    }

    #[test]
    fn no_two_seals_are_alike_and_nothing_of_the_content_is_readable() {
        let key = OpeningKey::generate();
        let content = [0x5A; 400];
        let (one, two) = (seal(&key.public(), PLACE, &content).unwrap(), seal(&key.public(), PLACE, &content).unwrap());
        assert_ne!(one[..ENCAPSULATED], two[..ENCAPSULATED]);
        assert!(!one.windows(8).any(|window| window == &content[..8]));
    }

    #[test]
    fn a_key_comes_back_from_its_bytes_with_the_same_id() {
        let key = OpeningKey::generate();
        let again = OpeningKey::from_bytes(&key.to_bytes()).unwrap();
        assert_eq!(again.public(), key.public());
        let sealed = seal(&key.public(), PLACE, b"photo").unwrap();
        assert_eq!(again.open(PLACE, &sealed).unwrap().as_slice(), b"photo");
        assert!(!format!("{key:?}").contains(&hex::encode(key.to_bytes())));
    }

    /// RFC 9180 A.2.1 (DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, base mode): the recipient's key pair.
    #[test]
    fn the_public_half_of_the_rfcs_key_is_the_rfcs() {
        let secret: [u8; 32] = hex::decode("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb")
            .unwrap()
            .try_into()
            .unwrap();
        let public = STANDARD.decode(OpeningKey::from_bytes(&secret).unwrap().public().public).unwrap();
        assert_eq!(hex::encode(public), "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a");
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for public in ["", "AAAA", "not base64!", &STANDARD.encode([0; 32])] {
            let key = SealingKey { id: "x".to_owned(), public: public.to_owned() };
            assert_eq!(seal(&key, PLACE, b"photo"), Err(SealError::Key), "{public}");
        }
    }
}
