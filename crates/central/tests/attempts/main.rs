//! The one attempt at the test, when something outside of it changes: the connection, the account, or
//! how many others wait for their result.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[allow(dead_code, reason = "shared with the tests of the waves, which use all of it")]
#[path = "../waves/applicant.rs"]
mod applicant;
mod backlog;
mod blocked;
mod late;
#[allow(dead_code, reason = "shared with the tests of the registration, which use all of it")]
#[path = "../identity/applicant.rs"]
mod registrant;
mod seat;
#[allow(dead_code, reason = "shared with the contract tests, which use all of it")]
#[path = "../contract/started.rs"]
mod started;
