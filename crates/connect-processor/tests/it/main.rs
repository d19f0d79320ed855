//! What a vendor who writes handlers can rely on.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod backoff;
mod outcomes;
mod stage;
mod steps;
