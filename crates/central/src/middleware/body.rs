//! Reads bodies into memory, with limits before and after decompression, and one for all bodies together: many senders
//! must not fill the memory before admission or a session is asked for.
//!
//! `zstd` bounds the window: a frame of a few bytes could otherwise ask for 128 MiB.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use futures::StreamExt;
use prakerja_protocol::limits::{BODY_BYTES, PUSH_BYTES, SINK_BYTES};
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::upload;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::documents;
use crate::error::{ApiError, ApiResult};
use crate::office;

/// Largest window of a compressed body, as a power of two: 2 MiB.
const WINDOW_LOG_MAX: u32 = 21;

/// Where phones post photos.
pub(super) const PHONE_PAGE: &str = "/h/";
/// Where parts of documents arrive.
pub(super) const UPLOADS: &str = "/v1/uploads/";
/// What of a phone's refused photo is read all the same, in bytes.
const HEARD_OUT: usize = 64 * 1024 * 1024;

/// Bytes that the body of this path may have.
fn limit_of(path: &str) -> usize {
    match path {
        "/v1/sync/push" => PUSH_BYTES,
        office::api::WHITELIST => office::whitelist::MOST_BYTES,
        _ if path.starts_with(UPLOADS) => usize::try_from(upload::MAX_PART).unwrap_or(BODY_BYTES),
        _ if path.starts_with(PHONE_PAGE) => documents::PHOTO_FORM_BYTES,
        _ => BODY_BYTES,
    }
}

/// Memory for all bodies that are being read.
#[derive(Debug, Clone)]
pub(super) struct Memory(Arc<Semaphore>);

impl Memory {
    pub(super) fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes.min(Semaphore::MAX_PERMITS))))
    }

    /// Adds bytes to what a request has taken.
    fn take(&self, bytes: usize, taken: &mut Option<OwnedSemaphorePermit>) -> ApiResult<()> {
        let more = u32::try_from(bytes).map_err(|_| ApiError::too_large())?;
        let more = self.0.clone().try_acquire_many_owned(more).map_err(|_| ApiError::busy(2_000))?;
        match taken {
            Some(taken) => taken.merge(more),
            None => *taken = Some(more),
        }
        Ok(())
    }
}

/// A request whose body is in memory, with the permit for it.
pub(super) struct Buffered(pub(super) Request, pub(super) Option<OwnedSemaphorePermit>);

/// Puts the whole, uncompressed body in place of the stream.
pub(super) async fn buffer(request: Request, idle: Duration, memory: &Memory) -> ApiResult<Buffered> {
    let (mut parts, body) = request.into_parts();
    let limit = limit_of(parts.uri.path());
    let (mut raw, mut taken) = (Vec::new(), None);
    let mut stream = body.into_data_stream();
    let arrived = read(&mut stream, limit, idle, |chunk| {
        memory.take(chunk.len(), &mut taken)?;
        raw.extend_from_slice(chunk);
        Ok(())
    })
    .await;
    if let Err(refused) = arrived {
        drop((raw, taken));
        if parts.uri.path().starts_with(PHONE_PAGE) {
            hear_out(&mut stream, idle).await;
        }
        return Err(refused);
    }
    let plain = match parts.headers.remove(CONTENT_ENCODING) {
        None => raw.into(),
        Some(encoding) if encoding == "identity" => raw.into(),
        Some(encoding) if encoding == "zstd" => {
            memory.take(limit, &mut taken)?;
            unpack(&raw, limit)?
        }
        Some(_) => return Err(ApiError::new(ProblemCode::Malformed, 415, "the body's encoding is not known")),
    };
    parts.headers.remove(CONTENT_LENGTH);
    Ok(Buffered(Request::from_parts(parts, Body::from(plain)), taken))
}

/// Reads a body of the upload test and keeps nothing of it.
pub(super) async fn sink(request: Request, idle: Duration) -> ApiResult<Request> {
    let (mut parts, body) = request.into_parts();
    read(&mut body.into_data_stream(), SINK_BYTES, idle, |_| Ok(())).await?;
    parts.headers.remove(CONTENT_ENCODING);
    parts.headers.remove(CONTENT_LENGTH);
    Ok(Request::from_parts(parts, Body::empty()))
}

/// Lets a phone send the rest of what is refused, and keeps nothing of it: a browser that is cut off while it sends shows
/// a fault of the network in place of the page that says what is wrong.
pub(super) async fn hear_out(stream: &mut BodyDataStream, idle: Duration) {
    let mut heard = 0;
    while let Ok(Some(Ok(chunk))) = tokio::time::timeout(idle, stream.next()).await {
        heard += chunk.len();
        if heard > HEARD_OUT {
            return;
        }
    }
}

async fn read(
    stream: &mut BodyDataStream,
    limit: usize,
    idle: Duration,
    mut keep: impl FnMut(&Bytes) -> ApiResult<()>,
) -> ApiResult<()> {
    let mut read = 0;
    loop {
        match tokio::time::timeout(idle, stream.next()).await {
            Ok(None) => return Ok(()),
            Ok(Some(Ok(chunk))) if read + chunk.len() <= limit => {
                read += chunk.len();
                keep(&chunk)?;
            }
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
