//! The two keyed hashes: from an application to its blind, and from a blind to its place in the draw.

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::bytes::{Blind, Digest, Seed};

/// Domain of the draw key.
const LABEL: &[u8] = b"selection-draw/1";

/// Central's secret of one wave. It never leaves central: whoever has it can tell which application a blind belongs to.
#[derive(Clone)]
pub struct WaveSecret([u8; 32]);

impl WaveSecret {
    /// From 32 bytes of the system's source of randomness.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The blind of an application: the first 16 bytes of HMAC-SHA256(secret, application id).
    pub fn blind(&self, application: &[u8; 16]) -> Blind {
        Blind::from_bytes(half(keyed(&self.0), application))
    }
}

impl fmt::Debug for WaveSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("WaveSecret(…)")
    }
}

/// The key of a draw: nobody knows it before both the seed and the public value are known.
#[derive(Clone)]
pub struct DrawKey(Hmac<Sha256>);

impl DrawKey {
    /// HMAC-SHA256(seed, `selection-draw/1` ‖ commitment digest ‖ normalised public value).
    pub fn new(seed: &Seed, commitment: &Digest, beacon_value: &str) -> Self {
        let mac = keyed(seed.as_bytes()).chain_update(LABEL).chain_update(commitment.as_bytes());
        let key: [u8; 32] = mac.chain_update(beacon_value).finalize().into_bytes().into();
        Self(keyed(&key))
    }

    /// An entry's ticket: the first 16 bytes of HMAC-SHA256(draw key, blind), as a big-endian number. Smaller is earlier.
    pub fn ticket(&self, blind: &Blind) -> u128 {
        u128::from_be_bytes(half(self.0.clone(), blind.as_bytes()))
    }
}

impl fmt::Debug for DrawKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DrawKey(…)")
    }
}

/// HMAC-SHA256 with its key. A key of 32 bytes is padded with zeros to the hash's block (RFC 2104), which the library takes
/// without a chance to fail.
fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = [0; 64];
    for (byte, key) in block.iter_mut().zip(key) {
        *byte = *key;
    }
    Hmac::new(&block.into())
}

fn half(mac: Hmac<Sha256>, message: &[u8]) -> [u8; 16] {
    let whole: [u8; 32] = mac.chain_update(message).finalize().into_bytes().into();
    let mut half = [0; 16];
    for (byte, whole) in half.iter_mut().zip(whole) {
        *byte = whole;
    }
    half
}
