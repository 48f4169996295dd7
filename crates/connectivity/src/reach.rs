//! Opening a TCP connection to one of several addresses (in the manner of RFC 8305), and the way through an HTTP proxy.

use std::io::{Error, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use hyper_util::client::proxy::matcher::Matcher;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout_at};

use crate::target::{Options, Target};

/// Why no address could be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReachError {
    /// This computer knows no way there.
    NoRoute,
    /// Somebody said no.
    Refused,
    /// Nobody answered.
    Silence,
}

/// Connects to the address that answers first; the next one starts when one failed or a head start is over.
pub(crate) async fn connect(
    addresses: &[SocketAddr],
    stagger: Duration,
    limit: Duration,
) -> Result<(TcpStream, SocketAddr), ReachError> {
    let deadline = Instant::now() + limit;
    let mut waiting = alternate(addresses).into_iter();
    let mut trying = FuturesUnordered::new();
    let mut errors = Vec::new();
    loop {
        if let Some(address) = waiting.next() {
            trying.push(async move { (TcpStream::connect(address).await, address) });
        }
        let ended = tokio::select! {
            ended = timeout_at(deadline, trying.next()) => ended,
            () = sleep(stagger), if waiting.len() > 0 => continue,
        };
        match ended {
            Ok(Some((Ok(stream), address))) => {
                // Small requests must not wait for each other's acknowledgements.
                let _ = stream.set_nodelay(true);
                return Ok((stream, address));
            }
            Ok(Some((Err(error), _))) => errors.push(error),
            Ok(None) if waiting.len() == 0 => return Err(summary(&errors)),
            Ok(None) => {}
            Err(_) => return Err(ReachError::Silence),
        }
    }
}

/// The families in turn, beginning with the one that the system prefers.
fn alternate(addresses: &[SocketAddr]) -> Vec<SocketAddr> {
    let first_is_v4 = addresses.first().is_some_and(SocketAddr::is_ipv4);
    let (preferred, other): (Vec<_>, Vec<_>) =
        addresses.iter().copied().partition(|address| address.is_ipv4() == first_is_v4);
    let mut ordered = Vec::with_capacity(addresses.len());
    let (mut preferred, mut other) = (preferred.into_iter(), other.into_iter());
    loop {
        let pair = [preferred.next(), other.next()];
        if pair == [None, None] {
            return ordered;
        }
        ordered.extend(pair.into_iter().flatten());
    }
}

fn summary(errors: &[Error]) -> ReachError {
    let no_route = |error: &Error| {
        // "Host unreachable" is no such error: this computer knew a way, and nobody was at its end.
        matches!(error.kind(), ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown | ErrorKind::AddrNotAvailable)
    };
    if errors.iter().any(|error| matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset)) {
        ReachError::Refused
    } else if errors.iter().all(no_route) {
        ReachError::NoRoute
    } else {
        ReachError::Silence
    }
}

/// `ipv4` or `ipv6`.
pub(crate) fn family(address: SocketAddr) -> &'static str {
    if address.is_ipv4() { "ipv4" } else { "ipv6" }
}

/// True for an address that no public server can have: private networks (RFC 1918, RFC 4193), carriers' shared space
/// (RFC 6598), link-local. A public name with such an address is a sign of a portal that answers every name itself.
pub(crate) fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private() || v4.is_link_local() || v4.is_loopback() || (a == 100 && (64..128).contains(&b))
        }
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_loopback(),
    }
}

/// Host and port of the system's HTTP proxy for central. Loopback never goes through one.
pub(crate) fn proxy_for(target: &Target, options: &Options) -> Option<(String, u16)> {
    if !options.system_proxy || target.is_loopback() {
        return None;
    }
    let proxy = Matcher::from_system().intercept(&target.url("").as_str().parse().ok()?)?;
    let uri = proxy.uri();
    // Others (SOCKS) are not used by the app's requests either.
    let default = match uri.scheme_str() {
        Some("http") => 80,
        Some("https") => 443,
        _ => return None,
    };
    Some((uri.host()?.trim_matches(['[', ']']).to_owned(), uri.port_u16().unwrap_or(default)))
}

#[cfg(test)]
mod tests {
    use tokio::net::{TcpListener, TcpSocket};

    use super::*;

    fn at(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn families_take_turns() {
        let (a, b, c) = (at("192.0.2.1:1"), at("192.0.2.2:1"), at("192.0.2.3:1"));
        let (x, y) = (at("[2001:db8::1]:1"), at("[2001:db8::2]:1"));
        assert_eq!(alternate(&[x, y, a, b, c]), [x, a, y, b, c]);
        assert_eq!(alternate(&[a, b, x]), [a, x, b]);
        assert_eq!(alternate(&[]), []);
    }

    #[test]
    fn the_clearest_error_is_told() {
        let rows: &[(&[ErrorKind], ReachError)] = &[
            (&[ErrorKind::NetworkUnreachable, ErrorKind::ConnectionRefused], ReachError::Refused),
            (&[ErrorKind::NetworkUnreachable, ErrorKind::AddrNotAvailable], ReachError::NoRoute),
            (&[ErrorKind::NetworkUnreachable, ErrorKind::HostUnreachable], ReachError::Silence),
            (&[ErrorKind::HostUnreachable], ReachError::Silence),
            (&[ErrorKind::NetworkUnreachable, ErrorKind::TimedOut], ReachError::Silence),
        ];
        for (kinds, expected) in rows {
            let errors: Vec<_> = kinds.iter().map(|kind| Error::from(*kind)).collect();
            assert_eq!(summary(&errors), *expected, "{kinds:?}");
        }
    }

    #[test]
    fn private_addresses() {
        let rows = [
            ("10.1.2.3", true),
            ("172.16.0.1", true),
            ("192.168.1.1", true),
            ("100.64.0.1", true),
            ("100.128.0.1", false),
            ("169.254.1.1", true),
            ("203.0.113.5", false),
            ("fd00::1", true),
            ("fe80::1", true),
            ("2001:db8::1", false),
        ];
        for (text, private) in rows {
            assert_eq!(is_private(text.parse().unwrap()), private, "{text}");
        }
    }

    #[tokio::test]
    async fn a_dead_first_address_does_not_stop_the_second() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let living = listener.local_addr().unwrap();
        // Bound and never listening: refused, and nobody else can get the port meanwhile.
        let closed = TcpSocket::new_v4().unwrap();
        closed.bind(at("127.0.0.1:0")).unwrap();
        let dead = closed.local_addr().unwrap();
        let second = Duration::from_secs(1);
        let (_, reached) = connect(&[dead, living], second, 5 * second).await.unwrap();
        assert_eq!(reached, living);
        let refused = connect(&[dead], second, 5 * second).await.map(|(_, address)| address);
        assert_eq!(refused, Err(ReachError::Refused));
    }
}
