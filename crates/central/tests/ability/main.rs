//! The motivation and basic ability test over real HTTP: who may sit it, what counts, when it ends and what comes of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod answers;
#[allow(dead_code, reason = "shared with the tests of the waves, which use all of it")]
#[path = "../waves/applicant.rs"]
mod applicant;
mod bank;
mod crashes;
mod ending;
#[path = "../identity/journey.rs"]
mod journey;
mod late;
mod one_attempt;
mod own_bank;
mod paper;
#[allow(dead_code, reason = "shared with the tests of the registration, which use all of it")]
#[path = "../identity/applicant.rs"]
mod registrant;
mod results;
mod sitting;
#[allow(dead_code, reason = "shared with the contract tests, which use all of it")]
#[path = "../contract/started.rs"]
mod started;
mod states;
mod strangers;
mod unsaid;
