//! The page on which a phone takes the photo: `GET` shows a form, `POST` judges what came. Without scripts, so that it works
//! in the browser of an old phone. The address is the only permission; it works once.

use axum::body::Bytes;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::Response;
use prakerja_protocol::registration::DocumentKind;
use uuid::Uuid;

use super::PHOTO_FORM_BYTES;
use super::arrival::{self, FromPhone};
use super::handover::hash;
use super::judge::{Judged, Turn, judge};
use super::page::{Page, render};
use super::pictures;
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::state::Central;
use crate::sync::Change;

/// The form's answer to a photo that only has warnings.
const YES: &str = "use";

/// An address that somebody asked for.
struct Handover {
    hash: Vec<u8>,
    person: Uuid,
    used: bool,
    /// A photo that waits for a yes.
    held: Option<(String, Uuid)>,
}

/// What a form brought.
enum Brought {
    Photo(Bytes),
    Yes,
    Nothing,
}

/// `GET /h/{token}`.
pub(super) async fn show(State(central): State<Central>, Path(token): Path<String>) -> Response {
    let page = match find(&central, &token).await {
        Ok(Some(handover)) if handover.used => Page::Done,
        Ok(Some(_)) => Page::Ask,
        Ok(None) => Page::Over,
        Err(error) => failed(&error),
    };
    respond(&central, &page)
}

/// The page for a phone that nobody waits for, found before its photo is read; none when one may come.
pub(crate) async fn nobody_waits(central: &Central, token: &str) -> Option<Response> {
    let page = match find(central, token).await {
        Ok(Some(handover)) if handover.used => Page::Done,
        Ok(Some(_)) => return None,
        Ok(None) => Page::Over,
        Err(error) => failed(&error),
    };
    Some(respond(central, &page))
}

/// A refusal as a page: whoever holds a phone in the hand reads no problem body. Status and time to come back stay.
pub(crate) fn page_of(central: &Central, refusal: &Response) -> Response {
    let page = match refusal.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Page::NoPhoto(prakerja_photo::Unreadable::TooLarge {
            max: prakerja_photo::Limits::default().max_file_bytes,
            actual: PHOTO_FORM_BYTES as u64,
        }),
        StatusCode::NOT_FOUND => Page::Over,
        _ => Page::Failed,
    };
    let mut response = respond(central, &page);
    *response.status_mut() = refusal.status();
    if let Some(wait) = refusal.headers().get(RETRY_AFTER) {
        response.headers_mut().insert(RETRY_AFTER, wait.clone());
    }
    response
}

/// `POST /h/{token}`.
pub(super) async fn take(State(central): State<Central>, Path(token): Path<String>, form: Multipart) -> Response {
    let page = match handle(&central, &token, form).await {
        Ok(page) => page,
        Err(error) => failed(&error),
    };
    respond(&central, &page)
}

async fn handle(central: &Central, token: &str, form: Multipart) -> ApiResult<Page> {
    let Some(handover) = find(central, token).await? else { return Ok(Page::Over) };
    if handover.used {
        return Ok(Page::Done);
    }
    match read(form).await {
        Brought::Nothing => Ok(Page::Ask),
        Brought::Yes => match &handover.held {
            Some((file, document)) => use_photo(central, &handover, *document, file).await,
            None => Ok(Page::Ask),
        },
        Brought::Photo(photo) => photographed(central, &handover, photo).await,
    }
}

async fn photographed(central: &Central, handover: &Handover, photo: Bytes) -> ApiResult<Page> {
    if !try_once(central, handover).await? {
        return Ok(Page::Over);
    }
    let judged = match judge(central, photo, Turn::AsSuggested).await? {
        Ok(judged) => judged,
        Err(unreadable) => return Ok(Page::NoPhoto(unreadable)),
    };
    let Judged { examined, shown, .. } = &judged;
    if judged.refusal().is_some() {
        hold(central, handover, None).await?;
        return Ok(Page::Refused { shown: shown.clone(), examined: examined.clone() });
    }
    let (document, file) = arrival::keep_from_phone(central, handover.person, &judged.prepared).await?;
    if examined.findings.is_empty() {
        return use_photo(central, handover, document, &file).await;
    }
    hold(central, handover, Some((&file, document))).await?;
    Ok(Page::Doubtful { shown: shown.clone(), examined: examined.clone() })
}

/// Makes it the person's document. The address is used up in the same transaction.
async fn use_photo(central: &Central, handover: &Handover, document: Uuid, file: &str) -> ApiResult<Page> {
    let mut change = Change::begin(central).await?;
    let now_used =
        sqlx::query("update handover set used_at = $1 where token_hash = $2 and used_at is null and expires_at > $1")
            .bind(central.clock.now_ms())
            .bind(&handover.hash)
            .execute(&mut **change.tx())
            .await?;
    if now_used.rows_affected() == 0 {
        let used: i64 =
            sqlx::query_scalar("select count(*) from handover where token_hash = $1 and used_at is not null")
                .bind(&handover.hash)
                .fetch_one(&mut **change.tx())
                .await?;
        if used > 0 {
            // A second tap on the same button: the first one did it.
            return Ok(Page::Done);
        }
        // The address ended while the photo was looked at.
        drop(change);
        pictures::remove(central, file).await;
        return Ok(Page::Over);
    }
    let photo = FromPhone { person: handover.person, document, file };
    if !arrival::from_phone(&mut change, central, photo).await? {
        change.commit().await?;
        pictures::remove(central, file).await;
        return Ok(Page::NotWanted);
    }
    change.commit().await?;
    Ok(Page::Done)
}

/// Counts a try. False when there were too many, or the address was used or ended meanwhile.
async fn try_once(central: &Central, handover: &Handover) -> ApiResult<bool> {
    let mut tx = central.db.begin().await?;
    let counted = sqlx::query(
        "update handover set tries = tries + 1
         where token_hash = $1 and used_at is null and tries < $2 and expires_at > $3",
    )
    .bind(&handover.hash)
    .bind(i64::from(central.config.documents.handover_tries))
    .bind(central.clock.now_ms())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(counted.rows_affected() == 1)
}

/// Keeps one photo for a yes, in place of the one before.
async fn hold(central: &Central, handover: &Handover, photo: Option<(&str, Uuid)>) -> ApiResult<()> {
    let (file, document) = photo.unzip();
    let mut tx = central.db.begin().await?;
    let held = sqlx::query("update handover set held = $1, held_document = $2 where token_hash = $3")
        .bind(file)
        .bind(document.map(Id))
        .bind(&handover.hash)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    // The account was closed while the photo was looked at: it waits for nobody.
    if let Some(file) = file.filter(|_| held.rows_affected() == 0) {
        pictures::remove(central, file).await;
    }
    if let Some((before, _)) = &handover.held {
        pictures::remove(central, before).await;
    }
    Ok(())
}

async fn find(central: &Central, token: &str) -> ApiResult<Option<Handover>> {
    let hash = hash(token);
    type Row = (Id, Option<i64>, Option<String>, Option<Id>);
    let row: Option<Row> = sqlx::query_as(
        "select person_id, used_at, held, held_document from handover
         where token_hash = $1 and kind = $2 and expires_at > $3",
    )
    .bind(&hash)
    .bind(DocumentKind::KtpPhoto.as_str())
    .bind(central.clock.now_ms())
    .fetch_optional(central.db.read())
    .await?;
    Ok(row.map(|(person, used_at, held, document)| Handover {
        hash,
        person: person.0,
        used: used_at.is_some(),
        held: held.zip(document.map(|document| document.0)),
    }))
}

async fn read(mut form: Multipart) -> Brought {
    let mut brought = Brought::Nothing;
    loop {
        match form.next_field().await {
            Ok(None) => return brought,
            Ok(Some(field)) => {
                let name = field.name().map(str::to_owned);
                match (name.as_deref(), field.bytes().await) {
                    (Some("photo"), Ok(bytes)) if !bytes.is_empty() => brought = Brought::Photo(bytes),
                    (Some("answer"), Ok(bytes)) if bytes == YES.as_bytes() => brought = Brought::Yes,
                    (_, Ok(_)) => {}
                    (_, Err(_)) => return Brought::Nothing,
                }
            }
            Err(_) => return Brought::Nothing,
        }
    }
}

/// What went wrong is in the log; the person may try again.
fn failed(error: &ApiError) -> Page {
    match error {
        ApiError::Problem(problem) => tracing::debug!(status = problem.status, "a phone's photo was not taken"),
        ApiError::Internal(cause) => tracing::error!(%cause, "a phone's photo was not taken"),
    }
    Page::Failed
}

fn respond(central: &Central, page: &Page) -> Response {
    render(page, &central.config.operator, central.config.demo)
}
