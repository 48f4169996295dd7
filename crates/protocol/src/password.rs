//! The OPAQUE cipher suite (RFC 9807): both sides must name the same one.
//!
//! Ristretto255, triple Diffie-Hellman with SHA-512, Argon2id on the applicant's computer with parameters from central.

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

/// Cipher suite of this programme, version 1.
#[derive(Debug, Clone, Copy)]
pub struct Suite;

impl opaque_ke::CipherSuite for Suite {
    type OprfCs = opaque_ke::Ristretto255;
    type KeyExchange = opaque_ke::TripleDh<opaque_ke::Ristretto255, sha2::Sha512>;
    type Ksf = Argon2<'static>;
}

/// Argon2id parameters. Central sends them and keeps those of each account, so that they can grow with the years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StretchParams {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for StretchParams {
    /// 19 MiB, two passes, one lane: the OWASP Password Storage Cheat Sheet's first choice for Argon2id.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 }
    }
}

/// Parameters outside what an old laptop can do and what is safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("password stretching parameters are out of bounds")]
pub struct StretchOutOfBounds;

impl StretchParams {
    /// The key stretching function. Refuses less than 8 MiB (a hostile central could ask for none) and more than 256 MiB.
    ///
    /// # Errors
    /// [`StretchOutOfBounds`].
    pub fn ksf(&self) -> Result<Argon2<'static>, StretchOutOfBounds> {
        let sane = (8 * 1024..=256 * 1024).contains(&self.memory_kib)
            && (1..=10).contains(&self.passes)
            && (1..=4).contains(&self.lanes);
        if !sane {
            return Err(StretchOutOfBounds);
        }
        let params = Params::new(self.memory_kib, self.passes, self.lanes, None).map_err(|_| StretchOutOfBounds)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}
