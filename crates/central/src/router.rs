//! Every route of central on one screen. (What surrounds them: `middleware`.)

use axum::Router;
use axum::routing::{delete, get, post};

use crate::accounts::{close, closed, confirm, resend, reset, sessions, sign_in, sign_up};
use crate::error::ApiError;
use crate::face;
use crate::middleware::surround;
use crate::notifier::sandbox;
use crate::phone;
use crate::state::Central;

/// All routes with everything around them.
pub fn router(central: Central) -> Router {
    let demo = if central.config.demo {
        sandbox::router().merge(face::sandbox::router()).merge(crate::waves::control::router())
    } else {
        Router::new()
    };
    let routes = Router::new()
        // The connection check: /v1/health/…, /generate_204.
        .merge(crate::health::router())
        // Accounts.
        .route("/v1/accounts/start", post(sign_up::start))
        .route("/v1/accounts", post(sign_up::sign_up))
        .route("/v1/accounts/current", delete(close::close))
        .route("/v1/accounts/{account}/closed", get(closed::is_closed))
        .route("/v1/accounts/{sign_up}/code", post(confirm::confirm))
        .route("/v1/accounts/{sign_up}/resend", post(resend::resend))
        .route("/v1/passwords", post(reset::reset))
        // Sessions.
        .route("/v1/sessions/start", post(sign_in::start))
        .route("/v1/sessions", post(sign_in::sign_in).get(sessions::list))
        .route("/v1/sessions/refresh", post(sessions::refresh))
        .route("/v1/sessions/{session}", delete(sessions::end))
        // Work: /v1/sync/….
        .merge(crate::sync::router())
        // The test: /v1/test.
        .merge(crate::ability_test::router())
        // Steps of the registration that need an answer at once.
        .route("/v1/phone/code", post(phone::send::send))
        .route("/v1/phone/confirm", post(phone::confirm::confirm))
        .route("/v1/face/sessions", post(face::session::begin))
        // Photos: /v1/uploads/…, /v1/documents/…, /v1/handovers, and the phone's page /h/….
        .merge(crate::documents::router())
        // Public data: /v1/catalogue.
        .merge(crate::catalogue::router())
        // The public files of selections: /v1/waves/….
        .merge(crate::waves::public::router())
        // The office: /v1/admin/….
        .merge(crate::office::api::router())
        // Only with --demo: /sandbox/mailbox, /sandbox/face/….
        .merge(demo);
    finish(routes, central)
}

/// Puts the answer to everything else and the middleware around `routes`. Separate, so that a test can add a route.
pub fn finish(routes: Router<Central>, central: Central) -> Router {
    let routes =
        routes.fallback(async || ApiError::not_found()).method_not_allowed_fallback(async || ApiError::not_found());
    surround(routes, &central).with_state(central)
}
