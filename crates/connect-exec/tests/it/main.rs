//! Workers as real processes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod check;
mod harness;
