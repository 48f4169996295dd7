//! The stages of a check and how each stands.

use serde::Serialize;

/// Stages in order. The live watch is no stage: it begins where the check ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Name found.
    Name,
    /// Server reached.
    Reach,
    /// Secure.
    Secure,
    /// Central answers.
    Api,
    /// Does this network want a login? Only when one before failed.
    Portal,
    /// Stability.
    Quality,
    /// Upload speed.
    Upload,
}

impl Stage {
    /// All, in order.
    pub const ALL: [Self; 7] =
        [Self::Name, Self::Reach, Self::Secure, Self::Api, Self::Portal, Self::Quality, Self::Upload];
}

/// State of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StageState {
    /// Not yet.
    Waiting,
    /// Now.
    Running,
    /// Good.
    Passed,
    /// Not good.
    Failed,
    /// Not needed.
    Skipped,
}

/// How one stage stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StageReport {
    /// Which.
    pub stage: Stage,
    /// How it stands.
    pub state: StageState,
    /// How long it took, milliseconds.
    pub ms: Option<u64>,
    /// A fact to show beside it, never personal: central's host name, `ipv4`/`ipv6`, the organisation behind the
    /// certificate, an HTTP status, `loopback`, `proxy`, tries (`29/30`), speed in bit/s.
    pub fact: Option<String>,
}

impl StageReport {
    /// A stage in a state, without time or fact.
    pub fn new(stage: Stage, state: StageState) -> Self {
        Self { stage, state, ms: None, fact: None }
    }

    /// Adds a fact.
    #[must_use]
    pub fn with_fact(mut self, fact: impl Into<String>) -> Self {
        self.fact = Some(fact.into());
        self
    }

    pub(crate) fn took(mut self, time: std::time::Duration) -> Self {
        self.ms = Some(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
        self
    }
}
