//! The emulator as its users see it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod rest;
mod store;
mod ui;
mod world;
