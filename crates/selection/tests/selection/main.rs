//! The selection through its public door: properties, tampering, fairness, formats, and a second implementation.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod fixture;
mod formats;
mod properties;
mod python;
mod refused;
mod tampering;
mod uniformity;
mod voided;
