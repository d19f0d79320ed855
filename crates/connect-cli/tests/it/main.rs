//! The real binary, as its users see it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod billing;
mod cnct;
mod crash_test;
mod demo;
mod docs;
mod endings;
mod fake;
mod faults;
mod handlers;
mod hostile;
mod journals;
mod kept;
mod products;
mod ready;
mod requests;
mod runs;
mod serving;
mod settings;
mod tier_accounts;
mod tiers;
mod tolerance;
mod usage;
mod webhooks;
mod world;
