//! Codes that a person types: six digits, kept as a MAC only, compared in constant time.

use rand::Rng;
use rand::rngs::OsRng;
use uuid::Uuid;

use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_protocol::limits::CODE_DIGITS;

use crate::error::{ApiError, ApiResult};
use crate::secrets::MacKey;

/// A new code.
pub(crate) fn draw() -> String {
    format!("{:06}", OsRng.gen_range(0..1_000_000_u32))
}

/// What the database keeps of it: without the key a million hashes would be tried in a second.
pub(super) fn mac(key: &MacKey, sign_up: Uuid, code: &str) -> [u8; 32] {
    key.mac(&[b"e-mail code", sign_up.as_bytes(), code.as_bytes()])
}

/// A MAC that no code has.
pub(super) fn mac_of_none() -> [u8; 32] {
    let mut mac = [0; 32];
    OsRng.fill(&mut mac);
    mac
}

/// Reads a typed code. Something else than six digits is no guess and is not counted.
pub(crate) fn read(typed: &str) -> ApiResult<String> {
    let code: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let error = if code.is_empty() {
        FieldError::new("code", FieldErrorCode::Required)
    } else if !code.chars().all(|c| c.is_ascii_digit()) {
        FieldError::new("code", FieldErrorCode::NotDigits)
    } else if code.len() != CODE_DIGITS {
        FieldError::new("code", FieldErrorCode::WrongLength).with("expected", CODE_DIGITS).with("actual", code.len())
    } else {
        return Ok(code);
    };
    Err(ApiError::validation(vec![error]))
}
