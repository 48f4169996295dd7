//! SANDBOX: what journeys need to decide themselves, instead of waiting for an operator or a clock. These routes exist with
//! `--demo` only.
//!
//! | Request | Effect |
//! |---|---|
//! | `POST /sandbox/control/waves/{number}/open` | the wave is open now |
//! | `POST /sandbox/control/waves/{number}/close?grace_s=` | it closed a moment ago; late requests may count for so long |
//! | `POST /sandbox/control/waves/{number}/select?quota=` | closes it, draws `quota` places and publishes, at once |
//! | `POST /sandbox/control/photo?email=&verified=&reason=` | accepts or refuses the newest photo that waits |
//! | `POST /sandbox/control/face?email=&verified=` | decides a face check that waits for a person of the office |
//! | `POST /sandbox/control/block?email=&note=`, `…/unblock?email=` | blocks and unblocks |
//! | `POST /sandbox/control/appeal?email=&granted=&text=` | answers the appeal that is open |

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::post;
use prakerja_domain::registration::DocumentRefusal;
use prakerja_protocol::registration::BlockReason;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::conductor;
use super::selection::Outcome;
use crate::catalogue::waves;
use crate::db::Id;
use crate::documents::review::{self, Decision};
use crate::error::{ApiError, ApiResult};
use crate::office::{OfficeError, appeals};
use crate::registration::operator;
use crate::request::Reply;
use crate::state::Central;

/// Routes below `/sandbox/control`.
pub(crate) fn router() -> Router<Central> {
    Router::new()
        .route("/sandbox/control/waves/{number}/open", post(open))
        .route("/sandbox/control/waves/{number}/close", post(close))
        .route("/sandbox/control/waves/{number}/select", post(select))
        .route("/sandbox/control/photo", post(photo))
        .route("/sandbox/control/face", post(face))
        .route("/sandbox/control/block", post(block))
        .route("/sandbox/control/unblock", post(unblock))
        .route("/sandbox/control/appeal", post(appeal))
}

#[derive(Debug, Serialize)]
struct Sandbox<T> {
    sandbox: bool,
    #[serde(flatten)]
    done: T,
}

#[derive(Debug, Serialize)]
struct Nothing {}

fn said<T>(done: T) -> Reply<Sandbox<T>> {
    Reply::ok(Sandbox { sandbox: true, done })
}

#[derive(Debug, Deserialize)]
struct Close {
    #[serde(default)]
    grace_s: i64,
}

#[derive(Debug, Deserialize)]
struct Select {
    quota: Option<u32>,
}

#[derive(Debug, Deserialize)]
struct Who {
    email: String,
    #[serde(default)]
    verified: bool,
    note: Option<String>,
    reason: Option<DocumentRefusal>,
}

#[derive(Debug, Deserialize)]
struct AppealAnswer {
    email: String,
    granted: bool,
    text: String,
}

async fn open(State(central): State<Central>, Path(number): Path<u32>) -> ApiResult<Reply<Sandbox<Nothing>>> {
    let now = central.clock.now_ms();
    let month = 30 * 24 * 60 * 60 * 1_000;
    let mut tx = central.db.begin().await?;
    let opened = sqlx::query(
        "update wave set opens_at = $1, closes_at = $2 where number = $3
         and not exists (select 1 from selection where selection.wave = wave.number)",
    )
    .bind(now)
    .bind(now + month)
    .bind(i64::from(number))
    .execute(&mut *tx)
    .await?;
    waves::touch(&mut tx).await?;
    tx.commit().await?;
    if let Some(shelf) = central.catalogue.get() {
        shelf.note_change();
    }
    if opened.rows_affected() == 0 { Err(ApiError::not_found()) } else { Ok(said(Nothing {})) }
}

async fn close(
    State(central): State<Central>,
    Path(number): Path<u32>,
    Query(query): Query<Close>,
) -> ApiResult<Reply<Sandbox<Nothing>>> {
    let grace_ms = query.grace_s.saturating_mul(1_000);
    conductor::close(&central, number, grace_ms).await.map_err(OfficeError::from)?;
    Ok(said(Nothing {}))
}

async fn select(
    State(central): State<Central>,
    Path(number): Path<u32>,
    Query(query): Query<Select>,
) -> ApiResult<Reply<Sandbox<Outcome>>> {
    let work = async {
        let _turn = central.demo_turn.lock().await;
        conductor::close(&central, number, 0).await?;
        if let Some(quota) = query.quota {
            let mut tx = central.db.begin().await?;
            sqlx::query("update wave set quota = $1, region_quotas = '{}' where number = $2")
                .bind(i64::from(quota))
                .bind(i64::from(number))
                .execute(&mut *tx)
                .await?;
            waves::touch(&mut tx).await?;
            tx.commit().await?;
        }
        // Later than the commitment, whatever the clock does in between.
        conductor::commit(&central, number, 60_000).await?;
        conductor::publish(&central, number).await
    };
    Ok(said(Box::pin(work).await.map_err(OfficeError::from)?))
}

async fn photo(State(central): State<Central>, Query(who): Query<Who>) -> ApiResult<Reply<Sandbox<Nothing>>> {
    let person = person(&central, &who.email).await?;
    let newest: Option<(Id,)> = sqlx::query_as(
        "select id from document where person_id = $1 and state = 'received' order by at desc, id desc limit 1",
    )
    .bind(Id(person))
    .fetch_optional(central.db.read())
    .await?;
    let Id(document) = newest.ok_or_else(ApiError::not_found)?.0;
    let decision = if who.verified {
        Decision::Accept
    } else {
        Decision::Refuse { reason: who.reason.unwrap_or(DocumentRefusal::Blurred), note: who.note }
    };
    review::review(&central, person, document, decision).await?;
    Ok(said(Nothing {}))
}

async fn face(State(central): State<Central>, Query(who): Query<Who>) -> ApiResult<Reply<Sandbox<Nothing>>> {
    operator::decide_face(&central, person(&central, &who.email).await?, who.verified).await?;
    Ok(said(Nothing {}))
}

async fn block(State(central): State<Central>, Query(who): Query<Who>) -> ApiResult<Reply<Sandbox<Nothing>>> {
    let person = person(&central, &who.email).await?;
    operator::block(&central, person, BlockReason::FalseData, who.note).await?;
    Ok(said(Nothing {}))
}

async fn unblock(State(central): State<Central>, Query(who): Query<Who>) -> ApiResult<Reply<Sandbox<Nothing>>> {
    operator::unblock(&central, person(&central, &who.email).await?, who.note).await?;
    Ok(said(Nothing {}))
}

async fn appeal(
    State(central): State<Central>,
    Query(answer): Query<AppealAnswer>,
) -> ApiResult<Reply<Sandbox<Nothing>>> {
    let person = person(&central, &answer.email).await?;
    let open: Option<(Id,)> = sqlx::query_as("select id from appeal where person_id = $1 and open = 1")
        .bind(Id(person))
        .fetch_optional(central.db.read())
        .await?;
    let Id(appeal) = open.ok_or_else(ApiError::not_found)?.0;
    appeals::answer(&central, appeal, answer.granted, &answer.text).await?;
    Ok(said(Nothing {}))
}

async fn person(central: &Central, email: &str) -> ApiResult<Uuid> {
    let row: Option<(Id,)> = sqlx::query_as("select id from person where email = $1")
        .bind(email.trim().to_ascii_lowercase())
        .fetch_optional(central.db.read())
        .await?;
    Ok(row.ok_or_else(ApiError::not_found)?.0.0)
}
