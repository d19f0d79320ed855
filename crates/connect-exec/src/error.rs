//! Workers that cannot be started, or are gone.

use std::io;

use crate::last_words::LastWords;

/// A worker that is gone, and why.
#[derive(Clone, Debug, thiserror::Error)]
#[error("worker {number} is gone: {why}")]
pub struct Gone {
    pub(crate) number: u64,
    pub(crate) why: String,
}

/// A reason for which a worker cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Nothing says where handlers are.
    #[error(
        "nothing says where the handlers are: name a program with --exec, or a project of CloudBlue's template with --template"
    )]
    NoHandlers,
    /// What a template's project needs cannot be laid out.
    #[error(
        "what the Python of a template's project needs cannot be written to the folder for temporary files"
    )]
    Package {
        /// The system's error.
        source: io::Error,
    },
    /// The program cannot be run.
    #[error("`{program}`, which --exec or --python names, cannot be run; is it on the PATH?")]
    Program {
        /// The program.
        program: String,
        /// The system's error.
        source: io::Error,
    },
    /// It ended, or said something that is none of the protocol's messages.
    #[error("the program that --exec or --template names could not be used: {gone}; {words}")]
    Gone {
        /// Which worker is gone, and why.
        gone: Gone,
        /// What it printed last.
        words: LastWords,
    },
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
