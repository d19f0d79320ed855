//! What a vendor's client makes of what vendors, and those between, answer.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod limits;
mod vendor;
