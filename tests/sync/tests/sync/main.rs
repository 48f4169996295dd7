//! The client's store and exchange against the real central, through a network that is broken on purpose. Waiting is
//! always for a condition, with a deadline; spans of the back-off are short.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod accounts;
mod closing;
mod crashes;
mod delivery;
mod network;
mod person;
mod restore;
mod rush;
mod sessions;
mod unanswered;
mod uploads;
