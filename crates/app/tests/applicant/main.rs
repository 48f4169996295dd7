//! From the eligibility check to the result, without a window: offline, against a stub that loses answers, and against the
//! real central.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at the first surprise")]

#[path = "../support/mod.rs"]
mod support;

mod admission;
mod central;
mod declarations;
mod desk;
mod eligibility;
mod member;
mod opening;
mod photo;
mod profile;
mod registration;
mod selection;
mod steps;
mod stub;
mod test;
mod waves;
