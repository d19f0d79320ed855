//! Servers as their callers see them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod secure;
mod stopping;
mod strangers;
