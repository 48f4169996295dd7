//! Signed receipts: the applicant's proof that central received a command.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What a receipt attests: this command, with this content, was received then and has this place in the person's feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The command's id.
    pub command: Uuid,
    /// The person.
    pub person: Uuid,
    /// SHA-256 of the command's canonical content, hex.
    pub fingerprint: String,
    /// The command's status word (`applied`, `rejected`, ...).
    pub status: String,
    /// Sequence in the person's feed.
    pub seq: i64,
    /// When the request entered central, Unix milliseconds.
    pub received_at: i64,
}

/// A receipt that does not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the receipt does not verify")]
pub struct BadReceipt;

impl Receipt {
    /// `base64(json) "." base64(signature)`.
    pub fn sign(&self, key: &SigningKey) -> String {
        // A struct of strings, integers and ids cannot fail to serialise.
        let json = serde_json::to_vec(self).unwrap_or_default();
        let signature = key.sign(&json);
        format!("{}.{}", STANDARD.encode(json), STANDARD.encode(signature.to_bytes()))
    }

    /// Reads and verifies what [`Receipt::sign`] wrote.
    ///
    /// # Errors
    /// [`BadReceipt`] for anything that was not signed by `key`.
    pub fn verify(text: &str, key: &VerifyingKey) -> Result<Self, BadReceipt> {
        let (json, signature) = text.split_once('.').ok_or(BadReceipt)?;
        let json = STANDARD.decode(json).map_err(|_| BadReceipt)?;
        let signature = STANDARD.decode(signature).map_err(|_| BadReceipt)?;
        let signature = Signature::from_slice(&signature).map_err(|_| BadReceipt)?;
        key.verify(&json, &signature).map_err(|_| BadReceipt)?;
        serde_json::from_slice(&json).map_err(|_| BadReceipt)
    }

    /// The number that a person can read out on the phone: `PK-` and eight characters without look-alikes, derived from
    /// the command's id.
    pub fn number(command: Uuid) -> String {
        const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
        let digest = Sha256::digest(command.as_bytes());
        let letters: String = digest.iter().take(8).map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
        format!("PK-{}-{}", &letters[..4], &letters[4..])
    }
}
