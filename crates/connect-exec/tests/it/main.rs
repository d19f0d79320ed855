//! Workers as real processes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bad_workers;
mod check;
mod company;
mod harness;
mod not_started;
mod questions;
mod reports;
