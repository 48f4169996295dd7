//! Resumable uploads (`sync.md` §3.8): the offset is the truth, the bytes never change, every step may be repeated.
//!
//! | Request | Answer |
//! |---|---|
//! | `PUT /v1/uploads/{id}` [`NewUpload`] | 201 or, for the same again, 200 [`UploadStatus`] |
//! | `HEAD /v1/uploads/{id}` | 200 with `Upload-Offset` and `Upload-Length`; 404 `upload-gone` |
//! | `PATCH /v1/uploads/{id}` with `Upload-Offset`, `Content-Digest`, [`MEDIA_TYPE`] | 204 with `Upload-Offset`; 409 `upload-offset` with the right one; 400 `digest-mismatch` |
//! | `POST /v1/uploads/{id}/complete` | 200 [`UploadStatus`]; 409 `upload-offset`; 400 `digest-mismatch` |
//! | `DELETE /v1/uploads/{id}` | 204 |

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Media type of a part.
pub const MEDIA_TYPE: &str = "application/partial-upload";
/// Header: bytes that central has.
pub const OFFSET: &str = "upload-offset";
/// Header: bytes in all.
pub const LENGTH: &str = "upload-length";
/// Header: `sha-256=:<base64>:` of the part (RFC 9530).
pub const DIGEST: &str = "content-digest";

/// Most bytes of a sealed document.
pub const MAX_BYTES: u64 = 10 * 1024 * 1024;
/// Fewest bytes of a part, but for the last: with 10 kbit/s they take 26 seconds, well within every time limit.
pub const MIN_PART: u64 = 32 * 1024;
/// Most bytes of a part.
pub const MAX_PART: u64 = 1024 * 1024;

/// Begins an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewUpload {
    /// The document that it carries.
    pub document: Uuid,
    /// Number of bytes.
    pub bytes: u64,
    /// SHA-256 of all bytes, hex.
    pub sha256: String,
}

/// How an upload stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadStatus {
    /// Bytes that central has, durably.
    pub offset: u64,
    /// Bytes in all.
    pub bytes: u64,
    /// Central forgets it after this, Unix milliseconds; then the same document is uploaded anew.
    pub expires_at: i64,
    /// True once all bytes are there and their digest is right.
    pub complete: bool,
}
