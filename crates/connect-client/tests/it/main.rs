//! The client against a platform that follows a script.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod calls;
mod endpoints;
mod failures;
mod in_process;
mod keys;
mod lists;
mod platform;
mod secrets;
mod server;
mod settle;
mod wire;
