//! Finding central's addresses, and telling "no internet" from "no such name".
//!
//! The standard library gives a failed look-up as a text in the system's language, so the system's error code is asked
//! for directly. Systems without any network often say "no such name" too; whether this computer has a way out at all
//! is asked from its routing table, which sends nothing anywhere.

use std::net::{IpAddr, UdpSocket};

use dns_lookup::{LookupErrorKind, lookup_host};
use futures::FutureExt;
use futures::future::BoxFuture;

/// Why a name has no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameError {
    /// The name service says that there is no such name.
    NotFound,
    /// The name service did not answer, or not usefully.
    Failed,
}

/// How names are looked up.
pub trait Names: Send + Sync {
    /// Addresses of a host, in the system's order of preference.
    fn look_up(&self, host: String) -> BoxFuture<'static, Result<Vec<IpAddr>, NameError>>;

    /// Whether this computer has a way to the internet, as far as its own routing table knows. A hint: it never stops
    /// anything, it only selects words.
    fn has_route(&self) -> bool;
}

/// The operating system's names.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemNames;

impl Names for SystemNames {
    fn look_up(&self, host: String) -> BoxFuture<'static, Result<Vec<IpAddr>, NameError>> {
        async move {
            match tokio::task::spawn_blocking(move || lookup_host(&host).map(Vec::from_iter)).await {
                Ok(Ok(addresses)) if addresses.is_empty() => Err(NameError::NotFound),
                Ok(Ok(addresses)) => Ok(addresses),
                Ok(Err(error)) => Err(match error.kind() {
                    LookupErrorKind::NoName | LookupErrorKind::NoData => NameError::NotFound,
                    _ => NameError::Failed,
                }),
                Err(_) => Err(NameError::Failed),
            }
        }
        .boxed()
    }

    fn has_route(&self) -> bool {
        // Connecting a datagram socket sends nothing; it fails where no route is known. The addresses are reserved for
        // documentation (RFC 5737, RFC 3849).
        let reaches =
            |own: &str, other: &str| UdpSocket::bind((own, 0)).and_then(|socket| socket.connect((other, 9))).is_ok();
        reaches("0.0.0.0", "192.0.2.1") || reaches("::", "2001:db8::1")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_system_finds_this_computer() {
        let addresses = SystemNames.look_up("localhost".into()).await.unwrap();
        assert!(addresses.iter().all(IpAddr::is_loopback), "{addresses:?}");
    }

    #[tokio::test]
    async fn a_name_that_cannot_be_is_an_error() {
        // Longer than a label can be (RFC 1035 §2.3.4). Which error it is depends on the system and its network.
        let name = format!("{}.invalid", "a".repeat(64));
        assert!(SystemNames.look_up(name).await.is_err());
    }
}
