//! Where central is, and everything the check takes from outside: clock, names, trust, limits.
//!
//! Nothing in this crate is global; tests give their own clock, names and authorities.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use rustls::pki_types::CertificateDer;

use crate::names::{Names, SystemNames};

/// Central's base address, checked: https, or http on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    base: Url,
    host: String,
    port: u16,
}

/// An address that central cannot have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTarget {
    /// No URL with a host.
    #[error("not a web address")]
    NotAnAddress,
    /// Neither https nor on this computer.
    #[error("not an https address")]
    NotSecure,
}

impl Target {
    /// Reads a base address.
    pub fn parse(base: &str) -> Result<Self, BadTarget> {
        let mut base = Url::parse(base.trim()).map_err(|_| BadTarget::NotAnAddress)?;
        let host = base.host_str().ok_or(BadTarget::NotAnAddress)?.trim_matches(['[', ']']).to_owned();
        let port = base.port_or_known_default().ok_or(BadTarget::NotAnAddress)?;
        match base.scheme() {
            "https" => {}
            "http" if is_loopback(&host) => {}
            _ => return Err(BadTarget::NotSecure),
        }
        // A name or password in the address would end up in logs.
        if !base.username().is_empty() || base.password().is_some() {
            return Err(BadTarget::NotAnAddress);
        }
        base.set_query(None);
        base.set_fragment(None);
        Ok(Self { base, host, port })
    }

    /// Host name or address, without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// True for https.
    pub fn is_secure(&self) -> bool {
        self.base.scheme() == "https"
    }

    /// True when the host is written as a number, so that no name is looked up.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }

    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// A path below the base address.
    pub(crate) fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        let prefix = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{prefix}{path}"));
        url
    }

    /// Where the same host answers plain http: the page that a network with a login replaces by its own.
    pub fn plain_url(&self, port: Option<u16>, path: &str) -> Url {
        let port = port.unwrap_or(if self.is_secure() { 80 } else { self.port });
        let mut url = self.base.clone();
        // Both can only fail for addresses without a host, which `parse` refuses.
        let _ = url.set_scheme("http");
        let _ = url.set_port(Some(port));
        url.set_path(path);
        url
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base.as_str().trim_end_matches('/'))
    }
}

/// This computer's wall clock, Unix milliseconds.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Which authorities may vouch for central.
#[derive(Clone, Default)]
pub enum Trust {
    /// Those of the operating system.
    #[default]
    System,
    /// Those of the operating system and these.
    SystemAnd(Vec<CertificateDer<'static>>),
    /// Only these.
    Only(Vec<CertificateDer<'static>>),
}

/// What the check takes from outside.
#[derive(Clone)]
pub struct Options {
    /// Version of the app, `major.minor.patch`.
    pub app_version: String,
    /// This computer's wall clock.
    pub clock: Clock,
    /// A moment that has passed for certain (the last genuine time of central), Unix milliseconds.
    pub known_after_ms: Option<i64>,
    /// Which authorities may vouch for central.
    pub trust: Trust,
    /// How names are looked up.
    pub names: Arc<dyn Names>,
    /// Whether the operating system's HTTP proxy is used, where it has one for central.
    pub system_proxy: bool,
    /// Port of the plain http question; 80 by default, for an http base address its own.
    pub portal_port: Option<u16>,
    /// Whether the upload is measured.
    pub measure_upload: bool,
    /// Time limits.
    pub limits: Limits,
}

impl Options {
    /// Options of the app: the system's clock, names, authorities and proxy, and the limits of `sync.md` §5.2.
    pub fn new(app_version: &str) -> Self {
        Self {
            app_version: app_version.to_owned(),
            clock: Arc::new(|| jiff::Timestamp::now().as_millisecond()),
            known_after_ms: None,
            trust: Trust::System,
            names: Arc::new(SystemNames),
            system_proxy: true,
            portal_port: None,
            measure_upload: true,
            limits: Limits::default(),
        }
    }

    pub(crate) fn now_ms(&self) -> i64 {
        (self.clock)()
    }
}

/// Longest times of the stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// One look-up of the name (there are two).
    pub name: Duration,
    /// All connection attempts together.
    pub reach: Duration,
    /// Head start of one address over the next.
    pub stagger: Duration,
    /// The TLS handshake.
    pub secure: Duration,
    /// An answer of central on an open connection.
    pub api: Duration,
    /// Pause before what broke off is tried once more.
    pub again: Duration,
    /// The plain http question.
    pub portal: Duration,
    /// The upload stage.
    pub upload: Duration,
    /// How long the second upload sends.
    pub upload_sending: Duration,
    /// Shortest gap of the live watch, whatever central says.
    pub watch_at_least: Duration,
}

impl Limits {
    /// A question on a connection that has to be opened first. A long line needs several round trips for that.
    pub(crate) fn first_question(&self) -> Duration {
        self.reach + self.secure + self.api
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            name: Duration::from_secs(3),
            reach: Duration::from_secs(5),
            stagger: Duration::from_millis(250),
            secure: Duration::from_secs(8),
            api: Duration::from_secs(5),
            again: Duration::from_millis(300),
            portal: Duration::from_secs(5),
            upload: Duration::from_secs(8),
            upload_sending: Duration::from_secs(4),
            watch_at_least: Duration::from_secs(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_https_or_on_this_computer() {
        let good = [
            ("https://api.example.id", "api.example.id", 443),
            (" https://api.example.id:8443/base/ ", "api.example.id", 8443),
            ("http://127.0.0.1:5000", "127.0.0.1", 5000),
            ("http://localhost:5000/", "localhost", 5000),
            ("http://[::1]:5000", "::1", 5000),
        ];
        for (text, host, port) in good {
            let target = Target::parse(text).unwrap();
            assert_eq!((target.host(), target.port()), (host, port), "{text}");
        }
        let bad = [
            ("http://api.example.id", BadTarget::NotSecure),
            ("http://10.0.0.1", BadTarget::NotSecure),
            ("http://localhost.example.id", BadTarget::NotSecure),
            ("ftp://localhost", BadTarget::NotSecure),
            ("api.example.id", BadTarget::NotAnAddress),
            ("", BadTarget::NotAnAddress),
            ("https://", BadTarget::NotAnAddress),
            ("https://me:secret@api.example.id", BadTarget::NotAnAddress),
        ];
        for (text, error) in bad {
            assert_eq!(Target::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn paths_go_below_the_base() {
        let target = Target::parse("https://api.example.id/base/?x=1").unwrap();
        assert_eq!(target.url("/v1/health/probe").as_str(), "https://api.example.id/base/v1/health/probe");
        assert_eq!(target.plain_url(None, "/generate_204").as_str(), "http://api.example.id/generate_204");
        assert_eq!(target.plain_url(Some(8080), "/x").as_str(), "http://api.example.id:8080/x");
        let target = Target::parse("http://[::1]:5000").unwrap();
        assert_eq!(target.plain_url(None, "/x").as_str(), "http://[::1]:5000/x");
        assert_eq!(target.to_string(), "http://[::1]:5000");
    }
}
