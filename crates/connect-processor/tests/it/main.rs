//! What a vendor who writes handlers can rely on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod backoff;
mod outcomes;
mod pages;
mod stage;
mod steps;
