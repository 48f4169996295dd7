//! The public files of a draw. They are the same for everybody, any cache on the way may have kept them, and what is in
//! them is verified by whoever asked: only their length is watched here.

use reqwest::Method;

use crate::account::AccountError;
use crate::http::{Body, Http, Marks, Request};

/// Most bytes of the commitment and of the result: the rules with all provinces are a few KiB.
const SMALL: usize = 1024 * 1024;

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
    pub async fn commitment(&self, wave: u32) -> Result<Vec<u8>, AccountError> {
        self.file(wave, "commitment.json", Body { media_type: "application/json", limit: SMALL }).await
    }

    /// `list.bin.zst`, of at most `limit` bytes.
    ///
    /// # Errors
    /// As of [`SelectionFiles::commitment`].
    pub async fn list(&self, wave: u32, limit: usize) -> Result<Vec<u8>, AccountError> {
        self.file(wave, "list.bin.zst", Body { media_type: "application/zstd", limit }).await
    }

    /// `result.json`.
    ///
    /// # Errors
    /// As of [`SelectionFiles::commitment`].
    pub async fn result(&self, wave: u32) -> Result<Vec<u8>, AccountError> {
        self.file(wave, "result.json", Body { media_type: "application/json", limit: SMALL }).await
    }

    /// `accepted.bin`, of at most `limit` bytes.
    ///
    /// # Errors
    /// As of [`SelectionFiles::commitment`].
    pub async fn accepted(&self, wave: u32, limit: usize) -> Result<Vec<u8>, AccountError> {
        self.file(wave, "accepted.bin", Body { media_type: "application/octet-stream", limit }).await
    }

    async fn file(&self, wave: u32, name: &str, expects: Body) -> Result<Vec<u8>, AccountError> {
        let path = format!("/v1/waves/{wave}/selection/{name}");
        let request = Request { marks: Marks::Cacheable, expects, ..Request::new(Method::GET, &path) };
        Ok(self.http.send(request).await?.into_bytes())
    }
}
