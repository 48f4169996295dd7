//! Session tokens, derived and not stored, so that a repeated refresh can give the same pair again.
//!
//! A refresh token names its session and generation and carries a MAC of 256 bits. It can be told from an invention without
//! the database, and is known also when a restored backup has forgotten its generation.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::secrets::MacKey;

/// Bytes of session and generation in front of the MAC.
const SESSION_BYTES: usize = 16;
const GENERATION_BYTES: usize = 8;

/// The access token of one generation of a session: 256 bits.
pub(super) fn access(key: &MacKey, session: Uuid, generation: i64) -> String {
    URL_SAFE_NO_PAD.encode(key.mac(&[b"access", session.as_bytes(), &generation.to_be_bytes()]))
}

/// The refresh token of one generation of a session.
pub(super) fn refresh(key: &MacKey, session: Uuid, generation: i64) -> String {
    let (session, generation) = (session.as_bytes(), generation.to_be_bytes());
    let mac = key.mac(&[b"refresh", session, &generation]);
    URL_SAFE_NO_PAD.encode([session.as_slice(), &generation, &mac].concat())
}

/// Session and generation of a genuine refresh token.
pub(super) fn read_refresh(key: &MacKey, token: &str) -> Option<(Uuid, i64)> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (session, rest) = bytes.split_at_checked(SESSION_BYTES)?;
    let (generation, mac) = rest.split_at_checked(GENERATION_BYTES)?;
    let genuine = key.verify(&[b"refresh", session, generation], mac);
    genuine.then_some((Uuid::from_slice(session).ok()?, i64::from_be_bytes(generation.try_into().ok()?)))
}

/// What the database keeps of an access token. A plain hash is enough: nobody can guess 256 bits.
pub(crate) fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_genuine_refresh_token_is_read() {
        let (key, session) = (MacKey::of([7; 32]), Uuid::from_u128(5));
        let token = refresh(&key, session, 3);
        assert_eq!(read_refresh(&key, &token), Some((session, 3)));
        let raised = URL_SAFE_NO_PAD.decode(&token).map(|mut bytes| {
            bytes[SESSION_BYTES + GENERATION_BYTES - 1] += 1;
            URL_SAFE_NO_PAD.encode(bytes)
        });
        for other in [raised.unwrap(), token[..70].to_owned(), access(&key, session, 3), String::new(), "%".to_owned()]
        {
            assert_eq!(read_refresh(&key, &other), None, "{other}");
        }
        assert_eq!(read_refresh(&MacKey::of([8; 32]), &token), None);
    }
}
