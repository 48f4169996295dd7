//! `POST /v1/handovers`: an address on which any phone may take one photo for the person. The secret part is derived from
//! the idempotency key, so that a repetition gives the same address although only its digest is kept.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use prakerja_domain::registration::Step;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::{Handover, NewHandover};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::clock::{ms, wait};
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::registration::case::Case;
use crate::request::{IdempotencyKey, Json, Reply};
use crate::signed_in::SignedIn;
use crate::state::Central;
use crate::sync::Change;

const HOUR_MS: i64 = 60 * 60 * 1_000;

/// Answers with an address; with the same key, with the same one.
pub(super) async fn create(
    State(central): State<Central>,
    who: SignedIn,
    IdempotencyKey(key): IdempotencyKey,
    headers: HeaderMap,
    Json(new): Json<NewHandover>,
) -> ApiResult<Reply<Handover>> {
    let base = base(&central, &headers)?;
    let token = token(&central, who.person, key);
    let hash = hash(&token);
    let now = central.clock.now_ms();
    let mut change = Change::begin(&central).await?;
    let records = &mut change.records(who.person);
    let case = Case::load(records, who.person).await?;
    case.allows(Step::AttachPhoto, &case.scheme(&central))?;
    let known: Option<(i64,)> = sqlx::query_as("select expires_at from handover where token_hash = $1")
        .bind(&hash)
        .fetch_optional(&mut **change.tx())
        .await?;
    let expires_at = match known {
        Some((expires_at,)) => expires_at,
        None => {
            let (asked,): (i64,) =
                sqlx::query_as("select count(*) from handover where person_id = $1 and created_at > $2")
                    .bind(Id(who.person))
                    .bind(now - HOUR_MS)
                    .fetch_one(&mut **change.tx())
                    .await?;
            if asked >= i64::from(central.config.documents.handovers_per_hour) {
                return Err(ApiError::rate_limited(HOUR_MS.unsigned_abs()));
            }
            // A new code takes the place of those before: whoever has seen one of them can send nothing any more.
            sqlx::query(
                "update handover set expires_at = $1
                 where person_id = $2 and kind = $3 and used_at is null and expires_at > $1",
            )
            .bind(now)
            .bind(Id(who.person))
            .bind(new.kind.as_str())
            .execute(&mut **change.tx())
            .await?;
            let expires_at = now.saturating_add(ms(central.config.documents.handover_ttl_s));
            sqlx::query(
                "insert into handover (person_id, token_hash, kind, created_at, expires_at) values ($1, $2, $3, $4, $5)",
            )
            .bind(Id(who.person))
            .bind(&hash)
            .bind(new.kind.as_str())
            .bind(now)
            .bind(expires_at)
            .execute(&mut **change.tx())
            .await?;
            expires_at
        }
    };
    change.commit().await?;
    let left = wait(expires_at, now) / 1_000;
    Ok(Reply::ok(Handover { url: format!("{base}/h/{token}"), expires_in_s: left }))
}

/// Where phones reach central. The `Host` of a request is anybody's word, so it counts in the demo only.
fn base(central: &Central, headers: &HeaderMap) -> ApiResult<String> {
    if let Some(address) = &central.config.public_url {
        return Ok(address.trim_end_matches('/').to_owned());
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).filter(|_| central.config.demo);
    host.map(|host| format!("http://{host}"))
        .ok_or_else(|| ApiError::new(ProblemCode::NotFound, 404, "public_url is not set: phones cannot be asked"))
}

/// 192 bits in 32 letters.
fn token(central: &Central, person: Uuid, key: Uuid) -> String {
    let mac = central.secrets.tokens.mac(&[b"handover/1", person.as_bytes(), key.as_bytes()]);
    URL_SAFE_NO_PAD.encode(mac.get(..24).unwrap_or(&mac))
}

/// As the database knows it.
pub(super) fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
