//! What the store promises, operation by operation, through its public face.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, also in what tests share")]

mod accounts;
mod catalogue;
mod crash;
mod drafts;
mod feed;
#[cfg(target_os = "linux")]
mod full_disk;
mod outbox;
mod refusals;
mod results;
mod secrecy;
mod sending;
mod small;
mod support;
mod uploads;
mod vault;
mod view;
