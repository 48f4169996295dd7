//! The public files of a selection, for anybody and any cache on the way.
//!
//! `GET /v1/waves/{number}/selection/{commitment}/{file}` never changes once it is there, also when the draw is voided: then
//! `void.json` is beside the others. `GET /v1/waves/{number}/selection/{file}` are those of the draw that counts. The tag of
//! a file follows from its commitment. The list may be large and links slow: a part can be asked for (RFC 9110 §14), so that
//! a broken download goes on.

use std::io::SeekFrom;
use std::ops::Range;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prakerja_domain::wave::Drawing;
use prakerja_protocol::application::{SelectionFiles, Wave};
use prakerja_selection::VOID_FILE;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use super::selection;
use crate::catalogue::waves;
use crate::error::{ApiError, ApiResult};
use crate::request::Path;
use crate::state::Central;

/// Bytes that are read at once.
const PIECE: usize = 1 << 16;

/// Routes below `/v1/waves`.
pub(crate) fn router() -> Router<Central> {
    Router::new()
        .route("/v1/waves/{number}/selection/{file}", get(of_wave))
        .route("/v1/waves/{number}/selection/{commitment}/{file}", get(of_commitment))
}

/// The file of a draw, which caches keep for ever.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=86400, immutable");
/// Another draw's file may stand here once this one is voided: a cache asks, and hears by the tag that nothing changed.
const FOR_NOW: HeaderValue = HeaderValue::from_static("public, no-cache");

/// The files, their media types, and from when on they are public.
const FILES: [(&str, &str, Drawing); 4] = [
    ("commitment.json", "application/json", Drawing::Committed),
    ("list.bin.zst", "application/zstd", Drawing::Committed),
    ("result.json", "application/json", Drawing::Published),
    ("accepted.bin", "application/octet-stream", Drawing::Published),
];

/// A file that is there for anybody.
struct Public {
    /// Its name below the folder of its wave.
    place: String,
    media_type: &'static str,
    etag: String,
    cache: HeaderValue,
}

async fn of_wave(
    State(central): State<Central>,
    Path((number, name)): Path<(u32, String)>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let wave = wave(&central, number).await?;
    let files = wave.selection.as_ref().ok_or_else(ApiError::not_found)?;
    let public = Public { cache: FOR_NOW, ..current(&wave, files, &name)? };
    send(&central, number, public, &headers).await
}

async fn of_commitment(
    State(central): State<Central>,
    Path((number, commitment, name)): Path<(u32, String, String)>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let wave = wave(&central, number).await?;
    let public = match &wave.selection {
        Some(files) if files.commitment == commitment => current(&wave, files, &name)?,
        _ => voided(&wave, &commitment, &name)?,
    };
    send(&central, number, public, &headers).await
}

async fn wave(central: &Central, number: u32) -> ApiResult<Wave> {
    let mut connection = central.db.read().acquire().await?;
    waves::one(&mut connection, number).await?.ok_or_else(ApiError::not_found)
}

/// A file of the draw that counts.
fn current(wave: &Wave, files: &SelectionFiles, name: &str) -> ApiResult<Public> {
    let found = FILES.into_iter().find(|(file, ..)| *file == name).ok_or_else(ApiError::not_found)?;
    let (name, media_type, from) = found;
    let public = match from {
        Drawing::Published => wave.drawing == Drawing::Published,
        _ => wave.drawing != Drawing::NotBegun,
    };
    if !public {
        return Err(ApiError::not_found());
    }
    let etag = tag(&files.commitment, name);
    Ok(Public { place: name.to_owned(), media_type, etag, cache: FOR_EVER })
}

/// A file of a draw that was voided.
fn voided(wave: &Wave, commitment: &str, name: &str) -> ApiResult<Public> {
    let listed = wave.voided.iter().find(|voided| voided.commitment == commitment).ok_or_else(ApiError::not_found)?;
    let committed = FILES.into_iter().filter(|(.., from)| *from == Drawing::Committed);
    let mut files = committed.map(|(file, media_type, _)| (file, media_type)).chain([(VOID_FILE, "application/json")]);
    let (name, media_type) = files.find(|(file, _)| *file == name).ok_or_else(ApiError::not_found)?;
    let place = selection::voided_name(&listed.commitment, name);
    Ok(Public { place, media_type, etag: tag(&listed.commitment, name), cache: FOR_EVER })
}

fn tag(commitment: &str, name: &str) -> String {
    format!("\"{commitment}-{name}\"")
}

async fn send(central: &Central, number: u32, public: Public, headers: &HeaderMap) -> ApiResult<Response> {
    let Public { place, media_type, etag, cache } = public;
    let value = HeaderValue::try_from(&etag).map_err(ApiError::internal)?;
    let marks = [
        (ETAG, value),
        (CACHE_CONTROL, cache),
        (ACCEPT_RANGES, HeaderValue::from_static("bytes")),
        (CONTENT_TYPE, HeaderValue::from_static(media_type)),
    ];
    if names(headers, &IF_NONE_MATCH, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, marks).into_response());
    }
    let path = selection::path(&central.config.data, number, &place);
    let mut file = File::open(path).await.map_err(|error| match error.kind() {
        // It may be in no backup (docs/restore.md). That is no defect of central, and a client need not try again.
        std::io::ErrorKind::NotFound => {
            tracing::warn!(wave = number, place, "a public file of a selection is missing");
            ApiError::not_found()
        }
        _ => ApiError::internal(error),
    })?;
    let length = file.metadata().await.map_err(ApiError::internal)?.len();
    let wanted = headers.get(RANGE).and_then(|value| value.to_str().ok());
    // A part of another file than the client has begun to fetch would damage it.
    let wanted = wanted.filter(|_| !headers.contains_key(IF_RANGE) || names(headers, &IF_RANGE, &etag));
    let part = match wanted.map(|text| part(text, length)) {
        Some(Asked::Part(part)) => Some(part),
        Some(Asked::Beyond) => {
            let whole = HeaderValue::try_from(format!("bytes */{length}")).map_err(ApiError::internal)?;
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, [(CONTENT_RANGE, whole)]).into_response());
        }
        Some(Asked::Everything) | None => None,
    };
    let range = part.clone().unwrap_or(0..length);
    file.seek(SeekFrom::Start(range.start)).await.map_err(ApiError::internal)?;
    let mut response = (marks, Body::from_stream(pieces(file, range.end - range.start))).into_response();
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
    if let Some(part) = part {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let text = format!("bytes {}-{}/{length}", part.start, part.end - 1);
        response.headers_mut().insert(CONTENT_RANGE, HeaderValue::try_from(text).map_err(ApiError::internal)?);
    }
    Ok(response)
}

fn names(headers: &HeaderMap, header: &HeaderName, etag: &str) -> bool {
    headers.get_all(header).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(
        |tag| {
            let tag = tag.trim().trim_start_matches("W/");
            tag == etag || (tag == "*" && header == IF_NONE_MATCH)
        },
    )
}

/// What a `Range` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asked {
    Part(Range<u64>),
    /// No byte of it is there.
    Beyond,
    /// Not understood, or several parts: the whole is always a right answer.
    Everything,
}

fn part(text: &str, length: u64) -> Asked {
    let Some((from, to)) = text.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Asked::Everything;
    };
    let range = match (from.parse::<u64>(), to.parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => from..to.saturating_add(1).min(length),
        (Ok(from), Err(_)) if to.is_empty() => from..length,
        (Err(_), Ok(last)) if from.is_empty() => length.saturating_sub(last)..length,
        _ => return Asked::Everything,
    };
    if range.start < range.end { Asked::Part(range) } else { Asked::Beyond }
}

/// `left` bytes of a file, piece by piece.
fn pieces(file: File, left: u64) -> impl futures::Stream<Item = std::io::Result<Bytes>> {
    futures::stream::try_unfold((file, left), |(mut file, left)| async move {
        let most = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        if most == 0 {
            return Ok(None);
        }
        let mut piece = vec![0; most];
        let read = file.read(&mut piece).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        piece.truncate(read);
        Ok(Some((Bytes::from(piece), (file, left - read as u64))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_read_as_the_standard_says() {
        let cases = [
            ("bytes=0-3", Asked::Part(0..4)),
            ("bytes=4-", Asked::Part(4..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-30", Asked::Part(0..10)),
            ("bytes=8-99", Asked::Part(8..10)),
            ("bytes=10-", Asked::Beyond),
            ("bytes=10-12", Asked::Beyond),
            ("bytes=-0", Asked::Beyond),
            ("bytes=5-4", Asked::Everything),
            ("bytes=0-1,4-5", Asked::Everything),
            ("lines=0-1", Asked::Everything),
            ("bytes=x-y", Asked::Everything),
            ("", Asked::Everything),
        ];
        for (text, expected) in cases {
            assert_eq!(part(text, 10), expected, "{text}");
        }
    }
}
