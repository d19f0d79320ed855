//! Workers that cannot be started.

use std::io;

use crate::worker::Gone;

/// A reason for which a worker cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The program cannot be run.
    #[error("`{program}`, which --exec names, cannot be run; is it on the PATH?")]
    Program {
        /// The program.
        program: String,
        /// The system's error.
        source: io::Error,
    },
    /// It ended, or said something that is none of the protocol's messages.
    #[error("the program that --exec names could not be used: {0}; its own words are in the log")]
    Gone(#[from] Gone),
    /// It said of itself what it must not.
    #[error("worker {number} answered `initialize` wrongly: {why}")]
    Hello {
        /// The worker.
        number: u64,
        /// What is wrong.
        why: String,
    },
    /// It handles something else than the first one.
    #[error(
        "worker {number} handles something else than the first one: was its program changed? Restart"
    )]
    Other {
        /// The worker.
        number: u64,
    },
}
