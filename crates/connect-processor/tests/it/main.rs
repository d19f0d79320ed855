//! What a vendor who writes handlers can rely on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod backoff;
mod callbacks;
mod check;
mod contradictions;
mod deadlines;
mod elsewhere;
mod endings;
mod family;
mod harness;
mod health;
mod hints;
mod messages;
mod migrations;
mod outcomes;
mod pages;
mod proof;
mod removed;
mod revocations;
mod scripted;
mod slow;
mod sources;
mod steps;
mod time;
mod usage;
