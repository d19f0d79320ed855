//! The arguments of `cnct run`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use connect_journal::RunState;
use connect_model::{BadId, ProductId};
use connect_processor::{BadVendorName, Scope};

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
    /// Let parked or dead runs go on, or bring waiting ones forward
    ///
    /// A step that must not be repeated and may have happened is then allowed to act again: check
    /// with the vendor first. So runs that ask about a step are only revived by name.
    Revive(ReviveRuns),
    /// Have the processors leave runs alone until they are revived
    Park(ParkRuns),
    /// Have the processors of a journal begin nothing more; what is under way ends
    ///
    /// It holds until somebody resumes, also for processors that are started later.
    Pause(PausedPart),
    /// Let what is paused go on; without a vendor or product, everything
    Resume(PausedPart),
    /// Pause everything, and have the processors that run now end once nothing of theirs is under way
    Drain {
        #[command(flatten)]
        journal: JournalFile,
    },
    /// List what is paused, and by whom
    Paused {
        #[command(flatten)]
        journal: JournalFile,
    },
}

#[derive(Args)]
pub(crate) struct PausedPart {
    #[command(flatten)]
    pub(crate) journal: JournalFile,
    /// Only what is done for the products of this vendor, by the name it is logged by
    #[arg(
        long, value_name = "NAME", conflicts_with = "product",
        value_parser = vendor,
    )]
    pub(crate) vendor: Option<String>,
    /// Only what is done for this product
    #[arg(long, value_name = "ID", value_parser = product)]
    pub(crate) product: Option<ProductId>,
}

/// Reads the name of a vendor.
fn vendor(name: &str) -> Result<String, BadVendorName> {
    Scope::vendor(name).map(|_| name.to_owned())
}

/// Reads the id of a product: whoever pauses something else by mistake has to hear of it.
fn product(id: &str) -> Result<ProductId, BadId> {
    id.parse()
}

impl PausedPart {
    pub(crate) fn scope(self) -> (JournalFile, Scope) {
        let Self { journal, vendor, product } = self;
        let vendor = vendor.map(Scope::Vendor);
        let scope = vendor.or(product.map(Scope::Product)).unwrap_or(Scope::Everything);
        (journal, scope)
    }
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
pub(crate) struct ReviveRuns {
    #[command(flatten)]
    pub(crate) journal: JournalFile,
    /// The runs: the ids of their requests
    #[arg(value_name = "RUN", required_unless_present = "state", conflicts_with = "state")]
    pub(crate) runs: Vec<String>,
    /// All runs in this state instead: parked, dead or waiting
    #[arg(long, value_name = "STATE", value_parser = revivable)]
    pub(crate) state: Option<ListedState>,
    /// With --state: at most so many, the newest
    #[arg(long, value_name = "N", requires = "state")]
    pub(crate) limit: Option<usize>,
    /// Say which runs these are, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args)]
pub(crate) struct ParkRuns {
    #[command(flatten)]
    pub(crate) journal: JournalFile,
    /// The runs: the ids of their requests
    #[arg(value_name = "RUN", required = true)]
    pub(crate) runs: Vec<String>,
    /// Say in the journal that you decide the requests in Connect yourself
    #[arg(long)]
    pub(crate) by_hand: bool,
}

#[derive(Args, Clone)]
pub(crate) struct JournalFile {
    /// The processor's journal; it may be running [default: the one that the ready file of `up`
    /// names]
    #[arg(long = "journal", value_name = "FILE", conflicts_with = "settings")]
    pub(crate) path: Option<PathBuf>,
    /// The journals of all accounts that this settings file of a program has
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// With --settings: the journal of this account alone
    #[arg(long = "account", value_name = "NAME", requires = "settings")]
    pub(crate) only: Option<String>,
}

/// A state as runs are listed: `waiting` is ready, with a due time ahead.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct ListedState {
    pub(crate) state: RunState,
    /// Whether its due time lies ahead; `None` where that is no matter.
    pub(crate) waits: Option<bool>,
}

fn revivable(word: &str) -> Result<ListedState, String> {
    match word {
        "parked" | "dead" | "waiting" => state(word),
        _ => Err(format!("runs that are `{word}` cannot be revived; use parked, dead or waiting")),
    }
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
