//! What a vendor who writes handlers can rely on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod backoff;
mod callbacks;
mod check;
mod contradictions;
mod deadlines;
mod elsewhere;
mod endings;
mod exchanges;
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
mod restored;
mod retention;
mod revocations;
mod scripted;
mod slow;
mod sources;
mod step_names;
mod step_policies;
mod step_values;
mod steps;
mod time;
mod undo;
mod usage;
