//! What a vendor who tests handlers can rely on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod certificates;
mod harness;
mod oracle;
mod planted;
mod planted_parts;
mod worlds;
