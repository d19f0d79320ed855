//! The demo vendor as its callers see it: over HTTP, and without a socket.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod control;
mod faults;
mod idempotency;
mod in_process;
mod lifecycle;
mod logs;
mod preparing;
mod talk;
mod tenants;
