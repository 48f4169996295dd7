//! The secure connection: the system's own verification, with the reason of a refusal and the certificate kept.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::target::{Clock, Options, Trust};

/// Longest name of an organisation that is shown.
const NAME_CHARS: usize = 80;

/// Why there is no secure connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TlsTrouble {
    /// The certificate does not fit this computer's date.
    Time,
    /// The certificate is not vouched for, or not for this name.
    Untrusted,
    /// What answers does not speak TLS, or not in a way we accept.
    Protocol,
    /// The connection ended within the handshake.
    Ended,
    /// The handshake took too long.
    Slow,
    /// This computer has no authorities to vouch for anybody.
    NoAuthorities,
}

/// What was read from the certificate that the other side showed, trusted or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Certificate {
    /// Organisation of the issuer. Not its common name: where somebody inspects connections that can be a person's computer.
    pub(crate) issuer: Option<String>,
    /// First moment of validity, Unix milliseconds.
    pub(crate) not_before_ms: i64,
    /// Last moment of validity, Unix milliseconds.
    pub(crate) not_after_ms: i64,
}

/// TLS settings that remember what they saw.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) config: Arc<ClientConfig>,
    seen: Arc<Mutex<Option<Vec<u8>>>>,
    clock: Clock,
}

impl Tls {
    /// Settings for the authorities and the clock of the options.
    pub(crate) fn new(options: &Options) -> Result<Self, rustls::Error> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let seen = Arc::new(Mutex::new(None));
        let recorder = Recorder { inner: verifier(&options.trust, &provider)?, seen: seen.clone() };
        let clock = options.clock.clone();
        let mut config = ClientConfig::builder_with_details(provider, Arc::new(WallClock(clock.clone())))
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(recorder))
            .with_no_client_auth();
        // One connection, one request at a time: that is what a round trip is measured on.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config), seen, clock })
    }

    /// Does the handshake.
    pub(crate) async fn handshake(
        &self,
        host: &str,
        stream: TcpStream,
        limit: Duration,
    ) -> Result<TlsStream<TcpStream>, TlsTrouble> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| TlsTrouble::Untrusted)?;
        match timeout(limit, TlsConnector::from(self.config.clone()).connect(name, stream)).await {
            Err(_) => Err(TlsTrouble::Slow),
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(error)) => Err(tls_error(&error).map_or(TlsTrouble::Ended, |error| self.trouble(error))),
        }
    }

    /// What a TLS error means.
    pub(crate) fn trouble(&self, error: &rustls::Error) -> TlsTrouble {
        use CertificateError as E;
        match error {
            rustls::Error::InvalidCertificate(
                E::Expired | E::ExpiredContext { .. } | E::NotValidYet | E::NotValidYetContext { .. },
            ) => TlsTrouble::Time,
            rustls::Error::InvalidCertificate(E::UnknownIssuer | E::NotValidForName | E::Revoked) => {
                TlsTrouble::Untrusted
            }
            // Not every system tells time from trust, so the certificate's own dates decide.
            rustls::Error::InvalidCertificate(_) => {
                let now = (self.clock)();
                let fits =
                    self.certificate().is_none_or(|seen| (seen.not_before_ms..=seen.not_after_ms).contains(&now));
                if fits { TlsTrouble::Untrusted } else { TlsTrouble::Time }
            }
            _ => TlsTrouble::Protocol,
        }
    }

    /// The last certificate that was shown.
    pub(crate) fn certificate(&self) -> Option<Certificate> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        read(seen.as_deref()?)
    }
}

/// TLS settings for a connection that has no TLS: nothing is trusted, and no authorities need to be there.
pub(crate) fn nothing_trusted() -> Result<ClientConfig, rustls::Error> {
    Ok(ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth())
}

/// The TLS error within an error of input and output or of reqwest.
pub(crate) fn tls_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Some(tls);
        }
        // An input/output error hides what it wraps from `source`.
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

fn verifier(trust: &Trust, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, rustls::Error> {
    Ok(match trust {
        Trust::System => Arc::new(Verifier::new(provider.clone())?),
        Trust::SystemAnd(roots) => Arc::new(Verifier::new_with_extra_roots(roots.iter().cloned(), provider.clone())?),
        Trust::Only(roots) => {
            let mut store = RootCertStore::empty();
            for root in roots {
                store.add(root.clone())?;
            }
            let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone()).build();
            verifier.map_err(|error| rustls::Error::General(error.to_string()))?
        }
    })
}

fn read(der: &[u8]) -> Option<Certificate> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let name = certificate.issuer().iter_organization().find_map(|name| name.as_str().ok());
    let validity = certificate.validity();
    Some(Certificate {
        issuer: name.map(|name| name.chars().filter(|char| !char.is_control()).take(NAME_CHARS).collect()),
        not_before_ms: validity.not_before.timestamp().saturating_mul(1_000),
        not_after_ms: validity.not_after.timestamp().saturating_mul(1_000),
    })
}

struct WallClock(Clock);

impl fmt::Debug for WallClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WallClock")
    }
}

impl TimeProvider for WallClock {
    fn current_time(&self) -> Option<UnixTime> {
        let now = u64::try_from((self.0)()).unwrap_or(0);
        Some(UnixTime::since_unix_epoch(Duration::from_millis(now)))
    }
}

/// Lets another verifier decide and keeps the certificate, which a failed handshake would not tell.
#[derive(Debug)]
struct Recorder {
    inner: Arc<dyn ServerCertVerifier>,
    seen: Arc<Mutex<Option<Vec<u8>>>>,
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(end_entity.to_vec());
        self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}
