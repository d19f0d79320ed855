//! The arguments of `cnct run`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use connect_journal::RunState;

#[derive(Subcommand)]
pub(crate) enum RunCommand {
    /// List the runs of a journal
    List(ListRuns),
    /// Show one run: its steps, and all that happened to it
    Show {
        #[command(flatten)]
        journal: JournalFile,
        /// The run: the id of its request
        run: String,
    },
    /// Let a parked or dead run go on, or bring a waiting one forward
    ///
    /// A step that must not be repeated and may have happened is then allowed to act again: check
    /// with the vendor first.
    Revive {
        #[command(flatten)]
        journal: JournalFile,
        /// The run: the id of its request
        run: String,
    },
}

#[derive(Args)]
pub(crate) struct ListRuns {
    #[command(flatten)]
    pub(crate) journal: JournalFile,
    /// Only in this state
    #[arg(long, value_name = "STATE", value_parser = state)]
    pub(crate) state: Option<RunState>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
}

#[derive(Args)]
pub(crate) struct JournalFile {
    /// The processor's journal; it may be running
    #[arg(long = "journal", value_name = "FILE")]
    pub(crate) path: PathBuf,
}

fn state(word: &str) -> Result<RunState, String> {
    word.parse().map_err(|error: connect_journal::UnknownState| error.to_string())
}
