//! The model as its users observe it, one module per subject.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod lifecycle;
mod maimed;
mod rql;
mod wire;
