//! Session tokens: 256 bits, derived and not stored, so that a repeated refresh can give the same pair again while the
//! database holds hashes only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::secrets::MacKey;

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Access,
    Refresh,
}

/// The token of one generation of a session.
pub(super) fn token(key: &MacKey, kind: Kind, session: Uuid, generation: i64) -> String {
    let kind: &[u8] = match kind {
        Kind::Access => b"access",
        Kind::Refresh => b"refresh",
    };
    URL_SAFE_NO_PAD.encode(key.mac(&[kind, session.as_bytes(), &generation.to_be_bytes()]))
}

/// What the database keeps. A plain hash is enough: nobody can guess 256 bits.
pub(crate) fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
