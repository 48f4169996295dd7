//! The public files of a draw. They are the same for everybody, any cache on the way may have kept them, and what is in
//! them is verified by whoever asked: only their length is watched here. They are asked for by the digest of their
//! commitment, so that no cache gives those of a draw that was voided.

use reqwest::Method;

use crate::account::AccountError;
use crate::http::{Body, Http, Marks, Request};

/// Most bytes of the commitment and of the result: the rules with all provinces are a few KiB.
const SMALL: usize = 1024 * 1024;

/// Which draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawId {
    /// The wave.
    pub wave: u32,
    /// Digest of the commitment in hex, and nothing else: it becomes a part of the address.
    pub commitment: String,
}

/// Downloads the public files. Cheap to clone. Get it from [`crate::executor::SyncHandle::selection_files`].
#[derive(Debug, Clone)]
pub struct SelectionFiles {
    http: Http,
}

impl SelectionFiles {
    pub(crate) fn new(http: Http) -> Self {
        Self { http }
    }

    /// `commitment.json`.
    ///
    /// # Errors
    /// [`AccountError`]; `NotFound` before it is public, the class `TooLarge` for a file beyond its limit.
    pub async fn commitment(&self, draw: &DrawId) -> Result<Vec<u8>, AccountError> {
        self.file(draw, "commitment.json", Body { media_type: "application/json", limit: SMALL }).await
    }

    /// `list.bin.zst`, of at most `limit` bytes.
    ///
    /// # Errors
    /// As of [`SelectionFiles::commitment`].
    pub async fn list(&self, draw: &DrawId, limit: usize) -> Result<Vec<u8>, AccountError> {
        self.file(draw, "list.bin.zst", Body { media_type: "application/zstd", limit }).await
    }

    /// `result.json`.
    ///
    /// # Errors
    /// As of [`SelectionFiles::commitment`].
    pub async fn result(&self, draw: &DrawId) -> Result<Vec<u8>, AccountError> {
        self.file(draw, "result.json", Body { media_type: "application/json", limit: SMALL }).await
    }

    /// `accepted.bin`, of at most `limit` bytes.
    ///
    /// # Errors
    /// As of [`SelectionFiles::commitment`].
    pub async fn accepted(&self, draw: &DrawId, limit: usize) -> Result<Vec<u8>, AccountError> {
        self.file(draw, "accepted.bin", Body { media_type: "application/octet-stream", limit }).await
    }

    async fn file(&self, draw: &DrawId, name: &str, expects: Body) -> Result<Vec<u8>, AccountError> {
        let path = format!("/v1/waves/{}/selection/{}/{name}", draw.wave, draw.commitment);
        let request = Request { marks: Marks::Cacheable, expects, ..Request::new(Method::GET, &path) };
        Ok(self.http.send(request).await?.into_bytes())
    }
}
