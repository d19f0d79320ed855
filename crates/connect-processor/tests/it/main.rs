//! What a vendor who writes handlers can rely on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod backoff;
mod callbacks;
mod contradictions;
mod deadlines;
mod elsewhere;
mod endings;
mod family;
mod harness;
mod health;
mod hints;
mod layers;
mod messages;
mod migrations;
mod outages;
mod outcomes;
mod pages;
mod pauses;
mod poison;
mod proof;
mod removed;
mod revocations;
mod scripted;
mod slow;
mod sources;
mod steps;
mod time;
mod usage;
