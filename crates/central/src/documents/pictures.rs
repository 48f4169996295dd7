//! Pictures at rest: sealed under the deployment's own key in files with random names, the small one beside the whole.

use std::path::PathBuf;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use prakerja_photo::Prepared;
use uuid::Uuid;

use super::files;
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::secrets::write_durably;
use crate::signed_in::SignedIn;
use crate::state::Central;
use crate::sync::{Place, Sealer};

/// The whole picture and the small one: what the seal is bound to, and the end of the file's name.
const WHOLE: (&str, &str) = ("file/document", "");
const SMALL: (&str, &str) = ("file/document/preview", "-small");

/// Keeps both pictures and gives the name. Durable when it returns.
pub(super) async fn keep(central: &Central, person: Uuid, document: Uuid, prepared: &Prepared) -> ApiResult<String> {
    let name = files::new_name();
    let mut sealed = Vec::with_capacity(2);
    for ((kind, end), bytes) in [(WHOLE, &prepared.jpeg), (SMALL, &prepared.preview)] {
        let place = Place { person, kind, id: document };
        let content = sealer(central)?.seal_bytes(place, bytes).map_err(ApiError::internal)?;
        sealed.push((path(central, &name, end), content));
    }
    blocking(move || sealed.iter().try_for_each(|(path, content)| write_durably(path, content))).await?;
    Ok(name)
}

/// The whole picture.
pub(super) async fn whole(central: &Central, person: Uuid, document: Uuid, name: &str) -> ApiResult<Vec<u8>> {
    read(central, person, document, name, WHOLE).await
}

/// Removes both. A failure leaves files that nobody can open; they are swept later.
pub(super) async fn remove(central: &Central, name: &str) {
    let paths = [WHOLE, SMALL].map(|(_, end)| path(central, name, end));
    if let Err(error) = blocking(move || paths.iter().try_for_each(|path| files::remove(path))).await {
        tracing::warn!(?error, "a picture could not be removed");
    }
}

/// `GET /v1/documents/{id}/preview`: the small picture, for its owner.
pub(super) async fn preview(
    State(central): State<Central>,
    who: SignedIn,
    document: Result<Path<Uuid>, PathRejection>,
) -> ApiResult<Response> {
    let Path(document) = document.map_err(|_| ApiError::not_found())?;
    let row: Option<(Option<String>,)> = sqlx::query_as("select file from document where person_id = $1 and id = $2")
        .bind(Id(who.person))
        .bind(Id(document))
        .fetch_optional(central.db.read())
        .await?;
    let name = row.and_then(|(file,)| file).ok_or_else(ApiError::not_found)?;
    let jpeg = read(&central, who.person, document, &name, SMALL).await?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, jpeg).into_response())
}

async fn read(
    central: &Central,
    person: Uuid,
    document: Uuid,
    name: &str,
    (kind, end): (&'static str, &'static str),
) -> ApiResult<Vec<u8>> {
    let path = path(central, name, end);
    let sealed = blocking(move || match std::fs::read(path) {
        // A database that was put back without its pictures.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        read => read.map(Some),
    });
    let sealed = sealed.await?.ok_or_else(ApiError::not_found)?;
    sealer(central)?.open_bytes(Place { person, kind, id: document }, &sealed).map_err(ApiError::internal)
}

/// Whose file it is, by its name.
pub(super) fn name_of(file: &str) -> &str {
    let file = file.strip_suffix(".partial").unwrap_or(file);
    file.strip_suffix(SMALL.1).unwrap_or(file)
}

fn path(central: &Central, name: &str, end: &str) -> PathBuf {
    central.documents.pictures().join(format!("{name}{end}"))
}

fn sealer(central: &Central) -> ApiResult<&Sealer> {
    Ok(central.sync.get().ok_or_else(|| ApiError::defect("no sync engine"))?.sealer())
}

/// Work on files, on a thread for it.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> ApiResult<T> {
    tokio::task::spawn_blocking(work).await.map_err(ApiError::internal)?.map_err(ApiError::internal)
}
