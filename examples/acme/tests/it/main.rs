//! What the program makes of its settings.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;
