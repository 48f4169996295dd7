//! Sign-up until the code is on its way.

use axum::extract::State;
use opaque_ke::ServerRegistration;
use prakerja_domain::email::Email;
use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_protocol::account::{CodeSent, Consent, SignUp, SignUpStart, SignUpStarted};
use prakerja_protocol::password::Suite;
use prakerja_protocol::problem::ProblemCode;

use super::guard::{self, Network};
use super::opaque;
use super::pending::{self, Purpose, Wanted, fingerprint};
use crate::error::{ApiError, ApiResult};
use crate::request::{IdempotencyKey, Json, Reply};
use crate::state::Central;

/// `POST /v1/accounts/start`: evaluates the blinded password, also of one that takes the place of a forgotten one. Keeps
/// nothing but the count.
pub(crate) async fn start(
    State(central): State<Central>,
    network: Network,
    Json(body): Json<SignUpStart>,
) -> ApiResult<Reply<SignUpStarted>> {
    let email = address(&body.email)?;
    let request = opaque::registration_request(&body.request)?;
    let mut tx = central.db.begin().await?;
    let allowed = guard::take(&mut tx, &central, email.as_str(), &network).await?;
    tx.commit().await?;
    // Not given back when the code was right: by then the window may be another, and a stranger could see it.
    allowed?;
    let started = ServerRegistration::<Suite>::start(&central.secrets.opaque, request, email.as_str().as_bytes())
        .map_err(ApiError::internal)?;
    let response = opaque::encode(started.message.serialize());
    Ok(Reply::ok(SignUpStarted { response, stretch: central.config.stretch }))
}

/// `POST /v1/accounts`: keeps the sign-up and sends a code.
pub(crate) async fn sign_up(
    State(central): State<Central>,
    network: Network,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<SignUp>,
) -> ApiResult<Reply<CodeSent>> {
    let email = address(&body.email)?;
    let consents = consents(&body.consents)?;
    let content = (email.as_str(), &body.upload, body.stretch, body.language, &body.consents);
    let wanted = Wanted {
        id: body.sign_up,
        purpose: Purpose::Account,
        email: &email,
        upload: &body.upload,
        stretch: body.stretch,
        language: body.language,
        consents,
        fingerprint: fingerprint(&content)?,
    };
    pending::begin(&central, key, &network, &wanted).await
}

/// Reads an address as the app does.
pub(super) fn address(typed: &str) -> ApiResult<Email> {
    Email::parse(typed).map_err(|error| ApiError::validation(vec![error]))
}

/// Both texts must be accepted; as JSON for the row.
fn consents(given: &[Consent]) -> ApiResult<String> {
    let missing: Vec<FieldError> = [("terms", "accept_terms"), ("privacy", "accept_privacy")]
        .into_iter()
        .filter(|(id, _)| !given.iter().any(|consent| consent.id == *id && !consent.version.trim().is_empty()))
        .map(|(_, field)| FieldError::new(field, FieldErrorCode::NotAccepted))
        .collect();
    let known: Vec<&Consent> =
        given.iter().filter(|consent| matches!(consent.id.as_str(), "terms" | "privacy")).collect();
    if known.iter().any(|consent| consent.version.chars().count() > 40) || known.len() > 2 {
        return Err(ApiError::new(ProblemCode::Malformed, 400, "the consents are not valid"));
    }
    if missing.is_empty() {
        serde_json::to_string(&known).map_err(ApiError::internal)
    } else {
        Err(ApiError::validation(missing))
    }
}
