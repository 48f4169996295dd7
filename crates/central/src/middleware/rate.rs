//! Rates per address and per account, in memory.
//!
//! The ceiling per address is high: behind a mobile carrier's NAT thousands of people share one. The one per account is
//! low, since one person has one hand. Tables of keys are bounded: those that have recovered are dropped every minute,
//! and at once when there are too many.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use uuid::Uuid;

use crate::config::Limits;
use crate::error::{ApiError, ApiResult};
use crate::state::Central;

/// Keys after which a table is cleaned at once.
const MANY: usize = 200_000;

/// The tables.
#[derive(Debug)]
pub struct RateLimits {
    address: Limiter<IpAddr>,
    account: Limiter<Uuid>,
    sink: Limiter<IpAddr>,
    operator: Limiter<String>,
}

impl RateLimits {
    /// Tables with the operator's ceilings.
    pub fn new(limits: &Limits) -> Self {
        Self {
            address: Limiter::new(limits.address_per_minute),
            account: Limiter::new(limits.account_per_minute),
            sink: Limiter::new(limits.sink_per_minute),
            operator: Limiter::new(limits.operator_per_minute),
        }
    }

    /// One request of an account.
    ///
    /// # Errors
    /// `rate-limited` with the wait.
    pub fn account(&self, person: Uuid) -> ApiResult<()> {
        self.account.check(person)
    }

    /// One upload test of an address.
    ///
    /// # Errors
    /// `rate-limited` with the wait.
    pub fn sink(&self, address: IpAddr) -> ApiResult<()> {
        self.sink.check(address)
    }

    /// One request of an operator.
    ///
    /// # Errors
    /// `rate-limited` with the wait.
    pub fn operator(&self, name: &str) -> ApiResult<()> {
        self.operator.check(name.to_owned())
    }

    /// Drops keys that have recovered.
    pub fn clean(&self) {
        self.address.clean();
        self.account.clean();
        self.sink.clean();
        self.operator.clean();
    }
}

/// Refuses an address that asks too often. The probe is outside: it costs nothing and everybody behind a NAT needs it.
pub(super) async fn per_address(State(central): State<Central>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let address = peer.map(|peer| client_address(peer, request.headers(), central.config.limits.trusted_hops));
    if let Some(address) = address {
        request.extensions_mut().insert(ClientAddress(address));
        if !request.uri().path().starts_with("/v1/health/")
            && let Err(refused) = central.rates.address.check(address)
        {
            return refused.into_response();
        }
    }
    next.run(request).await
}

/// The caller's address (IPv6: its /56), for limits only. Never logged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

/// The address that the outermost of our own proxies saw. `X-Forwarded-For` grows to the right, and only the last
/// `hops` entries were written by proxies that we trust; what is left of them anybody may have made up.
fn client_address(peer: IpAddr, headers: &HeaderMap, hops: usize) -> IpAddr {
    let listed: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|v| v.split(','))
        .collect();
    let believed = hops.checked_sub(1).and_then(|_| listed.len().checked_sub(hops)).and_then(|place| listed.get(place));
    let address = believed.and_then(|text| text.trim().parse().ok()).unwrap_or(peer);
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(|| home_of(v6), IpAddr::V4),
    }
}

/// A household gets a /56, so one person can have 2^72 addresses.
fn home_of(address: Ipv6Addr) -> IpAddr {
    IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 72)))
}

#[derive(Debug)]
struct Limiter<K: Hash + Eq + Clone>(DefaultKeyedRateLimiter<K>);

impl<K: Hash + Eq + Clone> Limiter<K> {
    fn new(per_minute: u32) -> Self {
        let per_minute = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
        Self(RateLimiter::keyed(Quota::per_minute(per_minute)))
    }

    fn check(&self, key: K) -> ApiResult<()> {
        if self.0.len() > MANY {
            self.clean();
        }
        self.0.check_key(&key).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now()).max(Duration::from_secs(1));
            ApiError::rate_limited(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX))
        })
    }

    fn clean(&self) {
        self.0.retain_recent();
        self.0.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str], hops: usize) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        client_address(peer.parse().unwrap(), &headers, hops).to_string()
    }

    #[test]
    fn only_entries_of_our_own_proxies_are_believed() {
        let cases = [
            ("192.0.2.1", &[][..], 0, "192.0.2.1"),
            ("192.0.2.1", &["203.0.113.9"][..], 0, "192.0.2.1"),
            ("192.0.2.1", &["203.0.113.9"][..], 1, "203.0.113.9"),
            // Made up by the client, then the true entry.
            ("192.0.2.1", &["198.51.100.1, 203.0.113.9"][..], 1, "203.0.113.9"),
            ("192.0.2.1", &["198.51.100.1", "203.0.113.9, 192.0.2.7"][..], 2, "203.0.113.9"),
            // Fewer entries than proxies, or nonsense: the peer.
            ("192.0.2.1", &["203.0.113.9"][..], 2, "192.0.2.1"),
            ("192.0.2.1", &["unknown"][..], 1, "192.0.2.1"),
            ("2001:db8:1:2ff:3:4:5:6", &[][..], 0, "2001:db8:1:200::"),
            ("::ffff:192.0.2.1", &[][..], 0, "192.0.2.1"),
        ];
        for (peer, forwarded, hops, expected) in cases {
            assert_eq!(seen(peer, forwarded, hops), expected, "{forwarded:?} {hops}");
        }
    }

    #[test]
    fn a_key_is_refused_beyond_its_rate_and_others_are_not() {
        let limiter = Limiter::new(2);
        assert!(limiter.check(1).is_ok());
        assert!(limiter.check(1).is_ok());
        assert!(limiter.check(1).is_err());
        assert!(limiter.check(2).is_ok());
    }
}
