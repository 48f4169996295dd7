//! OPAQUE messages as they travel: base64 of what `opaque-ke` writes. The credential identifier is the normalised address.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use opaque_ke::{CredentialFinalization, CredentialRequest, RegistrationRequest, RegistrationUpload};
use prakerja_protocol::password::Suite;
use prakerja_protocol::problem::ProblemCode;

use crate::error::{ApiError, ApiResult};

fn malformed() -> ApiError {
    ApiError::new(ProblemCode::Malformed, 400, "a message of the password protocol is damaged")
}

fn bytes(text: &str) -> ApiResult<Vec<u8>> {
    STANDARD.decode(text).map_err(|_| malformed())
}

/// Text for the wire.
pub(super) fn encode(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}

pub(super) fn registration_request(text: &str) -> ApiResult<RegistrationRequest<Suite>> {
    RegistrationRequest::deserialize(&bytes(text)?).map_err(|_| malformed())
}

pub(super) fn registration_upload(text: &str) -> ApiResult<RegistrationUpload<Suite>> {
    RegistrationUpload::deserialize(&bytes(text)?).map_err(|_| malformed())
}

pub(super) fn credential_request(text: &str) -> ApiResult<CredentialRequest<Suite>> {
    CredentialRequest::deserialize(&bytes(text)?).map_err(|_| malformed())
}

pub(super) fn credential_finalization(text: &str) -> ApiResult<CredentialFinalization<Suite>> {
    CredentialFinalization::deserialize(&bytes(text)?).map_err(|_| malformed())
}
