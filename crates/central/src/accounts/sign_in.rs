//! Sign-in in two steps. An address without account goes through a fake record and fails like a wrong password.

use axum::extract::State;
use opaque_ke::{ServerLogin, ServerLoginParameters, ServerRegistration};
use prakerja_protocol::account::{Session, SignIn, SignInStart, SignInStarted};
use prakerja_protocol::password::Suite;
use prakerja_protocol::problem::ProblemCode;
use rand::rngs::OsRng;
use sqlx::{FromRow, Row};
use uuid::Uuid;

use super::guard::{self, Network};
use super::session::{self, Device};
use super::sign_up::address;
use super::{opaque, stretch};
use crate::clock::ms;
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::request::{Arrival, IdempotencyKey, Json, Reply};
use crate::state::Central;

/// `POST /v1/sessions/start`.
pub(crate) async fn start(
    State(central): State<Central>,
    network: Network,
    Json(body): Json<SignInStart>,
) -> ApiResult<Reply<SignInStarted>> {
    let email = address(&body.email)?;
    let email = email.as_str();
    let request = opaque::credential_request(&body.request)?;
    let mut tx = central.db.begin().await?;
    let guard = match guard::take(&mut tx, &central, email, &network).await? {
        Ok(guard) => guard,
        Err(refused) => {
            tx.commit().await?;
            return Err(refused);
        }
    };
    let row = sqlx::query(
        "select id, password_file, stretch_memory_kib as memory_kib, stretch_passes as passes, stretch_lanes as lanes
         from person where email = $1",
    )
    .bind(email)
    .fetch_optional(&mut *tx)
    .await?;
    // Read in both cases, so that both take the same time.
    let pretended = stretch::pretended(&mut tx, &central, email).await?;
    let (person, file, stretch) = match row {
        // Empty where the office entered another address: as without an account, until another password is set.
        Some(row) if !row.try_get::<&[u8], _>("password_file")?.is_empty() => {
            let file =
                ServerRegistration::<Suite>::deserialize(row.try_get("password_file")?).map_err(ApiError::internal)?;
            (Some(row.try_get::<Id, _>("id")?), Some(file), stretch::read(&row)?)
        }
        _ => (None, None, pretended),
    };
    let parameters = ServerLoginParameters::default();
    let login = ServerLogin::start(&mut OsRng, &central.secrets.opaque, file, request, email.as_bytes(), parameters)
        .map_err(ApiError::internal)?;
    let attempt = Uuid::new_v4();
    sqlx::query(
        "insert into sign_in_attempt (id, email, person_id, server_state, guard_mac, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(Id(attempt))
    .bind(email)
    .bind(person)
    .bind(login.state.serialize().to_vec())
    .bind(guard)
    .bind(central.clock.now_ms() + ms(central.config.accounts.attempt_ttl_s))
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Reply::ok(SignInStarted { attempt, response: opaque::encode(login.message.serialize()), stretch }))
}

#[derive(FromRow)]
struct Attempt {
    email: String,
    person_id: Option<Id>,
    server_state: Vec<u8>,
    guard_mac: Vec<u8>,
    expires_at: i64,
    used_key: Option<Id>,
    session_id: Option<Id>,
    locked_at: Option<i64>,
}

/// `POST /v1/sessions`.
pub(crate) async fn sign_in(
    State(central): State<Central>,
    arrival: Arrival,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<SignIn>,
) -> ApiResult<Reply<Session>> {
    let device = Device::of(&arrival, &body.device_name)?;
    let finalization = opaque::credential_finalization(&body.finalization)?;
    let mut tx = central.db.begin().await?;
    let attempt = sqlx::query_as::<_, Attempt>(
        "select sign_in_attempt.*, person.locked_at
         from sign_in_attempt left join person on person.id = sign_in_attempt.person_id
         where sign_in_attempt.id = $1",
    )
    .bind(Id(body.attempt))
    .fetch_optional(&mut *tx)
    .await?
    .ok_or_else(over)?;
    if let Some(used) = attempt.used_key {
        // A repeat of the request whose answer was lost; any other second use is refused.
        return match (used == Id(key), attempt.session_id) {
            (true, Some(id)) => {
                session::replay(&mut tx, &central, id.0, &device).await?.map(Reply::ok).ok_or_else(over)
            }
            (true, None) => Err(wrong()),
            (false, _) => Err(over()),
        };
    }
    let now = central.clock.now_ms();
    if attempt.expires_at <= now {
        return Err(over());
    }
    let login = ServerLogin::<Suite>::deserialize(&attempt.server_state).map_err(ApiError::internal)?;
    let right = login.finish(finalization, ServerLoginParameters::default()).is_ok();
    sqlx::query("update sign_in_attempt set used_key = $1 where id = $2")
        .bind(Id(key))
        .bind(Id(body.attempt))
        .execute(&mut *tx)
        .await?;
    let Some(person) = attempt.person_id.filter(|_| right) else {
        tx.commit().await?;
        return Err(wrong());
    };
    if attempt.locked_at.is_some() {
        tx.commit().await?;
        return Err(ApiError::account_locked());
    }
    guard::give_back(&mut tx, &central, &attempt.email, &attempt.guard_mac).await?;
    let session = session::open(&mut tx, &central, person.0, &attempt.email, &device).await?;
    sqlx::query("update sign_in_attempt set session_id = $1 where id = $2")
        .bind(Id(session.session))
        .bind(Id(body.attempt))
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(Reply::ok(session))
}

/// The client begins again with the first step.
fn over() -> ApiError {
    ApiError::new(ProblemCode::NotFound, 404, "this sign-in is over; begin again")
}

fn wrong() -> ApiError {
    ApiError::new(ProblemCode::WrongCredentials, 401, "address or password is wrong")
}
