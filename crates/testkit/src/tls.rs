//! Certificates that are right or wrong, and a TLS front that shows them.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

const DAY: u64 = 86_400;

/// Why test material could not be made.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// A certificate authority of the test's own.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// When a certificate is valid, seen from this computer's real time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// From a month ago for ten months.
    Now,
    /// Ended a month ago.
    Expired,
    /// Begins in a month.
    NotYet,
}

impl Authority {
    /// Makes an authority whose organisation has a name. It is valid for fifty years around now, so that only server
    /// certificates decide about time.
    pub fn new(organisation: &str) -> Result<Self, Fault> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::OrganizationName, organisation);
        params.distinguished_name.push(DnType::CommonName, format!("{organisation} Root"));
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let now = now_s();
        set_period(&mut params, now.saturating_sub(25 * 365 * DAY), now + 25 * 365 * DAY);
        Ok(Self(CertifiedIssuer::self_signed(params, KeyPair::generate()?)?))
    }

    /// Its certificate, to be trusted.
    pub fn certificate(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }

    /// A server's TLS settings with a certificate for `localhost` and 127.0.0.1.
    pub fn server(&self, validity: Validity) -> Result<Arc<ServerConfig>, Fault> {
        self.server_for(&["localhost", "127.0.0.1"], validity)
    }

    /// A server's TLS settings with a certificate for names.
    pub fn server_for(&self, names: &[&str], validity: Validity) -> Result<Arc<ServerConfig>, Fault> {
        let mut params = CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "test server");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let (now, month) = (now_s(), 30 * DAY);
        let (from, until) = match validity {
            Validity::Now => (now - month, now + 10 * month),
            Validity::Expired => (now - 11 * month, now - month),
            Validity::NotYet => (now + month, now + 11 * month),
        };
        set_period(&mut params, from, until);
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.0)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Sets the validity from one Unix second to another.
fn set_period(params: &mut CertificateParams, from: u64, until: u64) {
    let moment = |seconds| rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(seconds);
    params.not_before = moment(from);
    params.not_after = moment(until);
}

/// Ends TLS in front of a plain upstream on loopback. It stops when dropped.
pub struct TlsFront {
    address: SocketAddr,
    acceptor: AbortHandle,
}

impl TlsFront {
    /// Starts on a free port of 127.0.0.1.
    pub async fn start(server: Arc<ServerConfig>, upstream: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let acceptor = tokio::spawn(accept(listener, TlsAcceptor::from(server), upstream)).abort_handle();
        Ok(Self { address, acceptor })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Base URL by the name `localhost`.
    pub fn base_url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        self.acceptor.abort();
    }
}

async fn accept(listener: TcpListener, tls: TlsAcceptor, upstream: SocketAddr) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((client, _)) = listener.accept() => {
                let _ = client.set_nodelay(true);
                connections.spawn(carry(client, tls.clone(), upstream));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn carry(client: TcpStream, tls: TlsAcceptor, upstream: SocketAddr) -> io::Result<()> {
    let mut client = tls.accept(client).await?;
    let mut upstream = TcpStream::connect(upstream).await?;
    upstream.set_nodelay(true)?;
    tokio::io::copy_bidirectional(&mut client, &mut upstream).await?;
    Ok(())
}
