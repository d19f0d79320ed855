//! The answers of vendors, and of those between, as a vendor's client takes them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod limits;
mod vendor;
