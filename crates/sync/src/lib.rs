//! Outbox to central, feed to store.
//!
//! One room for everything that crosses the network after the connection check: the HTTP client with its rule of what
//! counts as an answer ([`http`]), the one place where failures are named ([`failure`]), the pure decision maker
//! ([`core`]), the thin task that carries its decisions out ([`executor`]) and the account requests ([`account`]).
//!
//! Rules that everything here keeps (`sync.md` §0): a command leaves the outbox only by a genuine answer that names its
//! id; after every failure a wake-up is scheduled; what is unknown is tried again. There is no retry middleware: the
//! outbox owns retries.
//!
//! ```no_run
//! # async fn run(store: prakerja_store::Store, device: uuid::Uuid) -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//! use prakerja_sync::{clock::ServerClock, executor::{self, SyncConfig}, http::{Http, HttpConfig}};
//!
//! let clock = Arc::new(ServerClock::default());
//! let http = Http::new(HttpConfig::new("https://api.example.org", device, "app/0.1.0 (linux; schema=1)"), clock)?;
//! let sync = executor::start(http, store.clone(), SyncConfig::default());
//! let accounts = sync.accounts();          // sign-up, sign-in, sessions
//! // store.enqueue(…) and then:
//! sync.poke();                             // something is in the outbox
//! let mut view = sync.subscribe();         // present status, its changes, and what to read again
//! # Ok(()) }
//! ```

pub mod account;
pub mod clock;
pub mod core;
pub mod executor;
pub mod failpoint;
pub mod failure;
pub mod http;
mod receipts;
mod refresh;
pub mod selection;
