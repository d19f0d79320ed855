//! The arguments of `cnct run`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use connect_journal::RunState;

#[derive(Subcommand)]
pub(crate) enum RunCommand {
    /// List the runs of a journal, newest first
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
    pub(crate) state: Option<ListedState>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
}

#[derive(Args)]
pub(crate) struct JournalFile {
    /// The processor's journal; it may be running [default: the one that the ready file of `up`
    /// names]
    #[arg(long = "journal", value_name = "FILE")]
    pub(crate) path: Option<PathBuf>,
}

/// A state as runs are listed: `waiting` is ready, with a due time ahead.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct ListedState {
    pub(crate) state: RunState,
    /// Whether its due time lies ahead; `None` where that is no matter.
    pub(crate) waits: Option<bool>,
}

fn state(word: &str) -> Result<ListedState, String> {
    let listed = |state, waits| Ok(ListedState { state, waits });
    match word {
        "waiting" => listed(RunState::Ready, Some(true)),
        "ready" => listed(RunState::Ready, Some(false)),
        _ => match word.parse() {
            Ok(state) => listed(state, None),
            Err(_) => Err(format!(
                "`{word}` is no state of a run; use ready, waiting, running, idle, parked, done or \
                 dead"
            )),
        },
    }
}
