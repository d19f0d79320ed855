//! The whole product: emulator, demo vendor, processor and peers together.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod bad_input;
mod callbacks;
mod crash;
mod files;
mod health;
mod journals;
mod key_rotation;
mod kill;
mod lifecycle;
mod migrations;
mod node;
mod one_request;
mod pass;
mod payloads;
mod program;
mod python;
mod questions;
mod renewals;
mod resume;
mod simulation;
mod template;
mod template_usage;
mod tier_accounts;
mod tiers;
mod ui;
mod usage;
mod vendor;
mod visits;
mod webhooks;
mod workers;
