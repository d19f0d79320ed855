//! The demo vendor over real HTTP, as its callers see it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod control;
mod faults;
mod idempotency;
mod lifecycle;
mod logs;
mod talk;
mod tenants;
