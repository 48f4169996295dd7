//! SANDBOX: a page of this central with two buttons instead of a face check. Exists with `--demo` only; plain HTML that
//! works on an old phone and without scripts.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use rand::RngCore as _;
use serde::Deserialize;
use uuid::Uuid;

use super::{Outcome, Session};
use crate::db::Id;
use crate::errands::{self, Kind};
use crate::error::{ApiError, ApiResult};
use crate::outside::OutsideError;
use crate::state::Central;
use crate::sync::Change;

/// Name of the provider.
pub(super) const NAME: &str = "SANDBOX";

pub(crate) fn router() -> Router<Central> {
    Router::new().route("/sandbox/face/{token}", get(page).post(decide))
}

/// Makes a page for an attempt; the same attempt again has the same page. `base` is the address of this central.
pub(super) async fn begin(central: &Central, base: &str, attempt: Uuid) -> ApiResult<Session> {
    let mut bytes = [0_u8; 16];
    rand::rngs::OsRng.fill_bytes(&mut bytes);
    let mut tx = central.db.begin().await?;
    let token: String = sqlx::query_scalar(
        "insert into sandbox_face (token, attempt, created_at) values ($1, $2, $3)
         on conflict (attempt) do update set attempt = excluded.attempt returning token",
    )
    .bind(hex::encode(bytes))
    .bind(Id(attempt))
    .bind(central.clock.now_ms())
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Session { url: format!("{base}/sandbox/face/{token}"), id: token })
}

pub(super) async fn outcome(central: &Central, attempt: Uuid) -> Result<Outcome, OutsideError> {
    let outcome: Option<Option<String>> = sqlx::query_scalar("select outcome from sandbox_face where attempt = $1")
        .bind(Id(attempt))
        .fetch_optional(central.db.read())
        .await
        .map_err(|_| OutsideError::Unreachable)?;
    Ok(match outcome.flatten().as_deref() {
        Some("pass") => Outcome::Passed,
        Some("fail") => Outcome::Failed,
        _ => Outcome::Pending,
    })
}

async fn page(State(central): State<Central>, Path(token): Path<String>) -> ApiResult<Response> {
    let outcome: Option<Option<String>> = sqlx::query_scalar("select outcome from sandbox_face where token = $1")
        .bind(&token)
        .fetch_optional(central.db.read())
        .await?;
    let outcome = outcome.ok_or_else(ApiError::not_found)?;
    Ok(html(if outcome.is_some() { DONE } else { BUTTONS }))
}

/// In the address: bodies of what is no API are not read.
#[derive(Deserialize)]
struct Pressed {
    outcome: String,
}

async fn decide(
    State(central): State<Central>,
    Path(token): Path<String>,
    Query(pressed): Query<Pressed>,
) -> ApiResult<Response> {
    if !matches!(pressed.outcome.as_str(), "pass" | "fail") {
        return Err(ApiError::not_found());
    }
    let mut change = Change::begin(&central).await?;
    // The first button counts; the second press of a slow phone changes nothing.
    let attempt: Option<Id> = sqlx::query_scalar(
        "update sandbox_face set outcome = coalesce(outcome, $1) where token = $2 returning attempt",
    )
    .bind(&pressed.outcome)
    .bind(&token)
    .fetch_optional(&mut **change.tx())
    .await?;
    let attempt = attempt.ok_or_else(ApiError::not_found)?;
    let person: Option<Id> = sqlx::query_scalar("select person_id from face_check where attempt = $1")
        .bind(attempt)
        .fetch_optional(&mut **change.tx())
        .await?;
    if let Some(Id(person)) = person {
        errands::hurry(&mut change.records(person), person, Kind::Face).await?;
    }
    change.commit().await?;
    Ok(html(DONE))
}

const BUTTONS: &str = "<p>Halaman uji. Tidak ada kamera yang dipakai dan tidak ada wajah yang diperiksa. Pilih hasilnya.<br>\
    <small>A test page. No camera is used and no face is checked. Choose the result.</small></p>\
    <form method=\"post\" action=\"?outcome=pass\"><button>Berhasil <small>Pass</small></button></form>\
    <form method=\"post\" action=\"?outcome=fail\"><button>Gagal <small>Fail</small></button></form>";
const DONE: &str = "<p>Selesai. Kembali ke aplikasi di komputermu.<br>\
    <small>Done. Go back to the app on your computer.</small></p>";

fn html(content: &str) -> Response {
    let page = format!(
        "<!doctype html><html lang=\"id\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>SANDBOX</title>\
         <style>body{{font:18px/1.5 sans-serif;max-width:30rem;margin:1.5rem auto;padding:0 1rem}}\
         strong{{background:#fd0;color:#000;padding:.2em .5em}}\
         button{{display:block;width:100%;min-height:56px;margin:1rem 0;font:inherit}}</style>\
         <h1><strong>SANDBOX</strong> Cek wajah <small>Face check</small></h1>{content}</html>"
    );
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // The token is in the address.
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex")),
    ];
    (headers, Html(page)).into_response()
}
