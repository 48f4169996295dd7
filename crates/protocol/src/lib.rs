//! What app and central say to each other: serde types, problem codes, limits.
//!
//! Both sides meet here and nowhere else. Every type on the wire has a snapshot in `tests/`; the words around
//! them (who may repeat what, and when) are in `docs/protocol.md`. There is no I/O in this crate.

pub mod account;
pub mod application;
pub mod catalogue;
pub mod header;
pub mod limits;
pub mod password;
pub mod probe;
pub mod problem;
pub mod receipt;
pub mod registration;
pub mod sealed;
pub mod seen;
pub mod sync;
pub mod upload;

/// The mark that every genuine answer carries in the `X-Api` header and in the `api` member of its body.
pub const API_MARK: &str = "programme/1";
