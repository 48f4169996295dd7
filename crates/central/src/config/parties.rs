//! Outside parties: where they are and what they want to see. Each may be missing; the step that needs it then answers
//! `party-unavailable`, and `--demo` never asks a real one. A scheme may have its own (`by_scheme`), whose token is then
//! better given as below with `_` and the version behind, such as `PRAKERJA_CENTRAL_SMS_TOKEN_2020`.

use secrecy::SecretString;
use serde::Deserialize;

fn seconds() -> u64 {
    20
}

/// The civil registry's matching service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    /// Address to which a question is posted.
    pub url: String,
    /// Bearer token; better given as `PRAKERJA_CENTRAL_REGISTRY_TOKEN`.
    #[serde(default)]
    pub token: Option<SecretString>,
    /// Longest wait for an answer.
    #[serde(default = "seconds")]
    pub timeout_s: u64,
}

/// The service that sends messages to phones.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sms {
    /// Address to which a message is posted.
    pub url: String,
    /// Bearer token; better given as `PRAKERJA_CENTRAL_SMS_TOKEN`.
    #[serde(default)]
    pub token: Option<SecretString>,
    /// Sender that phones show.
    pub sender: String,
    /// Longest wait for an answer.
    #[serde(default = "seconds")]
    pub timeout_s: u64,
}

/// The provider of face checks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Face {
    /// Address below which its sessions are.
    pub url: String,
    /// Bearer token; better given as `PRAKERJA_CENTRAL_FACE_TOKEN`.
    #[serde(default)]
    pub token: Option<SecretString>,
    /// Its name, shown to people before they go there.
    pub provider: String,
    /// Longest wait for an answer.
    #[serde(default = "seconds")]
    pub timeout_s: u64,
    /// How often a check that is under way is asked about.
    #[serde(default = "Face::poll")]
    pub poll_s: u64,
}

impl Face {
    fn poll() -> u64 {
        5
    }
}
