//! Resumable uploads (`prakerja_protocol::upload`). A part counts when its digest is right and its bytes are on disk; only
//! then the row moves, and only then the client hears of it. So a cut, a crash or a repeated part costs at most that part.

use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::upload::{DIGEST, LENGTH, MEDIA_TYPE, NewUpload, OFFSET, UploadStatus};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::pictures::blocking;
use super::{arrival, files, room};
use crate::clock::ms;
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::failpoint;
use crate::request::{Json, Reply};
use crate::signed_in::SignedIn;
use crate::state::Central;

type Named = Result<Path<Uuid>, PathRejection>;

/// What a command announced under an upload's id.
struct Announced {
    document: Uuid,
    awaited: bool,
    sha256: Vec<u8>,
    bytes: i64,
    key: String,
}

/// An upload that was begun and is not finished.
struct Begun {
    file: String,
    bytes: i64,
    stored: i64,
    expires_at: i64,
}

/// `PUT`: begins, or says how it stands.
pub(super) async fn begin(
    State(central): State<Central>,
    who: SignedIn,
    id: Named,
    Json(new): Json<NewUpload>,
) -> ApiResult<Response> {
    let id = named(id)?;
    let _turn = central.documents.turn(id).await;
    let announced = announced(&central, who.person, id).await?.ok_or_else(ApiError::not_found)?;
    let sha256 = hex::decode(&new.sha256).unwrap_or_default();
    if announced.document != new.document || number(announced.bytes) != new.bytes || announced.sha256 != sha256 {
        return Err(ApiError::new(ProblemCode::IdempotencyKeyReused, 409, "the upload was announced otherwise"));
    }
    if !announced.awaited {
        return Ok(finished(&central, &announced));
    }
    if let Some(begun) = begun(&central, who.person, id).await? {
        return Ok(standing(StatusCode::OK, &begun));
    }
    forget_others(&central, who.person, id).await?;
    room::make(&central, announced.bytes).await?;
    let now = central.clock.now_ms();
    let begun = Begun {
        file: files::new_name(),
        bytes: announced.bytes,
        stored: 0,
        expires_at: now.saturating_add(ms(central.config.documents.upload_max_age_s)),
    };
    let path = central.documents.upload(&begun.file);
    blocking(move || files::create(&path)).await?;
    let mut tx = central.db.begin().await?;
    // One that expired gives its place; its file is swept.
    sqlx::query(
        "insert into upload (person_id, id, document_id, bytes, file, stored, created_at, touched_at, expires_at)
         values ($1, $2, $3, $4, $5, 0, $6, $6, $7)
         on conflict (person_id, id) do update set file = excluded.file, stored = 0, created_at = excluded.created_at,
            touched_at = excluded.touched_at, expires_at = excluded.expires_at",
    )
    .bind(Id(who.person))
    .bind(Id(id))
    .bind(Id(announced.document))
    .bind(begun.bytes)
    .bind(&begun.file)
    .bind(now)
    .bind(begun.expires_at)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(standing(StatusCode::CREATED, &begun))
}

/// `HEAD` (and `GET`): how it stands.
pub(super) async fn status(State(central): State<Central>, who: SignedIn, id: Named) -> ApiResult<Response> {
    let id = named(id)?;
    match announced(&central, who.person, id).await? {
        Some(announced) if !announced.awaited => Ok(finished(&central, &announced)),
        Some(_) => Ok(standing(StatusCode::OK, &begun(&central, who.person, id).await?.ok_or_else(gone)?)),
        None => Err(gone()),
    }
}

/// `PATCH`: one part.
pub(super) async fn part(
    State(central): State<Central>,
    who: SignedIn,
    id: Named,
    headers: HeaderMap,
    part: Bytes,
) -> ApiResult<Response> {
    let id = named(id)?;
    if text(&headers, CONTENT_TYPE.as_str()) != Some(MEDIA_TYPE) {
        return Err(ApiError::new(ProblemCode::Malformed, 415, "a part has a media type of its own"));
    }
    let malformed = |what| ApiError::new(ProblemCode::Malformed, 400, what);
    let offset: i64 = text(&headers, OFFSET)
        .and_then(|text| text.parse().ok())
        .filter(|offset| *offset >= 0)
        .ok_or_else(|| malformed("Upload-Offset is missing or no number"))?;
    let digest = text(&headers, DIGEST).and_then(read_digest);
    let digest = digest.ok_or_else(|| malformed("Content-Digest is missing or no sha-256"))?;
    if part.is_empty() {
        return Err(malformed("an empty part"));
    }
    let length = i64::try_from(part.len()).map_err(|_| ApiError::too_large())?;
    if Sha256::digest(&part).as_slice() != digest {
        return Err(ApiError::new(ProblemCode::DigestMismatch, 400, "the part does not have its digest"));
    }
    let _turn = central.documents.turn(id).await;
    let begun = begun(&central, who.person, id).await?.ok_or_else(gone)?;
    if begun.stored != offset {
        return Ok(elsewhere(&begun));
    }
    let stored = offset.saturating_add(length);
    if stored > begun.bytes {
        return Err(ApiError::too_large());
    }
    let path = central.documents.upload(&begun.file);
    if !blocking(move || files::write_part(&path, number(offset), &part)).await? {
        return Err(gone());
    }
    failpoint::hit("part.synced");
    store(&central, who.person, id, stored).await?;
    failpoint::hit("part.stored");
    Ok((StatusCode::NO_CONTENT, [(OFFSET, stored.to_string())]).into_response())
}

/// `POST …/complete`: all bytes are there; from here on it is a document. Repeating it is harmless.
pub(super) async fn complete(State(central): State<Central>, who: SignedIn, id: Named) -> ApiResult<Response> {
    let id = named(id)?;
    let _turn = central.documents.turn(id).await;
    let announced = announced(&central, who.person, id).await?.ok_or_else(gone)?;
    if !announced.awaited {
        return Ok(finished(&central, &announced));
    }
    let begun = begun(&central, who.person, id).await?.ok_or_else(gone)?;
    if begun.stored < begun.bytes {
        return Ok(elsewhere(&begun));
    }
    let path = central.documents.upload(&begun.file);
    let sealed = blocking(move || std::fs::read(path)).await?;
    if Sha256::digest(&sealed).as_slice() != announced.sha256 {
        // Each part had its digest, so they are not the parts of what was announced: from the beginning.
        store(&central, who.person, id, 0).await?;
        return Err(ApiError::new(ProblemCode::DigestMismatch, 400, "the upload does not have its digest"));
    }
    arrival::arrived(&central, who.person, announced.document, &announced.key, &sealed).await?;
    forget(&central, who.person, id, &begun.file).await?;
    failpoint::hit("photo.tidied");
    Ok(finished(&central, &announced))
}

/// `DELETE`: the person does not want to send it any more. What was announced stays awaited until another takes its place.
pub(super) async fn remove(State(central): State<Central>, who: SignedIn, id: Named) -> ApiResult<StatusCode> {
    let id = named(id)?;
    let _turn = central.documents.turn(id).await;
    if let Some(begun) = begun(&central, who.person, id).await? {
        forget(&central, who.person, id, &begun.file).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn announced(central: &Central, person: Uuid, upload: Uuid) -> ApiResult<Option<Announced>> {
    let row: Option<(Id, String, Vec<u8>, i64, String)> = sqlx::query_as(
        "select id, state, sha256, bytes, sealing_key from document where person_id = $1 and upload_id = $2",
    )
    .bind(Id(person))
    .bind(Id(upload))
    .fetch_optional(central.db.read())
    .await?;
    Ok(row.map(|(document, state, sha256, bytes, key)| Announced {
        document: document.0,
        awaited: state == "awaited",
        sha256,
        bytes,
        key,
    }))
}

/// None as well when its bytes are not here: a backup has the row, and files of a later day or none. It is begun anew.
async fn begun(central: &Central, person: Uuid, id: Uuid) -> ApiResult<Option<Begun>> {
    let row: Option<(String, i64, i64, i64)> = sqlx::query_as(
        "select file, bytes, stored, expires_at from upload where person_id = $1 and id = $2 and expires_at > $3",
    )
    .bind(Id(person))
    .bind(Id(id))
    .bind(central.clock.now_ms())
    .fetch_optional(central.db.read())
    .await?;
    let Some((file, bytes, stored, expires_at)) = row else { return Ok(None) };
    let path = central.documents.upload(&file);
    if !blocking(move || files::holds(&path, number(stored))).await? {
        tracing::warn!(upload = %id, "an upload's file is gone or too short; it is begun anew");
        forget(central, person, id, &file).await?;
        return Ok(None);
    }
    Ok(Some(Begun { file, bytes, stored, expires_at }))
}

async fn store(central: &Central, person: Uuid, id: Uuid, stored: i64) -> ApiResult<()> {
    let mut tx = central.db.begin().await?;
    sqlx::query("update upload set stored = $1, touched_at = $2 where person_id = $3 and id = $4")
        .bind(stored)
        .bind(central.clock.now_ms())
        .bind(Id(person))
        .bind(Id(id))
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

pub(super) async fn forget(central: &Central, person: Uuid, id: Uuid, file: &str) -> ApiResult<()> {
    let mut tx = central.db.begin().await?;
    // One that was begun anew meanwhile has another file.
    sqlx::query("delete from upload where person_id = $1 and id = $2 and file = $3")
        .bind(Id(person))
        .bind(Id(id))
        .bind(file)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    let path = central.documents.upload(file);
    blocking(move || files::remove(&path)).await
}

/// One document is awaited at a time, so every other upload of the person carries one that is not: nobody fills the disk by
/// announcing again and again.
async fn forget_others(central: &Central, person: Uuid, id: Uuid) -> ApiResult<()> {
    let others: Vec<(Id, String)> = sqlx::query_as("select id, file from upload where person_id = $1 and id <> $2")
        .bind(Id(person))
        .bind(Id(id))
        .fetch_all(central.db.read())
        .await?;
    for (other, file) in others {
        forget(central, person, other.0, &file).await?;
    }
    Ok(())
}

fn named(id: Named) -> ApiResult<Uuid> {
    id.map(|Path(id)| id).map_err(|_| ApiError::not_found())
}

fn gone() -> ApiError {
    ApiError::new(ProblemCode::UploadGone, 404, "the upload is unknown or forgotten")
}

/// 409 with the offset in header and body.
fn elsewhere(begun: &Begun) -> Response {
    let problem = Problem::new(ProblemCode::UploadOffset, 409, "the upload stands elsewhere");
    let refused = ApiError::from(problem.with_detail("offset", begun.stored)).into_response();
    ([(OFFSET, begun.stored.to_string())], refused).into_response()
}

fn standing(status: StatusCode, begun: &Begun) -> Response {
    let headers = [(OFFSET, begun.stored.to_string()), (LENGTH, begun.bytes.to_string())];
    let status_of = UploadStatus {
        offset: number(begun.stored),
        bytes: number(begun.bytes),
        expires_at: begun.expires_at,
        complete: false,
    };
    (headers, Reply(status, status_of)).into_response()
}

/// All bytes came, or none are wanted any more: there is nothing left to send.
fn finished(central: &Central, announced: &Announced) -> Response {
    let bytes = announced.bytes;
    let headers = [(OFFSET, bytes.to_string()), (LENGTH, bytes.to_string())];
    let status = UploadStatus {
        offset: number(bytes),
        bytes: number(bytes),
        expires_at: central.clock.now_ms(),
        complete: true,
    };
    (headers, Reply::ok(status)).into_response()
}

/// `sha-256=:<base64>:` among the members of the header (RFC 9530).
fn read_digest(header: &str) -> Option<Vec<u8>> {
    let member = header.split(',').find_map(|member| member.trim().strip_prefix("sha-256="))?;
    let digest = STANDARD.decode(member.strip_prefix(':')?.strip_suffix(':')?).ok()?;
    (digest.len() == 32).then_some(digest)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// Sizes are never negative.
fn number(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_read_from_its_member() {
        let digest = Sha256::digest(b"part").to_vec();
        let member = format!("sha-256=:{}:", STANDARD.encode(&digest));
        assert_eq!(read_digest(&member), Some(digest.clone()));
        assert_eq!(read_digest(&format!("sha-512=:AAAA:, {member}")), Some(digest));
        for wrong in ["", "sha-256=abc", "sha-256=:AAAA:", "sha-256=:!:", "md5=:AAAA:"] {
            assert_eq!(read_digest(wrong), None, "{wrong}");
        }
    }
}
