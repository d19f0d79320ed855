//! The arguments of `cnct journal`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub(crate) enum JournalCommand {
    /// Write a backup of a journal, which may be at work
    Backup {
        /// The processor's journal
        #[arg(value_name = "JOURNAL")]
        file: PathBuf,
        /// The backup to write; nothing is overwritten
        destination: PathBuf,
    },
    /// Make a journal of a backup
    ///
    /// What was done after the backup was taken, the journal does not know. So a processor asks the
    /// vendor about each step of a request from before, and leaves steps that must not be repeated to
    /// a person.
    Restore {
        /// The backup, or any other whole copy of a journal
        backup: PathBuf,
        /// The journal to make; nothing is overwritten
        destination: PathBuf,
    },
    /// Erase what a journal knows of a customer: payloads, values of steps, reasons
    ///
    /// That the runs were there stays: their ids, states, names of steps, when, and by whom erased.
    /// All of them have to be done or dead.
    Erase(EraseRuns),
}

#[derive(Args)]
pub(crate) struct EraseRuns {
    /// The processor's journal; it may be running
    #[arg(value_name = "JOURNAL")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) whose: Whose,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Whose {
    /// All runs of this subscription, or other object that requests change
    #[arg(long, value_name = "AS")]
    pub(crate) asset: Option<String>,
    /// The run of this request
    #[arg(long, value_name = "PR")]
    pub(crate) request: Option<String>,
}
