//! Accounts, sessions, mails and what surrounds every request, over real HTTP with a real OPAQUE client.
//!
//! Every answer that the client here receives is checked for the marks of a genuine one (`client.rs`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod address;
#[allow(dead_code, reason = "shared with the tests of the registration, which use all of it")]
#[path = "../identity/applicant.rs"]
mod applicant;
mod client;
mod close;
mod closed;
mod frame;
mod passwords;
mod phones;
mod program;
mod reset_limits;
mod sessions;
mod sign_in;
mod sign_up;
mod smtp;
#[allow(dead_code, reason = "shared with the contract tests, which use all of it")]
#[path = "../contract/started.rs"]
mod started;
mod states;
#[allow(dead_code, reason = "shared with the tests of documents, which use all of it")]
#[path = "../documents/uploads.rs"]
mod uploads;
mod wire;
