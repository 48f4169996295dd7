//! Opening a session and answering with its tokens.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prakerja_protocol::account::Session;
use prakerja_protocol::problem::ProblemCode;
use sqlx::{FromRow, Sqlite, SqliteConnection, Transaction};
use uuid::Uuid;

use super::DAY_MS;
use super::tokens::{self, hash};
use crate::clock::{ms, wait};
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::request::Arrival;
use crate::state::Central;

/// Longest name of a computer.
const DEVICE_NAME_CHARS: usize = 80;

/// The computer that asks.
#[derive(Debug)]
pub(super) struct Device {
    pub(super) id: Uuid,
    name: String,
}

impl Device {
    /// Its id from the header, its name from the body.
    pub(super) fn of(arrival: &Arrival, name: &str) -> ApiResult<Self> {
        let missing = || ApiError::new(ProblemCode::Malformed, 400, "X-Device is missing");
        let name: String = name.chars().filter(|c| !c.is_control()).take(DEVICE_NAME_CHARS).collect();
        Ok(Self { id: arrival.device.ok_or_else(missing)?, name: name.trim().to_owned() })
    }
}

/// A session with its person.
#[derive(Debug, FromRow)]
pub(super) struct SessionRow {
    pub(super) id: Id,
    pub(super) person_id: Id,
    pub(super) email: String,
    pub(super) device_id: Id,
    pub(super) generation: i64,
    pub(super) access_expires_at: i64,
    pub(super) refreshed_at: i64,
    pub(super) created_at: i64,
    /// 1 since the access token of this generation was used.
    pub(super) answer_arrived: i64,
    pub(super) ended_at: Option<i64>,
    pub(super) locked_at: Option<i64>,
}

/// Opens a session.
pub(super) async fn open(
    tx: &mut Transaction<'_, Sqlite>,
    central: &Central,
    person: Uuid,
    email: &str,
    device: &Device,
) -> ApiResult<Session> {
    let now = central.clock.now_ms();
    let row = SessionRow {
        id: Id(Uuid::now_v7()),
        person_id: Id(person),
        email: email.to_owned(),
        device_id: Id(device.id),
        generation: 0,
        access_expires_at: now + ms(central.config.accounts.access_ttl_s),
        refreshed_at: now,
        created_at: now,
        answer_arrived: 0,
        ended_at: None,
        locked_at: None,
    };
    sqlx::query(
        "insert into session (id, person_id, device_id, device_name, generation, access_hash, access_expires_at,
                              refreshed_at, created_at)
         values ($1, $2, $3, $4, 0, $5, $6, $7, $7)",
    )
    .bind(row.id)
    .bind(row.person_id)
    .bind(row.device_id)
    .bind(&device.name)
    .bind(hash(&tokens::access(&central.secrets.tokens, row.id.0, 0)))
    .bind(row.access_expires_at)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(answer(central, &row))
}

/// The session of an id, also when it has ended.
pub(super) async fn find(tx: &mut Transaction<'_, Sqlite>, session: Uuid) -> ApiResult<Option<SessionRow>> {
    let row = sqlx::query_as::<_, SessionRow>(
        "select session.*, person.email, person.locked_at
         from session join person on person.id = session.person_id
         where session.id = $1",
    )
    .bind(Id(session))
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row)
}

/// Notes that the newest tokens have arrived: this access token was used. Without it the answer before stays repeatable,
/// so that a failure here does no harm and fails no request.
pub(crate) async fn note_arrival(central: &Central, session: Uuid, access_hash: &[u8]) {
    let noted = async {
        let mut tx = central.db.begin().await?;
        sqlx::query("update session set answer_arrived = 1 where id = $1 and access_hash = $2")
            .bind(Id(session))
            .bind(access_hash)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(%error, "the arrival of tokens could not be noted");
    }
}

/// The next generation of a session's tokens.
pub(super) async fn rotate(
    tx: &mut Transaction<'_, Sqlite>,
    central: &Central,
    mut row: SessionRow,
) -> ApiResult<Session> {
    let now = central.clock.now_ms();
    row.generation += 1;
    row.refreshed_at = now;
    row.access_expires_at = now + ms(central.config.accounts.access_ttl_s);
    sqlx::query(
        "update session
         set generation = $1, access_hash = $2, access_expires_at = $3, refreshed_at = $4, answer_arrived = 0
         where id = $5",
    )
    .bind(row.generation)
    .bind(hash(&tokens::access(&central.secrets.tokens, row.id.0, row.generation)))
    .bind(row.access_expires_at)
    .bind(now)
    .bind(row.id)
    .execute(&mut **tx)
    .await?;
    Ok(answer(central, &row))
}

/// The answer that was lost, once more: only to the same device, within a day, and only while nobody went on from it.
pub(super) async fn replay(
    tx: &mut Transaction<'_, Sqlite>,
    central: &Central,
    session: Uuid,
    device: &Device,
) -> ApiResult<Option<Session>> {
    let row = find(tx, session).await?;
    let now = central.clock.now_ms();
    let fits = |row: &SessionRow| {
        row.ended_at.is_none()
            && row.locked_at.is_none()
            && row.generation == 0
            && row.device_id.0 == device.id
            && now - row.created_at < DAY_MS
    };
    Ok(row.filter(fits).map(|row| answer(central, &row)))
}

/// Session and tokens for the wire.
pub(super) fn answer(central: &Central, row: &SessionRow) -> Session {
    let key = &central.secrets.tokens;
    Session {
        person: row.person_id.0,
        session: row.id.0,
        email: row.email.clone(),
        access_token: tokens::access(key, row.id.0, row.generation),
        access_expires_in_s: wait(row.access_expires_at, central.clock.now_ms()) / 1000,
        refresh_token: tokens::refresh(key, row.id.0, row.generation),
        epoch: central.epoch,
        receipt_key: STANDARD.encode(central.secrets.receipts.verifying_key().as_bytes()),
    }
}

/// Ends all sessions of a person, and sign-ins that are half done: what opened them is in force no more.
pub(crate) async fn end_all(tx: &mut SqliteConnection, person: Uuid, now: i64, because: &'static str) -> ApiResult<()> {
    sqlx::query("update session set ended_at = $1, ended_because = $2 where person_id = $3 and ended_at is null")
        .bind(now)
        .bind(because)
        .bind(Id(person))
        .execute(&mut *tx)
        .await?;
    sqlx::query("delete from sign_in_attempt where person_id = $1").bind(Id(person)).execute(&mut *tx).await?;
    Ok(())
}

/// Ends a session.
pub(super) async fn end(
    tx: &mut Transaction<'_, Sqlite>,
    session: Uuid,
    now: i64,
    because: &'static str,
) -> ApiResult<()> {
    sqlx::query("update session set ended_at = $1, ended_because = $2 where id = $3 and ended_at is null")
        .bind(now)
        .bind(because)
        .bind(Id(session))
        .execute(&mut **tx)
        .await?;
    Ok(())
}
