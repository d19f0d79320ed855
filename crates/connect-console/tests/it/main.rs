//! What a person is told of a run.
#![expect(clippy::unwrap_used, reason = "in the helpers of tests, too, a failure is a panic")]

mod explanations;
mod runs;
mod timelines;
