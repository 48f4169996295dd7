//! The connection check's endpoints.
//!
//! `GET /v1/health/probe?n=<nonce>`, `GET /generate_204` (plain 204), `POST /v1/health/sink` (204, body discarded).

use serde::{Deserialize, Serialize};

/// Path of the health probe; the query member `n` is echoed.
pub const PROBE_PATH: &str = "/v1/health/probe";
/// Path that answers 204 with an empty body, also on plain http.
pub const GENERATE_204_PATH: &str = "/generate_204";
/// Path of the upload sink.
pub const SINK_PATH: &str = "/v1/health/sink";

/// Answer of the health probe. Static but for nonce and time, served before admission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    /// Echo of the query member `n` (at most 64 characters).
    pub nonce: String,
    /// Central's clock, Unix milliseconds.
    pub server_ms: i64,
    /// How busy central is.
    pub load: Load,
    /// Oldest app version that may talk to central (`major.minor.patch`).
    pub min_version: String,
    /// How often a client may probe.
    pub probe_budget: ProbeBudget,
    /// Thresholds of the verdict.
    pub thresholds: Thresholds,
    /// What this central can do beyond version 1 (`sse`, `tickets`, ...).
    pub capabilities: Vec<String>,
    /// Name of the operator, shown in settings.
    pub operator: String,
    /// True for `serve --demo`: the app says that nothing here is real.
    pub demo: bool,
}

/// How busy central is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Load {
    /// Serving at once.
    Normal,
    /// Serving, but clients should slow down.
    High,
    /// Refusing some requests.
    Full,
}

/// How many quality probes a client sends, and how far apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeBudget {
    /// Quality probes of one check.
    pub count: u32,
    /// Mean gap between two of them in milliseconds (each gap is drawn ± 50 %).
    pub interval_ms: u32,
    /// Longest time of the quality stage in milliseconds.
    pub total_ms: u32,
    /// Time-out of one probe in milliseconds.
    pub timeout_ms: u32,
    /// Gap of the live watch in milliseconds.
    pub watch_ms: u32,
}

impl Default for ProbeBudget {
    /// The figures of `sync.md` §5.2: 30 probes 200 ms apart, 3 s each, 20 s in all, watch every 5 s.
    fn default() -> Self {
        Self { count: 30, interval_ms: 200, total_ms: 20_000, timeout_ms: 3_000, watch_ms: 5_000 }
    }
}

/// Upper bounds of one verdict. A measure above its bound means the next worse verdict.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Share of failed tries, 0 to 1.
    pub failed_share: f64,
    /// Median round trip, milliseconds.
    pub median_ms: f64,
    /// 95th percentile, milliseconds.
    pub p95_ms: f64,
    /// Mean difference of neighbours, milliseconds.
    pub jitter_ms: f64,
    /// Estimated time to send what sign-up needs to send, seconds.
    pub send_s: f64,
}

/// Bounds of the verdicts "stable" and "usable"; what is above both is "poor". The figures are a proposal to tune with
/// field data (`sync.md` §5.3), which is why central sends them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// Bounds of "stable".
    pub stable: Bounds,
    /// Bounds of "usable".
    pub usable: Bounds,
    /// Bytes of the ID-card photo for which the sending time is estimated.
    pub photo_bytes: u64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            // 1 and 4 of 30 tries.
            stable: Bounds { failed_share: 0.034, median_ms: 400.0, p95_ms: 1_000.0, jitter_ms: 100.0, send_s: 60.0 },
            usable: Bounds {
                failed_share: 0.134,
                median_ms: 1_400.0,
                p95_ms: 3_000.0,
                jitter_ms: 400.0,
                send_s: 300.0,
            },
            photo_bytes: 1_500_000,
        }
    }
}
