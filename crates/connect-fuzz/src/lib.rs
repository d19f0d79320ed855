//! What holds of any input, for fuzzing.
//!
//! Each module is the body of one libFuzzer target in `fuzz/`, which is no part of the workspace: its
//! `check` panics when the input breaks a promise. The tests call the same functions with the inputs that
//! are kept in `fuzz/corpus`, so they run without libFuzzer.

pub mod bodies;
pub mod rql;
pub mod xlsx;

/// The body of a target: panics when the input breaks a promise.
pub type Check = fn(&[u8]);

/// The targets: the name of each, and its body.
pub const TARGETS: [(&str, Check); 3] =
    [("rql", rql::check), ("bodies", bodies::check), ("xlsx", xlsx::check)];
