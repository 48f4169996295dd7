//! Waves from joining to the appointment, and the office behind them, over real HTTP.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod address;
mod applicant;
mod applying;
mod audit;
mod close;
mod crashes;
mod draw;
mod files;
mod joining;
mod late;
mod membership;
mod office;
mod public_draw;
mod results;
mod roles;
mod sandbox;
mod schemes;
#[allow(dead_code, reason = "shared with the contract tests, which use all of it")]
#[path = "../contract/started.rs"]
mod started;
mod states;
mod terminal;
mod void;
mod wave_secrets;
mod whitelist;
