//! What the connection check asks. Answered without the database and outside of admission: a busy central still says
//! that it is there, and how busy.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use prakerja_protocol::probe::{GENERATE_204_PATH, PROBE_PATH, Probe, SINK_PATH};
use serde::Deserialize;

use crate::request::Reply;
use crate::state::Central;

/// Longest nonce that is echoed.
const NONCE_CHARS: usize = 64;

pub(crate) fn router() -> Router<Central> {
    Router::new()
        .route(PROBE_PATH, get(probe))
        .route("/v1/health/live", get(async || StatusCode::NO_CONTENT))
        .route(GENERATE_204_PATH, get(async || StatusCode::NO_CONTENT))
        // The middleware has counted and dropped the body.
        .route(SINK_PATH, post(async || StatusCode::NO_CONTENT))
}

#[derive(Deserialize)]
struct ProbeQuery {
    #[serde(default)]
    n: String,
}

async fn probe(State(central): State<Central>, Query(query): Query<ProbeQuery>) -> Reply<Probe> {
    let config = &central.config;
    Reply::ok(Probe {
        nonce: query.n.chars().take(NONCE_CHARS).collect(),
        server_ms: central.clock.now_ms(),
        load: central.admission.load(),
        min_version: config.min_version.clone(),
        probe_budget: config.probe_budget,
        thresholds: config.thresholds,
        capabilities: Vec::new(),
        operator: config.operator.clone(),
        demo: config.demo,
    })
}
