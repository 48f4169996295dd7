//! Reads bodies into memory, with limits before and after decompression.
//!
//! `zstd` bounds the window: a frame of a few bytes could otherwise ask for 128 MiB.

use std::io::Read;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use futures::StreamExt;
use prakerja_protocol::limits::{BODY_BYTES, PUSH_BYTES, SINK_BYTES};
use prakerja_protocol::probe::SINK_PATH;
use prakerja_protocol::problem::ProblemCode;

use crate::error::{ApiError, ApiResult};

/// Largest window of a compressed body, as a power of two: 2 MiB.
const WINDOW_LOG_MAX: u32 = 21;

/// Bytes that the body of this path may have.
fn limit_of(path: &str) -> usize {
    match path {
        "/v1/sync/push" => PUSH_BYTES,
        SINK_PATH => SINK_BYTES,
        _ => BODY_BYTES,
    }
}

/// Puts the whole, uncompressed body in place of the stream.
pub(super) async fn buffer(request: Request, idle: Duration) -> ApiResult<Request> {
    let (mut parts, body) = request.into_parts();
    let limit = limit_of(parts.uri.path());
    let raw = read(body, limit, idle).await?;
    let plain = match parts.headers.remove(CONTENT_ENCODING) {
        None => raw,
        Some(encoding) if encoding == "identity" => raw,
        Some(encoding) if encoding == "zstd" => unpack(&raw, limit)?,
        Some(_) => return Err(ApiError::new(ProblemCode::Malformed, 415, "the body's encoding is not known")),
    };
    parts.headers.remove(CONTENT_LENGTH);
    Ok(Request::from_parts(parts, Body::from(plain)))
}

async fn read(body: Body, limit: usize, idle: Duration) -> ApiResult<Bytes> {
    let mut stream = body.into_data_stream();
    let mut read = Vec::new();
    loop {
        match tokio::time::timeout(idle, stream.next()).await {
            Ok(None) => return Ok(read.into()),
            Ok(Some(Ok(chunk))) if read.len() + chunk.len() <= limit => read.extend_from_slice(&chunk),
            Ok(Some(Ok(_))) => return Err(ApiError::too_large()),
            // Cut or stuck on the way: nothing was done, and the client may send the same bytes again.
            Ok(Some(Err(_))) | Err(_) => return Err(ApiError::busy(1_000)),
        }
    }
}

fn unpack(packed: &[u8], limit: usize) -> ApiResult<Bytes> {
    let broken = |_| ApiError::new(ProblemCode::Malformed, 400, "the compressed body is damaged");
    let mut decoder = zstd::stream::read::Decoder::with_buffer(packed).map_err(broken)?;
    decoder.window_log_max(WINDOW_LOG_MAX).map_err(broken)?;
    let mut plain = Vec::new();
    decoder.take(limit as u64 + 1).read_to_end(&mut plain).map_err(broken)?;
    if plain.len() > limit { Err(ApiError::too_large()) } else { Ok(plain.into()) }
}
