//! Accounts, sessions, mails and what surrounds every request, over real HTTP with a real OPAQUE client.
//!
//! Every answer that the client here receives is checked for the marks of a genuine one (`client.rs`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod client;
mod frame;
mod program;
mod sessions;
mod sign_in;
mod sign_up;
mod smtp;
mod states;
mod wire;
