//! What the operator can set. Every member has a default, so that an empty file is a valid configuration.

mod by_scheme;
mod check;
mod documents;
mod folder;
mod memberships;
mod parties;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use prakerja_protocol::password::StretchParams;
use prakerja_protocol::probe::{ProbeBudget, Thresholds};
use secrecy::SecretString;
use serde::Deserialize;

pub use self::by_scheme::OfScheme;
pub(crate) use self::by_scheme::section;
pub use self::documents::{Documents, Review};
pub use self::folder::Folder;
pub use self::memberships::Memberships;
pub use self::parties::{Face, Registry, Sms};

/// The whole configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Folder of the database and the secrets file.
    pub data: PathBuf,
    /// Invented data, a sandbox mailbox, and every answer of the probe says so. Set by the command line only.
    #[serde(skip)]
    pub demo: bool,
    /// A demo whose waits take seconds: nobody tries a programme for weeks. Set by the command line only, with `demo`.
    #[serde(skip)]
    pub fast: bool,
    /// With `--fast`: a wave closes so many seconds after the first application to it.
    pub fast_close_after_s: u64,
    /// Name of the operator, shown in the app's settings.
    pub operator: String,
    /// Oldest app version that may talk to central. Raise it for security only.
    pub min_version: String,
    /// Version of the scheme for people who have joined no wave.
    pub scheme: String,
    /// Scheme files (TOML) of the operator; one with a shipped version replaces it.
    pub scheme_files: Vec<PathBuf>,
    /// Files (TOML) of the operator's own question bank; without any the bank that ships is used. A scheme may have its own.
    pub question_files: Vec<PathBuf>,
    /// After a start answers to tests may still arrive that could not meanwhile: for so many seconds the end of a grace ends
    /// nothing, and no test is evaluated that nobody handed in.
    pub late_answers_after_start_s: u64,
    /// The secret of a wave's blinds is kept so many days after its results, for objections and auditors; then
    /// `wave-secret destroy` may end it. This project's number: no rule names one.
    pub wave_secret_keep_days: u32,
    /// How applicants' computers stretch new passwords.
    pub stretch: StretchParams,
    /// How often clients may probe.
    pub probe_budget: ProbeBudget,
    /// Bounds of the connection check's verdicts.
    pub thresholds: Thresholds,
    /// Address of central as phones reach it, such as `https://api.example.org`: for the page that takes a photo. Without
    /// one there is no such page, but for the demo, which takes the address that the request came to.
    pub public_url: Option<String>,
    /// Uploads and documents.
    pub documents: Documents,
    /// Codes, tokens and locks.
    pub accounts: Accounts,
    /// Participants and their first purchase.
    pub memberships: Memberships,
    /// Rates, sizes and times.
    pub limits: Limits,
    /// The SMTP server. Without it (and without demo) the program does not start: nobody could sign up.
    pub mail: Option<Mail>,
    /// The civil registry; like the two that follow, of every scheme that has none of its own.
    pub registry: Option<Registry>,
    /// Messages to phones.
    pub sms: Option<Sms>,
    /// Face checks.
    pub face: Option<Face>,
    /// What single schemes have of their own, by version.
    pub by_scheme: BTreeMap<String, OfScheme>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("prakerja-central-data"),
            demo: false,
            fast: false,
            fast_close_after_s: 75,
            operator: "Prakerja Desktop".to_owned(),
            min_version: "0.1.0".to_owned(),
            scheme: "2023".to_owned(),
            scheme_files: Vec::new(),
            question_files: Vec::new(),
            late_answers_after_start_s: 60 * 60,
            wave_secret_keep_days: 365,
            stretch: StretchParams::default(),
            probe_budget: ProbeBudget::default(),
            thresholds: Thresholds::default(),
            public_url: None,
            documents: Documents::default(),
            accounts: Accounts::default(),
            memberships: Memberships::default(),
            limits: Limits::default(),
            mail: None,
            registry: None,
            sms: None,
            face: None,
            by_scheme: BTreeMap::new(),
        }
    }
}

/// Codes, tokens and locks. Times in seconds.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Accounts {
    /// How long an e-mail code is valid.
    pub code_ttl_s: u64,
    /// Wrong tries of one code before it is locked.
    pub code_max_wrong: u32,
    /// Wrong codes for another password per e-mail address and network in a day, whatever the requests.
    pub reset_max_wrong_per_day: u32,
    /// The same from all networks together.
    pub reset_max_wrong_per_day_everywhere: u32,
    /// How long ago a phone must have been verified before another password can be set by it: whoever sits down at a computer
    /// that is signed in could enter a phone of his own, and the owner hears of that by mail.
    pub reset_phone_age_s: u64,
    /// Resends before the address is locked for the network that asks (programme's rule: 5).
    pub email_otp_max_resend: u32,
    /// Codes to an address that all networks together ask for before it is locked for everybody.
    pub email_otp_max_everywhere: u32,
    /// How long it is locked (programme's rule: two hours).
    pub email_otp_lock_s: u64,
    /// Least time between two codes of one sign-up, and between two for another password of one address.
    pub resend_after_s: u64,
    /// Life of an access token.
    pub access_ttl_s: u64,
    /// A session that was not used so long is over.
    pub session_idle_s: u64,
    /// How long the previous refresh token answers the same.
    pub refresh_grace_s: u64,
    /// Life of the first half of a sign-in.
    pub attempt_ttl_s: u64,
    /// Tries of a password per e-mail address and network before that network waits; a right one does not count.
    pub password_max_tries: u32,
    /// Tries per e-mail address from all networks together before everybody waits.
    pub password_max_tries_everywhere: u32,
    /// How long the wait is, and how long after the first try they are forgotten.
    pub password_lock_s: u64,
}

impl Accounts {
    /// How long ago a phone must have been verified, in days as people read them.
    pub(crate) fn reset_phone_age_days(&self) -> u64 {
        self.reset_phone_age_s.div_ceil(24 * 60 * 60)
    }
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            code_ttl_s: 10 * 60,
            code_max_wrong: 5,
            reset_max_wrong_per_day: 10,
            reset_max_wrong_per_day_everywhere: 30,
            reset_phone_age_s: 3 * 24 * 60 * 60,
            email_otp_max_resend: 5,
            email_otp_max_everywhere: 30,
            email_otp_lock_s: 2 * 60 * 60,
            resend_after_s: 30,
            access_ttl_s: 15 * 60,
            session_idle_s: 90 * 24 * 60 * 60,
            refresh_grace_s: 10 * 60,
            attempt_ttl_s: 2 * 60,
            password_max_tries: 10,
            password_max_tries_everywhere: 100,
            password_lock_s: 15 * 60,
        }
    }
}

/// Rates, sizes and times.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Proxies of our own in front of central: that many last entries of `X-Forwarded-For` are believed. 0 = none.
    pub trusted_hops: usize,
    /// Requests a minute of one address (IPv6: of one /56). High, since thousands share one address behind CGNAT.
    pub address_per_minute: u32,
    /// Requests a minute of one account.
    pub account_per_minute: u32,
    /// Upload tests a minute of one address.
    pub sink_per_minute: u32,
    /// Requests a minute of one operator.
    pub operator_per_minute: u32,
    /// Longest time of a request in seconds, its body included: links may be slow. A long-poll has 25 s more.
    pub request_timeout_s: u64,
    /// Longest silence while a body arrives, in seconds.
    pub body_idle_s: u64,
    /// Least time between the commitment of a draw and its public value, in seconds: so long the commitment can leave the
    /// office's hands. Absent for an hour, and for none in the demo.
    pub beacon_ahead_s: Option<u64>,
    /// Memory for all bodies that are arriving, in bytes; beyond it requests are refused with 503.
    pub body_memory_bytes: usize,
    /// Memory for all photos that are arriving from phones, in bytes: they are large, and have no part in the above.
    pub photo_memory_bytes: usize,
    /// Longest time in which a client takes nothing of an answer, in seconds; then the connection is cut.
    pub write_idle_s: u64,
    /// Longest wait for open requests at shutdown, in seconds.
    pub drain_s: u64,
    /// Open connections.
    pub connections: usize,
    /// Requests at the same time, per class.
    pub admission: Admission,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            trusted_hops: 0,
            address_per_minute: 3_000,
            account_per_minute: 120,
            sink_per_minute: 60,
            operator_per_minute: 120,
            request_timeout_s: 60,
            body_idle_s: 20,
            beacon_ahead_s: None,
            body_memory_bytes: 256 * 1024 * 1024,
            photo_memory_bytes: 256 * 1024 * 1024,
            write_idle_s: 60,
            drain_s: 10,
            connections: 10_000,
            admission: Admission::default(),
        }
    }
}

/// Requests that central works on at the same time, per class; one more is shed with 503 and `Retry-After`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Admission {
    /// Snapshots and the catalogue: shed first.
    pub bulk: usize,
    /// Photos that are whole and wait to be looked at (`documents.judges` at a time).
    pub judging: usize,
    /// Pulls that do not wait.
    pub pull: usize,
    /// Pulls that wait for news.
    pub waiting_pull: usize,
    /// Pushes.
    pub push: usize,
    /// Accounts and sessions: shed last.
    pub account: usize,
    /// After a start everybody comes back at once: that long the numbers above grow from a quarter to the whole.
    pub slow_start_s: u64,
}

impl Default for Admission {
    fn default() -> Self {
        Self { bulk: 32, judging: 16, pull: 64, waiting_pull: 5_000, push: 128, account: 256, slow_start_s: 10 }
    }
}

/// The SMTP server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Host name.
    pub host: String,
    /// Port; 465 for TLS from the start, 587 for STARTTLS.
    pub port: u16,
    /// How the connection is protected.
    #[serde(default)]
    pub security: MailSecurity,
    /// User name, when the server wants one.
    #[serde(default)]
    pub user: Option<String>,
    /// Password; better given as `PRAKERJA_CENTRAL_SMTP_PASSWORD`.
    #[serde(default)]
    pub password: Option<SecretString>,
    /// Sender, such as `Prakerja Desktop <no-reply@example.org>`.
    pub from: String,
}

/// How the connection to the SMTP server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// TLS from the start.
    #[default]
    Tls,
    /// Plain first, then TLS; never without.
    StartTls,
    /// No protection. Only for a server on this machine.
    None,
}

/// The configuration could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be opened.
    #[error("the configuration file {0} could not be read")]
    Read(PathBuf, #[source] std::io::Error),
    /// The file is no valid configuration.
    #[error("the configuration file {0} is not valid")]
    Parse(PathBuf, #[source] Box<toml::de::Error>),
    /// A setting has a value that central cannot work with.
    #[error("configuration: {0}")]
    Value(&'static str),
}

impl Config {
    /// Reads a TOML file.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn read(file: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(file).map_err(|error| ConfigError::Read(file.to_owned(), error))?;
        toml::from_str(&text).map_err(|error| ConfigError::Parse(file.to_owned(), Box::new(error)))
    }
}
