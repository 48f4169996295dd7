//! `POST /v1/accounts/{sign_up}/code`: the right code makes the account or sets another password, and opens a session.

use axum::extract::{Path, State};
use prakerja_protocol::account::{ConfirmCode, Consent, Session};
use prakerja_protocol::problem::{Problem, ProblemCode};
use sqlx::{FromRow, Sqlite, Transaction};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::allowance;
use super::guard::Network;
use super::pending::Purpose;
use super::session::{self, Device};
use super::{code, guesses, reset};
use crate::clock::{ms, wait};
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::notifier::{Mail, texts};
use crate::request::{Arrival, IdempotencyKey, Json, Reply};
use crate::state::Central;

/// What waits for its code.
#[derive(FromRow)]
pub(super) struct Pending {
    purpose: String,
    channel: String,
    pub(super) email: String,
    pub(super) language: String,
    pub(super) password_file: Vec<u8>,
    pub(super) stretch_memory_kib: i64,
    pub(super) stretch_passes: i64,
    pub(super) stretch_lanes: i64,
    consents: String,
    code_mac: Vec<u8>,
    code_sent_at: i64,
    code_expires_at: i64,
    wrong_codes: i64,
    wrong_mac: Option<Vec<u8>>,
    session_id: Option<Id>,
    confirmed_at: Option<i64>,
    confirm_key: Option<Id>,
}

impl Pending {
    /// Whether the newest guess comes once more.
    fn repeats(&self, typed: &[u8]) -> bool {
        self.wrong_mac.as_deref() == Some(typed)
    }
}

pub(crate) async fn confirm(
    State(central): State<Central>,
    arrival: Arrival,
    network: Network,
    Path(sign_up): Path<Uuid>,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<ConfirmCode>,
) -> ApiResult<Reply<Session>> {
    let typed = code::mac(&central.secrets.codes, sign_up, &code::read(&body.code)?);
    let device = Device::of(&arrival, &body.device_name)?;
    let mut tx = central.db.begin().await?;
    let pending = sqlx::query_as::<_, Pending>("select * from sign_up where id = $1")
        .bind(Id(sign_up))
        .fetch_optional(&mut *tx)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let right: bool = typed.as_slice().ct_eq(&pending.code_mac).into();
    let now = central.clock.now_ms();

    if pending.confirmed_at.is_some() {
        // A repeat of the request whose answer was lost.
        let same = right && pending.confirm_key == Some(Id(key));
        let session = pending.session_id.filter(|_| same).ok_or_else(over)?;
        return session::replay(&mut tx, &central, session.0, &device).await?.map(Reply::ok).ok_or_else(over);
    }
    if pending.code_expires_at <= now {
        return Err(over());
    }
    let purpose = Purpose::read(&pending.purpose, &pending.channel);
    if purpose != Purpose::Account
        && let Some(until) = guesses::locked_until(&mut tx, &central, &pending.email, &network).await?
    {
        return Err(locked(until, now));
    }
    if pending.wrong_codes >= i64::from(central.config.accounts.code_max_wrong) {
        // Another code helps; until one may be asked for nothing does.
        let resend_at = pending.code_sent_at + ms(central.config.accounts.resend_after_s);
        let left = allowance::read(&mut tx, &central, &pending.email, &network).await?;
        return Err(locked(left.locked_until.unwrap_or(0).max(resend_at), now));
    }
    if !right {
        let left = count_wrong(&mut tx, &central, sign_up, &pending, &typed).await?;
        if purpose != Purpose::Account && !pending.repeats(&typed) {
            guesses::count(&mut tx, &central, &pending.email, &network).await?;
        }
        tx.commit().await?;
        let problem = Problem::new(ProblemCode::WrongCode, 422, "the code is wrong");
        return Err(problem.with_detail("attempts_left", left).into());
    }
    let person = match purpose {
        Purpose::Account => make_person(&mut tx, &pending, now).await?,
        Purpose::Password(_) => Some(reset::set(&mut tx, &central, sign_up, &pending).await?),
    };
    let Some(person) = person else {
        // Another sign-up of the same address was quicker. Whoever knows the code owns the address and may be told, by mail.
        close_in_vain(&mut tx, &central, sign_up, &pending).await?;
        tx.commit().await?;
        central.notifier.wake();
        return Err(over());
    };
    let session = session::open(&mut tx, &central, person, &pending.email, &device).await?;
    // The password's record has its place now, and may have another one soon.
    sqlx::query(
        "update sign_up set session_id = $1, confirmed_at = $2, confirm_key = $3, password_file = $4 where id = $5",
    )
    .bind(Id(session.session))
    .bind(now)
    .bind(Id(key))
    .bind([].as_slice())
    .bind(Id(sign_up))
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    central.notifier.wake();
    Ok(Reply::ok(session))
}

pub(super) fn over() -> ApiError {
    ApiError::new(ProblemCode::CodeExpired, 410, "the code is over; ask for another")
}

/// Too many wrong ones: no code counts before this.
pub(super) fn locked(until: i64, now: i64) -> ApiError {
    let problem = Problem::new(ProblemCode::CodeLocked, 429, "too many wrong codes; ask for another");
    problem.with_retry_after_ms(wait(until, now)).with_detail("attempts_left", 0).into()
}

/// Counts a guess, but not the same guess twice in a row: that is a repeated request. Returns how many are left.
async fn count_wrong(
    tx: &mut Transaction<'_, Sqlite>,
    central: &Central,
    sign_up: Uuid,
    pending: &Pending,
    typed: &[u8],
) -> ApiResult<i64> {
    let wrong = pending.wrong_codes + i64::from(!pending.repeats(typed));
    sqlx::query("update sign_up set wrong_codes = $1, wrong_mac = $2 where id = $3")
        .bind(wrong)
        .bind(typed)
        .bind(Id(sign_up))
        .execute(&mut **tx)
        .await?;
    Ok((i64::from(central.config.accounts.code_max_wrong) - wrong).max(0))
}

/// The account with its consents; none when the address has one already.
async fn make_person(tx: &mut Transaction<'_, Sqlite>, pending: &Pending, now: i64) -> ApiResult<Option<Uuid>> {
    let person = Uuid::now_v7();
    let made = sqlx::query(
        "insert into person (id, email, language, password_file, stretch_memory_kib, stretch_passes, stretch_lanes,
                             created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (email) do nothing",
    )
    .bind(Id(person))
    .bind(&pending.email)
    .bind(&pending.language)
    .bind(&pending.password_file)
    .bind(pending.stretch_memory_kib)
    .bind(pending.stretch_passes)
    .bind(pending.stretch_lanes)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    if made.rows_affected() == 0 {
        return Ok(None);
    }
    crate::sync::epoch::count(tx).await?;
    let consents: Vec<Consent> = serde_json::from_str(&pending.consents).map_err(ApiError::internal)?;
    for consent in consents {
        sqlx::query(
            "insert into consent (person_id, consent, version, accepted_at, received_at) values ($1, $2, $3, $4, $5)
             on conflict do nothing",
        )
        .bind(Id(person))
        .bind(consent.id)
        .bind(consent.version)
        .bind(consent.accepted_at)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    }
    Ok(Some(person))
}

async fn close_in_vain(
    tx: &mut Transaction<'_, Sqlite>,
    central: &Central,
    sign_up: Uuid,
    pending: &Pending,
) -> ApiResult<()> {
    let now = central.clock.now_ms();
    sqlx::query("update sign_up set in_vain = 1, code_mac = $1, code_expires_at = $2 where id = $3")
        .bind(code::mac_of_none().to_vec())
        .bind(now)
        .bind(Id(sign_up))
        .execute(&mut **tx)
        .await?;
    let (subject, text) = texts::has_account(texts::read_language(&pending.language));
    let mail = Mail { to: pending.email.clone(), subject, text, code: None };
    central.notifier.queue(tx, central, &mail, now + ms(central.config.accounts.code_ttl_s)).await
}
