//! People of the office and their tokens for the admin API. A token is shown once, when it is made; the database has its
//! digest.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use prakerja_protocol::problem::ProblemCode;
use rand::RngCore as _;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use sqlx::FromRow;

use super::role::{Right, Role};
use super::{Action, OfficeError, audit};
use crate::error::{ApiError, ApiResult};
use crate::state::Central;

/// What a token begins with, so that a leaked one can be found by scanners.
const PREFIX: &str = "prakerja_op_";

/// An authenticated operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
}

/// An operator as the list shows one.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct Listed {
    /// The name.
    pub name: String,
    /// The role's word.
    pub role: String,
    /// When the token was made, Unix milliseconds.
    pub created_at: i64,
    /// When it ended.
    pub revoked_at: Option<i64>,
}

fn is_name(text: &str) -> bool {
    (2..=40).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte))
}

/// An operator as the audit log names one.
pub fn subject(name: &str) -> String {
    if is_name(name) { format!("operator {name}") } else { "no name".to_owned() }
}

/// A new operator, as the audit log names it.
pub fn subject_of_new(name: &str, role: Role) -> String {
    format!("{} role={}", subject(name), role.as_str())
}

/// Makes an operator and gives the token.
///
/// # Errors
/// `name` for no name, `taken` for one that is in use.
pub async fn add(central: &Central, name: &str, role: Role) -> Result<String, OfficeError> {
    if !is_name(name) || name == audit::CLI {
        return Err(OfficeError::refused("name", "a name is 2 to 40 of a-z, 0-9, -, . and _, and not \"cli\""));
    }
    let mut secret = [0_u8; 32];
    rand::rngs::OsRng.fill_bytes(&mut secret);
    let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(secret));
    let mut tx = central.db.begin().await?;
    let written = sqlx::query(
        "insert into operator (name, role, token_hash, created_at) values ($1, $2, $3, $4) on conflict (name) do nothing",
    )
    .bind(name)
    .bind(role.as_str())
    .bind(hash(&token))
    .bind(central.clock.now_ms())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    if written.rows_affected() == 0 {
        // A name stays with its history in the audit log.
        return Err(OfficeError::refused("taken", "there is or was an operator of this name"));
    }
    Ok(token)
}

/// Ends an operator's token.
///
/// # Errors
/// `unknown` when there is no such operator, or none any more.
pub async fn revoke(central: &Central, name: &str) -> Result<(), OfficeError> {
    let mut tx = central.db.begin().await?;
    let done = sqlx::query("update operator set revoked_at = $1 where name = $2 and revoked_at is null")
        .bind(central.clock.now_ms())
        .bind(name)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    if done.rows_affected() == 0 {
        return Err(OfficeError::refused("unknown", "there is no such operator"));
    }
    Ok(())
}

/// All operators.
///
/// # Errors
/// Any error of the database.
pub async fn list(central: &Central) -> Result<Vec<Listed>, OfficeError> {
    Ok(sqlx::query_as("select name, role, created_at, revoked_at from operator order by name")
        .fetch_all(central.db.read())
        .await?)
}

/// A plain hash is enough: nobody can guess 256 bits.
fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

impl Operator {
    /// Lets an operator with a right go on; a refusal is noted.
    ///
    /// # Errors
    /// `forbidden`.
    pub(crate) async fn may(&self, central: &Central, right: Right, action: &Action) -> ApiResult<()> {
        if self.role.has(right) {
            return Ok(());
        }
        audit::append(central, action, "refused: forbidden")
            .await
            .map_err(|error| ApiError::internal(error.to_string()))?;
        Err(ApiError::new(ProblemCode::Forbidden, 403, "the role does not have this right"))
    }
}

impl FromRequestParts<Central> for Operator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, central: &Central) -> Result<Self, ApiError> {
        // Asked before a large body was read.
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let unknown = || ApiError::new(ProblemCode::TokenExpired, 401, "the operator's token is missing or unknown");
        let token = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .filter(|token| token.starts_with(PREFIX))
            .ok_or_else(unknown)?;
        let row: Option<(String, String)> =
            sqlx::query_as("select name, role from operator where token_hash = $1 and revoked_at is null")
                .bind(hash(token))
                .fetch_optional(central.db.read())
                .await?;
        let (name, role) = row.ok_or_else(unknown)?;
        central.rates.operator(&name)?;
        let role = Role::by_name(&role).ok_or_else(|| ApiError::defect("an operator with an unknown role"))?;
        Ok(Self { name, role })
    }
}
