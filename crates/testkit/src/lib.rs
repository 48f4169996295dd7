//! What tests need around the real programs: a network that can be broken on purpose, certificates that can be wrong,
//! a clock that can be set.
//!
//! Everything here is real (sockets, TLS, processes); nothing is a mock of our own code. It is a dev-dependency and
//! never part of what people install. The one binary, `fault-proxy`, gives the journeys through the real window the
//! same broken networks.

#[cfg(feature = "central")]
pub mod central;
pub mod clock;
pub mod fault_proxy;
pub mod tls;
