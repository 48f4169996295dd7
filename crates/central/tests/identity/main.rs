//! The registration from the civil registry to the declarations, over real HTTP, with the sandboxes and with outside
//! parties that misbehave.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod account;
mod adapters;
mod applicant;
mod bad_input;
mod consents;
mod declarations;
mod face;
mod family;
mod frozen;
mod journey;
mod life;
mod limits;
mod matching;
mod missing;
mod moves;
mod office;
mod path;
mod phone;
mod reopen;
mod schemes;
mod secrecy;
#[allow(dead_code, reason = "shared with the contract tests, which use all of it")]
#[path = "../contract/started.rs"]
mod started;
mod steps;
mod stub;
#[allow(dead_code, reason = "shared with the tests of documents, which use all of it")]
#[path = "../documents/uploads.rs"]
mod uploads;
