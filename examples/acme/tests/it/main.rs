//! What the program makes of its settings, and what the handlers make of requests.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "what a test costs, and what it tried, is printed")]

mod crashes;
mod handlers;
mod program;
mod world;
